"""What was measured beforehand of the shipped reform, told where a study compares just that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.design.studyfile import StudyFile
from experiments.formatting import beside
from experiments.front import Front, Trial, median
from experiments.levers import AFTER, BEFORE, LEVERS
from experiments.messages import msg, running_text
from experiments.stats.answer import HEADLINE

ALONE_TOLD, TURNS_TOLD = "whistle_streets", 2
"""The lever of which everybody asks what it does alone, and how many packages that turn the answer are told."""


def is_of(front: Front, study: StudyFile, bases: Sequence[Mapping[str, Any]], asked: str) -> bool:
    """Tell whether a study asks of just that district, model and reform; `bases` as a manifest has them."""
    compared = {base["label"]: (base["regime"], base["settings"]) for base in bases}
    first = next(iter(compared))
    return (
        not front.stale
        and (study.district, study.set, study.rules) == (front.district, {}, None)
        and (compared[first], compared[asked]) == ((BEFORE, {}), (AFTER, {}))
    )


def does(front: Front) -> str:
    """Return which instrument of the reform does most alone, what is lost without which, and what the whistle does."""
    known = {name: each for name, each in front.levers.items() if LEVERS[name].before != LEVERS[name].after}
    alone = max(known, key=lambda name: known[name].alone[1])
    whole = max(known, key=lambda name: known[name].whole[1])
    parts = [msg("glance_does")]
    if known[alone].alone[1] > 0.0:
        parts.append(msg("glance_alone", lever=LEVERS[alone].title(), more=_count(known[alone].alone[1])))
    if known[whole].whole[1] > 0.0:
        parts.append(msg("glance_without", lever=LEVERS[whole].title(), fewer=_count(known[whole].whole[1])))
    whistle = known[ALONE_TOLD].alone[1]
    parts.append(msg("glance_whistle_more" if whistle > 0.0 else "glance_whistle_none", more=_count(whistle)))
    return running_text(parts)


def _count(share: float) -> str:
    """Return a change of a share as requests of a hundred."""
    count = abs(100.0 * share)
    return f"{count:.0f}" if count >= 1.0 else f"{count:.1f}"


def turns(front: Front) -> Iterator[str]:
    """Yield what turns the answer or takes most of the gain, the worst first."""
    for trial in front.turns[:TURNS_TOLD]:
        if told := _turn(trial):
            yield told


def _turn(trial: Trial) -> str:
    before, now = median(trial.before[HEADLINE]), median(trial.outcomes[HEADLINE])
    if before is None or now is None:
        return ""
    levels = beside(100.0 * before, 100.0 * now)
    return running_text([msg("glance_turn_what", what=trial.title()),
                         msg("glance_turn_then", before=levels[0], now=levels[1])])  # fmt: skip
