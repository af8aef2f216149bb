"""What a kind of study is: how it is laid out, and what its results can do."""

from __future__ import annotations

import dataclasses
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from experiments.blocks import Block, Image, sentences
from experiments.design.designs import Row, design_rows
from experiments.design.ensemble import REFERENCE, with_every_world, worlds_of_study
from experiments.design.factors import Factor, factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import Base, Plan, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems, read_own_rules
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.messages import Language, current_language
from experiments.runner.run import Layout as Layout
from experiments.stats import Interval
from experiments.store.opened import OpenStudy as OpenStudy
from model import needs

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.figure import Figure

    from model import Unknowns

CsvTable = tuple[Sequence[str], Iterable[Sequence[Any]]]  # column names and rows of a CSV file


class Options(BaseModel):
    """Form of the section `analysis` of a kind's files."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoOptions(Options):
    """A kind that has no options of its own."""


Form = TypeVar("Form", bound=BaseModel)


class Asked(Generic[Form]):
    """A study as it is asked for: its file, its options, and where they stand, for messages."""

    def __init__(
        self, study: StudyFile, form: type[Form], places: Places | None = None, seeds_a_world: int = 0
    ) -> None:
        self.study, self.options, self.places = study, form(**study.analysis), places or Places()
        self._seeds = seeds_a_world

    @cached_property
    def worlds(self) -> tuple[Unknowns, ...]:
        """The plausible worlds that it is looked at in; none: the district as it is written."""
        return worlds_of_study(self.study, self.places, by_default=self._seeds > 0, seeds=max(self._seeds, 1))

    def bases(self, variants: Sequence[tuple[str, str, Mapping[str, Any]]] | None = None) -> tuple[Base, ...]:
        """Return the scenarios that are run; see `bases_of`."""
        return bases_of(self.study, variants, self.places)

    def factors(self) -> tuple[Factor, ...]:
        """Return the study's parameters; see `factors_of`."""
        return factors_of(self.study, reference(self.study), self.places)

    def checked(
        self, *parts: Callable[[], Any], problems: Iterable[str] = (), outcomes: Sequence[str] = ()
    ) -> list[Any]:
        """Return what each part returns.

        Args:
            problems: What else is wrong with the study.
            outcomes: Those of `analysis.outcomes`, checked with those that the study keeps.

        Raises:
            WrongInput: With all problems, also those of every part.
        """
        named = outcome_problems(self.study, self.places, outcomes)
        return collect_errors(*parts, *(partial(raise_if_any, each) for each in (named, problems)))[: len(parts)]

    def plan(
        self,
        bases: Sequence[Base],
        factors: Sequence[Factor] = (),
        rows: Sequence[Row] | None = None,
        *,
        blocks: int | None = None,
        series: bool = False,
        worlds: Sequence[Unknowns] | None = None,
    ) -> Plan:
        """Return the plan: rows of the study's design, unless others are given, under every base.

        Args:
            blocks: See `make_plan`.
            series: Whether the series of every run are kept, whatever the study's file says.
            worlds: See `Plan`; those of `Asked`, unless others are given.
        """
        worlds = self.worlds if worlds is None else worlds
        study = self.study.model_copy(update={"series": True}) if series else self.study
        if rows is None and factors:
            rows = design_rows(study.design, factors, study.seed)
        return make_plan(study, bases, factors, rows, blocks=blocks, worlds=worlds, places=self.places)


FIRST = "first"  # section of the pages before the annex, where the kind itself places its pictures


@dataclasses.dataclass(frozen=True)
class Chart:
    """A figure of a study.

    Attributes:
        name: Of its files, without the ending.
        draw: Returns the figure, in the language in use.
        caption: Below it: in the language in use, or English and Chinese; "" takes what the figure says of itself.
        section: Of the annex in which it stands, after what else stands there; "figures" is the last one, "" none, and
            `FIRST` the pages before the annex.
        on_page: Whether the page in the browser shows it as well.
    """

    name: str
    draw: Callable[[], Figure]
    caption: str | tuple[str, str] = ""
    section: str = "figures"
    on_page: bool = False

    def image(self, alt: str) -> Image:
        """Return its place in the report; `alt` is what it shows, in words."""
        words = self.caption if isinstance(self.caption, str) else self.caption[current_language() is Language.ZH]
        return Image(self.name, words or re.split("[:：]", alt, maxsplit=1)[-1].strip() or self.name, alt)


def csv_table(header: str | Sequence[str], rows: Iterable[Iterable[Any]]) -> CsvTable:
    """Return a CSV table; `header` has its columns with spaces between, an interval in a row fills three of them."""
    columns = header.split() if isinstance(header, str) else header
    spread = ((dataclasses.astuple(cell) if isinstance(cell, Interval) else (cell,) for cell in row) for row in rows)
    return columns, [[part for cell in row for part in cell] for row in spread]


