"""The sentences that matter: closure, who carries the work, where the buck is passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from experiments.formatting import decimals, number
from experiments.messages import MESSAGES, msg, running_text
from experiments.stats import Interval
from experiments.studies.comparing.brief.numbers import range_text, with_unit
from experiments.studies.comparing.compare import REAL, Comparison, Difference
from experiments.studies.comparing.levels import level_text

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["key_sentences"]

Outcomes = Mapping[str, "Outcome"]

KEY = (("closure_rate",), ("workload_street", "workload_department"), ("passes_per_case",))
"""A sentence each."""


def key_sentences(comparison: Comparison, outcomes: Outcomes) -> tuple[str, ...]:
    """Return the three sentences; one whose outcomes the study did not keep is left out."""
    sentences = []
    for names in KEY:
        parts = [said(comparison, outcomes[name]) for name in names if name in comparison.levels[comparison.regimes[0]]]
        parts += [_cosmetic(comparison, outcomes[REAL])] if REAL in names and comparison.gaps else []
        if parts:
            sentences.append(running_text(f"{part}{msg('sentence_end')}" for part in parts))
    return tuple(sentences)


def said(comparison: Comparison, outcome: Outcome) -> str:
    """Return an outcome under every regime, without a full stop: its level, and what differs from the first."""
    first = comparison.regimes[0]
    what = msg(f"brief_what_{outcome.name}")
    level = level_words(comparison, first, outcome)
    key = "brief_level" if level else "brief_unknown"
    start = msg(key, what=what, level=level, regime=comparison.short(first))
    found = [each for each in comparison.differences if each.outcome == outcome.name]
    return msg("headline_join").join([start, *(_part(comparison, each, outcome) for each in found)])


def level_words(comparison: Comparison, regime: str, outcome: Outcome) -> str:
    """Return a level with its unit, "" where there is none."""
    level = comparison.levels[regime][outcome.name]
    if level.mean is None:
        return ""
    return with_unit(level_text(comparison, regime, outcome, decimals(level, outcome)), outcome)


def _part(comparison: Comparison, each: Difference, outcome: Outcome) -> str:
    level, regime = level_words(comparison, each.after, outcome), comparison.short(each.after)
    if each.interval.mean is None:
        return msg("brief_undefined", regime=regime)
    if each.equal:
        return msg("brief_equal", level=level, regime=regime)
    if comparison.pairs == 1:
        return msg("brief_single", level=level, regime=regime)
    if not each.clear:
        key = "brief_unclear_alone" if each.interval.excludes_zero else "brief_unclear"
        return msg(key, level=level, regime=regime, interval=range_text(each.interval, outcome))
    size = _unsigned(each.interval)
    shown = number(size.mean, outcome, decimals(size, outcome))
    direction = msg(_own("brief_higher" if each.interval.mean > 0 else "brief_lower", outcome))
    return msg(
        _own("brief_clear", outcome), level=level, regime=regime, direction=direction, number=shown,
        size=with_unit(shown, outcome, difference=True), interval=range_text(size, outcome, sign=False),
    )  # fmt: skip


def _own(key: str, outcome: Outcome) -> str:
    """Return the key of the words that an outcome has for itself, else that of all."""
    own = f"{key}_{outcome.name}"
    return own if own in MESSAGES else key


def _unsigned(interval: Interval) -> Interval:
    """Return the size of a difference whose direction is told in words."""
    if interval.mean is None or interval.mean >= 0.0 or interval.low is None or interval.high is None:
        return interval
    return Interval(-interval.mean, -interval.high, -interval.low)


def _cosmetic(comparison: Comparison, outcome: Outcome) -> str:
    gaps = [
        msg("brief_gap", regime=comparison.short(regime), gap=number(gap.mean, outcome, decimals(gap, outcome)))
        for regime, gap in comparison.gaps.items()
    ]
    return msg("brief_cosmetic", gaps=msg("headline_join").join(gaps))
