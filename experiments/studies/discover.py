"""Under which conditions a regime fails or wins."""

from __future__ import annotations

import dataclasses
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.blocks import Block, Table
from experiments.design.designs import design_rows
from experiments.design.factors import factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import with_titles
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg
from experiments.runner.agenda import agenda_of
from experiments.stats import Interval
from experiments.stats.discovery import Discovery, discover
from experiments.stats.prim import Box, columns_of
from experiments.store.opened import OpenStudy
from model import OUTCOMES

SIGNS: dict[str, Callable[..., NDArray[np.bool_]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

TERM = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*")


class DiscoverOptions(BaseModel):
    """Options of a discovery."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    condition: str = Field(description="What is sought, as 'closure_rate < 0 and passes_per_case > 0'.")
    of: Literal["level", "difference"] = Field(
        "difference",
        description="difference: the second regime minus the first, in the same world with the same seeds.",
    )
    keep_all: bool = Field(False, description="Keep restrictions of the box that are not significant.")


@dataclasses.dataclass(frozen=True)
class Condition:
    """One or more comparisons of outcomes with numbers, all of which must hold."""

    terms: tuple[tuple[str, str, float], ...]

    @property
    def outcomes(self) -> list[str]:
        """Outcomes that it names, each once."""
        return list(dict.fromkeys(name for name, _, _ in self.terms))

    def holds(self, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        """Return where it holds, given arrays by outcome; nowhere where an outcome is undefined."""
        parts = [SIGNS[sign](values[name], bound) for name, sign, bound in self.terms]
        return np.asarray(np.logical_and.reduce(parts))


def parse_condition(text: str, known: Sequence[str]) -> Condition | str:
    """Return a condition as "closure_rate < 0 and passes_per_case > 0.1", or in words what is wrong with it."""
    terms = []
    for part in text.split(" and "):
        found = TERM.fullmatch(part)
        if found is None:
            return f"expected NAME < NUMBER (or <=, >, >=), joined by 'and', got '{part.strip()}'."
        name, sign, bound = found.groups()
        if name not in known:
            return f"expected one of the outcomes kept ({', '.join(known)}), got '{name}'."
        terms.append((name, sign, float(bound)))
    return Condition(tuple(terms))


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = DiscoverOptions(**study.analysis)
    bases, factors, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: factors_of(study, reference(study), places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    plan = make_plan(study, bases, factors, design_rows(study.design, factors, study.seed), places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, options: DiscoverOptions, places: Places) -> Iterator[str]:
    wanted = 2 if options.of == "difference" else 1
    if len(study.regimes) != wanted:
        yield f"{places('regimes')}expected {wanted} for the {options.of}, got {len(study.regimes)}."
    if study.design.kind not in ("lhs", "random"):
        yield f"{places('design', 'kind')}expected lhs or random, which spread worlds out, got {study.design.kind}."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more, got none."
    condition = _condition(study, options)
    if isinstance(condition, str):
        yield f"{places('analysis', 'condition')}{condition}"


def _condition(study: StudyFile, options: DiscoverOptions) -> Condition | str:
    return parse_condition(options.condition, study.outcomes or tuple(OUTCOMES))


class DiscoverResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.options = DiscoverOptions(**opened.study.analysis)
        self.names = Names(opened.study.parameters)
        condition = _condition(opened.study, self.options)
        assert isinstance(condition, Condition)  # checked when it was laid out
        values = {outcome: self._values(outcome) for outcome in condition.outcomes}
        defined = np.all([np.isfinite(each) for each in values.values()], axis=0)
        inputs = {
            name: [value for value, kept in zip(opened.factor(name), defined, strict=True) if kept]
            for name in opened.study.parameters
        }
        self.found: Discovery = discover(
            self.options.condition, columns_of(inputs), condition.holds(values)[defined], int((~defined).sum()),
            opened.study.seed, keep_all=self.options.keep_all,
        )  # fmt: skip

    def _values(self, outcome: str) -> NDArray[np.float64]:
        values = self.opened.values(outcome)
        each = values[:, 1] - values[:, 0] if self.options.of == "difference" else values[:, 0]
        return np.asarray(each.mean(axis=1))

    def as_json(self) -> dict[str, Any]:
        return {"study": str(self.opened.folder), "of": self.options.of, **self.found.as_json()}

    def blocks(self) -> Iterable[Block | str]:
        yield from discovery_tables(self.found, self.names)
        if self.options.of == "difference":
            before, after = self.opened.labels
            yield msg("discovery_of_difference", before=before, after=after)
        yield from sentences(self.found, self.names)

    def tables(self) -> Mapping[str, CsvTable]:
        box = [
            [each.input, each.low, each.high, " ".join(each.words), each.p, each.reproduced]
            for each in self.found.restrictions
        ]
        way = [
            [place, len(box.ranges), tally.coverage, tally.density, tally.mass]
            for place, (box, tally) in enumerate(self.found.found.trajectory)
        ]
        return {
            "box": (["input", "low", "high", "words", "quasi_p", "reproduced"], box),
            "trajectory": (["step", "restricted", "coverage", "density", "mass"], way),
        }

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.discovery import box_ranges, scatter, trade_off

        if self.found.trouble:
            return
        yield Chart("trade_off", partial(trade_off, self.found))
        yield Chart("box", partial(box_ranges, self.found, self.names))
        if sum(not each.words for each in self.found.restrictions[:2]) == 2:
            yield Chart("scatter", partial(scatter, self.found, self.names))


def discovery_tables(found: Discovery, names: Names) -> Iterator[Table]:
    """Yield the restrictions of the box, and the leaves of the tree."""
    condition = with_titles(found.condition)
    if found.restrictions:
        header = [msg(f"discovery_{key}") for key in ("input", "range", "p", "again")]
        rows = [
            (names.of(each.input), names.range(each.input, each.low, each.high, each.words),
             "< 0.001" if each.p < 0.001 else f"{each.p:.3f}", f"{each.reproduced:.0%}")
            for each in found.restrictions
        ]  # fmt: skip
        heading, note = msg("discovery_box", condition=condition), msg("discovery_box_caption")
        yield Table(tuple(header), tuple(rows), heading, note, words=2)
    if len(found.leaves) > 1:
        header = [msg(f"discovery_{key}") for key in ("rule", "density", "coverage", "worlds")]
        leaves = [
            (_rule(found, leaf.box, names) or msg("discovery_anywhere"), f"{leaf.tally.density:.0%}",
             f"{leaf.tally.coverage:.0%}", f"{leaf.tally.points}")
            for leaf in found.leaves
        ]  # fmt: skip
        yield Table(tuple(header), tuple(leaves), msg("discovery_tree", condition=condition))


def _rule(found: Discovery, box: Box, names: Names) -> str:
    parts = [
        f"{names.of(name)} {names.range(name, *values)}" if box.ranges[name].words is None
        else f"{names.of(name)}: {names.range(name, None, None, values)}"
        for name, values in found.rule_of(box).items()
    ]  # fmt: skip
    return msg("discovery_and").join(parts)


def sentences(found: Discovery, names: Names) -> Iterator[str]:
    """Yield what the box says, with how sure that is, or why there is none."""
    about = {"condition": with_titles(found.condition), "worlds": found.worlds, "cases": found.cases}
    yield msg("discovery_count", share=f"{found.cases / max(1, found.worlds):.0%}", **about)
    if found.undefined:
        yield msg("discovery_undefined", count=found.undefined)
    if found.trouble:
        yield msg(f"discovery_{found.trouble}", **about)
    else:
        rule = msg("discovery_and").join(
            f"{names.of(each.input)} {names.range(each.input, each.low, each.high, each.words)}"
            for each in found.restrictions
        )
        yield msg("discovery_says", rule=rule, density=_share(found.density), coverage=_share(found.coverage), **about)
        yield msg("discovery_seen", density=f"{found.density_seen:.0%}", coverage=f"{found.coverage_seen:.0%}")
    if found.found.dropped:
        yield msg("discovery_dropped", names=msg("list_join").join(map(names.of, found.found.dropped)))
    yield msg("luck_only")


def _share(interval: Interval) -> str:
    if interval.mean is None or interval.low is None or interval.high is None:
        return msg("undefined")
    return f"{interval.mean:.0%} ({interval.low:.0%} … {interval.high:.0%})"


EXAMPLE = """\
regimes: [inverted, flattened]
parameters: {acceptance.membership: {uniform: [1, 6]}, powers.inspection: {}}
design: {kind: lhs, points: 60}
replicates: {fixed: 1}
analysis: {condition: closure_rate < 0.1}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(DiscoverOptions, lay_out, DiscoverResults, EXAMPLE)
