"""The mechanism: a district learned from the first part of a log, its ensemble of worlds, and what they foretell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.ensemble import WORLDS_TABLE, table_of
from experiments.learning.counting import Learned, learn
from experiments.learning.district import DISTRICT_FILE, Built, Tuned, build
from experiments.learning.matching import Ages, Observed, Weighed, misses, systematic, weighed
from experiments.learning.paths import NEVER, Courses, Ints, Paths
from experiments.learning.running import Job, Runner
from experiments.learning.simulated import Pool, Work, together
from experiments.learning.tuning import PILOTS, tune
from experiments.learning.units import Unit
from experiments.learning.worlds import Cube, Design, Say, explore
from experiments.runner import usable_processors
from experiments.stats.cases import kaplan_meier
from experiments.stats.intervals import Floats
from experiments.store.files import whole

if TYPE_CHECKING:
    from model import Scenario, Unknowns

SECONDS = 420.0  # that the search for worlds takes, about
WORLDS = 100  # of the ensemble that is written; equal weights, any first rows a sample
MOST_POOLS = 40  # worlds whose runs one forecast is drawn from
CASES, MOST_CASES = 1500, 8000  # that a run has for a forecast, about; of a run at most, or the office is scaled
WARM_UP = (30, 400)  # days, as many as nine in ten cases take
NEAR = 8  # simulated cases among which the further course of an open one is drawn
FEWEST_ALIKE = 5


@dataclass(frozen=True)
class Mechanism:
    """A learned district and its ensemble.

    Attributes:
        learned, tuned, built: What was counted, what was set, and the district's file.
        design: Runs that were made, whose weights say what is known at a moment.
        observed, weighed: What the first part shows, and the weights of the runs for that.
        limit: Days after which a case is late.
    """

    learned: Learned
    tuned: Tuned
    built: Built
    design: Design
    observed: Observed
    weighed: Weighed
    limit: float
    _pools: dict[int, Pool] = field(default_factory=dict)

    @classmethod
    def learn(
        cls, paths: Paths, units: Sequence[Unit], limit: float, say: Say, *, runner: Runner | None = None,
        log: str = "the log", ahead: float | None = None, seconds: float = SECONDS, seed: int = 1,
    ) -> Mechanism:  # fmt: skip
        """Learn a district and its ensemble from what was known of a log.

        Args:
            paths: The first part: `paths.until(split)`.
            units: With levels, in the order of the log's.
            limit: Days after which a case is late.
            say: Is told of progress.
            runner: Processes, which stay the caller's; by default as many as this process may use, and only for this.
            log: Name of the log, for the head of the district's file.
            ahead: Days that forecasts reach; by default half of the first part.
            seconds: That the search takes, about.
            seed: Of all that is drawn.
        """
        if runner is None:
            with Runner(usable_processors()) as own:
                return cls.learn(paths, units, limit, say, runner=own, log=log, ahead=ahead, seconds=seconds, seed=seed)
        counted, ages, rng = learn(paths, units), Ages.of(paths, limit), np.random.default_rng(seed)
        observed, cube = Observed.of(paths, ages, rng), Cube.of(counted)
        plan = _Plan.of(paths, counted, ahead)
        points = cube.prior(PILOTS, rng)

        def pilots(tuned: Tuned) -> Floats:
            work = plan.work(build(counted, tuned, limit, log, scale=plan.scale))
            return runner.shown([Job(work, ages, cube.world(point), seed + at) for at, point in enumerate(points)])

        tuned = tune(pilots, observed, _quartiles(paths))
        say(f"tuned: {tuned.hands_over:.0%} of moves are further work, waits {tuned.wait:.2f} of all days")
        work = plan.work(build(counted, tuned, limit, log, scale=plan.scale))
        design = Design(cube, work, ages, runner, seed)
        observed = explore(design, observed, seconds, say)
        found = weighed(design.values, observed, design.prior)
        return cls(counted, tuned, build(counted, tuned, limit, log), design, observed, found, limit)

    def at(self, known: Paths) -> Weighed:
        """Return the weights of the runs for what was known at a moment: nothing is run again.

        Units, rhythm, kinds, routing and what was tuned stay those of the whole first part, which favours the mechanism
        a little where the moment lies in it.
        """
        seen = Observed.of(known, self.design.ages, np.random.default_rng(self.design.seed))
        doubt = np.maximum(seen.discrepancy, self.observed.discrepancy)
        return weighed(self.design.values, Observed(seen.values, seen.sampling, doubt, seen.cases), self.design.prior)

    def forecast(
        self, known: Paths, start: Floats, kind: Ints, rng: np.random.Generator, draws: int
    ) -> tuple[Floats, Courses]:
        """Foretell the cases that are open at a moment, and those that arrive later.

        Args:
            known: `paths.until(moment)` of the log.
            start, kind: Arrivals after the moment, as they came: times ascending, and places of kinds in the log.
            draws: Of the ensemble and of chance.

        Returns:
            Arrival of every case, the open ones first in the order of `known`, array (cases,); and the courses, arrays
            (draws, cases, …). What has happened to the open ones stays as it was.
        """
        stock = known.of(~known.closed)
        worlds = systematic(self.at(known).weight, min(draws, MOST_POOLS), rng)
        pools = self._pools_of(worlds)
        courses, first = together(pools)
        kinds = self._kinds(known)
        place = np.empty((draws, len(stock) + start.size), np.int64)
        history = Courses.of(stock)
        age = known.horizon - stock.start
        for draw in range(draws):
            at = draw % len(pools)
            pool = pools[at]
            place[draw, : len(stock)] = first[at] + _continued(pool, history, age, kinds[stock.kind], rng)
            place[draw, len(stock) :] = first[at] + _arrived(pool, start - known.horizon, kinds[kind], rng)
        drawn = courses.take(place)
        return np.concatenate([stock.start, start]), _with_history(drawn, history, age)

    def _kinds(self, known: Paths) -> Ints:
        """Return the place of every kind of the log among those that were learned; what is new is the last of them."""
        found = np.full(len(known.kinds), len(self.learned.kinds) - 1)
        for place, each in enumerate(self.learned.kinds):
            found[list(each.members)] = place
        return found

    def _pools_of(self, worlds: Ints) -> list[Pool]:
        new = [int(run) for run in dict.fromkeys(worlds.tolist()) if run not in self._pools]
        self._pools.update(zip(new, self.design.runner.pools([self.design.job(run) for run in new]), strict=True))
        return [self._pools[int(run)] for run in worlds]

    def worlds(self) -> list[Unknowns]:
        """Return the worlds of the ensemble, drawn by weight, none twice, in random order."""
        rng = np.random.default_rng(self.design.seed)
        weight = self.weighed.weight
        count = min(WORLDS, int((weight > weight.max() * 1e-6).sum()))
        drawn = rng.choice(weight.size, size=count, replace=False, p=weight)
        return [self.design.cube.world(self.design.points[run]) for run in drawn]

    def told(self) -> dict[str, Any]:
        """Return what is told of the ensemble: measures beside the log's, how far all doubt was widened, runs."""
        return {
            "runs": int(self.weighed.weight.size), "effective": round(self.weighed.effective, 1),
            "widened": round(self.weighed.widened, 3), "cases": self.observed.cases,
            "measures": misses(list(self.design.values), self.observed, self.weighed),
        }  # fmt: skip

    def write(self, folder: Path) -> None:
        """Write the district's file and the table of its worlds."""
        import pyarrow.parquet as pq

        self.built.write(folder / DISTRICT_FILE)
        about = {"name": folder.name, "district": str(folder), "learned": self.told()}
        with whole(folder / WORLDS_TABLE) as sink:
            pq.write_table(table_of(self.worlds(), about), sink)


