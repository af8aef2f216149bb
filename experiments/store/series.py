"""Daily series, histograms and unit tables of a study as arrays, by regime."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.design.naming import shown_name
from experiments.messages import current_language
from experiments.stats.series import RegimeSeries
from experiments.store.opened import OpenStudy


def series_by_regime(study: OpenStudy) -> list[RegimeSeries]:
    """Read the series of a study; regimes of which none was kept are left out."""
    series = study.series
    runs = _of_the_same(study.table, series)
    points = np.asarray(runs.column("point").to_pylist(), dtype=np.int64)
    return [
        _series(base, *(table.filter(pa.array(points == point)) for table in (series, runs)))
        for point, base in enumerate(study.manifest["bases"])
        if (points == point).any()
    ]


def _of_the_same(runs: pa.Table, series: pa.Table) -> pa.Table:
    """Return the runs whose series were kept, in the order of the series."""
    kept = set(zip(series.column("point").to_pylist(), series.column("replicate").to_pylist(), strict=True))
    both = zip(runs.column("point").to_pylist(), runs.column("replicate").to_pylist(), strict=True)
    return runs.filter(pa.array([each in kept for each in both], pa.bool_()))


def _series(base: dict[str, Any], table: pa.Table, runs: pa.Table) -> RegimeSeries:
    days, histograms, units = base["resolved"]["run"], _named(table, "histogram_"), _named(table, "units_")
    settled = (histograms["closures"] + histograms["drops"]).sum(axis=1)
    backlog = np.asarray(runs.column("backlog_end").to_pylist(), dtype=np.float64)
    codes = [str(code) for code in table.column("hand_overs_code")[0].as_py()]
    titles = units[f"title_{current_language()}"][0]
    return RegimeSeries(
        regime=base["label"],
        label=shown_name(base["label"], base["resolved"]["title"]),
        warm_up=days["warm_up_days"],
        window=days["window_days"],
        replicates=np.asarray(runs.column("replicate").to_pylist(), dtype=np.int64),
        daily=_named(table, "daily_"),
        histograms=histograms,
        units=units,
        titles=dict(zip(map(str, units["code"][0]), map(str, titles), strict=True)),
        codes=codes,
        hand_overs=_hand_overs(table, len(codes)) / table.num_rows,
        # what is neither closed nor dropped is the backlog, a share of all reported cases
        reported=settled / (1.0 - backlog),
    )


def _named(table: pa.Table, prefix: str) -> dict[str, NDArray[Any]]:
    names = [name for name in table.column_names if name.startswith(prefix)]
    return {name.removeprefix(prefix): np.asarray(table.column(name).to_pylist()) for name in names}


def _hand_overs(table: pa.Table, size: int) -> NDArray[np.float64]:
    total = np.zeros((size, size))
    rows, columns, counts = (
        table.column(f"hand_overs_{name}").combine_chunks().flatten().to_numpy() for name in ("from", "to", "count")
    )
    np.add.at(total, (rows, columns), counts)
    return total
