"""Units of a log and the level at which each stands: guessed, written to an editable table, read back."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from experiments.errors import WrongInput, raise_if_any
from experiments.learning.paths import Ints, Paths
from experiments.stats.intervals import Floats
from experiments.store.files import whole

STREET, DEPARTMENT, BOTH, OTHER = LEVELS = ("street", "department", "both", "other")
"""Whoever opens cases; whoever receives them from others; who does much of both: a street and a department under one
name; little business: all of these are one department together."""

COLUMNS = ("unit", "level", "people", "cases_opened", "cases_received", "note")
MUCH = 0.2  # of a unit's cases: what it must open, and receive, at least to stand at both levels
MOST, MOST_VISITS = 60, 0.99  # units kept apart, and the share of all visits beyond which the rest is little business
BUSY = 0.95  # quantile of a unit's days by visits ended: a day on which it does what it can
MOST_PEOPLE = 500


@dataclasses.dataclass(frozen=True)
class Unit:
    """A unit of the log.

    Attributes:
        name: As the log has it.
        level: One of `LEVELS`.
        people: Effective people, relative to the other units.
        opened, received: Cases that it opened; times that it received one that another unit had opened.
        note: Why the level is what it is.
    """

    name: str
    level: str
    people: int
    opened: int
    received: int
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Visits:
    """Stays of cases at units: consecutive events of a case at one unit, arrays (visits,) by case and time.

    Attributes:
        case, unit: Places.
        begin, end: First and last time of the stay.
        number: Of the stay within its case, from 0.
    """

    case: Ints
    unit: Ints
    begin: Floats
    end: Floats
    number: Ints


def visits_of(paths: Paths) -> Visits:
    """Return the stays of a log's cases."""
    case, unit = paths.case, paths.unit
    new = np.append(True, (case[1:] != case[:-1]) | (unit[1:] != unit[:-1]))[: case.size]
    begin = np.flatnonzero(new)
    end = np.append(begin[1:], case.size) - 1 if begin.size else begin
    number = np.arange(begin.size) - np.searchsorted(case[begin], case[begin])
    return Visits(case[begin], unit[begin], paths.time[begin], paths.time[end], number)


def guess_units(paths: Paths) -> tuple[Unit, ...]:
    """Return the units of a log in the order of their places, each with a level and people guessed."""
    visits, count = visits_of(paths), len(paths.units)
    opened = np.bincount(visits.unit[visits.number == 0], minlength=count)
    opener = visits.unit[visits.number == 0]
    others = visits.unit != np.repeat(opener, np.diff(np.append(np.flatnonzero(visits.number == 0), visits.unit.size)))
    received = np.bincount(visits.unit[others], minlength=count)
    people = _people(visits, count)
    levels = _with_both_sides(_levels(opened, received), opened, received)
    notes = {STREET: "opens cases", DEPARTMENT: "receives cases", BOTH: "opens and receives", OTHER: "little business"}
    return tuple(
        Unit(name, level, int(people[at]), int(opened[at]), int(received[at]), f"guessed: {notes[level]}")
        for at, (name, level) in enumerate(zip(paths.units, levels, strict=True))
    )


def _levels(opened: Ints, received: Ints) -> list[str]:
    total = opened + received
    order = np.argsort(-total, kind="stable")
    before = np.append(0, np.cumsum(total[order]))[:-1]
    small = np.ones(total.size, np.bool_)
    small[order[(before < MOST_VISITS * max(int(total.sum()), 1)) & (np.arange(total.size) < MOST)]] = False
    share = opened / np.maximum(total, 1)
    return [
        OTHER if little else STREET if part > 1.0 - MUCH else DEPARTMENT if part < MUCH else BOTH
        for part, little in zip(share, small, strict=True)
    ]


def _with_both_sides(levels: list[str], opened: Ints, received: Ints) -> list[str]:
    """Return levels with a unit that opens cases and one that receives them, for a district needs both."""
    found = list(levels)
    for side, counts in ((STREET, opened), (DEPARTMENT, received)):
        if not {side, BOTH} & set(found):
            found[int(np.argmax(counts))] = BOTH
    return found


def _people(visits: Visits, count: int) -> Ints:
    """Return effective people: visits that a unit ends on its busiest days, against a small unit's."""
    days = np.floor(visits.end).astype(np.int64)
    days -= days.min() if days.size else 0
    busiest = np.ones(count)
    for unit in range(count):
        ended = np.bincount(days[visits.unit == unit])
        if ended.any():
            busiest[unit] = max(1.0, float(np.quantile(ended[ended > 0], BUSY)))
    return np.clip(np.round(busiest / np.quantile(busiest, 0.25)), 1, MOST_PEOPLE).astype(np.int64)


def write_units(units: Sequence[Unit], path: Path) -> None:
    """Write the table of units, a row each, for whoever knows the office to correct."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([unit.name, unit.level, unit.people, unit.opened, unit.received, unit.note] for unit in units)
    with whole(path) as sink:
        sink.write(text.getvalue().encode("utf-8-sig"))


def read_units(path: Path, guessed: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return units with levels and people as a table says; one that it leaves out, or a field, stays as guessed.

    Raises:
        WrongInput: With every row that is wrong, and where no unit opens or none receives cases.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WrongInput([f"{path}: expected a table of units (CSV, UTF-8), got {error}."]) from error
    known = {unit.name: unit for unit in guessed}
    raise_if_any(_problems(path, lines, known))
    for line in lines:
        unit, level, people = known[line["unit"]], line.get("level") or "", line.get("people") or ""
        note = line.get("note") or ""
        known[unit.name] = dataclasses.replace(
            unit, level=level or unit.level, people=int(people) if people else unit.people, note=note
        )
    return tuple(known.values())


def _problems(path: Path, lines: Sequence[dict[str, str]], known: dict[str, Unit]) -> Iterator[str]:
    from model import nearest

    levels = {unit.name: unit.level for unit in known.values()}
    named: list[str] = []
    for row, line in enumerate(lines, start=2):
        name, level, people = line.get("unit") or "", line.get("level") or "", line.get("people") or ""
        if name not in known:
            yield f"{path}:{row}: unit: the log has no '{name}'{nearest(name, known)}"
            continue
        if level and level not in LEVELS:
            yield f"{path}:{row}: level: got '{level}'; allowed {', '.join(LEVELS)}."
        if people and not (people.isdecimal() and 1 <= int(people) <= MOST_PEOPLE):
            yield f"{path}:{row}: people: expected a whole number from 1 to {MOST_PEOPLE}, got '{people}'."
        if name in named:
            yield f"{path}:{row}: unit: expected '{name}' once, got it again."
        named.append(name)
        levels[name] = level or levels[name]
    for level, does in ((STREET, "opens cases"), (DEPARTMENT, "receives cases")):
        if not {level, BOTH} & set(levels.values()):
            yield f"{path}: level: expected at least one unit that {does} ({level} or {BOTH}), got none."
