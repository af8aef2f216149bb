"""Logs of the model itself: recognised, and measured by the definitions of its outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from experiments.logs.asked import Asked
from experiments.logs.notes import Note, note
from experiments.logs.reading import Raw

__all__ = ["Own", "as_own", "own_of"]

CLOSING = ("closed", "closed_cosmetically")
WORK = ("own_work", "assembled")
"""Activities of the model that declare a case closed, and after which it does not circulate any more."""


@dataclass(frozen=True)
class Own:
    """What a log says of its run.

    Attributes
    ----------
    regime : str
    seed : int or None
    outcomes : dict of str to float or None
        Those that events alone decide, by the model's own definitions, over the whole run.
    """

    regime: str
    seed: int | None
    outcomes: Mapping[str, float | None]


def own_of(raw: Raw, notes: list[Note]) -> Own | None:
    """Return the run's own outcomes where the log is one of this model; where it is damaged, that is said."""
    if not raw.own:
        return None
    from model.events import Log, LogError, measure

    try:
        log = Log.of(raw.table)
        outcomes = measure(log)
    except (LogError, KeyError, TypeError, ValueError, IndexError, pa.ArrowException) as error:
        reason = str(error) if isinstance(error, LogError) else f"{type(error).__name__}: {str(error)[:120]}"
        notes.append(note("own_damaged", reason=reason))
        return None
    assert log.facts is not None
    notes.append(note("own", regime=log.facts.regime, seed=log.facts.seed))
    return Own(log.facts.regime, log.facts.seed, outcomes)


def as_own(asked: Asked, raw: Raw) -> Asked:
    """Return the flags with what is known of the model's activities, where the user has told nothing else."""
    if raw.mapped.columns.get("activity") != "concept:name":
        return asked
    told = asked.closed_by or asked.state or asked.case_end
    return replace(asked, closed_by=asked.closed_by if told else CLOSING, work=asked.work or WORK)
