"""Rounds of parameter sets that come nearer to the targets: population Monte Carlo on the quantiles of the prior.

Sources: Beaumont, Cornuet, Marin & Robert (2009) for kernels and weights; Lenormand, Jabot & Deffuant (2013) for rounds
of a fixed size and the rule that ends them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.studies.calibrating.aims import Aim, distances
from experiments.studies.calibrating.options import CalibrateOptions
from experiments.studies.calibrating.prior import drawn, generator, values_at
from experiments.studies.calibrating.weighing import Proposal, density, effective, resampled, weights_of, widening_for

__all__ = ["Population", "Posterior", "Round"]

LEAST_EFFECTIVE = 60.0
"""Effective sets below which tolerances are widened: with fewer a 95 % interval is the place of single sets."""

REACHED = 1.0
"""Distance of one tolerance on average: an aim never falls below it, for tolerances are granted."""

MOST_OF_ALL = 0.25
"""A posterior is never asked for more effective sets than this share of those simulated."""


@dataclasses.dataclass
class Round:
    """One round.

    Attributes
    ----------
    sets : list of dict
        Value by factor.
    proposal : Proposal or None
        What it was drawn from; None for the prior.
    values : array (sets, aims)
        What runs gave, held-out aims included.
    far : array (sets,)
        Distances.
    aim : float
        Distance at or below which a set of the next round is accepted.
    accepted : float or None
        Share of the round's sets at or below the aim before.
    """

    quantiles: NDArray[np.float64]
    sets: list[dict[str, Any]]
    proposal: Proposal | None
    values: NDArray[np.float64]
    far: NDArray[np.float64]
    aim: float = float("inf")
    accepted: float | None = None


@dataclasses.dataclass(frozen=True)
class Posterior:
    """All simulated sets with their weights.

    Attributes
    ----------
    quantiles : array (sets, factors)
    weights : array (sets,)
        Sum to 1.
    widening : float
        Factor by which tolerances had to be widened; 1 where they hold as granted.
    effective : float
        Effective number of sets.
    """

    quantiles: NDArray[np.float64]
    weights: NDArray[np.float64]
    widening: float
    effective: float


class Population:
    """Proposes rounds and learns what their runs gave; a pure function of seed and of what it learned.

    Parameters
    ----------
    factors : sequence of Factor
    aims : sequence of Aim
        Those fitted first; held-out ones are never looked at.
    options : CalibrateOptions
    seed : int
    """

    shares_luck = False
    """Each set has luck of its own, as independent draws from the model must."""

    def __init__(self, factors: Sequence[Factor], aims: Sequence[Aim], options: CalibrateOptions, seed: int) -> None:
        self.factors, self.aims = tuple(factors), tuple(aims)
        self.fitted = tuple(aim for aim in aims if not aim.held_out)
        self.rounds: list[Round] = []
        self._options, self._seed = options, seed
        self._next: Round | None = None

    def propose(self) -> list[dict[str, Any]]:
        """Return the sets of the next round by factor; none where the rounds have ended."""
        if self._ended():
            return []
        luck, count = generator(self._seed, 1, len(self.rounds)), self._options.population
        proposal, quantiles = None, np.empty(0)
        if not self.rounds:
            quantiles = drawn(count, len(self.factors), luck)
        else:
            before = self._weighted(self.rounds[-1].aim)
            likely = before.weights > 0.0
            proposal, quantiles = Proposal.around(before.quantiles[likely], before.weights[likely], count, luck)
        sets, nothing = values_at(self.factors, quantiles), np.empty(0)
        self._next = Round(quantiles, sets, proposal, nothing, nothing)
        return sets

    def hear(self, values: NDArray[np.float64]) -> None:
        """Learn what the sets of the round gave, array (sets, aims); NaN where a run failed or is undefined."""
        assert self._next is not None  # sets were proposed before
        now, self._next = self._next, None
        now.values, now.far = values, distances(values[:, : len(self.fitted)], self.fitted)
        known = now.far[np.isfinite(now.far)]
        now.aim = max(REACHED, float(np.quantile(known, self._options.quantile))) if len(known) else float("inf")
        if self.rounds:
            before = self.rounds[-1].aim
            now.accepted, now.aim = float(np.mean(now.far <= before)), min(now.aim, before)
        self.rounds.append(now)

    def _ended(self) -> bool:
        if not self.rounds:
            return False
        last = self.rounds[-1]
        poor = last.accepted is not None and last.accepted < self._options.least_accepted
        return poor or not np.isfinite(last.aim) or len(self.rounds) >= self._options.rounds

    @property
    def far(self) -> NDArray[np.float64]:
        """Distances of all sets of all rounds."""
        return np.concatenate([each.far for each in self.rounds])

    @property
    def sets(self) -> list[dict[str, Any]]:
        """All sets of all rounds."""
        return [values for each in self.rounds for values in each.sets]

    def posterior(self) -> Posterior:
        """Return all sets weighted for the tolerances as granted, widened only where too few sets would count."""
        return self._weighted(1.0)

    def _weighted(self, least: float) -> Posterior:
        quantiles = np.concatenate([each.quantiles for each in self.rounds])
        proposed = density(quantiles, [each.proposal for each in self.rounds], [len(each.sets) for each in self.rounds])
        wanted = min(LEAST_EFFECTIVE, MOST_OF_ALL * float(np.isfinite(self.far).sum()))
        widening = widening_for(self.far, len(self.fitted), proposed, wanted, least)
        weights = weights_of(self.far, len(self.fitted), proposed, widening)
        return Posterior(quantiles, weights, widening, effective(weights))

    def sample(self, count: int) -> list[dict[str, Any]]:
        """Return sets drawn from the posterior, for the predictive check; none where every set was rejected."""
        weights = self.posterior().weights
        if not weights.any():
            return []
        chosen = resampled(weights, count, generator(self._seed, 2))
        sets = self.sets
        return [sets[place] for place in chosen]
