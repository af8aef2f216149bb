"""What `whistle bench` measures: speed, memory, compile time and the worth of paired seeds, against the targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.evidence import bench_engine, bench_network, bench_processes, bench_studies
from experiments.evidence.bench_engine import FULL_RULES, ONE_TO_TWENTY
from experiments.evidence.bench_timing import Effort

__all__ = ["FULL", "QUICK", "measure", "notes"]

FULL = Effort()
QUICK = Effort(
    rounds=1, rounds_plain=1, rounds_study=1, rounds_cold=1, least_turn=0.0, large=4e3, small=1e3,
    twin={"run.warm_up_days": 5, "run.window_days": 20, "run.follow_up_days": 5}, network_days=20,
    network_days_small=50, network_runs=2, pairs=3, study_pairs=2, starts=1, rows=2000, points=10,
)  # fmt: skip

Results = dict[str, Any]


def measure(district: str, effort: Effort, say: Callable[[str], None], *, only_studies: bool = False) -> Results:
    """Measure everything, or what concerns studies alone.

    Parameters
    ----------
    district : str
        Shipped name or path of the district that is run at full volume.
    effort : Effort
        Repetitions and sizes.
    say : callable
        Takes what is measured next.

    Returns
    -------
    dict
        By key of the JSON object; None for what could not be measured.
    """
    results: Results = {"regime": FULL_RULES, "district": district}
    of_studies: dict[str, Callable[[], Results]] = {
        "a study with one and two processes": lambda: bench_studies.study_cost(district, effort),
        "loading and grouping of results": lambda: bench_studies.load_cost(effort.rows, effort.points),
    }
    parts: dict[str, Callable[[], Results]] = {
        "the engine and a bare queue": lambda: bench_engine.against_bare_queue(district, effort),
        "the phases": lambda: bench_engine.by_phase(district, effort),
        "the twin": lambda: bench_engine.against_twin(effort),
        "SimPy and Ciw": lambda: bench_network.against_simulators(effort),
        "paired seeds": lambda: bench_studies.paired_seeds(district, effort),
        **of_studies,
        "fresh processes": lambda: _fresh(district, effort),
        "compiling with an empty cache and after an edit": lambda: bench_processes.editing(
            FULL_RULES, district, ONE_TO_TWENTY, effort.rounds_cold
        ),
    }
    for words, part in (of_studies if only_studies else parts).items():
        say(f"measuring {words} …")
        results |= part()
    return results


def _fresh(district: str, effort: Effort) -> Results:
    run = ["run", FULL_RULES, "--district", district, "--set", f"demand.scale={ONE_TO_TWENTY}", "--json"]
    return {
        **bench_processes.peak_memory(FULL_RULES, district),
        "help_seconds": bench_processes.command_seconds(["--help"], effort.starts),
        "cached_run_seconds": bench_processes.command_seconds(run, effort.starts),
    }


def notes(results: Results) -> list[str]:
    """Return the sentences under the table: what the figures rest on."""
    small, large = results["growth_cases"]
    phases = ", ".join(f"{name} {ns:.0f}" for name, ns in results["phases"].items())
    return [
        f"{results['ns_per_case']:.0f} ns a case (best {results['ns_per_case_best']:.0f}; under inverted "
        f"{results['inverted_ns_per_case']:.0f}); bare queue {results['ns_per_case_bare_queue']:.0f} ns with "
        f"{results['bare_servers']} servers; against one server {results['ratio_bare_single_server']:.1f} times.",
        f"growth from {small:,} to {large:,} cases; histories of twin and engine "
        f"{'agree' if results['twin_same_histories'] else 'DIFFER'}.",
        *([f"ns a case by phase: {phases}."] if phases else []),
        *(_network_note(results, name) for name in results["network_accuracy"]),
        *(_saving_note(name, found, results["luck_pairs"]) for name, found in results["luck"].items()),
        "A ratio is taken within a round of turns, A B A B; values are medians over rounds. What runs in this "
        "process is given in processor time of one thread, compiled before; processes and studies in wall time.",
    ]


def _network_note(results: Results, name: str) -> str:
    """Say what a size of the passing network costs and how accurate it is."""
    seen, suffix = results["network_accuracy"][name], bench_network.SIZES[name].suffix
    return (
        f"passing network, {name}: {results[f'ns_per_case_network{suffix}']:.0f} ns a request with "
        f"{seen['steps_a_day']} steps a day; mean time from report to end off by {seen['error_of_steps']:.1%} for the "
        f"steps, by {seen['error_of_chance']:.1%} for the chance of one run (exactly {seen['exact_days']:.3f} days)."
    )


def _saving_note(name: str, found: dict[str, float | None], pairs: int) -> str:
    ratio, bound, correlation = (
        "undefined" if (value := found[key]) is None else f"{value:.{digits}f}"
        for key, digits in (("ratio", 1), ("bound", 1), ("correlation", 2))
    )
    return (
        f"paired seeds, {bench_studies.PAIRED[0]} against {name}, {pairs} pairs at 1:20: {ratio} times fewer runs "
        f"(correlation {correlation}); perfect correlation would give {bound}."
    )
