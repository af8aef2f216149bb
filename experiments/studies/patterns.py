"""What a district is known to show, measured in the model beside a bare queue."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from experiments.blocks import Block, Table
from experiments.charts.patterns import Runs, patterns_page
from experiments.design.patterns import Band, Check, Pattern, PatternOptions
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import decimals, number, plus_minus, scale, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import current_language, msg, runs_text
from experiments.runner.agenda import Agenda
from experiments.runner.worker import Reduction
from experiments.stats import Interval, mean_interval
from experiments.stats.arms import MEASURES, Arms
from experiments.stats.case_patterns import PatternReduction
from experiments.stats.intervals import UNDEFINED
from experiments.store.opened import OpenStudy

FEWEST = 2
"""Replicates without which there is no interval."""

ROUNDING = 1e-9
"""A hundred times a share may miss a whole number by this much."""

Verdict = Literal["pass", "fail", "not identified"]


Arm = tuple[Pattern, str, bool]
"""A pattern, the name of one of its arms, and whether it is looked at in the bare queue."""


def _arms(options: PatternOptions) -> Iterator[Arm]:
    for null in (False, True) if options.null else (False,):
        for pattern in options.patterns:
            if not (null and pattern.role == "shown"):
                yield from ((pattern, name, null) for name in pattern.arms)


def _label(options: PatternOptions, arm: Arm) -> str:
    """Return the label of an arm's base scenario: alike for all arms that are the same."""
    pattern, name, null = arm
    words = [
        f"{key}={value if isinstance(value, str | int | float) else json.dumps(value, sort_keys=True)}"
        for key, value in sorted(pattern.arms[name].items())
    ]
    return " ".join([options.regime_of(pattern, null), *words])


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    with_series, options = study.model_copy(update={"series": True}), PatternOptions(**study.analysis)
    variants, with_cases = dict[str, tuple[str, str, dict[str, Any]]](), set[str]()
    for pattern, name, null in _arms(options):
        label = _label(options, (pattern, name, null))
        variants.setdefault(label, (label, options.regime_of(pattern, null), pattern.arms[name]))
        with_cases |= {label} if pattern.needs_cases else set()
    bases, *_ = collect_errors(
        lambda: bases_of(with_series, list(variants.values()), places), lambda: raise_if_any(_problems(study, places))
    )
    plan = make_plan(with_series, bases, places=places)
    # the cases of a run are kept only where something is made of them
    cases = [label in with_cases for label in variants]
    tasks = [dataclasses.replace(task, series=cases[task.base]) for task in plan.tasks()]
    reduction = Reduction(PatternReduction.of(bases[0].scenario), cases=True)
    return Layout(plan, lambda _: Agenda(plan.points, tasks), reduction)


def _problems(study: StudyFile, places: Places) -> Iterator[str]:
    if study.parameters:
        yield f"{places('parameters')}expected none, because patterns vary only their arms. Use experiment: sweep."
    if study.outcomes:
        yield f"{places('outcomes')}expected none here, because patterns need all outcomes."
    if study.replicates.fixed is None or study.replicates.fixed < FEWEST:
        yield f"{places('replicates')}expected fixed: {FEWEST} or more, because a verdict needs an interval."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Arms are compared on the same luck."


