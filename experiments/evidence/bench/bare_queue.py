"""A bare compiled queue pass, the yardstick of the engine: arrive, be served, leave, and nothing else.

Every case is a row that is written when it arrives and read when it leaves. Its gap to the case before
and its work are keyed draws like the engine's (exponential gaps, lognormal work), so the yardstick pays
for luck what the engine pays. One queue, first come, first served, `c` servers in a heap of the times at
which they are free (Kiefer and Wolfowitz's recursion; with c = 1 Lindley's). It has no rules, no
deadlines, no routing, no books, and rows are visited in the order in which they lie in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

import numpy as np

from model import rng
from model.engine.compiled import over_tables
from model.portable_math import exp, log, normal_quantile

__all__ = ["pass_through", "serve_all"]

_ROW = np.dtype([("key", "u8"), ("arrived", "f8"), ("work", "f8"), ("left", "f8")])
_QUEUE = np.dtype([("key", "u8"), ("gap", "f8"), ("sigma", "f8"), ("spent", "f8")])
_LOAD = 0.8
_SIGMA = 0.9
"""Spread of log work: that of a case kind by default."""

_GAP, _WORK = 1, 2


class Queue(Protocol):
    """One queue: `rows` (cases) is written and read; `free` (servers) holds when each is free, a heap by time."""

    rows: Any
    free: Any
    key: int
    gap: float
    sigma: float
    spent: float


def pass_through(queue: Queue, cases: int) -> bool:
    """Pass so many rows through the queue; `spent` is the sum of times in the system."""
    rows, free = queue.rows, queue.free
    sigma, servers = queue.sigma, len(free)
    now = 0.0
    for i in range(cases):
        row = rows[i]
        row.key = rng.derive(queue.key, i)
        now -= queue.gap * log(rng.draw(row.key, _GAP, 0))
        row.arrived = now
        row.work = exp(sigma * normal_quantile(rng.draw(row.key, _WORK, 0)) - 0.5 * sigma * sigma)
        row.left = max(now, free[0]) + row.work
        at, below = 0, 1
        while below < servers:
            if below + 1 < servers and free[below + 1] < free[below]:
                below += 1
            if free[below] >= row.left:
                break
            free[at] = free[below]
            at, below = below, 2 * below + 1
        free[at] = row.left
    queue.spent = 0.0
    for i in range(cases):
        queue.spent += rows[i].left - rows[i].arrived
    return True


@cache
def _compiled() -> Callable[..., bool]:
    return over_tables(pass_through, np.zeros(1, _QUEUE), {"rows": np.zeros(1, _ROW), "free": np.zeros(1)})


def serve_all(cases: int, servers: int, seed: int) -> float:
    """Pass so many cases through a queue at 80 % load; return the mean time in the system, in mean works."""
    queue = np.zeros(1, _QUEUE)
    queue["key"], queue["gap"], queue["sigma"] = rng.derive(0, seed), 1.0 / (_LOAD * servers), _SIGMA
    _compiled()(queue, {"rows": np.zeros(cases, _ROW), "free": np.zeros(servers)}, cases)
    return float(queue["spent"][0]) / max(1, cases)
