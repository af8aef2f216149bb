"""The cohort: each problem is settled once, as it stood at the end of its follow-up; and the day's line."""

from model import portable_math, rng
from model.engine import ledger
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.rows import CaseRow, KindRow
from model.rules import feedback
from model.terms import TICKS_PER_DAY, Activity, Decision

BINS_PER_DAY = 8  # resolution of the days-to-close histogram
MOST_PASSES = 32  # pass counts from here on share the last bin
DROPS, PASSES, DUE, CLOSED_IN_TIME, FOUND_BY, ANSWERS = range(6)  # rows of `counts`
FIRST_QUEUED, FIRST_HOURS, FIRST_TRADED = 9, 14, 19  # first columns of `daily` for queues, hours by level, and trade

_THIRTY = 30 * TICKS_PER_DAY


def settle(district: District, case: CaseRow) -> None:
    """Book a problem of the cohort as it stands; called once, before anything later than its follow-up counts.

    `counts` (6, bins) counts cases: row 0 drops by eighths of a day since report, row 1 cases offered by passes, rows
    2 and 3 cases due and closed in time by street, row 4 hidden ones found by channel, those through none first; row 5
    is no matter of the cohort. `kind_days` (kinds, bins) counts real closures by eighths of a day since report.
    A problem counts as reported or found if enough of its follow-up is left.
    """
    if not case.cohort:
        return
    case.cohort = 0
    cutoff = case.born + district.follow_up
    kind = district.kinds[case.kind]
    district.tally.problems += 1 - case.latent
    district.tally.due_problems += kind.limit_counts * (1 - case.latent)
    district.tally.hidden += case.was_hidden
    found = case.reported != NOBODY and case.reported <= cutoff - district.least_follow_up
    if district.settled_on:
        district.settled[district.settled_used] = case
        district.settled_used += 1
    if not found:
        return
    district.tally.reported += 1
    kind.reported += 1
    if case.was_hidden:
        district.tally.found += 1
        district.tally.heard += case.channel != NOBODY
        district.counts[FOUND_BY, case.channel + 1] += 1
    closed = case.closed != NOBODY and case.closed <= cutoff
    lasted = case.closed - case.reported
    in_time = closed and lasted <= kind.limit
    reopened = case.reopened != NOBODY and case.reopened <= cutoff
    district.tally.closed += closed
    closed_30 = closed and lasted <= _THIRTY
    district.tally.closed_30 += closed_30
    if closed:
        district.tally.satisfaction += feedback.satisfaction(in_time, reopened)
    district.tally.repeated += closed and case.repeated != NOBODY and case.repeated <= cutoff
    book_deadline(district, case, kind, in_time, cutoff)
    district.tally.declared += case.declared != NOBODY and case.declared <= cutoff
    if case.declared != NOBODY and case.declared <= cutoff - _THIRTY:
        district.tally.declared_30 += 1
        district.tally.reopened_30 += case.reopened != NOBODY and case.reopened - case.declared <= _THIRTY
    book_offered(district, case, cutoff)
    dropped = case.dropped != NOBODY and case.dropped <= cutoff
    district.tally.dropped += dropped
    waiting = not closed and not dropped
    district.tally.backlog += waiting
    kind.waiting += waiting
    if closed:
        district.kind_days[case.kind, bin_of(district, lasted)] += 1
        log_days = portable_math.log(max(1, lasted) / TICKS_PER_DAY)
        kind.closed_30 += closed_30
        kind.log_days += log_days
        kind.log_days_squared += log_days * log_days
    elif dropped:
        district.counts[DROPS, bin_of(district, case.dropped - case.reported)] += 1


def settle_late(district: District, case: CaseRow, now: int) -> None:
    """Settle a problem before something happens to it after its follow-up."""
    if case.cohort and now > case.born + district.follow_up:
        settle(district, case)


