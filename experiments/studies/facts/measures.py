"""How each pattern is measured: from the runs of its arms to one number a replicate."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.studies.facts.arms import Arms, Floats
from experiments.studies.facts.form import Check

__all__ = ["MEASURES", "Measure", "best_inside", "peak"]


@dataclass(frozen=True)
class Measure:
    """A way to measure.

    Attributes
    ----------
    of : callable
        From arms and check to an array (replicates,), NaN where undefined.
    cases : bool
        Whether it needs what is made of the runs' cases.
    asks : {"", "outcome"}
        What the check must name.
    """

    of: Callable[[Arms, Check], Floats]
    cases: bool = True
    asks: Literal["", "outcome"] = ""


def _level(arms: Arms, check: Check) -> Floats:
    """An outcome of the first arm."""
    return arms.outcome(check.start, check.outcome)


def _change(arms: Arms, check: Check) -> Floats:
    """An outcome at the end of a change less at its start, on the same luck."""
    return arms.outcome(check.end, check.outcome, last=True) - arms.outcome(check.start, check.outcome)


def _means(arms: Arms, outcome: str | None) -> Floats:
    """Return the mean of an outcome in every arm, NaN where it is undefined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of nothing but NaN: its mean is NaN
        return np.array([np.nanmean(arms.outcome(name, outcome)) for name in arms.names])


def best_inside(arms: Arms, outcome: str | None) -> str | None:
    """Return the inner arm of a sweep with the highest mean; None where all are undefined."""
    inside = _means(arms, outcome)[1:-1]
    return None if np.isnan(inside).all() else arms.names[1 + int(np.nanargmax(inside))]


def _inner_gain(arms: Arms, check: Check) -> Floats:
    """What the best inner arm of a sweep has over the better end."""
    best = best_inside(arms, check.outcome)
    if best is None:
        return np.full_like(arms.outcome(None, check.outcome), np.nan)
    inside = arms.outcome(best, check.outcome)
    gains = [inside - arms.outcome(end, check.outcome) for end in (arms.names[0], arms.names[-1])]
    return min(gains, key=lambda gain: float(np.nan_to_num(np.nanmean(gain), nan=np.inf)))


def peak(arms: Arms, outcome: str | None) -> str | None:
    """Return the arm, not the last one, with the highest mean; None where all are undefined."""
    means = _means(arms, outcome)[:-1]
    return None if np.isnan(means).all() else arms.names[int(np.nanargmax(means))]


def _past_peak(arms: Arms, check: Check) -> Floats:
    """Change of an outcome from the arm at which another one peaks to the last arm."""
    start = peak(arms, check.peak_of or check.outcome)
    if start is None:
        return np.full_like(arms.outcome(None, check.outcome), np.nan)
    return arms.outcome(None, check.outcome, last=True) - arms.outcome(start, check.outcome)


def _paths(arms: Arms, check: Check) -> tuple[Floats, Floats, Floats]:
    """Return what a dated reform adds in the first, middle and last third of a year, with it less without it."""
    gain = arms.monthly(check.end or arms.names[-1]) - arms.monthly(check.start or arms.names[0])
    return gain[:, :4].mean(axis=1), gain[:, 4:8].mean(axis=1), gain[:, 8:].mean(axis=1)


def _rise(arms: Arms, check: Check) -> Floats:
    """What a dated reform adds to closure on time in the last third of its first year."""
    return _paths(arms, check)[2]


def _bend(arms: Arms, check: Check) -> Floats:
    """How far the path lies above the straight line from its first to its last third."""
    first, middle, last = _paths(arms, check)
    return middle - (first + last) / 2


def _drawn(arms: Arms, check: Check) -> Floats:
    """Requests that a better response draws: with reform and feedback, over what each does alone."""
    without, with_reform, feedback, both = (arms.number(name, "requests") for name in arms.names)
    return both * without / (with_reform * feedback) - 1.0


def _number(name: str) -> Measure:
    def kept(arms: Arms, check: Check) -> Floats:
        return arms.number(check.start or arms.names[0], name)

    return Measure(kept)


_NUMBERS = (
    "sigma_log", "kinds_in_spread", "kinds_lognormal", "passes_dispersion", "hazard_slope", "longer_by_pass",
    "top_passes", "top_excess", "quarter_fall", "quarter_step", "arrivals_dispersion", "weekend_ratio",
    "street_advantage", "kinds_streets_ahead", "nobodys_excess",
)  # fmt: skip
"""Kept of a run by `Kept`, where each is told."""

MEASURES: dict[str, Measure] = {
    **{name: _number(name) for name in _NUMBERS},
    "level": Measure(_level, cases=False, asks="outcome"),
    "change": Measure(_change, cases=False, asks="outcome"),
    "inner_gain": Measure(_inner_gain, cases=False, asks="outcome"),
    "past_peak": Measure(_past_peak, cases=False, asks="outcome"),
    "rise": Measure(_rise),
    "bend": Measure(_bend),
    "drawn": Measure(_drawn),
}
"""By name."""
