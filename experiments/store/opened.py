"""A study opened for reading: its runs with their parameters, ready for Python and SQL."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.design.ensemble import MARK, WORLDS_TABLE, read_ensemble
from experiments.design.naming import shown_name
from experiments.design.studyfile import StudyFile
from experiments.messages import current_language
from experiments.stats.series import RegimeSeries
from experiments.store.store import Study, read_manifest
from model import needs

if TYPE_CHECKING:
    import pandas as pd

    from model import Unknowns


def own_rules_of(manifest: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the own rules that a study used, by the text of their file: `OwnRules.told` and the regime, one each."""
    found: dict[str, list[dict[str, Any]]] = {}
    for base in manifest["bases"]:
        if "own_rules" in base:
            told = {**base["own_rules"], "regime": base["label"]}
            found.setdefault(base["resolved"]["rules"], []).append(told)
    return found


class OpenStudy:
    """A study's folder, read-only; its manifest says what is run, with which code, on which machine, and how far."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        self._store = Study(self.folder, self.manifest["outcomes"], print)
        for told in self.own_rules.values():  # their code is not executed: a study may be somebody else's
            from model import learn_words

            learn_words(told[0]["words"])

    @functools.cached_property
    def own_rules(self) -> dict[str, list[dict[str, Any]]]:
        """See `own_rules_of`."""
        return own_rules_of(self.manifest)

    @functools.cached_property
    def study(self) -> StudyFile:
        """What was asked for: regimes, parameters, replicates, analysis."""
        return StudyFile(**self.manifest["request"])

    @property
    def labels(self) -> list[str]:
        """Labels of the regimes; the first is what the others are compared to."""
        return [base["label"] for base in self.manifest["bases"]]

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes that are kept."""
        return list(self.manifest["outcomes"])

    @functools.cached_property
    def table(self) -> pa.Table:
        """One row a run that ended well, in the order of point and replicate, without parameters; an Arrow table."""
        return self._store.runs()

    @functools.cached_property
    def design_table(self) -> pa.Table:
        """Return `design` as an Arrow table."""
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / "design.parquet", use_threads=False)

    @functools.cached_property
    def varied(self) -> list[str]:
        """Columns of the design in which points differ."""
        always = {"luck_block", *self.study.parameters}
        names = [name for name in self.design_table.column_names if name not in ("point", "regime")]
        return [name for name in names if name in always or len(self.design_table.column(name).unique()) > 1]

    @functools.cached_property
    def worlds(self) -> tuple[Unknowns, ...]:
        """Plausible worlds that the replicates go through, one after the other; none: the district as it is written."""
        import pyarrow.parquet as pq

        return tuple(pq.read_table(self.folder / WORLDS_TABLE).to_pylist()) if self.manifest.get("worlds") else ()

    @functools.cached_property
    def mark(self) -> dict[str, Any] | None:
        """How far the worlds are to be believed, where they were learned from a log: its name, and what not to use."""
        return read_ensemble(self.folder / WORLDS_TABLE).about.get(MARK) if self.worlds else None

    def world_of(self, replicates: Iterable[int]) -> list[int]:
        """Return the number of the world of each replicate; none where there are no worlds."""
        return [replicate % len(self.worlds) for replicate in replicates] if self.worlds else []

    @functools.cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run that ended well: identity, what varies, all outcomes, seconds, status; undefined is NaN."""
        needs("notebook", "tables for pandas", "pandas")
        table = self.table
        numbers = table.column("point").combine_chunks()
        at = pa.compute.index_in(numbers, value_set=self.design_table.column("point").combine_chunks())
        for place, name in enumerate(self.varied):
            table = table.add_column(5 + place, name, self.design_table.column(name).take(at))
        frame: pd.DataFrame = table.to_pandas()
        return frame

    @functools.cached_property
    def design(self) -> pd.DataFrame:
        """One row a point: row of the design, regime, luck block, factors, every parameter by dotted path."""
        needs("notebook", "tables for pandas", "pandas")
        frame: pd.DataFrame = self.design_table.to_pandas()
        return frame

    def sql(self, query: str) -> pd.DataFrame:
        """Query `runs`, which has what varies beside the outcomes, and `design`; only the columns used are read.

        A name with a dot stands in quotes: `sql('SELECT "demand.scale", avg(closure_rate) FROM runs GROUP BY ALL')`.
        """
        needs("sql", "open_study(…).sql")
        needs("notebook", "tables for pandas", "pandas")
        import duckdb

        folder = str(self.folder).replace("'", "''")
        names = ", ".join('"{}"'.format(name.replace('"', '""')) for name in self.varied)
        parts = f"read_parquet('{folder}/runs/part-*.parquet', union_by_name=true)"
        points = f"(SELECT point, {names} FROM '{folder}/design.parquet')"
        runs = f"SELECT * FROM {parts} JOIN {points} USING (point) WHERE status='ok'"
        with duckdb.connect() as connection:
            connection.execute(f"CREATE VIEW runs AS {runs}")
            connection.execute(f"CREATE VIEW design AS SELECT * FROM '{folder}/design.parquet'")
            found: pd.DataFrame = connection.sql(query).df()
            return found

    @functools.cached_property
    def series_table(self) -> pa.Table:
        """Return `series` as an Arrow table."""
        return self._store.series()

    @functools.cached_property
    def series(self) -> pd.DataFrame:
        """One row a run whose series were kept, an array in each cell: by day, by unit, counts."""
        needs("notebook", "tables for pandas", "pandas")
        frame: pd.DataFrame = self.series_table.to_pandas()
        return frame

    def arrays_by_run(self) -> dict[tuple[int, int], dict[str, NDArray[Any]]]:
        """Return the arrays of every run whose series were kept, by point and replicate."""
        names = [name for name in self.series_table.column_names if name not in ("key", "regime", "seed")]
        return {
            (row["point"], row["replicate"]): {name: np.asarray(value) for name, value in row.items()}
            for row in self.series_table.select(names).to_pylist()
        }

    @functools.cached_property
    def runs_hash(self) -> str:
        """Hash of the table of runs without the one column that may differ between executions."""
        return self._store.runs_hash()

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Runs that failed, and why."""
        return self._store.failures()

    @functools.cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Row of the design and regime by number of point, whatever the order of the points on disk."""
        columns = self.design_table.select(["point", "row", "regime"]).to_pydict()
        rows, bases = np.zeros((2, 1 + max(columns["point"], default=-1)), dtype=np.int64)
        rows[columns["point"]] = columns["row"]
        bases[columns["point"]] = [self.labels.index(label) for label in columns["regime"]]
        return rows, bases

    @functools.cached_property
    def replicates(self) -> list[int]:
        """Replicates of each row of the design, those that failed left out at its end only."""
        rows, _ = self._places
        point, replicate = (self.table.column(name).to_numpy() for name in ("point", "replicate"))
        found = np.zeros(int(rows.max()) + 1, dtype=np.int64)
        np.maximum.at(found, rows[point], replicate + 1)
        return [int(each) for each in found]

    def values(self, outcome: str) -> NDArray[np.float64]:
        """Return an outcome as rows of the design × regimes × replicates; NaN where undefined, failed or not run."""
        rows, bases = self._places
        point, replicate, values = (self.table.column(name).to_numpy() for name in ("point", "replicate", outcome))
        found = np.full((int(rows.max()) + 1, len(self.labels), int(replicate.max(initial=0)) + 1), np.nan)
        found[rows[point], bases[point], replicate] = values
        return found

    def factor(self, name: str) -> list[Any]:
        """Return the value of a column of the design by row."""
        first = np.unique(self.design_table.column("row").to_numpy(), return_index=True)[1]
        return list(self.design_table.column(name).take(pa.array(first)).to_pylist())


def series_by_regime(study: OpenStudy) -> list[RegimeSeries]:
    """Return daily series, histograms and unit tables as arrays; regimes of which none was kept are left out."""
    kept, every = study.series_table, study.table
    known = set(zip(*(kept.column(name).to_pylist() for name in ("point", "replicate")), strict=True))
    both = zip(*(every.column(name).to_pylist() for name in ("point", "replicate")), strict=True)
    runs = every.filter(pa.array([each in known for each in both], pa.bool_()))
    points = kept.column("point").to_numpy()
    return [
        _series(base, *(table.filter(pa.array(points == point)) for table in (kept, runs)), worlds=len(study.worlds))
        for point, base in enumerate(study.manifest["bases"])
        if (points == point).any()
    ]


def _series(base: dict[str, Any], table: pa.Table, runs: pa.Table, *, worlds: int) -> RegimeSeries:
    def named(prefix: str) -> dict[str, NDArray[Any]]:
        names = [name for name in table.column_names if name.startswith(prefix)]
        return {name.removeprefix(prefix): np.asarray(table.column(name).to_pylist()) for name in names}

    days, histograms, units, kinds = base["resolved"]["run"], named("histogram_"), named("units_"), named("kinds_")
    if kinds:
        by_kind = histograms["closures_by_kind"]
        histograms["closures_by_kind"] = by_kind.reshape(*kinds["code"].shape, -1)
    settled = (histograms["closures"] + histograms["drops"]).sum(axis=1)
    backlog = np.asarray(runs.column("backlog_end").to_pylist(), dtype=np.float64)
    codes = [str(code) for code in table.column("hand_overs_code")[0].as_py()]
    hand_overs = np.zeros((len(codes), len(codes)))
    senders, receivers, counts = (
        table.column(f"hand_overs_{name}").combine_chunks().flatten().to_numpy() for name in ("from", "to", "count")
    )
    np.add.at(hand_overs, (senders, receivers), counts)
    titles = units[f"title_{current_language()}"][0]
    return RegimeSeries(
        regime=base["label"],
        label=shown_name(base["label"], base["resolved"]["title"]),
        warm_up=days["warm_up_days"],
        window=days["window_days"],
        replicates=np.asarray(runs.column("replicate").to_pylist(), dtype=np.int64),
        daily=named("daily_"),
        histograms=histograms,
        units=units,
        titles=dict(zip(map(str, units["code"][0]), map(str, titles), strict=True)),
        codes=codes,
        hand_overs=hand_overs / table.num_rows,
        # what is neither closed nor dropped is the backlog, a share of all reported cases
        reported=settled / (1.0 - backlog),
        worlds=worlds,
        kinds=kinds,
        kind_titles=_kind_titles(base["resolved"]) if kinds else {},
        follow_up=days["follow_up_days"],
    )


def _kind_titles(resolved: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Return the titles of every kind of problem by its code, in Chinese, English and the language in use."""
    titles = {each["code"]: each["title"] for each in resolved["kinds"]}
    return {code: (each["zh"], each["en"], each[str(current_language())]) for code, each in titles.items()}
