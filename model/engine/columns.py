"""Every column of the engine's tables, declared once: name, type, unit, meaning.

A table is a structured record array; kernels hand its rows to rules, which read them by attribute
exactly as they read the twin's plain objects.
"""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np

__all__ = [
    "CASES", "CLAIMS", "DESK", "DISTRICT", "ERAS", "EVENTS", "HISTORY", "KINDS", "NOBODY", "PARTIES_AT", "POSTS",
    "POWER_AT", "SLOTS", "TALLY", "UNITS", "Column", "record_type", "topic_type",
]  # fmt: skip

NOBODY = -1
"""Index that means: no row."""

PARTIES_AT, POWER_AT = 12, 16
"""Bits of the detail of a birth where parties and power stand, above the kind."""

HELD_WORDS = 4
"""64-bit words that remember which departments were asked: up to 256 departments."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: str
    unit: str
    meaning: str


def record_type(columns: tuple[Column, ...]) -> np.dtype[Any]:
    """Return the aligned record type of a table; `held` is the one column with several words."""
    shapes = [(c.name, c.type, (HELD_WORDS,)) if c.name == "held" else (c.name, c.type) for c in columns]
    return np.dtype((np.record, np.dtype(shapes, align=True)))


def topic_type(topics: Any) -> np.dtype[Any]:
    """Return the nested record type of a law or of habits, from its dataclass."""
    nested = []
    for field in dataclasses.fields(topics):
        topic = getattr(topics, field.name)
        words = {bool: "i1", int: "i8", float: "f8"}
        inner = [(f.name, words[type(getattr(topic, f.name))]) for f in dataclasses.fields(topic)]
        nested.append((field.name, np.dtype((np.record, np.dtype(inner, align=True)))))
    return np.dtype((np.record, np.dtype(nested, align=True)))


def _columns(*rows: tuple[str, str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


CASES = _columns(
    # First two cache lines: what deciding about a case reads. Times of the past stand behind.
    ("key", "u8", "word", "identity: derived from seed, street, step, ordinal"),
    ("reported", "i8", "ticks", "first report"),
    ("settling_since", "i8", "ticks", "since when nobody settled works on it, or -1"),
    ("ownerless_since", "i8", "ticks", "since when it has no owner after a refusal, or -1"),
    ("work", "i8", "ticks", "intrinsic work"),
    ("stake", "f8", "0-1", "severity"),
    ("held", "u8", "bits", "departments that were ever asked"),
    ("first_slot", "i4", "row", "first of its slots, or -1"),
    ("next", "i4", "row", "next free row"),
    ("street", "i2", "row", "street on whose ground it lies"),
    ("kind", "i2", "row", "case kind"),
    ("passes", "i2", "passes", "how often passed on"),
    ("evasive", "i2", "passes", "of these, evasive ones"),
    ("attempts", "i2", "attempts", "how often it came back to the street"),
    ("pressed", "i2", "times", "how often pressed by supervision"),
    ("askings", "i2", "times", "how often a unit was asked; the occurrence of its draws"),
    ("rounds", "i2", "times", "how often worked; the occurrence of closing draws"),
    ("last_asked", "i2", "row", "department asked last, or -1"),
    ("generation", "i2", "times", "how often it has recurred as a linked case"),
    ("parties", "i1", "units", "parties it needs"),
    ("unfilled", "i1", "slots", "slots not filled yet"),
    ("unworked", "i1", "slots", "slots not worked yet"),
    ("state", "i1", "State", "state"),
    ("needs_power", "i1", "switch", "needs enforcement power"),
    ("cohort", "i1", "switch", "born in the window and not settled yet"),
    ("offered", "i1", "switch", "was ever offered to a department"),
    ("turned_out", "i1", "switch", "its street has turned to others"),
    ("whistled", "i1", "switch", "was ever whistled"),
    ("whistle_open", "i1", "switch", "goes by whistle now"),
    ("cosmetic", "i1", "switch", "some party only pretended to work"),
    ("cogoverned", "i1", "switch", "closed with residents"),
    ("ping_pong", "i1", "switch", "a department held it again after another"),
    ("convened", "i1", "switch", "all parties are asked at once"),
    ("was_hidden", "i1", "switch", "was not reported when born"),
    ("latent", "i1", "switch", "came from the latent pool"),
    ("decided", "i1", "switch", "the street's party committee approved its whistle"),
    ("declined", "i1", "switch", "the committee has declined its whistle, and a letter goes"),
    ("risen", "i1", "switch", "went to the level above"),
    ("born", "i8", "ticks", "when the problem was born"),
    ("responded", "i8", "ticks", "first time a unit took it in hand, or -1"),
    ("worked", "i8", "ticks", "when its last party accepted, then when its last party finished"),
    ("circulating", "i8", "ticks", "time before its parties stood together"),
    ("ownerless", "i8", "ticks", "time without an owner after refusals"),
    ("declared", "i8", "ticks", "first declared closure, or -1"),
    ("closed", "i8", "ticks", "last real closure that still stands, or -1"),
    ("dropped", "i8", "ticks", "when the citizen gave up, or -1"),
    ("reopened", "i8", "ticks", "first reopening, or -1"),
    ("repeated", "i8", "ticks", "when the linked repeat comes, or -1"),
)

SLOTS = _columns(
    ("case", "i4", "row", "its case"),
    ("unit", "i4", "row", "unit asked or working"),
    ("claim", "i4", "row", "that unit's claim on the kind, or -1"),
    ("sibling", "i4", "row", "next slot of the case, or -1"),
    ("next", "i4", "row", "next in the queue, or next free row"),
    ("state", "i1", "Slot", "state"),
    ("started", "i1", "switch", "work has begun"),
    ("cosmetic", "i1", "switch", "the party only pretends to work"),
    ("passes", "i4", "passes", "passes of this slot"),
    ("asking", "i4", "times", "the case's count of askings when this unit was asked"),
    ("work", "i8", "ticks", "the party's share of the work"),
    ("hours", "i8", "ticks", "person-time still needed, set when work begins"),
    ("meeting", "i8", "ticks", "attendance it costs, part of hours"),
    ("ready", "i8", "ticks", "earliest time at which it can be worked"),
)

EVENTS = _columns(
    ("what", "i4", "Event", "what happens"),
    ("case", "i4", "row", "case"),
    ("slot", "i4", "row", "slot, for an answer, or -1"),
    ("next", "i4", "row", "next event of the same phase and step"),
    ("key", "u8", "word", "key of the case; another key in the row means the event is stale"),
    ("when", "i8", "ticks", "exact time"),
)

UNITS = _columns(
    ("key", "u8", "word", "from its code"),
    ("level", "i4", "Level", "level"),
    ("law", "i4", "row", "law in force there"),
    ("successor", "i4", "row", "unit that does its work: itself, or what it was merged into"),
    ("staff", "i8", "persons", "people at this unit"),
    ("moved", "i8", "persons", "net people that dynamic quotas have brought"),
    ("home_hours", "f8", "persons", "stationed people's time that stays with their home unit"),
    ("commanded", "f8", "share", "share of its people's day that the unit commands"),
    ("experts", "i8", "persons", "people of a street who came from departments"),
    ("expertise", "f8", "share", "of a street's enforcement cases, those that its experts can take"),
    ("township", "i1", "switch", "a township, not a subdistrict"),
    ("may_whistle", "i1", "switch", "the street holds the right to whistle"),
    ("stationed_share", "f8", "share", "its people who are stationed in streets"),
    ("enforcement", "i1", "switch", "holds enforcement power"),
    ("street_weight", "f8", "share", "effective weight of the streets' assessment"),
    ("share_on_cases", "f8", "share", "hours for cases while other work waits"),
    ("balance", "f8", "log ratio", "authority against responsibility"),
    ("programme_month", "f8", "ticks", "programme work given each month"),
    ("programmes", "f8", "ticks", "programme work left this month"),
    ("sent_down", "f8", "ticks", "work sent down to it and left"),
    ("errands", "f8", "ticks", "follow-ups, inspections, opinions and the like that are due"),
    ("shortfall", "f8", "ticks", "programme work that missed its deadline in the window"),
    ("share_of_streets", "f8", "share", "its share of what is sent down"),
    ("waiting", "i8", "ticks", "work in its queue"),
    ("period_asked", "i8", "ticks", "work that entered its queue since quotas were looked at last (streets)"),
    ("overwork", "f8", "0-1", "sustained overwork"),
    ("pressure", "f8", "0-1", "pressure of the monthly ranking"),
    ("involvement", "f8", "0-1", "how far residents take part"),
    ("voices", "f8", "0-1", "how far residents are heard"),
    ("credibility", "f8", "0-1", "of a street: how rarely its whistles were rejected of late"),
    ("standing", "f8", "share", "of a street's reported cases, declared closed in time, smoothed over months"),
    ("month_reports", "i8", "cases", "reported this month"),
    ("month_responded", "i8", "cases", "first taken in hand this month, in time"),
    ("month_in_time", "i8", "cases", "first declared closed in time this month"),
    ("month_satisfied", "f8", "cases", "satisfaction with cases first declared this month and really closed"),
    ("month_hours", "f8", "ticks", "hours held this month"),
    ("month_sent", "f8", "ticks", "of these on work sent down"),
    ("slack", "f8", "share", "of communities' hours, what work sent down left last month"),
    ("temper", "f8", "log-odds", "of a department: its own readiness to accept, the same under every regime"),
    ("accepting", "f8", "1", "propensity to accept"),
    ("passing", "f8", "1", "propensity to pass on"),
    ("carry", "f8", "problems", "fraction of a problem carried over (deterministic arrivals)"),
    ("demand", "f8", "problems/day", "expected births at level 1"),
    ("latent", "f8", "problems", "left in the latent pool"),
    ("latent_pool", "f8", "problems", "size of the latent pool"),
    ("going", "i4", "row", "head of the slots in service"),
    ("going_last", "i4", "row", "tail of the slots in service"),
    ("easy", "i4", "row", "head of the slots with a head start"),
    ("easy_last", "i4", "row", "tail of the slots with a head start"),
    ("misled", "i4", "row", "head of the slots on their way from the wrong section"),
    ("misled_last", "i4", "row", "tail of these"),
    ("queue", "i4", "row", "head of the others"),
    ("queue_last", "i4", "row", "tail of the others"),
    ("queued", "i8", "slots", "slots waiting or in service"),
    ("hands_over", "i1", "switch", "passes worked cases on"),
    ("received", "i8", "slots", "slots offered or taken in the window"),
    ("accepted", "i8", "slots", "of these accepted"),
    ("passed", "i8", "slots", "of these passed on"),
    ("expired", "i8", "slots", "of these never answered"),
    ("absent", "i8", "times", "accepted and did not come"),
    ("worked", "i8", "slots", "slots finished in the window"),
    ("held_ticks", "f8", "ticks", "hours held in the window"),
    ("case_ticks", "i8", "ticks", "hours on cases in the window"),
    ("meeting_ticks", "i8", "ticks", "of these attendance"),
    ("programme_ticks", "f8", "ticks", "hours on programmes in the window"),
    ("sent_ticks", "f8", "ticks", "hours on work sent down in the window"),
    ("errand_ticks", "f8", "ticks", "hours on errands in the window"),
    ("saved_ticks", "f8", "ticks", "work that technology spared in the window"),
    ("volunteer_ticks", "f8", "ticks", "work that residents did in the window"),
    ("balance_steps", "f8", "log ratio × steps", "balance summed over the window's steps"),
    ("overload_steps", "i8", "steps", "steps in the window with all hours used"),
    ("asked_work", "f8", "ticks", "work that entered its queue in the window"),
    ("sojourn", "f8", "ticks", "time from ready to done, summed over slots finished in the window"),
    ("queue_area", "f8", "slot-ticks", "queue length summed over the window's steps"),
)

KINDS = _columns(
    ("key", "u8", "word", "from its code"),
    ("work_mean", "f8", "ticks", "mean work"),
    ("work_sigma", "f8", "log", "spread of log work"),
    ("waiting_mean", "f8", "ticks", "mean wait that needs no staff"),
    ("waiting_sigma", "f8", "log", "spread of the log of that wait"),
    ("limit", "i8", "ticks", "deadline"),
    ("limit_counts", "i1", "switch", "the deadline is not shorter than a step"),
    ("enforcement", "f8", "share", "needs enforcement power"),
    ("joint", "f8", "share", "needs several parties"),
    ("third_party", "f8", "share", "chance of a third and of a fourth party"),
    ("hidden", "f8", "share", "not reported when born"),
    ("stake", "f8", "0-1", "mean severity"),
    ("recur_control", "f8", "share", "recurrence when closed by control"),
    ("recur_cogovernance", "f8", "share", "recurrence when closed with residents"),
    ("street_membership", "f8", "0-1", "the street's competence"),
    ("street_weight", "f8", "1", "weight of the street when a department looks for the next unit"),
    ("street_weight_power", "f8", "1", "the same where enforcement power is needed"),
    ("first_claim", "i4", "row", "first of the departments that claim it"),
    ("last_claim", "i4", "row", "one past the last"),
    ("enforcers", "i4", "departments", "claimants with enforcement power"),
    ("closures", "i8", "cases", "real closures of the cohort"),
    ("log_days", "f8", "log days", "sum of log days to close"),
    ("log_days_squared", "f8", "log² days", "sum of squares of log days to close"),
    ("own_due", "i8", "cases", "due and never offered to a department"),
    ("own_closed", "i8", "cases", "of these closed in time"),
    ("offered_due", "i8", "cases", "due and offered to a department"),
    ("offered_closed", "i8", "cases", "of these closed in time"),
)

CLAIMS = _columns(
    ("unit", "i4", "row", "department"),
    ("unit_key", "u8", "word", "its key"),
    ("membership", "f8", "0-1", "its claim on the kind"),
    ("overlap", "f8", "0-1", "how nearly another claims as much"),
    ("weight", "f8", "1", "its weight in a choice"),
    ("enforcement", "i1", "switch", "it holds enforcement power"),
)

ERAS = _columns(
    ("step", "i8", "steps", "first step"),
    ("law", "i4", "row", "the district's own law"),
    ("platform_capacity", "i8", "whistles/step", "screened in a step at most"),
    ("press_capacity", "i8", "cases/step", "pressed in a step at most"),
)

POSTS = (
    "law", "successor", "staff", "home_hours", "commanded", "experts", "expertise", "may_whistle", "stationed_share",
    "street_weight", "share_on_cases", "balance", "programme_month",
)  # fmt: skip
"""Columns of `UNITS` that an era sets; its table has one row a unit."""

HISTORY = _columns(
    ("when", "i8", "ticks", "time"),
    ("key", "u8", "word", "case"),
    ("activity", "i1", "Activity", "what happened"),
    ("unit", "i4", "row", "unit, or -1"),
    ("phase", "i1", "number", "phase of the day"),
    ("detail", "i4", "number", "what an activity needs beside its unit, or -1"),
)

DESK = _columns(
    ("case", "i4", "row", "case on the street's desk"),
    ("when", "i8", "ticks", "since when"),
)

DISTRICT = _columns(
    ("seed", "u8", "word", "key of the run"),
    ("step", "i8", "steps", "next step"),
    ("steps", "i8", "steps", "steps in all"),
    ("step_ticks", "i8", "ticks", "length of a step"),
    ("steps_per_day", "i8", "steps", "steps in a day"),
    ("window_from", "i8", "ticks", "first tick of the window"),
    ("window_until", "i8", "ticks", "one past the last tick of the window"),
    ("follow_up", "i8", "ticks", "how long each problem is followed"),
    ("orphan_after", "i8", "ticks", "time without an owner that makes an orphan"),
    ("last_bin", "i8", "bins", "last bin of the days-to-close histogram"),
    ("streets", "i8", "units", "streets"),
    ("departments", "i8", "units", "departments"),
    ("first_department", "i8", "row", "row of the first department"),
    ("kinds", "i8", "kinds", "case kinds; a law has its own rows of them"),
    ("era", "i8", "row", "next era"),
    ("law", "i4", "row", "the district's own law"),
    ("arrivals", "i8", "number", "0 negative binomial, 1 Poisson, 2 deterministic"),
    ("work", "i8", "number", "0 lognormal, 1 exponential, 2 deterministic"),
    ("dispersion", "f8", "variance/mean", "of daily counts"),
    ("weekend_demand", "f8", "times", "demand on a weekend day"),
    ("weekend_staff", "f8", "share", "people present on a weekend day"),
    ("programme_spread", "f8", "log work", "spread of monthly programme work"),
    ("month_days", "i8", "days", "days between programme deadlines"),
    ("per_scale", "f8", "times", "one over the scale of the run"),
    ("from_projects", "f8", "share", "problems that grow out of projects"),
    ("needs_city", "f8", "share", "departments' cases that need the city"),
    ("needs_street", "f8", "share", "communities' cases that need the street"),
    ("above_work", "f8", "share of work", "work of the level above"),
    ("latent_work", "f8", "times", "work of a problem from the latent pool"),
    ("severity_spread", "f8", "share", "spread of severity within a kind"),
    ("capacity_neutral", "i1", "switch", "hours of volunteers and of technology are booked, not used"),
    ("platform_capacity", "i8", "whistles/step", "screened in a step at most"),
    ("press_capacity", "i8", "cases/step", "pressed in a step at most"),
    ("free_case", "i4", "row", "first case row given back, or -1"),
    ("free_slot", "i4", "row", "first slot row given back, or -1"),
    ("free_event", "i4", "row", "first event row given back, or -1"),
    ("fresh_case", "i4", "row", "first case row never used"),
    ("fresh_slot", "i4", "row", "first slot row never used"),
    ("fresh_event", "i4", "row", "first event row never used"),
    ("cases_used", "i8", "rows", "case rows in use"),
    ("slots_used", "i8", "rows", "slot rows in use"),
    ("events_used", "i8", "rows", "event rows in use"),
    ("triage", "i8", "cases", "cases on the streets' desks this step"),
    ("history", "i8", "rows", "history rows written"),
    ("lines_a_case", "i8", "rows", "history rows that a case can write in a step"),
    ("history_on", "i1", "switch", "history is kept"),
    ("settled", "i8", "rows", "settled rows written"),
    ("settled_on", "i1", "switch", "settled cases are kept"),
    ("phase", "i4", "number", "phase of the day"),
    ("in_window", "i1", "switch", "the step lies in the window"),
    ("births", "i8", "problems", "problems due in this step"),
    ("supervises", "i1", "switch", "some law of the run lets supervision press"),
    ("births_drawn", "i1", "switch", "births of this step are drawn"),
    ("prevented", "i8", "cases", "prevented at the source"),
    ("born", "i8", "cases", "problems born, linked ones included"),
    ("hidden", "i8", "cases", "hidden now"),
    ("open", "i8", "cases", "reported and not finished now"),
    ("done", "i8", "cases", "finished"),
    ("dropped", "i8", "cases", "given up"),
    ("closures", "i8", "cases", "real closures so far"),
    ("cosmetic", "i8", "cases", "cosmetic closures so far"),
    ("reports", "i8", "cases", "reports so far"),
    ("passes", "i8", "passes", "passes so far"),
)

TALLY = _columns(
    ("problems", "i8", "cases", "cohort"),
    ("reported", "i8", "cases", "reported or found"),
    ("due", "i8", "cases", "reported, of a class that a step resolves"),
    ("closed_in_time", "i8", "cases", "last real closure within the limit"),
    ("closed_30", "i8", "cases", "last real closure within 30 days"),
    ("resolved", "i8", "cases", "problems really closed within the limit after report"),
    ("declared_in_time", "i8", "cases", "first declared closure within the limit"),
    ("declared", "i8", "cases", "declared closed within follow-up"),
    ("declared_30", "i8", "cases", "declared closed with 30 days of follow-up left"),
    ("reopened_30", "i8", "cases", "of these reopened within 30 days"),
    ("closed", "i8", "cases", "really closed at the end of follow-up"),
    ("repeated", "i8", "cases", "of these with a linked repeat in follow-up"),
    ("dropped", "i8", "cases", "dropped within follow-up"),
    ("overdue", "i8", "cases", "not really closed within the limit"),
    ("responded", "i8", "cases", "taken in hand within the deadline or three days"),
    ("satisfaction", "f8", "cases", "sum of satisfaction"),
    ("backlog", "i8", "cases", "open at the end of follow-up"),
    ("offered", "i8", "cases", "ever offered to a department"),
    ("passes", "i8", "passes", "passes of these"),
    ("passed", "i8", "cases", "of these passed at least once"),
    ("ping_pong", "i8", "cases", "of these held again by a former holder"),
    ("evasive", "i8", "passes", "evasive passes"),
    ("orphans", "i8", "cases", "ownerless beyond the limit"),
    ("circulating", "f8", "ticks", "circulating time of cases offered"),
    ("due_problems", "i8", "cases", "cohort of classes that a step resolves"),
    ("prevented", "i8", "cases", "cohort prevented at the source"),
    ("hidden", "i8", "cases", "hidden when born"),
    ("found", "i8", "cases", "of these found within follow-up"),
    ("whistled", "i8", "cases", "whistled"),
    ("joint", "i8", "cases", "joint cases reported"),
    ("joint_closed", "i8", "cases", "of these closed in time"),
    ("enforcement", "i8", "cases", "enforcement cases reported"),
    ("enforcement_closed", "i8", "cases", "of these closed in time"),
    ("whistles", "i8", "whistles", "whistles screened in the window"),
    ("whistles_right", "i8", "whistles", "of these addressed rightly"),
    ("declarations", "i8", "closures", "declared closures in the window"),
    ("cosmetic", "i8", "closures", "of these cosmetic"),
    ("turned_out", "i8", "cases", "sent beyond the street in the window"),
    ("taken_by_team", "i8", "cases", "of these taken up by the platform team"),
    ("risen", "i8", "cases", "taken up by the level above in the window"),
    ("waited_above", "f8", "ticks", "their wait for it"),
    ("closings", "i8", "closures", "enforcement closures in the window"),
    ("arbitrary", "i8", "closures", "of these arbitrary"),
    ("answers_due", "i8", "answers", "answers and attendances due in the window"),
    ("inaction", "i8", "answers", "of these missing"),
)
