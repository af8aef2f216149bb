"""The mechanism: a district learned from the first part of a log, its ensemble of worlds, and what they foretell."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.ensemble import WORLDS_TABLE, table_of
from experiments.learning.counting import Learned, learn
from experiments.learning.district import DISTRICT_FILE, Built, Tuned, build
from experiments.learning.forecasting import Origin
from experiments.learning.matching import Ages, Observed, Weighed, misses, systematic, weighed
from experiments.learning.measures import Periods, measure
from experiments.learning.paths import Ints, Paths
from experiments.learning.running import Job, Runner
from experiments.learning.simulated import Pool, Work
from experiments.learning.tuning import PILOTS, tune
from experiments.learning.units import Unit
from experiments.learning.worlds import Cube, Design, Say, explore, nearest
from experiments.messages import msg
from experiments.runner import usable_processors
from experiments.stats.cases import kaplan_meier
from experiments.stats.intervals import Floats
from experiments.store.files import whole

if TYPE_CHECKING:
    from model import Unknowns

SECONDS = 480.0  # that the search for worlds takes at most, about; only a slow machine makes it smaller
STRUCTURE = 0.4  # of it for the part of moves that is further work
WORKED, CLEARLY = (0.3, 0.0, 0.6, 0.9), 0.9  # parts that are tried, while there is time; of a distance: clearly nearer
WAVES, FEW, MANY = 4, 60, 300  # waves of the search; runs of each, fewest and most
WORLDS = 100  # of the ensemble that is written; equal weights, any first rows a sample
MOST_POOLS, FEWEST_POOLS = 40, 12  # worlds whose runs one forecast is drawn from
STOCK_POOLS = 40_000  # open cases times worlds, which are looked through one by one
CASES, MOST_CASES = 1500, 8000  # that a run has for a forecast, about; of a run at most, or the office is scaled
WARM_UP = (30, 400)  # days, as many as nine in ten cases take
LONGEST = 0.65  # of the first part: how far the earliest of its inner origins looks ahead


@dataclass(frozen=True)
class Mechanism:
    """A learned district and its ensemble.

    Attributes:
        learned, tuned, built: What was counted, what was set, and the district's file.
        design: Runs that were made, whose weights say what is known at a moment.
        far: The same district in runs that go on for long enough to draw forecasts from them.
        observed, weighed: What the first part shows, and the weights of the runs for that.
        limit: Days after which a case is late.
        ahead: Days for which the cases of a run are seen.
    """

    learned: Learned
    tuned: Tuned
    built: Built
    design: Design
    far: Work
    observed: Observed
    weighed: Weighed
    limit: float
    ahead: float
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
            ahead: Days that the last forecast reaches; those inside the first part are seen to.
            seconds: That the search takes at most, about: beyond them it is made with fewer runs, which is said.
            seed: Of all that is drawn.
        """
        if runner is None:
            with Runner(usable_processors()) as own:
                return cls.learn(paths, units, limit, say, runner=own, log=log, ahead=ahead, seconds=seconds, seed=seed)
        counted, ages, rng = learn(paths, units), Ages.of(paths, limit), np.random.default_rng(seed)
        search = _Search(
            counted, ages, Observed.of(paths, ages, rng), _Plan.of(paths, counted, ages.cut, ahead), Cube.of(counted),
            runner, seed, limit, log, say,
        )  # fmt: skip
        tuned, design = search.structure(_quartiles(paths), seconds)
        observed = explore(design, search.observed, search.per_wave(seconds), WAVES, say)
        found = weighed(design.values, observed, design.prior)
        far = search.plan.work(search.built(tuned, search.plan.scale), search.plan.ahead)
        return cls(counted, tuned, search.built(tuned), design, far, observed, found, limit, float(search.plan.ahead))

    def at(self, known: Paths) -> Weighed:
        """Return the weights of the runs for what was known at a moment: nothing is run again.

        Units, rhythm, kinds, routing and what was tuned stay those of the whole first part, which favours the mechanism
        a little where the moment lies in it.
        """
        seen = Observed.of(known, self.design.ages, np.random.default_rng(self.design.seed))
        doubt = np.maximum(seen.discrepancy, self.observed.discrepancy)
        return weighed(self.design.values, Observed(seen.values, seen.sampling, doubt, seen.cases), self.design.prior)

    def foretell(self, known: Paths, start: Floats, periods: Periods, draws: int) -> Floats:
        """Foretell measures by period from the horizon of what is known, array (draws, periods, measures).

        Cases that are open there keep what has happened to them. Kinds of new cases are drawn as they came so far.

        Args:
            known: `paths.until(moment)` of the log.
            start (array (arrivals,)): When new cases come, ascending.
        """
        rng = np.random.default_rng((self.design.seed, round(known.horizon)))
        stock, kinds = known.of(~known.closed), self._kinds(known)
        most = int(np.clip(STOCK_POOLS / max(len(stock), 1), FEWEST_POOLS, MOST_POOLS))
        pools = self._pools_of(systematic(self.at(known).weight, min(draws, most), rng))
        origin = Origin(stock, kinds[stock.kind], pools, self.ahead)
        new = kinds[rng.choice(known.kind, start.size)]
        begun = np.concatenate([stock.start, start])
        parts = origin.drawn(start - known.horizon, new, rng, draws)
        return np.concatenate([measure(begun, courses, periods) for courses in parts])

    def _kinds(self, known: Paths) -> Ints:
        """Return the place of every kind of the log among those that were learned; what is new is the last of them."""
        found = np.full(len(known.kinds), len(self.learned.kinds) - 1)
        for place, each in enumerate(self.learned.kinds):
            found[list(each.members)] = place
        return found

    def _pools_of(self, worlds: Ints) -> list[Pool]:
        new = [int(run) for run in dict.fromkeys(worlds.tolist()) if run not in self._pools]
        jobs = [replace(self.design.job(run), work=self.far) for run in new]
        self._pools.update(zip(new, self.design.runner.pools(jobs), strict=True))
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

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write the district's file and the table of its worlds; `about` goes with it."""
        import pyarrow.parquet as pq

        self.built.write(folder / DISTRICT_FILE)
        about = {**about, "learned": self.told()}
        with whole(folder / WORLDS_TABLE) as sink:
            pq.write_table(table_of(self.worlds(), about), sink)


