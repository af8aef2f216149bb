"""What a log shows of its cases by fixed ages, with its doubt, and how near runs of worlds come to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.learning.paths import Courses, Paths
from experiments.stats.cases import kaplan_meier
from experiments.stats.intervals import Floats

HANDED, MEAN, BACK, UNEVEN, TOP, EARLY, MIDDLE, OLD, LATE = MATCHED = (
    "handover_share", "handovers_mean", "ping_pong_share", "overdispersion", "top_tenth_handovers",
    "open_at_first_quartile", "open_at_median", "open_at_third_quartile", "open_after_limit",
)  # fmt: skip
"""By an age that all cases counted have reached, so that nothing is cut off: a run and a log are then comparable.
Shares open at three ages stand for median and spread of days."""

DISCREPANCY = {
    HANDED: (0.02, "what counts as handing over differs between offices"),
    MEAN: (0.1, "relative: the model hands a case over before work and after it, offices also during it"),
    BACK: (0.03, "the model's units do not consult one another"),
    UNEVEN: (0.2, "a kind lumps unlike cases together"),
    TOP: (0.05, "people of one unit are alike in the model"),
    EARLY: (0.03, "the model's wait has one shape, the lognormal"), MIDDLE: (0.03, "the same"), OLD: (0.03, "the same"),
    LATE: (0.03, "the same"),
}  # fmt: skip
"""What the model may miss by though a world were right: assumed standard deviations, and why."""

RESAMPLED, FEWEST, WINDOW = 200, 60, 365.25
"""Bootstrap samples; cases that a window has at least, if the log has; days of it."""

EFFECTIVE = 50.0  # runs that an ensemble counts for at least, or all doubt is widened until it does
BANDS = 2.0  # standard deviations to either side of what the log shows
REACHED, NEAREST = 0.01, 0.05  # share of runs inside a band below which it is out of reach; that then widens it


@dataclass(frozen=True)
class Ages:
    """Ages, in days, at which cases are looked at.

    Attributes:
        cut: That all cases counted have reached.
        quartiles: At which a quarter, half, three quarters of the log's cases are closed.
        limit: After which a case is late.
    """

    cut: float
    quartiles: tuple[float, float, float]
    limit: float

    @classmethod
    def of(cls, paths: Paths, limit: float) -> Ages:
        """Return the ages that suit a log: three quarters closed, the limit, but no more than a third of its span."""
        days = np.where(paths.closed, paths.end, paths.horizon) - paths.start
        most = max(1.0, (paths.horizon - float(paths.start[0])) / 3.0)
        survival = kaplan_meier(np.maximum(days, 0.0), paths.closed)
        found = (survival.quantile_interval(each).mean for each in (0.25, 0.5, 0.75))
        low, mid, high = (most if each is None else min(each, most) for each in found)
        return cls(min(most, max(high, limit)), (low, mid, high), min(limit, most))

    @property
    def open_at(self) -> Floats:
        return np.array([*self.quartiles, self.limit])


@dataclass(frozen=True)
class Counts:
    """What is counted of each case by the cut.

    Attributes:
        number, back (arrays (cases,)): Hand-overs; whether a unit had it again.
        open_at (array (cases, ages)):
        made (array (cases, units)): Hand-overs by each unit.
    """

    number: Floats
    back: Floats
    open_at: Floats
    made: Floats

    @classmethod
    def of(cls, courses: Courses, ages: Ages, units: int) -> Counts:
        passed = courses.passed <= ages.cut
        back = np.any(passed & courses.back, axis=1).astype(np.float64)
        made = np.zeros((courses.closed.size, units))
        case, place = np.nonzero(passed & (courses.passer >= 0))
        np.add.at(made, (case, courses.passer[case, place]), 1.0)
        number, still = passed.sum(axis=1), courses.closed[:, None] > ages.open_at
        return cls(number.astype(np.float64), back, still.astype(np.float64), made)

    def measured(self, weight: Floats) -> Floats:
        """Return the measures under weights of the cases, array (samples, cases), as an array (samples, measures)."""
        whole = weight.sum(axis=1)
        mean = weight @ self.number / whole
        variance = np.maximum(weight @ self.number**2 / whole - mean**2, 0.0)
        made = np.sort(weight @ self.made, axis=1)
        top = made[:, -max(1, round(made.shape[1] / 10)) :].sum(axis=1) / np.maximum(made.sum(axis=1), 1e-9)
        return np.column_stack([
            weight @ (self.number > 0.0) / whole, mean, weight @ self.back / whole, variance / np.maximum(mean, 1e-9),
            top, weight @ self.open_at / whole[:, None],
        ])  # fmt: skip


def seen_for(start: Floats, horizon: float, ages: Ages) -> Any:
    """Tell which cases are seen up to the cut."""
    return horizon - start >= ages.cut


def measured_of_run(start: Floats, courses: Courses, horizon: float, ages: Ages, units: int) -> Floats:
    """Return the measures of a run, array (measures,), NaN where it has hardly any case."""
    mine = np.flatnonzero(seen_for(start, horizon, ages))
    if mine.size < FEWEST // 2:
        return np.full(len(MATCHED), np.nan)
    return np.asarray(Counts.of(courses.take(mine), ages, units).measured(np.ones((1, mine.size)))[0])


@dataclass(frozen=True)
class Observed:
    """What a log shows up to a moment.

    Attributes:
        values, sampling, discrepancy (arrays (measures,)): With standard deviations of chance, and of what the model
            leaves out, to which belongs how far the log itself moved within the window.
        cases: Number of cases counted.
    """

    values: Floats
    sampling: Floats
    discrepancy: Floats
    cases: int

    @classmethod
    def of(cls, known: Paths, ages: Ages, rng: np.random.Generator) -> Observed:
        """Return what the newest cases show that are seen for long enough: a year of them, or as many as are wanted."""
        seen = np.flatnonzero(seen_for(known.start, known.horizon, ages))
        if seen.size == 0:
            seen = np.arange(len(known))
        since = known.start[seen[-1]] - WINDOW
        first = min(int(np.searchsorted(known.start[seen], since)), max(0, seen.size - FEWEST))
        mine = seen[first:]
        counts = Counts.of(Courses.of(known).take(mine), ages, len(known.units))
        values = counts.measured(np.ones((1, mine.size)))[0]
        drawn = rng.multinomial(mine.size, np.full(mine.size, 1.0 / mine.size), size=RESAMPLED).astype(np.float64)
        sampling = np.maximum(counts.measured(drawn).std(axis=0), 1.0 / mine.size)
        half = np.arange(mine.size) < mine.size // 2
        moved = np.ptp(counts.measured(np.array([half, ~half], dtype=np.float64)), axis=0) / 2.0
        sizes = np.array([DISCREPANCY[name][0] for name in MATCHED])
        for name in (MEAN, UNEVEN):
            sizes[MATCHED.index(name)] *= values[MATCHED.index(name)]
        return cls(values, sampling, np.hypot(sizes, moved), int(mine.size))

    @property
    def spread(self) -> Floats:
        """Standard deviation of all doubt, array (measures,)."""
        return np.hypot(self.sampling, self.discrepancy)

    def widened(self, sims: Floats) -> Observed:
        """Return it with the discrepancy of measures that runs (runs, measures) hardly reach widened until some do."""
        away = np.abs(sims - self.values)
        away = np.where(np.isfinite(away), away, np.inf)
        short = (away <= BANDS * self.spread).mean(axis=0) < REACHED
        reach = np.quantile(away, NEAREST, axis=0) / BANDS
        wider = np.where(short & np.isfinite(reach), np.maximum(reach, self.discrepancy), self.discrepancy)
        return dataclasses.replace(self, discrepancy=wider)


@dataclass(frozen=True)
class Weighed:
    """Weights of runs for what a log shows.

    Attributes:
        weight (array (runs,)): Sum 1.
        widened: Factor on all standard deviations without which fewer runs would count; 1 where enough do.
        effective: Number of runs that they count for.
    """

    weight: Floats
    widened: float
    effective: float


def weighed(sims: Floats, observed: Observed, prior: Floats, size: float = EFFECTIVE) -> Weighed:
    """Weigh runs by how near they come to what a log shows.

    Args:
        sims (array (runs, measures)): Rows with anything undefined weigh nothing.
        prior (array (runs,)): Density of the prior over that from which each was drawn.
        size: Runs that the weights count for at least.
    """
    apart = np.where(np.isfinite(sims), (sims - observed.values) / observed.spread, 1e3)
    distance = (np.minimum(np.abs(apart), 1e3) ** 2).sum(axis=1)
    factors = np.geomspace(1.0, 100.0, 60)
    for factor in factors:
        logs = np.log(np.maximum(prior, 1e-300)) - 0.5 * (distance - distance.min()) / factor**2
        weight = np.exp(logs - logs.max())
        weight /= weight.sum()
        effective = 1.0 / float((weight**2).sum())
        if effective >= min(size, sims.shape[0] / 3.0):
            break
    return Weighed(weight, float(factor), effective)


def systematic(weight: Floats, count: int, rng: np.random.Generator) -> Any:
    """Return places drawn in proportion to weights, with as little chance as can be, array (count,)."""
    marks = (rng.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weight), marks), weight.size - 1)


def quantile(values: Floats, weight: Floats, share: float) -> float:
    """Return a quantile of weighted values."""
    order = np.argsort(values)
    sums = np.cumsum(weight[order])
    return float(values[order][min(int(np.searchsorted(sums, share * sums[-1])), values.size - 1)])


def misses(values: Sequence[Floats], observed: Observed, found: Weighed) -> list[dict[str, Any]]:
    """Return what the log and the ensemble show of each measure that runs have, and whether that is within reach."""
    rows = []
    for place, name in enumerate(MATCHED):
        known = np.array([each[place] for each in values])
        fit = np.isfinite(known) & (found.weight > 0.0)
        if not fit.any():
            continue
        low, mid, high = (quantile(known[fit], found.weight[fit], share) for share in (0.05, 0.5, 0.95))
        value, doubt = float(observed.values[place]), BANDS * float(observed.sampling[place])
        rows.append({
            "measure": name, "observed": value, "observed_low": value - doubt, "observed_high": value + doubt,
            "discrepancy": float(observed.discrepancy[place]), "reason": DISCREPANCY[name][1], "low": low,
            "median": mid, "high": high, "reached": bool(low <= value + doubt and high >= value - doubt),
        })  # fmt: skip
    return rows
