"""Under which conditions a regime fails or wins."""

import dataclasses
import itertools
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from experiments.blocks import Block, Table
from experiments.design.naming import Names
from experiments.formatting import share_text, with_titles
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg
from experiments.stats.discovery import Discovery, discover
from experiments.stats.prim import Box, columns_of
from model import OUTCOMES

SIGNS: dict[str, Callable[..., NDArray[np.bool_]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

TERM = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*")


class DiscoverOptions(Options):
    """Options of a discovery."""

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


def lay_out(asked: Asked[DiscoverOptions]) -> Layout:
    """Lay out the study."""
    return Layout(asked.plan(*asked.checked(asked.bases, asked.factors, problems=_problems(asked))))


def _problems(asked: Asked[DiscoverOptions]) -> Iterator[str]:
    study, options, places = asked.study, asked.options, asked.places
    wanted = 2 if options.of == "difference" else 1
    if len(study.regimes) != wanted:
        yield f"{places('regimes')}expected {wanted} for the {options.of}, got {len(study.regimes)}."
    if study.design.kind not in ("lhs", "random"):
        yield f"{places('design', 'kind')}expected lhs or random, which spread worlds out, got {study.design.kind}."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more, got none."
    condition = parse_condition(options.condition, study.outcomes or tuple(OUTCOMES))
    if isinstance(condition, str):
        yield f"{places('analysis', 'condition')}{condition}"


class DiscoverResults(StudyResults[DiscoverOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, DiscoverOptions)
        self.difference = self.options.of == "difference"
        condition = parse_condition(self.options.condition, opened.outcomes)
        assert isinstance(condition, Condition)  # checked when it was laid out
        values = {outcome: self.by_row(outcome, difference=self.difference) for outcome in condition.outcomes}
        defined = np.all([np.isfinite(each) for each in values.values()], axis=0)
        inputs = {name: list(itertools.compress(opened.factor(name), defined)) for name in self.study.parameters}
        self.found: Discovery = discover(
            self.options.condition, columns_of(inputs), condition.holds(values)[defined], int((~defined).sum()),
            self.study.seed, keep_all=self.options.keep_all,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {"study": self.folder, "of": self.options.of, **self.found.as_json()}

    def blocks(self) -> Iterable[Block | str]:
        yield from discovery_tables(self.found, self.names)
        if self.difference:
            before, after = self.opened.labels
            yield msg("discovery_of_difference", before=before, after=after)
        yield from sentences(self.found, self.names)

    def tables(self) -> Mapping[str, CsvTable]:
        box = ([each.input, each.low, each.high, " ".join(each.words), each.p, each.reproduced]
               for each in self.found.restrictions)  # fmt: skip
        way = ([place, len(box.ranges), tally.coverage, tally.density, tally.mass]
               for place, (box, tally) in enumerate(self.found.found.trajectory))  # fmt: skip
        return {
            "box": csv_table("input low high words quasi_p reproduced", box),
            "trajectory": csv_table("step restricted coverage density mass", way),
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
            (_rule(found, box, names) or msg("discovery_anywhere"), f"{each.density:.0%}", f"{each.coverage:.0%}",
             f"{each.points}")
            for box, each in found.leaves
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
    say = partial(msg, condition=with_titles(found.condition), worlds=found.worlds, cases=found.cases)
    yield say("discovery_count", share=f"{found.cases / max(1, found.worlds):.0%}")
    if found.undefined:
        yield msg("discovery_undefined", count=found.undefined)
    if found.trouble:
        yield say(f"discovery_{found.trouble}")
    else:
        rule = msg("discovery_and").join(
            f"{names.of(each.input)} {names.range(each.input, each.low, each.high, each.words)}"
            for each in found.restrictions
        )
        yield say("discovery_says", rule=rule, density=share_text(found.density), coverage=share_text(found.coverage))
        yield msg("discovery_seen", density=f"{found.density_seen:.0%}", coverage=f"{found.coverage_seen:.0%}")
    if found.found.dropped:
        yield msg("discovery_dropped", names=msg("list_join").join(map(names.of, found.found.dropped)))
    yield msg("chance_only")


KIND = Kind(DiscoverOptions, lay_out, DiscoverResults, example="""\
regimes: [inverted, flattened]
parameters: {acceptance.membership: {uniform: [1, 6]}, powers.inspection: {}}
design: {kind: lhs, points: 60}
replicates: {fixed: 1}
analysis: {condition: closure_rate < 0.1}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
