"""Packages of instruments for many objectives across uncertain worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.designs import design_rows
from experiments.design.factors import Factor, factors_of, factors_over, graded, instruments_named, reference, set_twice
from experiments.design.naming import Names
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import DesignSpec, StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.store.opened import OpenStudy
from experiments.studies.searching.agenda import SearchAgenda, World
from experiments.studies.searching.answer import Judgement, judged
from experiments.studies.searching.evolving import Evolution
from experiments.studies.searching.options import SearchOptions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = SearchOptions(**study.analysis)
    scenario = reference(study)
    bases, worlds, *_ = collect_errors(
        lambda: _bases(study, options, places),
        lambda: factors_over(options.worlds.parameters, scenario, places, ("analysis", "worlds")),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    factors = package_factors(study, options, bases, places)
    raise_if_any(f"{places('analysis')}{problem}" for problem in set_twice([*factors, *worlds], study.set))
    blocks = options.worlds.count + options.worlds.fresh
    plan = make_plan(study, bases, factors, [], blocks=blocks, places=places)
    directions = _directions(options)

    def agenda(folder: Path) -> SearchAgenda:
        aims = [directions[objective.outcome] for objective in options.objectives]
        evolution = Evolution(folder, factors, aims, options.population, study.seed)
        near, fresh = worlds_of(options, worlds, study.seed)
        return SearchAgenda(plan, options, factors, near, fresh, directions, evolution)

    return Layout(plan, agenda)


def _bases(study: StudyFile, options: SearchOptions, places: Places) -> tuple[Base, ...]:
    variants: list[tuple[str, str, dict[str, Any]]] = [("", study.regimes[0], {})]
    variants += [("", regime, {}) for regime in options.references]
    # what instruments are set over may be judged as it is as well
    if study.regimes[0] in options.references:
        variants[0] = (f"{study.regimes[0]} + package", study.regimes[0], {})
    return bases_of(study, variants, places)


def package_factors(
    study: StudyFile, options: SearchOptions, bases: Sequence[Base], places: Places
) -> tuple[Factor, ...]:
    """Return what a package consists of: graded instruments and the study's parameters."""
    chosen = instruments_named(options.instruments, places("analysis", "instruments"))
    on = bases_of(study, [("", options.on, {})])[0].resolved if chosen else {}
    instruments = [graded(instrument, bases[0].resolved, on) for instrument in chosen]
    return (*instruments, *factors_of(study, reference(study), places))


def worlds_of(options: SearchOptions, factors: Sequence[Factor], seed: int) -> tuple[list[World], list[World]]:
    """Return the worlds of the search and those of the judgement: two Latin hypercubes, each world with its luck."""
    near = design_rows(DesignSpec(kind="lhs", points=options.worlds.count), factors, seed)
    fresh = design_rows(DesignSpec(kind="lhs", points=options.worlds.fresh), factors, seed + 1)
    return (
        [World(row.number, row.factors, row.settings) for row in near],
        [World(len(near) + row.number, row.factors, row.settings) for row in fresh],
    )


def _directions(options: SearchOptions) -> dict[str, int]:
    from model import OUTCOMES

    return {each.outcome: OUTCOMES[each.outcome].direction for each in options.objectives}


def _problems(study: StudyFile, options: SearchOptions, places: Places) -> Iterator[str]:
    from model import OUTCOMES, nearest

    if len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, over which instruments are set, got {len(study.regimes)}."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed for a search, got until."
    if not options.instruments and not study.parameters:
        yield f"{places('analysis', 'instruments')}expected one or more instruments or parameters, got none."
    kept = study.outcomes or tuple(OUTCOMES)
    for part in ("objectives", "bounds"):
        for number, each in enumerate(getattr(options, part)):
            where = places("analysis", part, number, "outcome")
            if each.outcome not in OUTCOMES:
                yield f"{where}unknown outcome '{each.outcome}'{nearest(each.outcome, list(OUTCOMES))}"
            elif each.outcome not in kept:
                yield f"{where}expected one of the outcomes kept ({', '.join(kept)}), got '{each.outcome}'."
            elif part == "objectives" and OUTCOMES[each.outcome].direction == 0:
                yield f"{where}'{each.outcome}' has no preferred direction. Use it under bounds."


class SearchResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        study = opened.study
        self.options = SearchOptions(**study.analysis)
        bases = _bases(study, self.options, Places())
        self.factors = package_factors(study, self.options, bases, Places())
        self.names = Names({**study.parameters, **self.options.worlds.parameters})
        self.judgement: Judgement = judged(opened, self.options, self.factors)

    def as_json(self) -> dict[str, Any]:
        return self.judgement.as_json()

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.searching.told import sentences, tables

        yield from tables(self.judgement, self.names)
        yield from sentences(self.judgement)

    def tables(self) -> Mapping[str, CsvTable]:
        return self.judgement.tables()

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.searching.figures import packages, regrets, trade_offs

        if not self.judgement.judged:
            return {}
        return {
            "trade_offs": partial(trade_offs, self.judgement),
            "packages": partial(packages, self.judgement, self.names),
            "regret": partial(regrets, self.judgement),
        }


KIND = Kind(SearchOptions, lay_out, SearchResults)
