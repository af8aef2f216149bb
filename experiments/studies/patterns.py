"""What a district is known to show, measured in the model beside a bare queue."""

import dataclasses
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from experiments.blocks import Block, Table
from experiments.charts.patterns import Runs, patterns_page
from experiments.design.patterns import Band, Check, Pattern, PatternOptions
from experiments.formatting import SHARE, Quantity, mean_text, number, plus_minus, scale, share_of_worlds, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, StudyResults, csv_table
from experiments.messages import current_language, msg, runs_text
from experiments.runner.worker import Reduction
from experiments.stats import Interval, mean_interval
from experiments.stats.arms import MEASURES, Arms
from experiments.stats.case_patterns import PatternReduction
from experiments.stats.ensemble import MAJORITY
from experiments.stats.intervals import UNDEFINED

Verdict = Literal["pass", "fail", "not identified"]


def label_of(options: PatternOptions, pattern: Pattern, arm: str, null: bool) -> str:
    """Return the label of an arm's scenario, in the bare queue or not: alike for all arms that are the same."""
    words = [
        f"{key}={value if isinstance(value, str | int | float) else json.dumps(value, sort_keys=True)}"
        for key, value in sorted(pattern.arms[arm].items())
    ]
    return " ".join([options.regime_of(pattern, null), *words])


def lay_out(asked: Asked[PatternOptions]) -> Layout:
    """Lay out the study."""
    options, variants, with_cases = asked.options, dict[str, tuple[str, str, dict[str, Any]]](), set[str]()
    for null, pattern in itertools.product((False, True) if options.null else (False,), options.patterns):
        for arm, settings in pattern.arms.items() if pattern.checks or not null else ():
            label = label_of(options, pattern, arm, null)
            variants.setdefault(label, (label, options.regime_of(pattern, null), settings))
            with_cases |= {label} if pattern.needs_cases else set()
    (bases,) = asked.checked(lambda: asked.bases(list(variants.values())), problems=_problems(asked))
    plan = asked.plan(bases, series=True)
    # the cases of a run are kept only where something is made of them
    cases = [label in with_cases for label in variants]
    tasks = [dataclasses.replace(task, series=cases[task.base]) for task in plan.tasks()]
    return Layout(plan, Reduction(PatternReduction.of, cases=True), tasks)


def _problems(asked: Asked[PatternOptions]) -> Iterator[str]:
    study, places = asked.study, asked.places
    if study.parameters:
        yield f"{places('parameters')}expected none, because patterns vary only their arms. Use experiment: sweep."
    if study.outcomes:
        yield f"{places('outcomes')}expected none here, because patterns need all outcomes."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more, because a verdict needs an interval."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Arms are compared on the same random seeds."


@dataclasses.dataclass(frozen=True)
class Checked:
    """A check with what was measured.

    Attributes:
        value, null: Mean and 95 % interval over replicates, in the measure's unit; `null` in the bare queue.
        verdict, null_verdict: Whether it lies in the band.
    """

    check: Check
    value: Interval
    null: Interval
    verdict: Verdict
    null_verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        return {
            "measure": self.check.measure, "outcome": self.check.outcome, "unit": self.check.unit,
            "title": self.check.title.model_dump(), **self.value.as_json("value"), "band": list(self.check.band),
            "verdict": self.verdict, "null_value": self.null.mean, "null_verdict": self.null_verdict,
        }  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Finding:
    """A pattern with what was found.

    Attributes:
        verdict, null_verdict: Pass where every check passes, fail where one fails; None where the bare queue was left
            out.
        share: Of the plausible worlds that show it, on the mean of their seeds; None where there is one.
        credit: Whether it speaks for the model: it holds, in most worlds, was neither put in nor fitted, and a bare
            queue lacks it.
    """

    pattern: Pattern
    checked: Sequence[Checked]
    verdict: Verdict
    null_verdict: Verdict | None
    credit: bool
    share: float | None = None

    def as_json(self) -> dict[str, Any]:
        first = self.checked[0]
        return {
            "id": self.pattern.id, **first.value.as_json("value"), "band": list(first.check.band),
            "verdict": self.verdict, "title": self.pattern.title.model_dump(), "role": self.pattern.role,
            "credit": self.credit, "null_verdict": self.null_verdict,
            "share": self.share, "checks": [each.as_json() for each in self.checked],
        }  # fmt: skip


