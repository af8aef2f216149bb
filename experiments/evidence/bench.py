"""What `whistle bench` measures: speed, memory, compile time and the worth of paired seeds, against the targets."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from experiments.blocks import Table
from experiments.evidence import bench_engine, bench_network, bench_processes, bench_studies
from experiments.evidence.bench_engine import FULL_RULES, ONE_TO_TWENTY
from experiments.evidence.bench_timing import Effort, Results

FULL = Effort()
QUICK = Effort(
    rounds=1, rounds_plain=1, rounds_study=1, rounds_cold=1, least_turn=0.0, large=4e3, small=1e3,
    twin={"run.warm_up_days": 5, "run.window_days": 20, "run.follow_up_days": 5}, network_days=20,
    network_days_small=50, network_runs=2, pairs=3, study_pairs=2, starts=1, rows=2000, points=10,
)  # fmt: skip


class Target(NamedTuple):
    """One line of the table."""

    key: str  # of the measured value
    text: str
    bound: float
    at_least: bool = False  # more is better

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {_shown(self.bound)}"

    def reached(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def verdict(self, value: float | None) -> str:
        """Return "yes", "no" or "not measured"."""
        return "not measured" if value is None else "yes" if self.reached(value) else "no"

    def shortfall(self, value: float) -> float:
        """Return by what share of the target a value misses it; 0 where it is reached."""
        beyond = (self.bound - value) / self.bound
        return max(0.0, beyond if self.at_least else -beyond)


TARGETS = (
    Target("cases_per_second", "full rules, full volume: cases a second", 2.2e6, at_least=True),
    Target("inverted_cases_per_second", "the same under inverted", 1.6e6, at_least=True),
    Target("ratio_bare_queue", "engine ÷ bare compiled queue, time a case", 6.0),
    Target("ratio_bare_queue_inverted", "the same under inverted", 8.0),
    Target("ratio_trading", "people and powers traded ÷ full rules, time a case", 1.3),
    Target("ratio_twin", "twin ÷ engine, same histories, tiny district", 150.0, at_least=True),
    Target("ratio_simpy", "SimPy ÷ engine, a year of the passing network, equal accuracy", 30.0, at_least=True),
    Target("ratio_ciw", "Ciw ÷ engine, the same", 100.0, at_least=True),
    Target("ratio_simpy_small", "SimPy ÷ engine, the network as shipped: 6 requests a day", 30.0, at_least=True),
    Target("ratio_ciw_small", "Ciw ÷ engine, the same", 100.0, at_least=True),
    Target("growth", "time a case at 10⁶ cases ÷ at 5·10⁴", 1.3),
    Target("peak_mb_above_import", "peak memory above the imports, MiB", 300.0),
    Target("run_1_20_ms", "one run at 1:20, ms", 35.0),
    Target("build_and_run_1_20_ms", "the same, its district built, ms", 60.0),
    Target("machinery_share", "study machinery ÷ its runs, at 1:20", 0.10),
    Target("two_processes", "one process ÷ two, time of a study", 1.85, at_least=True),
    Target("machinery_share_varied", "study machinery, every run another scenario", 0.10),
    Target("load_group_seconds", "10⁶ result rows loaded and grouped, s", 1.0),
    Target("compile_seconds", "compiling once, s", 20.0),
    Target("edit_seconds", "from the edit of one rule to an outcome at 1:20, s", 8.0),
    Target("ratio_edit_cold", "the same ÷ with nothing compiled", 0.35),
    Target("start_seconds", "from process start to an outcome at 1:20, nothing edited, s", 1.0),
    Target("help_seconds", "whistle --help, s", 0.5),
    Target("cached_run_seconds", "whistle run at 1:20, compiled before, s", 3.0),
    Target("luck_variance_ratio", "paired seeds, closure rate: runs saved, times (the lesser)", 4.0, at_least=True),
)


Part = Callable[[str, Effort], Results]  # takes the district that is run at full volume


def _fresh(district: str, effort: Effort) -> Results:
    run = ["run", FULL_RULES, "--district", district, "--set", f"demand.scale={ONE_TO_TWENTY}", "--json"]
    return {
        **bench_processes.fresh("memory", FULL_RULES, district),
        "help_seconds": bench_processes.command_seconds(["--help"], effort.starts),
        "cached_run_seconds": bench_processes.command_seconds(run, effort.starts),
    }


OF_STUDIES: dict[str, Part] = {
    "a study with one and two processes": bench_studies.study_cost,
    "loading and grouping of results": bench_studies.load_cost,
}
PARTS: dict[str, Part] = {
    "the engine and a bare queue": bench_engine.against_bare_queue,
    "the phases": bench_engine.by_phase,
    "the twin": bench_engine.against_twin,
    "SimPy and Ciw": bench_network.against_simulators,
    "paired seeds": bench_studies.paired_seeds,
    **OF_STUDIES,
    "fresh processes": _fresh,
    "compiling with an empty cache and after an edit": lambda district, effort: bench_processes.editing(
        FULL_RULES, district, ONE_TO_TWENTY, effort.rounds_cold
    ),
}


def measure(district: str, effort: Effort, say: Callable[[str], None], *, only_studies: bool = False) -> Results:
    """Measure everything, or what concerns studies alone; a key is None where it could not be measured.

    `say` takes what is measured next.
    """
    results: Results = {"regime": FULL_RULES, "district": district}
    for words, part in (OF_STUDIES if only_studies else PARTS).items():
        say(f"measuring {words} …")
        results |= part(district, effort)
    return results


def table(results: Mapping[str, Any]) -> Table:
    """Return target, value, least and greatest of the rounds, and verdict of what was measured, line by line."""
    rows = []
    for target in _measured(results):
        value, spread = results[target.key], results.get(f"{target.key}_spread")
        shown, rounds = "–" if value is None else _shown(value), " – ".join(map(_shown, spread or ()))
        rows.append((target.text, str(target), shown, rounds, target.verdict(value)))
    size = f", {results['cases']:,} cases" if "cases" in results else ""
    caption = f"whistle bench: {results['regime']}, {results['district']}{size}"
    return Table(("what", "target", "value", "rounds", "reached"), tuple(rows), caption)


def missed(results: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every target that is missed, and by how much; what was not measured; or that all hold."""
    measured, short, unknown = _measured(results), [], []
    for target in measured:
        value = results[target.key]
        if value is None:
            unknown.append(target.text)
        elif not target.reached(value):
            low, high = results.get(f"{target.key}_spread") or (value, value)
            sometimes = f" (reached in some rounds: {_shown(low)} to {_shown(high)})"
            short.append(
                f"  missed by {target.shortfall(value):.0%}: {target.text} is {_shown(value)}, "
                f"{'below' if target.at_least else 'above'} the target {target}"
                f"{sometimes if target.reached(low) or target.reached(high) else ''}."
            )
    reached = len(measured) - len(short) - len(unknown)
    told = f"{reached} of {len(measured)} targets are reached" + (f", {len(short)} missed:" if short else ".")
    return [told, *short, *([f"Not measured: {'; '.join(unknown)}."] if unknown else [])]


def _measured(results: Mapping[str, Any]) -> list[Target]:
    return [target for target in TARGETS if target.key in results]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


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
