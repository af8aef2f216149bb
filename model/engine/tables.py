"""The arrays of a run: made from the blueprint, doubled when a kernel says that it lacks room."""

import dataclasses
from collections import namedtuple
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import rng
from model.behaviour import Habits
from model.engine import rows
from model.engine.columns import NOBODY, record_type, topic_type
from model.engine.district import Now
from model.engine.scoring import BINS_PER_DAY, MOST_PASSES
from model.plans import Blueprint, KindPlan
from model.rules import accept, capacity, steering
from model.terms import TICKS_PER_DAY, Decision, Lane, Level, Phase, Step
from model.world import MOST_PARTIES, World

DAILY = (
    "born", "reported", "closed", "cosmetic", "passes", "open", "hidden", "done", "dropped",
    "queued_street", "queued_community", "queued_team", "queued_department", "queued_city",
    "hours_street", "hours_community", "hours_team", "hours_department", "hours_city",
    "staff_street", "seconded", "borrowed", "entrusted", "balance_street",
)  # fmt: skip
"""Columns of the daily series; the first five and `done`, `dropped` run up from the first day; hours are ticks used.
The last five are levels: people and mean balance (millionths) of streets, people on loan down and up, powers."""

_ARRIVALS = ("negative_binomial", "poisson", "deterministic")
_WORK = ("lognormal", "exponential", "deterministic")
_FIRST_ROWS = 1 << 16
_EVENTS_A_CASE = 10
_LINES_A_CASE = 48
_LINES_A_HAND_OVER = 4  # a case can be handed over once to each department in a step
_ROOM = {"cases": rows.CaseRow, "slots": rows.SlotRow, "events": rows.EventRow, "desk": rows.DeskRow}
"""Tables that start empty."""


Tables = namedtuple(
    "Tables",
    "districts laws people cases spare slots events calendar units lanes kinds channels channel_gains claims "
    "covers eras posts trust transfers asked step_free step_counts hand_overs deals powers favours desk tallies counts "
    "kind_days settled history clocks births chances season daily",
)
"""All arrays of a run: those of `District` by name; `districts`, `people` and `tallies` have one row."""


def begin(template: Tables, seed: int, *, settled: bool, history: bool) -> Tables:
    """Return fresh tables for a run with this seed: a copy of the template, which stays untouched."""
    try:  # another thread may be quicker
        room = _LEFT.pop()
    except IndexError:
        room = _room(_FIRST_ROWS)
    tables = Tables(*(room.get(name) if name in room else table.copy() for name, table in template._asdict().items()))
    district = tables.districts[0]
    district.seed = rng.derive(0, seed)
    district.settled_on = settled
    district.history_on = history
    key, habits, units = int(district.seed), tables.people[0], tables.units
    for row in np.flatnonzero(units["level"] == Level.DEPARTMENT):  # a temper belongs to seed and code under any rules
        units["temper"][row] = accept.temper(habits, rng.draw(key ^ int(units["key"][row]), Decision.TEMPER, 0))
    return tables


def lay_out(blueprint: Blueprint, habits: Habits, world: World) -> Tables:
    """Return the tables of a district before its first day, without a seed: the template of its runs."""
    run = world.run
    days = run.warm_up_days + run.window_days + run.follow_up_days
    kinds = [kind for era in blueprint.eras for block in era.kinds for kind in block]
    lanes = np.zeros((len(blueprint.units), len(Lane) + 1), record_type(rows.LaneRow))
    lanes["head"] = NOBODY
    posts = np.zeros((len(blueprint.eras), len(blueprint.units)), record_type(rows.UnitRow))
    for row, era in zip(posts, blueprint.eras, strict=True):
        row[:] = _copy(era.units, rows.UnitRow)
    people = max(sum(plan.staff + plan.home_hours for plan in era.units) for era in blueprint.eras)
    return Tables(
        districts=_district(blueprint, world, days),
        laws=_topics(*(law for era in blueprint.eras for law in era.laws)),
        people=_topics(habits),
        **_room(0),
        calendar=np.full((len(Phase), days * run.steps_per_day, 2), NOBODY, dtype=np.int32),
        units=_units(blueprint),
        lanes=lanes,
        kinds=_kinds(kinds),
        channels=_copy(blueprint.channels, rows.ChannelRow),
        channel_gains=np.array([kind.channel_gains for kind in kinds], np.float64),
        claims=_copy([claim for kind in kinds for claim in kind.claims], rows.ClaimRow),
        covers=np.array([era.covers for era in blueprint.eras], dtype=np.bool_),
        eras=_eras(blueprint, world),
        posts=posts,
        trust=np.full((blueprint.streets, blueprint.departments), 0.5),
        transfers=np.array(blueprint.transfers, dtype=np.float64),
        asked=np.zeros((blueprint.streets, blueprint.departments), np.int64),
        step_free=np.zeros((len(Step), blueprint.streets), np.int64),
        step_counts=np.zeros((len(Step), 2), np.int64),
        hand_overs=np.zeros((blueprint.departments + 1, blueprint.departments + 1), np.int64),
        deals=np.zeros(_deals_a_day(blueprint), record_type(rows.DealRow)),
        powers=_powers(blueprint),
        favours=np.zeros((blueprint.streets, blueprint.departments + 1 + blueprint.streets)),
        tallies=np.zeros(1, record_type(rows.Tally)),
        counts=np.zeros((6, max(run.follow_up_days * BINS_PER_DAY + 1, MOST_PASSES, blueprint.streets)), np.int64),
        kind_days=np.zeros((len(blueprint.kinds), run.follow_up_days * BINS_PER_DAY + 1), np.int64),
        settled=np.zeros(0, record_type(rows.CaseRow)),
        history=np.zeros(0, record_type(rows.HistoryRow)),
        clocks=np.zeros(2 * (int(people) + 2) + 3, np.int64),  # those behind the heap are read, and never free
        births=np.zeros((2, blueprint.streets), np.int64),
        chances=np.array(blueprint.chances, np.float64),
        season=np.array(blueprint.season, np.float64),
        daily=np.zeros((days, len(DAILY)), np.int64),
    )


