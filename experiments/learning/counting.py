"""What is counted in the first part of a log: arrivals and their rhythm, kinds, who gets what, how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.learning.paths import Ints, Paths
from experiments.learning.units import BOTH, DEPARTMENT, STREET, Unit, Visits, visits_of
from experiments.stats.cases import kaplan_meier
from experiments.stats.intervals import Bools, Floats

WEEKEND = (2, 3)  # days since 1970-01-01, a Thursday, modulo 7
PRIOR = 20.0  # cases that the whole log counts for in what is said of one kind (shrinkage)
MOST_KINDS, FEWEST_OF_KIND = 8, 30  # kinds kept apart, the last of them the rest; cases below which none is
SEASON_YEARS = 2.0  # of log below which no season is learned
PATIENT = 0.02  # share of old cases still open below which nobody is taken to give up
OWN_LOG, FURTHER_WORK = "assembled", "handed_over"  # activities that logs of this model have, and no other


@dataclass(frozen=True)
class Arrivals:
    """Rhythm of arrivals.

    Attributes:
        a_year, weekend, dispersion: Requests a year; a weekend day against a weekday; variance over mean of daily
            counts within a month.
        low, high: 95 % interval of requests a year.
        season (array (12,)): By month, mean 1; shrunk towards 1.
        days: Over which it was counted.
    """

    a_year: float
    low: float
    high: float
    weekend: float
    dispersion: float
    season: Floats
    days: float


@dataclass(frozen=True)
class KindLearned:
    """One kind.

    Attributes:
        name: In the log; "other" for the rest.
        members: Places of the log's kinds that it stands for.
        cases: Its number.
        share: Of all cases.
        handed: Share handed over, shrunk towards that of all; handed_low, handed_high: its 95 % interval.
        mu, sigma: Mean and spread of the log of days, open cases counted, shrunk.
        receivers (array (units,)): Share of first hand-overs that each unit receives, shrunk.
    """

    name: str
    members: tuple[int, ...]
    cases: int
    share: float
    handed: float
    handed_low: float
    handed_high: float
    mu: float
    sigma: float
    receivers: Floats


@dataclass(frozen=True)
class Learned:
    """What is counted in the first part of a log.

    Attributes:
        units: With their levels, in the order of the log's.
        routing (array (units, units)): Of visits of the row's unit, the share that goes on to the column's.
        visits (array (units,)): Number of visits.
        visits_a_case: Mean.
        staff_weekend: Lines a weekend day against a weekday.
        dropped: Share of old cases that are still open.
        closed_by_street: Share of closed cases handed over whose last line is of the unit that opened them.
        own: Whether the log is one of this model.
        works_on: Whether cases may be handed on after work; that no log of others says.
    """

    units: tuple[Unit, ...]
    arrivals: Arrivals
    kinds: tuple[KindLearned, ...]
    routing: Floats
    visits: Ints
    visits_a_case: float
    staff_weekend: float
    dropped: float
    closed_by_street: float
    own: bool
    works_on: bool

    def places(self, *levels: str) -> list[int]:
        """Return the places of the units at these levels."""
        return [place for place, unit in enumerate(self.units) if unit.level in levels]

    @property
    def streets(self) -> list[int]:
        return self.places(STREET, BOTH)

    @property
    def departments(self) -> list[int]:
        return self.places(DEPARTMENT, BOTH)


def learn(paths: Paths, units: Sequence[Unit]) -> Learned:
    """Count in a log what a district needs."""
    visits = visits_of(paths)
    routing, counts = _routing(visits, len(units))
    own = OWN_LOG in paths.activities
    closed = paths.closed & (np.bincount(visits.case, minlength=len(paths)) > 1)
    return Learned(
        tuple(units), arrivals_of(paths), _kinds(paths, visits, len(units)), routing, counts,
        visits.case.size / max(len(paths), 1), _weekend_ratio(paths.time), _dropped(paths),
        _closed_by_opener(paths, closed), own, not own or FURTHER_WORK in paths.activities,
    )  # fmt: skip


def arrivals_of(paths: Paths) -> Arrivals:
    """Return the rhythm of a log's arrivals."""
    days = np.floor(paths.start).astype(np.int64)
    first, last = int(days.min()), int(np.floor(paths.horizon))
    counts = np.bincount(days - first, minlength=last - first + 1)[: last - first + 1].astype(np.float64)
    calendar = first + np.arange(counts.size)
    free = np.isin(calendar % 7, WEEKEND)
    busy, calm = (float(counts[each].mean()) if each.any() else 0.0 for each in (~free, free))
    weekend = min(5.0, calm / busy) if busy > 0.0 else 1.0
    month = (calendar.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64)
    spread = max(1.0, _dispersion(counts, 2 * month + free))
    total, years = float(counts.sum()), counts.size / 365.25
    half = 1.96 * np.sqrt(spread * total)
    season = _season(counts / np.where(free, max(weekend, 0.05), 1.0), month % 12, spread, years)
    return Arrivals(total / years, max(0.0, total - half) / years, (total + half) / years, weekend, min(spread, 100.0),
                    season, float(counts.size))  # fmt: skip


