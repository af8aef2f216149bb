"""Randomised saturation: direct effect and spill-over by the share of streets reformed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.stats import Interval, mean_interval, paired_difference
from experiments.studies.dated.intervals import interval_json
from experiments.studies.dated.panel import Panel
from experiments.studies.dated.saturating import Arm

__all__ = ["ESTIMANDS", "AtSaturation", "Saturated", "Saturation", "saturated", "saturation"]

Parts = dict[float, dict[int, dict[str, float]]]
"""Means of a run's streets, by name, by saturation and replicate."""

ESTIMANDS = ("direct", "spill_over", "total", "overall")


@dataclass(frozen=True)
class Saturated:
    """One run, reduced to what the estimands need.

    Attributes
    ----------
    replicate : int
    level : float
    reformed : array (streets,)
        Which streets.
    values : array (streets,)
        Mean of the measure over the periods under the reform, not-a-number where a street had no case.
    """

    replicate: int
    level: float
    reformed: NDArray[np.bool_]
    values: NDArray[np.float64]


def saturated(panel: Panel, measure: str, arm: Arm, day: int) -> Saturated:
    """Return a run reduced to street means of a measure over the whole periods from the day of the reform on."""
    under = panel.whole & (panel.first_day >= day)
    values = panel.share(measure)[:, under].mean(axis=1)
    return Saturated(arm.replicate, arm.level, np.isin(panel.streets, list(arm.streets)), values)


@dataclass(frozen=True)
class AtSaturation:
    """Effects at one saturation, with 95 % intervals over runs; undefined ones have no mean.

    Attributes
    ----------
    level : float
    runs : int
    direct : Interval
        Reformed less other streets of the same district.
    spill_over : Interval
        Other streets less streets of districts without any reform.
    total : Interval
        Reformed streets less streets of districts without any reform: direct + spill-over.
    overall : Interval
        All streets less those of districts without any reform: what the district gains.
    step : Interval
        Overall effect less that of the saturation before: below 0 where reforming more streets takes something away.
    """

    level: float
    runs: int
    direct: Interval
    spill_over: Interval
    total: Interval
    overall: Interval
    step: Interval

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        effects = {name: interval_json(getattr(self, name)) for name in (*ESTIMANDS, "step")}
        return {"level": self.level, "runs": self.runs, **effects}


@dataclass(frozen=True)
class Saturation:
    """Effects by saturation.

    Attributes
    ----------
    measure : str
    luck : str
        "paired": each street is compared with itself under the same luck without the reform; "independent": with the
        mean of other runs.
    levels : tuple of AtSaturation
        Above 0, which is what they are compared with.
    """

    measure: str
    luck: Literal["paired", "independent"]
    levels: tuple[AtSaturation, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        return {"measure": self.measure, "luck": self.luck, "levels": [each.as_json() for each in self.levels]}


def saturation(measure: str, runs: Sequence[Saturated]) -> Saturation:
    """Estimate effects by saturation.

    Where every run has its twin at saturation 0, streets are compared with themselves; else runs with runs.

    Parameters
    ----------
    measure : str
    runs : sequence of Saturated

    Raises
    ------
    ValueError
        If no run has saturation 0.
    """
    pure = {run.replicate: run for run in runs if run.level == 0.0}
    if not pure:
        raise ValueError("saturation: expected levels that include 0, got no run without the reform.")
    paired = all(run.replicate in pure for run in runs)
    parts = _changes(runs, pure) if paired else _levels(runs)
    levels = sorted(parts)
    compared = _pairs if paired else _welch
    none = {} if paired else {replicate: part["overall"] for replicate, part in parts[0.0].items()}
    at = []
    for before, level in itertools.pairwise(levels):
        effects = {name: _column(parts[level], name) for name in ESTIMANDS}
        step = compared(effects["overall"], _column(parts[before], "overall"))
        at.append(AtSaturation(level, len(parts[level]), step=step, **_against(effects, none)))
    return Saturation(measure, "paired" if paired else "independent", tuple(at))


def _changes(runs: Sequence[Saturated], pure: Mapping[int, Saturated]) -> Parts:
    """Return means by saturation and replicate, of streets less themselves without the reform."""
    parts: Parts = {}
    for run in runs:
        change = run.values - pure[run.replicate].values
        parts.setdefault(run.level, {})[run.replicate] = _means(run.reformed, change)
    return parts


def _levels(runs: Sequence[Saturated]) -> Parts:
    """Return means by saturation and replicate."""
    parts: Parts = {}
    for run in runs:
        parts.setdefault(run.level, {})[run.replicate] = _means(run.reformed, run.values)
    return parts


def _means(reformed: NDArray[np.bool_], values: NDArray[np.float64]) -> dict[str, float]:
    """Return means of all, of the reformed and of the other streets, and the difference of these."""
    groups = {"overall": np.ones(len(values), bool), "total": reformed, "spill_over": ~reformed}
    known = np.isfinite(values)
    means = {
        name: float(values[group & known].mean()) if (group & known).any() else float("nan")
        for name, group in groups.items()
    }
    return means | {"direct": means["total"] - means["spill_over"]}


def _column(parts: Mapping[int, Mapping[str, float]], name: str) -> dict[int, float]:
    return {replicate: part[name] for replicate, part in parts.items()}


def _against(effects: Mapping[str, dict[int, float]], none: dict[int, float]) -> dict[str, Interval]:
    """Return intervals of changes, or, where runs without the reform are given, of levels against these."""
    return {
        name: _welch(values, none) if none and name != "direct" else mean_interval(list(values.values()))
        for name, values in effects.items()
    }


def _pairs(after: Mapping[int, float], before: Mapping[int, float]) -> Interval:
    """Return the mean difference over the replicates of both."""
    both = sorted(set(after) & set(before))
    return paired_difference([before[each] for each in both], [after[each] for each in both]).interval


def _welch(after: Mapping[int, float], before: Mapping[int, float]) -> Interval:
    """Return the difference of two means of independent runs with Welch's interval."""
    from scipy.stats import ttest_ind

    one, two = (np.array([value for value in each.values() if np.isfinite(value)]) for each in (after, before))
    if not len(one) or not len(two):
        return Interval(None, None, None)
    mean = float(one.mean() - two.mean())
    if min(len(one), len(two)) < FEWEST or max(np.ptp(one), np.ptp(two)) == 0.0:
        return Interval(mean, None, None)
    bounds = ttest_ind(one, two, equal_var=False).confidence_interval()
    return Interval(mean, float(bounds.low), float(bounds.high))


FEWEST = 2
"""Runs of each saturation without which there is no interval."""
