"""A study opened in Python: its runs, what it found as tables, figures and sentences, and its report."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput
from experiments.findings import Findings
from experiments.formatting import imprecise_text
from experiments.messages import Language, in_language
from experiments.requests import language_of
from experiments.store.opened import OpenStudy
from model import needs

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from experiments.kinds import Kind, Results

ENDS = ["mean", "ci_low", "ci_high"]
DOUBT = ["median", "low", "high", "better", "clear", "luck_half_width"]
OF_RUN = ("point", "regime", "replicate", "seed")  # what names a run in tables of days and of units


class Result(Findings, OpenStudy):
    """A study's folder with all that it says, read when it is asked for.

    `levels`, `differences` and `doubt` are those of a comparison; what other kinds of study found is in `tables`.
    `runs`, `daily`, `units`, `design` and `sql` are of every kind. Tables are for pandas, undefined is NaN; `answer`
    has plain values, as `--json`.

    Args:
        folder: Of the study.
        language: In which it speaks.
        room: The temporary folder in which it lies, which then goes with the result.
    """

    def __init__(
        self,
        folder: str | Path,
        language: Language = Language.EN,
        room: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        Findings.__init__(self)
        OpenStudy.__init__(self, folder)
        self.language = language
        if room is not None:
            weakref.finalize(self, room.cleanup)

    @cached_property
    def kind(self) -> Kind:
        """What kind of study it is."""
        from experiments.studies import kind_of

        return kind_of(self.study.experiment)

    def _read(self) -> Results:
        return self.kind.results(self)

    @property
    def levels(self) -> pd.DataFrame:
        """One row a regime and outcome: mean with its 95 % interval, in the outcome's unit."""
        self._compared("levels")
        rows = [{"regime": regime, "outcome": outcome, **level} for regime, of in self.answer["levels"].items()
                for outcome, level in of.items()]  # fmt: skip
        return _numbers(rows, ["regime", "outcome"], ENDS)

    @property
    def differences(self) -> pd.DataFrame:
        """One row an outcome and other regime: paired difference from the first with its 95 % interval, effect, clear.

        `tables["differences"]` has more: pairs, bootstrap intervals, adjusted p.
        """
        self._compared("differences")
        frame = _numbers(self.answer["differences"], ["outcome", "from", "to"], [*ENDS, "effect", "clear"])
        return frame.astype({"clear": bool})

    @property
    def doubt(self) -> pd.DataFrame:
        """One row a regime and outcome: its difference over plausible worlds; empty where there are none.

        Median and 90 % range, the share of worlds in which it is better and clear, and what luck alone does.
        """
        self._compared("doubt")
        rows = [{"regime": regime, "outcome": outcome, **found} for regime, of in self.answer.get("doubt", {}).items()
                for outcome, found in of.items()]  # fmt: skip
        return _numbers(rows, ["regime", "outcome"], DOUBT)

    def _compared(self, name: str) -> None:
        """Raise AttributeError, with what there is, unless this is a comparison."""
        if self.study.experiment != "compare":
            there = ", ".join(f'.tables["{table}"]' for table in self.tables)
            raise AttributeError(f"a {self.study.experiment} study has no {name}; it has {there}, .runs and .answer")

    @cached_property
    def units(self) -> pd.DataFrame:
        """One row a run and unit of those runs whose series were kept: code, level, titles, work, cases, hours.

        `units.groupby(["regime", "code"]).mean(numeric_only=True)` is a unit's mean over the runs of a regime.
        """
        return self._unfolded("units_")

    @cached_property
    def daily(self) -> pd.DataFrame:
        """One row a run and day of those runs whose series were kept; day 0 is the first of the warm-up."""
        frame = self._unfolded("daily_")
        frame.insert(len(OF_RUN), "day", frame.groupby(["point", "replicate"]).cumcount())
        return frame

    def _unfolded(self, prefix: str) -> pd.DataFrame:
        """Return the columns of the series that begin so, an entry of their arrays a row."""
        table = self.series_table
        names = [name for name in table.column_names if name.startswith(prefix)]
        if not names:
            key = "series: true in the study's file"
            raise AttributeError(f"the study {self.folder.name} kept no {prefix.rstrip('_')} series; ask for {key}")
        return _unfold(table, names, prefix)

    @cached_property
    def parameters(self) -> list[str]:
        """Names of what varies within a regime: columns of `runs` and `design`, also of those that `sql` knows."""
        kept = self.design[["regime", *(name for name in self.varied if name not in ("row", "luck_block"))]]
        several = (kept.groupby("regime").nunique() > 1).any()
        return [str(name) for name in several.index[several]]

    @property
    def answer(self) -> dict[str, Any]:
        """What `--json` prints: plain values, None where undefined; of a learned district what not to use as well."""
        return super().answer | ({} if self.mark is None else {"learned": self.mark})

    @property
    def rules(self) -> list[str]:
        """In words, the own rules with which it was run, a file each; none for the shipped ones."""
        from experiments.report.frame import own_rules_told

        with in_language(self.language):
            return [own_rules_told(told) for told in self.own_rules.values()]

    @cached_property
    def imprecise(self) -> list[str]:
        """In words, each precision that was asked for and not reached."""
        from experiments.runner.agenda import precision_missed

        with in_language(self.language):
            return [imprecise_text(*each) for each in precision_missed(self)]

    def report(self, path: str | Path, lang: str | None = None) -> Path:
        """Write the report, as a page (.html), for print (.pdf) or for Word (.docx), and return its path.

        Raises:
            WrongInput: For another ending.
        """
        from experiments.report.writing import FORMS, document_of, draw_charts, written
        from experiments.store.files import whole

        target, results = Path(path), self.results(lang)
        if target.suffix not in FORMS:
            raise WrongInput([f"report {path}: expected a file that ends with {' or '.join(FORMS)}."])
        language = self.language if lang is None else language_of(lang)
        with in_language(language), tempfile.TemporaryDirectory() as room, whole(target) as sink:
            drawn, alts = draw_charts(results, Path(room), FORMS[target.suffix])
            sink.write(written(document_of(self.kind, self, results, alts), drawn, target.suffix))
        return target

    def _about(self) -> Iterator[str]:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        yield f"{self.study.experiment} study {self.folder.name}: {self.table.num_rows} runs{failed}"
        yield f"regimes: {', '.join(self.labels)}"
        if self.parameters:
            yield f"parameters: {', '.join(self.parameters)}"
        if self.worlds:
            yield f"worlds: {len(self.worlds)}"
        if self.rules:
            yield from self.rules
        yield f"folder: {self.folder}"


def _numbers(rows: list[dict[str, Any]], words: list[str], numbers: list[str]) -> pd.DataFrame:
    """Return rows as columns of words and of numbers, undefined as NaN."""
    needs("notebook", "tables for pandas", "pandas")
    import pandas as pd

    return pd.DataFrame(rows, columns=[*words, *numbers]).astype(dict.fromkeys(numbers, "float64"))


def _unfold(table: pa.Table, names: list[str], prefix: str) -> pd.DataFrame:
    needs("notebook", "tables for pandas", "pandas")
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = {name: table.column(name).combine_chunks() for name in names}
    parents = pc.list_parent_indices(lists[names[0]])
    columns = {name: table.column(name).combine_chunks().take(parents) for name in OF_RUN}
    columns |= {name.removeprefix(prefix): pc.list_flatten(each) for name, each in lists.items()}
    frame: pd.DataFrame = pa.table(columns).to_pandas()
    return frame


def open_study(path: str | Path, lang: str = "en") -> Result:
    """Open the folder of a study for reading: its runs with their parameters, and all that it found.

    Raises:
        WrongInput: If there is no study.
    """
    return Result(path, language_of(lang))
