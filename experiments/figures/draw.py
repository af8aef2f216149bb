"""Draw all figures of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matplotlib import rc_context

from experiments.comparing.compare import Comparison
from experiments.comparing.units import MEASURES
from experiments.disk.store import Study
from experiments.figures.closure_over_time import closure_over_time
from experiments.figures.data import series_by_regime
from experiments.figures.hand_over_matrix import hand_over_matrix
from experiments.figures.paired_differences import SUMMARY, paired_differences
from experiments.figures.passes_per_case import passes_per_case
from experiments.figures.split import split_of_the_whole
from experiments.figures.style import save, style_for
from experiments.figures.winners import winners_and_losers
from experiments.figures.workload_by_level import workload_by_level
from experiments.words import Language, speaking

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["draw_all"]


def draw_all(
    study: Study, comparison: Comparison, outcomes: Mapping[str, Outcome], language: Language = Language.EN
) -> None:
    """Write every figure of a comparison as PNG and SVG into `figures/`; none if no run ended well.

    Figures in Chinese stand in `figures/zh/`, so that one study can hold both.
    """
    with speaking(language):
        _draw(study, comparison, outcomes, language)


def _draw(study: Study, comparison: Comparison, outcomes: Mapping[str, Outcome], language: Language) -> None:
    series = series_by_regime(study, list(comparison.regimes))
    if not series:
        return
    folder = study.folder / "figures" / ("zh" if language is Language.ZH else "")
    with rc_context(style_for(language)):
        save(paired_differences(comparison, outcomes), folder, "paired_differences")
        save(paired_differences(comparison, outcomes, SUMMARY), folder, "summary")
        save(closure_over_time(series), folder, "closure_over_time")
        save(passes_per_case(series), folder, "passes_per_case")
        save(workload_by_level(series), folder, "workload_by_level")
        save(hand_over_matrix(series), folder, "hand_over_matrix")
        if comparison.splits:
            save(split_of_the_whole(comparison, outcomes), folder, "split")
        for level in MEASURES if comparison.units else ():
            save(winners_and_losers(comparison, level), folder, f"{level}s")
