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
from experiments.logs.columns import OPTIONAL
from experiments.logs.dropped import Dropped
from experiments.logs.options import LogOptions, flag_of, quoted
from experiments.logs.people import holds_people
from experiments.logs.raw import Raw
from experiments.logs.times import read_times
from experiments.logs.values import DAY, UNKNOWN, case_codes, coded
from experiments.messages import msg

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CODED = ("case", "unit", "activity", "state", "kind", "lifecycle")
"""Roles whose values are names."""

TIMES_OF_CASES = {"start": "time", "end": "end", "deadline": "deadline"}
TIMES_OF_EVENTS = {"time": "time", "start": "started", "end": "completed", "case_start": "case_start",
                   "case_end": "case_end", "deadline": "deadline"}  # fmt: skip
"""Roles of times where a row is a case, and where it is an event; what `Events` calls them."""

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
        expected = f"one of {quoted(name[:LONGEST] for name in known[:MOST])}{more}"
        if holds_people(getattr(options, role) or role, known):
            expected = f"a value of the column, which seems to name people; name another with --{role}"
        raise_if_any(f"{flag}: {options.path} has no '{name}'; expected {expected}."
                     for name in wanted if name not in known)  # fmt: skip
        return np.asarray(np.append(np.isin(known, wanted), False)[self.columns[role]])


def events_of(raw: Raw, options: LogOptions, notes: list[str], dropped: list[Dropped]) -> Events:
    """Return the events of a log in order; WrongInput for times that cannot be read, and where no event is left.

    Args:
        notes: Takes what had to be chosen.
        dropped: Takes what was left out.
    """
    roles, table = raw.mapped.columns, raw.mapped.table
    if raw.table.num_rows == 0:
        raise options.wrong("expected at least one event, got only a header.")
    dropped += raw.dropped
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
    events = Events(columns | _stages(columns, names, dropped), names)
    kept = _kept(events, raw, options, notes, dropped)
    events = _in_order(events if kept.all() else events.rows(kept), notes)
    _note_days(events, notes)
    again = _again(events) if "case" in roles else ()
    if not len(again):
        return events
    what = f"duplicates_{'dropped' if options.drop_duplicates else 'kept'}"
    notes.append(msg(f"log_note_{what}", count=len(again)))
    dropped.append(Dropped(what, len(again)))
    return events.rows(np.delete(np.arange(len(events)), again)) if options.drop_duplicates else events


def _times(raw: Raw, options: LogOptions, notes: list[str]) -> dict[str, Ints]:
    """Read every column of times, which have zones in all or in none; WrongInput says all that is wrong.

    A column that was recognised by its name, and is not needed, is left out where it holds no times.
    """
    names, problems = raw.mapped.columns, list[str]()
    found, zoned = dict[str, Ints](), dict[str, bool]()
    for role, key in TIMES_OF_CASES.items() if raw.mapped.table else TIMES_OF_EVENTS.items():
        if role not in names:
            continue
        try:
            micros, day, with_zone = read_times(raw.column(role), names[role], options, raw.place, notes)
        except WrongInput as error:
            if role in raw.mapped.guessed and role in OPTIONAL:
                reason = error.problems[0].removeprefix(f"{options.path}: ")
                notes.append(msg("log_note_unread", role=role, flag=flag_of(role), reason=reason))
            else:
                problems += error.problems
            continue
        found |= {key: micros, f"{key}_day": day}
        if (micros != UNKNOWN).any():
            zoned[names[role]] = with_zone
    if len(set(zoned.values())) == 2 and options.time_zone is None:
        have, have_none = (quoted(name for name in zoned if zoned[name] is each) for each in (True, False))
        problems.append(f"{options.path}: {have} has time zones, but {have_none} has none. Write all times alike, or "
                        "give the zone of the latter with --time-zone.")  # fmt: skip
    raise_if_any(problems)
    return found


