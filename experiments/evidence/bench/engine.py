"""The engine by turns with what it is compared with."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from experiments.design.scenarios import load_all
from experiments.evidence.bench.clock import NANOSECONDS, Timed, by_turns, over_rounds, quotients

if TYPE_CHECKING:
    from experiments.evidence.bench.effort import Effort
    from model import Scenario

__all__ = ["FULL_RULES", "ONE_TO_TWENTY", "against_bare_queue", "against_twin", "by_phase"]

FULL_RULES, FULL_PASSING = "flattened", "inverted"
"""The regime with every instrument in force, which is measured, and the one that passes most, for comparison."""

ONE_TO_TWENTY = 0.05
MOST_SCALE = 100.0

VARIED = "assessment.street_weight"
"""What differs from one built district to the next."""

Results = dict[str, Any]


def against_bare_queue(district: str, effort: Effort) -> Results:
    """Time the engine at full volume, at 10⁶ and 5·10⁴ cases and at 1:20, and a bare queue beside it."""
    from model import simulate

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
    return {
        "cases": full.cases[-1],
        **over_rounds("ns_per_case", full.ns_per_case),
        "ns_per_case_best": min(full.ns_per_case),
        **over_rounds("cases_per_second", [NANOSECONDS / ns for ns in full.ns_per_case]),
        f"ns_per_case_{FULL_PASSING}": passing.typical_ns,
        **over_rounds(f"{FULL_PASSING}_ns_per_case", passing.ns_per_case),
        **over_rounds(f"{FULL_PASSING}_cases_per_second", [NANOSECONDS / ns for ns in passing.ns_per_case]),
        "ns_per_case_bare_queue": timed["bare"].typical_ns,
        **over_rounds("ratio_bare_queue", quotients(full, timed["bare"])),
        **over_rounds(f"ratio_bare_queue_{FULL_PASSING}", quotients(passing, timed["bare_passing"])),
        **over_rounds("ratio_bare_single_server", quotients(full, timed["bare_single"])),
        **over_rounds("growth", quotients(timed["large"], timed["small"])),
        "growth_cases": [timed["small"].cases[-1], timed["large"].cases[-1]],
        **over_rounds("run_1_20_ms", [1000.0 * seconds for seconds in timed["run"].seconds]),
        **over_rounds("build_and_run_1_20_ms", [1000.0 * seconds for seconds in timed["build_and_run"].seconds]),
    }


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
    from model import phase_seconds, simulate

    scenario = load_all([FULL_RULES], district, {})[0]
    cases = simulate(scenario, 1).cases_total
    seen = [phase_seconds(scenario, 1) for _ in range(effort.rounds)]
    return {
        "phases": {name: NANOSECONDS * statistics.median(one[name] for one in seen) / max(1, cases) for name in seen[0]}
    }


def _engine(scenario: Scenario) -> Callable[[int], int]:
    from model import simulate

    return lambda turn: int(simulate(scenario, turn).cases_total)


def _building(scenario: Scenario) -> Callable[[int], int]:
    """Run a scenario that no run before has had, as an analysis of sensitivity does: its district is built anew."""
    from model import simulate, vary

    seen = iter(range(1, 1_000_000))
    return lambda turn: int(simulate(vary(scenario, {VARIED: next(seen) / 1_000_000}), turn).cases_total)


def _bare(cases: int, servers: int) -> Callable[[int], int]:
    from experiments.evidence.bench.bare_queue import serve_all

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


def _scaled(district: str, scale: float) -> Scenario:
    return load_all([FULL_RULES], district, {"demand.scale": min(scale, MOST_SCALE)})[0]