@dataclass(frozen=True)
class _Search:
    """The search for what was not counted."""

    learned: Learned
    ages: Ages
    observed: Observed
    plan: _Plan
    cube: Cube
    runner: Runner
    seed: int
    limit: float
    log: str
    say: Say

    def built(self, tuned: Tuned, scale: float = 1.0) -> Built:
        return build(self.learned, tuned, self.limit, self.log, scale=scale)

    def structure(self, quartiles: Floats, seconds: float) -> tuple[Tuned, Design]:
        """Return the part of moves that is further work with which runs come nearest to the log, and these runs.

        One that is tried later must be clearly nearer.
        """
        best: tuple[float, Tuned, Design] | None = None
        begun = time.monotonic()
        for part in WORKED if self.learned.works_on else (0.0,):
            if best and time.monotonic() - begun > seconds * STRUCTURE:
                break
            tuned = tune(Tuned(hands_over=part), self._pilots, self.observed, quartiles)
            work = self.plan.work(self.built(tuned, self.plan.scale), self.plan.cut)
            design = Design(self.cube, work, self.ages, self.runner, self.seed)
            explore(design, self.observed, FEW, 2, lambda _: None)
            away = nearest(design, self.observed)
            self.say(msg("fit_structure", part=f"{part:.0%}", away=f"{away:.2f}"))
            if best is None or away < CLEARLY * best[0]:
                best = away, tuned, design
        assert best is not None
        return best[1:]

    def _pilots(self, tuned: Tuned) -> Floats:
        work = self.plan.work(self.built(tuned, self.plan.scale), self.plan.cut)
        points = self.cube.prior(PILOTS, np.random.default_rng(self.seed))
        jobs = [Job(work, self.ages, self.cube.world(point), self.seed + at) for at, point in enumerate(points)]
        return self.runner.shown(jobs)

    def per_wave(self, seconds: float) -> int:
        """Return the runs of a wave: as many as are wanted, or fewer where a slow machine leaves no time for them."""
        runs = (1.0 - STRUCTURE) * seconds / max(self.runner.seconds, 1e-3) / 1.5  # a third goes into the emulators
        found = int(np.clip(runs / WAVES, FEW, MANY))
        if found < MANY:
            self.say(msg("fit_slow", runs=found, wanted=MANY))
        return found


@dataclass(frozen=True)
class _Plan:
    """How long runs are, in days, and which part of the office they have.

    Attributes:
        warm_up, window: Before the cases that count, and in which these come.
        cut, ahead: For which they are seen: where worlds are sought, and where a forecast is drawn from them.
    """

    warm_up: int
    window: int
    cut: int
    ahead: int
    scale: float

    @classmethod
    def of(cls, paths: Paths, counted: Learned, cut: float, ahead: float | None) -> _Plan:
        span = paths.horizon - float(paths.start[0])
        reach = round(max(ahead or 0.0, LONGEST * span))
        days = np.where(paths.closed, paths.end, paths.horizon) - paths.start
        warm_up = int(np.clip(np.quantile(days, 0.9), *WARM_UP))
        a_day = counted.arrivals.a_year / 365.25
        window = max(int(np.clip(CASES / a_day, 60, 2500)), warm_up)
        scale = min(1.0, MOST_CASES / (a_day * (warm_up + window + reach)))
        return cls(warm_up, window, int(np.ceil(cut)), reach, scale)

    def work(self, built: Built, seen: int) -> Work:
        """Return runs whose last cases are seen for so many days."""
        days = {"run.warm_up_days": self.warm_up, "run.window_days": self.window + seen, "run.follow_up_days": 1,
                "run.least_follow_up_days": 0}  # fmt: skip
        return Work(built.scenario(days), built.reading)


def _quartiles(paths: Paths) -> Floats:
    """Return quartiles of the log of days, array (3,); what is not reached lies as far off as the other one."""
    days = np.where(paths.closed, paths.end, paths.horizon) - paths.start
    survival = kaplan_meier(np.maximum(days, 0.0), paths.closed)
    low, middle, high = (survival.quantile_interval(share).mean for share in (0.25, 0.5, 0.75))
    mid = float(np.log(max(middle if middle is not None else float(days.max()), 0.01)))
    below = float(np.log(max(low, 0.01))) if low is not None else mid - 0.6745
    return np.array([below, mid, 2.0 * mid - below if high is None else float(np.log(max(high, 0.01)))])
