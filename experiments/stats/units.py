"""Winners and losers: streets and departments under each regime against the first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.ensemble import Doubt, doubt
from experiments.stats.intervals import Adjusted, Floats, Interval, PairedDifference, holm, paired_difference
from experiments.stats.series import RegimeSeries, ratio

Table = Mapping[str, NDArray[Any]]
"""Runs × units, by the names of `Record.units` and, of streets, by those of `OF_STREETS`."""

OF_STREETS = ("due", "closed_in_time")  # histograms of the record with a place for each street


@dataclass(frozen=True)
class Measure:
    """What is compared of a unit: a column of its table, or the ratio of two.

    Attributes:
        name, unit: "share" is shown in points.
        direction: +1 if a unit gains where it rises, −1 if it loses, 0 if neither.
    """

    name: str
    unit: str
    direction: int
    column: str
    over: str | None = None

    def read(self, table: Table) -> Floats:
        values = table[self.column].astype(np.float64)
        return values if self.over is None else ratio(values, table[self.over])


_WORKLOAD = Measure("workload", "share", -1, "hours_used", "hours_held")

MEASURES: dict[str, tuple[Measure, ...]] = {
    "street": (Measure("closure_rate", "share", 1, "closed_in_time", "due"), _WORKLOAD),
    "department": (
        _WORKLOAD,
        Measure("backlog", "person-days", -1, "waiting"),
        Measure("received", "cases", 0, "received"),
        Measure("passed", "cases", 0, "passed"),
    ),
}
"""By level; a street's closure rate is that of the cases of its ground, whoever works on them."""


@dataclass(frozen=True)
class Measured(Adjusted):
    """One measure of something: under a regime minus under the first, over the pairs, or over worlds.

    Over worlds `doubt` holds what is told instead.
    """

    measure: Measure
    found: PairedDifference
    p_holm: float | None
    doubt: Doubt | None

    @property
    def interval(self) -> Interval:
        return self.found.interval

    @property
    def told(self) -> Interval:
        """What is told of it: median and 90 % range over worlds; in one world its mean with what luck leaves open."""
        return self.interval if self.doubt is None else self.doubt.interval

    @property
    def clear(self) -> bool:
        """Whether nine in ten worlds agree on its sign; in one world, whether it is told from zero."""
        return super().clear if self.doubt is None else self.doubt.holds

    @property
    def change(self) -> int:
        """+1 if the measure clearly rises, −1 if it clearly falls, else 0."""
        return int(np.sign(self.told.mean or 0.0)) if self.clear else 0

    @property
    def gains(self) -> int:
        """+1 if what is measured clearly gains by it, −1 if it clearly loses, else 0."""
        return self.change * self.measure.direction


@dataclass(frozen=True)
class UnitDifference(Measured):
    """A measure of one unit; `title` is in the language in use; p is adjusted over all units and measures."""

    regime: str
    level: str
    code: str
    title_zh: str
    title_en: str
    title: str

    def as_json(self) -> dict[str, Any]:
        names = {"regime": self.regime, "level": self.level, "unit": self.code,
                 "title": {"zh": self.title_zh, "en": self.title_en}, "measure": self.measure.name}  # fmt: skip
        return names | self.interval.as_json() | {"gains": self.gains}


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
    titles = zip(*(map(str, first[name][0]) for name in ("code", "title_zh", "title_en")), strict=True)
    names = {code: (zh, en) for code, zh, en in titles}
    found: list[UnitDifference] = []
    for each, other in zip(series[1:], others, strict=True):
        compared = list(_compared(first, other, partial(each.by_world, pairs=kept)))
        adjusted = holm([difference.p for *_, difference, _ in compared])
        found += (
            UnitDifference(
                measure, difference, p_holm, doubt(gap, measure.direction) if each.worlds else None,
                each.regime, level, code, *names[code], each.titles[code],
            )
            for (level, measure, code, difference, gap), p_holm in zip(compared, adjusted, strict=True)
        )  # fmt: skip
    return tuple(found)


def _units(series: RegimeSeries, pairs: Sequence[int]) -> Table:
    """Return the unit table of these runs, with what fell due in each street."""
    rows = np.isin(series.replicates, list(pairs))
    table = {name: column[rows] for name, column in series.units.items()}
    streets = table["level"][0] == "street"
    for name in OF_STREETS:
        table[name] = np.zeros(table["level"].shape, dtype=np.int64)
        table[name][:, streets] = series.histograms[name][rows]
    return table


def _compared(
    first: Table, other: Table, by_world: Callable[[Floats], Floats]
) -> Iterator[tuple[str, Measure, str, PairedDifference, Floats]]:
    """Yield level, measure, code, difference and its values of every unit where the measure is defined on both sides.

    `by_world` makes values a world of values a pair.
    """
    for level, measures in MEASURES.items():
        here, there = ({str(table["code"][0, at]): at for at in np.flatnonzero(table["level"][0] == level)}
                       for table in (first, other))  # fmt: skip
        both = [(code, at, there[code]) for code, at in here.items() if code in there]
        for measure in measures:
            before, after = by_world(measure.read(first)), by_world(measure.read(other))
            for code, one, two in both:
                found = paired_difference(before[:, one], after[:, two])
                if found.interval.mean is not None:
                    yield level, measure, code, found, after[:, two] - before[:, one]
