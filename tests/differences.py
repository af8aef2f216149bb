"""The engine beside the reference: where their case histories and figures part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from model.engine.scoring import ANSWERS, DROPS, FOUND_BY, PASSES
from model.engine.tables import DAILY, Tables
from model.reference import ReferenceRecord
from model.terms import TICKS_PER_DAY, Activity
from tests.support import history_of

Line = tuple[int, int, int, int, int]
"""When (ticks), case key, activity, row of the unit, phase of the day."""

_SUMMED_IN_ANOTHER_ORDER = {"satisfaction"}


def engine_lines(tables: Tables) -> list[Line]:
    """Return the engine's history as plain tuples."""
    columns = [history_of(tables)[name].tolist() for name in ("when", "key", "activity", "unit", "phase")]
    return list(zip(*columns, strict=True))


def first_difference(engine: Sequence[Line], reference: Sequence[Line], codes: Sequence[str]) -> str:
    """Return where two histories part, with what both had said of that case; "" if they are the same."""
    if list(engine) == list(reference):
        return ""
    pairs = enumerate(zip_longest(engine, reference))
    at, (ours, theirs) = next((i, pair) for i, pair in pairs if pair[0] != pair[1])
    line = ours or theirs
    assert line is not None
    before = [_words(past, codes) for past in engine[:at] if past[1] == line[1]]
    return "\n".join(
        (
            f"engine and reference part at line {at}: day {line[0] // TICKS_PER_DAY}, phase {line[4]}, "
            f"case {line[1]:016x}",
            f"  engine: {_words(ours, codes)}",
            f"  reference: {_words(theirs, codes)}",
            "  the case until then:",
            *(f"    {words}" for words in before),
        )
    )


def _words(line: Line | None, codes: Sequence[str]) -> str:
    if line is None:
        return "nothing"
    when, key, activity, unit, phase = line
    day = when / TICKS_PER_DAY
    return f"day {day:.4f} ({when} ticks) phase {phase} case {key:016x} {Activity(activity).name} {codes[unit]}"


def figures_that_differ(tables: Tables, reference: ReferenceRecord) -> list[str]:
    """Return the figures that engine and reference do not share, with both values."""
    tally = tables.tallies[0]
    pairs: dict[str, tuple[Any, Any]] = {
        f"tally.{name}": (tally[name].item(), reference.tally.get(name, 0)) for name in tally.dtype.names
    }
    pairs |= {f"units.{name}": (tables.units[name].tolist(), values) for name, values in reference.units.items()}
    for column, name in enumerate(DAILY):
        pairs[f"daily.{name}"] = (tables.daily[:, column].tolist(), [day.get(name, 0) for day in reference.daily])
    kind_days = {place: int(n) for place, n in np.ndenumerate(tables.kind_days) if n}
    pairs["closures"] = (kind_days, reference.closures)
    pairs["drops"] = (_filled(tables.counts[DROPS]), reference.drops)
    pairs["passes"] = (_filled(tables.counts[PASSES]), reference.passes)
    found_by = {-1 if channel is None else int(channel): n for channel, n in reference.found_by.items()}
    pairs["found_by"] = ({place - 1: n for place, n in _filled(tables.counts[FOUND_BY]).items()}, found_by)
    hand_overs = {(i, j): int(n) for (i, j), n in np.ndenumerate(tables.hand_overs) if n}
    pairs["hand_overs"] = (hand_overs, reference.hand_overs)
    for name in (
        "reported", "closed_30", "waiting", "own_due", "own_closed", "offered_due", "offered_closed",
    ):  # fmt: skip
        theirs = [reference.kinds.get((name, row), 0) for row in range(len(tables.kinds))]
        pairs[f"kinds.{name}"] = (tables.kinds[name].tolist(), theirs)
    pairs["answers"] = (_filled(tables.counts[ANSWERS]), reference.answers)
    pairs["steps"] = (tables.step_counts.tolist(), reference.steps)
    pairs["cases_total"] = (int(tables.districts[0].born), reference.cases_total)
    return [f"{name}: engine {ours}, reference {theirs}" for name, (ours, theirs) in pairs.items()
            if not _alike(name, ours, theirs)]  # fmt: skip


def _alike(name: str, ours: Any, theirs: Any) -> bool:
    if name.partition(".")[2] in _SUMMED_IN_ANOTHER_ORDER:
        return math.isclose(ours, theirs, rel_tol=1e-12)
    return bool(ours == theirs)


def _filled(counts: Any) -> dict[int, int]:
    return {place: n for place, n in enumerate(counts.tolist()) if n}