@dataclass(frozen=True)
class _Plan:
    """How long runs are, in days, and which part of the office they have."""

    warm_up: int
    window: int
    ahead: int
    scale: float

    @classmethod
    def of(cls, paths: Paths, counted: Learned, ahead: float | None) -> _Plan:
        span = paths.horizon - float(paths.start[0])
        reach = round(ahead if ahead is not None else span / 2.0)
        days = np.where(paths.closed, paths.end, paths.horizon) - paths.start
        warm_up = int(np.clip(np.quantile(days, 0.9), *WARM_UP))
        a_day = counted.arrivals.a_year / 365.25
        window = max(int(np.clip(CASES / a_day, 60, 2500)), warm_up)
        return cls(warm_up, window, reach, min(1.0, MOST_CASES / (a_day * (warm_up + window + reach))))

    def work(self, built: Built) -> Work:
        return Work(self._scenario(built), built.reading)

    def _scenario(self, built: Built) -> Scenario:
        days = self.window + self.ahead
        return built.scenario({
            "run.warm_up_days": self.warm_up, "run.window_days": days, "run.follow_up_days": 1,
        })  # fmt: skip


def _quartiles(paths: Paths) -> Floats:
    """Return quartiles of the log of days, array (3,); what is not reached lies as far off as the other one."""
    days = np.where(paths.closed, paths.end, paths.horizon) - paths.start
    survival = kaplan_meier(np.maximum(days, 0.0), paths.closed)
    low, middle, high = (survival.quantile_interval(share).mean for share in (0.25, 0.5, 0.75))
    mid = float(np.log(max(middle if middle is not None else float(days.max()), 0.01)))
    below = float(np.log(max(low, 0.01))) if low is not None else mid - 0.6745
    return np.array([below, mid, 2.0 * mid - below if high is None else float(np.log(max(high, 0.01)))])


