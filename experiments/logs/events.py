"""Events in order, with codes for case, unit and activity; everything that had to be chosen is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from experiments.logs.coded import Coded, case_codes, coded
from experiments.logs.notes import Note, note, quoted
from experiments.logs.reading import Raw
from experiments.logs.stamps import Stamps, read_stamps

__all__ = ["Events", "events_of"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Events:
    """Events by case, and within a case by time; events at the same time in the order of the file.

    Attributes
    ----------
    case : Coded
        In a case table each row is a case.
    name : Coded or None
        The case as it is named; None in a case table that names none.
    unit : Coded or None
        None in a case table whose rows name no unit.
    activity, state : Coded or None
        Where the log has them.
    time : array (events,) of int
        Microseconds since 1970 UTC.
    day : array (events,) of int
        Day of the calendar as written, since 1970-01-01.
    first : array (cases,) of int
        The first event of each case.
    stamps : dict of str to Stamps
        Further times by role, one an event.
    """

    case: Coded
    name: Coded | None
    unit: Coded | None
    activity: Coded | None
    state: Coded | None
    time: Ints
    day: Ints
    first: Ints
    stamps: dict[str, Stamps]

    def __len__(self) -> int:
        return int(self.time.size)

    @property
    def last(self) -> Ints:
        """The last event of each case."""
        return np.append(self.first[1:], len(self)) - 1

    def rows(self, chosen: NDArray[np.bool_] | Ints) -> Events:
        """Return some events, in this order; those of a case must stay together."""
        case = self.case.rows(chosen)
        return Events(
            case=case,
            name=case if self.name is self.case else _rows(self.name, chosen),
            unit=_rows(self.unit, chosen),
            activity=_rows(self.activity, chosen),
            state=_rows(self.state, chosen),
            time=self.time[chosen],
            day=self.day[chosen],
            first=_starts(case.codes),
            stamps={role: each.rows(chosen) for role, each in self.stamps.items()},
        )


def _rows(column: Coded | None, chosen: NDArray[np.bool_] | Ints) -> Coded | None:
    return None if column is None else column.rows(chosen)


def _starts(case: Ints) -> Ints:
    return np.flatnonzero(np.append(True, case[1:] != case[:-1])) if case.size else np.zeros(0, np.int64)


def events_of(raw: Raw, asked: Asked, notes: list[Note]) -> Events:
    """Return the events of a log in order.

    Raises
    ------
    WrongInput
        For times that cannot be read or whose zones are mixed, and where no event is left.
    """
    mapped, table = raw.mapped, raw.mapped.table
    if raw.table.num_rows == 0:
        raise WrongInput([f"{asked.path}: expected at least one event, got only a header."])
    name = _names(raw, asked, notes)
    case = Coded(np.arange(raw.table.num_rows), pa.array([], pa.string())) if table or name is None else name
    unit, activity, state = (coded(raw.column(role)) if role in mapped.columns else None
                             for role in ("unit", "activity", "state"))  # fmt: skip
    _refuse_binary({"case": name, "unit": unit, "activity": activity, "state": state}, raw, asked)
    stamps = _stamps(raw, asked)
    time = stamps.pop("start" if table else "time")
    events = Events(case, name, unit, activity, state, time.micros, time.day, _starts(case.codes), stamps)
    kept = _kept(events, time, raw, asked, notes)
    return _once(_in_order(events.rows(kept) if not kept.all() else events, raw, notes), asked, notes)


def _names(raw: Raw, asked: Asked, notes: list[Note]) -> Coded | None:
    """Return the name of the case of each row; of a case table without any, None."""
    column = raw.mapped.columns.get("case")
    if column is None:
        return None
    found = case_codes(raw.column("case"), column, asked, notes)
    repeated = int((found.codes >= 0).sum()) - len(found.names)
    if raw.mapped.table and repeated:
        notes.append(note("repeated_cases", column=column, count=repeated))
    return found


def _refuse_binary(columns: Mapping[str, Coded | None], raw: Raw, asked: Asked) -> None:
    bad = [role for role, each in columns.items()
           if each is not None and pc.any(pc.match_substring(each.names, "\0")).as_py()]  # fmt: skip
    if bad:
        named = quoted(raw.mapped.columns[role] for role in bad)
        raise WrongInput([f"{asked.path}: {named}: is damaged: some values contain a zero byte. Export it again."])


def _stamps(raw: Raw, asked: Asked) -> dict[str, Stamps]:
    """Read every column of times.

    Raises
    ------
    WrongInput
        With all that is wrong, also if only some columns have zones.
    """
    roles = ("start", "end", "deadline") if raw.mapped.table else ("time", "case_start", "case_end", "deadline")
    found, problems = {}, list[str]()
    for role in (role for role in roles if role in raw.mapped.columns):
        try:
            found[role] = read_stamps(raw.column(role), raw.mapped.columns[role], asked, raw.place)
        except WrongInput as error:
            problems += error.problems
    told = {role: each for role, each in found.items() if each.known.any()}
    zoned = [raw.mapped.columns[role] for role, each in told.items() if each.zoned]
    bare = [raw.mapped.columns[role] for role, each in told.items() if not each.zoned]
    if zoned and bare and asked.time_zone is None:
        problems.append(
            f"{asked.path}: {quoted(zoned)} has time zones, but {quoted(bare)} has none. Write all times alike, "
            "or give the zone of the latter with --time-zone."
        )
    if problems:
        raise WrongInput(problems)
    return found


def _kept(events: Events, time: Stamps, raw: Raw, asked: Asked, notes: list[Note]) -> NDArray[np.bool_]:
    """Tell which events have a case, a time and a unit; what is dropped is counted."""
    columns, table = raw.mapped.columns, raw.mapped.table
    has = {"case": events.case.codes >= 0, "start" if table else "time": time.known}
    if events.unit is not None and not table:
        has["unit"] = events.unit.codes >= 0
    kept: NDArray[np.bool_] = np.logical_and.reduce(list(has.values()))
    for role, there in has.items():
        if not there.any():
            named = quoted(raw.mapped.others) if role == "unit" else ""
            others = f"; other candidates: {named}" if named else ""
            raise WrongInput([f"{asked.path}: column '{columns[role]}' ({role}) is empty. "
                              f"Name another with --{role}{others}."])  # fmt: skip
        if not there.all():
            gone = events.case.codes[~there]
            touched, left = np.unique(gone[gone >= 0]), events.case.codes[kept]
            notes.append(note(f"without_{role}", column=columns[role], count=int((~there).sum()), of=len(there),
                              cases=touched.size, lost=int((~np.isin(touched, left)).sum())))  # fmt: skip
    if not kept.any():
        raise WrongInput([f"{asked.path}: no event has a case, a time and a unit. Check the columns."])
    return kept


def _in_order(events: Events, raw: Raw, notes: list[Note]) -> Events:
    case = events.case.codes
    order = np.argsort(case, kind="stable")
    same = case[order][1:] == case[order][:-1]
    late = int((same & (np.diff(events.time[order]) < 0)).sum())
    if late:
        order = np.lexsort((events.time, case))
        notes.append(note("unsorted", count=late))
    return events.rows(order)


def _once(events: Events, asked: Asked, notes: list[Note]) -> Events:
    """Count events that agree in all that was read; keep one of each where that was asked for."""
    if events.name is None:
        return events
    again = _again(events, events.name)
    if not again.size:
        return events
    notes.append(note("duplicates_dropped" if asked.drop_duplicates else "duplicates_kept", count=again.size))
    if not asked.drop_duplicates:
        return events
    once = np.ones(len(events), np.bool_)
    once[again] = False
    return events.rows(once)


def _again(events: Events, name: Coded) -> Ints:
    """Return the events that repeat an earlier one of the file; only those at the same time are looked at."""
    order = np.lexsort((events.time, name.codes)) if events.case is not name else np.arange(len(events))
    together = (np.diff(name.codes[order]) == 0) & (np.diff(events.time[order]) == 0)
    near = order[np.append(together, False) | np.append(False, together)]
    columns = [each.codes[near] for each in (events.unit, events.activity, events.state) if each is not None]
    columns += [each.micros[near] for role, each in events.stamps.items() if role == "end"]
    columns += [events.time[near], name.codes[near]]
    by_all = np.lexsort(columns)
    same = np.logical_and.reduce([each[by_all][1:] == each[by_all][:-1] for each in columns])
    return np.asarray(near[by_all[1:][same]])
