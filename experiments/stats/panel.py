"""Streets by periods: what an observer with the case register would tabulate, and nothing more."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import Bools, Floats

if TYPE_CHECKING:
    from model import Record, Scenario

PERIOD_DAYS, HALF_A_TICK = 30, 5e-7
"""Days of birth that make a period; days: times are whole ticks of 1/864,000 day, limits are rounded to them."""

NEVER = np.iinfo(np.int64).max  # day of adoption of a street that no reform reaches

COUNTS = ("due", "in_time", "reported", "closed_30", "closed")


class Measure(NamedTuple):
    """A ratio of two sums of a cell, with its unit."""

    numerator: str
    denominator: str
    unit: str


MEASURES = {
    "closure_rate": Measure("in_time", "due", "share"),
    "closure_rate_30d": Measure("closed_30", "reported", "share"),
    "days_to_close_mean": Measure("days", "closed", "days"),
}
"""Measures of a cell; the first two are the outcomes of that name, cell by cell."""


@dataclass(frozen=True)
class Panel:
    """Cases of the cohort by street and by period of birth.

    Attributes:
        streets (array (streets,)): Codes.
        edges (array (periods + 1,)): Days of the run at which periods begin and the last one ends; those at the ends
            may be short.
        sums (dict of arrays (streets, periods)): `reported`: reported or found with `run.least_follow_up_days` of their
            follow-up left; `closed`: of these, really closed within follow-up, `days` from first report to last real
            closure; `closed_30`: within 30 days; `due`: of the reported, those of a deadline class that the step
            resolves; `in_time`: of the due, really closed within the class's limit from first report.
    """

    streets: NDArray[Any]
    edges: NDArray[np.int64]
    sums: Mapping[str, NDArray[Any]]

    def share(self, measure: str) -> Floats:
        """Return a measure of `MEASURES` by street and period, not-a-number where its denominator is 0."""
        top, bottom, _ = MEASURES[measure]
        return np.where(self.sums[bottom] > 0, self.sums[top] / np.maximum(self.sums[bottom], 1), np.nan)

    @property
    def first_day(self) -> NDArray[np.int64]:
        return self.edges[:-1]

    @property
    def whole(self) -> Bools:
        """Which periods are whole: estimators use no other."""
        return np.asarray(np.diff(self.edges) == PERIOD_DAYS)

    def means_from(self, day: int, measure: str) -> Floats:
        """Return each street's mean of a measure over the whole periods from a day on; NaN with a cell without case."""
        under = self.whole & (self.first_day >= day)
        return np.asarray(self.share(measure)[:, under].mean(axis=1))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Panel:
        edges, streets = np.asarray(arrays["panel_edge"]), np.asarray(arrays["panel_street"])
        shape = (len(streets), len(edges) - 1)
        sums = {name: np.asarray(arrays[f"panel_{name}"]).reshape(shape) for name in (*COUNTS, "days")}
        return cls(streets, edges, sums)


def day_limits(scenario: Scenario) -> tuple[tuple[str, float], ...]:
    """Return the days that each kind allows, 0 where the step does not resolve its class; in the order of codes."""
    deadlines, steps = scenario.world.deadlines, scenario.run.steps_per_day
    limits = sorted((kind.code, float(getattr(deadlines, kind.deadline))) for kind in scenario.world.kinds)
    return tuple((code, limit if limit * steps >= 1.0 else 0.0) for code, limit in limits)