def _arrived(pool: Pool, after: Floats, kind: Ints, rng: np.random.Generator) -> Ints:
    """Return a simulated case for each arrival: of its kind, in a window of the run as long as that of the arrivals."""
    length = float(after[-1]) + 1.0 if after.size else 1.0
    free = max(pool.days - length * 2.0 - float(pool.start[0]), 0.0)
    begin = float(pool.start[0]) + rng.random() * free
    when = begin + after
    found = np.empty(after.size, np.int64)
    for each in np.unique(kind):
        mine = np.flatnonzero(pool.kind == each)
        mine = mine if mine.size >= FEWEST_ALIKE else np.arange(len(pool))
        chosen = kind == each
        near = np.searchsorted(pool.start[mine], when[chosen]) + rng.integers(-NEAR, NEAR, int(chosen.sum()))
        found[chosen] = mine[np.clip(near, 0, mine.size - 1)]
    return found


def _continued(pool: Pool, history: Courses, age: Floats, kind: Ints, rng: np.random.Generator) -> Ints:
    """Return a simulated case for each open one: open at its age, with as many hand-overs, of its kind if there is."""
    found = np.empty(age.size, np.int64)
    for place in range(age.size):
        open_then = (pool.courses.closed > age[place]) & (pool.days - pool.start > age[place])
        fit = np.flatnonzero(open_then)
        if fit.size == 0:
            found[place] = int(np.argmax(np.minimum(pool.courses.closed, pool.days - pool.start)))
            continue
        then = (pool.courses.passed[fit] <= age[place]).sum(axis=1)
        away = np.abs(then - (history.passed[place] <= age[place]).sum()) + 2.0 * (pool.kind[fit] != kind[place])
        best = fit[np.argsort(away + 0.5 * rng.random(fit.size), kind="stable")[:NEAR]]
        found[place] = best[rng.integers(best.size)]
    return found


def _with_history(drawn: Courses, history: Courses, age: Floats) -> Courses:
    """Return courses (draws, cases, …) whose first cases have the history that they had up to their age."""
    count, most = age.size, history.passed.shape[1]
    shape = (*drawn.passed.shape[:2], drawn.passed.shape[2] + most)
    passed, passer, back = np.full(shape, NEVER), np.full(shape, -1), np.zeros(shape, np.bool_)
    later = np.ones(drawn.passed.shape, np.bool_)
    later[:, :count] = drawn.passed[:, :count] > age[:, None]
    for into, out, before, fill in (
        (passed, drawn.passed, history.passed, NEVER), (passer, drawn.passer, history.passer, -1),
        (back, drawn.back, history.back, False),
    ):  # fmt: skip
        into[:, :count, :most] = before
        into[..., most:] = np.where(later, out, fill)
    order = np.argsort(passed, axis=-1, kind="stable")
    ordered = (np.take_along_axis(each, order, -1) for each in (passed, passer, back))
    closed = drawn.closed.copy()
    closed[:, :count] = np.where(closed[:, :count] > age, closed[:, :count], NEVER)
    return Courses(closed, *ordered)
