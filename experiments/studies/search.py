"""Packages of instruments for many objectives across uncertain worlds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from experiments.blocks import Block, Table
from experiments.charts.search import Judgement, packages, regrets, trade_offs
from experiments.design.factors import Factor, factors_of, factors_over, graded, instruments_named, reference, set_twice
from experiments.design.naming import Names
from experiments.design.objectives import PACKAGE, PHASE, WORLD, Objective, SearchOptions, search_problems
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import decimals, number, plus_minus, title, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg
from experiments.runner.search import JUDGE, SEARCH, SearchAgenda
from experiments.stats import Interval, mean_interval
from experiments.stats.intervals import UNDEFINED, share_interval, to_json
from experiments.stats.pareto import Judged, pareto, regret
from experiments.store.opened import OpenStudy
from model import OUTCOMES


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = SearchOptions(**study.analysis)
    bases, uncertain, *_ = collect_errors(
        lambda: _bases(study, options, places),
        lambda: factors_over(options.worlds.parameters, reference(study), places, ("analysis", "worlds")),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(search_problems(study, options, places)),
    )
    factors = _package_factors(study, options, bases, places)
    raise_if_any(f"{places('analysis')}{problem}" for problem in set_twice([*factors, *uncertain], study.set))
    blocks = options.worlds.count + options.worlds.fresh
    plan = make_plan(study, bases, factors, [], blocks=blocks, places=places)
    return Layout(plan, partial(SearchAgenda, plan, options, uncertain))


def _bases(study: StudyFile, options: SearchOptions, places: Places) -> tuple[Base, ...]:
    """Return what instruments are set over, and the references."""
    own = study.regimes[0]
    # what instruments are set over may be judged as it is as well
    label = f"{own} + package" if own in options.references else ""
    variants: list[tuple[str, str, dict[str, Any]]] = [(label, own, {})]
    return bases_of(study, [*variants, *(("", regime, {}) for regime in options.references)], places)


def _package_factors(
    study: StudyFile, options: SearchOptions, bases: Sequence[Base], places: Places
) -> tuple[Factor, ...]:
    """Return what a package consists of: graded instruments and the study's parameters."""
    chosen = instruments_named(options.instruments, places("analysis", "instruments"))
    on = bases_of(study, [("", options.on, {})])[0].resolved if chosen else {}
    instruments = [graded(instrument, bases[0].resolved, on) for instrument in chosen]
    return (*instruments, *factors_of(study, reference(study), places))


