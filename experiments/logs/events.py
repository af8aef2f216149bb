"""Events in order and the cases that they make up; everything that had to be chosen is noted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.columns import Raw
from experiments.logs.options import LogOptions, Note, instant, note, quoted
from experiments.logs.values import DAY, Coded, Stamps, case_codes, coded, read_stamps

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Events:
    """Events by case, and within a case by time; events at the same time in the order of the file.

    Attributes:
        case, name: In a case table each row is a case, whose name may be repeated, or missing (None).
        time, day (arrays (events,) of int): Microseconds since 1970 UTC; day of the calendar as written, since
            1970-01-01.
        first (array (cases,) of int): The first event of each case.
        stamps: Further times by role, one an event.
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

    def rows(self, chosen: Bools | Ints) -> Events:
        """Return some events, in this order; those of a case must stay together."""
        case = self.case.rows(chosen)
        name = case if self.name is self.case else self.name and self.name.rows(chosen)
        unit, activity, state = (each and each.rows(chosen) for each in (self.unit, self.activity, self.state))
        stamps = {role: each.rows(chosen) for role, each in self.stamps.items()}
        return Events(case, name, unit, activity, state, self.time[chosen], self.day[chosen], _starts(case.codes),
                      stamps)  # fmt: skip

    def of_case(self, role: str, unknown: int, *, last: bool) -> Ints:
        """Return a further time of each case: the last known, or the first; `unknown` where its events know none."""
        if role not in self.stamps:
            return np.full(self.first.size, unknown, dtype=np.int64)
        stamps = self.stamps[role]
        reduce, nothing = (np.maximum, -LATEST) if last else (np.minimum, LATEST)
        found = reduce.reduceat(np.where(stamps.known, stamps.micros, nothing), self.first)
        return np.where(found == nothing, unknown, found)


def _starts(case: Ints) -> Ints:
    return np.flatnonzero(np.append(True, case[1:] != case[:-1])) if case.size else np.zeros(0, np.int64)


def events_of(raw: Raw, options: LogOptions, notes: list[Note]) -> Events:
    """Return the events of a log in order; WrongInput for times that cannot be read, and where no event is left."""
    columns, table = raw.mapped.columns, raw.mapped.table
    if raw.table.num_rows == 0:
        raise WrongInput([f"{options.path}: expected at least one event, got only a header."])
    name = case_codes(raw.column("case"), columns["case"], options, notes) if "case" in columns else None
    repeated = 0 if name is None else int((name.codes >= 0).sum()) - len(name.names)
    if table and repeated:
        notes.append(note("repeated_cases", column=columns["case"], count=repeated))
    case = Coded(np.arange(raw.table.num_rows), pa.array([], pa.string())) if table or name is None else name
    named = {role: coded(raw.column(role)) if role in columns else None for role in ("unit", "activity", "state")}
    bad = [columns[role] for role, each in {"case": name, **named}.items()
           if each is not None and pc.any(pc.match_substring(each.names, "\0")).as_py()]  # fmt: skip
    if bad:
        raise WrongInput(
            [f"{options.path}: {quoted(bad)}: is damaged: some values contain a zero byte. Export it again."]
        )
    stamps = _stamps(raw, options)
    time = stamps.pop("start" if table else "time")
    events = Events(case, name, **named, time=time.micros, day=time.day, first=_starts(case.codes), stamps=stamps)
    kept = _kept(events, time, raw, options, notes)
    return _once(_in_order(events.rows(kept) if not kept.all() else events, notes), options, notes)


def _stamps(raw: Raw, options: LogOptions) -> dict[str, Stamps]:
    """Read every column of times, which have zones in all or in none; WrongInput says all that is wrong."""
    roles = ("start", "end", "deadline") if raw.mapped.table else ("time", "case_start", "case_end", "deadline")
    columns, found, problems = raw.mapped.columns, {}, list[str]()
    for role in (role for role in roles if role in columns):
        try:
            found[role] = read_stamps(raw.column(role), columns[role], options, raw.place)
        except WrongInput as error:
            problems += error.problems
    known = {columns[role]: each.zoned for role, each in found.items() if each.known.any()}
    if len(set(known.values())) == 2 and options.time_zone is None:
        zoned, bare = (quoted(name for name in known if known[name] is each) for each in (True, False))
        problems.append(f"{options.path}: {zoned} has time zones, but {bare} has none. Write all times alike, or give "
                        "the zone of the latter with --time-zone.")  # fmt: skip
    if problems:
        raise WrongInput(problems)
    return found


def _kept(events: Events, time: Stamps, raw: Raw, options: LogOptions, notes: list[Note]) -> Bools:
    """Tell which events have a case, a time and a unit; what is dropped is counted."""
    columns, table = raw.mapped.columns, raw.mapped.table
    has = {"case": events.case.codes >= 0, "start" if table else "time": time.known}
    if events.unit is not None and not table:
        has["unit"] = events.unit.codes >= 0
    kept: Bools = np.logical_and.reduce(list(has.values()))
    for role, there in has.items():
        if not there.any():
            candidates = quoted(raw.mapped.others) if role == "unit" else ""
            others = f"; other candidates: {candidates}" if candidates else ""
            raise WrongInput([f"{options.path}: column '{columns[role]}' ({role}) is empty. "
                              f"Name another with --{role}{others}."])  # fmt: skip
        if not there.all():
            gone = events.case.codes[~there]
            touched, left = np.unique(gone[gone >= 0]), events.case.codes[kept]
            notes.append(note(f"without_{role}", column=columns[role], count=int((~there).sum()), of=len(there),
                              cases=touched.size, lost=int((~np.isin(touched, left)).sum())))  # fmt: skip
    if not kept.any():
        raise WrongInput([f"{options.path}: no event has a case, a time and a unit. Check the columns."])
    return kept


