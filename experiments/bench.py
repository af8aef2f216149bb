"""Speed, memory, compile time and the worth of paired luck, against the targets, in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.benchmarks import engine, fresh, studies
from experiments.benchmarks.effort import FULL, QUICK, Effort
from experiments.benchmarks.luck import saving
from experiments.benchmarks.targets import table
from experiments.planning.scenarios import load_all

__all__ = ["main", "measure"]

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
        "the twin": lambda: engine.against_twin(effort),
        "SimPy and Ciw": lambda: engine.against_simulators(effort),
        "paired luck": lambda: _luck(district, effort),
        **of_studies,
        "fresh processes": lambda: _fresh(district, effort),
        "compiling with an empty cache": lambda: {
            "compile_seconds": fresh.compile_seconds(engine.FULL_RULES, district)
        },
    }
    for words, part in (of_studies if only_studies else parts).items():
        say(f"measuring {words} …")
        results |= part()
    return results


def _compiling(district: str) -> Results:
    return {"compile_seconds": fresh.compile_seconds(engine.FULL_RULES, district)}


def _luck(district: str, effort: Effort) -> Results:
    first, *others = load_all(PAIRED, district, {"demand.scale": engine.ONE_TO_TWENTY})
    found = saving(first, others, effort.pairs)
    ratios = [one["ratio"] for one in found.values() if one["ratio"] is not None]
    return {"luck_variance_ratio": min(ratios, default=None), "luck": found, "luck_pairs": effort.pairs}


def _study(district: str, effort: Effort) -> Results:
    regimes = (PAIRED[0], PAIRED[-1])
    one, two = (
        studies.study_cost(regimes, district, engine.ONE_TO_TWENTY, effort.study_pairs, jobs) for jobs in (1, 2)
    )
    varied = studies.varied_cost(PAIRED[-1], district, engine.ONE_TO_TWENTY, effort.study_pairs)
    return {
        "machinery_share": one.machinery_share,
        "two_processes": one.seconds / two.seconds,
        "machinery_share_varied": varied.machinery_share,
    }


def _fresh(district: str, effort: Effort) -> Results:
    run = ["run", engine.FULL_RULES, "--district", district, "--set", f"demand.scale={engine.ONE_TO_TWENTY}", "--json"]
    return {
        **fresh.peak_memory(engine.FULL_RULES, district),
        "help_seconds": fresh.command_seconds(["--help"], effort.starts),
        "cached_run_seconds": fresh.command_seconds(run, effort.starts),
    }


def main(*, district: str, quick: bool, as_json: bool, quiet: bool, only_studies: bool = False) -> None:
    """Measure, and print the table or the JSON object."""
    from experiments.commands.guard import print_json, say_to, show

    console = say_to()
    effort = QUICK if quick else FULL
    say: Callable[[str], None] = (lambda _: None) if quiet else console.print
    results = measure(district, effort, say, only_studies=only_studies)
    if as_json:
        print_json(results)
    else:
        show(table(results), *([] if only_studies else _notes(results)))


def _notes(results: Results) -> list[str]:
    """Return the sentences under the table: what the figures rest on."""
    small, large = results["growth_cases"]
    return [
        f"{results['ns_per_case']:.0f} ns a case (best {results['ns_per_case_best']:.0f}; under inverted "
        f"{results['ns_per_case_inverted']:.0f}); bare queue {results['ns_per_case_bare_queue']:.0f} ns with "
        f"{results['bare_servers']} servers; against one server {results['ratio_bare_single_server']:.1f} times.",
        f"growth from {small:,} to {large:,} cases; histories of twin and engine "
        f"{'agree' if results['twin_same_histories'] else 'DIFFER'}; the network takes "
        f"{results['ns_per_case_network']:.0f} ns a request (with one step a day "
        f"{results['ns_per_case_network_daily']:.0f}).",
        *(_saving_in_words(name, found, results["luck_pairs"]) for name, found in results["luck"].items()),
        "Times are medians of repetitions by turns, one thread, compiled before.",
    ]


def _saving_in_words(name: str, found: dict[str, float | None], pairs: int) -> str:
    ratio, bound, correlation = (
        "undefined" if (value := found[key]) is None else f"{value:.{digits}f}"
        for key, digits in (("ratio", 1), ("bound", 1), ("correlation", 2))
    )
    return (
        f"paired luck, {PAIRED[0]} against {name}, {pairs} pairs at 1:20: {ratio} times fewer runs (correlation "
        f"{correlation}); perfect correlation would give {bound}."
    )
