"""THE MAIN LOOP: a step is nine calls in order."""

from __future__ import annotations

from typing import Any

from model.engine.answers import departments_answer
from model.engine.arrivals import births_due, demand_arrives
from model.engine.closing import results_show, supervision_presses
from model.engine.compiled import main_kernel, step
from model.engine.desk import streets_triage
from model.engine.eras import new_eras
from model.engine.month import score
from model.engine.platform import platform_accepts
from model.engine.scoring import settle_open
from model.engine.superiors import superiors_assign
from model.engine.work import units_work

__all__ = ["PHASES", "advance"]

PHASES = (
    "demand_arrives",
    "superiors_assign",
    "streets_triage",
    "platform_accepts",
    "departments_answer",
    "units_work",
    "supervision_presses",
    "results_show",
    "score",
)
"""The nine calls, in order; `advance` makes exactly these."""

_EVENTS_A_CASE = 8


@step
def prepare_step(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, eras: Any,
    posts: Any, season: Any, births: Any,
) -> int:  # fmt: skip
    """Set the step's clock, begin new eras, draw how many problems come; return the month (0–11)."""
    day = district.step // district.steps_per_day
    month = (day % 365) * 12 // 365
    now = district.step * district.step_ticks
    district.in_window = district.window_from <= now < district.window_until
    if not district.births_drawn:
        new_eras(district, laws, eras, posts, cases, slots, events, calendar, units)
        level = season[month] * (district.weekend_demand if day % 7 >= 5 else 1.0)
        district.births = births_due(district, habits, units, level, births)
        district.births_drawn = 1
    return month


@step
def lacks_room(district: Any, cases: Any, events: Any, settled: Any, history: Any) -> bool:
    """Tell whether some table could overflow in this step; nothing has been changed yet."""
    live = district.cases_used + district.births
    return (
        live > len(cases)
        or district.events_used + _EVENTS_A_CASE * live > len(events)
        or (district.settled_on and district.settled + live > len(settled))
        or (district.history_on and district.history + district.lines_a_case * live > len(history))
    )


@main_kernel
def advance(
    districts: Any, laws: Any, people: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, eras: Any, posts: Any, trust: Any, transfers: Any, asked: Any, hand_overs: Any,
    desk: Any, tallies: Any, counts: Any, settled: Any, history: Any, clocks: Any, births: Any, chances: Any,
    season: Any, daily: Any, until: int,
) -> bool:  # fmt: skip
    """Advance to step `until`, or stop before a step for which a table lacks room and return False.

    All arrays are those of `tables.Tables`, in its order; `districts`, `people` and `tallies` have one row.
    """
    district, habits, tally = districts[0], people[0], tallies[0]
    while district.step < until:
        month = prepare_step(district, laws, habits, cases, slots, events, calendar, units, eras, posts, season,
                             births)  # fmt: skip
        if lacks_room(district, cases, events, settled, history):
            return False
        district.phase = 1
        demand_arrives(district, laws, habits, cases, slots, events, calendar, units, kinds, chances[month], births,
                       desk, tally, counts, settled, history)  # fmt: skip
        district.phase = 2
        superiors_assign(district, laws, habits, units)
        district.phase = 3
        streets_triage(district, laws, habits, cases, slots, events, calendar, units, kinds, claims, covers, trust,
                       asked, desk, tally, counts, settled, history)  # fmt: skip
        district.phase = 4
        platform_accepts(district, laws, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked,
                         tally, counts, settled, history)  # fmt: skip
        district.phase = 5
        departments_answer(district, laws, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked,
                           hand_overs, tally, counts, settled, history)  # fmt: skip
        district.phase = 6
        units_work(district, laws, habits, cases, slots, events, calendar, units, kinds, transfers, hand_overs, tally,
                   counts, settled, history, clocks, daily)  # fmt: skip
        district.phase = 7
        supervision_presses(district, laws, cases, slots, events, calendar, units, history)
        district.phase = 8
        results_show(district, laws, habits, cases, slots, events, calendar, units, kinds, tally, counts, settled,
                     history)  # fmt: skip
        district.phase = 9
        score(district, laws, habits, units, asked, daily)
        district.step += 1
        district.births_drawn = 0
    if district.step == district.steps:
        settle_open(district, cases, kinds, tally, counts, settled)
    return True
