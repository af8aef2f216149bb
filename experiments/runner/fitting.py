"""Which parameter sets a calibration tries next: rounds nearer to a posterior, or batches nearer to one best point.

Rounds: population Monte Carlo on the quantiles of the prior, with the kernels and weights of Beaumont, Cornuet, Marin &
Robert (2009), of a fixed size and ended as by Lenormand, Jabot & Deffuant (2013). Batches: Optuna; nothing of it is
kept on disk, for a study that was killed learns the runs that it finds again, in their order.
"""

import dataclasses
import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from experiments.design.designs import mapped
from experiments.design.factors import Factor
from experiments.design.plan import digest
from experiments.design.targets import CalibrateOptions
from experiments.stats.abc import Floats, Posterior, Proposal, distances, posterior_of, resampled
from model import needs

REACHED = 1.0  # distance of one tolerance on average: a threshold never falls below it, for tolerances are granted


def truths_of(factors: Sequence[Factor], count: int, seed: int) -> list[dict[str, Any]]:
    """Return parameter sets drawn from the prior, each for itself: those of the test by recovery."""
    return mapped(np.random.default_rng([seed, 3]).random((count, len(factors))), factors)


def quiet_optuna() -> Any:
    """Return the package Optuna, silenced."""
    needs("studies", "search and calibrate by Optuna", "optuna")
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


@dataclasses.dataclass
class Round:
    """One round, or batch: sets by factor, as quantiles (sets, factors), and what they were drawn from.

    Attributes:
        proposal: None for the prior.
        values (array (sets, targets)): What runs gave, held-out targets included.
        distance (array (sets,)):
        threshold: Distance at or below which a set of the next round is accepted.
        accepted: Share of the round's sets at or below the threshold before.
    """

    sets: list[dict[str, Any]]
    quantiles: Floats = dataclasses.field(default_factory=lambda: np.empty(0))
    proposal: Proposal | None = None
    values: Floats = dataclasses.field(default_factory=lambda: np.empty(0))
    distance: Floats = dataclasses.field(default_factory=lambda: np.empty(0))
    threshold: float = float("inf")
    accepted: float | None = None


class Fit(ABC):
    """Proposes parameter sets and learns what their runs gave; a pure function of seed and of what it learned.

    Held-out targets are never looked at.
    """

    shares_luck: ClassVar[bool]
    """Whether all sets meet the same luck."""

    def __init__(self, factors: Sequence[Factor], options: CalibrateOptions, seed: int) -> None:
        self.factors, self.options, self.seed = tuple(factors), options, seed
        self.rounds: list[Round] = []
        self._next = Round([])

    @property
    def distance(self) -> Floats:
        return np.concatenate([each.distance for each in self.rounds])

    @property
    def values(self) -> Floats:
        """What all sets of all rounds gave, array (sets, targets)."""
        return np.concatenate([each.values for each in self.rounds])

    @property
    def sets(self) -> list[dict[str, Any]]:
        return [values for each in self.rounds for values in each.sets]

    def propose(self) -> list[dict[str, Any]]:
        """Return the sets of the next round by factor; none where the rounds have ended."""
        if self.rounds:
            accepted, lost = self.rounds[-1].accepted, not np.isfinite(self.rounds[-1].threshold)
            few = accepted is not None and accepted < self.options.least_accepted
            if lost or few or len(self.rounds) >= self.options.rounds:
                return []
        self._next = self._proposed()
        return self._next.sets

    def learn(self, values: Floats) -> None:
        """Learn what the sets of the round gave, array (sets, targets); NaN where a run failed or is undefined."""
        now, fitted = self._next, self.options.targets
        observed, tolerance = (np.array([getattr(each, name) for each in fitted]) for name in ("observed", "tolerance"))
        now.values, now.distance = values, distances(values[:, : len(fitted)], observed, tolerance)
        now.threshold = self._threshold(now.distance[np.isfinite(now.distance)])
        if self.rounds:
            before = self.rounds[-1].threshold
            now.accepted, now.threshold = self._accepted(now.distance, before), min(now.threshold, before)
        self.rounds.append(now)

    @abstractmethod
    def _proposed(self) -> Round: ...

    @abstractmethod
    def _threshold(self, known: Floats) -> float: ...

    def _accepted(self, distance: Floats, threshold: float) -> float | None:
        return None

    @abstractmethod
    def sample(self, count: int) -> list[dict[str, Any]]:
        """Return sets for the predictive check; none where every set was rejected."""


