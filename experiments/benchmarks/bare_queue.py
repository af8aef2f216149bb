"""A bare compiled queue pass, the yardstick of the engine: arrive, be served, leave, and nothing else.

Every case is a row that is written when it arrives and read when it leaves. Its gap to the case before
and its work are keyed draws like the engine's (exponential gaps, lognormal work), so the yardstick pays
for luck what the engine pays. One queue, first come, first served, `c` servers in a heap of the times at
which they are free (Kiefer and Wolfowitz's recursion; with c = 1 Lindley's). It has no rules, no
deadlines, no routing, no books, and rows are visited in the order in which they lie in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model import luck
from model.engine.compiled import main_kernel
from model.numbers import exp, log, normal_quantile

__all__ = ["pass_through", "serve_all"]

_ROW = np.dtype([("key", "u8"), ("arrived", "f8"), ("work", "f8"), ("left", "f8")])
_LOAD = 0.8
_SIGMA = 0.9
"""Spread of log work: that of a case kind by default."""

_GAP, _WORK = 1, 2


@main_kernel
def pass_through(key: Any, rows: Any, free: Any, gap: float, sigma: float) -> float:
    """Pass every row through the queue; return the sum of times in the system.

    `rows` (cases) is written and read; `free` (servers) holds when each is free, a heap by time.
    """
    servers = len(free)
    now = 0.0
    for i in range(len(rows)):
        row = rows[i]
        row.key = luck.derive(key, i)
        now -= gap * log(luck.draw(row.key, _GAP, 0))
        row.arrived = now
        row.work = exp(sigma * normal_quantile(luck.draw(row.key, _WORK, 0)) - 0.5 * sigma * sigma)
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
    spent = 0.0
    for i in range(len(rows)):
        spent += rows[i].left - rows[i].arrived
    return spent


def serve_all(cases: int, servers: int, seed: int) -> float:
    """Pass so many cases through a queue at 80 % load; return the mean time in the system, in mean works."""
    rows, free = np.zeros(cases, _ROW), np.zeros(servers)
    spent = pass_through(np.uint64(luck.derive(0, seed)), rows, free, 1.0 / (_LOAD * servers), _SIGMA)
    return float(spent) / max(1, cases)
