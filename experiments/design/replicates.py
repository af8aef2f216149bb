"""How often each point is run: a fixed number, or until the intervals are narrow enough."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

__all__ = ["STRIDE", "Replicates", "Until"]

STRIDE = 100_000
"""Seeds that a luck block has to itself: a study may run each point as often as that."""


def _half_width(value: float | str) -> float | str:
    if isinstance(value, str) and not re.fullmatch(r"\d+(\.\d+)? ?%", value):
        raise ValueError(
            f"expected a number in the outcome's unit, or a share of the mean such as '5 %', got '{value}'"
        )
    if not isinstance(value, str) and value <= 0:
        raise ValueError(f"expected a number above 0, got {value:g}")
    return value


HalfWidth = Annotated[float | str, AfterValidator(_half_width)]


class Until(BaseModel):
    """Run until the 95 % intervals of these outcomes are narrow enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: dict[str, HalfWidth] = Field({}, description="Half-width by outcome, of the level under each regime.")
    difference: dict[str, HalfWidth] = Field({}, description="Half-width by outcome, of the paired difference.")
    minimum: int = Field(20, ge=20, le=STRIDE, description="Replicates before the rule is asked.")
    look_ahead: int = Field(5, ge=5, le=1000, description="Further replicates for which it must go on to hold.")
    budget: int = Field(200, ge=25, le=STRIDE, description="Replicates at which it is given up.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Until:
        if not self.level and not self.difference:
            raise ValueError("expected half-widths under level, difference or both, got none")
        if self.budget < self.minimum + self.look_ahead:
            least = self.minimum + self.look_ahead
            raise ValueError(f"budget: expected at least minimum + look_ahead = {least}, got {self.budget}")
        return self


class Replicates(BaseModel):
    """Replicates of each point."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fixed: int | None = Field(None, ge=1, le=STRIDE, description="So many.")
    until: Until | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Replicates:
        if (self.fixed is None) == (self.until is None):
            raise ValueError("expected either fixed or until, got both or neither")
        return self

    @property
    def most(self) -> int:
        """Replicates beyond which no point is run."""
        if self.fixed is not None:
            return self.fixed
        assert self.until is not None  # one of both is given
        return self.until.budget

    @property
    def first(self) -> int:
        """Replicates that are run before anything is decided."""
        if self.fixed is not None:
            return self.fixed
        assert self.until is not None  # one of both is given
        return self.until.minimum + self.until.look_ahead
