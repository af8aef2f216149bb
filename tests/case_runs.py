"""A case run by the engine and by the reference: what each tells of it, in one form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import mesa

from model import rng
from model.reference.district import ReferenceDistrict
from model.simulation import blueprint_of, run_tables
from model.terms import TICKS_PER_DAY, Activity, State
from tests.case_book import Case, scenario_of
from tests.support import history_of

HOURS = {
    "cases": "case_ticks", "meetings": "meeting_ticks", "errands": "errand_ticks",
    "assessed": "assessed_ticks", "programmes": "programme_ticks",
    "sent_down": "sent_ticks", "saved": "saved_ticks", "volunteers": "volunteer_ticks", "missed": "shortfall",
    "members": "member_ticks", "member_units": "member_unit_ticks",
}  # fmt: skip
"""Person-days of a unit over the run, by the names that cases use."""

_MOST_REPEATS = 40


@dataclass(frozen=True)
class Line:
    """One line of a case's story: days since the problem arose, what happened, to which unit."""

    day: float
    activity: Activity
    unit: str


@dataclass(frozen=True)
class Told:
    """What a run tells of the first problem of a street (or of the one born on a given day).

    Attributes:
        who: "engine" or "reference".
        lines: In the order of time, linked repeats included.
        state: At the end of the last day; FREE where the case is over.
        hours: Person-days by unit and purpose.
        titles: Titles of units by code.
    """

    who: str
    lines: tuple[Line, ...]
    state: State
    hours: dict[str, dict[str, float]]
    titles: dict[str, tuple[str, str]]

    def words(self) -> str:
        """Return the whole story, a line an event, in both languages."""
        return "\n".join(
            f"    day {line.day:6.2f}  {Activity(line.activity).zh} / {Activity(line.activity).en}: "
            f"{self.titles[line.unit][0]} / {self.titles[line.unit][1]}"
            for line in self.lines
        )


def by_engine(case: Case, street: str, seed: int) -> Told:
    """Return what the engine tells."""
    tables = run_tables(scenario_of(case), seed, history=True)
    rows = history_of(tables)
    columns = (rows[name].tolist() for name in ("when", "key", "activity", "unit"))
    units = {name: tables.units[column].tolist() for name, column in HOURS.items()}
    held = tables.cases[tables.cases["state"] != State.FREE]
    live = {key: State(state) for key, state in zip(held["key"].tolist(), held["state"].tolist(), strict=True)}
    return _told("engine", case, street, zip(*columns, strict=True), units, live)


def by_reference(case: Case, street: str, seed: int) -> Told:
    """Return what the reference tells."""
    model = ReferenceDistrict(scenario_of(case), seed, history=True)
    while model.now_step < model.calendar.steps:
        model.step()
    mesa.Agent._ids.pop(model, None)  # Mesa 3.3 keeps every model alive through this
    units = {name: [unit.books[column] for unit in model.units] for name, column in HOURS.items()}
    live = {open_case.key: open_case.state for open_case in model.cases}
    return _told("reference", case, street, (line[:4] for line in model.history or ()), units, live)


def _told(
    who: str, case: Case, street: str, history: Iterable[tuple[int, int, int, int]], units: dict[str, list[float]],
    live: dict[int, State],
) -> Told:  # fmt: skip
    plan = blueprint_of(scenario_of(case)).units
    lines = sorted(history, key=lambda line: line[0])
    first = _first(case, [line for line in lines if plan[line[3]].code == street])
    keys = _with_repeats(first[1]) if first else set()
    born = first[0] if first else 0
    return Told(
        who=who,
        lines=tuple(
            Line((when - born) / TICKS_PER_DAY, Activity(activity), plan[unit].code)
            for when, key, activity, unit in lines if key in keys
        ),
        state=next((state for key, state in live.items() if key in keys), State.FREE),
        hours={
            unit.code: {name: column[row] / TICKS_PER_DAY for name, column in units.items()}
            for row, unit in enumerate(plan)
        },
        titles={unit.code: (unit.title_zh, unit.title_en) for unit in plan},
    )  # fmt: skip


def _first(case: Case, lines: list[tuple[int, int, int, int]]) -> tuple[int, int] | None:
    """Return when the case in question was born, and its key."""
    since = case.problem.get("born_on", 0) * TICKS_PER_DAY
    return next(((line[0], line[1]) for line in lines if line[2] == Activity.BORN and line[0] >= since), None)


def _with_repeats(key: int) -> set[int]:
    keys = [key]
    for generation in range(1, _MOST_REPEATS):
        keys.append(rng.derive(keys[-1], generation))
    return set(keys)


def stories(case: Case, seed: int, tellers: tuple[Any, ...]) -> Iterable[tuple[Told, dict[str, Any]]]:
    """Yield what each teller tells of each street of a case, with what is expected there."""
    expected = {case.streets[0]: {key: value for key, value in case.then.items() if key != "also"}}
    expected |= case.then.get("also", {})
    for teller in tellers:
        for street, then in expected.items():
            yield teller(case, street, seed), then
