"""The comparison for a reader: a table and one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.table import Table

from experiments.compare import Comparison, Difference
from experiments.present import interval_text, number, title, unit
from experiments.words import Language, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["HEADLINE", "headline", "tables"]

HEADLINE = ("closure_rate", "passes_per_case", "workload_street", "workload_department")
"""Closure, buck-passing and who carries the work: what the comparison is about."""


def tables(comparison: Comparison, outcomes: Mapping[str, Outcome], language: Language) -> list[Table]:
    """Return one table for each regime that is compared with the first."""
    return [_table(comparison, after, outcomes, language) for after in comparison.regimes[1:]]


def _table(comparison: Comparison, after: str, outcomes: Mapping[str, Outcome], language: Language) -> Table:
    before = comparison.regimes[0]
    table = Table(title=word("compare_title", language, after=after, before=before, pairs=comparison.pairs))
    table.add_column(word("outcome", language), overflow="fold")
    for heading in (before, after, word("difference", language), word("interval", language), word("effect", language)):
        table.add_column(heading, justify="right", overflow="fold")
    table.add_column(word("verdict", language), overflow="fold")
    for each in comparison.differences:
        if each.after == after:
            table.add_row(*_row(comparison, each, outcomes[each.outcome], language))
    return table


def _row(comparison: Comparison, each: Difference, outcome: Outcome, language: Language) -> list[str]:
    levels = [comparison.levels[regime][each.outcome] for regime in (each.before, each.after)]
    return [
        f"{title(outcome, language)} ({unit(outcome, language)})",
        *(f"{number(level.mean, outcome)}\n{interval_text(level, outcome)}" for level in levels),
        f"{number(each.interval.mean, outcome, sign=True)}{_points(outcome, language)}",
        interval_text(each.interval, outcome, sign=True),
        word("undefined") if each.effect is None else f"{each.effect:+.2f}",
        word(_verdict(each, outcome), language),
    ]


def _points(outcome: Outcome, language: Language) -> str:
    """Mark a difference of shares, which is in points where its levels are in percent."""
    return f" {unit(outcome, language, difference=True)}" if outcome.unit == "share" else ""


def _verdict(each: Difference, outcome: Outcome) -> str:
    if each.interval.mean is None:
        return "undefined"
    if not each.clear:
        return "not_clear"
    if outcome.direction == 0:
        return "clear"
    return "clear_better" if each.interval.mean * outcome.direction > 0 else "clear_worse"


def headline(comparison: Comparison, outcomes: Mapping[str, Outcome], language: Language) -> list[str]:
    """Return one sentence for each regime that is compared with the first: what differed, and what did not clearly."""
    return [_sentence(comparison, after, outcomes, language) for after in comparison.regimes[1:]]


def _sentence(comparison: Comparison, after: str, outcomes: Mapping[str, Outcome], language: Language) -> str:
    found = {each.outcome: each for each in comparison.differences if each.after == after}
    chosen = [found[name] for name in HEADLINE if name in found]
    parts = [_change(each, outcomes[each.outcome], language) for each in chosen if each.clear]
    unclear = [title(outcomes[each.outcome], language) for each in chosen if not each.clear]
    if unclear:
        parts.append(word("headline_none", language, titles=word("list_join", language).join(unclear)))
    start = word("headline_start", language, after=after, before=comparison.regimes[0], pairs=comparison.pairs)
    return start + word("headline_join", language).join(parts) + word("sentence_end", language)


def _change(each: Difference, outcome: Outcome, language: Language) -> str:
    mean, low, high = each.interval.mean, each.interval.low, each.interval.high
    assert mean is not None and low is not None and high is not None  # a clear difference is defined
    nearest, farthest = sorted((low, high), key=abs)
    size = f"{number(abs(mean), outcome)} {unit(outcome, language, difference=True)}"
    bounds = {"low": number(abs(nearest), outcome), "high": number(abs(farthest), outcome)}
    return word("higher" if mean > 0 else "lower", language, title=title(outcome, language), size=size, **bounds)
