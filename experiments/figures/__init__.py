"""Figures of a comparison, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from experiments.figures.closure_over_time import closure_over_time
from experiments.figures.data import series_by_regime
from experiments.figures.hand_over_matrix import hand_over_matrix
from experiments.figures.paired_differences import SUMMARY, paired_differences
from experiments.figures.passes_per_case import passes_per_case
from experiments.figures.split import split_of_the_whole
from experiments.figures.winners import winners_and_losers
from experiments.figures.workload_by_level import workload_by_level

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.comparing.compare import Comparison
    from experiments.disk.opened import OpenStudy

__all__ = ["figures_of"]


def figures_of(opened: OpenStudy, comparison: Comparison) -> Mapping[str, Callable[[], Figure]]:
    """Return what draws each figure of a comparison, by name; none if no run ended well.

    Figures of series are left out where the study kept none.
    """
    from experiments.comparing.units import MEASURES
    from model import OUTCOMES

    if not comparison.pairs:
        return {}
    figures: dict[str, Callable[[], Figure]] = {
        "paired_differences": partial(paired_differences, comparison, OUTCOMES),
        "summary": partial(paired_differences, comparison, OUTCOMES, SUMMARY),
    }
    if series := series_by_regime(opened):
        drawn = (closure_over_time, passes_per_case, workload_by_level, hand_over_matrix)
        figures |= {draw.__name__: partial(draw, series) for draw in drawn}
    if comparison.splits:
        figures["split"] = partial(split_of_the_whole, comparison, OUTCOMES)
    for level in MEASURES if comparison.units else ():
        figures[f"{level}s"] = partial(winners_and_losers, comparison, level)
    return figures
