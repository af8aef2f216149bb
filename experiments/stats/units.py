"""Winners and losers: streets and departments under each regime against the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import CLEAR, Interval, PairedDifference, holm, paired_difference
from experiments.stats.series import RegimeSeries

Table = Mapping[str, NDArray[Any]]
"""Runs × units, by the names of `Record.units` and, of streets, by those of `OF_STREETS`."""

OF_STREETS = ("due", "closed_in_time")
"""Histograms of the record with a place for each street."""


@dataclass(frozen=True)
class Measure:
    """What is compared of a unit.

    Attributes:
        name, unit: "share" is shown in points.
        direction: +1 if a unit gains where it rises, −1 if it loses, 0 if neither.
        read: From the unit table to the values.
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

    Attributes:
        regime, level, code, title_zh, title_en, title: The last one is the title in the language in use.
        found: In the unit of the measure.
        p_holm: Adjusted over all units and measures of the two regimes.
    """

    regime: str
    level: str
    code: str
    title_zh: str
    title_en: str
    title: str
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

    def row(self) -> list[Any]:
        """Return a line of `tables/units.csv`."""
        names = [self.regime, self.level, self.code, self.title_zh, self.title_en, self.measure.name]
        bounds = [self.interval.mean, self.interval.low, self.interval.high]
        return [*names, self.measure.unit, self.found.pairs, *bounds, self.p_holm, self.clear]

    def as_json(self) -> dict[str, Any]:
        """Return names, bounds, and whether the unit gains (+1), loses (−1) or neither (0)."""
        names = {"regime": self.regime, "level": self.level, "unit": self.code,
                 "title": {"zh": self.title_zh, "en": self.title_en}, "measure": self.measure.name}  # fmt: skip
        return names | self.interval.as_json() | {"gains": self.change * self.measure.direction}


def unit_differences(series: Sequence[RegimeSeries], pairs: Sequence[int]) -> tuple[UnitDifference, ...]:
    """Return the differences of all streets and departments; empty where no complete pair kept its series.

    Args:
        series: Of every regime, the first one first.
        pairs: Replicates that ended well under every regime.
    """
    kept = [pair for pair in pairs if all(pair in each.replicates for each in series)]
    if not kept or len(series) < 2:
        return ()
    first, *others = (_units(each, kept) for each in series)
    names = {
        str(code): (str(zh), str(en))
        for code, zh, en in zip(*(first[name][0] for name in ("code", "title_zh", "title_en")), strict=True)
    }
    return tuple(
        UnitDifference(each.regime, level, code, *names[code], each.titles[code], measure, found, p_holm)
        for each, other in zip(series[1:], others, strict=True)
        for level, measure, code, found, p_holm in _of_pair(first, other)
    )


def _units(series: RegimeSeries, pairs: Sequence[int]) -> Table:
    """Return the unit table of these runs, with what fell due in each street."""
    rows = np.isin(series.replicates, list(pairs))
    table = {name: column[rows] for name, column in series.units.items()}
    streets = table["level"][0] == "street"
    for name in OF_STREETS:
        table[name] = np.zeros(table["level"].shape, dtype=np.int64)
        table[name][:, streets] = series.histograms[name][rows]
    return table


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
