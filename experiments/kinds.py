"""What every kind of experiment can do."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from experiments.design.plan import Plan
from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.runner.agenda import Agenda
from experiments.runner.worker import SERIES, Reduction
from experiments.store.opened import OpenStudy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Answer", "Kind", "Layout", "NoOptions", "Table"]

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
"""Column names and rows of a CSV file."""


class NoOptions(BaseModel):
    """A kind that has no options of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclasses.dataclass(frozen=True)
class Layout:
    """A study laid out: what is run, in what order, and what is kept of a run.

    Attributes
    ----------
    plan : Plan
    agenda : callable
        Returns a fresh agenda, given the study's folder.
    reduction : Reduction
        Applied to runs whose series are kept.
    """

    plan: Plan
    agenda: Callable[[Path], Agenda]
    reduction: Reduction = SERIES


class Answer(Protocol):
    """What a study found."""

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`."""

    def told(self) -> Iterable[Any]:
        """Yield tables and sentences in the language that is spoken."""

    def tables(self) -> Mapping[str, Table]:
        """Return CSV tables by name."""

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return what draws each figure, by name; empty where nothing can be drawn."""


class Kind(Protocol):
    """An experiment."""

    options: type[BaseModel]

    def lay_out(self, study: StudyFile, places: Places) -> Layout:
        """Lay out a study.

        Raises
        ------
        WrongInput
            With everything that is wrong.
        """

    def answer(self, opened: OpenStudy) -> Answer:
        """Answer from the runs on disk; those that failed are left out and counted."""
