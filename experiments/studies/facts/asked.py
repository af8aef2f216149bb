"""The study that `whistle patterns` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.design.studyfile import Replicates, StudyFile
from experiments.studies.facts import PAIRS
from experiments.studies.facts.options import PatternOptions

__all__ = ["patterns_study"]


def patterns_study(
    options: PatternOptions,
    pairs: int = PAIRS,
    seed: int = 1,
    district: str = "chaoyang",
    settings: Mapping[str, Any] | None = None,
) -> StudyFile:
    """Return the study in which patterns are measured.

    Parameters
    ----------
    options : PatternOptions
    pairs : int
        Runs of each arm, all arms on the same luck.
    seed : int
    district : str
        Name of a shipped one, or path.
    settings : mapping, optional
        Dotted path to value, over every arm.
    """
    return StudyFile(
        name="patterns",
        experiment="patterns",
        regimes=tuple(dict.fromkeys(options.regime_of(each, null=False) for each in options.patterns)),
        district=district,
        set=dict(settings or {}),
        replicates=Replicates(fixed=pairs),
        seed=seed,
        series=True,
        analysis=options.model_dump(mode="json"),
    )
