"""One best point by Optuna, batch after batch, from what its runs gave and nothing else.

Nothing of it is kept on disk: a study that was killed tells the runs that it finds again, in their order, and every
set is drawn with a generator of its own, named by the seed and the set's number.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.design.plan import digest
from experiments.studies.calibrating.aims import Aim, distances
from experiments.studies.calibrating.options import CalibrateOptions
from experiments.studies.calibrating.population import Round

__all__ = ["Optimum"]


class Optimum:
    """Proposes batches of sets and learns what their runs gave; see `Population` for the same in samples.

    Parameters
    ----------
    factors : sequence of Factor
        Their bounds count, their distribution between them does not.
    aims : sequence of Aim
        Those fitted first.
    options : CalibrateOptions
    seed : int
    """

    shares_luck = True
    """All sets meet the same luck, so that the better of two is not the luckier."""

    def __init__(self, factors: Sequence[Factor], aims: Sequence[Aim], options: CalibrateOptions, seed: int) -> None:
        self.factors, self.aims = tuple(factors), tuple(aims)
        self.fitted = tuple(aim for aim in aims if not aim.held_out)
        self.rounds: list[Round] = []
        self._options, self._seed = options, seed
        self._sets: list[dict[str, Any]] = []
        self._study = _study()

    def propose(self) -> list[dict[str, Any]]:
        """Return the sets of the next batch by factor; none where all batches are done."""
        if len(self.rounds) >= self._options.rounds or (self.rounds and not np.isfinite(self.far).any()):
            return []
        self._sets = [self._ask(place) for place in range(self._options.population)]
        return self._sets

    def _ask(self, place: int) -> dict[str, Any]:
        import optuna

        number = len(self.rounds) * self._options.population + place
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # multivariate and constant_liar are marked experimental
            self._study.sampler = optuna.samplers.TPESampler(
                seed=int(digest([self._seed, number])[:8], 16), n_startup_trials=self._options.population,
                multivariate=True, constant_liar=True,
            )  # fmt: skip
        return dict(self._study.ask({factor.name: _distribution(factor) for factor in self.factors}).params)

    def hear(self, values: NDArray[np.float64]) -> None:
        """Learn what the sets of the batch gave, array (sets, aims); NaN where a run failed or is undefined."""
        import optuna

        far = distances(values[:, : len(self.fitted)], self.fitted)
        first = len(self.rounds) * self._options.population
        for place, distance in enumerate(far.tolist()):
            if np.isfinite(distance):
                self._study.tell(first + place, distance)
            else:
                self._study.tell(first + place, state=optuna.trial.TrialState.FAIL)
        before = self.rounds[-1].aim if self.rounds else float("inf")
        self.rounds.append(Round(np.empty(0), self._sets, None, values, far, min(before, float(far.min())), None))

    @property
    def far(self) -> NDArray[np.float64]:
        """Distances of all sets of all batches."""
        return np.concatenate([each.far for each in self.rounds])

    @property
    def sets(self) -> list[dict[str, Any]]:
        """All sets of all batches."""
        return [values for each in self.rounds for values in each.sets]

    def sample(self, count: int) -> list[dict[str, Any]]:
        """Return the best set so many times, for the predictive check; none where every set was rejected."""
        far = self.far
        return [self.sets[int(np.argmin(far))]] * count if np.isfinite(far).any() else []


def _study() -> Any:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(direction="minimize")


def _distribution(factor: Factor) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if factor.choices:
        return CategoricalDistribution(factor.choices)
    if factor.whole:
        return IntDistribution(int(factor.low), int(factor.high))
    return FloatDistribution(factor.low, factor.high, log=factor.shape == "loguniform")
