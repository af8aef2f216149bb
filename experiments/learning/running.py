"""Runs of a learned district in many worlds, on all processors: what each shows, or its cases."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.learning.matching import MATCHED, Ages, measured_of_run, seen_for
from experiments.learning.simulated import Pool, Work
from experiments.runner.executors import PRELOADED, main_left_alone
from experiments.stats.intervals import Floats

if TYPE_CHECKING:
    from model import Unknowns

QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Job:
    """A run and what is wanted of it."""

    work: Work
    ages: Ages
    world: Unknowns
    seed: int

    def shown(self) -> Floats:
        """Return the measures of the run, and its quartiles of the log of days, array (measures + 3,)."""
        pool = self.work.pool(self.world, self.seed)
        measures = measured_of_run(pool.start, pool.courses, pool.days, self.ages, len(self.work.reading.units))
        seen = seen_for(pool.start, pool.days, self.ages)
        days = np.minimum(pool.courses.closed, pool.days - pool.start)[seen]
        logs = np.log(np.maximum(np.quantile(days, QUARTILES), 0.01)) if days.size else np.full(3, np.nan)
        return np.append(measures, logs)

    def pool(self) -> Pool:
        return self.work.pool(self.world, self.seed)


NOTHING = np.full(len(MATCHED) + len(QUARTILES), np.nan)


def _shown(job: Job) -> Floats:
    return job.shown()


def _pool(job: Job) -> Pool:
    return job.pool()


class Runner(contextlib.ExitStack):
    """Processes that stay while a district is learned; one job is done in this process."""

    def __init__(self, jobs: int) -> None:
        super().__init__()
        self._pool: ProcessPoolExecutor | None = None
        self.jobs = jobs
        if jobs > 1:
            context: Any = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
            if os.name != "nt":
                context.set_forkserver_preload(PRELOADED)
            self._pool = self.enter_context(ProcessPoolExecutor(jobs, mp_context=context))
        self.seconds = 0.0

    def shown(self, jobs: Sequence[Job]) -> Floats:
        """Return what runs show, array (runs, measures + 3)."""
        return np.array(list(self._each(_shown, jobs))).reshape(len(jobs), NOTHING.size)

    def pools(self, jobs: Sequence[Job]) -> list[Pool]:
        """Return the cases of runs."""
        return list(self._each(_pool, jobs))

    def _each(self, function: Any, jobs: Sequence[Job]) -> Iterator[Any]:
        begun = time.monotonic()
        if self._pool is None:
            yield from map(function, jobs)
        else:
            with main_left_alone():
                yield from self._pool.map(function, jobs, chunksize=max(1, min(16, len(jobs) // (4 * self.jobs))))
        self.seconds = (time.monotonic() - begun) / max(len(jobs), 1)
