"""From a log that was read to its normal form."""

from __future__ import annotations

import numpy as np

from experiments.learning.paths import Ints, Paths
from experiments.logs.cases import Cases
from experiments.logs.events import Events
from experiments.logs.values import DAY

UNNAMED = "?"  # of what has no name


def paths_of(events: Events, cases: Cases) -> Paths:
    """Return the cases of a log by arrival; those without a unit or a kind have an unnamed one.

    A case ends at the earliest when it begins, and its events happen at the earliest then.
    """
    first = np.append(events.first, len(events))
    order = np.argsort(cases.begin, kind="stable")
    lengths = np.diff(first)[order]
    rows = np.repeat(first[order] - np.append(0, np.cumsum(lengths)[:-1]), lengths) + np.arange(lengths.sum())
    start = cases.begin[order] / DAY
    end = np.where(cases.closed, np.maximum(cases.end, cases.begin) / DAY, np.nan)[order]
    time = np.maximum(events.columns["time"][rows] / DAY, np.repeat(start, lengths))
    unit, units = _named(events, "unit", events.columns.get("unit", np.full(len(events), -1))[rows])
    kind, kinds = _named(events, "kind", events.kind()[order])
    activity = events.columns.get("activity", np.full(len(events), -1))[rows]
    activities = tuple(events.names["activity"].to_pylist()) if "activity" in events.names else ()
    last = max(time.max(initial=-np.inf), np.nanmax(end, initial=-np.inf), start[-1])
    return Paths(start, end, kind, np.append(0, np.cumsum(lengths)), time, unit, activity, units, kinds, activities,
                 float(np.nextafter(last, np.inf)))  # fmt: skip


def _named(events: Events, role: str, codes: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Return codes that all have a name, and the names."""
    names = tuple(events.names[role].to_pylist()) if role in events.names else ()
    if (codes >= 0).all():
        return codes, names
    return np.where(codes < 0, len(names), codes), (*names, UNNAMED)
