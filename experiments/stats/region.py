"""Bands, implausibility, and draws from the points that emulators do not refuse.

A point is refused where its second or third largest implausibility is above 3 (Vernon, Goldstein & Bower 2010). Among
the others a wave is drawn from prior × pᵗ, where p is the emulated chance that one run lies inside every band and t,
the tilt, is between 0 and 1. Draws are Markov chains whose moves are symmetric, so they need no density of a proposal,
which in a hundred dimensions says nothing; an input on which nothing hangs keeps its whole prior. Cheap steps with
estimated features stand between two calls for true ones, and the block that they make is accepted or refused as a whole
(surrogate transition, Liu 2001, sec. 9.4.3), so that the true features decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from experiments.stats.emulator import Emulator, Places
from experiments.stats.intervals import Bools, Floats

REFUSED = 3.0  # implausibility above which a point is refused: Pukelsheim's three-sigma rule

LEAST_LOG, WALL = -50.0, 2.0
"""Logarithm below which no chance falls, so that ratios stay finite; how steeply estimated features count against a
point beyond the cut, in logarithms for each squared unit of implausibility."""

BARREN = 50  # times the prior is drawn from before it is said that hardly any point of it is valid

Features = Callable[[Floats], Floats]  # from points (points, dimensions) to (points, features)
Valid = Callable[[Floats], Bools]  # from points (points, dimensions) to whether each may be run


@dataclass(frozen=True)
class Band:
    """What evidence leaves possible of a measured number, in its unit.

    Attributes:
        low, high: Both inside; None where that side is open.
        discrepancy: Standard deviation of what the model leaves out, for the `reason` in words.
        error: Standard deviation with which the bounds themselves were observed.
    """

    name: str
    low: float | None = None
    high: float | None = None
    discrepancy: float = 0.0
    reason: str = ""
    error: float = 0.0

    @property
    def ends(self) -> tuple[float, float]:
        return -np.inf if self.low is None else self.low, np.inf if self.high is None else self.high

    def holds(self, values: Floats) -> Bools:
        """Tell of each value whether it is inside; one that is undefined is not."""
        low, high = self.ends
        return np.asarray((values >= low) & (values <= high))

    def implausibility(self, means: Floats, variances: Floats, luck: Floats | float = 0.0) -> Floats:
        """Return the distance outside the band in standard deviations: 0 inside, infinite where undefined.

        Args:
            means, variances (arrays (points,)): Emulated with their variance, or simulated with zero.
            luck: Variance of the mean over random seeds, where `variances` does not hold it already.
        """
        low, high = self.ends
        outside = np.maximum(0.0, np.maximum(low - means, means - high))
        spread = np.sqrt(variances + luck + self.discrepancy**2 + self.error**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.isnan(means), np.inf, np.where(outside == 0.0, 0.0, outside / spread))

    def log_chance(self, means: Floats, variances: Floats) -> Floats:
        """Return the logarithm of the chance that a normal value with this mean and variance is inside."""
        spread = np.sqrt(np.maximum(variances, 1e-300))
        low, high = ((end - means) / spread for end in self.ends)
        # where both ends lie above the mean, the other tail has the same mass and does not round to nothing
        low, high = np.where(low > 0.0, -high, low), np.where(low > 0.0, -low, high)
        upper, lower = log_ndtr(high), log_ndtr(low)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            chance = upper + np.log1p(-np.exp(lower - upper))
        return np.asarray(np.maximum(np.nan_to_num(chance, nan=LEAST_LOG), LEAST_LOG))


def nth_largest(implausibilities: Floats, rank: int) -> Floats:
    """Return the first, second, … largest of each row of an array (points, bands), array (points,).

    The smallest where there are fewer bands.
    """
    place = max(0, implausibilities.shape[1] - rank)
    return np.asarray(np.partition(implausibilities, place, axis=1)[:, place])


@dataclass(frozen=True)
class Judgement:
    """What a wave's emulators say of every band; `rank` 2 or 3 says which largest implausibility counts."""

    bands: tuple[Band, ...]
    emulators: tuple[Emulator, ...]
    rank: int

    def of(self, points: Floats, features: Floats, *, rough: bool = False) -> tuple[Floats, Floats]:
        """Return the implausibility that counts, and the logarithm of the chance to be inside all, arrays (points,)."""
        apart, chance = np.empty((len(points), len(self.bands))), np.zeros(len(points))
        for place, (band, emulator) in enumerate(zip(self.bands, self.emulators, strict=True)):
            means, variances = (emulator.rough if rough else emulator.predict)(points, features)
            apart[:, place] = band.implausibility(means, variances)
            chance += band.log_chance(means, variances)
        return nth_largest(apart, self.rank), chance


def implausibility(judgements: Sequence[Judgement], points: Floats, features: Floats) -> Floats:
    """Return the largest implausibility that any wave's emulators give, array (points,)."""
    apart = [judgement.of(points, features)[0] for judgement in judgements]
    return np.asarray(np.max([np.zeros(len(points)), *apart], axis=0))


@dataclass(frozen=True)
class Space:
    """The unit cube, what may be run in it, and what is computed beside a point."""

    dimensions: int
    features: Features | None = None
    valid: Valid | None = None

    def beside(self, points: Floats) -> Floats:
        """Return the features of points, array (points, features), without columns where there are none."""
        return np.empty((len(points), 0)) if self.features is None else np.asarray(self.features(points), np.float64)

    def allowed(self, points: Floats) -> Bools:
        return np.ones(len(points), np.bool_) if self.valid is None else np.asarray(self.valid(points), np.bool_)

    def prior(self, count: int, rng: np.random.Generator) -> Floats:
        """Return points of a Latin hypercube, drawn again where they may not be run, array (count, dimensions)."""
        from scipy.stats import qmc

        found = np.empty((0, self.dimensions))
        if not count:
            return found
        for _ in range(BARREN):
            drawn = qmc.LatinHypercube(self.dimensions, rng=rng).random(count)
            found = np.concatenate([found, drawn[self.allowed(drawn)]])
            if len(found) >= count:
                return found[:count]
        raise ValueError(f"of {BARREN * count} points of the prior only {len(found)} are valid; {count} are needed")


