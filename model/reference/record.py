"""simulate_plainly(scenario, seed) → PlainRecord: what the twin leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mesa

from model.reference.district import PlainDistrict

__all__ = ["PlainRecord", "simulate_plainly"]


@dataclass(frozen=True)
class PlainRecord:
    """What a run of the twin leaves.

    Attributes
    ----------
    history : list of tuple
        (ticks, case key, activity, row of the unit, phase), in the order it happened; empty unless kept.
    tally : dict
        Over the cohort and the window, by the names of the engine's tally; what never happened is missing.
    units : dict of list
        By the names of the engine's columns, one value a unit.
    daily : list of dict
        One a day, by the names of the engine's daily series; running totals are from the first day.
    days : dict
        Real closures and drops by bin of time since report.
    passes : dict
        Cases offered by passes.
    kinds : dict
        Cases due and closed in time, by (holder, row of the kind).
    hand_overs : dict
        By (from, to), places of departments; one past the last is the street.
    cases_total : int
        Problems born, linked repeats included.
    """

    history: list[tuple[int, int, int, int, int]]
    tally: dict[str, float]
    units: dict[str, list[float]]
    daily: list[dict[str, int]]
    days: dict[str, dict[int, int]]
    passes: dict[int, int]
    kinds: dict[tuple[str, int], int]
    hand_overs: dict[tuple[int, int], int]
    cases_total: int


_LEFT = (
    "staff", "moved", "queued", "waiting", "programmes", "sent_down", "errands", "overwork", "pressure", "involvement",
)  # fmt: skip


def simulate_plainly(scenario: Any, seed: int, *, history: bool = False) -> PlainRecord:
    """Run the twin once.

    Parameters
    ----------
    scenario : Scenario
        Anything with `law`, `habits` and `world`.
    seed : int
        Names the luck, as for the engine.
    history : bool
        Keep what happens to every case.

    Returns
    -------
    PlainRecord
        The same histories and figures as the engine's.
    """
    model = PlainDistrict(scenario, seed, history=history)
    try:
        for _ in range(model.calendar.steps):
            model.step()
    finally:
        getattr(mesa.Agent, "_ids", {}).pop(model, None)  # Mesa 3.3 keeps every model alive through this
    return record_of(model)


def record_of(model: PlainDistrict) -> PlainRecord:
    """Copy the figures out of a model after its last day."""
    names = sorted({name for unit in model.units for name in unit.books})
    units: dict[str, list[float]] = {name: [unit.books[name] for unit in model.units] for name in names}
    units |= {name: [getattr(unit, name) for unit in model.units] for name in _LEFT}
    return PlainRecord(
        history=model.history or [],
        tally=dict(model.books.tally),
        units=units,
        daily=[dict(day) for day in model.daily],
        days={"closures": dict(model.books.closures), "drops": dict(model.books.drops)},
        passes=dict(model.books.passes),
        kinds=dict(model.books.kinds),
        hand_overs=dict(model.hand_overs),
        cases_total=model.totals["born"],
    )
