"""History matching: waves of runs where evidence refuses nothing, until enough worlds are inside every band.

After Vernon, Goldstein & Bower (2010), Andrianakis et al. (2015) and hmer (Iskauskas et al. 2024). Emulators only say
where runs are made. A world is kept for its runs: a point whose first run is inside every band is run again with fresh
seeds, and kept if their mean is inside every band. The first run does not count towards that mean, for it was chosen as
a lucky one (winner's curse).

A wave's density over that of the prior is chanceᵗ (`region`), so a world weighs 1 ÷ that. The weights are up to a
constant for each wave, which is estimated from points of the prior, and they are approximate: chains start from points
already run and make few blocks, and those that never moved are left out, with points of the prior in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from experiments.stats.emulator import Check, Places, fit_emulator, learning
from experiments.stats.intervals import Bools, Floats
from experiments.stats.region import (
    REFUSED,
    Band,
    Chains,
    Features,
    Guess,
    Judgement,
    Space,
    Target,
    Valid,
    implausibility,
    systematic,
    tilt_of,
)

RANKS = (3, 3, 2)
"""Which largest implausibility counts by wave, the last from then on: one bad emulator alone refuses nothing, nor do
two while they are young (Andrianakis et al. 2015)."""

LEAST_STARTS, EFFECTIVE, SPARE = 30, 1 / 3, 1.25
"""Points that must be left for chains to start from, or the cut is raised; effective starts, as a share of a wave's
runs, at which the tilt ends; chains for each run, for some never move."""

SMALLEST = 1e-300  # of a mean that a weight is made of

MOST_SCREENED = 30_000  # points of the prior that are looked at to find a first wave that passes the screen

STALLED = 3  # waves in a row that are no better than one before, after which the share inside no longer grows

Screen = Callable[[Floats], Bools]  # from features (points, features) to whether a point may teach something

Reason = Literal["", "enough", "waves", "stalled"]


@dataclass(frozen=True)
class Options:
    """How much is run and tried.

    Attributes:
        per_wave: Points of a wave, each with one seed.
        waves: At most.
        wanted: Worlds kept at which the waves end.
        fresh: Seeds with which a point is run again.
        prior: Points of the prior that measure the volume and lend starts; their features are computed once.
        blocks, steps: Of the chains of a wave; features are computed once for each chain and block.
        tilt: Largest power of the chance to be inside: 0 draws evenly from what is not refused.
    """

    per_wave: int = 300
    waves: int = 8
    wanted: int = 300
    fresh: int = 4
    prior: int = 2000
    blocks: int = 5
    steps: int = 30
    tilt: float = 1.0


@dataclass(frozen=True)
class Batch:
    """Runs that are wanted next: every point with every seed.

    Attributes:
        stage: "explore" for new points, "confirm" for those that were inside with their first seed.
        wave: Counted from 0.
        worlds (array (points,)): Numbers of the points among all.
        points (array (points, dimensions)): On the unit cube.
        seeds: Numbers of the luck of each point: 0 to explore, 1, 2, … to confirm.
    """

    stage: Literal["explore", "confirm"]
    wave: int
    worlds: Places
    points: Floats
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Wave:
    """What a wave was drawn from, and what it gave.

    Attributes:
        points, inside, kept: Runs; those inside every band with their first seed; those whose fresh mean is.
        alone (array (bands,)): Share of the first runs inside each band.
        tilt, cut: Of the density from which it was drawn; a cut above 3 says that the bands leave next to nothing.
        moves: Blocks in which a chain moved, on average; None where points are of the prior.
        volume: Share of the prior that emulators of this wave and all before do not refuse.
        checks: Of its emulators, in the order of the bands.
    """

    points: int
    inside: int
    kept: int
    alone: Floats
    tilt: float
    cut: float
    moves: float | None
    volume: float
    checks: tuple[Check, ...]

    @property
    def share(self) -> float:
        return self.inside / self.points if self.points else 0.0


@dataclass
class Runs:
    """Everything that was run; a row is a point, NaN where nothing is known.

    Attributes:
        points (array (points, dimensions)), features (array (points, features)):
        first, fresh (arrays (points, bands)): Measured with the first seed, and the mean over fresh ones.
        mean (array (points, bands)): Over all seeds of a point, for the emulators.
        variance (array (points, bands)): Over fresh seeds.
        weight (array (points,)): Density of the prior over that from which it was drawn.
        wave (array (points,)): In which it was explored.
    """

    points: Floats
    features: Floats
    first: Floats
    fresh: Floats
    mean: Floats
    variance: Floats
    weight: Floats
    wave: Places

    @classmethod
    def of(cls, points: Floats, features: Floats, weight: Floats, wave: int, bands: int) -> Runs:
        """Return points of which nothing is measured yet."""
        first, fresh, mean, variance = (np.full((len(points), bands), np.nan) for _ in range(4))
        return cls(points, features, first, fresh, mean, variance, weight, np.full(len(points), wave))

    def with_more(self, more: Runs) -> Runs:
        return Runs(**{name: np.concatenate([array, getattr(more, name)]) for name, array in vars(self).items()})


@dataclass(frozen=True)
class Draw:
    """Points of a wave with their features and weights, and the density from which they come."""

    points: Floats
    features: Floats
    weight: Floats
    tilt: float = 0.0
    cut: float = REFUSED
    moves: float | None = None


@dataclass(frozen=True)
class Ensemble:
    """Worlds that are kept.

    Attributes:
        worlds (array (kept,)): Numbers of the points among all.
        points (array (kept, dimensions)), features (array (kept, features)):
        values (array (kept, bands)): Means over fresh seeds, inside every band.
        weight (array (kept,)): Density of the prior over that of the draw, with mean 1.
        wave (array (kept,)): In which each was found.
    """

    worlds: Places
    points: Floats
    features: Floats
    values: Floats
    weight: Floats
    wave: Places


@dataclass
class Waves:
    """Proposes runs and learns what they gave; a pure function of seed, options and what was learned.

    Features and `valid` must give the same for the same points. `propose` may be called again before `learn`. The first
    wave is drawn from points that the `screen` lets pass, for the rest of a wide prior may teach nothing.
    """

    bands: Sequence[Band]
    dimensions: int
    seed: int
    options: Options = Options()
    features: Features | None = None
    valid: Valid | None = None
    screen: Screen | None = None
    waves: list[Wave] = field(default_factory=list, init=False)
    judgements: list[Judgement] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.space = Space(self.dimensions, self.features, self.valid)
        self.prior = self.space.prior(self.options.prior, self._rng("prior"))
        self.prior_features = self.space.beside(self.prior)
        none = np.empty((0, self.dimensions)), np.empty((0, self.prior_features.shape[1])), np.empty(0)
        self.runs = Runs.of(*none, 0, len(self.bands))
        self._draw = Draw(*none)
        self._pending: Batch | None = None

    @property
    def done(self) -> bool:
        return bool(self.reason)

    @property
    def reason(self) -> Reason:
        """Why no more is wanted, "" while more is.

        "stalled": the share inside has not grown in three waves, and as many more as are left would not be enough.
        """
        if self._pending is not None and self._pending.stage == "confirm":
            return ""
        if self.kept.sum() >= self.options.wanted:
            return "enough"
        left = self.options.waves - len(self.waves)
        return "waves" if left <= 0 else "stalled" if self._stalled(left) else ""

    @property
    def kept(self) -> Bools:
        """Which points are worlds of the ensemble, array (points,)."""
        return self._inside(self.runs.fresh)

    @property
    def ensemble(self) -> Ensemble:
        runs, kept = self.runs, self.kept
        weight = runs.weight[kept] / runs.weight[kept].mean() if kept.any() else np.empty(0)
        places = np.flatnonzero(kept)
        return Ensemble(places, runs.points[kept], runs.features[kept], runs.fresh[kept], weight, runs.wave[kept])

    @property
    def luck(self) -> Floats | None:
        """Variance of a measured number over seeds of the same world, array (bands,); None where none ran again."""
        known = np.isfinite(self.runs.variance).all(axis=1)
        return self.runs.variance[known].mean(axis=0) if known.any() else None

    def propose(self) -> Batch | None:
        """Return the runs wanted next, None where there are none."""
        if self._pending is None and not self.done:
            with learning():
                self._draw = self._drawn()
            first = len(self.runs.points)
            worlds = np.arange(first, first + len(self._draw.points))
            self._pending = Batch("explore", len(self.waves), worlds, self._draw.points, (0,))
        return self._pending

    def learn(self, points: Floats, values: Floats) -> None:
        """Learn what the runs of the batch gave.

        Args:
            points (array (points, dimensions)): Those of the batch, in its order.
            values (array (points, seeds, bands)): What was measured; NaN where a run failed or a number is undefined.
        """
        batch = self.propose()
        if batch is None or points.shape != batch.points.shape or not np.array_equal(points, batch.points):
            raise ValueError("these are not the points that were proposed last")
        expected = (len(points), len(batch.seeds), len(self.bands))
        if values.shape != expected:
            raise ValueError(f"values are an array {values.shape}; points, seeds and bands make {expected}")
        self._pending = None
        if batch.stage == "explore":
            self._pending = self._explored(batch, values)
        else:
            self._confirmed(batch, values)
        if self._pending is None:
            self._close()

    def _explored(self, batch: Batch, values: Floats) -> Batch | None:
        drawn = self._draw
        runs = Runs.of(drawn.points, drawn.features, drawn.weight, batch.wave, len(self.bands))
        runs.first, runs.mean = values[:, 0], values[:, 0].copy()
        self.runs = self.runs.with_more(runs)
        again = np.flatnonzero(self._inside(runs.first))
        if not len(again):
            return None
        return Batch(
            "confirm", batch.wave, batch.worlds[again], batch.points[again], tuple(range(1, self.options.fresh + 1))
        )

    def _confirmed(self, batch: Batch, values: Floats) -> None:
        runs, seeds = self.runs, values.shape[1]
        runs.fresh[batch.worlds] = values.mean(axis=1)
        if seeds > 1:
            runs.variance[batch.worlds] = values.var(axis=1, ddof=1)
        runs.mean[batch.worlds] = (runs.first[batch.worlds] + seeds * runs.fresh[batch.worlds]) / (seeds + 1)

    def _close(self) -> None:
        """Fit the emulators of the wave, and note what it was and gave."""
        runs, drawn, number = self.runs, self._draw, len(self.waves)
        with learning():
            emulators = tuple(fit_emulator(runs.points, runs.features, values) for values in runs.mean.T)
            self.judgements.append(Judgement(tuple(self.bands), emulators, RANKS[min(number, len(RANKS) - 1)]))
            self._judged = self._judged_prior()
        now = runs.wave == number
        first = runs.first[now]
        self.waves.append(Wave(
            len(first), int(self._inside(first).sum()), int(self.kept[now].sum()), self._held(first).mean(axis=0),
            drawn.tilt, drawn.cut, drawn.moves, float((self._judged[0] <= REFUSED).mean()),
            tuple(each.check for each in emulators),
        ))  # fmt: skip

    def _judged_prior(self) -> tuple[Floats, Floats]:
        """Return, of the points of the prior, the largest implausibility of all waves, and the last one's chance."""
        apart, chance = self.judgements[-1].of(self.prior, self.prior_features)
        return (np.maximum(self._judged[0], apart) if self.waves else apart), chance

    def _inside(self, values: Floats) -> Bools:
        """Tell of each row of values (points, bands) whether it is inside every band."""
        return np.asarray(self._held(values).all(axis=1))

    def _held(self, values: Floats) -> Bools:
        return np.column_stack([band.holds(values[:, place]) for place, band in enumerate(self.bands)])

    def _stalled(self, left: int) -> bool:
        shares = [each.share for each in self.waves]
        if len(shares) <= STALLED or max(shares[-STALLED:]) > max(shares[:-STALLED]):
            return False
        rate = np.mean([each.kept for each in self.waves[-STALLED:]])
        return bool(self.kept.sum() + left * rate < self.options.wanted)

    def _rng(self, purpose: Literal["prior", "draw"]) -> np.random.Generator:
        return np.random.default_rng([self.seed, ("prior", "draw").index(purpose), len(self.waves)])

    def _drawn(self) -> Draw:
        """Return the points of the next wave: of the prior where it has enough that are not refused, else of chains."""
        rng, count = self._rng("draw"), self.options.per_wave
        if not self.waves:
            return self._first(count, rng)
        points, features, apart, chance = self._pool()
        cut = max(REFUSED, float(np.sort(apart)[min(LEAST_STARTS, len(apart)) - 1]))
        left = apart <= cut
        tilt = tilt_of(chance[left], EFFECTIVE * count, self.options.tilt)
        starts = rng.permutation(systematic(tilt * chance[left], round(SPARE * count), rng))
        place = np.flatnonzero(left)[starts]
        target = Target(tuple(self.judgements), tilt, cut, Guess.of(points, features), points[place])
        chains = Chains(points[place], features[place], tilt * chance[place], np.zeros(len(place)))
        for _ in range(self.options.blocks):
            chains = chains.advanced(target, self.space, self.options.steps, rng)
        return self._mixed(chains, target, rng)

    def _first(self, count: int, rng: np.random.Generator) -> Draw:
        """Return points of the prior: those that the screen lets pass, and as many others as are then wanting."""
        if self.screen is None:
            points = self.space.prior(count, rng)
            return Draw(points, self.space.beside(points), np.ones(count))
        points, features, tried = self.prior, self.prior_features, len(self.prior)
        passing = self.screen(features)
        points, features = points[passing], features[passing]
        while len(points) < count and tried < MOST_SCREENED:
            more = self.space.prior(count, rng)
            beside = self.space.beside(more)
            passing = self.screen(beside)
            points, features = np.concatenate([points, more[passing]]), np.concatenate([features, beside[passing]])
            tried += count
        share = len(points) / tried
        points, features = points[:count], features[:count]
        rest = self.space.prior(count - len(points), rng)
        weight = np.repeat([share, 1.0], [len(points), len(rest)])
        return Draw(np.concatenate([points, rest]), np.concatenate([features, self.space.beside(rest)]), weight)

    def _pool(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return points whose features are known with those, their implausibility and logarithm of the chance."""
        runs, last = self.runs, self.judgements[-1]
        apart, chance = last.of(runs.points, runs.features)
        apart = np.maximum(apart, implausibility(self.judgements[:-1], runs.points, runs.features))
        pairs = (self.prior, runs.points), (self.prior_features, runs.features), (self._judged[0], apart)
        points, features, apart = (np.concatenate(pair) for pair in pairs)
        return points, features, apart, np.concatenate([self._judged[1], chance])

    def _mixed(self, chains: Chains, target: Target, rng: np.random.Generator) -> Draw:
        """Return the points of a wave: chains that moved, for others are already run; the prior where these are few."""
        moved = np.flatnonzero(chains.moves > 0)[: self.options.per_wave]
        fresh = self.space.prior(self.options.per_wave - len(moved), rng)
        apart, chance = self._judged
        # the mean over the prior of what a draw is multiplied with makes weights comparable between waves
        constant = np.mean(np.where(apart <= target.cut, np.exp(target.tilt * chance), 0.0))
        weight = max(float(constant), SMALLEST) * np.exp(-chains.density[moved])
        return Draw(
            np.concatenate([chains.points[moved], fresh]),
            np.concatenate([chains.features[moved], self.space.beside(fresh)]),
            np.concatenate([weight, np.ones(len(fresh))]),
            target.tilt, target.cut, float(chains.moves.mean()),
        )  # fmt: skip