def grow(tables: Tables) -> Tables:
    """Return the tables with twice the room for what runs full; nothing else changes."""
    district = tables.districts[0]
    need = 2 * (int(district.cases_used) + int(district.births_now))
    room = max(2 * len(tables.cases), need)
    doubled = _refilled(tables, room)
    if district.settled_on:
        doubled["settled"] = _padded(tables.settled, 2 * len(tables.settled) + need)
    if district.trades:
        doubled["deals"] = _padded(tables.deals, 2 * len(tables.deals))
    if district.history_on:
        doubled["history"] = _padded(tables.history, 2 * len(tables.history) + 64 * (need + len(tables.deals)))
    return tables._replace(**doubled)


def _used(tables: Tables) -> dict[str, int]:
    """Return how many rows of the tables that start empty are in use."""
    district = tables.districts[0]
    cases = int(district.fresh_case)
    return {"cases": cases, "spare": int(district.spare_cases), "slots": cases * MOST_PARTIES,
            "events": int(district.fresh_event), "desk": int(district.on_desk)}  # fmt: skip


def _refilled(tables: Tables, cases: int) -> dict[str, NDArray[np.void]]:
    """Return the tables that start empty with room for so many live cases, and what they hold."""
    room = _room(cases)
    for name, kept in _used(tables).items():
        room[name][:kept] = getattr(tables, name)[:kept]
    return room


def packed(tables: Tables) -> Tables:
    """Return the tables without room that is empty, for a copy of a run; views of them."""
    district = tables.districts[0]
    used = _used(tables) | {"settled": int(district.settled_used), "history": int(district.history_used)}
    return tables._replace(**{name: getattr(tables, name)[:kept] for name, kept in used.items()})


def unpacked(tables: Tables) -> Tables:
    """Return packed tables with room to go on."""
    return tables._replace(**_refilled(tables, max(_FIRST_ROWS, 2 * len(tables.cases))))


_LEFT: list[dict[str, Any]] = []
"""Room that one run has left, empty again, to the next: a twentieth of a run at 1:20 is asking for its memory."""


def leave(tables: Tables) -> None:
    """Empty the room of a run that nobody looks at any more, and leave it to the next one."""
    if _LEFT or len(tables.cases) != _FIRST_ROWS:
        return
    cases = int(tables.districts[0].fresh_case)
    used = {"cases": cases, "slots": cases * MOST_PARTIES, "events": int(tables.districts[0].fresh_event)}
    room = {name: getattr(tables, name) for name in (*_ROOM, "spare")}
    for name, table in room.items():
        table[: used.get(name)].view(np.uint8).fill(0)
    _LEFT.append(room)


def _room(cases: int) -> dict[str, Any]:
    """Return empty tables with room for so many live cases."""
    sizes = {"cases": cases, "slots": cases * MOST_PARTIES, "events": cases * _EVENTS_A_CASE, "desk": cases}
    room = {name: _aligned(size, record_type(_ROOM[name])) for name, size in sizes.items()}
    return room | {"spare": np.zeros(cases, np.int32)}


def _aligned(size: int, row: np.dtype[Any]) -> NDArray[Any]:
    """Return a table of zeros whose first row begins a line of the processor's cache."""
    memory = np.zeros(size * row.itemsize + 64, np.uint8)
    first = -memory.ctypes.data % 64
    return memory[first : first + size * row.itemsize].view(row)


