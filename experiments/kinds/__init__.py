"""Kinds of experiment: how each lays out a study, and how it answers."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from experiments.kinds.protocol import Answer, Kind, Layout

__all__ = ["OPTIONS", "Answer", "Kind", "Layout", "kind_of"]

_HOME = {
    "attribute": "experiments.attribution.kind",
    "bias_map": "experiments.dated.kinds.bias_map",
    "calibrate": "experiments.calibrating.kind",
    "patterns": "experiments.patterns.kind",
    "compare": "experiments.comparing.kind",
    "discover": "experiments.discovery.kind",
    "event_study": "experiments.dated.kinds.event_study",
    "phase": "experiments.phase.kind",
    "recovery": "experiments.dated.kinds.recovery",
    "saturation": "experiments.dated.kinds.saturation",
    "search": "experiments.searching.kind",
    "sensitivity": "experiments.sensitivity.kind",
    "sweep": "experiments.sweeping.kind",
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