class SearchResults(Results):
    """What the study found, judged in worlds that the search has not seen."""

    def __init__(self, opened: OpenStudy) -> None:
        study, self.folder, runs = opened.study, opened.folder, opened.runs
        self.options = options = SearchOptions(**study.analysis)
        factors = _package_factors(study, options, _bases(study, options, Places()), Places())
        judged = list(_judged(runs[runs[PHASE] == JUDGE], options, factors))
        tried = _tried(runs[runs[PHASE] == SEARCH], options)
        names = Names({**study.parameters, **options.worlds.parameters})
        titles = {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
        self.judgement = Judgement(options.objectives, factors, judged, tried, options.worlds.fresh, names, titles)
        ends = range(options.population, len(tried) + 1, options.population)
        known = [tried[:end][np.isfinite(tried[:end]).all(axis=1)] for end in ends]
        self.front = [int(pareto(each, options.directions).sum()) for each in known]

    def as_json(self) -> dict[str, Any]:
        return {
            "study": str(self.folder),
            "objectives": [objective.key for objective in self.options.objectives],
            "packages_tried": len(self.judgement.tried),
            "pareto_by_generation": self.front,
            "worlds": self.options.worlds.count,
            "fresh_worlds": self.options.worlds.fresh,
            "judged": to_json(self.judgement.judged),
        }

    def blocks(self) -> Iterable[Block | str]:
        yield _table(self.judgement)
        yield _contents(self.judgement)
        worlds, front = self.options.worlds, self.front[-1] if self.front else 0
        yield msg("search_size", tried=len(self.judgement.tried), worlds=worlds.count, fresh=worlds.fresh, front=front)
        yield from _least_regret(self.judgement)
        yield from _good_enough(self.judgement)
        yield msg("luck_only")

    def tables(self) -> Mapping[str, CsvTable]:
        factors = [factor.name for factor in self.judgement.factors]
        header = ["name", *factors, "cost", "feasible", "efficient", "satisfied", "objective",
                  "worth", "ci_low", "ci_high", "regret", "regret_low", "regret_high"]  # fmt: skip
        rows = [
            [each.name, *map(each.package.get, factors), each.cost, each.feasible, each.efficient,
             each.satisfied.mean, key, *dataclasses.astuple(each.worth[key]), *dataclasses.astuple(each.regret[key])]
            for each in self.judgement.judged
            for key in each.worth
        ]  # fmt: skip
        return {"judged": (header, rows)}

    def charts(self) -> Iterator[Chart]:
        if self.judgement.judged:
            for name, draw in (("trade_offs", trade_offs), ("packages", packages), ("regret", regrets)):
                yield Chart(name, partial(draw, self.judgement))


def _tried(runs: pd.DataFrame, options: SearchOptions) -> Any:
    """Return the worth of every package in the worlds of the search, array (packages, objectives)."""
    columns = [
        [objective.worth(row) for row in runs.pivot_table(objective.outcome, PACKAGE, WORLD, dropna=False).to_numpy()]
        for objective in options.objectives
    ]
    return np.array(columns, dtype=np.float64).T


def _judged(runs: pd.DataFrame, options: SearchOptions, factors: Sequence[Factor]) -> Iterator[Judged]:
    """Yield packages and references as the fresh worlds judge them; those with a failed run are left out."""
    means = {name: _by_world(runs, name) for name in options.outcomes}
    complete = means[options.objectives[0].outcome].notna().all(axis=1)
    means = {name: table[complete] for name, table in means.items()}
    if not complete.any():
        return
    tables = {each.key: means[each.outcome].to_numpy() for each in options.objectives}
    worths = {each.key: [each.worth(row) for row in tables[each.key]] for each in options.objectives}
    efficient = pareto(np.array(list(worths.values())).T, options.directions)
    regrets_ = {each.key: regret(tables[each.key], each.direction) for each in options.objectives}
    satisfied = _satisfied(tables, options)
    for place, (index, regime) in enumerate(means[options.objectives[0].outcome].index):
        package = _package(runs, index, factors)
        averages = {name: float(np.mean(table.to_numpy()[place])) for name, table in means.items()}
        excess = options.excess(package, factors, averages) if package else {}
        yield Judged(
            f"p{index}" if package else str(regime), package, options.cost_of(package, factors) if package else None,
            all(far <= 0.0 for far in excess.values()), bool(efficient[place]),
            {each.key: mean_interval(tables[each.key][place]) if each.over == "mean"
             else Interval(worths[each.key][place], None, None) for each in options.objectives},
            {key: mean_interval(rows[place]) for key, rows in regrets_.items()}, satisfied[place],
        )  # fmt: skip


def _by_world(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return the mean over replicates: a row a package or reference, a column a world."""
    return runs.pivot_table(outcome, [PACKAGE, "regime"], WORLD, dropna=False, observed=True).dropna(how="all")


def _package(runs: pd.DataFrame, index: int, factors: Sequence[Factor]) -> dict[str, Any]:
    if index < 0:
        return {}
    row = runs[runs[PACKAGE] == index].iloc[0]
    values = ((factor.name, row[factor.name]) for factor in factors)
    return {name: value.item() if hasattr(value, "item") else value for name, value in values}


def _satisfied(tables: Mapping[str, Any], options: SearchOptions) -> list[Interval]:
    """Return by row the share of the worlds in which every objective that says so is good enough."""
    rows = len(next(iter(tables.values())))
    signed = [(tables[each.key] * each.direction, each.satisfies * each.direction)
              for each in options.objectives if each.satisfies is not None]  # fmt: skip
    if not signed:
        return [UNDEFINED] * rows
    good = np.all([values >= least for values, least in signed], axis=0)
    return [share_interval(int(row.sum()), row.size) for row in good]


def _objective(objective: Objective) -> str:
    over = "" if objective.over == "mean" else f", {msg('search_worst')}"
    return f"{title(OUTCOMES[objective.outcome])}{over}"


def _table(judgement: Judgement) -> Table:
    """Return what the judged packages are worth, and their regret."""
    header = [msg("search_package")]
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        over = _objective(objective).removeprefix(title(outcome))
        header += [f"{title(outcome)} ({unit(outcome)}){over}",
                   f"{msg('search_regret')} ({unit(outcome, difference=True)})"]  # fmt: skip
    header += [msg("search_satisfied"), msg("search_cost")]
    rows = tuple(tuple(_row(each, judgement)) for each in judgement.judged)
    return Table(tuple(header), rows, msg("search_title", fresh=judgement.fresh), msg("search_caption"))


def _row(each: Judged, judgement: Judgement) -> Iterator[str]:
    yield f"{judgement.shown(each)}{'*' if each.efficient else ''}{'' if each.feasible else ' †'}"
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        yield plus_minus(each.worth[objective.key], outcome).removeprefix("+")
        yield _regret(each, objective)
    share = each.satisfied
    known = share.mean is not None and share.low is not None and share.high is not None
    yield f"{share.mean:.0%} ({share.low:.0%} … {share.high:.0%})" if known else msg("undefined")
    yield msg("undefined") if each.cost is None else f"{each.cost:.2f}"


def _regret(each: Judged, objective: Objective) -> str:
    behind, outcome = each.regret[objective.key], OUTCOMES[objective.outcome]
    return number(behind.mean, outcome, decimals(behind, outcome))


def _contents(judgement: Judgement) -> Table:
    names, shown = judgement.names, judgement.packages
    rows = tuple(
        (names.of(factor.name), *(names.value(factor.name, each.package[factor.name]) for each in shown))
        for factor in judgement.factors
    )
    header = (msg("instrument"), *(each.name for each in shown))
    return Table(header, rows, msg("search_contents"), msg("search_contents_caption"))


def _least_regret(judgement: Judgement) -> Iterator[str]:
    """Yield by objective which package is behind least."""
    for objective in judgement.objectives if judgement.judged else ():
        least = min(judgement.judged, key=lambda each: each.regret[objective.key].mean or 0.0)
        points = unit(OUTCOMES[objective.outcome], difference=True)
        yield msg("search_least", title=_objective(objective), name=judgement.shown(least),
                  regret=_regret(least, objective), unit=points)  # fmt: skip


def _good_enough(judgement: Judgement) -> Iterator[str]:
    """Yield which package is good enough most often."""
    known = [each for each in judgement.judged if each.satisfied.mean is not None]
    if not known:
        return
    most = max(known, key=lambda each: each.satisfied.mean or 0.0)
    if most.satisfied.mean:
        yield msg("search_most", name=judgement.shown(most), share=f"{most.satisfied.mean:.0%}", fresh=judgement.fresh)
    else:
        yield msg("search_none_satisfied", fresh=judgement.fresh)


EXAMPLE = """\
regimes: [inverted]
replicates: {fixed: 1}
analysis:
  instruments: [R1, R3]
  population: 4
  generations: 3
  judged: 3
  references: [flattened]
  objectives: [{outcome: closure_rate, satisfies: 0.5}, {outcome: passes_per_case}]
  worlds: {count: 2, fresh: 8, parameters: {acceptance.membership: {uniform: [1, 6]}}}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(SearchOptions, lay_out, SearchResults, EXAMPLE)
