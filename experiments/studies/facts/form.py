"""The form of `configs/patterns.yaml`: what is seen in the world, where to look in the model, what it must show."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.design.studyfile import Titles
from model import one_of

__all__ = ["ROLES", "Band", "Check", "Pattern", "PatternsFile"]

_FORBID = ConfigDict(extra="forbid", frozen=True)

ROLES = ("evidence", "fitted", "input", "shown")
"""What a pattern that holds says for the model: something, little, nothing; or it is drawn and not judged."""

Band = tuple[float | None, float | None]
"""Lowest and highest value that passes, in the measure's unit; none: open on that side."""


class Check(BaseModel):
    """One number that is measured and held against a band."""

    model_config = _FORBID

    measure: str = Field(description="How it is measured: a name of `experiments.studies.facts.measures.MEASURES`.")
    title: Titles
    unit: str = Field(description="share (shown as percent), points (a change of a share), or the unit in words.")
    band: Band = Field(description="Lowest and highest value that passes; null: open on that side.")
    outcome: str | None = Field(None, description="Outcome that is looked at, where the measure asks for one.")
    peak_of: str | None = Field(None, description="past_peak: outcome at whose peak the change begins.")
    start: str | None = Field(None, description="Arm at which a change begins; the first, unless given.")
    end: str | None = Field(None, description="Arm at which it ends; the last, unless given.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Check:
        low, high = self.band
        if low is None and high is None:
            raise ValueError("band: expected one or two bounds, got none")
        if low is not None and high is not None and low >= high:
            raise ValueError(f"band: expected the lower bound first, got {low} and {high}")
        return self


class Pattern(BaseModel):
    """One stylised fact."""

    model_config = _FORBID

    id: str = Field(pattern=r"^[A-Z]\d*$")
    title: Titles
    seen: Titles = Field(description="What is seen in the world, in a sentence.")
    source: Titles = Field(description="Where it is seen.")
    role: Literal["evidence", "fitted", "input", "shown"]
    regime: str = Field("inverted", description="Under which it is looked at, unless told otherwise.")
    arms: dict[str, dict[str, Any]] = Field(
        {"base": {}}, min_length=1, description="Settings by arm, by dotted path; a sweep is its arms in order."
    )
    checks: tuple[Check, ...] = Field((), description="All must hold; the first is the pattern's own value.")
    note: Titles | None = Field(None, description="What one should know before believing it.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Pattern:
        if (self.role == "shown") != (not self.checks):
            raise ValueError("checks: expected none with role shown, and one or more with other roles")
        for check in self.checks:
            for name in (check.start, check.end):
                if name is not None and name not in self.arms:
                    raise ValueError(f"checks: expected {one_of(self.arms)} as arm, got '{name}'")
        return self


class PatternsFile(BaseModel):
    """The whole file."""

    model_config = _FORBID

    patterns: tuple[Pattern, ...] = Field(min_length=1)
