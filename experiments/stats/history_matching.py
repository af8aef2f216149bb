"""History matching: which points of a high-dimensional cube may show every pattern at once, wave after wave.

After each wave emulators are fitted to all runs so far, and the next wave is drawn where they leave it possible that
every band is met (Vernon, Goldstein & Bower 2010; Andrianakis et al. 2015; Iskauskas et al. 2024). It is drawn by
Metropolis steps that redraw some inputs from their whole range, with the emulated chance of meeting all bands as the
density; so what no band touches keeps its whole range, and the density drawn with is known. What an emulator says is
never told: worlds are kept for what they show when they are run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtr
from scipy.stats import qmc

from experiments.stats.emulator import Checked, Emulator
from experiments.stats.intervals import Bools, Floats

STEPS = 250  # of every chain; each redraws one to eight inputs, or moves a few a little
CUTOFF, NTH = 3.0, 3  # a point is refused where its third-largest implausibility is above three
PROBES = 20_000  # points of the whole cube by which the volume left is estimated
MORE = 3  # points drawn for each that is wanted, of which the fuller emulators choose
FRESH = 0.1  # share of a wave drawn from the whole cube, whatever the emulators say: they may be wrong


@dataclasses.dataclass(frozen=True)
class Band:
    """Where a measure should lie; None is open.

    Attributes:
        discrepancy: Standard deviation of what the model may miss by at a right point, in the measure's unit.
        reason: For its size.
    """

    low: float | None
    high: float | None
    discrepancy: float = 0.0
    reason: str = ""

    def holds(self, value: float) -> bool:
        """Tell whether a value lies inside; not-a-number does not."""
        return bool(
            (self.low is None or value >= self.low) and (self.high is None or value <= self.high) and value == value
        )

    def outside(self, values: Floats) -> Floats:
        """Return how far values lie outside; 0 inside."""
        below = 0.0 if self.low is None else np.maximum(self.low - values, 0.0)
        above = 0.0 if self.high is None else np.maximum(values - self.high, 0.0)
        return np.asarray(below + above)

    def chance(self, values: Floats, spread: float) -> Floats:
        """Return the chance that a normal value with this mean and standard deviation lies inside."""
        below = 0.0 if self.low is None else ndtr((self.low - values) / spread)
        above = 1.0 if self.high is None else ndtr((self.high - values) / spread)
        return np.asarray(np.maximum(above - below, 1e-12))


@dataclasses.dataclass(frozen=True)
class Learned:
    """What a wave taught.

    Attributes:
        checked: How the emulators do that are fitted after it, by band.
        volume: Share of the whole cube that they leave.
    """

    checked: tuple[Checked, ...]
    volume: float


class Waves:
    """Proposes waves and learns from their runs; a pure function of the seed and of what it learned.

    Args:
        bands: Of each measure.
        inputs: Dimensions of the cube.
        per_wave: Points of a wave.
        valid: Tells which points are possible at all, (points,).
        features: Returns what is known of points without a run, (points, features); may be slow.
    """

    def __init__(
        self, bands: Sequence[Band], inputs: int, seed: int, *, per_wave: int,
        valid: Callable[[Floats], Bools], features: Callable[[Floats], Floats],
    ) -> None:  # fmt: skip
        self.bands, self.inputs, self.per_wave = list(bands), inputs, per_wave
        self.learned: list[Learned] = []
        self._seed, self._valid, self._features = seed, valid, features
        self._points = np.empty((0, inputs))
        self._known = np.empty((0, 0))
        self._values = np.empty((0, len(self.bands)))
        self._quick: list[Emulator] = []
        self._full: list[Emulator] = []

    def propose(self) -> Floats:
        """Return the points of the next wave, (points, inputs)."""
        rng = np.random.default_rng([self._seed, len(self.learned)])
        if not self.learned:
            return self._anywhere(self.per_wave, rng)
        fresh = max(1, round(FRESH * self.per_wave))
        drawn = self._walk((self.per_wave - fresh) * MORE, rng)
        full = np.hstack([drawn, self._features(drawn)])
        weights = np.exp(self._log_chance(self._full, full) - self._log_chance(self._quick, drawn))
        weights = np.minimum(weights, np.quantile(weights, 0.98)) + 1e-15
        chosen = rng.choice(len(drawn), self.per_wave - fresh, replace=False, p=weights / weights.sum())
        return np.vstack([drawn[np.sort(chosen)], self._anywhere(fresh, rng)])

    def learn(self, points: Floats, values: Floats) -> None:
        """Learn what the points of a wave showed, (points, measures), on one seed each; NaN where undefined."""
        known = self._features(points)
        self._known = known if not len(self._points) else np.vstack([self._known, known])
        self._points = np.vstack([self._points, points])
        self._values = np.vstack([self._values, values])
        full = np.hstack([self._points, self._known])
        self._quick = [Emulator(self._points, column) for column in self._values.T]
        self._full = [Emulator(full, column) for column in self._values.T]
        rng = np.random.default_rng([self._seed, len(self.learned), 1])
        probes = rng.random((PROBES, self.inputs))
        left = self.implausibility(self._quick, probes[self._valid(probes)]) <= CUTOFF
        self.learned.append(Learned(tuple(each.checked for each in self._full), float(left.mean())))

    def implausibility(self, emulators: Sequence[Emulator], points: Floats) -> Floats:
        """Return the third-largest implausibility of each point, (points,): how far outside, in standard deviations."""
        each = np.array([
            band.outside(emulator(points)) / np.sqrt(emulator.checked.variance + band.discrepancy**2)
            for band, emulator in zip(self.bands, emulators, strict=True)
        ])  # fmt: skip
        return np.asarray(np.sort(each, axis=0)[-min(NTH, len(each))])

    def _log_chance(self, emulators: Sequence[Emulator], points: Floats) -> Floats:
        """Return the logarithm of the emulated chance of meeting all bands, measures taken as independent."""
        chances = [
            np.log(band.chance(emulator(points), float(np.sqrt(emulator.checked.variance + band.discrepancy**2))))
            for band, emulator in zip(self.bands, emulators, strict=True)
        ]
        return np.asarray(np.sum(chances, axis=0))

    def _anywhere(self, count: int, rng: np.random.Generator) -> Floats:
        """Return points of the whole cube, evenly spread (a Latin hypercube of those that are possible)."""
        found = np.empty((0, self.inputs))
        while len(found) < count:
            drawn = qmc.LatinHypercube(self.inputs, rng=rng).random(4 * count)
            found = np.vstack([found, drawn[self._valid(drawn)]])
        return found[:count]

    def _walk(self, count: int, rng: np.random.Generator) -> Floats:
        """Return points drawn with the emulated chance as density, each the end of a chain of its own.

        Chains start at the points run so far, the likeliest first.
        """
        start = self._log_chance(self._quick, self._points)
        best = np.argsort(-start, kind="stable")[: max(20, min(count, len(start) // 4))]
        at = self._points[np.resize(best, count)]
        density = self._log_chance(self._quick, at)
        for _ in range(STEPS):
            moved = at.copy()
            few = rng.random((count, self.inputs)) < (rng.integers(1, 9, count) / self.inputs)[:, None]
            little = rng.random(count) < 0.5
            step = np.where(little[:, None], at + 0.15 * rng.standard_normal(at.shape), rng.random(at.shape))
            moved[few] = step[few]
            allowed = ((moved >= 0.0) & (moved <= 1.0)).all(axis=1)
            moved[~allowed] = at[~allowed]
            allowed &= self._valid(moved)
            after = self._log_chance(self._quick, moved)
            taken = allowed & (np.log(rng.random(count)) < after - density)
            at[taken], density[taken] = moved[taken], after[taken]
        return at
