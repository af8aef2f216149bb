"""Winners and losers: streets and departments under each regime against the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.messages import Language
from experiments.stats import CLEAR, Interval, PairedDifference, holm, paired_difference
from experiments.store.opened import OpenStudy

__all__ = ["MEASURES", "UNIT_COLUMNS", "Measure", "UnitDifference", "unit_differences"]

UNIT_COLUMNS = [
    "regime", "level", "code", "title_zh", "title_en", "measure", "unit", "pairs", "mean", "ci_low", "ci_high",
    "p_holm", "clear",
]  # fmt: skip

Table = dict[str, NDArray[Any]]
"""Runs × units, by the names of `Record.units` and, of streets, by those of `OF_STREETS`."""

OF_STREETS = ("due", "closed_in_time")
"""Histograms of the record with a place for each street."""


@dataclass(frozen=True)
class Measure:
    """What is compared of a unit.

    Attributes
    ----------
    name, unit : str
        "share" is shown in points.
    direction : int
        +1 if a unit gains where it rises, −1 if it loses, 0 if neither.
    read : callable
        From the unit table to the values.
    """

    name: str
    unit: str
    direction: int
    read: Callable[[Table], NDArray[np.float64]]


def _share(top: str, bottom: str) -> Callable[[Table], NDArray[np.float64]]:
    def read(table: Table) -> NDArray[np.float64]:
        above, below = table[top].astype(np.float64), table[bottom].astype(np.float64)
        shares: NDArray[np.float64] = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
        return shares

    return read


def _column(name: str) -> Callable[[Table], NDArray[np.float64]]:
    return lambda table: table[name].astype(np.float64)


_WORKLOAD = Measure("workload", "share", -1, _share("hours_used", "hours_held"))

MEASURES: dict[str, tuple[Measure, ...]] = {
    "street": (Measure("closure_rate", "share", 1, _share("closed_in_time", "due")), _WORKLOAD),
    "department": (
        _WORKLOAD,
        Measure("backlog", "person-days", -1, _column("waiting")),
        Measure("received", "cases", 0, _column("received")),
        Measure("passed", "cases", 0, _column("passed")),
    ),
}
"""By level; a street's closure rate is that of the cases of its ground, whoever works on them."""


@dataclass(frozen=True)
class UnitDifference:
    """One measure of one unit: under a regime minus under the first, over the pairs.

    Attributes
    ----------
    regime, level, code, title_zh, title_en : str
    measure : Measure
    found : PairedDifference
        In the unit of the measure.
    p_holm : float or None
        Adjusted over all units and measures of the two regimes.
    """

    regime: str
    level: str
    code: str
    title_zh: str
    title_en: str
    measure: Measure
    found: PairedDifference
    p_holm: float | None

    @property
    def interval(self) -> Interval:
        """Mean and 95 % interval of the difference."""
        return self.found.interval

    @property
    def clear(self) -> bool:
        """Whether the adjusted p is below 0.05."""
        return self.p_holm is not None and self.p_holm < CLEAR

    @property
    def change(self) -> int:
        """+1 if the measure clearly rises, −1 if it clearly falls, else 0."""
        return int(np.sign(self.interval.mean or 0.0)) if self.clear else 0

    def title(self, language: Language) -> str:
        """Return the unit's title."""
        return self.title_zh if language is Language.ZH else self.title_en

    def row(self) -> list[Any]:
        """Return a line of the table."""
        names = [self.regime, self.level, self.code, self.title_zh, self.title_en, self.measure.name]
        bounds = [self.interval.mean, self.interval.low, self.interval.high]
        return [*names, self.measure.unit, self.found.pairs, *bounds, self.p_holm, self.clear]

    def as_json(self) -> dict[str, Any]:
        """Return names, bounds, and whether the unit gains (+1), loses (−1) or neither (0)."""
        return {
            "regime": self.regime,
            "level": self.level,
            "unit": self.code,
            "title": {"zh": self.title_zh, "en": self.title_en},
            "measure": self.measure.name,
            "mean": self.interval.mean,
            "ci_low": self.interval.low,
            "ci_high": self.interval.high,
            "gains": self.change * self.measure.direction,
        }


def unit_differences(study: OpenStudy, pairs: Sequence[int]) -> tuple[UnitDifference, ...]:
    """Return the differences of all streets and departments; empty where no complete pair kept its series.

    Parameters
    ----------
    study : OpenStudy
    pairs : sequence of int
        Replicates that ended well under every regime.
    """
    regimes = study.labels
    kept = _kept(study.series, pairs, len(regimes))
    if not kept:
        return ()
    sides = _sides(study.series, kept, len(regimes))
    names = {
        str(code): (str(zh), str(en))
        for code, zh, en in zip(*(sides[0][name][0] for name in ("code", "title_zh", "title_en")), strict=True)
    }
    return tuple(
        UnitDifference(regime, level, code, *names[code], measure, found, p_holm)
        for regime, side in zip(regimes[1:], sides[1:], strict=True)
        for level, measure, code, found, p_holm in _of_pair(sides[0], side)
    )


def _of_pair(first: Table, other: Table) -> Iterator[tuple[str, Measure, str, PairedDifference, float | None]]:
    """Yield level, measure, code, difference and adjusted p of every unit of two regimes."""
    compared = [
        (level, measure, code, found)
        for level, measures in MEASURES.items()
        for measure in measures
        for code, found in _of_level(level, measure, first, other).items()
    ]
    adjusted = holm([found.p for *_, found in compared])
    yield from ((*each, p_holm) for each, p_holm in zip(compared, adjusted, strict=True))


def _kept(series: pa.Table, pairs: Sequence[int], regimes: int) -> list[int]:
    """Return the pairs whose series were kept under every regime."""
    replicates = series.column("replicate").to_pylist()
    return [pair for pair in pairs if replicates.count(pair) == regimes]


def _sides(series: pa.Table, pairs: Sequence[int], regimes: int) -> list[Table]:
    """Return the unit tables of each regime, with what fell due in each street, in the order of the pairs."""
    points = series.column("point").to_numpy()
    complete = np.isin(series.column("replicate").to_numpy(), list(pairs))
    columns = {
        name.removeprefix("units_"): np.asarray(series.column(name).to_pylist(), dtype=object)
        for name in series.column_names
        if name.startswith("units_")
    }
    due = {name: np.asarray(series.column(f"histogram_{name}").to_pylist()) for name in OF_STREETS}
    sides = []
    for at in range(regimes):
        rows = (points == at) & complete
        side = {name: np.array(column[rows].tolist()) for name, column in columns.items()}
        streets = side["level"][0] == "street"
        for name, column in due.items():
            side[name] = np.zeros(side["level"].shape, dtype=np.int64)
            side[name][:, streets] = column[rows]
        sides.append(side)
    return sides


def _of_level(level: str, measure: Measure, first: Table, other: Table) -> dict[str, PairedDifference]:
    """Return the difference of each unit of a level by its code, where the measure is defined on both sides."""
    before, after = measure.read(first), measure.read(other)
    here, there = _places(level, first), _places(level, other)
    found = {
        code: paired_difference(before[:, at], after[:, there[code]]) for code, at in here.items() if code in there
    }
    return {code: each for code, each in found.items() if each.interval.mean is not None}


def _places(level: str, table: Table) -> dict[str, int]:
    return {str(table["code"][0, at]): int(at) for at in np.flatnonzero(table["level"][0] == level)}
