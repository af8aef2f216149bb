"""What is conserved on every day of every district, and that the audit sees each kind of loss."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.behaviour import Habits
from model.config.scenario import Scenario
from model.engine.columns import NOBODY
from model.engine.compiled import advance
from model.engine.ledger import BLOCK, GOING
from model.engine.tables import Tables, begin, grow, lay_out
from model.layout import build_state
from model.placement import Ground, Placed, cut, place
from model.policy import Law
from model.terms import Deal, Event, Lane, Level, Slot, State, Trade
from model.world import MOST_PARTIES, World
from tests.random_worlds import DAYS, everything, scenarios, worlds
from tests.support import REGIMES, tiny, with_values

WITHOUT_SLOTS = (State.HIDDEN, State.TRIAGE, State.WHISTLED, State.SHELVED, State.CLOSED)
"""States in which no unit owns a part of the case."""

WITH_SLOTS = (State.ASKING, State.WORKING, State.WAITING)

SELF_MOVING = (State.WORKING, State.HIDDEN)
"""States that wait for staff, or for a day that may lie beyond the end of the run."""

OPEN_SLOTS = (Slot.PLANNED, Slot.ASKED)


def chain(rows: Any, first: int, link: str) -> list[int]:
    """Return the rows of a linked list; a ring fails."""
    found: list[int] = []
    at = int(first)
    while at != NOBODY:
        found.append(at)
        assert len(found) <= len(rows), f"a ring through {link}"
        at = int(rows[at][link])
    return found


def planned_events(tables: Tables) -> list[Any]:
    """Return all events that the calendar holds from this step on."""
    return [tables.events[at] for at in planned_rows(tables)]


def planned_rows(tables: Tables) -> list[int]:
    """Return the rows of these events."""
    step = int(tables.districts[0].step)
    heads = tables.calendar[:, step:, 0]
    return [at for head in heads[heads != NOBODY] for at in chain(tables.events, head, "next")]


def lanes(tables: Tables, unit: int) -> list[int]:
    """Return the slots in the lanes of a unit; each lane's tail is its last slot."""
    found: list[int] = []
    for name, row in enumerate(tables.lanes[unit]):
        lane = chain(tables.slots, row["head"], "next")
        assert not lane or lane[-1] == row["last"], f"lane {name}: the tail is not the last"
        found += lane
    return found


def cases_lost(tables: Tables, events: list[Any]) -> Iterator[str]:
    district = tables.districts[0]
    if district.born != district.done + district.dropped + district.open + district.hidden + district.prevented:
        yield "born is not done + dropped + open + hidden + prevented"
    states = Counter(tables.cases["state"][: district.fresh_case].tolist())
    in_use = sum(states.values()) - states[State.FREE]
    returning = sum(event["what"] == Event.REPEATED for event in events)
    if district.cases_used != in_use or in_use != district.open + district.hidden + returning:
        yield "case rows in use are not open + hidden + coming back"
    if states[State.HIDDEN] != district.hidden:
        yield "hidden cases are miscounted"
    spare = tables.spare[: district.spare_cases]
    if len(spare) + in_use != district.fresh_case or len(set(spare.tolist())) != len(spare):
        yield "a case row leaks"
    if np.any(tables.cases["state"][spare] != State.FREE):
        yield "a case row is spare and in use"


