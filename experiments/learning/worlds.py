"""The free numbers that a log says something about, as a cube, and the runs in which the plausible ones are sought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from experiments.learning.counting import PATIENT, Learned
from experiments.learning.matching import BANDS, MATCHED, Ages, Observed
from experiments.learning.running import Job, Runner
from experiments.learning.simulated import Work
from experiments.messages import msg
from experiments.stats.history_matching import Options, Waves
from experiments.stats.intervals import Floats
from experiments.stats.region import Band
from model import free_numbers

if TYPE_CHECKING:
    from model import FreeNumber

Say = Callable[[str], None]

STATED = ("demand.dispersion", "demand.weekend", "demand.latent", "demand.needs_city", "demand.needs_street",
          "demand.from_projects", "deadlines.", "staff.", "kinds.*.hidden")  # fmt: skip
"""Free numbers, or topics, that the district's file states from the log: no world varies them."""
PATIENCE = "citizens.patience_days"

SCOUTS, BEST = 120, 8  # runs of the prior that show what is within reach; best runs that say how near a design comes


@dataclass(frozen=True)
class Cube:
    """Free numbers as a unit cube."""

    numbers: tuple[FreeNumber, ...]

    @classmethod
    def of(cls, learned: Learned) -> Cube:
        """Return the numbers that the learned district does not state itself."""
        stated = (*STATED, *((PATIENCE,) if learned.dropped < PATIENT else ()))
        return cls(tuple(each for each in free_numbers() if not each.key.startswith(stated)))

    def world(self, point: Floats) -> dict[str, float]:
        """Return the world at a point, array (numbers,)."""
        return {each.key: each.at(float(at)) for each, at in zip(self.numbers, point, strict=True)}

    def prior(self, count: int, rng: np.random.Generator) -> Floats:
        return rng.random((count, len(self.numbers)))


@dataclass
class Design:
    """Runs that were made, a row each.

    Attributes:
        points (array (runs, numbers)): On the cube.
        values (array (runs, measures)): What each showed.
        prior (array (runs,)): Density of the prior over that from which it was drawn.
        seeds: Of the runs.
    """

    cube: Cube
    work: Work
    ages: Ages
    runner: Runner
    seed: int
    points: Floats = field(init=False)
    values: Floats = field(init=False)
    prior: Floats = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.cube.numbers)
        self.points, self.values, self.prior = np.empty((0, size)), np.empty((0, len(MATCHED))), np.empty(0)

    def job(self, run: int) -> Job:
        """Return a run that was made, to be made again."""
        return self._job(self.points[run], run)

    def add(self, points: Floats, prior: Floats) -> Floats:
        """Run points and return what they showed, array (points, measures); `prior` is their density, as above."""
        jobs = [self._job(point, len(self.points) + at) for at, point in enumerate(points)]
        values = self.runner.shown(jobs)[:, : len(MATCHED)]
        self.points = np.concatenate([self.points, points])
        self.prior = np.concatenate([self.prior, prior])
        self.values = np.concatenate([self.values, values])
        return values

    def _job(self, point: Floats, run: int) -> Job:
        return Job(self.work, self.ages, self.cube.world(point), self.seed + run)

    @cached_property
    def rng(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


def explore(design: Design, observed: Observed, per_wave: int, waves: int, say: Say) -> Observed:
    """Make the runs of a search for worlds in which a district shows what the log shows.

    Returns:
        The same with the discrepancy of measures widened that no run of the prior comes near.
    """
    count = min(SCOUTS, per_wave)
    wider = observed.widened(design.add(design.cube.prior(count, design.rng), np.ones(count)))
    search = Waves(
        bands_of(wider), len(design.cube.numbers), design.seed,
        Options(per_wave=per_wave, waves=waves, wanted=per_wave, fresh=2, prior=1000, blocks=4, steps=20),
    )  # fmt: skip
    while (batch := search.propose()) is not None:
        first, unknown = len(design.points), np.ones(len(batch.points))
        values = np.stack([design.add(batch.points, unknown) for _ in batch.seeds], axis=1)
        search.learn(batch.points, values)
        design.prior[first:] = np.tile(search.runs.weight[batch.worlds], len(batch.seeds))
        say(msg("fit_wave", number=batch.wave + 1, of=waves, runs=len(design.points), inside=int(search.kept.sum())))
    return wider


def nearest(design: Design, observed: Observed) -> float:
    """Return how near the best runs of a design come to a log in all measures, in squared standard deviations."""
    apart = np.nan_to_num(np.abs(design.values - observed.values) / observed.spread, nan=10.0)
    return float(np.sort((np.minimum(apart, 10.0) ** 2).mean(axis=1))[:BEST].mean())


def bands_of(observed: Observed) -> list[Band]:
    """Return the band of each measure: all its doubt to either side of what the log shows."""
    return [
        Band(name, value - BANDS * spread, value + BANDS * spread)
        for name, value, spread in zip(MATCHED, observed.values, observed.spread, strict=True)
    ]
