"""Streets by periods: what an observer with the case register would tabulate, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model import Record, Scenario

__all__ = ["MEASURES", "PERIOD_DAYS", "Panel", "PanelReduction", "panel_of"]

PERIOD_DAYS = 30
"""Days of birth that make a period."""

THIRTY = 30.0
"""Days within which `closure_rate_30d` wants a closure."""

HALF_A_TICK = 5e-7
"""Days; times are whole ticks of 1/864,000 day, limits are rounded to them."""

COUNTS = ("due", "in_time", "reported", "closed_30", "closed")

MEASURES: dict[str, tuple[str, str]] = {
    "closure_rate": ("in_time", "due"),
    "closure_rate_30d": ("closed_30", "reported"),
    "days_to_close_mean": ("days", "closed"),
}
"""Measures of a cell: numerator and denominator. The first two are the outcomes of that name, cell by cell."""


@dataclass(frozen=True)
class Panel:
    """Cases of the cohort by street and by period of birth.

    Attributes
    ----------
    streets : array (streets,)
        Codes, in their order.
    first_day, until_day : array (periods,)
        Days of the run from which, and before which, the cases of a period were born.
    period_days : int
        Length of a whole period; one at an end of the window may be shorter.
    sums : dict of arrays (streets, periods)
        `reported`: reported or found with `run.least_follow_up_days` of their follow-up left; `closed`: of these,
        really closed within follow-up, `days` being their days from first report to last real closure; `closed_30`: of
        these, within 30 days; `due`: of the reported, those of a deadline class that the step resolves; `in_time`: of
        the due, really closed within the class's limit from first report.
    """

    streets: NDArray[Any]
    first_day: NDArray[np.int64]
    until_day: NDArray[np.int64]
    period_days: int
    sums: Mapping[str, NDArray[Any]]

    def share(self, measure: str) -> NDArray[np.float64]:
        """Return a measure of `MEASURES` by street and period, not-a-number where its denominator is 0."""
        top, bottom = (self.sums[name] for name in MEASURES[measure])
        return np.where(bottom > 0, top / np.maximum(bottom, 1), np.nan)

    def total(self, measure: str) -> float | None:
        """Return a measure over all cells; of the first two exactly the run's outcome."""
        top, bottom = (self.sums[name].sum() for name in MEASURES[measure])
        return float(top) / float(bottom) if bottom > 0 else None

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Which periods are whole: estimators use no other."""
        return np.asarray(self.until_day - self.first_day == self.period_days)

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """Return flat arrays that a study keeps of a run; `from_arrays` undoes it."""
        flat = {f"panel_{name}": np.ravel(values) for name, values in self.sums.items()}
        edges = np.append(self.first_day, self.until_day[-1])
        return {"panel_street": self.streets, "panel_edge": edges, "panel_length": np.array([self.period_days])} | flat

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Panel:
        """Return the panel that `as_arrays` took apart."""
        edges, streets = np.asarray(arrays["panel_edge"]), np.asarray(arrays["panel_street"])
        shape = (len(streets), len(edges) - 1)
        sums = {name: np.asarray(arrays[f"panel_{name}"]).reshape(shape) for name in (*COUNTS, "days")}
        return cls(streets, edges[:-1], edges[1:], int(np.asarray(arrays["panel_length"])[0]), sums)


@dataclass(frozen=True)
class PanelReduction:
    """From a record with its cases to the arrays of its panel; small, so that it travels to workers.

    Attributes
    ----------
    limits : tuple of (str, float)
        Days that each kind allows, 0 where the step does not resolve its class; in the order of codes.
    edges : tuple of int
        Days of the run at which periods begin, and at which the last one ends.
    period_days : int
    follow_up_days, least_follow_up_days : int
    """

    limits: tuple[tuple[str, float], ...]
    edges: tuple[int, ...]
    period_days: int
    follow_up_days: int
    least_follow_up_days: int

    @classmethod
    def of(cls, scenario: Scenario, *, anchor_day: int | None = None, period_days: int = PERIOD_DAYS) -> PanelReduction:
        """Return the reduction for runs of a scenario, or of one that differs in neither deadlines nor window.

        Parameters
        ----------
        scenario : Scenario
        anchor_day : int, optional
            A day at which a period begins, as the day of the reform; the first of the window, unless given.
        period_days : int
        """
        world, run = scenario.world, scenario.run
        limits = {kind.code: float(getattr(world.deadlines, kind.deadline)) for kind in world.kinds}
        counted = {code: limit if limit * run.steps_per_day >= 1.0 else 0.0 for code, limit in limits.items()}
        edges = _edges(run.warm_up_days, run.window_days, anchor_day, period_days)
        days = run.follow_up_days, run.least_follow_up_days
        return cls(tuple(sorted(counted.items())), edges, period_days, *days)

    def panel(self, record: Record) -> Panel:
        """Return the panel of a run.

        Raises
        ------
        ValueError
            If the run kept no cases, or its own counts by street differ: then this was made for other deadlines.
        """
        if record.cases is None:
            raise ValueError("The run kept no cases. Simulate it with cases=True.")
        streets = record.units["code"][record.units["level"] == "street"]
        sums = self._sums(record.cases, streets)
        edges = np.array(self.edges)
        panel = Panel(streets, edges[:-1], edges[1:], self.period_days, sums)
        _check(panel, record)
        return panel

    def __call__(self, record: Record) -> dict[str, Any]:
        """Return what a study keeps of a run."""
        return self.panel(record).as_arrays()

    def _sums(self, cases: Mapping[str, Any], streets: NDArray[Any]) -> dict[str, NDArray[Any]]:
        flags = self._flags(cases)
        period = np.searchsorted(self.edges, cases["born"], side="right") - 1
        width = len(self.edges) - 1
        cell = _place(cases["street"], streets) * width + period
        shape, cells = (len(streets), width), len(streets) * width
        sums: dict[str, NDArray[Any]] = {
            name: np.bincount(cell[flags[name]], minlength=cells).reshape(shape) for name in COUNTS
        }
        lasted = (cases["closed"] - cases["reported"])[flags["closed"]]
        sums["days"] = np.bincount(cell[flags["closed"]], weights=lasted, minlength=cells).reshape(shape)
        return sums

    def _flags(self, cases: Mapping[str, Any]) -> dict[str, NDArray[np.bool_]]:
        kinds = np.array([code for code, _ in self.limits])
        limit = np.array([limit for _, limit in self.limits])[_place(cases["kind"], kinds)]
        until = cases["born"] + self.follow_up_days + HALF_A_TICK
        reported = cases["reported"] <= until - self.least_follow_up_days  # not-a-number, where never reported, is not
        closed = reported & (cases["closed"] <= until)
        lasted = cases["closed"] - cases["reported"] - HALF_A_TICK
        due = reported & (limit > 0.0)
        return {
            "due": due,
            "in_time": due & closed & (lasted <= limit),
            "reported": reported,
            "closed_30": closed & (lasted <= THIRTY),
            "closed": closed,
        }


def panel_of(record: Record, scenario: Scenario, *, anchor_day: int | None = None) -> Panel:
    """Return the panel of a run; see `PanelReduction`."""
    return PanelReduction.of(scenario, anchor_day=anchor_day).panel(record)


def _edges(start: int, days: int, anchor: int | None, period: int) -> tuple[int, ...]:
    """Return the first days of the periods of a window and the day after the last, one of them at the anchor."""
    first = start + ((start if anchor is None else anchor) - start) % period
    inner = range(first, start + days, period)
    return tuple(sorted({start, *inner, start + days}))


def _place(words: NDArray[Any], known: NDArray[Any]) -> NDArray[np.int64]:
    """Return the place of each word among the known ones, which are sorted."""
    order = np.argsort(known)
    return np.asarray(order[np.searchsorted(known[order], words)])


def _check(panel: Panel, record: Record) -> None:
    counted = {"due": record.histograms["due"], "in_time": record.histograms["closed_in_time"]}
    for name, by_street in counted.items():
        if not np.array_equal(panel.sums[name].sum(axis=1), by_street):
            raise ValueError(f"The panel's cases {name} differ from those the run counted by street.")
