"""Step by step: by how much each set of rules differs from the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from experiments.blocks import Block, Heading, Paragraph, Table
from experiments.formatting import decimals, number, title, unit
from experiments.messages import msg
from experiments.studies.comparing.brief.numbers import range_text
from experiments.studies.comparing.compare import Comparison, Difference
from experiments.studies.comparing.verdicts import verdict_of

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["steps"]

SHOWN = ("closure_rate", "workload_street", "workload_department", "passes_per_case")
"""Closure, who carries the work, passing."""


def steps(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Iterator[Block]:
    """Yield the difference of every set from the one before; nothing where there are only two sets."""
    known = comparison.levels[comparison.regimes[0]]
    names = [name for name in SHOWN if name in known]
    if len(comparison.regimes) < 3 or not names or not comparison.pairs:
        return
    rows = tuple(
        (_label(outcomes[name]), *(_cell(each, outcomes[name]) for each in comparison.steps if each.outcome == name))
        for name in names
    )
    header = (msg("outcome"), *(
        msg("brief_step", after=comparison.short(after), before=comparison.short(before))
        for before, after in pairwise(comparison.regimes)
    ))  # fmt: skip
    yield Heading(msg("brief_steps"))
    yield Paragraph(msg("brief_steps_words"))
    yield Table(header, rows)


def _label(outcome: Outcome) -> str:
    return f"{title(outcome)} ({unit(outcome)})"


def _cell(each: Difference, outcome: Outcome) -> str:
    verdict = verdict_of(each, outcome)
    if verdict in ("undefined", "equal", "few", "none"):
        return msg(f"brief_verdict_{verdict}")
    size = number(each.interval.mean, outcome, decimals(each.interval, outcome), sign=True)
    return msg("brief_bracketed", size=size, interval=range_text(each.interval, outcome))
