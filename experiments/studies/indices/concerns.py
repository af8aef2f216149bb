"""What a reader of indices must be warned of."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any

from experiments.stats import Interval
from experiments.studies.indices.indices import Analysis, Index

__all__ = ["Concerns", "concerns_of"]

STRAY = 0.02
"""A dummy above this share, or above this part of the largest effect, is itself a finding: it should be 0."""

SLACK = 0.1
"""How far sums of indices may lie from what they must be before that is told."""

WIDE = 0.1
"""Half width, as a share of variance or of the largest effect, above which more runs are advised."""


@dataclasses.dataclass(frozen=True)
class Concerns:
    """What is doubtful about an analysis.

    Attributes
    ----------
    stray_dummy : bool
        The dummy has an index: rows of a group did not share their luck, or a rule reads it.
    inert : tuple of str
        Parameters whose index is exactly 0: no run changed with them, so nothing reads them under these regimes.
    within_dummy : tuple of str
        Parameters whose interval begins below the end of the dummy's: not told from a parameter that does nothing.
    below_luck : tuple of str
        Parameters that matter less than a reshuffling of luck.
    sum_of_first, sum_of_total : float or None
        Over all parameters and luck; the first must not exceed 1, the second must reach it.
    strange_sums : bool
        One of them misses by more than the estimates should.
    interactions : float or None
        Share of variance that no parameter explains alone, where it is worth telling.
    widest : str or None
        The parameter with the widest interval, where it is too wide.
    runs_needed : int or None
        Runs for which that interval would be narrow enough, roughly: widths fall with the root of the runs.
    disagreements : tuple of (str, str)
        The first clearly matters more than the second by one method and less by the other.
    """

    stray_dummy: bool = False
    inert: tuple[str, ...] = ()
    within_dummy: tuple[str, ...] = ()
    below_luck: tuple[str, ...] = ()
    sum_of_first: float | None = None
    sum_of_total: float | None = None
    strange_sums: bool = False
    interactions: float | None = None
    widest: str | None = None
    runs_needed: int | None = None
    disagreements: tuple[tuple[str, str], ...] = ()


def concerns_of(analysis: Analysis, opinion: Analysis | None = None) -> Concerns:
    """Return what is doubtful about an analysis.

    Parameters
    ----------
    analysis : Analysis
    opinion : Analysis, optional
        The same outcome by "pawn" or "delta".
    """
    if not analysis.varies:
        return Concerns()
    inert = tuple(index.parameter for index in analysis.indices if index.leading(analysis.method).mean == 0.0)
    others = [index for index in analysis.indices if index.parameter not in inert]
    found = Concerns(
        stray_dummy=_stray(analysis),
        inert=inert,
        within_dummy=tuple(index.parameter for index in others if _is_noise(index, analysis)),
        below_luck=tuple(index.parameter for index in others if _below_luck(index, analysis)),
        disagreements=_disagreements(analysis, opinion) if opinion is not None and opinion.varies else (),
    )
    found = dataclasses.replace(found, **_sums(analysis)) if analysis.method == "sobol" else found
    return dataclasses.replace(found, **_widest(analysis))


def _unit(analysis: Analysis) -> float:
    """Return what indices are measured against: the variance, or the largest effect."""
    leading = (index.leading(analysis.method).mean or 0.0 for index in (*analysis.indices, analysis.luck))
    return max(leading) if analysis.method == "morris" else 1.0


def _stray(analysis: Analysis) -> bool:
    """Whether the dummy, which is 0 where luck is shared, is not; distances of a dummy are never 0."""
    dummy = analysis.dummy.leading(analysis.method).mean or 0.0
    return analysis.method in ("sobol", "morris") and dummy > STRAY * _unit(analysis)


def _noise_level(analysis: Analysis) -> float:
    """Return the highest index that a parameter without influence may have.

    For distances luck is a second dummy, for its value is a name and each row has its own.
    """
    shown = [analysis.dummy] if analysis.method in ("sobol", "morris") else [analysis.dummy, analysis.luck]
    return max(_highest(index.leading(analysis.method)) for index in shown)


def _highest(interval: Interval) -> float:
    return max(interval.mean or 0.0, interval.high or 0.0)


def _is_noise(index: Index, analysis: Analysis) -> bool:
    leading = index.leading(analysis.method)
    lowest = leading.mean if leading.low is None else leading.low
    return lowest is None or lowest <= _noise_level(analysis)


def _below_luck(index: Index, analysis: Analysis) -> bool:
    if analysis.method not in ("sobol", "morris"):
        return False
    return (index.leading(analysis.method).mean or 0.0) < (analysis.luck.leading(analysis.method).mean or 0.0)


def _sums(analysis: Analysis) -> dict[str, Any]:
    every = (*analysis.indices, analysis.dummy, analysis.luck)
    first, total = (math.fsum(each.mean or 0.0 for each in found) for found in
                    ([index.first for index in every], [index.total for index in every]))  # fmt: skip
    return {
        "sum_of_first": first,
        "sum_of_total": total,
        "strange_sums": first > 1 + SLACK or total < 1 - SLACK,
        "interactions": 1 - first if first < 1 - SLACK else None,
    }


def _widest(analysis: Analysis) -> dict[str, Any]:
    halves = {index.parameter: _half(index.leading(analysis.method)) for index in analysis.indices}
    name = max(halves, key=lambda parameter: halves[parameter])
    share = halves[name] / (WIDE * _unit(analysis))
    if share <= 1:
        return {}
    groups = math.ceil(analysis.groups * share**2)
    if analysis.method == "sobol":
        groups = 1 << (groups - 1).bit_length()
    return {"widest": name, "runs_needed": groups * (analysis.runs // analysis.groups)}


def _half(interval: Interval) -> float:
    return 0.0 if interval.low is None or interval.high is None else (interval.high - interval.low) / 2


def _disagreements(analysis: Analysis, opinion: Analysis) -> tuple[tuple[str, str], ...]:
    """Return pairs that one method orders clearly and the other the other way round, by more than its noise is wide."""
    other = {index.parameter: index.leading(opinion.method).mean or 0.0 for index in opinion.indices}
    noise = opinion.dummy.leading(opinion.method)
    width = 2 * _half(noise)
    return tuple(
        (more.parameter, less.parameter)
        for more, less in itertools.permutations(analysis.indices, 2)
        if _clearly_more(more.leading(analysis.method), less.leading(analysis.method))
        and other[more.parameter] + width < other[less.parameter]
    )


def _clearly_more(more: Interval, less: Interval) -> bool:
    return more.low is not None and less.high is not None and more.low > less.high
