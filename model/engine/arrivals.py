"""Phase 1: problems are born, found, or come back."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import luck, numbers
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step
from model.engine.ledger import fetch_next, next_event, note, schedule, take_case
from model.rules import feedback
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

__all__ = ["births_due", "demand_arrives", "put_on_desk"]

_LARGEST_MEAN = 300.0
"""A larger mean is drawn in parts, so that the chance of zero does not underflow."""


@step
def count(district: Any, key: Any, mean: float, occurrence: int) -> int:
    """Return a Poisson or negative binomial count by inversion of one draw."""
    left = luck.draw(key, Decision.DEMAND, occurrence)
    spread = district.dispersion if district.arrivals == 0 else 1.0
    if spread > 1.0:
        size = mean / (spread - 1.0)
        odds = (spread - 1.0) / spread
        chance = numbers.exp(-size * numbers.log(spread))
    else:
        size = 0.0
        odds = 0.0
        chance = numbers.exp(-mean)
    n = 0
    while left > chance and chance > 0.0:
        left -= chance
        n += 1
        chance *= odds * (size + n - 1.0) / n if spread > 1.0 else mean / n
    return n


@step
def births_due(district: Any, units: Any, level: float, births: Any) -> int:
    """Write how many problems each street bears in this step and return their sum.

    `level` is the season times the weekday; `births` (streets,) is written.
    """
    total = 0
    for s in range(district.streets):
        street = units[s]
        mean = street.demand * level / district.steps_per_day
        n = 0
        if district.arrivals == 2:
            street.carry += mean
            n = int(street.carry)
            street.carry -= n
        elif mean > 0.0:
            key = luck.derive(luck.derive(district.seed ^ street.key, 0), district.step)
            parts = int(mean / _LARGEST_MEAN) + 1
            for part in range(parts):
                n += count(district, key, mean / parts, part)
        births[s] = n
        total += n
    return total


@kernel
def put_on_desk(district: Any, desk: Any, case: int, when: int) -> None:
    """Lay a case on its street's desk for this step."""
    desk[district.triage].case = case
    desk[district.triage].when = when
    district.triage += 1


@kernel
def work_of(district: Any, kind: Any, key: Any, decision: int, occurrence: int) -> int:
    """Return the intrinsic work in ticks, at least one."""
    if district.work == 2:
        return max(1, int(kind.work_mean))
    u = luck.draw(key, decision, occurrence)
    if district.work == 1:
        return max(1, int(-kind.work_mean * numbers.log(u)))
    sigma = kind.work_sigma
    return max(1, int(kind.work_mean * numbers.exp(sigma * numbers.normal_quantile(u) - 0.5 * sigma * sigma)))


@kernel
def reset(case: Any) -> None:
    """Clear what happened to the former problem of this row."""
    case.settling_since = NOBODY
    case.ownerless_since = NOBODY
    case.declared = NOBODY
    case.closed = NOBODY
    case.dropped = NOBODY
    case.reopened = NOBODY
    case.repeated = NOBODY
    case.responded = NOBODY
    case.first_slot = NOBODY
    case.circulating = 0
    case.ownerless = 0
    case.worked = 0
    case.passes = 0
    case.evasive = 0
    case.attempts = 0
    case.pressed = 0
    case.askings = 0
    case.rounds = 0
    case.unfilled = 0
    case.unworked = 0
    case.offered = 0
    case.whistled = 0
    case.whistle_open = 0
    case.cosmetic = 0
    case.cogoverned = 0
    case.ping_pong = 0
    case.convened = 0
    case.was_hidden = 0
    case.cohort = 0
    for word in range(len(case.held)):
        case.held[word] = np.uint64(0)


@kernel
def describe(district: Any, case: Any, kinds: Any) -> None:
    """Draw what the problem is: work, power, parties, severity."""
    kind = kinds[case.kind]
    case.work = work_of(district, kind, case.key, Decision.WORK, 0)
    case.needs_power = luck.draw(case.key, Decision.POWER, 0) < kind.enforcement
    case.stake = feedback.severity(kind.stake, luck.draw(case.key, Decision.STAKE, 0))
    case.parties = 1
    if luck.draw(case.key, Decision.JOINT, 0) < kind.joint:
        case.parties = 2
        for extra in range(2):
            if luck.draw(case.key, Decision.PARTIES, extra) < kind.third_party:
                case.parties += 1


