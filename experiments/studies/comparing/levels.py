"""Levels for a reader, and notes on what they leave out: quantiles not reached, pairs with one side only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from experiments.formatting import number, title
from experiments.messages import msg
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.reach import beyond

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["level_text", "notes"]


def level_text(comparison: Comparison, regime: str, outcome: Outcome, digits: int) -> str:
    """Return the mean under a regime; where no run reaches a quantile, that it is beyond the follow-up."""
    level = comparison.levels[regime][outcome.name]
    if level.mean is None and outcome.name in comparison.unreached[regime]:
        return beyond(comparison.follow_up[regime])
    return number(level.mean, outcome, digits)


def notes(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Yield what levels and differences leave out, a line an outcome."""
    short = {comparison.follow_up[regime] for regime, missed in comparison.unreached.items() if missed}
    yield from (msg("caveat_beyond", beyond=beyond(days), days=days) for days in sorted(short))
    for name in comparison.levels[comparison.regimes[0]]:
        yield from _note("note_unreached", comparison, outcomes[name], _partly_reached(comparison, name))
        one_sided = {each.after: each.one_sided for each in comparison.differences if each.outcome == name}
        yield from _note("note_one_sided", comparison, outcomes[name], one_sided)


def _partly_reached(comparison: Comparison, name: str) -> dict[str, int]:
    """Return the runs that do not reach a quantile, by regime, where others do."""
    return {
        regime: missed.get(name, 0)
        for regime, missed in comparison.unreached.items()
        if comparison.levels[regime][name].mean is not None
    }


def _note(key: str, comparison: Comparison, outcome: Outcome, counts: Mapping[str, int]) -> Iterator[str]:
    parts = [
        msg("note_count", regime=comparison.name(regime), count=count, all=comparison.pairs)
        for regime, count in counts.items()
        if count
    ]
    if parts:
        yield msg(key, title=title(outcome), counts=msg("list_join").join(parts))
