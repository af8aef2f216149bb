"""A bare queue as a rival: a network without memory, in which age, path and season of a case say nothing.

Each unit passes a case on, closes it, or, once it is closed, lets it rest, at constant rates; where it goes depends on
the unit alone. Servers are never short: that finite ones are likelier was found of hardly any unit of eight logs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.learning.measures import Periods, in_parts, measure
from experiments.learning.paths import NEVER, Courses, Ints, Paths
from experiments.stats.intervals import Bools, Floats

MOST = 60  # hand-overs of a case that are simulated
PRIOR = 0.5  # events, in as many days as an event of any unit takes, that each rate starts from


@dataclass(frozen=True)
class Rates:
    """Rates a day by unit.

    Attributes:
        passes, closes (arrays (units,)): While a unit has an open case.
        rests (float): Of a closed case.
        to (array (units, units)): Cumulative chances of where it goes.
        first (array (units,)): Cumulative chances of where a case begins.
    """

    passes: Floats
    closes: Floats
    rests: float
    to: Floats
    first: Floats

    @classmethod
    def of(cls, known: Paths) -> Rates:
        """Return the rates that are likeliest, drawn a little to those of all units."""
        size, holding = len(known.units), _holding(known)
        days, open_days = (np.bincount(holding.unit, each, size).astype(np.float64)
                           for each in (holding.days, holding.open_days))  # fmt: skip
        passed = holding.goes_to >= 0
        moves = np.bincount(holding.unit[passed] * size + holding.goes_to[passed], minlength=size * size)
        moves = moves.reshape(size, size).astype(np.float64)
        closed = np.bincount(holding.unit, holding.closed_here, size)
        rested = float((holding.days - holding.open_days).sum())
        ends = float(known.closed.sum())
        to = moves + PRIOR * moves.sum(axis=0) / max(moves.sum(), 1.0)
        np.fill_diagonal(to, 0.0)
        begun = np.bincount(known.unit[known.first[:-1][known.lengths > 0]], minlength=size)
        passes, closes = _rate(moves.sum(axis=1), days), _rate(closed.astype(np.float64), open_days)
        return cls(passes, closes, ends / max(rested, 1e-3), _cumulative(to), _cumulative(begun.astype(np.float64)))


def _rate(events: Floats, days: Floats) -> Floats:
    whole = max(float(events.sum()), PRIOR) / max(float(days.sum()), 1e-9)
    return np.asarray((events + PRIOR) / (days + PRIOR / whole))


def _cumulative(weights: Floats) -> Floats:
    whole = weights.sum(axis=-1, keepdims=True)
    shares = np.where(whole > 0.0, weights / np.where(whole > 0.0, whole, 1.0), 1.0 / weights.shape[-1])
    return np.asarray(np.cumsum(shares, axis=-1))


@dataclass(frozen=True)
class _Holding:
    """How long units have cases, arrays (times that a unit has a case,)."""

    unit: Ints
    days: Floats
    open_days: Floats
    closed_here: Bools
    goes_to: Ints


def _holding(known: Paths) -> _Holding:
    taking = np.append(True, (known.case[1:] != known.case[:-1]) | (known.unit[1:] != known.unit[:-1]))
    at = np.flatnonzero(taking)
    case, unit, begins = known.case[at], known.unit[at], known.time[at]
    last = np.append(case[1:] != case[:-1], True)
    ended = np.where(known.closed, np.fmax(known.end, known.last_event), known.horizon)
    ends = np.where(last, ended[case], np.append(begins[1:], 0.0))
    closing = np.where(known.closed, known.end, np.inf)[case]
    open_days = np.clip(np.minimum(ends, closing) - begins, 0.0, None)
    here = (closing >= begins) & ((closing < ends) | last) & np.isfinite(closing)
    return _Holding(unit, ends - begins, open_days, here, np.where(last, -1, np.append(unit[1:], -1)))


def bare_queue(known: Paths, start: Floats, periods: Periods, rng: np.random.Generator, draws: int) -> Floats:
    """Return what is foretold from the horizon of what is known, array (draws, periods, measures).

    Args:
        start (array (arrivals,)): When new cases come, ascending.
    """
    rates = Rates.of(known)
    cells = (start.size + int((~known.closed).sum())) * max(len(known.units), MOST)
    return in_parts(lambda part: _forecast(rates, known, start, periods, rng, part), draws, cells)


def _forecast(
    rates: Rates, known: Paths, start: Floats, periods: Periods, rng: np.random.Generator, draws: int
) -> Floats:
    stock = np.flatnonzero(~known.closed)
    arrived = np.concatenate([known.start[stock], start])
    age = np.concatenate([known.horizon - known.start[stock], np.zeros(start.size)])
    unit = np.empty((draws, arrived.size), np.int64)
    began = known.lengths[stock] > 0
    unit[:] = np.searchsorted(rates.first, rng.random(unit.shape)).clip(0, rates.first.size - 1)
    unit[:, : stock.size][:, began] = known.unit[known.first[stock[began] + 1] - 1]
    courses = _simulated(rates, np.broadcast_to(age, unit.shape), unit, periods.horizon - arrived, rng)
    earlier = _earlier(known, stock, start.size)
    together = (
        np.concatenate([np.broadcast_to(old, (draws, *old.shape)), new], axis=2)
        for old, new in zip(earlier, courses.arrays[1:], strict=True)
    )
    return measure(arrived, Courses(courses.closed, *together), periods)


def _earlier(known: Paths, stock: Ints, new: int) -> tuple[Floats, Ints, Bools]:
    """Return the hand-overs of the stock so far, and none of the new cases, arrays (cases, most)."""
    none = (NEVER, -1, False)
    passed, passer, back = (
        np.pad(each, ((0, new), (0, 0)), constant_values=blank)
        for each, blank in zip(Courses.of(known).take(stock).arrays[1:], none, strict=True)
    )
    return passed, passer, back


def _simulated(rates: Rates, age: Floats, unit: Ints, until: Floats, rng: np.random.Generator) -> Courses:
    """Simulate cases from an age on, up to another, arrays (draws, cases) and (cases,)."""
    shape = unit.shape
    now, unit, closed = age.copy(), unit.copy(), np.full(shape, NEVER)
    passed, passer, back = [], [], []
    had = np.zeros((*shape, rates.passes.size), np.bool_)
    going = np.ones(shape, np.bool_)
    for _ in range(MOST):
        np.put_along_axis(had, unit[..., None], True, axis=2)
        is_open = np.isinf(closed)
        leaves = now + rng.exponential(size=shape) / rates.passes[unit]
        shuts = np.where(is_open, now + rng.exponential(size=shape) / rates.closes[unit], closed)
        closes = going & is_open & (shuts <= np.minimum(leaves, until))
        closed[closes] = shuts[closes]
        rests = np.where(np.isinf(closed), NEVER, np.maximum(closed, now) + rng.exponential(size=shape) / rates.rests)
        going = going & (leaves < np.minimum(rests, until))
        if not going.any():
            break
        row, column = np.nonzero(going)
        came = np.minimum((rng.random((row.size, 1)) > rates.to[unit[row, column]]).sum(axis=1), rates.passes.size - 1)
        passed.append(np.where(going, leaves, NEVER))
        passer.append(np.where(going, unit, -1))
        unit[row, column] = came
        now = np.where(going, leaves, now)
        back.append(going & np.take_along_axis(had, unit[..., None], axis=2)[..., 0])
    if not passed:
        passed, passer, back = [np.full(shape, NEVER)], [np.full(shape, -1)], [np.zeros(shape, np.bool_)]
    return Courses(closed, np.stack(passed, axis=-1), np.stack(passer, axis=-1), np.stack(back, axis=-1))