def rows_lost(tables: Tables) -> Iterator[str]:
    district = tables.districts[0]
    cases = tables.cases[: district.fresh_case]
    used = tables.slots["state"][: len(cases) * MOST_PARTIES].reshape(-1, MOST_PARTIES) != Slot.FREE
    if np.any(used != (np.arange(MOST_PARTIES) < cases["slots"][:, None])):
        yield "a slot row leaks"
    blocks = {at // BLOCK for at in planned_rows(tables)}
    free = len(chain(tables.events, district.free_event, "next"))
    if district.events_used != BLOCK * len(blocks) or BLOCK * (free + len(blocks)) != district.fresh_event:
        yield "a block of events leaks"


def ownership_broken(tables: Tables, events: list[Any]) -> Iterator[str]:
    passed_on = tables.units["hands_over"].any()
    waited_for = Counter(int(event["case"]) for event in events)
    states = tables.cases["state"][: tables.districts[0].fresh_case]
    for row in np.flatnonzero(states).tolist():
        case, state = tables.cases[row], int(states[row])
        first = int(case["first_slot"])
        slots = [tables.slots[at] for at in range(first, first + int(case["slots"]))]
        if first != row * MOST_PARTIES:
            yield "a case has the slots of another"
        if state in WITHOUT_SLOTS and slots:
            yield f"somebody owns a case in state {State(state).name}"
        if state in WITH_SLOTS and not slots:
            yield f"nobody owns a case in state {State(state).name}"
        if not passed_on and len({int(slot["unit"]) for slot in slots}) != len(slots):
            yield "one unit owns two parts of a case"
        if any(slot["case"] != row for slot in slots):
            yield "a slot belongs to another case"
        if state == State.ASKING and case["unfilled"] != sum(slot["state"] in OPEN_SLOTS for slot in slots):
            yield "unfilled slots are miscounted"
        if state == State.WORKING and case["unworked"] != sum(slot["state"] == Slot.QUEUED for slot in slots):
            yield "unworked slots are miscounted"
        if state not in SELF_MOVING and not waited_for[row]:
            yield f"nothing will ever happen to a case in state {State(state).name}"


def queues_broken(tables: Tables) -> Iterator[str]:
    for row, unit in enumerate(tables.units):
        slots = [tables.slots[at] for at in lanes(tables, row)]
        if unit["queued"] != len(slots):
            yield "slots queued are miscounted"
        if any(slot["state"] != Slot.QUEUED for slot in slots):
            yield "a slot in a queue is not queued"
        left = sum(int(slot["hours"] if slot["started"] else slot["work"] + slot["meeting"]) for slot in slots)
        if unit["waiting"] != left:
            yield "work waiting is not that of the slots in the queue"
    queued = np.count_nonzero(tables.slots["state"] == Slot.QUEUED)
    if queued != tables.units["queued"].sum():
        yield "a queued slot is in no queue"


HOURS = ("case_ticks", "programme_ticks", "sent_ticks", "errand_ticks")


def hours_overspent(tables: Tables, before: Any) -> Iterator[str]:
    spent = [tables.units[name] - before[name] for name in HOURS]
    if (sum(spent) > tables.units["held_ticks"] - before["held_ticks"] + 1.0).any():
        yield "a unit used more hours than it held"
    if np.min(spent) < 0.0:
        yield "hours were taken back from other work"
    if (
        (tables.units["programmes"] < -1e-6).any()
        or (tables.units["sent_down"] < -1e-6).any()
        or (tables.units["errands"] < 0.0).any()
        or (tables.units["assessed"] < 0.0).any()
    ):
        yield "more was done than given"
    if (tables.units["assessed_ticks"] > tables.units["errand_ticks"]).any():
        yield "more hours went into being assessed than into errands"


def people_lost(tables: Tables) -> Iterator[str]:
    """People on loan, their skill, entrusted powers and favours between streets."""
    district, units = tables.districts[0], tables.units
    plan, deals = tables.posts[int(district.era) - 1], tables.deals[: int(district.deals_used)]
    if (units["staff"] != plan["staff"] + units["moved"] + units["lent"]).any() or (units["staff"] < 0).any():
        yield "people are not where posts, quotas and loans put them"
    if (units["experts"] != plan["experts"] + units["seconded"]).any():
        yield "skill came or went with nobody"
    departments = units["level"] == Level.DEPARTMENT
    helping = units["guests"][departments].sum() + district.office_guests
    if units["staff"].sum() + helping != plan["staff"].sum() or units["moved"].sum() != 0:
        yield "somebody is lost on the way"
    for name, at in (("away", "home"), ("guests", "host")):
        lent = np.bincount(deals[at][deals[at] >= 0], deals["persons"][deals[at] >= 0], len(units))
        if (units[name] != lent).any():
            yield f"{name} are not those of the loans"
    powers = {(int(deal["host"]), int(deal["kind"])): int(deal["home"]) for deal in deals
              if deal["trade"] == Trade.ENTRUSTING and deal["state"] == Deal.RUNNING}  # fmt: skip
    held = {(int(s), int(k)): int(tables.powers["holder"][s, k]) for s, k in np.argwhere(tables.powers["holder"] >= 0)}
    if held != powers or district.entrusted_now != len(powers):
        yield "powers are not those that were entrusted"
    between = tables.favours[:, int(district.departments) + 1 :]
    if not np.allclose(between, -between.T):
        yield "a street owes what the other is not owed"


def hours_invented(tables: Tables, before: Any) -> Iterator[str]:
    """Party members of a street give no more than they had, and a day's hours more (N7b)."""
    n = int(tables.districts[0].streets)
    given = (tables.units["member_ticks"] - before["member_ticks"])[: 2 * n].reshape(2, n).sum(axis=0)
    had = before["member_hours"][:n] + tables.units["member_supply"][:n]
    if (given > had * (1.0 + 1e-9)).any():
        yield "members gave more hours than they had"
    if (tables.units["member_hours"] < 0.0).any() or (tables.units["member_tired"] < 0.0).any():
        yield "hours of members were booked twice"


def audit(tables: Tables, before: Any) -> list[str]:
    """Return every law of conservation that the tables break; `before` are the units a day earlier."""
    events = planned_events(tables)
    checks = (cases_lost(tables, events), rows_lost(tables), ownership_broken(tables, events),
              queues_broken(tables), hours_overspent(tables, before), people_lost(tables),
              hours_invented(tables, before))  # fmt: skip
    return [problem for check in checks for problem in check]


def started(scenario: Scenario, seed: int) -> Tables:
    plan = build_state(scenario.law, scenario.habits, scenario.world, scenario.stages)
    template = lay_out(plan, scenario.habits, scenario.world)
    return begin(template, seed, settled=False, history=False)


def until(tables: Tables, step: int) -> Tables:
    while not advance(tables, step):
        tables = grow(tables)
    return tables


def audit_each_day(scenario: Scenario, seed: int, days: int) -> Tables:
    tables = started(scenario, seed)
    for day in range(days):
        before = tables.units.copy()
        tables = until(tables, (day + 1) * scenario.run.steps_per_day)
        assert audit(tables, before) == []
    return tables


@settings(max_examples=40, derandomize=True, deadline=None, database=None, report_multiple_bugs=False)
@given(scenario=scenarios(), seed=st.integers(0, 2**63 - 1))
def test_nothing_is_lost_on_any_day_of_any_district(scenario: Scenario, seed: int) -> None:
    audit_each_day(scenario, seed, DAYS)


@pytest.mark.parametrize("regime", REGIMES)
def test_nothing_is_lost_on_any_day_of_a_shipped_regime(regime: str) -> None:
    scenario = with_values(tiny(regime, follow_up=400), coordination={"owner_after_passes": 2})
    tables = audit_each_day(scenario, 5, 40)
    assert tables.districts[0].done > 100


@settings(max_examples=100, derandomize=True, deadline=None, database=None, report_multiple_bugs=False)
@given(law=everything(Law), habits=everything(Habits), world=worlds())
def test_every_law_has_the_same_people_with_the_same_skill(law: Law, habits: Habits, world: World) -> None:
    ground = Ground(world, habits)
    before, after = ground.before, place([law] * len(world.streets), ground)
    assert people(after) == people(before)
    assert generalists(after) == generalists(before)
    assert min(after.departments + after.streets + after.communities + after.city) >= 0
    units = build_state(law, habits, replace(world, shocks=())).units
    present = sum(unit.staff * unit.commanded + unit.home_hours for unit in units)
    assert present == pytest.approx(people(before))


@settings(max_examples=100, derandomize=True, deadline=None, database=None, report_multiple_bugs=False)
@given(law=everything(Law), habits=everything(Habits), world=worlds())
def test_a_shock_cuts_what_it_says_in_whole_persons_and_gives_them_back(law: Law, habits: Habits, world: World) -> None:
    before = place([law] * len(world.streets), Ground(world, habits))
    for day in sorted({0, *(shock.day for shock in world.shocks)}):
        lasting = [shock for shock in world.shocks if shock.on(day)]
        after = cut(before, lasting, world)
        assert (after.city, after.communities) == (before.city, before.communities)
        left = math.prod(1.0 - shock.posts_departments for shock in lasting)
        assert abs(sum(after.departments) - left * sum(before.departments)) <= 0.5 + 1e-6
        rows = zip(after.streets, after.experts, before.streets, world.streets, strict=True)
        for staff, experts, whole, street in rows:
            here = [shock for shock in lasting if not shock.streets or street.code in shock.streets]
            left = math.prod(1.0 - shock.posts_streets for shock in here)
            assert 0 <= experts <= staff <= whole and (staff == whole if left == 1.0 else staff <= whole * left + 1.0)
        assert cut(before, [], world) == before


def people(placed: Placed) -> int:
    """Return all people, wherever they stand."""
    return sum(placed.city + placed.departments + placed.streets + placed.communities) + sum(map(sum, placed.stationed))


def generalists(placed: Placed) -> int:
    """Return the people without a department's skill, wherever they stand."""
    return sum(placed.streets) - sum(placed.experts) + sum(placed.communities)


def _lose_a_case(tables: Tables) -> None:
    tables.districts[0].done -= 1


def _forget_a_free_case(tables: Tables) -> None:
    tables.districts[0].spare_cases -= 1


def _forget_a_slot(tables: Tables) -> None:
    tables.cases["slots"][np.flatnonzero(tables.cases["state"] == State.WORKING)[0]] = 0


def _own_a_case_that_is_free(tables: Tables) -> None:
    tables.cases["state"][np.flatnonzero(tables.cases["state"] == State.ASKING)[0]] = State.SHELVED


def _forget_an_event(tables: Tables) -> None:
    calendar = tables.calendar[:, int(tables.districts[0].step) :, 0]
    calendar[calendar != NOBODY] = NOBODY


def _drop_out_of_a_queue(tables: Tables) -> None:
    lanes = tables.lanes[np.argmax(tables.units["queued"])]
    lane = lanes[Lane.OTHERS if lanes["head"][Lane.OTHERS] != NOBODY else GOING]
    lane["head"] = tables.slots[lane["head"]]["next"]


def _invent_work(tables: Tables) -> None:
    tables.units["waiting"][0] += 1


def _work_overtime(tables: Tables) -> None:
    tables.units["case_ticks"] += 10_000_000


def _lose_a_person(tables: Tables) -> None:
    tables.units["staff"][0] -= 1


def _keep_a_power(tables: Tables) -> None:
    tables.powers["holder"][0, 0] = int(tables.districts[0].first_department)


def _forget_a_favour(tables: Tables) -> None:
    tables.favours[0, -1] += 1.0


def _call_too_many_members(tables: Tables) -> None:
    tables.units["member_ticks"][0] += 1e9


@pytest.mark.parametrize(
    "damage",
    [_lose_a_person, _keep_a_power, _forget_a_favour, _lose_a_case,
     _forget_a_free_case, _forget_a_slot, _own_a_case_that_is_free, _forget_an_event,
     _drop_out_of_a_queue, _invent_work, _work_overtime, _call_too_many_members],
)  # fmt: skip
def test_the_audit_sees_what_is_lost(damage: Callable[[Tables], None]) -> None:
    scenario = tiny("inverted", follow_up=400)
    tables = until(started(scenario, 3), 29)
    before = tables.units.copy()
    tables = until(tables, 30)
    assert audit(tables, before) == []
    damage(tables)
    assert audit(tables, before) != []
