"""Under which conditions a regime fails or wins."""

import dataclasses
import fnmatch
import itertools
import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from experiments.blocks import Block, Table
from experiments.design.designs import SPREAD, WORLD, rows_in_worlds
from experiments.design.ensemble import DRAW, ensemble_of_study, first_worlds
from experiments.design.naming import Names
from experiments.errors import WrongInput
from experiments.formatting import share_text, with_titles
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg
from experiments.report.doubt import called
from experiments.report.scaled import untold
from experiments.stats.discovery import Discovery, discover
from experiments.stats.prim import Box, columns_of
from experiments.stats.worlds_discovery import discover_in_worlds
from model import OUTCOMES, Unknowns, free_numbers

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
    keep_all: bool = Field(
        False, description="Keep restrictions of the box that are not significant; not in plausible worlds."
    )


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


def parse_condition(text: str, known: Collection[str]) -> Condition | str:
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
    study = asked.study
    parts = (asked.bases, asked.factors, partial(_worlds, asked))
    bases, factors, worlds = asked.checked(*parts, problems=_problems(asked))
    rows = rows_in_worlds(study.design, factors, worlds, study.seed) if worlds else None
    return Layout(asked.plan(bases, factors, rows, worlds=worlds))


def _worlds(asked: Asked[DiscoverOptions]) -> tuple[Unknowns, ...]:
    """Return the plausible worlds that rows of the design go through; none where parameters alone vary.

    Raises:
        WrongInput: If nothing varies, or a parameter is a number that worlds vary already.
    """
    study, places, own = asked.study, asked.places, _varied_twice(asked)
    ensemble = ensemble_of_study(study, places, by_default=not own or study.ensemble is not None)
    if ensemble is None:
        if not study.parameters:
            raise WrongInput([f"{places('parameters')}expected one or more, or an ensemble of worlds, got none."])
        return ()
    problems = [
        f"{places('parameters', name)}expected levers beside {ensemble.path}, which says already how '{path}' varies. "
        "Remove it, or ask for worlds: reference."
        for name, path in own.items()
    ]
    if asked.options.keep_all:
        problems.append(f"{places('analysis', 'keep_all')}expected false in plausible worlds, got true.")
    if problems:
        raise WrongInput(problems)
    count = study.worlds if isinstance(study.worlds, int) else len(ensemble.worlds)
    if study.parameters and study.worlds is None:
        count = min(count, study.design.points)
    return first_worlds(ensemble, count, places("worlds"))


def _varied_twice(asked: Asked[DiscoverOptions]) -> dict[str, str]:
    """Return by parameter a path that it sets and that is a free number."""
    free, found = [number.key for number in free_numbers()], dict[str, str]()
    for name, spread in asked.study.parameters.items():
        sets = (spread.between or tuple((spread.bundles or {}).values())) if spread else ()
        for path in {path for each in sets for path in each} or {name}:
            if any(fnmatch.fnmatchcase(path, key) for key in free):
                found[name] = path
    return found


def _problems(asked: Asked[DiscoverOptions]) -> Iterator[str]:
    study, options, places = asked.study, asked.options, asked.places
    wanted = 2 if options.of == "difference" else 1
    if len(study.regimes) != wanted:
        yield f"{places('regimes')}expected {wanted} for the {options.of}, got {len(study.regimes)}."
    if study.parameters and study.design.kind not in SPREAD:
        yield f"{places('design', 'kind')}expected lhs or random, which spread worlds out, got {study.design.kind}."
    if WORLD in study.parameters:
        yield f"{places('parameters', WORLD)}expected another name, got '{WORLD}', which is a column of its own."
    condition = parse_condition(options.condition, study.outcomes or OUTCOMES)
    if isinstance(condition, str):
        yield f"{places('analysis', 'condition')}{condition}"


class DiscoverResults(StudyResults[DiscoverOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, DiscoverOptions)
        self.difference = self.options.of == "difference"
        condition = parse_condition(self.options.condition, opened.outcomes)
        assert isinstance(condition, Condition)  # checked when it was laid out
        self.condition = condition
        values = {outcome: self.by_row(outcome, difference=self.difference) for outcome in condition.outcomes}
        defined = np.all([np.isfinite(each) for each in values.values()], axis=0)
        inputs = {name: opened.factor(name) for name in self.study.parameters}
        about = (condition.holds(values)[defined], int((~defined).sum()), self.study.seed)
        if opened.worlds:
            self.names = WorldNames(self.study.parameters)
            place = np.array(opened.factor(WORLD), dtype=np.int64)
            numbers = [key for key in opened.worlds[0] if key != DRAW]
            inputs |= {key: [opened.worlds[number][key] for number in place] for key in numbers}
        columns = columns_of({name: list(itertools.compress(each, defined)) for name, each in inputs.items()})
        self.found: Discovery = (
            discover_in_worlds(self.options.condition, columns, *about, place[defined])
            if opened.worlds
            else discover(self.options.condition, columns, *about, keep_all=self.options.keep_all)
        )

    def as_json(self) -> dict[str, Any]:
        known = {"study": self.folder, "of": self.options.of, "plausible_worlds": len(self.opened.worlds)}
        return {**known, **self.found.as_json()}

    def blocks(self) -> Iterable[Block | str]:
        yield from discovery_tables(self.found, self.names)
        if self.difference:
            before, after = self.opened.labels
            yield msg("discovery_of_difference", before=before, after=after)
        untold_here = untold(self.condition.outcomes, self.opened.manifest["bases"][0]["resolved"]["demand"]["scale"])
        if self.found.in_worlds and self.difference and untold_here:
            yield msg("brief_untold", count=len(untold_here), all=len(self.condition.outcomes))
        if self.found.in_worlds:
            free = len(self.found.columns) - len(self.study.parameters)
            yield msg("discovery_plausible", rows=self.found.worlds, worlds=len(self.opened.worlds), numbers=free)
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


class WorldNames(Names):
    """Words for the parameters of a study and for the free numbers of its worlds, these with their paths."""

    def of(self, name: str) -> str:
        free = any(each.key == name for each in free_numbers())
        return called(name) if free else super().of(name)


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
        key = "discovery_box_caption_worlds" if found.in_worlds else "discovery_box_caption"
        heading, note = msg("discovery_box", condition=condition), msg(key)
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
        if found.in_worlds and found.trouble in ("nothing", "unclear"):
            yield say("discovery_no_rule")
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
    if not found.in_worlds:
        yield msg("chance_only")


KIND = Kind(DiscoverOptions, lay_out, DiscoverResults, seeds_a_world=1, rows_in_worlds=True, example="""\
regimes: [inverted, flattened]
parameters: {acceptance.membership: {uniform: [1, 6]}, powers.inspection: {}}
design: {kind: lhs, points: 60}
replicates: {fixed: 1}
analysis: {condition: closure_rate < 0.1}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
