"""What was found, as Python and notebooks show it: tables for pandas, figures, sentences, numbers."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from experiments.blocks import Table, sentences
from experiments.errors import WrongInput
from experiments.messages import Language, in_language, msg
from experiments.requests import language_of
from model import needs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.kinds import CsvTable, Results

WIDTH = 110  # letters of a line of what is printed of a result


class Findings(ABC):
    """What a study, an event log or a set of plausible worlds says.

    Attributes:
        language: In which sentences and figures are, unless another is asked for.
    """

    language: Language

    def __init__(self) -> None:
        self._by_language: dict[Language, Results] = {}

    @abstractmethod
    def _read(self) -> Results:
        """Read the results, in the language in use."""

    def results(self, lang: str | None = None) -> Results:
        """Return the results as the kind of study has them, read once in a language."""
        language = self.language if lang is None else language_of(lang)
        if language not in self._by_language:
            with in_language(language):
                self._by_language[language] = self._read()
        return self._by_language[language]

    @property
    def answer(self) -> dict[str, Any]:
        """What `--json` prints: plain values, None where undefined."""
        with in_language(self.language):
            return self.results().as_json()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that the command writes as CSV, by name; undefined is NaN."""
        with in_language(self.language):
            return {name: _frame(table) for name, table in self.results().tables().items()}

    @property
    def figures(self) -> list[str]:
        """Names of the figures."""
        with in_language(self.language):
            return [chart.name for chart in self.results().charts()]

    def figure(self, name: str, lang: str | None = None) -> Figure:
        """Draw a figure and return it; `figures` lists the names.

        Raises:
            WrongInput: If there is none of this name.
        """
        from matplotlib import rc_context

        from experiments.charts.style import figure_style, settled
        from model import nearest

        results, language = self.results(lang), self.language if lang is None else language_of(lang)
        with in_language(language), rc_context(figure_style()):
            charts = {chart.name: chart for chart in results.charts()}
            if name not in charts:
                raise WrongInput([f"unknown figure '{name}'{nearest(name, list(charts))}"])
            return settled(charts[name].draw())

    def sentences(self, lang: str | None = None) -> list[str]:
        """Return the sentences that the command prints."""
        results = self.results(lang)
        with in_language(self.language if lang is None else language_of(lang)):
            return sentences(results.blocks())

    @property
    def headline(self) -> str:
        """The sentence that matters most."""
        with in_language(self.language):
            return self.results().headline()

    def _about(self) -> Iterable[str]:
        """Yield lines that say what this is, in English."""
        return ()

    def __repr__(self) -> str:
        """Return at most fifteen lines."""
        names = {"headline": [self.headline], "tables": self.tables, "figures": self.figures}
        told = [f"{name}: {', '.join(each)}" for name, each in names.items()]
        lines = [textwrap.shorten(line, WIDTH, placeholder=" …") for line in [*self._about(), *told]]
        return "\n  ".join([f"<{type(self).__name__}", *lines]) + ">"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the headline, one picture, the tables folded."""
        from matplotlib import rc_context

        from experiments.charts.style import alt_of, figure_style, png_of
        from experiments.report.notebook import html_of_results

        results = self.results()
        with in_language(self.language), rc_context(figure_style()):
            charts = list(results.charts())
            chosen = next((chart for chart in charts if chart.on_page), charts[0] if charts else None)
            figure = None if chosen is None else chosen.draw()
            picture, alt = (None, "") if figure is None else (png_of(figure), alt_of(figure))
            tables = [block for block in results.blocks() if isinstance(block, Table)]
            return html_of_results(results.headline(), picture, alt, msg("notebook_tables", count=len(tables)), tables)


def _frame(table: CsvTable) -> pd.DataFrame:
    """Return a CSV table for pandas; a column in which nothing is defined holds numbers, for it might."""
    needs("notebook", "tables for pandas", "pandas")
    import pandas as pd

    header, rows = table
    frame = pd.DataFrame([list(row) for row in rows], columns=list(header))
    empty = [name for name in frame if frame[name].isna().all()]
    return frame.astype(dict.fromkeys(empty, "float64"))
