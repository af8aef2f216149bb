"""Winners and losers: streets and departments under each regime against the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import Interval, holm, paired_difference
from experiments.store import Study

__all__ = ["MEASURES", "UNIT_COLUMNS", "UnitDifference", "unit_differences"]

UNIT_COLUMNS = [
    "regime",
    "level",
    "code",
    "title_zh",
    "title_en",
    "measure",
    "mean",
    "ci_low",
    "ci_high",
    "p_holm",
    "clear",
]
CLEAR = 0.05

Table = dict[str, NDArray[Any]]


def _share(top: str, bottom: str) -> Callable[[Table], NDArray[np.float64]]:
    def measured(table: Table) -> NDArray[np.float64]:
        above, below = table[top].astype(np.float64), table[bottom].astype(np.float64)
        shares: NDArray[np.float64] = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
        return shares

    return measured


MEASURES: dict[str, dict[str, tuple[Callable[[Table], NDArray[np.float64]], int]]] = {
    "street": {
        "closure_rate": (_share("closed_in_time", "due"), 1),
        "workload": (_share("hours_used", "hours_held"), -1),
    },
    "department": {
        "workload": (_share("hours_used", "hours_held"), -1),
        "passed_share": (_share("passed", "received"), -1),
    },
}
"""By level and measure: how it is read from the unit table (runs × units), and which direction a unit welcomes."""


@dataclass(frozen=True)
class UnitDifference:
    """One measure of one unit: under a regime minus under the first, over the pairs.

    Attributes
    ----------
    regime, level, code, title_zh, title_en, measure : str
    interval : Interval
        As a share.
    p_holm : float or None
        Adjusted over the units of a level, measure and regime.
    direction : int
        +1 if a unit welcomes more of it, −1 if less.
    """

    regime: str
    level: str
    code: str
    title_zh: str
    title_en: str
    measure: str
    interval: Interval
    p_holm: float | None
    direction: int

    @property
    def clear(self) -> bool:
        """Whether the adjusted p is below 0.05."""
        return self.p_holm is not None and self.p_holm < CLEAR

    @property
    def gains(self) -> int:
        """+1 if the unit clearly gains, −1 if it clearly loses, else 0."""
        return int(np.sign((self.interval.mean or 0.0) * self.direction)) if self.clear else 0

    def row(self) -> list[Any]:
        """Return a line of the table."""
        names = [self.regime, self.level, self.code, self.title_zh, self.title_en, self.measure]
        return [*names, self.interval.mean, self.interval.low, self.interval.high, self.p_holm, self.clear]

    def as_json(self) -> dict[str, Any]:
        """Return names, bounds, and whether the unit gains."""
        bounds = {"mean": self.interval.mean, "ci_low": self.interval.low, "ci_high": self.interval.high}
        return {"regime": self.regime, "level": self.level, "unit": self.code, "measure": self.measure} | bounds | {
            "gains": self.gains
        }  # fmt: skip


def unit_differences(study: Study, pairs: Sequence[int], regimes: Sequence[str]) -> tuple[UnitDifference, ...]:
    """Return the differences of all streets and departments; empty where no pair is complete."""
    if not pairs:
        return ()
    series, runs = study.series(), study.runs()
    points = np.asarray(runs.column("point").to_pylist())
    complete = np.isin(runs.column("replicate").to_numpy(), list(pairs))
    table = {
        name.removeprefix("units_"): np.asarray(series.column(name).to_pylist())
        for name in series.column_names
        if name.startswith("units_")
    }
    sides = [{name: column[(points == at) & complete] for name, column in table.items()} for at in range(len(regimes))]
    return tuple(
        each
        for at, regime in enumerate(regimes[1:], 1)
        for level, measures in MEASURES.items()
        for measure in measures
        for each in _of_level(regime, level, measure, sides[0], sides[at])
    )


def _of_level(regime: str, level: str, measure: str, first: Table, other: Table) -> list[UnitDifference]:
    here = np.flatnonzero(first["level"][0] == level)
    read, direction = MEASURES[level][measure]
    before, after = read(first)[:, here], read(other)[:, here]
    found = [paired_difference(before[:, i], after[:, i]) for i in range(len(here))]
    adjusted = holm([each.p for each in found])
    codes, zh, en = ([str(first[name][0, at]) for at in here] for name in ("code", "title_zh", "title_en"))
    return [
        UnitDifference(regime, level, codes[i], zh[i], en[i], measure, each.interval, p, direction)
        for i, (each, p) in enumerate(zip(found, adjusted, strict=True))
        if each.interval.mean is not None
    ]
