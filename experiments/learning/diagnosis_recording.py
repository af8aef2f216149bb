"""Breaks in what is recorded and in the units: activities, kinds and units that begin or stop, events a case that jump.

Everything goes by the date of events, so that cases cut off at the end are no break.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.learning.diagnosis_limits import (
    CHANGED_HANDS,
    DRAWS,
    JUMP,
    LABEL,
    LASTING,
    LEVEL,
    MATERIAL,
    RARE,
    SEED,
    SIDE,
)
from experiments.learning.diagnosis_mixes import told_by
from experiments.learning.diagnosis_span import Finding, Span, finding
from experiments.learning.paths import Ints
from experiments.messages import msg
from experiments.stats.intervals import Bools, Floats

MOST_NAMES, LONGEST = 4, 40  # in a sentence
FEWEST_PERIODS = 8  # without which no break within a log can be told


def listed(names: Sequence[str]) -> str:
    """Return the first of some names, shortened, and how many more there are."""
    shown = msg("headline_join").join(name[:LONGEST] for name in names[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else msg("diagnosis_and_more", names=shown, count=len(names) - MOST_NAMES)


def appearing(span: Span) -> Iterator[Finding]:
    """Yield findings where activities, or kinds of cases, begin or stop in the middle of the log.

    The null: a code's cases are spread as all arrivals are. A code that comes late in a case is not missed among cases
    that are too young: nine in ten of its events come by an age, one in ten by another, and cases count as having had
    their chance by these. The chance of none before (after) a date is then the share of arrivals after (before) it, to
    the power of the code's cases; shared among codes and both ends.
    """
    paths = span.paths
    events = span.event & span.inside[paths.case]
    case = paths.case[events]
    yield from _appearing(
        ("activity_begins", "activity_stops"),
        span,
        Seen(paths.activity[events], paths.time[events], case),
        paths.activities,
    )
    arrived = np.flatnonzero(span.inside)
    yield from _appearing(
        ("kind_begins", "kind_stops"), span, Seen(paths.kind[arrived], paths.start[arrived], arrived), paths.kinds
    )


@dataclass(frozen=True)
class Seen:
    """Codes with the time and the case of each, arrays (events,)."""

    code: Ints
    time: Floats
    case: Ints

    def of(self, code: int) -> Seen:
        mine = self.code == code
        return Seen(self.code[mine], self.time[mine], self.case[mine])


def _appearing(whats: tuple[str, str], span: Span, seen: Seen, names: Sequence[str]) -> Iterator[Finding]:
    if len(names) < 2:
        return
    level, order = LEVEL / (2 * len(names)), np.sort(seen.time)
    begins, stops = dict[int, float](), dict[int, float]()
    weight = np.bincount(seen.code[seen.code >= 0], minlength=len(names))
    for code in np.flatnonzero(weight >= max(RARE * weight.sum(), 1.0)).tolist():
        mine = seen.of(code)
        cases = np.unique(mine.case).size
        soon, late = np.quantile(mine.time - span.paths.start[mine.case], [0.1, 0.9])
        first, last = float(mine.time.min()), float(mine.time.max())
        earlier, later = span.start < first - late, (span.start > last - soon) & (span.age > late)
        for dates, date, others in ((begins, first, earlier), (stops, last, later)):
            share = float(others.mean())
            if share >= MATERIAL and (1.0 - share) ** cases <= level:
                dates[code] = date
    for what, changed in zip(whats, (begins, stops), strict=True):
        periods = np.searchsorted(span.edges, list(changed.values()), side="right")
        for one in np.unique(periods):
            group = [code for code, period in zip(changed, periods, strict=True) if period == one]
            group.sort(key=lambda code: -int(weight[code]))
            date = (min if changed is begins else max)(changed[code] for code in group)
            active = (order >= date).sum() if changed is begins else (order <= date).sum()
            part = float(weight[group].sum() / max(active, 1))
            if part >= MATERIAL:
                here = (date, np.inf) if changed is begins else (-np.inf, date)
                yield finding(what, here, part >= CHANGED_HANDS, share=100.0 * part,
                              names=listed([names[each] for each in group]))  # fmt: skip


def events_jump(span: Span) -> Iterator[Finding]:
    """Yield a finding where the events a case at work, by period, jump to another level.

    The null: periods are exchangeable. Statistic: the largest difference of means of the logarithm over all dates, in
    standard errors; simulated by permuting periods. A jump must show in a few periods on either side too: a slow drift
    is no break.
    """
    edges, paths = span.edges, span.paths
    period = np.searchsorted(edges, paths.time[span.event], side="right") - 1
    pairs = np.unique(np.stack([period, paths.case[span.event]]), axis=1)
    events, cases = (np.bincount(each, minlength=edges.size)[: edges.size - 1] for each in (period, pairs[0]))
    used = (edges[:-1] >= span.low + span.duration(LASTING)) & (cases > 0) & (edges[1:] <= span.last_arrival + 1.0)
    level, begins = np.log(events[used] / cases[used]), edges[:-1][used]
    if level.size < FEWEST_PERIODS or np.ptp(level) == 0.0:
        return
    contrast = _contrasts(level[None])[0]
    rng = np.random.default_rng(SEED)
    drawn = _contrasts(rng.permuted(np.tile(level, (DRAWS, 1)), axis=1)).max(axis=1)
    at = int(contrast.argmax())
    if (1 + (drawn >= contrast[at]).sum()) / (1 + DRAWS) > LEVEL:
        return
    cut = at + LEAST
    near = level[max(0, cut - SIDE // 2) : cut].mean(), level[cut : cut + SIDE // 2].mean()
    far = level[max(0, cut - SIDE) : cut].mean(), level[cut : cut + SIDE].mean()
    if min(abs(near[1] - near[0]), abs(far[1] - far[0])) >= np.log(JUMP):
        yield finding("events_jump", (float(begins[cut]), np.inf), True, before=float(np.exp(far[0])),
                      after=float(np.exp(far[1])))  # fmt: skip


LEAST = 3  # periods on either side of a break


def _contrasts(levels: Floats) -> Floats:
    """Return for each cut of each row (rows, periods) the difference of means on both sides in standard errors."""
    size = levels.shape[1]
    cuts = np.arange(LEAST, size - LEAST + 1)
    sums = np.cumsum(levels, axis=1)
    before, total = sums[:, cuts - 1], sums[:, -1:]
    apart = np.abs(before / cuts - (total - before) / (size - cuts))
    return np.asarray(apart / np.sqrt(1.0 / cuts + 1.0 / (size - cuts)), dtype=np.float64)


def reorganisation(span: Span) -> Iterator[Finding]:
    """Yield a finding where a set of units stops and another begins at about the same time.

    Statistic: over all periods, the lesser of the share of work before it by units that stop in the periods around it,
    and of the share after it by units that begin there. The null: units begin and stop at dates that have nothing to do
    with one another; simulated by dates that are evenly spread. At least two units on either side.
    """
    edges, paths = span.edges, span.paths
    size = edges.size - 1
    if size < FEWEST_PERIODS:
        return
    unit, time = paths.unit[span.event], paths.time[span.event]
    period = (np.searchsorted(edges, time, side="right") - 1).clip(0, size - 1)
    work = np.zeros((len(paths.units), size))
    np.add.at(work, (unit[unit >= 0], period[unit >= 0]), 1.0)
    busy = work.sum(axis=1) > 0
    names, work, total = np.array(paths.units)[busy], work[busy], work.sum(axis=0)
    changes = _changes(work, total)
    observed = _exchanged(changes, size)
    at = int(observed.argmax())
    if observed[at] < CHANGED_HANDS:
        return
    rng = np.random.default_rng(SEED)
    beyond = sum(_exchanged(_elsewhere(changes, size, rng), size).max() >= observed[at] for _ in range(DRAWS))
    if (1 + beyond) / (1 + DRAWS) <= LEVEL:
        gone, new = names[_near(changes.stops, at)], names[_near(changes.begins, at)]
        yield finding("reorganisation", (float(edges[at]), np.inf), True, share=100.0 * float(observed[at]),
                      gone=listed(gone.tolist()), new=listed(new.tolist()))  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """First period of each unit and the one after its last, −1 at the ends of the log; its share of the work there."""

    begins: Ints
    stops: Ints
    gained: Floats
    lost: Floats


def _changes(work: Floats, total: Floats) -> Changes:
    size = total.size
    begins, stops = (work > 0).argmax(axis=1), size - (work > 0)[:, ::-1].argmax(axis=1)
    pairs = ((slice(at, at + SIDE), slice(max(0, to - SIDE), to)) for at, to in zip(begins, stops, strict=True))
    parts = [[row[when].sum() / max(total[when].sum(), 1.0) for when in pair]
             for row, pair in zip(work, pairs, strict=True)]  # fmt: skip
    gained, lost = np.array(parts).reshape(-1, 2).T
    return Changes(np.where(begins < LEAST, -1, begins), np.where(stops > size - LEAST, -1, stops), gained, lost)


def _near(dates: Ints, at: int) -> Bools:
    return np.asarray((dates > 0) & (np.abs(dates - at) <= 1))


def _exchanged(changes: Changes, size: int) -> Floats:
    """Return by period the lesser share of work of units that stop around it and of those that begin around it."""
    found = np.zeros(size)
    for at in range(LEAST, size - LEAST + 1):
        gone, new = _near(changes.stops, at), _near(changes.begins, at)
        if min(gone.sum(), new.sum()) >= 2:
            found[at] = min(changes.lost[gone].sum(), changes.gained[new].sum())
    return found


def _elsewhere(changes: Changes, size: int, rng: np.random.Generator) -> Changes:
    """Return other dates, evenly spread, for the units that begin or stop in the middle."""
    begins, stops = rng.integers(LEAST, size - LEAST, (2, changes.begins.size), endpoint=True)
    return replace(changes, begins=np.where(changes.begins < 0, -1, begins),
                   stops=np.where(changes.stops < 0, -1, stops))  # fmt: skip


def label_unit(span: Span) -> Iterator[Finding]:
    """Yield a finding where the unit of an event follows from its activity: it labels the step and is no office."""
    paths = span.paths
    known = (paths.activity >= 0) & (paths.unit >= 0)
    if len(paths.activities) < 2 or len(paths.units) < 2 or not known.any():
        return
    told = told_by(paths.activity[known], paths.unit[known])
    if told >= LABEL:
        yield finding("label_unit", (-np.inf, np.inf), True, share=100.0 * told)
