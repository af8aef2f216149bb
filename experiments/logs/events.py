"""Events in order and the cases that they make up; everything that had to be chosen is noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput, raise_if_any
from experiments.logs.columns import Raw
from experiments.logs.options import LogOptions, flag_of, instant, quoted
from experiments.logs.times import read_times
from experiments.logs.values import DAY, UNKNOWN, case_codes, coded
from experiments.messages import msg

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CODED = ("case", "unit", "activity", "state", "kind", "lifecycle")
"""Roles whose values are names."""

COMPLETE = frozenset(("complete", "completed", "finish", "finished", "end", "ended", "完成", "已完成", "结束", "办结"))
START = frozenset(("start", "started", "begin", "开始", "已开始"))
"""Transitions of a life cycle, in lower case, after which an activity is completed, and with which it starts."""

MOST, LONGEST = 40, 60  # names in a message, and letters of each


@dataclass(frozen=True)
class Events:
    """Events by case, and within a case by time; events at the same time in the order of the file.

    Attributes:
        columns (arrays (events,) of int): By role: of those in `CODED` the place among the names, −1 where there is
            none; of times, microseconds since 1970 UTC, and with `_day` behind their role the day of the calendar as
            written, since 1970-01-01, or `UNKNOWN`. `time` is that of the event; `started` and `completed` say when its
            activity did, `UNKNOWN` where this event does not tell. In a case table `row` tells cases apart, whose
            `case` may be repeated, or missing.
        names: Distinct names by role.
    """

    columns: Mapping[str, Ints]
    names: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return int(self.columns["time"].size)

    @property
    def case(self) -> Ints:
        """A number for each event, the same within a case."""
        return self.columns["row" if "row" in self.columns else "case"]

    @cached_property
    def first(self) -> Ints:
        """The first event of each case."""
        return np.flatnonzero(np.append(True, self.case[1:] != self.case[:-1]))

    @property
    def last(self) -> Ints:
        """The last event of each case."""
        return np.append(self.first[1:], len(self)) - 1

    def rows(self, chosen: Bools | Ints) -> Events:
        """Return some events, in this order; those of a case must stay together."""
        return Events({role: each[chosen] for role, each in self.columns.items()}, self.names)

    def of_case(self, role: str, *, last: bool = False) -> Ints:
        """Return a further time of each case: the first known, or the last; `UNKNOWN` where its events know none."""
        if role not in self.columns:
            return np.full(self.first.size, UNKNOWN)
        times = self.columns[role]
        if last:
            return np.asarray(np.maximum.reduceat(times, self.first))
        latest = np.iinfo(np.int64).max
        found = np.minimum.reduceat(np.where(times == UNKNOWN, latest, times), self.first)
        return np.where(found == latest, UNKNOWN, found)

    @property
    def completed(self) -> Bools:
        """Tell which events complete their activity: all of them, where nothing in the log says otherwise."""
        return np.asarray(self.columns["completed"] != UNKNOWN)

    def kind(self) -> Ints:
        """Return the kind of each case as its first event says it, as a place among the names; −1: none."""
        if "kind" not in self.columns:
            return np.full(self.first.size, -1)
        return self.columns["kind"][self.first]

    def begin(self, what: str = "") -> Ints:
        """Return when each case begins, or, of `_day`, on which day: as its column says, else with its first event."""
        given = self.of_case(f"case_start{what}")
        return np.where(given == UNKNOWN, self.columns[f"time{what}"][self.first], given)

    def have(self, option: str, options: LogOptions) -> Bools:
        """Tell which events have an activity, or a state, of an option; WrongInput for those that no event has."""
        role, flag = "state" if option == "closed_state" else "activity", flag_of(option)
        if role not in self.names:
            raise WrongInput([f"{flag}: {options.path} has no {role} column. Name it with --{role}."])
        known, wanted = self.names[role].to_pylist(), getattr(options, option)
        more = f" and {len(known) - MOST:,} more" if len(known) > MOST else ""
        expected = quoted(name[:LONGEST] for name in known[:MOST]) + more
        raise_if_any(f"{flag}: {options.path} has no '{name}'; expected one of {expected}."
                     for name in wanted if name not in known)  # fmt: skip
        return np.asarray(np.append(np.isin(known, wanted), False)[self.columns[role]])


def events_of(raw: Raw, options: LogOptions, notes: list[str]) -> Events:
    """Return the events of a log in order; WrongInput for times that cannot be read, and where no event is left."""
    roles, table = raw.mapped.columns, raw.mapped.table
    if raw.table.num_rows == 0:
        raise options.wrong("expected at least one event, got only a header.")
    columns, names = dict[str, Ints](), dict[str, pa.Array]()
    for role in CODED:
        if role in roles:
            column = raw.column(role)
            found = case_codes(column, roles[role], options, notes) if role == "case" else coded(column)
            columns[role], names[role] = found
    if table:
        columns["row"] = np.arange(raw.table.num_rows)
        repeated = int((columns["case"] >= 0).sum()) - len(names["case"]) if "case" in columns else 0
        if repeated:
            notes.append(msg("log_note_repeated_cases", column=roles["case"], count=repeated))
    bad = [roles[role] for role, each in names.items() if pc.any(pc.match_substring(each, "\0")).as_py()]
    if bad:
        raise options.wrong(f"{quoted(bad)}: is damaged: some values contain a zero byte. Export it again.")
    columns |= _times(raw, options, notes)
    events = Events(columns | _stages(columns, names), names)
    kept = _kept(events, raw, options, notes)
    events = _in_order(events if kept.all() else events.rows(kept), notes)
    again = _again(events) if "case" in roles else ()
    if not len(again):
        return events
    notes.append(msg(f"log_note_duplicates_{'dropped' if options.drop_duplicates else 'kept'}", count=len(again)))
    return events.rows(np.delete(np.arange(len(events)), again)) if options.drop_duplicates else events


def _times(raw: Raw, options: LogOptions, notes: list[str]) -> dict[str, Ints]:
    """Read every column of times, which have zones in all or in none; WrongInput says all that is wrong."""
    names, problems = raw.mapped.columns, list[str]()
    found, zoned = dict[str, Ints](), dict[str, bool]()
    for role in ("start", "end", "deadline") if raw.mapped.table else ("time", "case_start", "case_end", "deadline"):
        if role not in names:
            continue
        try:
            micros, day, with_zone = read_times(raw.column(role), names[role], options, raw.place, notes)
        except WrongInput as error:
            problems += error.problems
            continue
        key = "time" if role == "start" else role
        found |= {key: micros, f"{key}_day": day}
        if (micros != UNKNOWN).any():
            zoned[names[role]] = with_zone
    if len(set(zoned.values())) == 2 and options.time_zone is None:
        have, have_none = (quoted(name for name in zoned if zoned[name] is each) for each in (True, False))
        problems.append(f"{options.path}: {have} has time zones, but {have_none} has none. Write all times alike, or "
                        "give the zone of the latter with --time-zone.")  # fmt: skip
    raise_if_any(problems)
    return found


def _stages(columns: Mapping[str, Ints], names: Mapping[str, pa.Array]) -> dict[str, Ints]:
    """Return when the activity of each event started and was completed, by its life cycle where it has one."""
    time, day = columns["time"], columns["time_day"]
    nothing = np.full(time.size, UNKNOWN)
    words = [name.lower() for name in names["lifecycle"].to_pylist()] if "lifecycle" in names else []
    if COMPLETE.isdisjoint(words):
        return {"started": nothing, "completed": time, "completed_day": day}
    code = columns["lifecycle"]
    completes, starts = (np.append([word in those for word in words], last)[code]
                         for those, last in ((COMPLETE, True), (START, False)))  # fmt: skip
    found = {"started": (starts, time), "completed": (completes, time), "completed_day": (completes, day)}
    return {role: np.where(those, each, UNKNOWN) for role, (those, each) in found.items()}


def _kept(events: Events, raw: Raw, options: LogOptions, notes: list[str]) -> Bools:
    """Tell which events have a case, a time and a unit; what is dropped is counted."""
    has = {"start" if raw.mapped.table else "time": events.columns["time"] != UNKNOWN}
    if not raw.mapped.table:
        has = {"case": events.case >= 0, **has, "unit": events.columns["unit"] >= 0}
    kept: Bools = np.logical_and.reduce(list(has.values()))
    for role, there in has.items():
        name = raw.mapped.columns[role]
        if not there.any():
            others = f"; other candidates: {quoted(raw.mapped.others)}" if role == "unit" and raw.mapped.others else ""
            raise options.wrong(f"column '{name}' ({role}) is empty. Name another with --{role}{others}.")
        if not there.all():
            gone = events.case[~there]
            touched, left = np.unique(gone[gone >= 0]), events.case[kept]
            notes.append(msg(f"log_note_without_{role}", column=name, count=int((~there).sum()), of=len(there),
                             cases=touched.size, lost=int((~np.isin(touched, left)).sum())))  # fmt: skip
    if not kept.any():
        raise options.wrong("no event has a case, a time and a unit. Check the columns.")
    return kept


def _in_order(events: Events, notes: list[str]) -> Events:
    case, time = events.case, events.columns["time"]
    order = np.argsort(case, kind="stable")
    if late := int(((np.diff(case[order]) == 0) & (np.diff(time[order]) < 0)).sum()):
        order = np.lexsort((time, case))
        notes.append(msg("log_note_unsorted", count=late))
    return events.rows(order)


def _again(events: Events) -> Ints:
    """Return the events that repeat an earlier one of the file; only those at the same time are looked at."""
    case, time = events.columns["case"], events.columns["time"]
    order = np.lexsort((time, case)) if "row" in events.columns else np.arange(len(events))
    together = (np.diff(case[order]) == 0) & (np.diff(time[order]) == 0)
    near = order[np.append(together, False) | np.append(False, together)]
    alike = [events.columns[role][near] for role in ("unit", "activity", "state", "lifecycle", "end", "time", "case")
             if role in events.columns]  # fmt: skip
    by_all = np.lexsort(alike)
    same = np.logical_and.reduce([np.diff(each[by_all]) == 0 for each in alike])
    return np.asarray(near[by_all[1:][same]])


@dataclass(frozen=True)
class Cases:
    """Cases in the order of their events.

    Attributes:
        begin, end, due (arrays (cases,) of int): Microseconds since 1970 UTC. An open case ends, so far, with the last
            time in the log; `UNKNOWN` is due where nothing says when.
        days (array (cases,)): How long each lasts, or has lasted so far; below 0 where it ends before it begins.
        day, end_day (arrays (cases,) of int): Days of the calendar on which each begins and ends, as written, since
            1970-01-01.
        rule: What closes a case: "case_end", "closed_by", "state", "end" (of a case table) or "last" (its last event).
    """

    begin: Ints
    end: Ints
    closed: Bools
    due: Ints
    days: NDArray[np.float64]
    day: Ints
    end_day: Ints
    rule: str


def chosen_by_date(events: Events, options: LogOptions, notes: list[str]) -> Events:
    """Return the events of the cases that began before, and not before, the dates given; at least one must have."""
    if options.before is None and options.after is None:
        return events
    begin = events.begin()
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
    notes.append(msg("log_note_chosen", count=int(kept.sum()), of=kept.size))
    return events.rows(np.repeat(kept, np.diff(np.append(events.first, len(events)))))


def cases_of(
    events: Events, options: LogOptions, deadline: str | None, horizon: tuple[int, int], notes: list[str]
) -> Cases:
    """Return the cases of a log.

    Args:
        options: WrongInput for activities and states that the log does not have.
        deadline: Column of the deadlines, where there is one.
        horizon: The last time in the log, up to which open cases are seen, and its day.
        notes: Takes what had to be chosen.
    """
    begin, (end, end_day, rule) = events.begin(), _ends(events, options)
    closed = end != UNKNOWN
    due = events.of_case("deadline", last=True)
    if options.limit is not None:
        if (due != UNKNOWN).any():
            notes.append(msg("log_note_beside_limit", column=deadline, limit=options.limit))
        due = np.where(due == UNKNOWN, begin + round(options.limit * DAY), due)
    for role in ("case_start", "case_end", "deadline"):
        varying = int((events.of_case(role) != events.of_case(role, last=True)).sum())
        if varying:
            notes.append(msg("log_note_varying", role=role, count=varying))
    end, end_day = (np.where(closed, each, last) for each, last in zip((end, end_day), horizon, strict=True))
    days = (end - begin) / DAY
    if (days < 0).any():
        notes.append(msg("log_note_backwards", count=int((days < 0).sum())))
    return Cases(begin, end, closed, due, days, events.begin("_day"), end_day, rule)


def _ends(events: Events, options: LogOptions) -> tuple[Ints, Ints, str]:
    """Return when cases end and on which day, `UNKNOWN` for open ones, and by which rule."""
    last, columns = events.last, events.columns
    if "state" in columns and options.closed_state:
        closed = events.have("closed_state", options)[last]
        ends = (columns[f"{'end' if 'end' in columns else 'time'}{what}"][last] for what in ("", "_day"))
        end, day = (np.where(closed, each, UNKNOWN) for each in ends)
        return end, day, "state"
    for role in ("end", "case_end"):
        if role in columns:
            return events.of_case(role, last=True), events.of_case(f"{role}_day", last=True), role
    if options.closed_by:
        closing = np.flatnonzero(events.have("closed_by", options) & events.completed)
        case = np.searchsorted(events.first, closing, side="right") - 1
        case, at = np.unique(case, return_index=True)
        end, day = np.full((2, last.size), UNKNOWN)
        end[case], day[case] = columns["completed"][closing[at]], columns["completed_day"][closing[at]]
        return end, day, "closed_by"
    return columns["time"][last], columns["time_day"][last], "last"
