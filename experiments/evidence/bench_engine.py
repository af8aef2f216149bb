"""The engine timed by turns with what it is compared with: a bare compiled queue, and its readable twin.

The queue is the yardstick: a case is a row, written when it arrives and read when it leaves. Gaps (exponential) and
works (lognormal) are keyed draws, which cost what the engine's cost. First come, first served by `c` servers, a heap of
the times at which they are free (Kiefer and Wolfowitz's recursion; with c = 1 Lindley's).
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.reading import load_all
from experiments.evidence.bench_timing import NANOSECONDS, Effort, Results, by_turns, over_rounds
from model import phase_seconds, rng, simulate, vary
from model.engine.compiled import over_tables
from model.portable_math import exp, log, normal_quantile

if TYPE_CHECKING:
    from model import Scenario

FULL_RULES, FULL_PASSING, TRADING = "flattened", "inverted", "trading"
"""The regime with every instrument in force, which is measured; the one that passes most, and one that trades."""

ONE_TO_TWENTY = 0.05
MOST_SCALE = 100.0
VARIED = "assessment.street_weight"  # what differs where every run is of a scenario, and so of a district, of its own
_ROW = np.dtype([("key", "u8"), ("arrived", "f8"), ("work", "f8"), ("left", "f8")])
_QUEUE = np.dtype([("key", "u8"), ("gap", "f8"), ("sigma", "f8"), ("spent", "f8")])
_LOAD = 0.8
_SIGMA = 0.9  # spread of log work: that of a case kind by default
_GAP, _WORK = 1, 2
RATIOS = {  # what is run, and what against, by the key of their times a case
    "ratio_bare_queue": ("full", "bare"),
    f"ratio_bare_queue_{FULL_PASSING}": ("passing", "bare_passing"),
    "ratio_bare_single_server": ("full", "bare_single"),
    "ratio_trading": ("trading", "full"),
    "growth": ("large", "small"),
}


def _pass_through(queue: Any, cases: int) -> bool:
    """Pass so many `rows` through the queue; `free` is a heap of when each server is free, `spent` the sum of times."""
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
    full, passing, trading = load_all([FULL_RULES, FULL_PASSING, TRADING], district, {})
    record, cases_passing = simulate(full, 0), simulate(passing, 0).cases_total
    cases = record.cases_total
    servers = max(1, round(float(record.units["staff"][record.units["level"] == "department"].mean())))
    number = itertools.count(1)

    def scaled(scale: float) -> Scenario:
        return load_all([FULL_RULES], district, {"demand.scale": min(scale, MOST_SCALE)})[0]

    def build_and_run(turn: int) -> int:
        """Run a scenario that no run before has had, as a sensitivity analysis does: its district is built."""
        return simulate(vary(run, {VARIED: next(number) / 1_000_000}), turn).cases_total

    run = scaled(ONE_TO_TWENTY)
    calls = {  # what is divided stands side by side
        "trading": _engine(trading), "full": _engine(full), "bare": _bare(cases, servers),
        "passing": _engine(passing), "bare_passing": _bare(cases_passing, servers), "bare_single": _bare(cases, 1),
        "large": _engine(scaled(effort.large / cases)), "small": _engine(scaled(effort.small / cases)),
        "run": _engine(run), "build_and_run": build_and_run,
    }  # fmt: skip
    timed = by_turns(calls, effort.rounds, effort.least_turn)
    measured = {key: timed[above].times(timed[below]) for key, (above, below) in RATIOS.items()}
    for name in ("run", "build_and_run"):
        measured[f"{name}_1_20_ms"] = [1000.0 * seconds for seconds in timed[name].seconds]
    for name, prefix in (("full", ""), ("passing", f"{FULL_PASSING}_")):
        costs = timed[name].ns_per_case
        measured |= {f"{prefix}ns_per_case": costs, f"{prefix}cases_per_second": [NANOSECONDS / ns for ns in costs]}
    return {
        **over_rounds(measured),
        "bare_servers": servers,
        "cases": timed["full"].cases[-1],
        "ns_per_case_best": min(timed["full"].ns_per_case),
        f"ns_per_case_{FULL_PASSING}": timed["passing"].typical_ns,
        "ns_per_case_bare_queue": timed["bare"].typical_ns,
        "growth_cases": [timed["small"].cases[-1], timed["large"].cases[-1]],
    }


def against_twin(_: str, effort: Effort) -> Results:
    """Time the twin and the engine on the tiny district under full rules, after checking that histories agree."""
    from model.reference import simulate_reference

    scenario = load_all([FULL_RULES], "tiny", effort.twin)[0]
    lines = simulate(scenario, 1, events=True).events
    assert lines is not None, "asked for"
    history = list(zip(*(lines[name].tolist() for name in ("when", "key", "activity", "unit", "phase")), strict=True))
    calls = {"twin": lambda turn: simulate_reference(scenario, turn).cases_total, "engine": _engine(scenario)}
    timed = by_turns(calls, effort.rounds_plain, effort.least_turn)
    return {
        **over_rounds({"ratio_twin": timed["twin"].times(timed["engine"])}),
        "twin_same_histories": history == simulate_reference(scenario, 1, history=True).history,
        "ns_per_case_twin": timed["twin"].typical_ns,
    }


def by_phase(district: str, effort: Effort) -> Results:
    """Return nanoseconds a case of each phase at full volume, medians over rounds."""
    scenario = load_all([FULL_RULES], district, {})[0]
    cases = max(1, simulate(scenario, 1).cases_total)
    seen = [phase_seconds(scenario, 1) for _ in range(effort.rounds)]
    return {"phases": {name: NANOSECONDS * statistics.median(one[name] for one in seen) / cases for name in seen[0]}}


def _engine(scenario: Scenario) -> Callable[[int], int]:
    return lambda turn: simulate(scenario, turn).cases_total


def _bare(cases: int, servers: int) -> Callable[[int], int]:
    def serve(turn: int) -> int:
        serve_all(cases, servers, turn)
        return cases

    return serve