def _stages(columns: Mapping[str, Ints], names: Mapping[str, pa.Array], dropped: list[Dropped]) -> dict[str, Ints]:
    """Return when each event is, and when its activity started and was completed: by a life cycle where there is one.

    A step whose row holds its start and its end is an event at its start: its unit has the case from then on.
    """
    if "end" in columns:
        return {"started": columns["time"], "completed": columns["end"], "completed_day": columns["end_day"]}
    if "started" in columns:
        return _of_pairs(columns, dropped)
    time, day = columns["time"], columns["time_day"]
    words = [name.lower() for name in names["lifecycle"].to_pylist()] if "lifecycle" in names else []
    if COMPLETE.isdisjoint(words):
        return {"started": np.full(time.size, UNKNOWN), "completed": time, "completed_day": day}
    code = columns["lifecycle"]
    completes, starts = (np.append([word in those for word in words], last)[code]
                         for those, last in ((COMPLETE, True), (START, False)))  # fmt: skip
    found = {"started": (starts, time), "completed": (completes, time), "completed_day": (completes, day)}
    return {role: np.where(those, each, UNKNOWN) for role, (those, each) in found.items()}


def _of_pairs(columns: Mapping[str, Ints], dropped: list[Dropped]) -> dict[str, Ints]:
    """Return the times of steps with a start and an end; one that ends before it starts ends with its start."""
    started, completed = columns["started"], columns["completed"]
    backwards = (started != UNKNOWN) & (completed != UNKNOWN) & (completed < started)
    if backwards.any():
        dropped.append(Dropped("step_backwards", int(backwards.sum())))
    known = started != UNKNOWN
    return {
        "time": np.where(known, started, completed),
        "time_day": np.where(known, columns["started_day"], columns["completed_day"]),
        "completed": np.where(backwards, started, completed),
        "completed_day": np.where(backwards, columns["started_day"], columns["completed_day"]),
    }


def _kept(events: Events, raw: Raw, options: LogOptions, notes: list[str], dropped: list[Dropped]) -> Bools:
    """Tell which events have a case, a time and a unit; what is dropped is counted."""
    when = "start" if "start" in raw.mapped.columns else "time"
    has = {"start" if raw.mapped.table else "time": events.columns["time"] != UNKNOWN}
    if not raw.mapped.table:
        has = {"case": events.case >= 0, **has, "unit": events.columns["unit"] >= 0}
    kept: Bools = np.logical_and.reduce(list(has.values()))
    for role, there in has.items():
        name = raw.mapped.columns[when if role == "time" else role]
        if not there.any():
            others = f"; other candidates: {quoted(raw.mapped.others)}" if role == "unit" and raw.mapped.others else ""
            raise options.wrong(f"column '{name}' ({role}) is empty. Name another with --{role}{others}.")
        if not there.all():
            gone = events.case[~there]
            touched, left = np.unique(gone[gone >= 0]), events.case[kept]
            count, lost = int((~there).sum()), int((~np.isin(touched, left)).sum())
            notes.append(msg(f"log_note_without_{role}", column=name, count=count, of=len(there), cases=touched.size,
                             lost=lost))  # fmt: skip
            dropped.append(Dropped(f"without_{role}", count, None if role == "case" else lost))
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


def _note_days(events: Events, notes: list[str]) -> None:
    """Note where times are dates without hours, and events of a case on the same day are in the order of the file."""
    case, time = events.case, events.columns["time"]
    together = int(((np.diff(case) == 0) & (np.diff(time) == 0)).sum())
    if together and bool((time == events.columns["time_day"] * DAY).all()):
        notes.append(msg("log_note_days", count=together))


def _again(events: Events) -> Ints:
    """Return the events that repeat an earlier one of the file; only those at the same time are looked at."""
    case, time = events.columns["case"], events.columns["time"]
    order = np.lexsort((time, case)) if "row" in events.columns else np.arange(len(events))
    together = (np.diff(case[order]) == 0) & (np.diff(time[order]) == 0)
    near = order[np.append(together, False) | np.append(False, together)]
    roles = ("unit", "activity", "state", "lifecycle", "completed", "time", "case")
    alike = [events.columns[role][near] for role in roles if role in events.columns]
    by_all = np.lexsort(alike)
    same = np.logical_and.reduce([np.diff(each[by_all]) == 0 for each in alike])
    return np.asarray(near[by_all[1:][same]])
