"""Figures of a comparison, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from experiments.studies.comparing.closure_over_time import closure_over_time
from experiments.studies.comparing.hand_over_matrix import hand_over_matrix
from experiments.studies.comparing.paired_differences import SUMMARY, paired_differences
from experiments.studies.comparing.passes_per_case import passes_per_case
from experiments.studies.comparing.series import series_by_regime
from experiments.studies.comparing.split_figure import split_of_the_whole
from experiments.studies.comparing.winners import winners_and_losers
from experiments.studies.comparing.workload_by_level import workload_by_level

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.store.opened import OpenStudy
    from experiments.studies.comparing.compare import Comparison

__all__ = ["figures_of"]


def figures_of(opened: OpenStudy, comparison: Comparison) -> Mapping[str, Callable[[], Figure]]:
    """Return what draws each figure of a comparison, by name; none if no run ended well.

    Figures of series are left out where the study kept none.
    """
    from experiments.studies.comparing.units import MEASURES
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
