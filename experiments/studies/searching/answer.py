"""What a search found, judged in worlds that it has not seen: worth, regret, and how often a package is good enough."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.design.naming import shown_name
from experiments.stats import Interval, mean_interval
from experiments.stats.intervals import share_interval
from experiments.store.opened import OpenStudy
from experiments.studies.searching.agenda import JUDGE, PACKAGE, PHASE, SEARCH, WORLD
from experiments.studies.searching.options import Objective, SearchOptions
from experiments.studies.searching.packages import constraints_of, cost_of, pareto, worth

__all__ = ["Judged", "Judgement", "judged"]


@dataclasses.dataclass(frozen=True)
class Judged:
    """A package, or a reference regime, in the fresh worlds.

    Attributes
    ----------
    name : str
        "p12", or the regime's label.
    package : dict
        Value by factor; empty for a reference.
    cost : float or None
    feasible : bool
        Whether it keeps the constraints in the fresh worlds.
    efficient : bool
        Whether no other judged package or reference beats it.
    worth : dict
        By objective: over the worlds, with its 95 % interval (of the mean; the worst tenth has none).
    regret : dict
        By objective: how far behind the best in the same world, mean over worlds; never negative.
    satisfied : Interval
        Share of the worlds in which every objective is good enough; None where no objective says when it is.
    """

    name: str
    package: Mapping[str, Any]
    cost: float | None
    feasible: bool
    efficient: bool
    worth: Mapping[str, Interval]
    regret: Mapping[str, Interval]
    satisfied: Interval

    def as_json(self) -> dict[str, Any]:
        """Return all of it; intervals as mean, ci_low, ci_high."""
        entry = dataclasses.asdict(self)
        entry["worth"] = {name: _bounds(each) for name, each in self.worth.items()}
        entry["regret"] = {name: _bounds(each) for name, each in self.regret.items()}
        entry["satisfied"] = _bounds(self.satisfied)
        return entry


def _bounds(interval: Interval) -> dict[str, float | None]:
    return {"mean": interval.mean, "ci_low": interval.low, "ci_high": interval.high}


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The judged packages, and how the search came to them.

    Attributes
    ----------
    titles : mapping
        Of the references, by label and language.
    searched : array (packages, objectives)
        Worth in the worlds of the search, in the order of the packages; NaN where a run failed.
    best_by_generation : list
        By generation: packages of the Pareto set so far.
    """

    study: str
    titles: Mapping[str, Mapping[str, str]]
    objectives: tuple[Objective, ...]
    factors: tuple[Factor, ...]
    judged: tuple[Judged, ...]
    searched: NDArray[np.float64]
    best_by_generation: tuple[int, ...]
    worlds: int
    fresh: int

    def shown(self, each: Judged) -> str:
        """Return what a package or a reference is called in the language that is spoken."""
        return each.name if each.package else shown_name(each.name, self.titles.get(each.name, {}))

    def as_json(self) -> dict[str, Any]:
        """Return the judged packages and the size of the search."""
        return {
            "study": self.study,
            "objectives": [objective.key for objective in self.objectives],
            "packages_tried": len(self.searched),
            "pareto_by_generation": list(self.best_by_generation),
            "worlds": self.worlds,
            "fresh_worlds": self.fresh,
            "judged": [each.as_json() for each in self.judged],
        }

    def tables(self) -> dict[str, tuple[Sequence[str], list[list[Any]]]]:
        """Return one line a judged package and objective."""
        header = ["name", *(factor.name for factor in self.factors), "cost", "feasible", "efficient", "satisfied",
                  "objective", "worth", "ci_low", "ci_high", "regret", "regret_low", "regret_high"]  # fmt: skip
        lines = [
            [each.name, *(each.package.get(factor.name) for factor in self.factors), each.cost, each.feasible,
             each.efficient, each.satisfied.mean, outcome, *dataclasses.astuple(each.worth[outcome]),
             *dataclasses.astuple(each.regret[outcome])]
            for each in self.judged
            for outcome in each.worth
        ]  # fmt: skip
        return {"judged": (header, lines)}