@step
def bear(
    district: Any, habits: Any, cases: Any, events: Any, calendar: Any, kinds: Any, chances: Any, desk: Any,
    history: Any, street: int, key: Any, when: int,
) -> None:  # fmt: skip
    """A problem is born; it is reported at once or stays hidden until found."""
    at = take_case(district, cases)
    case = cases[at]
    reset(case)
    case.key = key
    case.street = street
    case.born = when
    case.generation = 0
    u = luck.draw(key, Decision.KIND, 0)
    k = 0
    while chances[k] < u:
        k += 1
    case.kind = k
    describe(district, case, kinds)
    case.cohort = district.in_window
    district.born += 1
    note(district, history, when, key, Activity.BORN, street)
    if luck.draw(key, Decision.REPORTED, 0) < kinds[k].hidden:
        case.state = State.HIDDEN
        case.was_hidden = 1
        case.reported = NOBODY
        district.hidden += 1
        wait = feedback.waiting_time(luck.draw(key, Decision.DETECTION, 0), habits.citizens.found_after)
        found = when + int(wait * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.ARRIVAL, Event.DETECTED, at, key, found, district.step + 1)
    else:
        report(district, case, history, when)
        put_on_desk(district, desk, at, when)


@kernel
def report(district: Any, case: Any, history: Any, when: int) -> None:
    """A problem becomes a case: the clock runs from here."""
    case.state = State.TRIAGE
    case.reported = when
    district.open += 1
    district.reports += 1
    note(district, history, when, case.key, Activity.REPORTED, case.street)


@step
def come_back(district: Any, case: Any, kinds: Any, history: Any, when: int) -> None:
    """A closed case recurs as a linked one: same street and kind, other luck, not of the cohort."""
    reset(case)
    case.generation += 1
    case.key = luck.derive(case.key, case.generation)
    case.born = when
    describe(district, case, kinds)
    district.born += 1
    note(district, history, when, case.key, Activity.REPEATED, case.street)
    report(district, case, history, when)


@step
def arrive_by_calendar(
    district: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, kinds: Any, desk: Any,
    history: Any,
) -> None:  # fmt: skip
    """Hidden problems are found, closed cases recur, shelved and returned ones reach the desk."""
    at = calendar[Phase.ARRIVAL, district.step, 0]
    while at != NOBODY:
        event = events[at]
        case = cases[event.case]
        fetch_next(events, cases, slots, event)
        if event.what == Event.DETECTED:
            case.work += int(case.work * habits.citizens.worsening)
            district.hidden -= 1
            report(district, case, history, event.when)
        elif event.what == Event.REPEATED:
            come_back(district, case, kinds, history, event.when)
        else:
            case.state = State.TRIAGE
        put_on_desk(district, desk, event.case, event.when)
        at = next_event(district, events, at)


@step
def demand_arrives(
    district: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    chances: Any, births: Any, desk: Any, history: Any,
) -> None:  # fmt: skip
    """Phase 1. Arrays: cases, events, calendar, desk, history written; draws DEMAND, KIND, TIME, WORK, ….

    `chances` (kinds,) is the cumulative mix of the month; `births` (streets,) comes from `births_due`.
    Times within a step are stratified: the i-th of n problems falls into the i-th of n equal parts.
    """
    start = district.step * district.step_ticks
    for s in range(district.streets):
        base = luck.derive(luck.derive(district.seed ^ units[s].key, 1), district.step)
        for i in range(births[s]):
            key = luck.derive(base, i)
            within = (i + luck.draw(key, Decision.TIME, 0)) / births[s]
            when = start + int(within * district.step_ticks)
            bear(district, habits, cases, events, calendar, kinds, chances, desk, history, s, key, when)
    arrive_by_calendar(district, habits, cases, slots, events, calendar, kinds, desk, history)
