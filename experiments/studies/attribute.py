"""Which instrument does the work: Shapley values and interactions over paired seeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.blocks import Block, Table
from experiments.design.designs import Row, settings_of
from experiments.design.factors import OFF, ON, Factor, instruments_named, switched
from experiments.design.naming import Names
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import Measured, decimals, number, plus_minus, title, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg
from experiments.runner.agenda import Agenda
from experiments.stats import Interval
from experiments.stats.attribution import Attribution, attribute
from experiments.stats.shapley import MOST_EXACT, Scheme, random_orders
from experiments.store.opened import OpenStudy
from experiments.store.shards import flat
from model import OUTCOMES


class AttributeOptions(BaseModel):
    """Options of an attribution."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instruments: tuple[str, ...] = Field(min_length=1, description="Rows of the claims, as [R1, R3, R8].")
    scheme: Literal["subsets", "orders"] | None = Field(
        None, description="subsets: all; orders: random orders of introduction. Default: subsets up to six instruments."
    )
    interactions: bool = Field(True, description="orders: pairwise interactions too, for twice the runs.")
    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = AttributeOptions(**study.analysis)
    bases, instruments, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: instruments_named(options.instruments, places("analysis", "instruments")),
        lambda: raise_if_any(outcome_problems(study, places, options.outcomes)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    factors = [switched(each, bases[0].resolved, bases[1].resolved) for each in instruments]
    scheme = scheme_of(study)
    masks = sorted({mask for mask, _ in scheme.runs()})
    rows = [_row(mask, at, factors) for at, mask in enumerate(masks)]
    plan = make_plan(study, bases[:1], factors, rows, places=places)
    point_of = dict(zip(masks, plan.points, strict=True))
    tasks = [plan.task(point_of[mask], replicate) for mask, replicate in scheme.runs()]
    return Layout(plan, lambda _: Agenda(plan.points, tasks))


def _problems(study: StudyFile, options: AttributeOptions, places: Places) -> Iterator[str]:
    if len(study.regimes) != 2:
        yield f"{places('regimes')}expected two (without any instrument, and with all), got {len(study.regimes)}."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Subsets are compared on the same random seeds."
    if study.parameters:
        yield f"{places('parameters')}expected none, because an attribution varies only instruments."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more (random seeds, or orders of introduction)."
    if options.scheme == "subsets" and len(options.instruments) > MOST_EXACT:
        count = len(options.instruments)
        yield f"{places('analysis', 'scheme')}expected orders beyond {MOST_EXACT} instruments, got subsets of {count}."


def scheme_of(study: StudyFile) -> Scheme:
    """Return which subsets of the instruments a study runs, always the same."""
    options, replicates = AttributeOptions(**study.analysis), study.replicates.first
    few = len(options.instruments) <= MOST_EXACT // 2
    if (options.scheme or ("subsets" if few else "orders")) == "subsets":
        return Scheme(options.instruments, replicates)
    return random_orders(options.instruments, replicates, study.seed, interactions=options.interactions)


def _row(mask: int, number: int, factors: Sequence[Factor]) -> Row:
    values = {factor.name: ON if mask >> place & 1 else OFF for place, factor in enumerate(factors)}
    return Row(number, 0, values, settings_of(factors, values))


class AttributeResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.options = AttributeOptions(**opened.study.analysis)
        self.scheme = scheme_of(opened.study)
        self.names = Names({})
        self.found = [self._attribution(outcome) for outcome in self.options.outcomes]

    def _attribution(self, outcome: str) -> Attribution:
        table = self.opened.table
        on = np.array([[value == ON for value in self.opened.factor(name)] for name in self.scheme.instruments])
        masks = (on.T * (1 << np.arange(len(on), dtype=np.int64))).sum(axis=1)
        points, replicates, values = (table.column(name).to_numpy() for name in ("point", "replicate", outcome))
        return attribute(self.scheme, outcome, masks[points].tolist(), replicates.tolist(), values)

    def as_json(self) -> dict[str, Any]:
        first, *others = self.found
        return {
            **first.as_json(),
            "study": str(self.opened.folder),
            "runs": self.opened.table.num_rows,
            "others": [each.as_json() for each in others],
            "not_attributed": self.left_over(),
        }

    def left_over(self) -> list[str]:
        """Return keys in which the second regime differs from the first that no chosen instrument turns."""
        bases: tuple[Base, ...] = bases_of(self.opened.study)
        turned = {path for each in instruments_named(self.options.instruments, "") for path in each.topics}
        before, after = (flat(base.resolved) for base in bases)
        names = ("name", "title.zh", "title.en")
        return sorted(path for path in after if before.get(path) != after[path] and path not in {*turned, *names})

    def blocks(self) -> Iterable[Block | str]:
        for each in self.found:
            yield attribution_table(each, self.names)
            yield from sentences(each, self.names)
        if left := self.left_over():
            yield msg("attribution_left_over", whole=self.opened.study.regimes[1], keys=", ".join(left))
        yield msg("luck_only")

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["outcome", "instrument", "shapley", "ci_low", "ci_high", "p_holm", "alone", "alone_low", "alone_high",
                  "left_out", "left_out_low", "left_out_high"]  # fmt: skip
        rows = [
            [found.outcome, each.instrument, *dataclasses.astuple(each.shapley), each.p,
             *dataclasses.astuple(each.alone), *dataclasses.astuple(each.left_out)]
            for found in self.found
            for each in found.contributions
        ]  # fmt: skip
        pairs = [
            [found.outcome, each.first, each.second, *dataclasses.astuple(each.index)]
            for found in self.found
            for each in found.interactions or ()
        ]
        second = ["outcome", "first", "second", "interaction", "ci_low", "ci_high"]
        return {"attribution": (header, rows), "interactions": (second, pairs)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.attribution import alone_and_last, interactions, waterfall

        for found in self.found:
            if found.idle:
                continue
            yield Chart(f"waterfall_{found.outcome}", partial(waterfall, found, self.names))
            yield Chart(f"sides_{found.outcome}", partial(alone_and_last, found, self.names))
            if found.interactions is not None:
                yield Chart(f"interactions_{found.outcome}", partial(interactions, found, self.names))


def attribution_table(found: Attribution, names: Names) -> Table:
    """Return what each instrument does, largest first, the total last."""
    outcome = OUTCOMES[found.outcome]
    heading = msg(
        "attribution_table",
        title=title(outcome),
        unit=unit(outcome, difference=True),
        scheme=msg("attribution_exact" if found.exact else "attribution_orders"),
        lucks=msg("attribution_lucks", count=found.replicates),
    )
    header = [msg("instrument"), *(msg(f"attribution_{key}") for key in ("shapley", "share", "alone", "left_out"))]
    rows = []
    for each in found.ranked:
        value = plus_minus(each.shapley, outcome) + ("*" if each.clear else "")
        share = found.share(each)
        part = msg("undefined") if share is None else f"{round(100 * share) + 0}"
        sides = [plus_minus(interval, outcome) for interval in (each.alone, each.left_out)]
        rows.append((names.of(each.instrument), value, part, *sides))
    rows.append((msg("attribution_all"), plus_minus(found.total, outcome), "", "", ""))
    return Table(tuple(header), tuple(rows), heading, msg("attribution_caption"))


def sentences(found: Attribution, names: Names) -> Iterator[str]:
    """Yield what all do, which does most, which is not clear, and what a reader must not conclude."""
    outcome = OUTCOMES[found.outcome]
    heading = title(outcome)
    if found.dropped:
        count = len(found.dropped)
        yield msg("attribution_dropped", title=heading, count=count, all=found.replicates + count)
    if found.idle:
        yield msg("attribution_nothing", title=heading)
        return
    levels = [f"{number(level.mean, outcome, decimals(level, outcome))} {unit(outcome)}"
              for level in (found.none, found.whole)]  # fmt: skip
    total = _amount(found.total, outcome)
    yield msg("attribution_total", title=heading, none=levels[0], whole=levels[1], total=total)
    yield from _who(found, outcome, names, heading)
    for each in found.contributions:
        if each.turns:
            sides = {"alone": _amount(each.alone, outcome), "left_out": _amount(each.left_out, outcome)}
            yield msg("attribution_turns", title=heading, name=names.of(each.instrument), **sides)
    yield from _pairs(found, outcome, names, heading)
    yield msg("attribution_relative")


def _amount(interval: Interval, outcome: Measured) -> str:
    return f"{plus_minus(interval, outcome)} {unit(outcome, difference=True)}"


def _who(found: Attribution, outcome: Measured, names: Names, heading: str) -> Iterator[str]:
    clear = [each for each in found.ranked if each.clear]
    if clear:
        most, share = clear[0], found.share(clear[0])
        part = "" if share is None else msg("attribution_of_total", share=f"{100 * share:.0f} %")
        value = _amount(most.shapley, outcome)
        yield msg("attribution_most", title=heading, name=names.of(most.instrument), value=value, share=part)
    against = [each.instrument for each in clear if (found.share(each) or 0.0) < 0]
    unclear = [each.instrument for each in found.ranked if not each.clear]
    for key, which in (("against", against), ("unclear", unclear)):
        if which:
            yield msg(f"attribution_{key}", title=heading, names=names.listed(which))


def _pairs(found: Attribution, outcome: Measured, names: Names, heading: str) -> Iterator[str]:
    if found.interactions is None:
        if len(found.contributions) > 1:
            yield msg("attribution_no_pairs")
        return
    clear = [pair for pair in found.interactions if pair.clear]
    if clear:
        most = max(clear, key=lambda pair: abs(pair.index.mean or 0.0))
        called = {"first": names.of(most.first), "second": names.of(most.second)}
        yield msg("attribution_pair", title=heading, value=_amount(most.index, outcome), **called)


EXAMPLE = """\
regimes: [inverted, flattened]
replicates: {fixed: 3}
analysis: {instruments: [R1, R3, R8]}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(AttributeOptions, lay_out, AttributeResults, EXAMPLE)