def book_deadline(district: District, case: CaseRow, kind: KindRow, in_time: bool, cutoff: int) -> None:
    """Count what is measured against the deadline, for classes that a step resolves."""
    if not kind.limit_counts:
        return
    if case.offered:
        kind.offered_due += 1
        kind.offered_closed += in_time
    else:
        kind.own_due += 1
        kind.own_closed += in_time
    district.tally.due += 1
    district.counts[DUE, case.street] += 1
    district.counts[CLOSED_IN_TIME, case.street] += in_time
    district.tally.closed_in_time += in_time
    district.tally.resolved += in_time * (1 - case.latent)
    district.tally.overdue += not in_time
    declared = case.declared != NOBODY and case.declared <= cutoff
    district.tally.declared_in_time += declared and case.declared - case.reported <= kind.limit
    district.tally.responded += case.responded != NOBODY and case.responded - case.reported <= kind.limit
    if case.parties > 1:
        district.tally.joint += 1
        district.tally.joint_closed += in_time
    if case.needs_power:
        district.tally.enforcement += 1
        district.tally.enforcement_closed += in_time
        district.tally.on_the_spot += kind.on_the_spot
        district.tally.on_the_spot_closed += kind.on_the_spot * in_time
    if kind.emergency:
        district.tally.emergency += 1
        district.tally.emergency_closed += in_time


def book_offered(district: District, case: CaseRow, cutoff: int) -> None:
    """Count passing over the cases ever offered to a department."""
    district.tally.whistled += case.whistled
    if not case.offered:
        return
    district.tally.offered += 1
    district.tally.passes += case.passes
    district.tally.passed += case.passes > 0
    district.tally.evasive += case.evasive
    district.tally.ping_pong += case.ping_pong
    district.counts[PASSES, min(case.passes, MOST_PASSES - 1)] += 1
    end = cutoff if case.dropped == NOBODY else min(cutoff, case.dropped)
    circulating = case.circulating
    if case.settling_since != NOBODY:
        circulating += max(0, end - case.settling_since)
    district.tally.circulating += circulating
    ownerless = case.ownerless
    if case.ownerless_since != NOBODY:
        ownerless += max(0, end - case.ownerless_since)
    district.tally.orphans += ownerless > district.orphan_after


def bin_of(district: District, ticks: int) -> int:
    """Return the bin of a time since report; later ones share the last."""
    return min(district.last_bin, ticks * BINS_PER_DAY // TICKS_PER_DAY)


def settle_open(district: District) -> None:
    """At the end of the run, settle every problem of the cohort that is still in the table."""
    for at in range(district.fresh_case):
        if district.cases[at].state != 0:
            settle(district, district.cases[at])


def write_day(district: District, day: int) -> None:
    """Write the day's line: `daily` (days, columns) is cumulative or a level, in the order of `tables.DAILY`."""
    district.daily[day, 0] = district.born
    district.daily[day, 1] = district.reports
    district.daily[day, 2] = district.closures
    district.daily[day, 3] = district.cosmetic
    district.daily[day, 4] = district.passes
    district.daily[day, 5] = district.open
    district.daily[day, 6] = district.hidden
    district.daily[day, 7] = district.done
    district.daily[day, 8] = district.dropped
    for u in range(len(district.units)):
        district.daily[day, FIRST_QUEUED + district.units[u].level] += district.units[u].queued
    people, balance = 0, 0.0
    for s in range(district.streets):
        people += district.units[s].staff
        balance += district.units[s].balance
    district.daily[day, FIRST_TRADED] = people
    district.daily[day, FIRST_TRADED + 1] = district.seconded_now
    district.daily[day, FIRST_TRADED + 2] = district.borrowed_now
    district.daily[day, FIRST_TRADED + 3] = district.entrusted_now
    district.daily[day, FIRST_TRADED + 4] = int(1e6 * balance / max(1, district.streets))


def lost_patience(district: District, case: CaseRow, when: int) -> bool:
    """Tell whether the citizen has given up by now; noticed when somebody takes the case up."""
    waited = (when - case.reported) / TICKS_PER_DAY
    return feedback.gives_up(district.habits, waited, rng.draw(case.key, Decision.PATIENCE, 0))


def give_up(district: District, row: int, when: int) -> None:
    """The citizen has given up; the row is free again."""
    case = district.cases[row]
    ledger.free_slots(district, case)
    case.dropped = when
    ledger.note(district, when, case.key, Activity.DROPPED, case.street, NOBODY)
    settle(district, case)
    district.open -= 1
    district.dropped += 1
    ledger.free_case(district, row)
