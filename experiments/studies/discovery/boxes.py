"""Boxes in the space of inputs: which points lie inside, how many of the cases sought they hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Column", "Range", "Tally", "columns_of"]

Bools = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Column:
    """An input: its values, one a point; words are numbered in `words`."""

    name: str
    values: NDArray[np.float64]
    words: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Range:
    """A restriction of an input: of numbers from low to high, both inside, or of words to some of them."""

    low: float = -np.inf
    high: float = np.inf
    words: frozenset[int] | None = None

    def holds(self, column: Column) -> Bools:
        """Return which points it lets in."""
        if self.words is not None:
            return np.isin(column.values, list(self.words))
        inside: Bools = (column.values >= self.low) & (column.values <= self.high)
        return inside


@dataclasses.dataclass(frozen=True)
class Box:
    """Restrictions by input; none: all points."""

    ranges: Mapping[str, Range] = dataclasses.field(default_factory=dict)

    def inside(self, columns: Sequence[Column]) -> Bools:
        """Return which points lie in the box."""
        inside = np.ones(len(columns[0].values), dtype=np.bool_)
        for column in columns:
            if column.name in self.ranges:
                inside &= self.ranges[column.name].holds(column)
        return inside

    def with_range(self, name: str, restriction: Range) -> Box:
        """Return the box with another restriction of one input."""
        return Box({**self.ranges, name: restriction})

    def without(self, name: str) -> Box:
        """Return the box without the restriction of one input."""
        return Box({other: each for other, each in self.ranges.items() if other != name})


@dataclasses.dataclass(frozen=True)
class Tally:
    """How a box does.

    Attributes
    ----------
    points, cases : int
        Inside; of these, the cases sought.
    all_points, all_cases : int
    """

    points: int
    cases: int
    all_points: int
    all_cases: int

    @classmethod
    def of(cls, inside: Bools, sought: Bools) -> Tally:
        """Count."""
        return cls(int(inside.sum()), int((inside & sought).sum()), sought.size, int(sought.sum()))

    @property
    def density(self) -> float:
        """Share of the points inside that are cases."""
        return self.cases / self.points if self.points else 0.0

    @property
    def coverage(self) -> float:
        """Share of all cases that lie inside."""
        return self.cases / self.all_cases if self.all_cases else 0.0

    @property
    def mass(self) -> float:
        """Share of all points that lie inside."""
        return self.points / self.all_points if self.all_points else 0.0

    @property
    def balance(self) -> float:
        """Harmonic mean of coverage and density: a box must do well in both."""
        total = self.coverage + self.density
        return 2 * self.coverage * self.density / total if total else 0.0


def columns_of(inputs: Mapping[str, Sequence[Any]]) -> list[Column]:
    """Return inputs as columns; words and switches are numbered.

    Raises
    ------
    ValueError
        For values that are undefined.
    """
    columns = []
    for name, values in inputs.items():
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            numbers = np.asarray(values, dtype=np.float64)
            if not np.isfinite(numbers).all():
                raise ValueError(f"{name}: expected numbers or words, got an undefined value.")
            columns.append(Column(name, numbers))
        else:
            words = tuple(dict.fromkeys(map(str, values)))
            columns.append(
                Column(name, np.array([words.index(str(value)) for value in values], dtype=np.float64), words)
            )
    return columns
