"""The runs of a calibration: which it wants, round after round, what parameter sets gave, and official monthly figures.

An official rate counts what is declared: a case counts in the month in which it was reported, and is followed to the
end of its follow-up, so that every month is complete. A reform's path is the difference between a run with it and its
twin without on the same luck: season and drift, which both share, fall out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.design.designs import Row, settings_of
from experiments.design.plan import Plan, Point
from experiments.design.targets import DRAW, PHASE, ROUND, CalibrateOptions, OverTime, Shape, Target
from experiments.runner.agenda import Batches
from experiments.runner.fitting import fit_of, truths_of
from experiments.stats.abc import Floats
from experiments.stats.panel import HALF_A_TICK, day_limits
from experiments.store.opened import OpenStudy
from experiments.store.store import Study

if TYPE_CHECKING:
    from model import Record, Scenario

FIT, TRUTH, CHECK = "fit", "truth", "predictive"

MEASURES: dict[str, tuple[str, str]] = {
    "response_rate": ("responded", "due"),
    "reported_closure_rate": ("declared", "due"),
    "satisfaction": ("satisfaction", "reported"),
}
"""Numerator and denominator of each monthly figure; over the whole cohort exactly the outcome of that name."""

CLOSED, IN_TIME, NEVER_REOPENED = 0.5, 0.3, 0.2  # parts of the outcome `satisfaction`; a test holds them to it

PREFIX = "month_"

Counts = Mapping[str, NDArray[Any]]  # monthly counts of a run by name


@dataclasses.dataclass(frozen=True)
class Monthly:
    """From a record with its cases to counts by month of report; small, so that it travels to workers.

    `limits` are as `day_limits` has them.
    """

    limits: tuple[tuple[str, float], ...]
    follow_up_days: int
    least_follow_up_days: int
    first_day: int
    months: int
    month_days: int

    @classmethod
    def of(cls, scenario: Scenario, reform: OverTime) -> Monthly:
        """Return the reduction for runs of a scenario, or of one that differs in neither deadlines nor window."""
        days = scenario.run.follow_up_days, scenario.run.least_follow_up_days
        return cls(day_limits(scenario), *days, reform.first_day, reform.months, reform.month_days)

    def __call__(self, record: Record) -> dict[str, Any]:
        """Return what a study keeps of a run: arrays (months,) by name."""
        assert record.cases is not None  # asked for where this is used
        cases = record.cases
        limit = np.array([dict(self.limits)[kind] for kind in cases["kind"].tolist()])
        until = cases["born"] + self.follow_up_days + HALF_A_TICK
        month = np.floor_divide(cases["reported"] - self.first_day, self.month_days)
        known = (cases["reported"] <= until - self.least_follow_up_days) & (month >= 0) & (month < self.months)
        due = known & (limit > 0.0)

        def within(name: str) -> NDArray[np.bool_]:
            inside = (cases[name] <= until) & (cases[name] - cases["reported"] - HALF_A_TICK <= limit)
            return np.asarray(due & inside)

        def count(flag: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
            counted = np.bincount(month[flag].astype(np.int64), weights, self.months)
            return np.asarray(counted, dtype=np.float64)

        closed = known & (cases["closed"] <= until)
        parts = CLOSED + IN_TIME * within("closed") + NEVER_REOPENED * ~(cases["reopened"] <= until)
        found = {"due": count(due), "responded": count(within("responded")), "declared": count(within("declared")),
                 "reported": count(known), "satisfaction": count(closed, parts[closed])}  # fmt: skip
        return {PREFIX + name: values for name, values in found.items()}


def path_of(runs: Sequence[Sequence[Counts]]) -> dict[str, Floats]:
    """Return by measure the reform's effect, array (months,), from the counts of all replicates together.

    `runs` are by replicate, then without the reform and with it; NaN where a month has no case.
    """

    def rate(place: int, top: str, bottom: str) -> Floats:
        above, below = (
            np.asarray(sum(np.asarray(replicate[place][PREFIX + name], dtype=np.float64) for replicate in runs))
            for name in (top, bottom)
        )
        return np.where(below > 0, above / np.maximum(below, 1.0), np.nan)

    return {name: rate(1, *parts) - rate(0, *parts) for name, parts in MEASURES.items()}


def shape_of(path: Mapping[str, Floats], shape: Shape) -> float:
    """Return a shape; not-a-number for a share or a ratio of something that rises by no more than `shape.least`."""

    def around(measure: str, middle: int) -> float:
        """Return the mean of the months around one, as far as there are such months."""
        half = shape.over // 2
        return float(np.mean(path[measure][max(0, middle - half) : middle + half + 1]))

    def rise(measure: str, month: int) -> float:
        """Return by how much a measure has risen in a month; before the reform it is zero."""
        return around(measure, month) - (0.0 if shape.first is None else around(measure, shape.first))

    risen = rise(shape.measure, shape.last)
    if shape.shape == "rise":
        return risen
    if shape.shape == "sign_of_rise":
        return float(np.sign(risen))
    if shape.at is not None:  # share_of_rise
        part, of = rise(shape.measure, shape.at), risen
    else:
        part, of = risen, rise(str(shape.other), shape.last)
    return part / of if of > shape.least else float("nan")


def months_in(table: pa.Table) -> dict[tuple[int, int], Counts]:
    """Return the monthly counts in a study's table of series by point and replicate."""
    names = [name for name in table.column_names if name.startswith(PREFIX)]
    return {
        (row["point"], row["replicate"]): {name: np.asarray(row[name]) for name in names}
        for row in table.select(["point", "replicate", *names]).to_pylist()
    }


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
    """

    def __init__(self, plan: Plan, options: CalibrateOptions, folder: Path) -> None:
        seed, recovery = plan.study.seed, options.recovery
        self._fit, self._stored = fit_of(plan.factors, options, seed), Study(folder, plan.outcomes, print)
        self._runs_a_set = len(plan.bases) * plan.study.replicates.first
        super().__init__(plan, options.sets * self._runs_a_set)
        self._rows, self._checked = 0, False
        self._round: list[list[Point]] = []
        self._begin()
        for number, values in enumerate(truths_of(plan.factors, recovery.truths, seed) if recovery else []):
            self._want(TRUTH, number, number, values)

    def _begin(self) -> None:
        """Want the next round; after the last, draws of the posterior with fresh luck."""
        number, sets, options = len(self._fit.rounds), self._fit.propose(), self._fit.options
        self._round = [self._want(FIT, number, draw, values) for draw, values in enumerate(sets)]
        if sets:
            return
        self._checked, draws = True, self._fit.sample(options.predictive)
        for place, values in enumerate(draws):
            self._want(CHECK, place, place, values)
        truths = options.recovery.truths if options.recovery else 0
        self.planned = (options.population * number + truths + len(draws)) * self._runs_a_set

    def _want(self, phase: str, number: int, draw: int, values: Mapping[str, Any]) -> list[Point]:
        factors = {PHASE: phase, ROUND: number, DRAW: draw, **values}
        block = 0 if phase == FIT and self._fit.shares_luck else self._rows
        row = Row(self._rows, block, factors, settings_of(self._plan.factors, values))
        self._rows += 1
        points = [self._plan.point(len(self.points) + base, base, row) for base in range(len(self._plan.bases))]
        self.want_points(points)
        return points

    def end_batch(self) -> None:
        if self._checked:
            return
        # counts of the runs that ended are on disk before the agenda learns of them
        months = months_in(self._stored.series()) if self._fit.options.over_time else {}

        def run(point: Point, replicate: int) -> Run | None:
            key = point.number, replicate
            outcomes = self._outcomes[key]
            return None if outcomes is None else Run(outcomes, months.get(key, {}))

        found = []
        for points in self._round:
            runs = [[run(point, replicate) for point in points] for replicate in range(self._replicates)]
            found.append(values_of(self._fit.options.all_targets, runs))
        self._fit.learn(np.array(found))
        self._begin()


class FinishedSets:
    """What the parameter sets of a study on disk gave, by what they were wanted for."""

    def __init__(self, opened: OpenStudy, targets: Sequence[Target]) -> None:
        self._targets, self._replicates = targets, opened.study.replicates.first
        months = months_in(opened.series_table) if any(target.over_time for target in targets) else {}
        self._runs: dict[tuple[int, int], Run] = {}
        for row in opened.table.to_pylist():
            key = row["point"], row["replicate"]
            self._runs[key] = Run({name: row[name] for name in opened.outcomes}, months.get(key, {}))
        self._points: dict[tuple[str, int, int], list[int]] = {}
        for row in opened.design_table.select(["point", PHASE, ROUND, DRAW]).to_pylist():
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
