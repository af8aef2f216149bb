"""What a search for packages is asked for, and what a package is worth: objectives, constraints, cost, worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from experiments.design.factors import ON, Factor
from experiments.design.reading import Places, unknown_outcome
from experiments.design.studyfile import Section, Spread, StudyFile
from model import OUTCOMES

PACKAGE, WORLD, PHASE = "package", "world", "phase"
"""Columns of the design: number of the package (−1 for a reference), number of the world, part of the search."""

WORST_SHARE = 0.1  # share of the worlds that counts as the worst
Over = Literal["mean", "worst"]  # how an outcome is taken over worlds: its mean, or its tenth of worlds that is worst


class Objective(Section):
    """An outcome to be made as good as possible; which way is good stands with the outcome."""

    outcome: str
    over: Over = Field("mean", description="mean of the worlds, or the mean of their worst tenth.")
    satisfies: float | None = Field(None, description="Good enough, in the outcome's unit.")

    @property
    def key(self) -> str:
        """Name that tells objectives of one outcome apart."""
        return self.outcome if self.over == "mean" else f"{self.outcome}_{self.over}"

    @property
    def direction(self) -> int:
        """+1 where more is better, −1 where less is."""
        return OUTCOMES[self.outcome].direction

    def worth(self, values: NDArray[np.float64]) -> float:
        """Return the objective over worlds, array (worlds,) of means over replicates, in the outcome's unit."""
        if self.over == "mean":
            return float(np.mean(values))
        worst = np.sort(values * self.direction)[: max(1, round(WORST_SHARE * values.size))]
        return float(np.mean(worst) * self.direction)


class Bound(Section):
    """An outcome's mean over the worlds that must not leave a bound."""

    outcome: str
    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Bound:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("expected either at_most or at_least, got both or neither")
        return self

    def excess(self, mean: float) -> float:
        """Return how far a mean is beyond the bound; kept where zero or less."""
        return mean - self.at_most if self.at_most is not None else (self.at_least or 0.0) - mean


class Cost(Section):
    """What a package costs: the sum of its grades, each times its price."""

    prices: dict[str, float] = Field({}, description="By instrument or parameter; 1 where none is given.")
    at_most: float = Field(gt=0, description="Budget.")


class Worlds(Section):
    """Uncertain facts and habits under which every package is tried."""

    count: int = Field(16, ge=2, le=10_000, description="Worlds of the search, a Latin hypercube.")
    fresh: int = Field(
        32, ge=8, le=10_000, description="Further worlds, with other random seeds, that judge what was found."
    )
    parameters: dict[str, Spread | None] = Field(min_length=1)


class SearchOptions(Section):
    """Options of a search."""

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
        named = [each.outcome for each in self.objectives] + [each.outcome for each in self.bounds]
        return list(dict.fromkeys(named))

    @property
    def directions(self) -> list[int]:
        return [objective.direction for objective in self.objectives]

    def cost_of(self, package: Mapping[str, Any], factors: Sequence[Factor]) -> float:
        """Return the sum of a package's grades, each times its price; a switch that is on counts 1."""
        prices = self.cost.prices if self.cost is not None else {}

        def grade(factor: Factor, value: Any) -> float:
            graded = factor.numeric and factor.high > factor.low
            return (float(value) - factor.low) / (factor.high - factor.low) if graded else float(value in (ON, True))

        return sum(prices.get(factor.name, 1.0) * grade(factor, package[factor.name]) for factor in factors)

    def excess(
        self, package: Mapping[str, Any], factors: Sequence[Factor], means: Mapping[str, float]
    ) -> dict[str, float]:
        """Return by name how far a package is beyond each constraint; kept where zero or less.

        `package` is by factor, `means` are over worlds by outcome.
        """
        found = {bound.outcome: bound.excess(means[bound.outcome]) for bound in self.bounds}
        if self.cost is not None:
            found["cost"] = self.cost_of(package, factors) - self.cost.at_most
        return found


def search_problems(study: StudyFile, options: SearchOptions, places: Places) -> Iterator[str]:
    """Yield what is wrong with a search, each with its place in the study's file."""
    if len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, on top of which instruments are set, got {len(study.regimes)}."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed for a search, got until."
    if not options.instruments and not study.parameters:
        yield f"{places('analysis', 'instruments')}expected one or more instruments or parameters, got none."
    sections = {("parameters",): study.parameters, ("analysis", "worlds", "parameters"): options.worlds.parameters}
    for above, names in sections.items():
        for name in sorted({PACKAGE, WORLD, PHASE}.intersection(names)):
            yield f"{places(*above, name)}expected another name, got '{name}', which every table has as a column."
    for part in ("objectives", "bounds"):
        for number, each in enumerate(getattr(options, part)):
            where = places("analysis", part, number, "outcome")
            problem = unknown_outcome(each.outcome, study)
            if problem:
                yield where + problem
            elif part == "objectives" and OUTCOMES[each.outcome].direction == 0:
                yield f"{where}expected an outcome to be raised or lowered, got '{each.outcome}'. Use it under bounds."
