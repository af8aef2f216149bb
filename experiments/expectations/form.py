"""The form of `configs/expectations.yaml`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.planning.factors import Titles

__all__ = ["Expectation", "ExpectationsFile", "Reaches"]


class Reaches(BaseModel):
    """What an outcome itself must be at the end of a change, in the outcome's own unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: float | None = None
    at_most: float | None = None


class Expectation(BaseModel):
    """One thing is turned, all else and the luck stay: which way does an outcome move, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^X\d\d+$", description="X and a number.")
    topic: str = Field(description="A key of topics.")
    regime: str = Field(description="A shipped regime.")
    beside: dict[str, Any] = Field({}, description="Settings of both arms, by dotted path.")
    change: dict[str, tuple[Any, Any]] = Field(min_length=1, description="From and to, by dotted path.")
    outcome: str = Field(description="An outcome of the model.")
    expect: Literal["up", "down", "none"] = Field(description="Where the outcome is expected to move.")
    band: float | None = Field(None, gt=0.0, description="Up to which size a change counts as none.")
    reaches: Reaches | None = Field(None, description="What the outcome must be at the end of the change.")
    why: Titles = Field(description="The argument, in one or two plain sentences.")
    source: str = Field(description="A key of sources.")
    surprise: Titles | None = Field(None, description="What happens instead, where it came out otherwise.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Expectation:
        if (self.band is not None) != (self.expect == "none"):
            raise ValueError("band: allowed with expect: none, where it is needed, and nowhere else")
        still = [key for key, (start, end) in self.change.items() if start == end]
        if still:
            raise ValueError(f"change: {still[0]} stays as it is; allowed two different values")
        return self

    def settings(self, end: bool) -> dict[str, Any]:
        """Return the settings of an arm: at the start of the change, or at its end."""
        return {**self.beside, **{key: values[end] for key, values in self.change.items()}}

    def asked(self) -> dict[str, Any]:
        """Return what is measured, as plain values: everything but the words."""
        return self.model_dump(mode="json", include=_ASKED, exclude_none=True)


_ASKED = {"regime", "beside", "change", "outcome", "expect", "band", "reaches"}


class ExpectationsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: dict[str, Titles] = Field(min_length=1, description="Headings by key.")
    sources: dict[str, Titles] = Field(min_length=1, description="Short references by key.")
    expectations: tuple[Expectation, ...] = Field(min_length=1, description="The expectations.")
