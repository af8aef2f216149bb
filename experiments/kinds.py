"""What a kind of study is: how it is laid out, and what its results can do."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from experiments.blocks import Block, Image
from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.messages import Language, current_language
from experiments.runner.run import Layout as Layout
from experiments.store.opened import OpenStudy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CsvTable = tuple[Sequence[str], Iterable[Sequence[Any]]]
"""Column names and rows of a CSV file."""


class NoOptions(BaseModel):
    """A kind that has no options of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclasses.dataclass(frozen=True)
class Chart:
    """A figure of a study.

    Attributes:
        name: Of its files, without the ending.
        draw: Returns the figure, in the language in use.
        caption: Below it: in the language in use, or English and Chinese; "" takes what the figure says of itself.
        section: Of the report in which it stands, after what else stands there; "figures" is the last one, "" none.
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
        return Image(self.name, words or alt.partition(":")[2].strip() or self.name, alt)


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

    def tables(self) -> Mapping[str, CsvTable]:
        """Return the CSV tables by name."""
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
        """Yield the body of the report for readers without statistics; None takes `blocks` and the charts.

        Args:
            alts: By name of a chart that was drawn: what it shows, in words.
        """
        return None

    def annex(self) -> Iterable[Block]:
        """Yield what stands after everything else in the report."""
        return ()

    def explained(self) -> Sequence[str]:
        """Return the names of the outcomes that the glossary of the report explains."""
        return ()


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of study: a file of `experiments/studies/` whose name it has, with one of these as its `KIND`.

    The first line of the file's docstring is the help of its command.

    Attributes:
        options: Form of the section `analysis` of its files.
        lay_out: Lays out a study; raises `WrongInput` with everything that is wrong.
        results: Reads the results from the runs on disk; those that failed are left out and counted.
        example: A small study's file without its first line, `experiment: NAME`: documentation shows it, a test runs
            it.
    """

    options: type[BaseModel]
    lay_out: Callable[[StudyFile, Places], Layout]
    results: Callable[[OpenStudy], Results]
    example: str = ""
