"""What a search is asked for: instruments, worlds, objectives, constraints."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.design.studyfile import Spread

__all__ = ["Bound", "Cost", "Objective", "SearchOptions", "Worlds"]

_FORBID = ConfigDict(extra="forbid", frozen=True)

Over = Literal["mean", "worst"]
"""How an outcome is taken over worlds: its mean, or its tenth of worlds that is worst."""


class Objective(BaseModel):
    """An outcome to be made as good as possible; which way is good stands with the outcome."""

    model_config = _FORBID

    outcome: str
    over: Over = Field("mean", description="mean of the worlds, or the mean of their worst tenth.")
    satisfies: float | None = Field(None, description="Good enough, in the outcome's unit.")

    @property
    def key(self) -> str:
        """Name that tells objectives of one outcome apart."""
        return self.outcome if self.over == "mean" else f"{self.outcome}_{self.over}"


class Bound(BaseModel):
    """An outcome's mean over the worlds that must not leave a bound."""

    model_config = _FORBID

    outcome: str
    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Bound:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("expected either at_most or at_least, got both or neither")
        return self


class Cost(BaseModel):
    """What a package costs: the sum of its grades, each times its price."""

    model_config = _FORBID

    prices: dict[str, float] = Field({}, description="By instrument or parameter; 1 where none is given.")
    at_most: float = Field(gt=0, description="Budget.")


class Worlds(BaseModel):
    """Uncertain facts and habits under which every package is tried."""

    model_config = _FORBID

    count: int = Field(16, ge=2, le=10_000, description="Worlds of the search, a Latin hypercube.")
    fresh: int = Field(32, ge=8, le=10_000, description="Further worlds, with other luck, that judge what was found.")
    parameters: dict[str, Spread | None] = Field(min_length=1)


class SearchOptions(BaseModel):
    """Options of a search."""

    model_config = _FORBID

    instruments: tuple[str, ...] = Field((), description="Rows of the claims, graded from off to on.")
    on: str = Field("flattened", description="Regime in which an instrument is fully on.")
    worlds: Worlds
    objectives: tuple[Objective, ...] = Field(min_length=2, max_length=6)
    bounds: tuple[Bound, ...] = ()
    cost: Cost | None = None
    population: int = Field(24, ge=4, le=1000, description="Packages in a generation.")
    generations: int = Field(12, ge=1, le=10_000)
    judged: int = Field(12, ge=2, le=200, description="Packages of the Pareto set that the fresh worlds judge.")
    references: tuple[str, ...] = Field((), description="Regimes that are judged beside them.")

    @property
    def outcomes(self) -> list[str]:
        """Return the outcomes that objectives and bounds name, each once."""
        named = [each.outcome for each in self.objectives] + [each.outcome for each in self.bounds]
        return list(dict.fromkeys(named))
