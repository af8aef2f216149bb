"""Which runs a search wants: generation after generation in the worlds of the search, then the best in fresh ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import Row, design_rows, settings_of
from experiments.design.factors import Factor
from experiments.design.objectives import SearchOptions
from experiments.design.plan import Plan, Point
from experiments.design.studyfile import DesignSpec
from experiments.runner.agenda import Batches
from experiments.runner.evolution import Evolution
from experiments.stats.pareto import pareto, spread_out

PACKAGE, WORLD, PHASE = "package", "world", "phase"
"""Columns of the design: number of the package (−1 for a reference), number of the world, part of the search."""

SEARCH, JUDGE = "search", "judge"

Means = Mapping[str, NDArray[np.float64]]
"""By outcome the mean over replicates in each world; NaN where a run failed or is undefined."""


def worlds_of(options: SearchOptions, factors: Sequence[Factor], seed: int) -> tuple[list[Row], list[Row]]:
    """Return the worlds of the search and those of the judgement: two Latin hypercubes, each world with its luck.

    The number of a world is its block of luck as well.
    """
    near = design_rows(DesignSpec(kind="lhs", points=options.worlds.count), factors, seed)
    fresh = design_rows(DesignSpec(kind="lhs", points=options.worlds.fresh), factors, seed + 1)
    return near, [dataclasses.replace(row, number=len(near) + row.number) for row in fresh]


@dataclasses.dataclass
class _Package:
    """A package under trial: its values, and its points in the worlds of the search."""

    number: int
    values: dict[str, Any]
    points: list[Point]


class SearchAgenda(Batches):
    """Hands out a generation, waits for all of it, lets the evolution learn, and so on; at the end the judgement.

    The first base of the plan is what instruments are set over, the others are references; `worlds` are those of the
    search and those of the judgement.
    """

    def __init__(
        self, plan: Plan, options: SearchOptions, factors: Sequence[Factor], worlds: tuple[list[Row], list[Row]],
        evolution: Evolution,
    ) -> None:  # fmt: skip
        self._options, self._factors, self._evolution = options, factors, evolution
        self._worlds, self._fresh = worlds
        tried = options.population * options.generations * len(self._worlds)
        super().__init__(plan, tried * plan.study.replicates.first)
        self._packages: list[_Package] = []
        self._generation = 0
        self._begin()

    def _begin(self) -> None:
        first = self._generation * self._options.population
        for number, values in enumerate(self._evolution.generation(self._generation), first):
            points = self._want(0, self._worlds, SEARCH, number, values)
            self._packages.append(_Package(number, values, points))

    def _want(
        self, base: int, worlds: Sequence[Row], phase: str, package: int, values: Mapping[str, Any]
    ) -> list[Point]:
        """Want a package, or a reference, in worlds."""
        changed = settings_of(self._factors, values) if values else {}
        points = []
        for number, world in enumerate(worlds, len(self.points)):
            factors = {PACKAGE: package, WORLD: world.number, PHASE: phase, **values, **world.factors}
            row = Row(number, world.number, factors, {**world.settings, **changed})
            points.append(self._plan.point(number, base, row))
        self.want_points(points)
        return points

    def end_batch(self) -> None:
        """See `Batches.end_batch`."""
        if self._generation == self._options.generations:
            return
        for package in self._packages[-self._options.population :]:
            means = self._means(package)
            if _defined(means):
                self._evolution.learn(package.number, self._worth(means), self._excess(package, means))
            else:
                self._evolution.learn(package.number, None, {})
        self._generation += 1
        if self._generation < self._options.generations:
            self._begin()
        else:
            self._judge()

    def _means(self, package: _Package) -> Means:
        return {
            name: np.array([np.mean([self._value(point, replicate, name) for replicate in range(self._replicates)])
                            for point in package.points])
            for name in self._options.outcomes
        }  # fmt: skip

    def _value(self, point: Point, replicate: int, name: str) -> float:
        outcomes = self._outcomes[point.number, replicate]
        value = outcomes.get(name) if outcomes else None
        return float("nan") if value is None else value

    def _worth(self, means: Means) -> list[float]:
        return [objective.worth(means[objective.outcome]) for objective in self._options.objectives]

    def _excess(self, package: _Package, means: Means) -> dict[str, float]:
        averages = {name: float(np.mean(values)) for name, values in means.items()}
        return self._options.excess(package.values, self._factors, averages)

    def _judge(self) -> None:
        """Want the best packages and the references in fresh worlds with fresh luck."""
        before = len(self.points)
        for each in self._best():
            self._want(0, self._fresh, JUDGE, each.number, each.values)
        for base in range(1, len(self._plan.bases)):
            self._want(base, self._fresh, JUDGE, -1, {})
        self.planned += (len(self.points) - before) * self._replicates

    def _best(self) -> list[_Package]:
        """Return packages of the Pareto set that are spread out over it; the nearest to feasible where none is."""
        tried = [(each, self._means(each)) for each in self._packages]
        known = [(each, means) for each, means in tried if _defined(means)]
        beyond = [max([0.0, *self._excess(each, means).values()]) for each, means in known]
        least = min(beyond, default=0.0)
        feasible = [pair for pair, far in zip(known, beyond, strict=True) if far <= least]
        unlike = list({repr(sorted(each.values.items())): (each, means) for each, means in feasible}.values())
        if not unlike:
            return []
        values = np.array([self._worth(means) for _, means in unlike])
        front = np.flatnonzero(pareto(values, self._options.directions))
        chosen = sorted(spread_out(values[front], self._options.judged))
        return [unlike[front[place]][0] for place in chosen]


def _defined(means: Means) -> bool:
    return not any(np.isnan(values).any() for values in means.values())
