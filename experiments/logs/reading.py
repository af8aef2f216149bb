"""A log as a whole: its columns, its events in order, its cases, and what had to be chosen on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.logs.cases import Cases, cases_of, chosen_by_date, doubtful
from experiments.logs.columns import Shape
from experiments.logs.dropped import Dropped
from experiments.logs.events import Events, events_of
from experiments.logs.options import LogOptions, quoted
from experiments.logs.people import LOOKED_AT, holds_people, pseudonyms
from experiments.logs.raw import Raw, read_raw
from experiments.messages import msg

CLOSING = ("closed", "closed_cosmetically")
WORK = ("own_work", "assembled")
"""Activities of the model that declare a case closed, and after which it does not circulate any more."""

_READ_AS = {Shape.EVENTS: "log_note_log", Shape.CASES: "log_note_table", Shape.STEPS: "log_note_wide"}


@dataclass(frozen=True)
class WholeLog:
    """A log that was read.

    Attributes:
        options: As given; in a log of this model with its own activities of closing and of work.
        own, outcomes: Regime and seed of its run, and the outcomes that events alone decide, where it is one of this
            model.
        dropped: What was left out, or kept though in doubt.
    """

    raw: Raw
    options: LogOptions
    events: Events
    cases: Cases
    own: Mapping[str, Any] | None
    outcomes: Mapping[str, float | None] | None
    dropped: tuple[Dropped, ...]


def read_log(options: LogOptions, notes: list[str]) -> tuple[Events, Cases]:
    """Return the events and the cases of a log, and add to the notes what was chosen or left out on the way.

    Cases stand in the order of their events: case i has those from `events.first[i]` to `events.last[i]`.

    Raises:
        WrongInput: For options that contradict one another, and files that cannot be read.
    """
    log = read_whole(options, notes)
    return log.events, log.cases


def read_whole(options: LogOptions, notes: list[str]) -> WholeLog:
    """Return all that is known of a log; notes and errors as in `read_log`."""
    options.check()
    raw = read_raw(options, notes)
    own, outcomes = _own(raw, notes)
    if own is not None and raw.mapped.columns.get("activity") == "concept:name":
        given = options.closed_by or options.state or options.case_end
        options = replace(options, closed_by=options.closed_by if given else CLOSING, work=options.work or WORK)
    notes[:0] = _columns_noted(raw)
    dropped = list[Dropped]()
    every = _with_units_hidden(events_of(raw, options, notes, dropped), raw, options, notes)
    horizon = _horizon(every, notes)
    events = chosen_by_date(every, options, notes, dropped)
    cases = cases_of(events, options, raw.mapped.columns.get("deadline"), horizon, notes)
    dropped += doubtful(events, cases, int(every.columns["time"].min()))
    return WholeLog(raw, options, events, cases, own, outcomes, tuple(dropped))


def _with_units_hidden(events: Events, raw: Raw, options: LogOptions, notes: list[str]) -> Events:
    """Return events whose units have other names where that is wanted, or where they are people."""
    if "unit" not in events.names:
        return events
    column, names = raw.mapped.columns["unit"], events.names["unit"]
    people = not raw.own and holds_people(column, names[:LOOKED_AT].to_pylist())
    if people and not options.hide_units:
        notes.append(msg("log_note_people", column=column))
    if not (people or options.hide_units):
        return events
    return Events(events.columns, {**events.names, "unit": pseudonyms(events.columns["unit"], len(names))})


def _horizon(events: Events, notes: list[str]) -> tuple[int, int]:
    """Return the last time of a log, and the day on which it is; deadlines lie ahead: the log does not reach them."""
    roles = [role for role in ("time", "completed", "case_start", "case_end") if role in events.columns]
    last = max(roles, key=lambda role: int(events.columns[role].max()))
    at = int(events.columns[last].argmax())
    horizon, day = (int(events.columns[f"{last}{what}"][at]) for what in ("", "_day"))
    ends = (int(events.columns["time"].min()), horizon)
    first, end = (str(np.datetime64(each, "us").astype("datetime64[D]")) for each in ends)
    notes.append(msg("log_note_span", first=first, last=end))
    return horizon, day


def _own(raw: Raw, notes: list[str]) -> tuple[Mapping[str, Any] | None, Mapping[str, float | None] | None]:
    """Return regime, seed and outcomes of the run where the log is one of this model; a damaged one is noted."""
    if not raw.own:
        return None, None
    from model.events import Log, LogError, measure

    try:
        log = Log.of(raw.table)
        outcomes = measure(log)
    except (LogError, KeyError, TypeError, ValueError, IndexError, pa.ArrowException) as error:
        reason = str(error) if isinstance(error, LogError) else f"{type(error).__name__}: {str(error)[:120]}"
        notes.append(msg("log_note_own_damaged", reason=reason))
        return None, None
    assert log.facts is not None
    own = {"regime": log.facts.regime, "seed": log.facts.seed}
    notes.append(msg("log_note_own", **own))
    return own, outcomes


def _columns_noted(raw: Raw) -> Iterator[str]:
    mapped = raw.mapped
    yield msg(_READ_AS[mapped.shape], format=raw.source.format.title)
    if mapped.steps:
        yield msg("log_note_steps", steps=",".join(f"{step.time}:{'|'.join(step.units)}" for step in mapped.steps))
    if mapped.guessed:
        pairs = ", ".join(f"{role} = '{mapped.columns[role]}'" for role in mapped.guessed)
        yield msg("log_note_guessed", columns=pairs)
    if "unit" in mapped.guessed and mapped.others:
        yield msg("log_note_other_units", unit=mapped.columns["unit"], others=quoted(mapped.others))
