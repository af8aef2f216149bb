"""Randomised saturation: direct effect and spill-over by the share of streets reformed.

Estimands: Hudgens & Halloran (2008), Baird, Bohren, McIntosh & Özler (2018).
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.stats.intervals import UNDEFINED, Bools, Floats, Interval, mean_interval, paired_difference

ESTIMANDS = ("direct", "spill_over", "total", "overall")


@dataclass(frozen=True)
class Saturated:
    """One run: by street whether it is reformed, and its mean over the periods under the reform, NaN if undefined."""

    replicate: int
    level: float
    reformed: Bools
    values: Floats


@dataclass(frozen=True)
class AtSaturation:
    """Effects at one saturation, with 95 % intervals over runs; undefined ones have no mean.

    Attributes:
        direct: Reformed less other streets of the same district.
        spill_over: Other streets less streets of districts without any reform.
        total: Reformed streets less streets of districts without any reform: direct + spill-over.
        overall: All streets less those of districts without any reform: what the district gains.
        step: Overall effect less that of the saturation before: below 0 where reforming more streets does harm.
    """

    level: float
    runs: int
    direct: Interval
    spill_over: Interval
    total: Interval
    overall: Interval
    step: Interval


@dataclass(frozen=True)
class Saturation:
    """Effects by saturation above 0, which is what they are compared with.

    `luck` is "paired" where each street is compared with itself under the same seed without the reform, "independent"
    where it is compared with the mean of other runs.
    """

    measure: str
    luck: Literal["paired", "independent"]
    levels: tuple[AtSaturation, ...]


def saturation(measure: str, runs: Sequence[Saturated]) -> Saturation:
    """Estimate effects by saturation.

    Where every run has its twin at saturation 0, streets are compared with themselves; else runs with runs.

    Raises:
        ValueError: If no run has saturation 0.
    """
    pure = {run.replicate: run.values for run in runs if run.level == 0.0}
    if not pure:
        raise ValueError("saturation: expected levels that include 0, got no run without the reform.")
    paired = all(run.replicate in pure for run in runs)
    parts: dict[float, dict[str, dict[int, float]]] = {}
    for run in runs:
        values = run.values - pure[run.replicate] if paired else run.values
        for name, mean in _means(run.reformed, values).items():
            parts.setdefault(run.level, {}).setdefault(name, {})[run.replicate] = mean
    none, compared = ({}, _pairs) if paired else (parts[0.0]["overall"], _welch)
    at = []
    for before, level in itertools.pairwise(sorted(parts)):
        found = parts[level]
        # differences from oneself need nothing to be compared with, and nor does the direct effect
        effects = {name: mean_interval(list(found[name].values())) if paired or name == "direct"
                   else _welch(found[name], none) for name in ESTIMANDS}  # fmt: skip
        step = compared(found["overall"], parts[before]["overall"])
        at.append(AtSaturation(level, len(found["overall"]), step=step, **effects))
    return Saturation(measure, "paired" if paired else "independent", tuple(at))


def _means(reformed: Bools, values: Floats) -> dict[str, float]:
    """Return means of all, of the reformed and of the other streets, and the difference of these."""
    known = np.isfinite(values)
    groups = {"overall": known, "total": known & reformed, "spill_over": known & ~reformed}
    means = {name: float(values[group].mean()) if group.any() else float("nan") for name, group in groups.items()}
    return means | {"direct": means["total"] - means["spill_over"]}


def _pairs(after: Mapping[int, float], before: Mapping[int, float]) -> Interval:
    both = sorted(set(after) & set(before))
    return paired_difference([before[each] for each in both], [after[each] for each in both]).interval


def _welch(after: Mapping[int, float], before: Mapping[int, float]) -> Interval:
    """Return the difference of two means of independent runs with Welch's interval."""
    from scipy.stats import ttest_ind

    one, two = (np.array([value for value in each.values() if np.isfinite(value)]) for each in (after, before))
    if not len(one) or not len(two):
        return UNDEFINED
    mean = float(one.mean() - two.mean())
    if min(len(one), len(two)) < 2 or max(np.ptp(one), np.ptp(two)) == 0.0:
        return Interval(mean)
    bounds = ttest_ind(one, two, equal_var=False).confidence_interval()
    return Interval(mean, float(bounds.low), float(bounds.high))
