"""Speed, memory, compile time and the worth of paired luck, against the targets, in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.design.reading import load_all
from experiments.evidence.bench import editing, engine, fresh, passing, studies
from experiments.evidence.bench.clock import alternately, over_rounds
from experiments.evidence.bench.effort import Effort
from experiments.evidence.bench.luck import saving

__all__ = ["measure", "notes"]

PAIRED = ("inverted", "r01", "flattened")
"""The saving is measured between the first and each of the others."""

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
        Told what is measured next.

    Returns
    -------
    dict
        By key of the JSON object; None for what could not be measured.
    """
    results: Results = {"regime": engine.FULL_RULES, "district": district}
    of_studies: dict[str, Callable[[], Results]] = {
        "a study with one and two processes": lambda: _study(district, effort),
        "loading and grouping of results": lambda: studies.load_cost(effort.rows, effort.points),
    }
    parts: dict[str, Callable[[], Results]] = {
        "the engine and a bare queue": lambda: engine.against_bare_queue(district, effort),
        "the phases": lambda: engine.by_phase(district, effort),
        "the twin": lambda: engine.against_twin(effort),
        "SimPy and Ciw": lambda: passing.against_simulators(effort),
        "paired luck": lambda: _luck(district, effort),
        **of_studies,
        "fresh processes": lambda: _fresh(district, effort),
        "compiling with an empty cache and after an edit": lambda: editing.editing(
            engine.FULL_RULES, district, engine.ONE_TO_TWENTY, effort.rounds_cold
        ),
    }
    for words, part in (of_studies if only_studies else parts).items():
        say(f"measuring {words} …")
        results |= part()
    return results


def _luck(district: str, effort: Effort) -> Results:
    first, *others = load_all(PAIRED, district, {"demand.scale": engine.ONE_TO_TWENTY})
    found = saving(first, others, effort.pairs)
    ratios = [one["ratio"] for one in found.values() if one["ratio"] is not None]
    return {"luck_variance_ratio": min(ratios, default=None), "luck": found, "luck_pairs": effort.pairs}


def _study(district: str, effort: Effort) -> Results:
    regimes, scale, pairs = (PAIRED[0], PAIRED[-1]), engine.ONE_TO_TWENTY, effort.study_pairs
    seen = alternately(
        {
            "one": lambda _: studies.study_cost(regimes, district, scale, pairs, 1),
            "two": lambda _: studies.study_cost(regimes, district, scale, pairs, 2),
            "varied": lambda _: studies.varied_cost(PAIRED[-1], district, scale, pairs),
        },
        effort.rounds_study,
    )
    both = zip(seen["one"], seen["two"], strict=True)
    return {
        **over_rounds("machinery_share", [one.machinery_share for one in seen["one"]]),
        **over_rounds("two_processes", [one.seconds / two.seconds for one, two in both]),
        **over_rounds("machinery_share_varied", [varied.machinery_share for varied in seen["varied"]]),
    }


def _fresh(district: str, effort: Effort) -> Results:
    run = ["run", engine.FULL_RULES, "--district", district, "--set", f"demand.scale={engine.ONE_TO_TWENTY}", "--json"]
    return {
        **fresh.peak_memory(engine.FULL_RULES, district),
        "help_seconds": fresh.command_seconds(["--help"], effort.starts),
        "cached_run_seconds": fresh.command_seconds(run, effort.starts),
    }


def notes(results: Results) -> list[str]:
    """Return the sentences under the table: what the figures rest on."""
    small, large = results["growth_cases"]
    return [
        f"{results['ns_per_case']:.0f} ns a case (best {results['ns_per_case_best']:.0f}; under inverted "
        f"{results['inverted_ns_per_case']:.0f}); bare queue {results['ns_per_case_bare_queue']:.0f} ns with "
        f"{results['bare_servers']} servers; against one server {results['ratio_bare_single_server']:.1f} times.",
        f"growth from {small:,} to {large:,} cases; histories of twin and engine "
        f"{'agree' if results['twin_same_histories'] else 'DIFFER'}.",
        *([_phases_in_words(results["phases"])] if results["phases"] else []),
        *(_network_in_words(results, name) for name in results["network_accuracy"]),
        *(_saving_in_words(name, found, results["luck_pairs"]) for name, found in results["luck"].items()),
        "A ratio is taken within a round of turns, A B A B; values are medians over rounds. What runs in this "
        "process is told in processor time of one thread, compiled before; processes and studies in wall time.",
    ]


def _phases_in_words(phases: dict[str, float]) -> str:
    return "ns a case by phase: " + ", ".join(f"{name} {ns:.0f}" for name, ns in phases.items()) + "."


def _network_in_words(results: Results, name: str) -> str:
    """Say what a size of the passing network costs and how accurate it is."""
    seen, suffix = results["network_accuracy"][name], passing.SUFFIXES[name]
    return (
        f"passing network, {name}: {results[f'ns_per_case_network{suffix}']:.0f} ns a request with "
        f"{seen['steps_a_day']} steps a day; mean time from report to end off by {seen['error_of_steps']:.1%} for the "
        f"steps, by {seen['error_of_chance']:.1%} for the chance of one run (exactly {seen['exact_days']:.3f} days)."
    )


def _saving_in_words(name: str, found: dict[str, float | None], pairs: int) -> str:
    ratio, bound, correlation = (
        "undefined" if (value := found[key]) is None else f"{value:.{digits}f}"
        for key, digits in (("ratio", 1), ("bound", 1), ("correlation", 2))
    )
    return (
        f"paired luck, {PAIRED[0]} against {name}, {pairs} pairs at 1:20: {ratio} times fewer runs (correlation "
        f"{correlation}); perfect correlation would give {bound}."
    )
