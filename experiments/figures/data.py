"""Series of a study as arrays, by regime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.store import Study

__all__ = ["RegimeSeries", "series_by_regime"]


@dataclass(frozen=True)
class RegimeSeries:
    """Series of all runs of one regime.

    Attributes
    ----------
    label : str
        The regime.
    daily, histograms : dict
        Runs × days, runs × counts.
    units : dict
        Runs × units; codes and titles as text.
    codes : list of str
        Departments, and the streets as one.
    hand_overs : array
        Codes × codes, from rows to columns, summed over runs.
    """

    label: str
    daily: dict[str, NDArray[np.float64]]
    histograms: dict[str, NDArray[np.float64]]
    units: dict[str, NDArray[Any]]
    codes: list[str]
    hand_overs: NDArray[np.int64]

    @property
    def runs(self) -> int:
        """Runs of the regime."""
        return len(next(iter(self.units.values())))


def series_by_regime(study: Study, regimes: list[str]) -> list[RegimeSeries]:
    """Read the series of a study; regimes without a finished run are left out."""
    table = study.series()
    points = table.column("point").to_numpy() if table.num_rows else np.empty(0, dtype=np.int64)
    return [
        _series(label, table.filter(pa.array(points == point)))
        for point, label in enumerate(regimes)
        if (points == point).any()
    ]


def _series(label: str, table: pa.Table) -> RegimeSeries:
    units = _named(table, "units_")
    codes = [str(code) for code in table.column("hand_overs_code")[0].as_py()]
    daily, histograms = _named(table, "daily_"), _named(table, "histogram_")
    return RegimeSeries(label, daily, histograms, units, codes, _hand_overs(table, len(codes)))


def _named(table: pa.Table, prefix: str) -> dict[str, NDArray[Any]]:
    names = [name for name in table.column_names if name.startswith(prefix)]
    return {name.removeprefix(prefix): np.asarray(table.column(name).to_pylist()) for name in names}


def _hand_overs(table: pa.Table, size: int) -> NDArray[np.int64]:
    total = np.zeros((size, size), dtype=np.int64)
    rows, columns, counts = (
        table.column(f"hand_overs_{name}").combine_chunks().flatten().to_numpy() for name in ("from", "to", "count")
    )
    np.add.at(total, (rows, columns), counts)
    return total
