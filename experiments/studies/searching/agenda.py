"""Which runs a search wants: generation after generation in the worlds of the search, then the best in fresh ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import Row, settings_of
from experiments.design.factors import Factor
from experiments.design.plan import Outcomes, Plan, Point, Task
from experiments.runner.agenda import Agenda
from experiments.studies.searching.evolving import Evolution
from experiments.studies.searching.options import SearchOptions
from experiments.studies.searching.packages import constraints_of, pareto, spread_out, worth

__all__ = ["JUDGE", "PACKAGE", "PHASE", "SEARCH", "WORLD", "SearchAgenda", "World"]

PACKAGE, WORLD, PHASE = "package", "world", "phase"
"""Columns of the design: number of the package (−1 for a reference), number of the world, part of the search."""

SEARCH, JUDGE = "search", "judge"


@dataclasses.dataclass(frozen=True)
class World:
    """An uncertain world: its number, which is its luck block too, and its values."""

    number: int
    factors: Mapping[str, Any]
    settings: Mapping[str, Any]


@dataclasses.dataclass
class _Package:
    """A package under trial: its values, and its points in the worlds of the search."""

    number: int
    values: dict[str, Any]
    points: list[Point]


class SearchAgenda(Agenda):
    """Hands out a generation, waits for all of it, tells the evolution, and so on; at the end the judgement.

    Parameters
    ----------
    plan : Plan
        Its first base is what instruments are set over; the others are references.
    options : SearchOptions
    factors : sequence of Factor
        Of a package.
    worlds, fresh : sequence of World
        Of the search, and of the judgement.
    directions : mapping
        By outcome: +1 where more is better, −1 where less is.
    evolution : Evolution
    """

    def __init__(
        self,
        plan: Plan,
        options: SearchOptions,
        factors: Sequence[Factor],
        worlds: Sequence[World],
        fresh: Sequence[World],
        directions: Mapping[str, int],
        evolution: Evolution,
    ) -> None:
        super().__init__()
        self.points: list[Point] = []
        self._plan, self._options, self._factors, self._evolution = plan, options, factors, evolution
        self._worlds, self._fresh, self._directions = worlds, fresh, directions
        self._replicates = plan.study.replicates.first
        self.planned = options.population * options.generations * len(worlds) * self._replicates
        self._found: dict[tuple[int, int], Outcomes | None] = {}
        self._packages: list[_Package] = []
        self._awaited = 0
        self._generation = 0
        self._begin()

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`."""
        self._found[task.point, task.replicate] = outcomes
        self._awaited -= 1
        if self._awaited == 0 and self._generation < self._options.generations:
            self._end_generation()

    def _begin(self) -> None:
        first = self._generation * self._options.population
        for place, values in enumerate(self._evolution.generation(self._generation)):
            points = [self._point(0, world, SEARCH, first + place, values) for world in self._worlds]
            self._packages.append(_Package(first + place, values, points))
            self._want(points)

    def _point(self, base: int, world: World, phase: str, package: int, values: Mapping[str, Any]) -> Point:
        settings = {**world.settings, **(settings_of(self._factors, values) if values else {})}
        factors = {PACKAGE: package, WORLD: world.number, PHASE: phase, **values, **world.factors}
        point = self._plan.point(len(self.points), base, Row(len(self.points), world.number, factors, settings))
        self.points.append(point)
        return point

    def _want(self, points: Sequence[Point]) -> None:
        tasks = [self._plan.task(point, replicate) for point in points for replicate in range(self._replicates)]
        self._left.extend(tasks)
        self._awaited += len(tasks)

    def _end_generation(self) -> None:
        for package in self._packages[-self._options.population :]:
            means = self._means(package)
            if any(np.isnan(value).any() for value in means.values()):
                self._evolution.tell(package.number, None, {})
            else:
                self._evolution.tell(package.number, self._worth(means), self._constraints(package, means))
        self._generation += 1
        if self._generation < self._options.generations:
            self._begin()
        else:
            self._judge()

    def _names(self) -> set[str]:
        return set(self._options.outcomes)

    def _means(self, package: _Package) -> dict[str, NDArray[np.float64]]:
        """Return by outcome the mean over replicates in each world; NaN where a run failed or is undefined."""
        return {
            name: np.array([np.mean([self._value(point, replicate, name) for replicate in range(self._replicates)])
                            for point in package.points])
            for name in self._names()
        }  # fmt: skip

    def _value(self, point: Point, replicate: int, name: str) -> float:
        outcomes = self._found[point.number, replicate]
        value = outcomes.get(name) if outcomes else None
        return float("nan") if value is None else value

    def _worth(self, means: Mapping[str, NDArray[np.float64]]) -> list[float]:
        return [
            worth(objective, means[objective.outcome], self._directions[objective.outcome])
            for objective in self._options.objectives
        ]

    def _constraints(self, package: _Package, means: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        averages = {name: float(np.mean(values)) for name, values in means.items()}
        return constraints_of(self._options, package.values, self._factors, averages)

    def _judge(self) -> None:
        """Ask for the best packages and the references in fresh worlds with fresh luck."""
        judged: list[tuple[int, int, dict[str, Any]]] = [(0, each.number, each.values) for each in self._best()]
        judged += [(base, -1, {}) for base in range(1, len(self._plan.bases))]
        points = [self._point(base, world, JUDGE, number, values) for base, number, values in judged
                  for world in self._fresh]  # fmt: skip
        self._want(points)
        self.planned += len(points) * self._replicates

    def _best(self) -> list[_Package]:
        """Return packages of the Pareto set that are spread out over it; the nearest to feasible where none is."""
        tried = [(each, self._means(each)) for each in self._packages]
        known = [(each, means) for each, means in tried if not any(np.isnan(row).any() for row in means.values())]
        beyond = [max(0.0, 0.0, *self._constraints(each, means).values()) for each, means in known]
        least = min(beyond, default=0.0)
        feasible = [pair for pair, far in zip(known, beyond, strict=True) if far <= least]
        unlike = list({repr(sorted(each.values.items())): (each, means) for each, means in feasible}.values())
        if not unlike:
            return []
        values = np.array([self._worth(means) for _, means in unlike])
        directions = [self._directions[objective.outcome] for objective in self._options.objectives]
        front = np.flatnonzero(pareto(values, directions))
        chosen = sorted(spread_out(values[front], self._options.judged))
        return [unlike[front[place]][0] for place in chosen]
