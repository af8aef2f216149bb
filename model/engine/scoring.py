"""The cohort: each problem is settled once, as it stood at the end of its follow-up; and the day's line."""

from __future__ import annotations

from typing import Any

from model import numbers
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step
from model.rules import feedback
from model.terms import TICKS_PER_DAY

__all__ = [
    "BINS_PER_DAY",
    "CLOSED_IN_TIME",
    "CLOSURES",
    "DROPS",
    "DUE",
    "FIRST_HOURS",
    "MOST_PASSES",
    "PASSES",
    "settle",
    "settle_late",
    "settle_open",
    "write_day",
]

BINS_PER_DAY = 8
"""Resolution of the days-to-close histogram."""

MOST_PASSES = 32
"""Pass counts from here on share the last bin."""

CLOSURES, DROPS, PASSES, DUE, CLOSED_IN_TIME = range(5)
"""Rows of `counts`."""

FIRST_QUEUED, FIRST_HOURS = 9, 14
"""First columns of `daily` for queues and for hours, by level."""

_THIRTY = 30 * TICKS_PER_DAY


@kernel
def settle(district: Any, case: Any, kinds: Any, tally: Any, counts: Any, settled: Any) -> None:
    """Book a problem of the cohort as it stands; called once, before anything later than its follow-up counts.

    `counts` (5, bins) counts cases: row 0 real closures and row 1 drops by eighths of a day since report, row 2
    cases offered by passes, rows 3 and 4 cases due and closed in time by street.
    A problem counts as found if it is reported before the last 30 days of its follow-up.
    """
    if not case.cohort:
        return
    case.cohort = 0
    cutoff = case.born + district.follow_up
    kind = kinds[case.kind]
    tally.problems += 1 - case.latent
    tally.due_problems += kind.limit_counts * (1 - case.latent)
    tally.hidden += case.was_hidden
    found = case.reported != NOBODY and case.reported <= cutoff - _THIRTY
    if district.settled_on:
        write(district, case, settled)
    if not found:
        return
    tally.reported += 1
    tally.found += case.was_hidden
    closed = case.closed != NOBODY and case.closed <= cutoff
    lasted = case.closed - case.reported
    in_time = closed and lasted <= kind.limit
    reopened = case.reopened != NOBODY and case.reopened <= cutoff
    tally.closed += closed
    tally.closed_30 += closed and lasted <= _THIRTY
    if closed:
        tally.satisfaction += feedback.satisfaction(in_time, reopened)
    tally.repeated += closed and case.repeated != NOBODY and case.repeated <= cutoff
    book_deadline(case, kind, tally, counts, in_time, cutoff)
    book_declared(case, tally, cutoff)
    book_offered(district, case, tally, counts, cutoff)
    dropped = case.dropped != NOBODY and case.dropped <= cutoff
    tally.dropped += dropped
    tally.backlog += not closed and not dropped
    if closed:
        book_closure(case, kind, counts, district.last_bin)
    elif dropped:
        counts[DROPS, min(district.last_bin, (case.dropped - case.reported) * BINS_PER_DAY // TICKS_PER_DAY)] += 1


@kernel
def settle_late(district: Any, case: Any, kinds: Any, tally: Any, counts: Any, settled: Any, now: int) -> None:
    """Settle a problem before something happens to it after its follow-up."""
    if case.cohort and now > case.born + district.follow_up:
        settle(district, case, kinds, tally, counts, settled)


@step
def write(district: Any, case: Any, settled: Any) -> None:
    """Keep the whole row of a settled case."""
    settled[district.settled] = case
    district.settled += 1


@step
def book_deadline(case: Any, kind: Any, tally: Any, counts: Any, in_time: bool, cutoff: int) -> None:
    """Count what is measured against the deadline, for classes that a step resolves."""
    if not kind.limit_counts:
        return
    if case.offered:
        kind.offered_due += 1
        kind.offered_closed += in_time
    else:
        kind.own_due += 1
        kind.own_closed += in_time
    tally.due += 1
    counts[DUE, case.street] += 1
    counts[CLOSED_IN_TIME, case.street] += in_time
    tally.closed_in_time += in_time
    tally.resolved += in_time * (1 - case.latent)
    tally.overdue += not in_time
    declared = case.declared != NOBODY and case.declared <= cutoff
    tally.declared_in_time += declared and case.declared - case.reported <= kind.limit
    tally.responded += case.responded != NOBODY and case.responded - case.reported <= kind.limit
    if case.parties > 1:
        tally.joint += 1
        tally.joint_closed += in_time
    if case.needs_power:
        tally.enforcement += 1
        tally.enforcement_closed += in_time


@step
def book_declared(case: Any, tally: Any, cutoff: int) -> None:
    """Count declared closures and those reopened within 30 days."""
    tally.declared += case.declared != NOBODY and case.declared <= cutoff
    if case.declared != NOBODY and case.declared <= cutoff - _THIRTY:
        tally.declared_30 += 1
        tally.reopened_30 += case.reopened != NOBODY and case.reopened - case.declared <= _THIRTY


@step
def book_offered(district: Any, case: Any, tally: Any, counts: Any, cutoff: int) -> None:
    """Count passing over the cases ever offered to a department."""
    tally.whistled += case.whistled
    if not case.offered:
        return
    tally.offered += 1
    tally.passes += case.passes
    tally.passed += case.passes > 0
    tally.evasive += case.evasive
    tally.ping_pong += case.ping_pong
    counts[PASSES, min(case.passes, MOST_PASSES - 1)] += 1
    end = cutoff if case.dropped == NOBODY else min(cutoff, case.dropped)
    circulating = case.circulating
    if case.settling_since != NOBODY:
        circulating += max(0, end - case.settling_since)
    tally.circulating += circulating
    ownerless = case.ownerless
    if case.ownerless_since != NOBODY:
        ownerless += max(0, end - case.ownerless_since)
    tally.orphans += ownerless > district.orphan_after


@step
def book_closure(case: Any, kind: Any, counts: Any, last_bin: int) -> None:
    """Count the time to a real closure, in the histogram and by kind as log days."""
    lasted = case.closed - case.reported
    counts[CLOSURES, min(last_bin, lasted * BINS_PER_DAY // TICKS_PER_DAY)] += 1
    log_days = numbers.log(max(1, lasted) / TICKS_PER_DAY)
    kind.closures += 1
    kind.log_days += log_days
    kind.log_days_squared += log_days * log_days


@step
def settle_open(district: Any, cases: Any, kinds: Any, tally: Any, counts: Any, settled: Any) -> None:
    """At the end of the run, settle every problem of the cohort that is still in the table."""
    for at in range(len(cases)):
        if cases[at].state != 0:
            settle(district, cases[at], kinds, tally, counts, settled)


@step
def write_day(district: Any, units: Any, daily: Any, day: int) -> None:
    """Write the day's line: `daily` (days, columns) is cumulative or a level, in the order of `tables.DAILY`."""
    daily[day, 0] = district.born
    daily[day, 1] = district.reports
    daily[day, 2] = district.closures
    daily[day, 3] = district.cosmetic
    daily[day, 4] = district.passes
    daily[day, 5] = district.open
    daily[day, 6] = district.hidden
    daily[day, 7] = district.done
    daily[day, 8] = district.dropped
    for u in range(len(units)):
        daily[day, FIRST_QUEUED + units[u].level] += units[u].queued