class Results(ABC):
    """What a study found."""

    pairs: int | None = None
    """Complete pairs that a comparison rests on."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`."""

    @abstractmethod
    def blocks(self) -> Iterable[Block | str]:
        """Yield headings, sentences and tables, in the language in use."""

    def headline(self) -> str:
        """Return the sentence that matters most, "" where there is none."""
        return next(iter(sentences(self.blocks())), "")

    def tables(self) -> Mapping[str, CsvTable]:
        """Return the CSV tables by name."""
        return {}

    def ensembles(self) -> Mapping[str, pa.Table]:
        """Return tables of worlds that other studies may look at, by the name of their file in the study's folder."""
        return {}

    def charts(self) -> Iterable[Chart]:
        """Yield the charts; none where nothing can be drawn."""
        return ()

    def images(self, alts: Mapping[str, str], section: str) -> Iterable[Image]:
        """Yield the charts of a section of the report that were drawn; `alts` as for `body`."""
        return [each.image(alts[each.name]) for each in self.charts() if each.section == section and each.name in alts]

    def title(self) -> str | None:
        """Return the title of the report; None takes the study's."""
        return None

    def body(self, alts: Mapping[str, str]) -> Iterable[Block] | None:
        """Yield the body of the annex, for readers without statistics; None takes `blocks` and the charts.

        `alts` say in words what a chart shows, by the names of those that were drawn.
        """
        return None

    def first_pages(self, alts: Mapping[str, str]) -> Iterable[Block] | None:
        """Yield the pages before the annex, for a reader with a minute; None takes question, findings and one picture.

        `alts` as for `body`, of which the pictures shown here are left out.
        """
        return None

    def annex(self) -> Iterable[Block]:
        """Yield what stands at the end of the report, before how the study is repeated."""
        return ()

    def explained(self) -> Sequence[str]:
        """Return the names of the outcomes that the glossary of the report explains."""
        return ()


class StudyResults(Results, Generic[Form]):
    """What a study found by its runs on disk; those that failed are left out and counted.

    Attributes:
        folder: Of the study, as `--json` tells it.
        names: Words for its parameters.
    """

    def __init__(self, opened: OpenStudy, form: type[Form]) -> None:
        self.opened, self.study, self.folder = opened, opened.study, str(opened.folder)
        self.asked = Asked(opened.study, form)
        self.options, self.names = self.asked.options, Names(opened.study.parameters)

    def by_row(self, outcome: str, *, difference: bool) -> NDArray[np.float64]:
        """Return a value a row of the design, the mean over replicates; of two regimes their paired difference."""
        values = self.opened.values(outcome)
        return np.asarray((values[:, 1] - values[:, 0] if difference else values[:, 0]).mean(axis=1))


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of study: a file of `experiments/studies/` whose name it has, with one of these as its `KIND`.

    The first line of the file's docstring is the help of its command.

    Attributes:
        options: Form of the section `analysis` of its files.
        layout: Lays out a study that is asked for; raises `WrongInput` with everything that is wrong.
        results: Reads the results from the runs on disk.
        seeds_a_world: Where it speaks over plausible worlds unless told otherwise: runs of each that it needs at least,
            2 to tell luck from the world; 0 where it speaks of one world.
        rows_in_worlds: Whether rows of its design have each a world, so that replicates need not be as many as worlds.
        extra: What a plain installation leaves out and the kind needs; see `model.needs`.
        example: A small study's file without its first line, `experiment: NAME`: documentation shows it, a test runs
            it.
    """

    options: type[BaseModel]
    layout: Callable[[Asked[Any]], Layout]
    results: Callable[[OpenStudy], Results]
    example: str = ""
    seeds_a_world: int = 0
    rows_in_worlds: bool = False
    extra: str = ""

    def lay_out(self, study: StudyFile, places: Places) -> Layout:
        """Lay out a study; raises `WrongInput` with everything that is wrong."""
        if self.extra:
            needs(self.extra, f"whistle {study.experiment}")
        read_own_rules(study, places)
        refused = list(self._refused(study, places))
        if refused:
            study = study.model_copy(update={"worlds": None, "ensemble": None})
        elif not self.rows_in_worlds:
            study = with_every_world(study)
        asked = Asked(study, self.options, places, self.seeds_a_world)
        layout: Layout = collect_errors(partial(raise_if_any, refused), lambda: self.layout(asked))[1]
        return layout

    def _refused(self, study: StudyFile, places: Places) -> Iterator[str]:
        """Yield that worlds are asked for, where the kind speaks of one."""
        given = study.worlds or study.ensemble
        if self.seeds_a_world == 0 and given and study.worlds != REFERENCE:
            key = "worlds" if study.worlds else "ensemble"
            yield (
                f"{places(key)}expected none, or worlds: reference, got {given}. A {study.experiment} study speaks "
                "of one world."
            )
