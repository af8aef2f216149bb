"""What varies in a study: a parameter with its distribution, or several values that move together."""

from __future__ import annotations

import bisect
import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from model import one_of

__all__ = ["DUMMY", "LUCK", "Factor", "Shape", "Spread", "Titles"]

DUMMY, LUCK = "dummy", "luck"
"""Columns of a design that no rule reads: one that does nothing, and one that decides which luck a row has."""

MOST_WHOLE = 100
"""Whole numbers that a grid goes through without being told which."""

Shape = Literal["values", "uniform", "loguniform", "integer", "categorical", "triangular", "bundles", "between"]
SHAPES: tuple[Shape, ...] = (
    "values", "uniform", "loguniform", "integer", "categorical", "triangular", "bundles", "between",
)  # fmt: skip


class Titles(BaseModel):
    """A few words in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Spread(BaseModel):
    """How a parameter is spread, as the study's file says it; empty: evenly over the bounds it was declared with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    values: tuple[Any, ...] | None = Field(None, min_length=1, description="The very values, in this order.")
    uniform: tuple[float, float] | None = Field(None, description="[low, high]")
    loguniform: tuple[float, float] | None = Field(None, description="[low, high], both above 0")
    integer: tuple[int, int] | None = Field(None, description="[low, high], whole numbers, both included")
    categorical: tuple[Any, ...] | None = Field(None, min_length=1, description="Words, each as likely.")
    triangular: tuple[float, float, float] | None = Field(None, description="[low, mode, high]")
    bundles: dict[str, dict[str, Any]] | None = Field(
        None, min_length=1, description="Settings by name that are chosen together: {name: {path: value, …}, …}"
    )
    between: tuple[dict[str, float], dict[str, float]] | None = Field(
        None, description="Two sets of settings; the parameter is the place on the line between them, from 0 to 1."
    )
    title: Titles | None = Field(None, description="What figures call it; else what it was declared to mean.")
    names: dict[str, Titles] = Field({}, description="What figures call its values, by value.")
    levels: int | None = Field(None, ge=2, le=10_000, description="In a grid: so many values, evenly from low to high.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Spread:
        given = self.shapes
        if len(given) > 1:
            raise ValueError(f"expected {one_of(SHAPES)}, got {' and '.join(given)}")
        ends = self.uniform or self.loguniform or self.integer or self.triangular
        if ends is not None and not (ends[0] < ends[-1] and list(ends) == sorted(ends)):
            raise ValueError(f"expected low before high, got {list(ends)}")
        if self.loguniform is not None and self.loguniform[0] <= 0:
            raise ValueError(f"expected a low above 0, because its logarithm is taken, got {self.loguniform[0]:g}")
        if self.between is not None and set(self.between[0]) != set(self.between[1]):
            raise ValueError("expected the same keys at both ends, got different ones")
        return self

    @property
    def shapes(self) -> list[Shape]:
        """Which shapes are given: one, or none."""
        return [name for name in SHAPES if getattr(self, name) is not None]


@dataclasses.dataclass(frozen=True)
class Factor:
    """A parameter of a study with everything about it known.

    Attributes
    ----------
    name : str
        Dotted path, or the name of bundles or of a line.
    shape : str
        One of `SHAPES`.
    low, high, mode : float
        Ends, and the peak of a triangle; 0 where there are none.
    choices : tuple
        Values, words, or names of bundles.
    sets : tuple of dict
        Settings of each bundle, or of both ends of a line.
    levels : int or None
        Values in a grid.
    whole : bool
        Whether values are whole numbers.
    unit : str
        Unit in words, "1" for a pure number.
    """

    name: str
    shape: Shape
    low: float = 0.0
    high: float = 0.0
    mode: float = 0.0
    choices: tuple[Any, ...] = ()
    sets: tuple[Mapping[str, Any], ...] = ()
    levels: int | None = None
    whole: bool = False
    unit: str = "1"

    @property
    def numeric(self) -> bool:
        """Whether values lie on a line."""
        return self.shape not in ("categorical", "bundles") and not any(
            isinstance(choice, bool | str) for choice in self.choices
        )

    def at(self, share: float) -> Any:
        """Return the value below which this share of the distribution lies; share in [0, 1)."""
        if self.choices:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.whole:
            return min(int(self.low + share * (self.high - self.low + 1)), int(self.high))
        if self.shape == "loguniform":
            return math.exp(math.log(self.low) + share * math.log(self.high / self.low))
        if self.shape == "triangular":
            return self._triangular(share)
        return self.low + share * (self.high - self.low)

    def _triangular(self, share: float) -> float:
        width, left = self.high - self.low, self.mode - self.low
        if share * width < left:
            return self.low + math.sqrt(share * width * left)
        return self.high - math.sqrt((1.0 - share) * width * (self.high - self.mode))

    def grid(self) -> Sequence[Any]:
        """Return the values that a grid goes through."""
        if self.choices:
            return self.choices
        if self.whole and self.levels is None:
            return range(int(self.low), int(self.high) + 1)
        assert self.levels is not None  # checked when the study was read
        steps = [place / (self.levels - 1) for place in range(self.levels)]
        if self.shape == "loguniform":
            return [self.low * (self.high / self.low) ** step for step in steps]
        # the last is the bound itself, not the bound within rounding
        values = [*(self.low + step * (self.high - self.low) for step in steps[:-1]), self.high]
        return sorted({round(value) for value in values}) if self.whole else [round(value, 12) for value in values]

    def settings(self, value: Any) -> dict[str, Any]:
        """Return the settings that a value stands for, by dotted path."""
        if self.shape == "bundles":
            return dict(self.sets[self.choices.index(value)])
        if self.shape == "between":
            first, last = self.sets
            return {path: first[path] + value * (last[path] - first[path]) for path in first}
        return {} if self.name in (DUMMY, LUCK) else {self.name: value}

    def paths(self) -> set[str]:
        """Return every path that the factor sets."""
        return {path for each in self.sets for path in each} if self.sets else {self.name}

    def place(self, value: Any) -> float:
        """Return where a value stands on the axis of a figure: itself, or its number among the choices."""
        return float(value) if self.numeric else float(self.choices.index(value))

    def nearest_level(self, value: float) -> int:
        """Return the place of the level nearest to a number."""
        grid = [float(each) for each in self.grid()]
        at = bisect.bisect_left(grid, value)
        return min((place for place in (at - 1, at) if 0 <= place < len(grid)), key=lambda p: abs(grid[p] - value))
