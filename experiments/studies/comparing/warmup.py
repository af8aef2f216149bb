"""Whether the warm-up of a comparison was long enough, by MSER on what closes day by day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.design.naming import shown_name
from experiments.messages import msg
from experiments.stats.warmup import Settled, mser
from experiments.store.opened import OpenStudy

__all__ = ["warm_up_notes"]

CLOSED, REPORTED = "daily_closed", "daily_reported"
"""Their ratio week by week is looked at: the week's and the year's rhythm of requests are no transients."""

WEEK = 7


def warm_up_notes(study: OpenStudy) -> Iterator[str]:
    """Yield, where series were kept, on which day each regime settles, against the warm-up."""
    table = study.series
    if not {CLOSED, REPORTED} <= set(table.column_names):
        return
    settled = {
        shown_name(base["label"], base["resolved"]["title"]): (_settled(study, place), base["resolved"]["run"])
        for place, base in enumerate(study.manifest["bases"])
    }
    days = {run["warm_up_days"] for _, run in settled.values()}
    parts = [
        msg("warm_up_day", regime=regime, day=found.day) if found.day is not None
        else msg("warm_up_never", regime=regime)
        for regime, (found, _) in settled.items()
    ]  # fmt: skip
    enough = all(found.within(run["warm_up_days"]) for found, run in settled.values())
    key = "warm_up_enough" if enough else "warm_up_short"
    yield msg(key, days=max(days), parts=msg("list_join").join(parts))


def _settled(study: OpenStudy, base: int) -> Settled:
    """Return where a regime's series settles, before the follow-up in which nothing new is counted."""
    run = study.manifest["bases"][base]["resolved"]["run"]
    rows = study.series.filter(np.asarray(study.series.column("point")) == base)
    if rows.num_rows == 0:
        return Settled(None, 0)
    weeks = (run["warm_up_days"] + run["window_days"]) // WEEK
    closed, reported = (
        np.array(rows.column(name).to_pylist(), dtype=np.float64)[:, : weeks * WEEK].sum(axis=0)
        for name in (CLOSED, REPORTED)
    )
    ratio = closed.reshape(weeks, WEEK).sum(axis=1) / np.maximum(1.0, reported.reshape(weeks, WEEK).sum(axis=1))
    found = mser(ratio, batch=1)
    return Settled(None if found.day is None else found.day * WEEK, weeks * WEEK)
