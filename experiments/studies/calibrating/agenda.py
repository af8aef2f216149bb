"""Which runs a calibration wants: round after round, the truths of the recovery test, then the predictive check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import Row, settings_of
from experiments.design.plan import Outcomes, Plan, Point, Task
from experiments.runner.agenda import Agenda
from experiments.studies.calibrating.aims import Run, values_of
from experiments.studies.calibrating.optimum import Optimum
from experiments.studies.calibrating.options import CalibrateOptions
from experiments.studies.calibrating.population import Population

__all__ = ["CHECK", "DRAW", "FIT", "PHASE", "ROUND", "TRUTH", "CalibrateAgenda", "Months", "Search"]

PHASE, ROUND, DRAW = "phase", "round", "draw"
"""Columns of the design: part of the calibration, number of the round, number of the parameter set in it."""

FIT, TRUTH, CHECK = "fit", "truth", "predictive"

Months = Callable[[], Mapping[tuple[int, int], Mapping[str, NDArray[Any]]]]
"""Returns the monthly counts kept so far by point and replicate."""

Search = Population | Optimum


class CalibrateAgenda(Agenda):
    """Hands out a round, waits for all of it, learns its distances, and so on; at the end the predictive check.

    A luck block belongs to one set, whose bases share it: samples of a posterior may not share their luck, or what it
    does to all of them would be taken for knowledge. Only the sets among which Optuna seeks the best share one block.

    Parameters
    ----------
    plan : Plan
        Its bases are run on the same luck for every set; outcomes are those of the last.
    options : CalibrateOptions
    search : Population or Optimum
    truths : sequence of dict
        Parameter sets of the recovery test.
    months : callable
        See `Months`.
    """

    def __init__(
        self, plan: Plan, options: CalibrateOptions, search: Search, truths: Sequence[Mapping[str, Any]], months: Months
    ) -> None:
        super().__init__()
        self.points: list[Point] = []
        self._plan, self._options, self._search, self._months = plan, options, search, months
        self._replicates = plan.study.replicates.first
        self._runs_a_set = len(plan.bases) * self._replicates
        sets = options.population * options.rounds + len(truths) + options.predictive
        self.planned = sets * self._runs_a_set
        self._found: dict[tuple[int, int], Outcomes | None] = {}
        self._awaited, self._rows, self._checked = 0, 0, False
        self._round: list[list[Point]] = []
        self._truths = len(truths)
        self._begin()
        for number, values in enumerate(truths):
            self._want(TRUTH, number, number, values)

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`."""
        self._found[task.point, task.replicate] = outcomes
        self._awaited -= 1
        if self._awaited == 0 and not self._checked:
            self._end_round()

    def _begin(self) -> None:
        number = len(self._search.rounds)
        sets = self._search.propose()
        self._round = [self._want(FIT, number, draw, values) for draw, values in enumerate(sets)]
        if not sets:
            self._check()

    def _want(self, phase: str, number: int, draw: int, values: Mapping[str, Any]) -> list[Point]:
        factors = {PHASE: phase, ROUND: number, DRAW: draw, **values}
        block = 0 if phase == FIT and self._search.shares_luck else self._rows
        row = Row(self._rows, block, factors, settings_of(self._plan.factors, values))
        self._rows += 1
        points = [self._plan.point(len(self.points) + base, base, row) for base in range(len(self._plan.bases))]
        self.points += points
        tasks = [self._plan.task(point, replicate) for replicate in range(self._replicates) for point in points]
        self._left.extend(tasks)
        self._awaited += len(tasks)
        return points

    def _end_round(self) -> None:
        months = self._months()
        found = [values_of(self._search.aims, self._runs(points, months)) for points in self._round]
        self._search.hear(np.array(found))
        self._begin()

    def _runs(
        self, points: Sequence[Point], months: Mapping[tuple[int, int], Mapping[str, NDArray[Any]]]
    ) -> list[list[Run | None]]:
        return [
            [self._run((point.number, replicate), months) for point in points] for replicate in range(self._replicates)
        ]

    def _run(self, key: tuple[int, int], months: Mapping[tuple[int, int], Mapping[str, NDArray[Any]]]) -> Run | None:
        outcomes = self._found[key]
        return None if outcomes is None else Run(outcomes, months.get(key, {}))

    def _check(self) -> None:
        """Ask for draws of the posterior with fresh luck."""
        self._checked = True
        draws = self._search.sample(self._options.predictive)
        for number, values in enumerate(draws):
            self._want(CHECK, number, number, values)
        sets = self._options.population * len(self._search.rounds) + self._truths + len(draws)
        self.planned = sets * self._runs_a_set
