"""What a search for packages is asked for, and what a package is worth: objectives, constraints, cost, worlds."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from experiments.design.designs import WORLD, settings_of
from experiments.design.ensemble import ensemble_of_study, first_worlds
from experiments.design.factors import ON, Factor
from experiments.design.reading import Places, unknown_outcome
from experiments.design.studyfile import Section, Spread, StudyFile
from experiments.errors import WrongInput
from model import OUTCOMES

if TYPE_CHECKING:
    from model import Unknowns

PACKAGE, PHASE = "package", "phase"
"""Columns of the design: number of the package (−1 for a reference), part of the search."""

LEAST_FRESH = 8  # worlds that judge a package

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
    """Worlds in which every package is tried: the first ones of the ensemble, unless it is said here how they vary."""

    count: int = Field(16, ge=2, le=10_000, description="Worlds of the search.")
    fresh: int = Field(
        32,
        ge=LEAST_FRESH,
        le=10_000,
        description="Further worlds, with other random seeds, that judge what was found; the study's own worlds: N, "
        "where it is given, goes before.",
    )
    parameters: dict[str, Spread | None] = Field(
        {}, description="How worlds vary instead of those of the ensemble: a Latin hypercube over these."
    )


class SearchOptions(Section):
    """Options of a search."""

    instruments: tuple[str, ...] = Field((), description="Rows of the claims, graded from off to on.")
    on: str = Field("flattened", description="Regime in which an instrument is fully on.")
    worlds: Worlds = Worlds()
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


def worlds_that_judge(study: StudyFile, options: SearchOptions) -> int:
    """Return in how many worlds a search judges what it found."""
    return study.worlds if isinstance(study.worlds, int) else options.worlds.fresh


def worlds_of_search(study: StudyFile, options: SearchOptions, places: Places) -> tuple[Unknowns, ...]:
    """Return the plausible worlds of a search, those that judge last; none where it looks at none.

    Raises:
        WrongInput: If it asks for more than there are, or says itself how its worlds vary.
    """
    worlds = options.worlds
    by_default = not worlds.parameters or study.ensemble is not None
    ensemble = ensemble_of_study(study, places, by_default=by_default)
    if ensemble is None:
        return ()
    if worlds.parameters:
        raise WrongInput([
            f"{places('analysis', 'worlds', 'parameters')}expected none beside {ensemble.path}, which says already how "
            f"worlds vary, got {', '.join(worlds.parameters)}. Remove them, or ask for worlds: reference."
        ])  # fmt: skip
    wanted = worlds.count + worlds_that_judge(study, options)
    return first_worlds(ensemble, wanted, f"{places('analysis', 'worlds')}count and fresh together: ")


def settings_in_world(
    factors: Sequence[Factor],
    package: Mapping[str, Any],
    graded: Collection[str],
    world: Unknowns,
    decided: Collection[str],
) -> dict[str, Any]:
    """Return the settings by dotted path that a package stands for in a world.

    A graded instrument lies between what it is in the world without it and what it is fully on.

    Args:
        factors, package: What a package consists of, and its values by factor.
        graded: Names of the factors that are instruments.
        decided: Dotted paths that the regime underneath gives, which no world changes.
    """
    free = {path: value for path, value in world.items() if path not in decided}

    def moved(factor: Factor) -> Factor:
        off, on = factor.sets
        here = {path: type(value)(free.get(path, value)) for path, value in off.items()}
        return dataclasses.replace(factor, sets=(here, on))

    return settings_of([moved(factor) if factor.name in graded else factor for factor in factors], package)


def search_problems(study: StudyFile, options: SearchOptions, places: Places) -> Iterator[str]:
    """Yield what is wrong with a search, each with its place in the study's file."""
    if len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, on top of which instruments are set, got {len(study.regimes)}."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed for a search, got until."
    if not options.instruments and not study.parameters:
        yield f"{places('analysis', 'instruments')}expected one or more instruments or parameters, got none."
    if (judging := worlds_that_judge(study, options)) < LEAST_FRESH:
        yield f"{places('worlds')}expected {LEAST_FRESH} or more for a search, or reference, got {judging}."
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