def find(runs: Runs, share: float | None = None) -> Finding:
    """Hold what was measured of a pattern against its bands; `share` of the worlds show it, where there are any."""
    pattern, checked = runs.pattern, list[Checked]()
    for check in pattern.checks:
        measure = MEASURES[check.measure]
        value, null = (
            UNDEFINED if arms is None else mean_interval(measure(arms, check)) for arms in (runs.own, runs.null)
        )
        checked.append(Checked(check, value, null, verdict_of(value, check.band), verdict_of(null, check.band)))
    verdict = _together([each.verdict for each in checked])
    bare = None if runs.null is None else _together([each.null_verdict for each in checked])
    seen = verdict == "pass" and (share is None or share > MAJORITY)
    credit = seen and pattern.role == "evidence" and bare not in (None, "pass")
    return Finding(pattern, checked, verdict, bare, credit, share)


def share_of_worlds_that_show(pattern: Pattern, arms: Arms, worlds: Sequence[int]) -> float | None:
    """Return the share of worlds in which every check of a pattern lies in its band, on the mean of the world's seeds.

    `worlds` tell which world each replicate is of; None without any.
    """
    if not worlds:
        return None
    shown = []
    for world in sorted(set(worlds)):
        own = arms.of([place for place, each in enumerate(worlds) if each == world])
        values = [float(np.mean(MEASURES[check.measure](own, check))) for check in pattern.checks]
        shown.append(all(_within(value, check.band) for value, check in zip(values, pattern.checks, strict=True)))
    return sum(shown) / len(shown)


def _within(value: float, band: Band) -> bool:
    low, high = band
    return (low is None or value >= low) and (high is None or value <= high) and math.isfinite(value)


def verdict_of(value: Interval, band: Band) -> Verdict:
    """Hold an interval against a band; without an interval nothing is identified.

    A band that is open on one side is about a sign or a bound, which the interval must clear.
    """
    if value.low is None or value.high is None:
        return "not identified"
    low, high = band
    if low is not None and high is not None:
        inside, outside = low <= value.low and value.high <= high, value.high < low or value.low > high
    elif low is not None:
        inside, outside = value.low > low, value.high <= low
    else:
        assert high is not None  # the form wants a bound
        inside, outside = value.high < high, value.low >= high
    return "pass" if inside else "fail" if outside else "not identified"


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    """Pass where all do, fail where one does."""
    return "fail" if "fail" in verdicts else "pass" if set(verdicts) == {"pass"} else "not identified"