def judged(opened: OpenStudy, options: SearchOptions, factors: Sequence[Factor]) -> Judgement:
    """Judge the packages that a search found."""
    from model import OUTCOMES

    runs = opened.runs
    searched = _searched(runs[runs[PHASE] == SEARCH], options)
    aims = [OUTCOMES[objective.outcome].direction for objective in options.objectives]
    judge = runs[runs[PHASE] == JUDGE]
    values = {name: _by_world(judge, name) for name in options.outcomes}
    complete = values[options.objectives[0].outcome].notna().all(axis=1)
    values = {name: table[complete] for name, table in values.items()}
    titles = {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
    return Judgement(
        str(opened.folder), titles, options.objectives, tuple(factors),
        _judged(values, judge, options, factors, aims), searched, _progress(searched, aims, options.population),
        options.worlds.count, options.worlds.fresh,
    )  # fmt: skip


def _by_world(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return the mean over replicates: a row a package or reference, a column a world."""
    return runs.pivot_table(outcome, [PACKAGE, "regime"], WORLD, dropna=False, observed=True).dropna(how="all")


def _searched(runs: pd.DataFrame, options: SearchOptions) -> NDArray[np.float64]:
    from model import OUTCOMES

    columns = []
    for objective in options.objectives:
        table = runs.pivot_table(objective.outcome, PACKAGE, WORLD, dropna=False)
        direction = OUTCOMES[objective.outcome].direction
        columns.append([worth(objective, row, direction) for row in table.to_numpy()])
    return np.array(columns, dtype=np.float64).T


def _progress(searched: NDArray[np.float64], aims: Sequence[int], population: int) -> tuple[int, ...]:
    ends = range(population, len(searched) + 1, population)
    known = [searched[:end][np.isfinite(searched[:end]).all(axis=1)] for end in ends]
    return tuple(int(pareto(each, aims).sum()) for each in known)


def _judged(
    values: Mapping[str, pd.DataFrame], runs: pd.DataFrame, options: SearchOptions, factors: Sequence[Factor],
    aims: Sequence[int],
) -> tuple[Judged, ...]:  # fmt: skip
    tables = {each.key: values[each.outcome].to_numpy() for each in options.objectives}
    if not len(next(iter(tables.values()))):
        return ()
    names = list(values[options.objectives[0].outcome].index)
    worths = np.array([[worth(each, row, aim) for each, aim, row in zip(options.objectives, aims, rows, strict=True)]
                       for rows in zip(*tables.values(), strict=True)])  # fmt: skip
    efficient = pareto(worths, aims)
    regrets = {each.key: _regret(tables[each.key], aim)
               for each, aim in zip(options.objectives, aims, strict=True)}  # fmt: skip
    satisfied = _satisfied(tables, options, aims)
    found = []
    for place, (number, regime) in enumerate(names):
        package = _package(runs, number, factors)
        means = {name: float(np.mean(table.to_numpy()[place])) for name, table in values.items()}
        beyond = constraints_of(options, package, factors, means) if package else {}
        found.append(
            Judged(
                f"p{number}" if package else str(regime), package,
                cost_of(package, factors, options.cost) if package else None,
                all(far <= 0.0 for far in beyond.values()), bool(efficient[place]),
                {each.key: _worth_interval(each, tables[each.key][place], worths[place, column])
                 for column, each in enumerate(options.objectives)},
                {name: mean_interval(rows[place]) for name, rows in regrets.items()},
                satisfied[place],
            )
        )  # fmt: skip
    return tuple(found)


def _package(runs: pd.DataFrame, number: int, factors: Sequence[Factor]) -> dict[str, Any]:
    if number < 0:
        return {}
    row = runs[runs[PACKAGE] == number].iloc[0]
    return {factor.name: _plain(row[factor.name]) for factor in factors}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _worth_interval(objective: Objective, values: NDArray[np.float64], found: float) -> Interval:
    return mean_interval(values) if objective.over == "mean" else Interval(float(found), None, None)


def _regret(table: NDArray[np.float64], aim: int) -> NDArray[np.float64]:
    """Return how far each row is behind the best row in each world."""
    signed = table * aim
    behind: NDArray[np.float64] = signed.max(axis=0) - signed
    return behind


def _satisfied(
    tables: Mapping[str, NDArray[np.float64]], options: SearchOptions, aims: Sequence[int]
) -> list[Interval]:
    asked = [(each, aim) for each, aim in zip(options.objectives, aims, strict=True) if each.satisfies is not None]
    rows = len(next(iter(tables.values())))
    if not asked:
        return [Interval(None, None, None)] * rows
    good = np.all([tables[each.key] * aim >= (each.satisfies or 0.0) * aim for each, aim in asked], axis=0)
    return [share_interval(int(row.sum()), row.size) for row in good]
