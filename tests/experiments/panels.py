"""Panels with known effects."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.bias import OneTruth, Worlds
from experiments.stats.did import Estimate
from experiments.stats.panel import COUNTS, MEASURES, NEVER, PERIOD_DAYS, Panel, Trial

STREETS, PERIODS, START = 20, 10, 4


def panel(values: NDArray[np.float64]) -> Panel:
    """Return a panel in which every cell has one case due, closed in time by this share."""
    edges = np.arange(values.shape[1] + 1) * PERIOD_DAYS
    sums: dict[str, NDArray[Any]] = {name: np.ones_like(values) for name in (*COUNTS, "days")}
    sums |= {"in_time": values, "closed_30": values}
    codes = np.array([f"street{number:02d}" for number in range(len(values))])
    return Panel(codes, edges, sums)


def total(panel: Panel, measure: str) -> float:
    """Return a measure over all cells; of the first two exactly the run's outcome."""
    top, bottom = (panel.sums[name].sum() for name in MEASURES[measure][:2])
    return float(top) / float(bottom)


def paths(streets: int = STREETS, periods: int = PERIODS, seed: int = 0) -> NDArray[np.float64]:
    """Return values that differ by street and by period, and by nothing else."""
    luck = np.random.default_rng(seed)
    return np.asarray(luck.normal(size=(streets, 1)) + luck.normal(size=(1, periods)))


def trial(values: NDArray[np.float64], adopted: NDArray[np.int64]) -> Trial:
    """Return a trial of these values."""
    return Trial(values, adopted, np.arange(values.shape[1]) * PERIOD_DAYS)


def half(streets: int = STREETS, start: int = START, periods: int = PERIODS) -> NDArray[np.int64]:
    """Return the period of adoption where every other street is reformed."""
    return np.where(np.arange(streets) % 2 == 0, start, periods)


def after(adopted: NDArray[np.int64], periods: int = PERIODS) -> NDArray[np.bool_]:
    """Return which cells are under the reform."""
    return np.asarray(np.arange(periods) >= adopted[:, None])


def worlds(values: NDArray[np.float64], on_reformed: float, on_others: float, everywhere: float) -> Worlds:
    """Return three worlds of planted effects from the first period of the reform on."""
    adopted = half(values.shape[0], periods=values.shape[1])
    late = np.arange(values.shape[1])[None, :] >= START
    reformed = after(adopted, values.shape[1])
    effect = np.where(reformed, on_reformed, np.where(late, on_others, 0.0))
    adoption = np.where(adopted == START, START * PERIOD_DAYS, NEVER)
    return Worlds(panel(values), panel(values + effect), panel(values + late * everywhere), adoption)


def one_of(estimate: float, true: float, holds: bool) -> OneTruth:
    """Return a run with this estimate and true effect, whose interval holds the effect or misses it."""
    low = true - 1.0 if holds else true + 1.0
    found = Estimate(estimate, low=low, high=true + 2.0)
    none, periods = np.empty(0), np.empty(0, dtype=np.int64)
    return OneTruth(found, 0.0, None, Estimate(), true, 0.0, None, 0.0, periods, none, none)