@dataclass(frozen=True)
class Guess:
    """Features estimated from a point and its squares; much cheaper than they are."""

    coefficients: Floats

    @classmethod
    def of(cls, points: Floats, features: Floats) -> Guess:
        """Fit a ridge to points whose features are known, arrays (points, dimensions) and (points, features)."""
        design = cls.design(points)
        penalty = np.full(design.shape[1], 1e-3 * len(points))
        penalty[0] = 0.0
        return cls(np.asarray(np.linalg.solve(design.T @ design + np.diag(penalty), design.T @ features), np.float64))

    @staticmethod
    def design(points: Floats) -> Floats:
        centred = 2.0 * points - 1.0
        return np.hstack([np.ones((len(points), 1)), centred, centred**2 - 1.0 / 3.0])

    def at(self, points: Floats) -> Floats:
        return np.asarray(self.design(points) @ self.coefficients)


@dataclass(frozen=True)
class Target:
    """Density from which a wave is drawn, over that of the prior and up to a constant.

    Attributes:
        judgements: Of all waves so far; the last one says what the chance of being inside is.
        tilt: Power of that chance.
        cut: Implausibility above which a point is refused.
        guess: Estimated features, for cheap steps.
        others (array (others, dimensions)): Points whose differences say how far a step goes.
    """

    judgements: tuple[Judgement, ...]
    tilt: float
    cut: float
    guess: Guess
    others: Floats

    def log_density(self, points: Floats, features: Floats) -> Floats:
        """Return its logarithm, −∞ where a point is refused, array (points,)."""
        apart, chance = self.judgements[-1].of(points, features)
        apart = np.maximum(apart, implausibility(self.judgements[:-1], points, features))
        return np.where(apart <= self.cut, self.tilt * chance, -np.inf)

    def rough(self, points: Floats) -> Floats:
        """Return what stands for it where features are estimated; finite everywhere."""
        apart, chance = self.judgements[-1].of(points, self.guess.at(points), rough=True)
        return self.tilt * chance - WALL * np.maximum(0.0, apart - self.cut) ** 2


def touched(shape: tuple[int, int], rng: np.random.Generator) -> Bools:
    """Return which inputs of each point a step changes: from one to half of them, even on a log scale."""
    share = np.exp(rng.uniform(np.log(min(0.5, 1.0 / shape[1])), np.log(0.5), (shape[0], 1)))
    chosen = rng.random(shape) < share
    chosen[np.arange(shape[0]), rng.integers(shape[1], size=shape[0])] = True
    return chosen


def stepped(points: Floats, others: Floats, rng: np.random.Generator) -> Floats:
    """Return where each point might go next: some inputs drawn from the prior again, or moved along a difference.

    A difference is that of two of `others` at random (ter Braak 2006), folded back at the bounds, so that ties between
    inputs are followed. Both moves are as likely in one direction as in the other.
    """
    count = len(points)
    first, second = (others[rng.integers(len(others), size=count)] for _ in range(2))
    folded = np.abs(points + rng.uniform(0.05, 0.9, (count, 1)) * (first - second)) % 2.0
    moved = np.where(
        rng.random((count, 1)) < 0.5, np.where(folded > 1.0, 2.0 - folded, folded), rng.random(points.shape)
    )
    return np.where(touched((count, points.shape[1]), rng), moved, points)


@dataclass(frozen=True)
class Chains:
    """Points (chains, dimensions) with features, logarithm of the target's density, and blocks in which they moved."""

    points: Floats
    features: Floats
    density: Floats
    moves: Floats

    def advanced(self, target: Target, space: Space, steps: int, rng: np.random.Generator) -> Chains:
        """Return the chains after a block of so many cheap steps, accepted or refused as a whole."""
        first = target.rough(self.points)
        points, rough = self.points.copy(), first.copy()
        for _ in range(steps):
            proposed = stepped(points, target.others, rng)
            density = target.rough(proposed)
            better = (np.log(rng.random(len(points))) < density - rough) & space.allowed(proposed)
            points, rough = np.where(better[:, None], proposed, points), np.where(better, density, rough)
        features = space.beside(points)
        density = target.log_density(points, features)
        gain = (density - self.density) - (rough - first)
        moved = (np.log(rng.random(len(points))) < gain) & (points != self.points).any(axis=1)
        return Chains(
            np.where(moved[:, None], points, self.points),
            np.where(moved[:, None], features, self.features),
            np.where(moved, density, self.density),
            self.moves + moved,
        )


def tilt_of(chance: Floats, wanted: float, most: float) -> float:
    """Return the largest power of chances, given as logarithms, that leaves so many effective points (Kish 1965)."""

    def effective(tilt: float) -> float:
        weights = np.exp(tilt * (chance - chance.max()))
        return float(weights.sum() ** 2 / (weights**2).sum())

    low, high = 0.0, most
    if effective(high) >= min(wanted, len(chance) / 2):
        return high
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective(middle) >= min(wanted, len(chance) / 2) else (low, middle)
    return low


def systematic(logarithms: Floats, count: int, rng: np.random.Generator) -> Places:
    """Return so many places, each as often as its weight, given as a logarithm, says, within one."""
    weights = np.exp(logarithms - logarithms.max())
    marks = (rng.random() + np.arange(count)) / count * weights.sum()
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1))