class Population(Fit):
    """Draws each round around the weighted sets of the rounds before.

    Each set has luck of its own, as independent draws from the model must.
    """

    shares_luck = False

    def _proposed(self) -> Round:
        from scipy.stats import qmc

        rng, count = np.random.default_rng([self.seed, 1, len(self.rounds)]), self.options.population
        if not self.rounds:
            proposal, quantiles = None, qmc.LatinHypercube(d=len(self.factors), rng=rng).random(count)
        else:
            before = self.posterior(self.rounds[-1].threshold)
            likely = before.weights > 0.0
            proposal, quantiles = Proposal.around(before.quantiles[likely], before.weights[likely], count, rng)
        return Round(mapped(quantiles, self.factors), quantiles, proposal)

    def _threshold(self, known: Floats) -> float:
        return max(REACHED, float(np.quantile(known, self.options.quantile))) if len(known) else float("inf")

    def _accepted(self, distance: Floats, threshold: float) -> float | None:
        return float(np.mean(distance <= threshold))

    def posterior(self, least: float = 1.0) -> Posterior:
        """Return all sets weighted for the tolerances as granted, widened only where too few sets would count."""
        rounds = [(each.quantiles, each.proposal) for each in self.rounds]
        return posterior_of(rounds, self.distance, len(self.options.targets), least)

    def sample(self, count: int) -> list[dict[str, Any]]:
        """Return sets drawn from the posterior; none where every set was rejected."""
        weights, sets, rng = self.posterior().weights, self.sets, np.random.default_rng([self.seed, 2])
        return [sets[place] for place in resampled(weights, count, rng)] if weights.any() else []


class Optimum(Fit):
    """Seeks one best point with Optuna; every set is drawn with a generator of its own.

    All sets meet the same luck, so that the better of two is not the luckier.
    """

    shares_luck = True

    def __init__(self, factors: Sequence[Factor], options: CalibrateOptions, seed: int) -> None:
        super().__init__(factors, options, seed)
        self._study = quiet_optuna().create_study(direction="minimize")

    def _proposed(self) -> Round:
        size, space, sets = self.options.population, optuna_space(self.factors), []
        for number in range(len(self.rounds) * size, (len(self.rounds) + 1) * size):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # multivariate and constant_liar are marked experimental
                self._study.sampler = quiet_optuna().samplers.TPESampler(
                    seed=optuna_seed(self.seed, number), n_startup_trials=size, multivariate=True, constant_liar=True
                )
            sets.append(dict(self._study.ask(space).params))
        return Round(sets)

    def learn(self, values: Floats) -> None:
        import optuna

        super().learn(values)
        first = (len(self.rounds) - 1) * self.options.population
        for number, distance in enumerate(self.rounds[-1].distance.tolist(), first):
            if np.isfinite(distance):
                self._study.tell(number, distance)
            else:
                self._study.tell(number, state=optuna.trial.TrialState.FAIL)

    def _threshold(self, known: Floats) -> float:
        return float(known.min(initial=np.inf))

    def sample(self, count: int) -> list[dict[str, Any]]:
        """Return the best set so many times; none where every set was rejected."""
        distance = self.distance
        return [self.sets[int(np.argmin(distance))]] * count if np.isfinite(distance).any() else []


def fit_of(factors: Sequence[Factor], options: CalibrateOptions, seed: int) -> Fit:
    """Return what proposes the sets of each round, by the method asked for."""
    return (Population if options.method == "abc" else Optimum)(factors, options, seed)
