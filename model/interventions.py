"""What may be changed by hand during a run, between two days: which columns of which units, and in what sense.

Everything else in the engine's tables is counted, or is kept in balance with something else. The rules of a unit are
the scenario's, and `dates` say when they change.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from model.engine.ledger import own_people
from model.engine.rows import UNITS
from model.engine.tables import Tables
from model.errors import nearest, one_of, raise_if_any, span
from model.plans import UnitPlan
from model.terms import TICKS_PER_DAY, Level

STREET, COMMUNITY, DEPARTMENT, CITY = Level.STREET, Level.COMMUNITY, Level.DEPARTMENT, Level.CITY


class Intervention(NamedTuple):
    """One change by hand: after how many days, of which unit (its code) and column, from what to what, and why."""

    day: int
    unit: str
    column: str
    before: float
    after: float
    why: str = ""


class Changeable(NamedTuple):
    """A column that may be changed.

    Attributes:
        low, high, unit: Bounds, in this unit (work in person-days).
        levels: Levels of the units that it means something for.
        effect: What changes with it, and what does not.
        ticks: Whether the engine's table has it in ticks.
        whole: Whether it takes whole numbers only.
        lasting: Whether it is also what the eras to come begin with.
    """

    low: float
    high: float
    unit: str
    levels: tuple[Level, ...]
    effect: str
    ticks: bool = False
    whole: bool = False
    lasting: bool = False


CHANGEABLE = {
    "staff": Changeable(
        1, 1_000_000, "persons", tuple(Level), whole=True, lasting=True,
        effect="people come from outside the district or leave it, in a street without a department's skill",
    ),
    "may_whistle": Changeable(
        0, 1, "switch", (STREET,), "the street holds the right to whistle", whole=True, lasting=True
    ),
    "share_on_cases": Changeable(
        0.0, 1.0, "share", tuple(Level), "hours kept for cases while other work waits", lasting=True
    ),
    "overwork": Changeable(0.0, 1.0, "0-1", tuple(Level), "sustained overwork; goes on from there"),
    "credibility": Changeable(0.0, 1.0, "0-1", (STREET,), "how rarely its whistles were rejected; goes on from there"),
    "standing": Changeable(0.0, 1.0, "share", (STREET,), "cases declared closed in time, smoothed; goes on from there"),
    "reliability": Changeable(0.0, 1.0, "0-1", (STREET,), "how rarely its closures failed; goes on from there"),
    "member_tired": Changeable(0.0, 1.0, "0-1", (STREET,), "how tired its party members are; goes on from there"),
    "temper": Changeable(-10.0, 10.0, "log-odds", (DEPARTMENT,), "its readiness to accept, for the rest of the run"),
    "accepting": Changeable(0.01, 100.0, "1", (DEPARTMENT,), "propensity to accept, where departments learn"),
    "passing": Changeable(0.01, 100.0, "1", (DEPARTMENT,), "propensity to pass on, where departments learn"),
    "demand": Changeable(
        0.0, 1e6, "problems/day", (STREET,),
        effect="expected births from now on: problems are no longer those of other runs with this seed",
    ),
    "programmes": Changeable(0.0, 1e6, "person-days", (DEPARTMENT, CITY), "programme work left this month", ticks=True),
    "sent_down": Changeable(0.0, 1e6, "person-days", (STREET, COMMUNITY), "work sent down to it and left", ticks=True),
    "errands": Changeable(
        0.0, 1e6, "person-days", (STREET,), "inspections, forms and the like that are due; forms come first", ticks=True
    ),
}  # fmt: skip
"""Columns that may be changed by hand, by name."""

_COUNTED = {column.name: column.meaning for column in UNITS if column.name not in CHANGEABLE}


def planned(given: Iterable[Sequence[Any]], codes: Collection[str], days: int) -> dict[int, list[Intervention]]:
    """Return interventions by day, as a record's provenance (also one read from JSON) has them.

    Raises:
        ConfigError: For another day, unit or column than the run has; what is allowed is checked when they are made.
    """
    found: dict[int, list[Intervention]] = {}
    problems = list[str]()
    for at, each in enumerate(given):
        if not len(Intervention._fields) - 1 <= len(each) <= len(Intervention._fields):
            problems.append(f"interventions[{at}]: expected {', '.join(Intervention._fields)}, got {each!r}.")
            continue
        change = Intervention(*each)
        if change.day not in range(days + 1):
            problems.append(f"interventions[{at}]: day: expected {span(0, days, 'days')}, got {change.day!r}.")
        if change.unit not in codes:
            problems.append(f"interventions[{at}]: unknown unit '{change.unit}'{nearest(str(change.unit), codes)}")
        if change.column not in CHANGEABLE:
            problems.append(f"interventions[{at}]: unknown column '{change.column}'"
                            f"{nearest(str(change.column), CHANGEABLE)}")  # fmt: skip
        found.setdefault(change.day, []).append(change)
    raise_if_any(problems)
    return found


class Change(NamedTuple):
    """A change that was checked: row of the unit, column, value before and after in the column's own unit."""

    row: int
    column: str
    before: float
    after: float


