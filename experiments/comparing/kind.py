"""The paired comparison as a kind of experiment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.comparing.compare import Comparison, compare, tables_of
from experiments.disk.opened import OpenStudy
from experiments.kinds.protocol import Layout, NoOptions, Table
from experiments.planning.checking import gathered, outcome_problems, refuse
from experiments.planning.plan import bases_of, make_plan
from experiments.planning.reading import Places
from experiments.planning.studyfile import StudyFile
from experiments.report.blocks import Block
from experiments.running.agenda import agenda_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]


class _Compare:
    """The same seeds under several regimes, the first against each other one."""

    options = NoOptions

    def lay_out(self, study: StudyFile, places: Places) -> Layout:
        """See `Kind.lay_out`."""
        bases, *_ = gathered(
            lambda: bases_of(study, places=places),
            lambda: refuse(outcome_problems(study, places)),
            lambda: refuse(_problems(study, places)),
        )
        plan = make_plan(study, bases, places=places)
        return Layout(plan, lambda _: agenda_of(plan))

    def answer(self, opened: OpenStudy) -> _Answer:
        """See `Kind.answer`."""
        return _Answer(opened)


def _problems(study: StudyFile, places: Places) -> Iterator[str]:
    if len(study.regimes) < 2:
        yield f"{places('regimes')}expected two or more, got one ({study.regimes[0]})."
    if study.parameters:
        yield f"{places('parameters')}expected none, because a comparison varies only regimes. Use experiment: sweep."


class _Answer:
    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.comparison: Comparison = compare(opened)

    def as_json(self) -> dict[str, Any]:
        return self.comparison.as_json()

    def told(self) -> Iterable[Any]:
        from experiments.comparing.table import headline, tables, warnings
        from experiments.comparing.warmup import warm_up_notes
        from experiments.page import page_width
        from model import OUTCOMES

        yield from tables(self.comparison, OUTCOMES, page_width())
        yield from headline(self.comparison, OUTCOMES)
        yield from warnings(self.comparison, OUTCOMES)
        yield from warm_up_notes(self.opened)

    def tables(self) -> Mapping[str, Table]:
        return tables_of(self.comparison)

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.figures import figures_of

        return figures_of(self.opened, self.comparison)

    @property
    def pairs(self) -> int:
        return self.comparison.pairs

    def brief_title(self) -> str:
        from experiments.comparing.brief import title

        return title(self.comparison)

    def brief(self, alts: Mapping[str, str]) -> Iterable[Block]:
        from experiments.comparing.brief import body
        from model import OUTCOMES

        return body(self.opened, self.comparison, OUTCOMES, alts)

    def annex(self) -> Iterable[Block]:
        from experiments.comparing.brief import annex
        from model import OUTCOMES

        return annex(self.opened, self.comparison, OUTCOMES)

    def outcomes_told(self) -> Sequence[str]:
        from experiments.comparing.brief.sheets import MAIN

        return [name for name in MAIN if name in self.opened.outcomes]


KIND = _Compare()
