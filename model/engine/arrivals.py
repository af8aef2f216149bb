"""Phase 1: problems are born, found, or come back."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import luck, numbers
from model.engine.columns import NOBODY, PARTIES_AT, POWER_AT
from model.engine.compiled import kernel, step, wide
from model.engine.eras import law_of
from model.engine.ledger import fetch_next, free_case, next_event, note, schedule, take_case
from model.engine.scoring import settle
from model.rules import feedback, supervision
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

__all__ = ["births_due", "demand_arrives", "put_on_desk"]

_PROPOSALS_A_YEAR = 4.0
"""The latent pool proposes so many times its size in a year; each proposal is taken or not."""

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


@kernel
def counted(district: Any, street: Any, stream: int, mean: float) -> int:
    """Return a street's count of this step from one of its streams."""
    if mean <= 0.0:
        return 0
    key = luck.derive(luck.derive(district.seed ^ street.key, stream), district.step)
    parts = int(mean / _LARGEST_MEAN) + 1
    n = 0
    for part in range(parts):
        n += count(district, key, mean / parts, part)
    return n


@step
def births_due(district: Any, habits: Any, units: Any, level: float, births: Any) -> int:
    """Write what each street bears in this step, and what its latent pool proposes; return the sum.

    `level` is the season times the weekday; `births` (2, streets) is written.
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
        else:
            n = counted(district, street, 0, mean)
        births[0, s] = n
        births[1, s] = 0
        if habits.citizens.feedback > 0.0:
            proposals = _PROPOSALS_A_YEAR * street.latent_pool / (365.0 * district.steps_per_day)
            births[1, s] = counted(district, street, 2, proposals)
        total += n + births[1, s]
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
    return max(1, int(numbers.lognormal(kind.work_mean, kind.work_sigma, u)))


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
    case.turned_out = 0
    case.last_asked = NOBODY
    case.whistled = 0
    case.whistle_open = 0
    case.cosmetic = 0
    case.cogoverned = 0
    case.latent = 0
    case.decided = 0
    case.declined = 0
    case.risen = 0
    case.ping_pong = 0
    case.convened = 0
    case.was_hidden = 0
    case.cohort = 0
    for word in range(len(case.held)):
        case.held[word] = np.uint64(0)


@kernel
def birth_detail(case: Any) -> int:
    """Return kind, parties and power in one number; `eventlog.columns.unpacked` takes it apart."""
    return wide(case.kind) + (wide(case.parties) << PARTIES_AT) + (wide(case.needs_power) << POWER_AT)


@kernel
def describe(district: Any, case: Any, kinds: Any) -> None:
    """Draw what the problem is: work, power, parties, severity."""
    kind = kinds[case.kind]
    case.work = work_of(district, kind, case.key, Decision.WORK, 0)
    case.needs_power = luck.draw(case.key, Decision.POWER, 0) < kind.enforcement
    case.stake = feedback.severity(kind.stake, district.severity_spread, luck.draw(case.key, Decision.STAKE, 0))
    case.parties = 1
    if luck.draw(case.key, Decision.JOINT, 0) < kind.joint:
        case.parties = 2
        for extra in range(2):
            if luck.draw(case.key, Decision.PARTIES, extra) < kind.third_party:
                case.parties += 1


@kernel
def conceive(
    district: Any, cases: Any, kinds: Any, chances: Any, history: Any, street: int, key: Any, when: int
) -> int:  # fmt: skip
    """A problem comes into being; return its row."""
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
    note(district, history, when, key, Activity.BORN, street, birth_detail(case))
    return at


@step
def prevent(
    district: Any, cases: Any, kinds: Any, tally: Any, counts: Any, settled: Any, history: Any, at: int, when: int
) -> None:  # fmt: skip
    """An amended project does not make this problem (R2): it plagues nobody, so it counts as resolved."""
    case = cases[at]
    case.reported = NOBODY
    district.prevented += 1
    if case.cohort:
        tally.prevented += 1
        tally.resolved += kinds[case.kind].limit_counts
    note(district, history, when, case.key, Activity.PREVENTED, case.street, NOBODY)
    settle(district, case, kinds, tally, counts, settled)
    free_case(district, cases, at)


@step
def bear(
    district: Any, laws: Any, habits: Any, cases: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    chances: Any, desk: Any, tally: Any, counts: Any, settled: Any, history: Any, street: int, key: Any, when: int,
) -> None:  # fmt: skip
    """A problem is born: prevented at the source, reported at once, or hidden until found."""
    at = conceive(district, cases, kinds, chances, history, street, key, when)
    case = cases[at]
    law = laws[units[street].law]
    if luck.draw(key, Decision.PREVENTED, 0) < district.from_projects * law.opinion.heard:
        prevent(district, cases, kinds, tally, counts, settled, history, at, when)
    elif luck.draw(key, Decision.REPORTED, 0) < kinds[case.kind].hidden:
        case.state = State.HIDDEN
        case.was_hidden = 1
        case.reported = NOBODY
        district.hidden += 1
        mean = feedback.found_after(law, habits, units[street].voices)
        wait = feedback.waiting_time(luck.draw(key, Decision.DETECTION, 0), mean)
        found = when + int(wait * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.ARRIVAL, Event.DETECTED, at, key, found, district.step + 1)
    else:
        report(district, law, habits, case, units[street], history, when)
        put_on_desk(district, desk, at, when)


@step
def come_forward(
    district: Any, laws: Any, habits: Any, cases: Any, units: Any, kinds: Any, chances: Any, desk: Any, history: Any,
    s: int, proposals: int,
) -> None:  # fmt: skip
    """Lighter problems of the latent pool are reported the more, the better the street's standing (S10).

    Proposals are the same under every regime; the pool refills within a year.
    """
    street = units[s]
    base = luck.derive(luck.derive(district.seed ^ street.key, 3), district.step)
    for i in range(proposals):
        key = luck.derive(base, i)
        chance = feedback.comes_forward(habits, street.standing, street.latent / street.latent_pool)
        if street.latent >= 1.0 and luck.draw(key, Decision.COMES_FORWARD, 0) < chance:
            when = district.step * district.step_ticks + int(luck.draw(key, Decision.TIME, 0) * district.step_ticks)
            at = conceive(district, cases, kinds, chances, history, s, key, when)
            cases[at].latent = 1
            cases[at].work = max(1, int(cases[at].work * district.latent_work))
            report(district, laws[street.law], habits, cases[at], street, history, when)
            put_on_desk(district, desk, at, when)
            street.latent -= 1.0
    street.latent += (street.latent_pool - street.latent) / (365.0 * district.steps_per_day)


@kernel
def report(district: Any, law: Any, habits: Any, case: Any, street: Any, history: Any, when: int) -> None:
    """A problem becomes a case: the clock runs from here. Some are reported again through another channel (N9)."""
    case.state = State.TRIAGE
    case.reported = when
    street.month_reports += 1
    if luck.draw(case.key, Decision.DUPLICATE, 0) < habits.citizens.duplicates * (1.0 - law.grids.integration):
        street.errands += habits.citizens.duplicate_work * TICKS_PER_DAY
    street.errands += supervision.showing_work(law, street) * TICKS_PER_DAY
    district.open += 1
    district.reports += 1
    note(district, history, when, case.key, Activity.REPORTED, case.street, case.latent)


@step
def come_back(
    district: Any, law: Any, habits: Any, case: Any, street: Any, kinds: Any, history: Any, when: int
) -> None:  # fmt: skip
    """A closed case recurs as a linked one: same street and kind, other luck, not of the cohort."""
    reset(case)
    case.generation += 1
    case.key = luck.derive(case.key, case.generation)
    case.born = when
    describe(district, case, kinds)
    district.born += 1
    note(district, history, when, case.key, Activity.REPEATED, case.street, birth_detail(case))
    report(district, law, habits, case, street, history, when)


@step
def arrive_by_calendar(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any,
    kinds: Any, desk: Any, history: Any,
) -> None:  # fmt: skip
    """Hidden problems are found, closed cases recur, shelved and returned ones reach the desk."""
    at = calendar[Phase.ARRIVAL, district.step, 0]
    while at != NOBODY:
        event = events[at]
        case = cases[event.case]
        fetch_next(events, cases, slots, event)
        street = units[case.street]
        law = law_of(laws, units, case)
        if event.what == Event.DETECTED:
            case.work += int(case.work * habits.citizens.worsening)
            street.errands += habits.citizens.inspection_work * law.powers.inspection * TICKS_PER_DAY
            district.hidden -= 1
            report(district, law, habits, case, street, history, event.when)
        elif event.what == Event.REPEATED:
            come_back(district, law, habits, case, street, kinds, history, event.when)
        else:
            case.state = State.TRIAGE
        put_on_desk(district, desk, event.case, event.when)
        at = next_event(district, events, at)


@step
def demand_arrives(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any,
    kinds: Any, chances: Any, births: Any, desk: Any, tally: Any, counts: Any, settled: Any, history: Any,
) -> None:  # fmt: skip
    """Phase 1. Arrays: cases, events, calendar, desk, history written; draws DEMAND, KIND, TIME, WORK, ….

    `chances` (kinds,) is the cumulative mix of the month; `births` (2, streets) comes from `births_due`.
    Times within a step are stratified: the i-th of n problems falls into the i-th of n equal parts.
    """
    start = district.step * district.step_ticks
    for s in range(district.streets):
        base = luck.derive(luck.derive(district.seed ^ units[s].key, 1), district.step)
        for i in range(births[0, s]):
            key = luck.derive(base, i)
            within = (i + luck.draw(key, Decision.TIME, 0)) / births[0, s]
            when = start + int(within * district.step_ticks)
            bear(district, laws, habits, cases, events, calendar, units, kinds, chances, desk, tally, counts, settled,
                 history, s, key, when)  # fmt: skip
        if habits.citizens.feedback > 0.0:
            come_forward(district, laws, habits, cases, units, kinds, chances, desk, history, s, births[1, s])
    arrive_by_calendar(district, laws, habits, cases, slots, events, calendar, units, kinds, desk, history)