class PatternsResults(StudyResults[PatternOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, PatternOptions)
        outcomes, series = {name: opened.values(name)[0] for name in opened.outcomes}, opened.arrays_by_run()
        self.replicates = next(iter(outcomes.values())).shape[1]

        def arms(pattern: Pattern, null: bool) -> Arms:
            at = {arm: opened.labels.index(label_of(self.options, pattern, arm, null)) for arm in pattern.arms}
            return Arms(
                list(at),
                {arm: {name: values[place] for name, values in outcomes.items()} for arm, place in at.items()},
                {arm: [series.get((place, each)) for each in range(self.replicates)] for arm, place in at.items()},
            )

        self.runs = [
            Runs(each, arms(each, False), arms(each, True) if self.options.null and each.checks else None)
            for each in self.options.patterns
        ]
        worlds = opened.world_of(range(self.replicates))
        self.findings = [
            find(each, share_of_worlds_that_show(each.pattern, each.own, worlds))
            for each in self.runs if each.pattern.checks
        ]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        found = [finding.as_json() for finding in self.findings]
        worlds = {"worlds": len(self.opened.worlds)} if self.opened.worlds else {}
        return {"study": self.folder, "pairs": self.replicates, **worlds, "patterns": found}

    def blocks(self) -> Iterable[Block | str]:
        yield self._table()
        verdicts: list[str] = [finding.verdict for finding in self.findings]
        yield msg("patterns_says_count", total=len(verdicts), runs=runs_text(self.replicates),
                  passed=verdicts.count("pass"), failed=verdicts.count("fail"),
                  unclear=verdicts.count("not identified"))  # fmt: skip
        credit = [finding.pattern.id for finding in self.findings if finding.credit]
        if credit:
            yield msg("patterns_says_credit", credit=len(credit), ids=", ".join(credit))
        elif any(finding.null_verdict for finding in self.findings):
            yield msg("patterns_says_no_credit")
        for finding in self.findings:
            for each in finding.checked:
                if each.verdict != "pass":
                    yield msg(f"patterns_says_{'fail' if each.verdict == 'fail' else 'unclear'}", value=_value(each),
                              id=finding.pattern.id, measured=_title(each.check), band=_band(each))  # fmt: skip
        yield msg("patterns_says_rule")
        yield msg("evaluation_no_forecast")

    def _table(self) -> Table:
        """Return all checks, pattern by pattern."""
        over = ("worlds",) if self.opened.worlds else ()
        columns, rows = ("pattern", "measured", "value", "band", "verdict", *over, "null", "credit"), []
        for finding in self.findings:
            name, role, credit = f"{finding.pattern.id} {_title(finding.pattern)}", finding.pattern.role, "unknown"
            if role != "evidence":
                credit = role
            elif finding.verdict == "pass" and finding.null_verdict is not None:
                credit = "yes" if finding.credit else "evidence"
            first = (name, msg(f"patterns_{credit}"))
            for each in finding.checked:
                null = mean_text(each.null, _shown(each), sign=each.check.unit == "points")
                share = (share_of_worlds(finding.share) if first[0] else "",) if over else ()
                rows.append((
                    first[0], _title(each.check), _value(each), _band(each), msg(f"patterns_{each.verdict}"), *share,
                    msg("patterns_unknown") if each.null.mean is None else null, first[1],
                ))  # fmt: skip
                first = ("", "")
        header = tuple(msg(f"patterns_{key}") for key in columns)
        return Table(header, tuple(rows), msg("patterns_title"), words=len(columns))

    def tables(self) -> Mapping[str, CsvTable]:
        ends = "ci_low ci_high band_low band_high verdict"
        header = f"id measure outcome unit value {ends} null_value null_verdict role credit share"
        rows = (
            [found.pattern.id, each.check.measure, each.check.outcome, each.check.unit, each.value, *each.check.band,
             each.verdict, each.null.mean, each.null_verdict, found.pattern.role, found.credit, found.share]
            for found in self.findings for each in found.checked
        )  # fmt: skip
        return {"patterns": csv_table(header, rows)}

    def charts(self) -> Iterator[Chart]:
        yield Chart("patterns", partial(patterns_page, self.runs, self.replicates))


def _title(named: Pattern | Check) -> str:
    return str(getattr(named.title, current_language()))


def _shown(checked: Checked) -> Quantity:
    """Return the unit in which a check is shown; a change of a share is shown in points."""
    return SHARE if checked.check.unit == "points" else Quantity(checked.check.unit)


def _value(checked: Checked) -> str:
    measured, points = _shown(checked), checked.check.unit == "points"
    value = plus_minus(checked.value, measured, sign=points)
    return value if checked.check.unit == "1" else f"{value} {unit(measured, difference=points)}"


def _band(checked: Checked) -> str:
    """Return the band in the unit that is shown."""
    band, measured = checked.check.band, _shown(checked)
    sizes = [bound * scale(measured) for bound in band if bound is not None]
    digits = 0 if all(abs(size - round(size)) < 1e-9 for size in sizes) else 1  # of whole numbers but for rounding
    low, high = (None if bound is None else number(bound, measured, digits) for bound in band)
    if low is None:
        return msg("patterns_at_most", high=high)
    return msg("patterns_at_least", low=low) if high is None else msg("patterns_between", low=low, high=high)


KIND = Kind(PatternOptions, lay_out, PatternsResults, seeds_a_world=1)
