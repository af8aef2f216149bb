"""The runs of a calibration: which it wants, round after round, and what the parameter sets gave."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.design.designs import Row, settings_of
from experiments.design.plan import Plan, Point
from experiments.design.targets import Target
from experiments.runner.agenda import Batches
from experiments.runner.fitting import Fit
from experiments.runner.monthly import Counts, months_in, path_of, shape_of
from experiments.stats.abc import Floats
from experiments.store.opened import OpenStudy

PHASE, ROUND, DRAW = "phase", "round", "draw"
"""Columns of the design: part of the calibration, number of the round, number of the parameter set in it."""

FIT, TRUTH, CHECK = "fit", "truth", "predictive"

Months = Mapping[tuple[int, int], Counts]
"""Monthly counts by point and replicate."""


@dataclasses.dataclass(frozen=True)
class Run:
    """One run: its outcomes, and its monthly counts where these are kept."""

    outcomes: Mapping[str, float | None]
    months: Counts


def values_of(targets: Sequence[Target], runs: Sequence[Sequence[Run | None]]) -> Floats:
    """Return what a parameter set gives for each target, array (targets,).

    `runs` are by replicate, then by base scenario, the last of which outcomes are taken of; None where a run failed.
    Outcomes are means over replicates, shapes of the counts of all replicates together; NaN where a run failed, or an
    outcome or a shape is undefined.
    """
    complete = [[run for run in replicate if run is not None] for replicate in runs]
    if not runs[0] or any(len(known) < len(replicate) for known, replicate in zip(complete, runs, strict=True)):
        return np.full(len(targets), np.nan)
    shaped = any(target.over_time is not None for target in targets)
    path = path_of([[run.months for run in replicate] for replicate in complete]) if shaped else {}

    def value(target: Target) -> float:
        if target.over_time is not None:
            return shape_of(path, target.over_time)
        outcomes = [replicate[-1].outcomes.get(str(target.outcome)) for replicate in complete]
        return float(np.mean([np.nan if each is None else each for each in outcomes]))

    return np.array([value(target) for target in targets], dtype=np.float64)


class CalibrateAgenda(Batches):
    """Hands out a round, waits for all of it, learns its distances, and so on; at the end the predictive check.

    A luck block belongs to one set, whose bases share it: samples of a posterior may not share their luck, or what it
    does to all of them would be taken for knowledge. Only the sets among which Optuna seeks the best share one block.

    `truths` are the parameter sets of the recovery test; `months` returns the monthly counts kept so far.
    """

    def __init__(self, plan: Plan, fit: Fit, truths: Sequence[Mapping[str, Any]], months: Callable[[], Months]) -> None:
        self._fit, self._months, self._truths = fit, months, len(truths)
        self._runs_a_set = len(plan.bases) * plan.study.replicates.first
        options = fit.options
        sets = options.population * options.rounds + len(truths) + options.predictive
        super().__init__(plan, sets * self._runs_a_set)
        self._rows, self._checked = 0, False
        self._round: list[list[Point]] = []
        self._begin()
        for number, values in enumerate(truths):
            self._want(TRUTH, number, number, values)

    def _begin(self) -> None:
        number, sets = len(self._fit.rounds), self._fit.propose()
        self._round = [self._want(FIT, number, draw, values) for draw, values in enumerate(sets)]
        if not sets:
            self._check()

    def _want(self, phase: str, number: int, draw: int, values: Mapping[str, Any]) -> list[Point]:
        factors = {PHASE: phase, ROUND: number, DRAW: draw, **values}
        block = 0 if phase == FIT and self._fit.shares_luck else self._rows
        row = Row(self._rows, block, factors, settings_of(self._plan.factors, values))
        self._rows += 1
        points = [self._plan.point(len(self.points) + base, base, row) for base in range(len(self._plan.bases))]
        self.want_points(points)
        return points

    def end_batch(self) -> None:
        """See `Batches.end_batch`."""
        if self._checked:
            return
        months, targets = self._months(), self._fit.options.all_targets

        def run(point: Point, replicate: int) -> Run | None:
            key = point.number, replicate
            outcomes = self._outcomes[key]
            return None if outcomes is None else Run(outcomes, months.get(key, {}))

        found = [
            values_of(targets, [[run(point, replicate) for point in points] for replicate in range(self._replicates)])
            for points in self._round
        ]
        self._fit.learn(np.array(found))
        self._begin()

    def _check(self) -> None:
        """Want draws of the posterior with fresh luck."""
        self._checked, options = True, self._fit.options
        draws = self._fit.sample(options.predictive)
        for number, values in enumerate(draws):
            self._want(CHECK, number, number, values)
        sets = options.population * len(self._fit.rounds) + self._truths + len(draws)
        self.planned = sets * self._runs_a_set


class FinishedSets:
    """What the parameter sets of a study on disk gave, by what they were wanted for."""

    def __init__(self, opened: OpenStudy, targets: Sequence[Target]) -> None:
        self._targets, self._replicates = targets, opened.study.replicates.first
        months = months_in(opened.series) if any(target.over_time for target in targets) else {}
        keys = {(row["point"], row["replicate"]): row for row in opened.table.to_pylist()}
        self._runs = {key: Run({name: row[name] for name in opened.outcomes}, months.get(key, {}))
                      for key, row in keys.items()}  # fmt: skip
        self._points: dict[tuple[str, int, int], list[int]] = {}
        for row in opened.design.select(["point", PHASE, ROUND, DRAW]).to_pylist():
            self._points.setdefault((row[PHASE], row[ROUND], row[DRAW]), []).append(row["point"])

    def _of(self, phase: str, number: int, draw: int) -> list[list[Run | None]]:
        """Return the runs of a set by replicate and base; none where it was never wanted."""
        points = sorted(self._points.get((phase, number, draw), []))
        return [[self._runs.get((point, replicate)) for point in points] for replicate in range(self._replicates)]

    def _values(self, sets: Sequence[list[list[Run | None]]]) -> Floats:
        found = [values_of(self._targets, runs) for runs in sets]
        return np.array(found, dtype=np.float64).reshape(len(sets), len(self._targets))

    def round(self, number: int, sets: int) -> Floats:
        """Return what the sets of a round gave, array (sets, targets)."""
        return self._values([self._of(FIT, number, draw) for draw in range(sets)])

    def of(self, phase: str) -> tuple[Floats, Floats]:
        """Return what truths or draws gave (sets, targets), and the same by replicate (sets, replicates, targets)."""
        numbers = sorted(number for each, number, _ in self._points if each == phase)
        found = [self._of(phase, number, number) for number in numbers]
        single = [self._values([[replicate] for replicate in runs]) for runs in found]
        shape = (len(found), self._replicates, len(self._targets))
        return self._values(found), np.array(single, dtype=np.float64).reshape(shape)
