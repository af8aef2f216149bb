"""Logs of made-up offices: a sound one, and what is done to it so that it lies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from experiments.learning.paths import Ints, Paths
from experiments.stats.intervals import Bools, Floats

SPAN = 1500.0  # days of a log
STEPS = ("open", "check", "work", "decide", "close")
PLACES = np.array([0.0, 0.1, 0.4, 0.8, 1.0])  # of the steps along a case


def office(
    seed: int = 0,
    *,
    rate: float = 1.2,
    mean: float = 40.0,
    span: float = SPAN,
    lengths: Callable[[Floats, Floats], Floats] | None = None,
) -> Paths:
    """Return the whole log of an office: all arrivals in its span at an even rate, cases open at the end left open.

    Args:
        rate, mean: Cases a day; days of a case on average.
        span: Days from the first to the last day, from 2014-01-01 on.
        lengths: Takes arrivals and durations, returns other durations.
    """
    rng = np.random.default_rng(seed)
    start = np.sort(rng.uniform(0.0, span, rng.poisson(rate * span))) + BEGIN
    days = rng.gamma(1.5, mean / 1.5, start.size)
    if lengths is not None:
        days = lengths(start - BEGIN, days)
    time = (start[:, None] + PLACES * days[:, None]).ravel()
    weights = np.array([0.3, 0.25, 0.2, 0.12, 0.08, 0.05])
    unit = rng.choice(weights.size, time.size, p=weights)
    whole = Paths(
        start, start + days, rng.integers(0, 2, start.size), np.arange(0, time.size + 1, len(STEPS)), time, unit,
        np.tile(np.arange(len(STEPS)), start.size), tuple("ABCDEF"), ("noise", "waste"), STEPS, BEGIN + span,
    )  # fmt: skip
    return seen(whole, BEGIN + span)


BEGIN = 16071.0  # 2014-01-01


def seen(paths: Paths, moment: float) -> Paths:
    """Return what was known at a moment."""
    return paths.until(moment)


def events_where(paths: Paths, kept: Bools) -> Paths:
    """Return a log with some of its events; cases without any stay."""
    counts = np.bincount(paths.case[kept], minlength=len(paths))
    return dataclasses.replace(
        paths, first=np.append(0, np.cumsum(counts)), time=paths.time[kept], unit=paths.unit[kept],
        activity=paths.activity[kept],
    )  # fmt: skip


def closed_between(paths: Paths, low: float, high: float, *, unclosed: float = 0.0, seed: int = 0) -> Paths:
    """Return the cases that closed between two days after the beginning; of a share of them the closing is lost."""
    chosen = paths.of((paths.end >= BEGIN + low) & (paths.end <= BEGIN + high))
    lost = np.random.default_rng(seed).random(len(chosen)) < unclosed
    return dataclasses.replace(chosen, end=np.where(lost, np.nan, chosen.end), horizon=float(chosen.time.max()))


def last_event_closes(paths: Paths) -> Paths:
    """Return a log in which nothing says what closes a case, so that its last event does."""
    return dataclasses.replace(paths, end=paths.time[paths.first[1:] - 1])


def moved(paths: Paths, end: Floats) -> Paths:
    """Return a log whose cases end at other times, with their closing event there; what comes after is not seen."""
    time, last = paths.time.copy(), paths.first[1:] - 1
    closed = paths.closed
    time[last[closed]] = end[closed]
    return seen(dataclasses.replace(paths, end=np.where(closed, end, np.nan), time=time), paths.horizon)


def renamed(paths: Paths, unit: Ints, names: Sequence[str]) -> Paths:
    return dataclasses.replace(paths, unit=unit, units=tuple(names))