def _padded(table: Any, size: int) -> Any:
    longer = np.zeros(size, table.dtype)
    longer[: len(table)] = table
    return longer


def _topics(*given: Any) -> Any:
    """Return a table of laws or habits; all are of the same class."""
    table = np.zeros(len(given), topic_type(given[0]))
    for at, topics in enumerate(given):
        for field in dataclasses.fields(topics):
            topic = getattr(topics, field.name)
            for inner in dataclasses.fields(topic):
                table[field.name][inner.name][at] = getattr(topic, inner.name)
    return table


def _deals_a_day(blueprint: Blueprint) -> int:
    """Return how many deals can begin in a day: each street may ask twice, each department may borrow and offer."""
    return 2 * (blueprint.streets + blueprint.departments) + 1 if blueprint.trades else 0


def _powers(blueprint: Blueprint) -> Any:
    table = np.zeros((blueprint.streets, len(blueprint.kinds)), record_type(rows.PowerRow))
    table["holder"] = NOBODY
    return table


def _eras(blueprint: Blueprint, world: World) -> Any:
    table = np.zeros(len(blueprint.eras), record_type(rows.EraRow))
    scale, laws = world.demand.scale, 0
    for row, era in zip(table, blueprint.eras, strict=True):
        laws += len(era.laws)
        row.step = era.day * world.run.steps_per_day
        row.law = laws - 1
        row.platform_capacity = capacity.of_a_day(era.laws[-1].whistle.acceptances_per_day, scale)
        row.office_day = steering.hours_of_a_day(era.laws[-1], scale)
        row.press_capacity = capacity.of_a_day(era.laws[-1].coordination.presses_per_day, scale)
    return table


def _units(blueprint: Blueprint) -> Any:
    table = _copy(blueprint.units, rows.UnitRow)
    for name, value in (
        ("standing", 0.5),
        ("slack", 1.0),
        ("credibility", 1.0),
        ("accepting", 1.0),
        ("passing", 1.0),
        ("reliability", 1.0),
    ):
        table[name] = value
    table["latent"] = table["latent_pool"]
    return table


def _kinds(plans: Sequence[KindPlan]) -> Any:
    table = _copy(plans, rows.KindRow)
    table["last_claim"] = np.cumsum([len(plan.claims) for plan in plans])
    table["first_claim"][1:] = table["last_claim"][:-1]
    return table


def _copy(plans: Sequence[Any], row: Any) -> Any:
    """Return a table with a row a plan; their fields fill the columns of the same name."""
    table: Any = np.zeros(len(plans), record_type(row))
    for field in dataclasses.fields(plans[0]) if plans else ():
        if field.name in table.dtype.names:
            table[field.name] = [getattr(plan, field.name) for plan in plans]
    return table


def _district(blueprint: Blueprint, world: World, days: int) -> Any:
    run, demand, ticks = world.run, world.demand, TICKS_PER_DAY
    table = np.zeros(1, record_type(Now))
    row = table[0]
    row.steps = days * run.steps_per_day
    row.step_ticks = ticks // run.steps_per_day
    row.steps_per_day = run.steps_per_day
    row.window_from = run.warm_up_days * ticks
    row.window_until = (run.warm_up_days + run.window_days) * ticks
    row.follow_up = run.follow_up_days * ticks
    row.least_follow_up = run.least_follow_up_days * ticks
    for name in ("streets", "departments", "first_department", "supervises", "trades"):
        row[name] = getattr(blueprint, name)
    row.arrivals = _ARRIVALS.index(demand.arrivals)
    row.work = _WORK.index(demand.work)
    row.weekend_demand = demand.weekend
    row.weekend_staff = world.staff.weekend
    row.programme_spread = world.programmes.spread
    row.month_days = world.programmes.months
    row.per_scale = 1.0 / demand.scale
    row.kinds_a_law = len(blueprint.kinds)
    for name in (
        "dispersion", "from_projects", "needs_city", "needs_street", "above_work", "latent_work", "severity_spread",
    ):  # fmt: skip
        row[name] = getattr(demand, name)
    row.capacity_neutral = world.staff.capacity_neutral
    row.orphan_after = round(blueprint.eras[0].laws[0].letters.answer_within * ticks)
    row.free_event = NOBODY
    handing_over = any(chance > 0.0 for chances in blueprint.transfers for chance in chances)
    row.lines_a_case = _LINES_A_CASE + (_LINES_A_HAND_OVER * blueprint.departments if handing_over else 0)
    row.last_bin = run.follow_up_days * BINS_PER_DAY
    return table
