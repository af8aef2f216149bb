"""Step by step: by how much each set of rules differs from the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from experiments.comparing.brief.numbers import range_text
from experiments.comparing.compare import Comparison
from experiments.present import decimals, number, title, unit
from experiments.report.blocks import Block, Heading, Paragraph, Sheet
from experiments.statistics import CLEAR, PairedDifference, holm, paired_difference
from experiments.words import word

if TYPE_CHECKING:
    from experiments.disk.opened import OpenStudy
    from model import Outcome

__all__ = ["steps"]

SHOWN = ("closure_rate", "workload_street", "workload_department", "passes_per_case")
"""Closure, who carries the work, passing."""


def steps(opened: OpenStudy, comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Iterator[Block]:
    """Yield the difference of every set from the one before; nothing where there are only two sets."""
    names = [name for name in SHOWN if name in opened.outcomes]
    if len(comparison.regimes) < 3 or not names or not comparison.pairs:
        return
    found = {name: _steps(opened, name) for name in opened.outcomes}
    places = [(name, place) for name, each_of in found.items() for place in range(len(each_of))]
    adjusted = dict(zip(places, holm([found[name][place].p for name, place in places]), strict=True))
    # the first step is a difference of the tables above, and has the verdict that it has there
    adjusted |= {(each.outcome, 0): each.p_holm for each in comparison.differences
                 if each.after == comparison.regimes[1]}  # fmt: skip
    rows = tuple(
        (_label(outcomes[name]), *(_cell(each, adjusted[name, place], outcomes[name])
                                   for place, each in enumerate(found[name])))
        for name in names
    )  # fmt: skip
    header = (word("outcome"), *(
        word("brief_step", after=comparison.short(after), before=comparison.short(before))
        for before, after in pairwise(comparison.regimes)
    ))  # fmt: skip
    yield Heading(word("brief_steps"))
    yield Paragraph(word("brief_steps_words"))
    yield Sheet(header, rows)


def _steps(opened: OpenStudy, name: str) -> list[PairedDifference]:
    values = opened.values(name)[0]
    complete = values[:, np.isfinite(values).all(axis=0)]
    return [paired_difference(before, after) for before, after in pairwise(complete)]


def _label(outcome: Outcome) -> str:
    return f"{title(outcome)} ({unit(outcome)})"


def _cell(each: PairedDifference, p: float | None, outcome: Outcome) -> str:
    if each.interval.mean is None:
        return word("brief_verdict_undefined")
    if p is None:
        return word("brief_verdict_few")
    if p >= CLEAR:
        return word("brief_verdict_none")
    size = number(each.interval.mean, outcome, decimals(each.interval, outcome), sign=True)
    return word("brief_bracketed", size=size, interval=range_text(each.interval, outcome))
