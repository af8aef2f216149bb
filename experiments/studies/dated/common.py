"""What the studies of shocks and dated reforms share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.runner.worker import Reduction
from experiments.store.opened import OpenStudy
from experiments.studies.dated.panel import MEASURES, Panel, PanelReduction
from model import Scenario, one_of

__all__ = ["Worlds", "by_run", "frame_problems", "keeping", "panel_reduction", "panels", "titles"]

Worlds = Sequence[tuple[str, str, Mapping[str, Any]]]
"""Label, regime and settings of each base scenario."""


def keeping(study: StudyFile) -> StudyFile:
    """Return the study with its series kept, of which these experiments are made."""
    return study.model_copy(update={"series": True})


def frame_problems(study: StudyFile, places: Places, measures: Sequence[str], regimes: int | None = 1) -> Iterator[str]:
    """Yield what these experiments cannot do."""
    if regimes is not None and len(study.regimes) != regimes:
        yield f"{places('regimes')}expected {regimes}, the district before the reform, got {len(study.regimes)}."
    if study.parameters:
        yield f"{places('parameters')}expected none here, got {', '.join(study.parameters)}."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Worlds are compared on the same luck."
    for measure in measures:
        if measure not in MEASURES:
            yield f"{places('analysis', 'measures')}expected {one_of(MEASURES)}, got '{measure}'."


def panel_reduction(scenario: Scenario, day: int) -> Reduction:
    """Return what is kept of a run: its panel, a period of which begins on the day of the reform."""
    return Reduction(PanelReduction.of(scenario, anchor_day=day), cases=True)


def by_run(opened: OpenStudy) -> dict[tuple[int, int], dict[str, Any]]:
    """Return the arrays of every run whose series were kept, by point and replicate."""
    table = opened.series
    names = [name for name in table.column_names if name not in ("key", "regime", "seed")]
    return {
        (row["point"], row["replicate"]): {name: np.asarray(value) for name, value in row.items()}
        for row in table.select(names).to_pylist()
    }


def panels(opened: OpenStudy) -> dict[tuple[int, int], Panel]:
    """Return the panel of every run by point and replicate."""
    return {key: Panel.from_arrays(arrays) for key, arrays in by_run(opened).items()}


def titles(opened: OpenStudy) -> dict[str, Mapping[str, str]]:
    """Return the titles of the bases by label."""
    return {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
