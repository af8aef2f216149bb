"""Generations of packages from Optuna's NSGA-II, kept in a journal that a killed search takes up again."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.design.factors import Factor
from experiments.design.plan import digest

__all__ = ["Evolution"]

JOURNAL = "search.journal"


class Evolution:
    """A population that learns from one generation to the next.

    Every package is drawn with a generator of its own, named by the seed and the package's number, so that a search
    that was killed at any moment goes on to the very packages of an uninterrupted one.

    Parameters
    ----------
    folder : Path
        The study's; holds the journal.
    factors : sequence of Factor
    directions : sequence of int
        Of the objectives: +1 where more is better, −1 where less is.
    population : int
    seed : int
    """

    def __init__(
        self, folder: Path, factors: Sequence[Factor], directions: Sequence[int], population: int, seed: int
    ) -> None:
        self._path = folder / JOURNAL
        self._factors, self._directions = factors, directions
        self._population, self._seed = population, seed
        self._study = self._opened()

    def _opened(self) -> Any:
        try:
            return self._study_in(self._path)
        except Exception:  # whatever a damaged journal raises: it can be written anew from the runs
            self._path.unlink(missing_ok=True)
            return self._study_in(self._path)

    def _study_in(self, path: Path) -> Any:
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        path.parent.mkdir(parents=True, exist_ok=True)
        study = optuna.create_study(
            storage=JournalStorage(JournalFileBackend(str(path))),
            study_name="search",
            directions=["maximize" if direction > 0 else "minimize" for direction in self._directions],
            load_if_exists=True,
        )
        study.get_trials(deepcopy=False)  # read here, so that damage shows now
        return study

    def generation(self, number: int) -> list[dict[str, Any]]:
        """Return the packages of a generation by factor, drawn now or found in the journal."""
        first = number * self._population
        return [self._package(first + place) for place in range(self._population)]

    def _package(self, number: int) -> dict[str, Any]:
        trials = self._study.get_trials(deepcopy=False)
        if number < len(trials):
            return dict(trials[number].params)
        import optuna

        seed = int(digest([self._seed, number])[:8], 16)
        self._study.sampler = optuna.samplers.NSGAIISampler(population_size=self._population, seed=seed)
        return dict(self._study.ask({factor.name: _distribution(factor) for factor in self._factors}).params)

    def tell(self, number: int, values: Sequence[float] | None, constraints: Mapping[str, float]) -> None:
        """Say what a package is worth; None where a run of it failed. What was told before is not told again."""
        import optuna

        trial = self._study.get_trials(deepcopy=False)[number]
        if trial.state.is_finished():
            return
        with warnings.catch_warnings():
            # a journal that was killed between a constraint and its value holds the constraint already
            warnings.simplefilter("ignore")
            for name, beyond in constraints.items():
                optuna.trial.Trial(self._study, trial._trial_id).set_constraint(name, beyond)
        if values is None:
            self._study.tell(number, state=optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(number, list(values))


def _distribution(factor: Factor) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if factor.choices:
        return CategoricalDistribution(factor.choices)
    if factor.whole:
        return IntDistribution(int(factor.low), int(factor.high))
    return FloatDistribution(factor.low, factor.high, log=factor.shape == "loguniform")