@dataclass(frozen=True)
class PanelReduction:
    """From a record with its cases to the arrays of its panel; small, so that it travels to workers.

    `limits` are as `day_limits` has them, `edges` those of the panel.
    """

    limits: tuple[tuple[str, float], ...]
    edges: tuple[int, ...]
    follow_up_days: int
    least_follow_up_days: int

    @classmethod
    def of(cls, scenario: Scenario, *, anchor_day: int | None = None) -> PanelReduction:
        """Return the reduction for runs of a scenario, or of one that differs in neither deadlines nor window.

        A period begins on the anchor day, as that of the reform; by default on the first of the window.
        """
        run = scenario.run
        start, end = run.warm_up_days, run.warm_up_days + run.window_days
        first = start + ((start if anchor_day is None else anchor_day) - start) % PERIOD_DAYS
        edges = tuple(sorted({start, *range(first, end, PERIOD_DAYS), end}))
        return cls(day_limits(scenario), edges, run.follow_up_days, run.least_follow_up_days)

    def panel(self, record: Record) -> Panel:
        """Return the panel of a run.

        Raises:
            ValueError: If the run kept no cases, or counted otherwise by street, as with other deadlines.
        """
        if record.cases is None:
            raise ValueError("The run kept no cases. Simulate it with cases=True.")
        streets = record.units["code"][record.units["level"] == "street"]
        panel = Panel(streets, np.array(self.edges), self._sums(record.cases, streets))
        for name, counted in (("due", "due"), ("in_time", "closed_in_time")):
            if not np.array_equal(panel.sums[name].sum(axis=1), record.histograms[counted]):
                raise ValueError(f"The panel's cases {name} differ from those the run counted by street.")
        return panel

    def __call__(self, record: Record) -> dict[str, Any]:
        """Return the panel of a run as flat arrays, which a study keeps."""
        panel = self.panel(record)
        flat = {f"panel_{name}": np.ravel(values) for name, values in panel.sums.items()}
        axes = {"street": panel.streets, "edge": panel.edges, "length": np.array([PERIOD_DAYS])}
        return {f"panel_{name}": each for name, each in axes.items()} | flat

    def _sums(self, cases: Mapping[str, Any], streets: NDArray[Any]) -> dict[str, NDArray[Any]]:
        kinds, limits = (np.array(each) for each in zip(*self.limits, strict=True))
        limit = limits[np.searchsorted(kinds, cases["kind"])]
        until = cases["born"] + self.follow_up_days + HALF_A_TICK
        reported = cases["reported"] <= until - self.least_follow_up_days  # not-a-number, where never reported, is not
        closed = reported & (cases["closed"] <= until)
        days = cases["closed"] - cases["reported"]
        due, lasted = reported & (limit > 0.0), days - HALF_A_TICK
        flags = (due, due & closed & (lasted <= limit), reported, closed & (lasted <= 30.0), closed)
        shape, order = (len(streets), len(self.edges) - 1), np.argsort(streets)
        street = order[np.searchsorted(streets, cases["street"], sorter=order)]
        cell = street * shape[1] + np.searchsorted(self.edges, cases["born"], "right") - 1
        sums = {name: np.bincount(cell[flag], None, np.prod(shape)) for name, flag in zip(COUNTS, flags, strict=True)}
        sums["days"] = np.bincount(cell[closed], days[closed], np.prod(shape))
        return {name: values.reshape(shape) for name, values in sums.items()}


@dataclass(frozen=True)
class Trial:
    """A balanced panel of one measure: streets by whole periods, with the period in which each street is reformed.

    Attributes:
        values, first_day (array (streets, periods), array (periods,)):
        adopted (array (streets,)): Place of the first period under the reform, their number where it never comes.
        left_out: Streets of which a cell has no case, or that the reform reached before the panel.
    """

    values: Floats
    adopted: NDArray[np.int64]
    first_day: NDArray[np.int64]
    left_out: tuple[str, ...] = ()

    @property
    def periods(self) -> int:
        return int(self.values.shape[1])

    @property
    def treated(self) -> Bools:
        return np.asarray(self.adopted < self.periods)

    @property
    def under(self) -> Floats:
        """1 for cells under the reform, 0 for others: (streets, periods)."""
        return (np.arange(self.periods) >= self.adopted[:, None]).astype(np.float64)

    @property
    def starts(self) -> list[int]:
        return sorted({int(each) for each in self.adopted[self.treated]})

    @property
    def start(self) -> int:
        """The one period in which streets are reformed; with several, `staggered` has the estimator."""
        if len(self.starts) != 1:
            raise ValueError(f"dates of reform: expected one, got {len(self.starts)}.")
        return self.starts[0]

    @property
    def relative(self) -> NDArray[np.int64]:
        """Periods counted from the reform, which is 0."""
        return np.asarray((self.first_day - self.first_day[self.start]) // PERIOD_DAYS)

    def washed_out(self, periods: int) -> Trial:
        """Return the trial without the last periods before the reform, whose cases were still open when it began."""
        start = self.start
        if not 0 <= periods < start:
            raise ValueError(f"periods washed out: expected 0 to {start - 1}, got {periods}.")
        kept = np.r_[: start - periods, start : self.periods]
        adopted = np.where(self.treated, start - periods, len(kept))
        return dataclasses.replace(self, values=self.values[:, kept], adopted=adopted, first_day=self.first_day[kept])


def trials_of(panels: Sequence[Panel], measure: str, adoption: NDArray[np.int64]) -> list[Trial]:
    """Return worlds run with the same seed as trials of the same streets and periods.

    `adoption` is the day of the reform by street, `NEVER` where none.

    Raises:
        ValueError: If a reform begins within a period.
    """
    first = panels[0]
    days = first.first_day[first.whole]
    values = np.stack([panel.share(measure)[:, panel.whole] for panel in panels])
    within = sorted({int(day) for day in adoption[adoption != NEVER] if day not in days and days[0] < day < days[-1]})
    if within:
        raise ValueError(f"reform on day {within[0]}: lies within a period. Anchor the panel at that day.")
    kept = np.isfinite(values).all(axis=(0, 2)) & (adoption > days[0])
    left_out = tuple(str(code) for code in first.streets[~kept])
    return [Trial(world[kept], np.searchsorted(days, adoption)[kept], days, left_out) for world in values]
