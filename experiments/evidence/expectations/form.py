"""The form of `configs/expectations.yaml`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.design.studyfile import Titles

__all__ = ["Expectation", "ExpectationsFile", "Reaches", "Surprise"]


class Reaches(BaseModel):
    """What an outcome itself must be at the end of a change, in the outcome's own unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: float | None = None
    at_most: float | None = None


class Surprise(Titles):
    """What happens instead, in words, and where it can be seen: both are measured with the expectation."""

    moved: tuple[str, ...] = Field((), description="Outcomes that tell how, from the same runs.")
    without: dict[str, Any] = Field({}, description="Settings of both arms that turn off what makes the surprise.")


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
    surprise: Surprise | None = Field(None, description="What happens instead, where it came out otherwise.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Expectation:
        if (self.band is not None) != (self.expect == "none"):
            raise ValueError("band: expected with expect: none, and only there")
        still = [key for key, (start, end) in self.change.items() if start == end]
        if still:
            raise ValueError(f"change: expected two different values, got the same twice for {still[0]}")
        twice = [key for key in (*self.beside, *self.without) if key in self.change]
        if twice:
            raise ValueError(f"{twice[0]}: expected only under change, got it elsewhere too")
        return self

    @property
    def without(self) -> dict[str, Any]:
        """Settings under which the surprise should be gone; empty where nothing was turned off."""
        return self.surprise.without if self.surprise else {}

    @property
    def moved(self) -> tuple[str, ...]:
        """Outcomes that tell how a surprise comes about."""
        return self.surprise.moved if self.surprise else ()

    def settings(self, end: bool, *, without: bool = False) -> dict[str, Any]:
        """Return the settings of an arm: at the start of the change or at its end, `without` what makes a surprise."""
        turned = {key: values[end] for key, values in self.change.items()}
        return {**self.beside, **(self.without if without else {}), **turned}

    def asked(self) -> dict[str, Any]:
        """Return what is measured, as plain values: everything but the words."""
        plain = self.model_dump(mode="json", include=_ASKED, exclude_none=True)
        traced = {"moved": list(self.moved), "without": self.without}
        return {**plain, **{name: value for name, value in traced.items() if value}}


_ASKED = {"regime", "beside", "change", "outcome", "expect", "band", "reaches"}


class ExpectationsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: dict[str, Titles] = Field(min_length=1, description="Headings by key.")
    sources: dict[str, Titles] = Field(min_length=1, description="Short references by key.")
    expectations: tuple[Expectation, ...] = Field(min_length=1, description="The expectations.")
