"""Kinds of experiment: how each lays out a study, and how it answers."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from experiments.kinds import Answer, Kind, Layout

__all__ = ["OPTIONS", "Answer", "Kind", "Layout", "kind_of"]

_HOME = {
    "attribute": "experiments.studies.attribution.kind",
    "bias_map": "experiments.studies.dated.kinds.bias_map",
    "calibrate": "experiments.studies.calibrating.kind",
    "patterns": "experiments.studies.patterns.kind",
    "compare": "experiments.studies.comparing.kind",
    "discover": "experiments.studies.discovery.kind",
    "event_study": "experiments.studies.dated.kinds.event_study",
    "phase": "experiments.studies.threshold.kind",
    "recovery": "experiments.studies.dated.kinds.recovery",
    "saturation": "experiments.studies.dated.kinds.saturation",
    "search": "experiments.studies.searching.kind",
    "sensitivity": "experiments.studies.sensitivity.kind",
    "sweep": "experiments.studies.sweeping.kind",
}
"""Where each kind lives; a kind is imported when it is asked for, so that the command line starts quickly."""


def kind_of(experiment: str) -> Kind:
    """Return the kind of an experiment."""
    kind: Kind = importlib.import_module(_HOME[experiment]).KIND
    return kind


class _Options(Mapping[str, type[BaseModel]]):
    def __getitem__(self, experiment: str) -> type[BaseModel]:
        if experiment not in _HOME:
            raise KeyError(experiment)
        return kind_of(experiment).options

    def __iter__(self) -> Iterator[str]:
        return iter(_HOME)

    def __len__(self) -> int:
        return len(_HOME)


OPTIONS: Mapping[str, type[BaseModel]] = _Options()
"""Form of the section `analysis` by experiment."""
