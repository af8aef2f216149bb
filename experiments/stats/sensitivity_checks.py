"""What a reader of sensitivity indices must be warned of, and how far an outcome goes over all worlds of a design."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import UNDEFINED, Interval, mean_interval
from experiments.stats.sensitivity import Analysis, Index

STRAY = 0.02
"""A dummy above this share, or above this part of the largest effect, is itself a finding: it should be 0."""

SLACK = 0.1
"""How far sums of indices may lie from what they must be without a warning."""

WIDE = 0.1
"""Half width, as a share of variance or of the largest effect, above which more runs are advised."""

ENDS = (0.025, 0.5, 0.975)


@dataclasses.dataclass(frozen=True)
class Diagnostics:
    """What is doubtful about an analysis.

    Attributes:
        stray_dummy: The dummy has an index: rows of a group did not share their seeds, or a rule reads it.
        inert, within_dummy, below_luck: Parameters whose index is exactly 0, so that nothing reads them under these
            regimes; whose interval begins below the end of the dummy's; that matter less than other random seeds.
        sum_of_first, sum_of_total: Over all parameters and luck, by "sobol"; the first must not exceed 1, the second
            must reach it.
        widest, runs_needed: The parameter with the widest interval, where it is too wide, and the runs for which it
            would be narrow enough, roughly: widths fall with the root of the runs.
        disagreements (tuple of (str, str)): The first clearly matters more than the second by one method and less by
            the other.
    """

    stray_dummy: bool = False
    inert: tuple[str, ...] = ()
    within_dummy: tuple[str, ...] = ()
    below_luck: tuple[str, ...] = ()
    sum_of_first: float | None = None
    sum_of_total: float | None = None
    widest: str | None = None
    runs_needed: int | None = None
    disagreements: tuple[tuple[str, str], ...] = ()

    @property
    def strange_sums(self) -> bool:
        """Whether a sum misses its bound by more than the estimates should."""
        first, total = self.sum_of_first, self.sum_of_total
        return first is not None and total is not None and (first > 1 + SLACK or total < 1 - SLACK)

    @property
    def interactions(self) -> float | None:
        """Share of variance that no parameter explains alone, where it is large enough to report."""
        first = self.sum_of_first
        return 1 - first if first is not None and first < 1 - SLACK else None


def diagnose(analysis: Analysis, opinion: Analysis | None = None) -> Diagnostics:
    """Return what is doubtful about an analysis, `opinion` being the same outcome's by "pawn" or "delta"."""
    if not analysis.varies:
        return Diagnostics()
    distances, sums = analysis.method in ("pawn", "delta"), analysis.method == "sobol"
    # for distances luck is a second dummy, for its value is a name and each row has its own; no dummy's is ever 0
    noise = max(_highest(each) for each in ((analysis.dummy, analysis.luck) if distances else (analysis.dummy,)))
    others = [index for index in analysis.indices if index.leading.mean != 0.0]
    widest, runs_needed = _widest(analysis)
    return Diagnostics(
        stray_dummy=not distances and _value(analysis.dummy) > STRAY * _unit(analysis),
        inert=tuple(index.parameter for index in analysis.indices if index.leading.mean == 0.0),
        within_dummy=tuple(index.parameter for index in others if _lowest(index) <= noise),
        below_luck=tuple(each.parameter for each in others if not distances and _value(each) < _value(analysis.luck)),
        sum_of_first=math.fsum(index.first.mean or 0.0 for index in analysis.all_ranked) if sums else None,
        sum_of_total=math.fsum(index.total.mean or 0.0 for index in analysis.all_ranked) if sums else None,
        widest=widest,
        runs_needed=runs_needed,
        disagreements=_disagreements(analysis, opinion) if opinion is not None and opinion.varies else (),
    )


def _value(index: Index) -> float:
    return index.leading.mean or 0.0


def _lowest(index: Index) -> float:
    lowest = index.leading.mean if index.leading.low is None else index.leading.low
    return -math.inf if lowest is None else lowest


def _highest(index: Index) -> float:
    return max(_value(index), index.leading.high or 0.0)


def _unit(analysis: Analysis) -> float:
    """Return what indices are measured against: the variance, or the largest effect."""
    return max(map(_value, (*analysis.indices, analysis.luck))) if analysis.method == "morris" else 1.0


def _widest(analysis: Analysis) -> tuple[str | None, int | None]:
    widest = max(analysis.indices, key=_half)
    share = _half(widest) / (WIDE * _unit(analysis))
    if share <= 1:
        return None, None
    groups = math.ceil(analysis.groups * share**2)
    if analysis.method == "sobol":
        groups = 1 << (groups - 1).bit_length()
    return widest.parameter, groups * (analysis.runs // analysis.groups)


def _half(index: Index) -> float:
    low, high = index.leading.low, index.leading.high
    return 0.0 if low is None or high is None else (high - low) / 2


def _disagreements(analysis: Analysis, opinion: Analysis) -> tuple[tuple[str, str], ...]:
    """Return pairs that one method orders clearly and the other the other way round, by more than its noise is wide."""
    other = {index.parameter: _value(index) for index in opinion.indices}
    width = 2 * _half(opinion.dummy)
    return tuple(
        (more.parameter, less.parameter)
        for more, less in itertools.permutations(analysis.indices, 2)
        if _clearly_more(more.leading, less.leading) and other[more.parameter] + width < other[less.parameter]
    )


def _clearly_more(more: Interval, less: Interval) -> bool:
    return more.low is not None and less.high is not None and more.low > less.high


@dataclasses.dataclass(frozen=True)
class OverWorlds:
    """An outcome, or its difference, over parameters drawn from their ranges; luck is one of them.

    Attributes:
        worlds: Rows in which it is defined.
        low, median, high: The middle 95 % of the worlds and their median, in the outcome's unit; None without any
            world.
        positive: Share of the worlds in which it is above 0, with its 95 % interval over independent blocks of rows.
    """

    outcome: str
    worlds: int
    low: float | None
    median: float | None
    high: float | None
    positive: Interval

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        positive = self.positive.as_json()
        return {"worlds": self.worlds, "low": self.low, "median": self.median, "high": self.high, "positive": positive}


def over_worlds(outcome: str, values: NDArray[np.float64], block: NDArray[np.int64]) -> OverWorlds:
    """Describe an outcome over the rows of a design.

    Args:
        values (array (rows,)): NaN where undefined.
        block (array (rows,)): Which rows belong together: a Saltelli block, a trajectory, or the row alone.
    """
    known = np.isfinite(values)
    if not known.any():
        return OverWorlds(outcome, 0, None, None, None, UNDEFINED)
    low, median, high = np.quantile(values[known], ENDS).tolist()
    shares = [float((values[known & (block == each)] > 0.0).mean()) for each in np.unique(block[known])]
    return OverWorlds(outcome, int(known.sum()), low, median, high, mean_interval(shares))