def _dispersion(counts: Floats, group: Ints) -> float:
    """Return the pooled variance over the mean of daily counts within groups of like days."""
    _, place = np.unique(group, return_inverse=True)
    n = np.bincount(place)
    mean = np.bincount(place, counts) / n
    squares = np.bincount(place, (counts - mean[place]) ** 2)
    free = float((n - 1).sum())
    return float(squares.sum() / free / counts.mean()) if free > 0.0 and counts.mean() > 0.0 else 1.0


def _season(counts: Floats, month: Ints, spread: float, years: float) -> Floats:
    """Return the level of each month with mean 1, shrunk by how much of it may be chance."""
    if years < SEASON_YEARS:
        return np.ones(12)
    days = np.bincount(month, minlength=12)
    sums = np.bincount(month, counts, minlength=12)
    level = sums / np.maximum(days, 1) / counts.mean()
    chance = spread / np.maximum(sums, 1.0)
    between = max(0.0, float(level.var() - chance.mean()))
    shrunk = 1.0 + (level - 1.0) * between / (between + chance)
    return np.asarray(shrunk / shrunk.mean())


def _weekend_ratio(times: Floats) -> float:
    free = np.isin(np.floor(times).astype(np.int64) % 7, WEEKEND)
    busy = float((~free).sum()) / 5.0
    return min(1.0, float(free.sum()) / 2.0 / busy) if busy > 0.0 else 1.0


def _dropped(paths: Paths) -> float:
    """Return the share of cases still open long after nearly all others were closed."""
    days = np.where(paths.closed, paths.end, paths.horizon) - paths.start
    if not paths.closed.any():
        return 1.0
    old = paths.horizon - paths.start > 2.0 * float(np.quantile(days[paths.closed], 0.95))
    return float((~paths.closed[old]).mean()) if old.any() else 0.0


def _closed_by_opener(paths: Paths, chosen: Bools) -> float:
    """Return the share of some closed cases whose line at their closing is of the unit that opened them."""
    case, at_end = paths.case, paths.time <= np.repeat(np.nan_to_num(paths.end, nan=-np.inf), np.diff(paths.first))
    last = np.full(len(paths), -1)
    np.maximum.at(last, case[at_end], np.flatnonzero(at_end))
    known = chosen & (last >= 0)
    if not known.any():
        return 1.0
    opener = paths.unit[np.minimum(paths.first[:-1], max(paths.unit.size - 1, 0))]
    return float((paths.unit[last[known]] == opener[known]).mean())


