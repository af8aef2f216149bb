"""Generations of packages from Optuna's NSGA-II, kept in a journal from which a killed search is resumed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.design.factors import Factor
from experiments.design.plan import digest

JOURNAL = "search.journal"


def quiet_optuna() -> Any:
    """Return the package Optuna, silenced."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def optuna_seed(seed: int, number: int) -> int:
    """Return the seed with which the set or package of this number is drawn."""
    return int(digest([seed, number])[:8], 16)


def optuna_space(factors: Sequence[Factor]) -> dict[str, Any]:
    """Return factors as Optuna's distributions: their bounds count, not how values are spread between them."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    def space(factor: Factor) -> Any:
        if factor.choices:
            return CategoricalDistribution(factor.choices)
        if factor.whole:
            return IntDistribution(int(factor.low), int(factor.high))
        return FloatDistribution(factor.low, factor.high, log=factor.shape == "loguniform")

    return {factor.name: space(factor) for factor in factors}


class Evolution:
    """A population that learns from one generation to the next.

    Every package is drawn with a generator of its own, so that a search that was killed at any moment goes on to the
    very packages of an uninterrupted one.

    The journal is in the study's folder; a direction is +1 where more is better, −1 where less is.
    """

    def __init__(
        self, folder: Path, factors: Sequence[Factor], directions: Sequence[int], population: int, seed: int
    ) -> None:
        self._factors, self._population, self._seed = factors, population, seed
        path, ways = folder / JOURNAL, ["maximize" if direction > 0 else "minimize" for direction in directions]
        try:
            self._study = _study_in(path, ways)
        except Exception:  # whatever a damaged journal raises: it can be written again from the runs
            path.unlink(missing_ok=True)
            self._study = _study_in(path, ways)

    def generation(self, number: int) -> list[dict[str, Any]]:
        """Return the packages of a generation by factor, drawn now or found in the journal."""
        first = number * self._population
        return [self._package(first + place) for place in range(self._population)]

    def _package(self, number: int) -> dict[str, Any]:
        trials = self._study.get_trials(deepcopy=False)
        if number < len(trials):
            return dict(trials[number].params)
        sampler = quiet_optuna().samplers.NSGAIISampler
        self._study.sampler = sampler(population_size=self._population, seed=optuna_seed(self._seed, number))
        return dict(self._study.ask(optuna_space(self._factors)).params)

    def learn(self, number: int, values: Sequence[float] | None, excess: Mapping[str, float]) -> None:
        """Learn what a package is worth and how far it is beyond its constraints; None where a run of it failed."""
        import optuna

        trial = self._study.get_trials(deepcopy=False)[number]
        if trial.state.is_finished():
            return
        with warnings.catch_warnings():
            # a journal that was killed between a constraint and its value holds the constraint already
            warnings.simplefilter("ignore")
            for name, beyond in excess.items():
                optuna.trial.Trial(self._study, trial._trial_id).set_constraint(name, beyond)
        if values is None:
            self._study.tell(number, state=optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(number, list(values))


def _study_in(path: Path, directions: Sequence[str]) -> Any:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    path.parent.mkdir(parents=True, exist_ok=True)
    storage = JournalStorage(JournalFileBackend(str(path)))
    study = quiet_optuna().create_study(
        storage=storage, study_name="search", directions=directions, load_if_exists=True
    )
    study.get_trials(deepcopy=False)  # read here, so that damage shows now
    return study
