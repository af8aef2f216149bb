"""What is to be reached, the table that says whether it was, and the sentences that say what was missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.blocks import Table

__all__ = ["TARGETS", "Target", "missed", "table"]


@dataclass(frozen=True)
class Target:
    """One line of the table.

    Attributes
    ----------
    key : str
        Of the measured value.
    text : str
        What it is.
    bound : float
        What is to be reached.
    at_least : bool
        Whether more is better.
    """

    key: str
    text: str
    bound: float
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {_shown(self.bound)}"

    def reached(self, value: float) -> bool:
        """Tell whether a value meets the target."""
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


def table(results: Mapping[str, Any]) -> Table:
    """Return target, value, least and greatest of the rounds, and verdict of what was measured, line by line."""
    size = f", {results['cases']:,} cases" if "cases" in results else ""
    rows = tuple(_row(target, results) for target in TARGETS if target.key in results)
    caption = f"whistle bench: {results['regime']}, {results['district']}{size}"
    return Table(("what", "target", "value", "rounds", "reached"), rows, caption)


def _row(target: Target, results: Mapping[str, Any]) -> tuple[str, ...]:
    value, spread = results[target.key], results.get(f"{target.key}_spread")
    rounds = " – ".join(map(_shown, spread)) if spread else ""
    return (target.text, str(target), "–" if value is None else _shown(value), rounds, target.verdict(value))


def missed(results: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every target that is missed, and by how much; what was not measured; or that all hold."""
    wanted = [target for target in TARGETS if target.key in results]
    verdicts = {target: target.verdict(results[target.key]) for target in wanted}
    short = [_miss(target, results) for target, verdict in verdicts.items() if verdict == "no"]
    unknown = [target.text for target, verdict in verdicts.items() if verdict == "not measured"]
    reached = list(verdicts.values()).count("yes")
    return [
        f"{reached} of {len(wanted)} targets are reached" + (f", {len(short)} missed:" if short else "."),
        *short,
        *([f"Not measured: {'; '.join(unknown)}."] if unknown else []),
    ]


def _miss(target: Target, results: Mapping[str, Any]) -> str:
    value = results[target.key]
    side = "below" if target.at_least else "above"
    share = f"{target.shortfall(value):.0%}"
    text = f"missed by {share}: {target.text} is {_shown(value)}, {side} the target {target}"
    low, high = results.get(f"{target.key}_spread") or (value, value)
    if target.reached(low) or target.reached(high):
        text += f" (reached in some rounds: {_shown(low)} to {_shown(high)})"
    return f"  {text}."


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
