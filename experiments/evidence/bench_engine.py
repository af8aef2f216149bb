"""The engine timed by turns with what it is compared with: a bare compiled queue, and its readable twin.

The bare queue is the yardstick: arrive, be served, leave, and nothing else. Every case is a row that is written when it
arrives and read when it leaves. Its gap to the case before and its work are keyed draws like the engine's (exponential
gaps, lognormal work), so the yardstick pays for randomness what the engine pays. One queue, first come, first served,
`c` servers in a heap of the times at which they are free (Kiefer and Wolfowitz's recursion; with c = 1 Lindley's). It
has no rules, no deadlines, no routing, no books, and rows are visited in the order in which they lie in memory.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from experiments.design.reading import load_all
from experiments.evidence.bench_timing import NANOSECONDS, Effort, Timed, by_turns, over_rounds, quotients
from model import phase_seconds, rng, simulate, vary
from model.engine.compiled import over_tables
from model.portable_math import exp, log, normal_quantile

if TYPE_CHECKING:
    from model import Scenario

FULL_RULES, FULL_PASSING = "flattened", "inverted"
"""The regime with every instrument in force, which is measured, and the one that passes most, for comparison."""

ONE_TO_TWENTY = 0.05
MOST_SCALE = 100.0

VARIED = "assessment.street_weight"
"""What differs from one built district to the next."""

Results = dict[str, Any]

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


def _pass_through(queue: Queue, cases: int) -> bool:
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
    return over_tables(_pass_through, np.zeros(1, _QUEUE), {"rows": np.zeros(1, _ROW), "free": np.zeros(1)})


def serve_all(cases: int, servers: int, seed: int) -> float:
    """Pass so many cases through a queue at 80 % load; return the mean time in the system, in mean works."""
    queue = np.zeros(1, _QUEUE)
    queue["key"], queue["gap"], queue["sigma"] = rng.derive(0, seed), 1.0 / (_LOAD * servers), _SIGMA
    _compiled()(queue, {"rows": np.zeros(cases, _ROW), "free": np.zeros(servers)}, cases)
    return float(queue["spent"][0]) / max(1, cases)


def against_bare_queue(district: str, effort: Effort) -> Results:
    """Time the engine at full volume, at 10⁶ and 5·10⁴ cases and at 1:20, and a bare queue beside it."""
    full, passing = load_all([FULL_RULES, FULL_PASSING], district, {})
    records = [simulate(scenario, 0) for scenario in (full, passing)]
    cases, cases_passing = (record.cases_total for record in records)
    staff = records[0].units["staff"][records[0].units["level"] == "department"]
    servers = max(1, round(float(staff.mean())))
    run = _scaled(district, ONE_TO_TWENTY)
    # what is divided stands side by side
    calls = {
        "full": _engine(full),
        "bare": _bare(cases, servers),
        "passing": _engine(passing),
        "bare_passing": _bare(cases_passing, servers),
        "bare_single": _bare(cases, 1),
        "large": _engine(_scaled(district, effort.large / cases)),
        "small": _engine(_scaled(district, effort.small / cases)),
        "run": _engine(run),
        "build_and_run": _building(run),
    }
    return _speed(by_turns(calls, effort.rounds, effort.least_turn)) | {"bare_servers": servers}


def _speed(timed: dict[str, Timed]) -> Results:
    full, passing = timed["full"], timed["passing"]
    rounds = {
        "ns_per_case": full.ns_per_case,
        "cases_per_second": [NANOSECONDS / ns for ns in full.ns_per_case],
        f"{FULL_PASSING}_ns_per_case": passing.ns_per_case,
        f"{FULL_PASSING}_cases_per_second": [NANOSECONDS / ns for ns in passing.ns_per_case],
        "ratio_bare_queue": quotients(full, timed["bare"]),
        f"ratio_bare_queue_{FULL_PASSING}": quotients(passing, timed["bare_passing"]),
        "ratio_bare_single_server": quotients(full, timed["bare_single"]),
        "growth": quotients(timed["large"], timed["small"]),
        "run_1_20_ms": [1000.0 * seconds for seconds in timed["run"].seconds],
        "build_and_run_1_20_ms": [1000.0 * seconds for seconds in timed["build_and_run"].seconds],
    }
    results: Results = {
        "cases": full.cases[-1],
        "ns_per_case_best": min(full.ns_per_case),
        f"ns_per_case_{FULL_PASSING}": passing.typical_ns,
        "ns_per_case_bare_queue": timed["bare"].typical_ns,
        "growth_cases": [timed["small"].cases[-1], timed["large"].cases[-1]],
    }
    for key, values in rounds.items():
        results |= over_rounds(key, values)
    return results


def against_twin(effort: Effort) -> Results:
    """Time the twin and the engine on the tiny district under full rules, after checking that histories agree."""
    from model.reference import simulate_reference

    scenario = load_all([FULL_RULES], "tiny", effort.twin)[0]
    timed = by_turns(
        {"twin": lambda turn: simulate_reference(scenario, turn).cases_total, "engine": _engine(scenario)},
        effort.rounds_plain,
        effort.least_turn,
    )
    return {
        **over_rounds("ratio_twin", quotients(timed["twin"], timed["engine"])),
        "twin_same_histories": _history(scenario) == simulate_reference(scenario, 1, history=True).history,
        "ns_per_case_twin": timed["twin"].typical_ns,
    }


def by_phase(district: str, effort: Effort) -> Results:
    """Return nanoseconds a case of each phase at full volume, medians over rounds."""
    scenario = load_all([FULL_RULES], district, {})[0]
    cases = max(1, simulate(scenario, 1).cases_total)
    seen = [phase_seconds(scenario, 1) for _ in range(effort.rounds)]
    return {"phases": {name: NANOSECONDS * statistics.median(one[name] for one in seen) / cases for name in seen[0]}}


def _engine(scenario: Scenario) -> Callable[[int], int]:
    return lambda turn: int(simulate(scenario, turn).cases_total)


def _building(scenario: Scenario) -> Callable[[int], int]:
    """Run a scenario that no run before has had, as a sensitivity analysis does: its district is built each time."""
    seen = iter(range(1, 1_000_000))
    return lambda turn: int(simulate(vary(scenario, {VARIED: next(seen) / 1_000_000}), turn).cases_total)


def _bare(cases: int, servers: int) -> Callable[[int], int]:
    def serve(turn: int) -> int:
        serve_all(cases, servers, turn)
        return cases

    return serve


def _history(scenario: Scenario) -> list[tuple[int, ...]]:
    """Return the engine's history as the twin keeps it."""
    lines = simulate(scenario, 1, events=True).history
    assert lines is not None, "asked for"
    return list(zip(*(lines[name].tolist() for name in ("when", "key", "activity", "unit", "phase")), strict=True))


def _scaled(district: str, scale: float) -> Scenario:
    return load_all([FULL_RULES], district, {"demand.scale": min(scale, MOST_SCALE)})[0]