def _routing(visits: Visits, count: int) -> tuple[Floats, Ints]:
    """Return of each unit's visits the share that goes on to each other unit, and the number of visits."""
    follows = np.flatnonzero(visits.case[1:] == visits.case[:-1])
    moves = np.zeros((count, count))
    np.add.at(moves, (visits.unit[follows], visits.unit[follows + 1]), 1.0)
    number = np.bincount(visits.unit, minlength=count)
    whole = moves.sum(axis=0)
    prior = whole / max(whole.sum(), 1.0) * min(1.0, whole.sum() / max(number.sum(), 1))
    share = (moves + PRIOR * prior) / (number + PRIOR)[:, None]
    share[np.arange(count), np.arange(count)] = 0.0
    return share, number


def _kinds(paths: Paths, visits: Visits, units: int) -> tuple[KindLearned, ...]:
    sizes = np.bincount(paths.kind, minlength=len(paths.kinds))
    order = [int(each) for each in np.argsort(-sizes, kind="stable") if sizes[each] >= FEWEST_OF_KIND]
    kept = order if len(order) <= MOST_KINDS and len(order) == int((sizes > 0).sum()) else order[: MOST_KINDS - 1]
    rest = tuple(int(each) for each in range(sizes.size) if sizes[each] > 0 and each not in kept)
    groups = [(paths.kinds[each], (each,)) for each in kept] + ([("other", rest)] if rest else [])
    every = _Counted.of(paths, visits, np.ones(len(paths), np.bool_), units)
    return tuple(_kind(name, members, paths, visits, every) for name, members in groups)


@dataclass(frozen=True)
class _Counted:
    """Counts over some cases: number, handed over, first receivers (array (units,)), mean and spread of log days."""

    cases: int
    handed: int
    receivers: Floats
    mu: float
    sigma: float

    @classmethod
    def of(cls, paths: Paths, visits: Visits, mine: Bools, units: int) -> _Counted:
        second = visits.unit[(visits.number == 1) & mine[visits.case]]
        days = np.where(paths.closed, paths.end, paths.horizon)[mine] - paths.start[mine]
        mu, sigma = _log_days(np.maximum(days, 0.0), paths.closed[mine])
        return cls(int(mine.sum()), second.size, np.bincount(second, minlength=units).astype(np.float64), mu, sigma)


def _kind(name: str, members: tuple[int, ...], paths: Paths, visits: Visits, every: _Counted) -> KindLearned:
    mine = np.isin(paths.kind, members)
    here = _Counted.of(paths, visits, mine, every.receivers.size)
    weight = PRIOR + here.cases
    handed = (here.handed + PRIOR * every.handed / every.cases) / weight
    half = 1.96 * float(np.sqrt(handed * (1.0 - handed) / weight))
    whole = max(float(every.receivers.sum()), 1.0)
    receivers = (here.receivers + PRIOR * every.receivers / whole) / (here.receivers.sum() + PRIOR)
    mu, sigma = (
        (here.cases * own + PRIOR * all_) / weight for own, all_ in ((here.mu, every.mu), (here.sigma, every.sigma))
    )
    return KindLearned(name, members, here.cases, here.cases / every.cases, handed, max(0.0, handed - half),
                       min(1.0, handed + half), mu, sigma, receivers)  # fmt: skip


def _log_days(days: Floats, closed: Bools) -> tuple[float, float]:
    """Return mean and spread of the log of days from quartiles, open cases counted; what is not reached from others."""
    if not closed.any():
        return float(np.log(max(np.median(days), 0.1))), 1.0
    survival = kaplan_meier(days, closed)
    low, mid, high = (survival.quantile_interval(each).mean for each in (0.25, 0.5, 0.75))
    logs = [None if each is None else float(np.log(max(each, 0.01))) for each in (low, mid, high)]
    middle = logs[1] if logs[1] is not None else float(np.log(max(float(days.max()), 0.1)))
    wide = [abs(each - middle) / 0.6745 for each in (logs[0], logs[2]) if each is not None]
    return middle, min(3.0, max(0.1, float(np.mean(wide)))) if wide else 1.0
