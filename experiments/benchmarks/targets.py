"""What is to be reached, and the table that says whether it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table

__all__ = ["TARGETS", "Target", "table"]


@dataclass(frozen=True)
class Target:
    """One line of the table.

    Attributes
    ----------
    key : str
        Of the measured value.
    words : str
        What it is.
    bound : float
        What is to be reached.
    at_least : bool
        Whether more is better.
    """

    key: str
    words: str
    bound: float
    at_least: bool = False

    def reached(self, value: float) -> bool:
        """Tell whether a value meets the target."""
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = (
    Target("cases_per_second", "full rules, full volume: cases a second", 1.5e6, at_least=True),
    Target("ratio_bare_queue", "engine ÷ bare compiled queue, time a case", 10.0),
    Target("ratio_twin", "twin ÷ engine, same histories, tiny district", 100.0, at_least=True),
    Target("ratio_simpy", "SimPy ÷ engine, passing network", 50.0, at_least=True),
    Target("ratio_ciw", "Ciw ÷ engine, passing network", 100.0, at_least=True),
    Target("growth", "time a case at 10⁶ cases ÷ at 5·10⁴", 1.3),
    Target("peak_mb_above_import", "peak memory above the imports, MiB", 300.0),
    Target("run_1_20_ms", "one run at 1:20, ms", 60.0),
    Target("machinery_share", "study machinery ÷ its runs, at 1:20", 0.10),
    Target("two_processes", "one process ÷ two, time of a study", 1.8, at_least=True),
    Target("machinery_share_varied", "the same, every run another scenario", 0.10),
    Target("load_group_seconds", "10⁶ result rows loaded and grouped, s", 1.0),
    Target("compile_seconds", "compiling once, s", 30.0),
    Target("help_seconds", "whistle --help, s", 0.5),
    Target("cached_run_seconds", "whistle run at 1:20, compiled before, s", 3.0),
    Target("luck_variance_ratio", "paired luck, closure rate: runs saved, times (the lesser)", 4.0, at_least=True),
)


def table(results: Mapping[str, Any]) -> Table:
    """Return target, value and verdict of what was asked for, line by line."""
    size = f", {results['cases']:,} cases" if "cases" in results else ""
    lines = Table(title=f"whistle bench: {results['regime']}, {results['district']}{size}")
    for heading in ("what", "target", "value", "reached"):
        lines.add_column(heading, justify="left" if heading == "what" else "right")
    for target in TARGETS:
        if target.key not in results:
            continue
        value = results[target.key]
        bound = f"{'≥' if target.at_least else '≤'} {_shown(target.bound)}"
        verdict = "not measured" if value is None else "yes" if target.reached(value) else "no"
        lines.add_row(target.words, bound, "–" if value is None else _shown(value), verdict)
    return lines


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
