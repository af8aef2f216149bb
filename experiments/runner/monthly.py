"""Official figures by month of report, and the shape of what a reform does to them.

An official rate counts what is declared: a case counts in the month in which it was reported, and is followed to the
end of its follow-up, so that every month is complete. The reform's path is the difference between a run with it and
its twin without on the same luck: season and drift, which both share, fall out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.targets import OverTime, Shape
from experiments.stats.panel import HALF_A_TICK, day_limits

if TYPE_CHECKING:
    from model import Record, Scenario

MEASURES: dict[str, tuple[str, str]] = {
    "response_rate": ("responded", "due"),
    "reported_closure_rate": ("declared", "due"),
    "satisfaction": ("satisfaction", "reported"),
}
"""Numerator and denominator of each; over the whole cohort exactly the outcome of that name."""

CLOSED, IN_TIME, NEVER_REOPENED = 0.5, 0.3, 0.2
"""Parts of the outcome `satisfaction`; a test holds them to it."""

PREFIX = "month_"

Floats = NDArray[np.float64]

Counts = Mapping[str, NDArray[Any]]
"""Monthly counts of a run by name."""


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
    without, with_it = (_rates([replicate[place] for replicate in runs]) for place in (0, 1))
    return {name: with_it[name] - without[name] for name in MEASURES}


def _rates(counts: Sequence[Counts]) -> dict[str, Floats]:
    def total(name: str) -> Floats:
        return np.asarray(sum(np.asarray(each[PREFIX + name], dtype=np.float64) for each in counts))

    return {
        name: np.where(total(bottom) > 0, total(top) / np.maximum(total(bottom), 1.0), np.nan)
        for name, (top, bottom) in MEASURES.items()
    }


def shape_of(path: Mapping[str, Floats], shape: Shape) -> float:
    """Return a shape; not-a-number for a share or a ratio of something that rises by no more than `shape.least`."""
    rise = _rise(path[shape.measure], shape, shape.last)
    if shape.shape == "rise":
        return rise
    if shape.shape == "sign_of_rise":
        return float(np.sign(rise))
    if shape.shape == "share_of_rise":
        assert shape.at is not None  # the form wants it
        return _rise(path[shape.measure], shape, shape.at) / rise if rise > shape.least else float("nan")
    assert shape.other is not None  # the form wants it
    below = _rise(path[shape.other], shape, shape.last)
    return rise / below if below > shape.least else float("nan")


def _rise(path: Floats, shape: Shape, month: int) -> float:
    """Return by how much a path has risen in a month; before the reform it is zero."""

    def around(middle: int) -> float:
        """Return the mean of the months around one, as far as there are such months."""
        half = shape.over // 2
        return float(np.mean(path[max(0, middle - half) : middle + half + 1]))

    return around(month) - (0.0 if shape.first is None else around(shape.first))


def months_in(table: Any) -> dict[tuple[int, int], Counts]:
    """Return the monthly counts in a study's table of series (pyarrow) by point and replicate."""
    names = [name for name in table.column_names if name.startswith(PREFIX)]
    return {
        (row["point"], row["replicate"]): {name: np.asarray(row[name]) for name in names}
        for row in table.select(["point", "replicate", *names]).to_pylist()
    }
