"""Hand-overs between units, event by event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from experiments.logs.events import Events
from experiments.logs.stamps import DAY

__all__ = ["Passing", "passing_of"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Passing:
    """Who hands cases on.

    Attributes
    ----------
    per_case : array (cases,) of int
        Hand-overs: two consecutive events of one case with different units.
    back : array (cases,) of bool
        Ping-pong: a unit appears again after another held the case.
    made, received : array (units,) of int
        Hand-overs by each unit that has an event; cases that it held.
    circulating : array (cases,) of float, or None
        Days in which a case waits for work: from its first event, or from a hand-over, to the next event of work, or
        to its last event; None where no activity is said to be work.
    """

    per_case: Ints
    back: NDArray[np.bool_]
    made: Ints
    received: Ints
    circulating: NDArray[np.float64] | None


def passing_of(events: Events, asked: Asked) -> Passing | None:
    """Return the hand-overs of an event log; None where no events name units.

    Raises
    ------
    WrongInput
        For activities that the log does not have.
    """
    if events.unit is None:
        return None
    unit, first = events.unit.codes, events.first
    begins = np.zeros(len(events), np.bool_)
    begins[first] = True
    handed = np.append(False, unit[1:] != unit[:-1]) & ~begins
    number = np.cumsum(begins) - 1
    holders = handed | begins
    size = len(events.unit.names)
    held = np.sort(number[holders] * size + unit[holders])  # sorting ten times as fast as `unique` finds distinct ones
    held = held[np.append(True, held[1:] != held[:-1])]
    per_case = np.add.reduceat(handed.astype(np.int64), first)
    distinct = np.bincount(held // size, minlength=first.size)
    made = np.bincount(unit[np.flatnonzero(handed) - 1], minlength=size)
    received = np.bincount(held % size, minlength=size)
    there = received > 0
    return Passing(
        per_case, per_case + 1 > distinct, made[there], received[there], _circulating(events, handed | begins, asked)
    )


def _circulating(events: Events, arrives: NDArray[np.bool_], asked: Asked) -> NDArray[np.float64] | None:
    """Return days that cases wait for work after they arrive at a unit."""
    if not asked.work:
        return None
    if events.activity is None:
        raise WrongInput([f"--work: {asked.path} has no activity column. Name it with --activity."])
    work = events.activity.is_one_of(asked.work, "--work", asked)
    at = np.arange(len(events))
    arrived = np.maximum.accumulate(np.where(arrives, at, -1))
    worked = np.maximum.accumulate(np.where(work, at, -1))
    gap = np.append(np.diff(events.time), 0)
    gap[events.last] = 0
    return np.asarray(np.add.reduceat(np.where(worked < arrived, gap, 0), events.first) / DAY)