def changes_of(tables: Tables, row: int, plan: UnitPlan, to: Mapping[str, Any], by: Mapping[str, Any]) -> list[Change]:
    """Return what is to be changed of a unit.

    Args:
        tables: The engine's, between two days.
        row, plan: Of the unit.
        to: New values by column.
        by: What is added to columns.

    Raises:
        ConfigError: With everything that may not be changed, or not so.
    """
    problems = [f"intervene: {name}: expected one change, got a value and an addition." for name in to if name in by]
    if not to and not by:
        problems.append(f"intervene: expected what is changed, {one_of(CHANGEABLE)}, got nothing.")
    unit, changes = tables.units[row], []
    for name, value, added in [*((name, to[name], False) for name in to), *((name, by[name], True) for name in by)]:
        wrong = _refused(name, value, plan.level) or _gone(unit, row, name)
        if wrong:
            problems += [f"intervene: {plan.code}: {wrong}"]
            continue
        before = unit[name].item() / TICKS_PER_DAY if CHANGEABLE[name].ticks else unit[name].item()
        given = int(value) if CHANGEABLE[name].whole else float(value)
        change = Change(row, name, before, before + given if added else given)
        problems += [f"intervene: {plan.code}: {name}: {wrong}" for wrong in _beyond(tables, change)]
        changes.append(change)
    raise_if_any(problems)
    return changes


def _refused(name: str, value: Any, level: Level) -> str:
    if name in _COUNTED:
        return f"{name} is not free to change ({_COUNTED[name]}); expected {one_of(CHANGEABLE)}."
    if name not in CHANGEABLE:
        return f"unknown column '{name}'{nearest(str(name), CHANGEABLE)}"
    free = CHANGEABLE[name]
    if level not in free.levels:
        having = one_of(each.name.lower() for each in free.levels)
        return f"{name}: expected a unit of level {having}, got a {level.name.lower()}."
    number = isinstance(value, int | float | np.number | np.bool_) and math.isfinite(value)
    if not number or (free.whole and float(value) != int(value)):
        return f"{name}: expected a {'whole ' if free.whole else ''}number, got {value!r}."
    return ""


def _gone(unit: Any, row: int, name: str) -> str:
    if unit["successor"] != row:
        return f"{name}: it is merged into another unit now and does no work."
    if name == "staff" and unit["staff"] == 0:
        return "staff: nobody is posted there under these rules; change the rules that post people."
    return ""


def _beyond(tables: Tables, change: Change) -> Iterator[str]:
    """Yield why a change goes too far: beyond bounds, or beyond what is there of something else."""
    free, after = CHANGEABLE[change.column], change.after
    if not free.low <= after <= free.high:
        yield f"expected {span(free.low, free.high, free.unit)}, got {after:g}."
    elif change.column == "staff":
        yield from _beyond_posts(tables, change)


def _beyond_posts(tables: Tables, change: Change) -> Iterator[str]:
    """Yield why a unit cannot have so few people, or more: somebody is on loan, or is posted elsewhere later."""
    unit = tables.units[change.row]
    spare = own_people(unit)
    for era in _eras_left(tables)[1:]:
        post = tables.posts[era, tables.posts["successor"][era, change.row]]
        if post["staff"] == 0:
            day = int(tables.eras["step"][era] // tables.districts[0]["steps_per_day"])
            yield f"from day {day} on the rules post nobody there; change the rules that post people."
        skilled = post["experts"] if unit["level"] == Level.STREET else 0
        spare = min(spare, int(post["staff"] - skilled - unit["away"]) + min(0, int(unit["moved"])))
    fewest = max(1, int(change.before) - spare)
    if change.after < min(fewest, change.before):
        yield f"expected at least {fewest} persons (experts, people on loan and those posted elsewhere later stay), " \
              f"got {change.after}."  # fmt: skip


def _eras_left(tables: Tables) -> range:
    """Return the eras from the present one on; before the first day, all."""
    return range(max(0, int(tables.districts[0]["era"]) - 1), len(tables.eras))


def applied(tables: Tables, changes: list[Change]) -> Tables:
    """Change the tables in place and return them, some longer where there are more people than before."""
    for row, name, before, after in changes:
        unit, free = tables.units[row], CHANGEABLE[name]
        unit[name] = round(after * TICKS_PER_DAY) if free.ticks else after
        if name == "staff":
            tables = _posted(tables, row, int(after - before))
        elif free.lasting:
            tables.posts[name][_eras_left(tables), row] = after
        elif name == "errands":
            unit["assessed"] = min(unit["assessed"], unit["errands"])
    return tables


def _posted(tables: Tables, row: int, more: int) -> Tables:
    """Post so many people more to a unit, or to what it will be merged into, in this era and those to come."""
    for era in _eras_left(tables):
        tables.posts["staff"][era, tables.posts["successor"][era, row]] += more
    longer = np.zeros(len(tables.clocks) + 2 * max(0, more), tables.clocks.dtype)
    return tables._replace(clocks=longer)  # a clock a person, scratch between steps
