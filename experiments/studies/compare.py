"""Regimes on the same seeds, the first against each other one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.blocks import Block
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, NoOptions, Results
from experiments.runner.agenda import agenda_of
from experiments.store.opened import OpenStudy
from experiments.studies.comparing.compare import Comparison, compare, tables_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    bases, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, places)),
    )
    plan = make_plan(study, bases, places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, places: Places) -> Iterator[str]:
    if len(study.regimes) < 2:
        yield f"{places('regimes')}expected two or more, got one ({study.regimes[0]})."
    if study.parameters:
        yield f"{places('parameters')}expected none, because a comparison varies only regimes. Use experiment: sweep."


class CompareResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.comparison: Comparison = compare(opened)
        self.pairs = self.comparison.pairs

    def as_json(self) -> dict[str, Any]:
        return self.comparison.as_json()

    def blocks(self) -> Iterable[Any]:
        from experiments.console import page_width
        from experiments.studies.comparing.table import headline, tables, warnings
        from experiments.studies.comparing.warmup import warm_up_notes
        from model import OUTCOMES

        yield from tables(self.comparison, OUTCOMES, page_width())
        yield from headline(self.comparison, OUTCOMES)
        yield from warnings(self.comparison, OUTCOMES)
        yield from warm_up_notes(self.opened)

    def tables(self) -> Mapping[str, CsvTable]:
        return tables_of(self.comparison)

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.comparing.figures import figures_of

        return figures_of(self.opened, self.comparison)

    def title(self) -> str:
        from experiments.studies.comparing.brief import title

        return title(self.comparison)

    def body(self, alts: Mapping[str, str]) -> Iterable[Block]:
        from experiments.studies.comparing.brief import body
        from model import OUTCOMES

        return body(self.opened, self.comparison, OUTCOMES, alts)

    def annex(self) -> Iterable[Block]:
        from experiments.studies.comparing.brief import annex
        from model import OUTCOMES

        return annex(self.opened, self.comparison, OUTCOMES)

    def explained(self) -> Sequence[str]:
        from experiments.studies.comparing.brief.sheets import MAIN

        return [name for name in MAIN if name in self.opened.outcomes]


KIND = Kind(NoOptions, lay_out, CompareResults)