def _in_order(events: Events, notes: list[Note]) -> Events:
    case = events.case.codes
    order = np.argsort(case, kind="stable")
    same = case[order][1:] == case[order][:-1]
    late = int((same & (np.diff(events.time[order]) < 0)).sum())
    if late:
        order = np.lexsort((events.time, case))
        notes.append(note("unsorted", count=late))
    return events.rows(order)


def _once(events: Events, options: LogOptions, notes: list[Note]) -> Events:
    """Count events that agree in all that was read; drop them where the user says so."""
    again = np.zeros(0, np.int64) if events.name is None else _again(events, events.name)
    if not again.size:
        return events
    notes.append(note("duplicates_dropped" if options.drop_duplicates else "duplicates_kept", count=again.size))
    return events.rows(np.delete(np.arange(len(events)), again)) if options.drop_duplicates else events


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


@dataclass(frozen=True)
class Cases:
    """Cases in the order of their events.

    Attributes:
        begin, end, due (arrays (cases,) of int): Microseconds since 1970 UTC. An open case ends, so far, with the last
            time in the log; `LATEST` is due where nothing says when.
        day (array (cases,) of int): Day of the calendar on which each begins, as written, since 1970-01-01.
        rule: What closes a case: "case_end", "closed_by", "state", "end" (of a case table) or "last" (its last event).
    """

    begin: Ints
    end: Ints
    closed: Bools
    due: Ints
    day: Ints
    rule: str

    @property
    def days(self) -> NDArray[np.float64]:
        """How long each case lasts, or has lasted so far; below 0 where it ends before it begins."""
        return (self.end - self.begin) / DAY


def chosen_by_date(events: Events, options: LogOptions, notes: list[Note]) -> Events:
    """Return the events of the cases that began before, and not before, the dates given; at least one must have."""
    if options.before is None and options.after is None:
        return events
    begin = _begin(events)
    kept = np.ones(begin.size, np.bool_)
    if options.before is not None:
        kept &= begin < instant(options.before, options.time_zone)
    if options.after is not None:
        kept &= begin >= instant(options.after, options.time_zone)
    if not kept.any():
        first, last = (np.datetime64(int(each), "us").astype("datetime64[D]") for each in (begin.min(), begin.max()))
        raise WrongInput(
            [f"--before, --after: {options.path} has no such case. Its cases began from {first} to {last}."]
        )
    notes.append(note("chosen", count=int(kept.sum()), of=kept.size))
    return events.rows(np.repeat(kept, np.diff(np.append(events.first, len(events)))))


def cases_of(events: Events, options: LogOptions, deadline: str | None, horizon: int, notes: list[Note]) -> Cases:
    """Return the cases of a log.

    Args:
        options: WrongInput for activities and states that the log does not have.
        deadline: Column of the deadlines, where there is one.
        horizon: The last time in the log, up to which open cases are seen.
        notes: Takes what had to be chosen.
    """
    begin = _begin(events)
    end, closed, rule = _ends(events, options)
    due = events.of_case("deadline", LATEST, last=True)
    if options.limit is not None:
        if deadline is not None and (due < LATEST).any():
            notes.append(note("beside_limit", column=deadline, limit=options.limit))
        due = np.where(due == LATEST, begin + round(options.limit * DAY), due)
    for role in ("case_start", "case_end", "deadline"):
        first, last = (events.of_case(role, 0, last=each) for each in (False, True))
        if (first != last).any():
            notes.append(note("varying", role=role, count=int((first != last).sum())))
    cases = Cases(begin, np.where(closed, end, horizon), closed, due, _begin_day(events), rule)
    backwards = int((cases.days < 0).sum())
    if backwards:
        notes.append(note("backwards", count=backwards))
    return cases


def _begin(events: Events) -> Ints:
    given = events.of_case("case_start", LATEST, last=False)
    return np.where(given == LATEST, events.time[events.first], given)


def _begin_day(events: Events) -> Ints:
    """Return the day, as written, of the time that `_begin` takes."""
    first = events.day[events.first]
    if "case_start" not in events.stamps:
        return first
    given = events.stamps["case_start"]
    days = np.minimum.reduceat(np.where(given.known, given.day, LATEST), events.first)
    return np.where(days == LATEST, first, days)


def _ends(events: Events, options: LogOptions) -> tuple[Ints, Bools, str]:
    """Return when cases end, which do, and by which rule."""
    last = events.last
    if events.state is not None and options.closed_state:
        closed = events.state.is_one_of(options.closed_state, "--closed-state", options)[last]
        if "end" not in events.stamps:
            return events.time[last], closed, "state"
        return events.of_case("end", -LATEST, last=True), closed & events.stamps["end"].known[last], "state"
    for role in ("end", "case_end"):
        if role in events.stamps:
            end = events.of_case(role, -LATEST, last=True)
            return end, end != -LATEST, role
    if options.closed_by:
        if events.activity is None:
            raise WrongInput([f"--closed-by: {options.path} has no activity column. Name it with --activity."])
        closing = events.activity.is_one_of(options.closed_by, "--closed-by", options)
        end = np.maximum.reduceat(np.where(closing, events.time, -LATEST), events.first)
        return end, end != -LATEST, "closed_by"
    return events.time[last], np.ones(last.size, np.bool_), "last"
