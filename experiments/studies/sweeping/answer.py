"""What a sweep found: a level with its interval at every place, and differences on paired luck."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.stats import Interval, mean_interval
from experiments.store.opened import OpenStudy
from experiments.studies.sweeping.peaks import Peak, peak_of

__all__ = ["Curve", "Place", "Sweep", "swept"]


@dataclasses.dataclass(frozen=True)
class Place:
    """One value of the swept parameter on a curve.

    Attributes
    ----------
    x : Any
        The value.
    runs : int
        Replicates in which the outcome is defined.
    level : Interval
        Of the outcome, in its unit.
    change : Interval
        Paired difference from the same curve at the marked value, or, without a mark, at the first.
    difference : Interval
        Paired difference from the first regime at the same values; none for the first regime.
    """

    x: Any
    runs: int
    level: Interval
    change: Interval
    difference: Interval


@dataclasses.dataclass(frozen=True)
class Curve:
    """An outcome along the swept parameter, under one regime and one value of every other parameter."""

    outcome: str
    regime: str
    by: Mapping[str, Any]
    places: tuple[Place, ...]
    peak: Peak | None

    def means(self, what: str = "level") -> NDArray[np.float64]:
        """Return mean, low and high of `level`, `change` or `difference` as 3 × places; NaN where undefined."""
        bounds = [dataclasses.astuple(getattr(place, what)) for place in self.places]
        return np.array([[np.nan if each is None else each for each in bound] for bound in bounds]).T


@dataclasses.dataclass(frozen=True)
class Sweep:
    """All curves of a study.

    Attributes
    ----------
    x : str
        The parameter along which curves run.
    by : tuple of str
        The other parameters.
    mark : Any
        Value of `x` to which the others are compared; None: the first.
    """

    study: str
    x: str
    by: tuple[str, ...]
    mark: Any
    regimes: tuple[str, ...]
    outcomes: tuple[str, ...]
    curves: tuple[Curve, ...]

    def of(self, outcome: str) -> list[Curve]:
        """Return the curves of an outcome."""
        return [curve for curve in self.curves if curve.outcome == outcome]

    def as_json(self) -> dict[str, Any]:
        """Return every curve with its places; undefined is null."""
        return {
            "study": self.study,
            "parameter": self.x,
            "by": list(self.by),
            "mark": self.mark,
            "regimes": list(self.regimes),
            "curves": [
                {
                    "outcome": curve.outcome,
                    "regime": curve.regime,
                    "by": dict(curve.by),
                    "points": [_place_json(place) for place in curve.places],
                    "peak": None if curve.peak is None else curve.peak.as_json(),
                }
                for curve in self.curves
            ],
        }

    def rows(self) -> Iterable[list[Any]]:
        """Return a line for each place of each curve."""
        for curve in self.curves:
            for place in curve.places:
                bounds = [each for what in (place.level, place.change, place.difference)
                          for each in dataclasses.astuple(what)]  # fmt: skip
                yield [curve.outcome, curve.regime, *(curve.by[name] for name in self.by), place.x, place.runs, *bounds]

    def columns(self) -> list[str]:
        """Return the names of the columns of `rows`."""
        bounds = [f"{what}{end}" for what in ("", "change_", "difference_") for end in ("mean", "ci_low", "ci_high")]
        return ["outcome", "regime", *self.by, self.x, "runs", *bounds]


def _place_json(place: Place) -> dict[str, Any]:
    entry: dict[str, Any] = {"x": place.x, "runs": place.runs}
    for what in ("level", "change", "difference"):
        mean, low, high = dataclasses.astuple(getattr(place, what))
        entry[what] = {"mean": mean, "ci_low": low, "ci_high": high}
    return entry


def swept(opened: OpenStudy, factors: Sequence[Factor], x: str, mark: Any, outcomes: Sequence[str]) -> Sweep:
    """Read the curves of a finished study.

    Parameters
    ----------
    opened : OpenStudy
    factors : sequence of Factor
        The study's.
    x : str
        The parameter along which curves run.
    mark : Any
        Value of `x` with which the others are compared; None: the first.
    outcomes : sequence of str
        Which are shown.
    """
    by = tuple(factor.name for factor in factors if factor.name != x)
    columns = {factor.name: opened.factor(factor.name) for factor in factors}
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row in range(len(columns[x])):
        groups.setdefault(tuple(columns[name][row] for name in by), []).append(row)
    curves = [
        _curve(opened, outcome, base, dict(zip(by, values, strict=True)), rows, columns[x], mark)
        for outcome in outcomes
        for base in range(len(opened.labels))
        for values, rows in groups.items()
    ]
    return Sweep(str(opened.folder), x, by, mark, tuple(opened.labels), tuple(outcomes), tuple(curves))


def _curve(
    opened: OpenStudy, outcome: str, base: int, by: Mapping[str, Any], rows: Sequence[int], x: Sequence[Any], mark: Any
) -> Curve:
    from model import OUTCOMES

    values = opened.values(outcome)[rows]
    own, first = values[:, base], values[:, 0]
    along = [x[row] for row in rows]
    reference = own[_marked(along, mark)]
    places = tuple(
        Place(
            value,
            int(np.isfinite(own[at]).sum()),
            mean_interval(own[at]),
            mean_interval(own[at] - reference),
            mean_interval(own[at] - first[at]) if base else Interval(None, None, None),
        )
        for at, value in enumerate(along)
    )
    return Curve(outcome, opened.labels[base], by, places, peak_of(along, own, OUTCOMES[outcome].direction))


def _marked(along: Sequence[Any], mark: Any) -> int:
    """Return the place of the marked value, or of the one nearest to it."""
    if mark is None or not all(isinstance(value, int | float) for value in along):
        return along.index(mark) if mark in along else 0
    return min(range(len(along)), key=lambda at: abs(along[at] - mark))
