"""The engine by turns with what it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from experiments.benchmarks.clock import Timed, by_turns, ratio
from experiments.planning.scenarios import load_all

if TYPE_CHECKING:
    from experiments.benchmarks.effort import Effort
    from model import Scenario

__all__ = ["against_bare_queue", "against_simulators", "against_twin"]

FULL_RULES, FULL_PASSING = "flattened", "inverted"
"""The regime with every instrument in force, which is measured, and the one that passes most, for comparison."""

ONE_TO_TWENTY = 0.05
MOST_SCALE = 100.0

Results = dict[str, Any]


def against_bare_queue(district: str, effort: Effort) -> Results:
    """Time the engine at full volume, at 10⁶ and 5·10⁴ cases and at 1:20, and a bare queue beside it."""
    from model import simulate

    full, passing = load_all([FULL_RULES, FULL_PASSING], district, {})
    record = simulate(full, 0)
    cases = record.cases_total
    staff = record.units["staff"][record.units["level"] == "department"]
    servers = max(1, round(float(staff.mean())))
    timed = by_turns(
        {
            "full": _engine(full),
            "bare": _bare(cases, servers),
            "bare_single": _bare(cases, 1),
            "passing": _engine(passing),
            "large": _engine(_scaled(district, effort.large / cases)),
            "small": _engine(_scaled(district, effort.small / cases)),
            "run": _engine(_scaled(district, ONE_TO_TWENTY)),
        },
        effort.rounds,
    )
    return _speed(timed) | {"bare_servers": servers}


def _speed(timed: dict[str, Timed]) -> Results:
    full = timed["full"]
    return {
        "cases": full.cases[-1],
        "ns_per_case": full.typical_ns,
        "ns_per_case_best": min(full.ns_per_case),
        "cases_per_second": 1e9 / full.typical_ns,
        f"ns_per_case_{FULL_PASSING}": timed["passing"].typical_ns,
        "ns_per_case_bare_queue": timed["bare"].typical_ns,
        "ratio_bare_queue": ratio(full, timed["bare"]),
        "ratio_bare_single_server": ratio(full, timed["bare_single"]),
        "growth": ratio(timed["large"], timed["small"]),
        "growth_cases": [timed["small"].cases[-1], timed["large"].cases[-1]],
        "run_1_20_ms": 1000.0 * timed["run"].typical_seconds,
    }


def against_twin(effort: Effort) -> Results:
    """Time the twin and the engine on the tiny district under full rules, after checking that histories agree."""
    from model.plain import simulate_plainly

    scenario = load_all([FULL_RULES], "tiny", effort.twin)[0]
    timed = by_turns(
        {"twin": lambda turn: simulate_plainly(scenario, turn).cases_total, "engine": _engine(scenario)},
        effort.rounds_plain,
    )
    return {
        "ratio_twin": ratio(timed["twin"], timed["engine"]),
        "twin_same_histories": _history(scenario) == simulate_plainly(scenario, 1, history=True).history,
        "ns_per_case_twin": timed["twin"].typical_ns,
    }


def against_simulators(effort: Effort) -> Results:
    """Time the passing network on SimPy, on Ciw and on the engine; null for what is not installed."""
    from experiments.benchmarks.networks import installed, network_of, on_ciw, on_simpy

    shipped, daily = (_network(effort.network_days, steps) for steps in ({}, {"run.steps_per_day": 1}))
    network = network_of(shipped)
    candidates: dict[str, Callable[[int], int]] = {
        "simpy": lambda turn: on_simpy(network, turn)[0],
        "ciw": lambda turn: on_ciw(network),
    }
    others = {name: call for name, call in candidates.items() if installed(name)}
    timed = by_turns({"engine": _engine(shipped), "daily": _engine(daily), **others}, effort.rounds_plain)
    results: Results = {
        "ns_per_case_network": timed["engine"].typical_ns,
        "ns_per_case_network_daily": timed["daily"].typical_ns,
    }
    for name in candidates:
        results[f"ratio_{name}"] = ratio(timed[name], timed["engine"]) if name in timed else None
        results[f"ns_per_case_{name}"] = timed[name].typical_ns if name in timed else None
    return results


def _engine(scenario: Scenario) -> Callable[[int], int]:
    from model import simulate

    return lambda turn: int(simulate(scenario, turn).cases_total)


def _bare(cases: int, servers: int) -> Callable[[int], int]:
    from experiments.benchmarks.bare_queue import serve_all

    def serve(turn: int) -> int:
        serve_all(cases, servers, turn)
        return cases

    return serve


def _history(scenario: Scenario) -> list[tuple[int, ...]]:
    """Return the engine's history as the twin keeps it."""
    from model import simulate

    lines = simulate(scenario, 1, events=True).history
    assert lines is not None, "asked for"
    return list(zip(*(lines[name].tolist() for name in ("when", "key", "activity", "unit", "phase")), strict=True))


def _network(days: int, settings: dict[str, Any]) -> Scenario:
    return load_all(["null_queue"], "network", {"run.window_days": days, **settings})[0]


def _scaled(district: str, scale: float) -> Scenario:
    return load_all([FULL_RULES], district, {"demand.scale": min(scale, MOST_SCALE)})[0]