@dataclasses.dataclass(frozen=True)
class Checked:
    """A check with what was measured.

    Attributes:
        value, null: Mean and 95 % interval over replicates, in the measure's unit; `null` in the bare queue.
    """

    check: Check
    value: Interval
    null: Interval

    @property
    def verdict(self) -> Verdict:
        """Whether the interval lies in the band, outside, or across an edge."""
        return verdict_of(self.value, self.check.band)

    @property
    def null_verdict(self) -> Verdict:
        """The same in the bare queue."""
        return verdict_of(self.null, self.check.band)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "measure": self.check.measure, "outcome": self.check.outcome, "unit": self.check.unit,
            "title": self.check.title.model_dump(), **self.value.as_json("value"), "band": list(self.check.band),
            "verdict": self.verdict, "null_value": self.null.mean, "null_verdict": self.null_verdict,
        }  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Finding:
    """A pattern with what was found; `bare` says whether it was looked at in a bare queue as well."""

    pattern: Pattern
    checked: Sequence[Checked]
    bare: bool

    @property
    def verdict(self) -> Verdict:
        """Pass where every check passes, fail where one fails."""
        return _together([each.verdict for each in self.checked])

    @property
    def null_verdict(self) -> Verdict | None:
        """The same in the bare queue; None where it was left out."""
        return _together([each.null_verdict for each in self.checked]) if self.bare else None

    @property
    def credit(self) -> bool:
        """Whether it speaks for the model: it holds, was neither put in nor fitted, and a bare queue lacks it."""
        return self.verdict == "pass" and self.pattern.role == "evidence" and self.null_verdict not in (None, "pass")

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`."""
        first = self.checked[0]
        return {
            "id": self.pattern.id, **first.value.as_json("value"), "band": list(first.check.band),
            "verdict": self.verdict, "title": self.pattern.title.model_dump(), "role": self.pattern.role,
            "credit": self.credit, "null_verdict": self.null_verdict,
            "checks": [each.as_json() for each in self.checked],
        }  # fmt: skip

    def rows(self) -> Iterator[list[Any]]:
        """Yield a line of the CSV table for each check."""
        for each in self.checked:
            yield [
                self.pattern.id, each.check.measure, each.check.outcome, each.check.unit,
                *dataclasses.astuple(each.value), *each.check.band, each.verdict, each.null.mean, each.null_verdict,
                self.pattern.role, self.credit,
            ]  # fmt: skip


def find(runs: Runs) -> Finding:
    """Measure a pattern's checks and hold them against their bands."""
    checked = []
    for check in runs.pattern.checks:
        measure = MEASURES[check.measure].of
        null = UNDEFINED if runs.null is None else mean_interval(measure(runs.null, check))
        checked.append(Checked(check, mean_interval(measure(runs.own, check)), null))
    return Finding(runs.pattern, checked, runs.null is not None)


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
    if "fail" in verdicts:
        return "fail"
    return "pass" if all(each == "pass" for each in verdicts) else "not identified"


class PatternsResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.folder = opened.folder
        options = PatternOptions(**opened.study.analysis)
        labels = list(dict.fromkeys(_label(options, arm) for arm in _arms(options)))
        outcomes, series = {name: opened.values(name)[0] for name in opened.outcomes}, opened.arrays_by_run()
        self.replicates = next(iter(outcomes.values())).shape[1]

        def arms(pattern: Pattern, null: bool) -> Arms:
            places = {name: labels.index(_label(options, (pattern, name, null))) for name in pattern.arms}
            return Arms(
                list(places),
                {arm: {name: np.asarray(values[place]) for name, values in outcomes.items()}
                 for arm, place in places.items()},
                {arm: [series.get((place, replicate)) for replicate in range(self.replicates)]
                 for arm, place in places.items()},
            )  # fmt: skip

        self.runs = [
            Runs(pattern, arms(pattern, False), arms(pattern, True) if options.null and pattern.checks else None)
            for pattern in options.patterns
        ]
        self.findings = [find(each) for each in self.runs if each.pattern.checks]

    def as_json(self) -> dict[str, Any]:
        found = [finding.as_json() for finding in self.findings]
        return {"study": str(self.folder), "pairs": self.replicates, "patterns": found}

    def blocks(self) -> Iterable[Block | str]:
        yield _table(self.findings)
        verdicts: list[str] = [finding.verdict for finding in self.findings]
        counts = {"passed": "pass", "failed": "fail", "unclear": "not identified"}
        yield msg("patterns_says_count", total=len(verdicts), runs=runs_text(self.replicates),
                  **{name: verdicts.count(each) for name, each in counts.items()})  # fmt: skip
        credit = [finding.pattern.id for finding in self.findings if finding.credit]
        if credit:
            yield msg("patterns_says_credit", credit=len(credit), ids=", ".join(credit))
        elif any(finding.bare for finding in self.findings):
            yield msg("patterns_says_no_credit")
        for finding in self.findings:
            yield from _misfits(finding)
        yield msg("patterns_says_rule")
        yield msg("dated_no_forecast")

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["id", "measure", "outcome", "unit", "value", "ci_low", "ci_high", "band_low", "band_high", "verdict",
                  "null_value", "null_verdict", "role", "credit"]  # fmt: skip
        return {"patterns": (header, [row for finding in self.findings for row in finding.rows()])}

    def charts(self) -> Iterator[Chart]:
        yield Chart("patterns", partial(patterns_page, self.runs, self.replicates))


@dataclasses.dataclass(frozen=True)
class _Shown:
    """The unit in which a check is shown; a change of a share is shown in points."""

    unit: str


def _shown(checked: Checked) -> _Shown:
    return _Shown("share" if checked.check.unit == "points" else checked.check.unit)


def _value(checked: Checked) -> str:
    measured, points = _shown(checked), checked.check.unit == "points"
    value = plus_minus(checked.value, measured, sign=points)
    return value if checked.check.unit == "1" else f"{value} {unit(measured, difference=points)}"


def _band(checked: Checked) -> str:
    """Return the band in the unit that is shown."""
    band, measured = checked.check.band, _shown(checked)
    sizes = [bound * scale(measured) for bound in band if bound is not None]
    digits = 0 if all(abs(size - round(size)) < ROUNDING for size in sizes) else 1
    low, high = (None if bound is None else number(bound, measured, digits) for bound in band)
    if low is None:
        return msg("patterns_at_most", high=high)
    return msg("patterns_at_least", low=low) if high is None else msg("patterns_between", low=low, high=high)


def _table(findings: Sequence[Finding]) -> Table:
    """Return all checks, pattern by pattern."""
    columns = ("pattern", "measured", "value", "band", "verdict", "null", "credit")
    rows = tuple(
        _row(finding, checked, first=place == 0)
        for finding in findings for place, checked in enumerate(finding.checked)
    )  # fmt: skip
    return Table(tuple(msg(f"patterns_{key}") for key in columns), rows, msg("patterns_title"), words=len(columns))


def _row(finding: Finding, checked: Checked, *, first: bool) -> tuple[str, ...]:
    name = f"{finding.pattern.id} {getattr(finding.pattern.title, current_language())}" if first else ""
    return (
        name, getattr(checked.check.title, current_language()), _value(checked), _band(checked),
        msg(f"patterns_{checked.verdict}"), _null(checked), _credit(finding) if first else "",
    )  # fmt: skip


def _null(checked: Checked) -> str:
    if checked.null.mean is None:
        return msg("patterns_unknown")
    measured = _shown(checked)
    digits = decimals(checked.null, measured)
    return number(checked.null.mean, measured, digits, sign=checked.check.unit == "points")


def _credit(finding: Finding) -> str:
    if finding.pattern.role != "evidence":
        return msg(f"patterns_{finding.pattern.role}")
    if finding.verdict != "pass" or finding.null_verdict is None:
        return msg("patterns_unknown")
    return msg("patterns_yes" if finding.credit else "patterns_evidence")


def _misfits(finding: Finding) -> Iterator[str]:
    for checked in finding.checked:
        if checked.verdict != "pass":
            measured = getattr(checked.check.title, current_language())
            yield msg(f"patterns_says_{'fail' if checked.verdict == 'fail' else 'unclear'}", id=finding.pattern.id,
                      measured=measured, value=_value(checked), band=_band(checked))  # fmt: skip


KIND = Kind(PatternOptions, lay_out, PatternsResults)
