"""The columns of a log that are needed, read from its file; rows that are cases with their steps made into events."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from experiments.errors import WrongInput, raise_if_any
from experiments.logs import Contents, Place, Source
from experiments.logs.columns import Mapped, Shape, map_columns, other_shapes, shape_of
from experiments.logs.dropped import Dropped
from experiments.logs.options import LogOptions, quoted
from experiments.logs.sources import opened_log
from experiments.logs.steps import stacked
from experiments.logs.values import plain_of

REPEATED = 0.05  # share of rows beyond which repeated cases are no accident: rows are events then
OWN = "run"  # column of the model's own logs that carries the facts of the run


@dataclass(frozen=True)
class Raw:
    """Columns of a log as they are in the file.

    Attributes:
        table: One row an event, or, in a case table, a case.
        own: Whether it has the columns of the model's own logs, which are then read as well.
        dropped: What did not become an event.
    """

    source: Source
    mapped: Mapped
    table: pa.Table
    place: Place
    own: bool
    dropped: tuple[Dropped, ...] = ()

    def column(self, role: str) -> pa.ChunkedArray:
        return self.table.column(self.mapped.columns[role])


def read_raw(options: LogOptions, notes: list[str]) -> Raw:
    """Read the columns that are needed of a log; WrongInput if it cannot be read, or one is nested or not there."""
    with opened_log(options, notes) as (source, contents):
        return raw_of(source, contents, options)


def raw_of(source: Source, contents: Contents, options: LogOptions) -> Raw:
    """Read the columns that are needed of the contents of a log, in the shape that names and rows speak for."""
    shape = shape_of(contents.columns, options)
    raw = _read(source, contents, options, shape)
    if not _fits(raw, options):
        raw = _in_another_shape(raw, contents, options)
    return _as_events(raw, options) if raw.mapped.steps else raw


def _read(source: Source, contents: Contents, options: LogOptions, shape: Shape) -> Raw:
    mapped, own = map_columns(contents.columns, options, shape), tuple[str, ...]()
    if OWN in contents.columns:  # the model is imported for no other log
        from model.events import NEEDED, TRADES

        own = NEEDED if set(NEEDED) <= set(contents.columns) else ()
    of_steps = [name for step in mapped.steps for name in (step.time, *step.units)]
    single = [name for role, name in mapped.columns.items() if not (mapped.steps and role in _OF_STEPS)]
    _check_files(mapped, contents)
    table, place = contents.read(list(dict.fromkeys([*single, *of_steps, *own])))
    odd = [each for each in table.schema if pa.types.is_nested(each.type) or pa.types.is_binary(each.type)]
    text = "expected text, numbers or times, got"
    raise_if_any(f"{options.path}: column '{each.name}': {text} {each.type}." for each in odd)
    if own:  # requests for people and powers are no cases
        about = pc.invert(pc.is_in(table.column("concept:name").cast(pa.string()), pa.array(TRADES)))
        rows, of_file = pc.indices_nonzero(about), place
        table, place = table.filter(about), lambda row: of_file(rows[row].as_py())
    return Raw(source, mapped, table, place, bool(own))


def _check_files(mapped: Mapped, contents: Contents) -> None:
    """Raise WrongInput for files of a log that lack what all events, or cases, must have."""
    roles = ("start",) if mapped.table else () if mapped.steps else ("case", "unit", "time")
    raise_if_any(
        f"{name}: has no column '{mapped.columns[role]}' ({role}), which the other files have. Name it alike, or leave "
        "the file out." for name, columns in contents.files for role in roles if mapped.columns[role] not in columns
    )  # fmt: skip


_OF_STEPS = ("unit", "time", "activity")  # roles whose columns are made of those of the steps


def _fits(raw: Raw, options: LogOptions) -> bool:
    """Tell whether the rows are what the names of the columns say: in events cases are repeated, in tables not."""
    if "case" not in raw.mapped.columns or options.steps:
        return True
    cases = pc.drop_null(plain_of(raw.column("case")))
    if len(cases) < 2:
        return True
    repeated = len(cases) - pc.count_distinct(cases).as_py()
    return bool(repeated > 0 if raw.mapped.shape is Shape.EVENTS else repeated <= REPEATED * len(cases))


def _in_another_shape(raw: Raw, contents: Contents, options: LogOptions) -> Raw:
    """Read a log whose rows are not what the names of its columns say; WrongInput where rows might be either."""
    mapped = raw.mapped
    for shape in other_shapes(contents.columns, options, mapped.shape):
        if mapped.table and options.time is None and not _varies(raw):
            break
        with suppress(WrongInput):
            return _read(raw.source, contents, options, shape)
    if not mapped.table:
        return raw
    dates = quoted(mapped.columns[role] for role in ("start", "end"))
    raise options.wrong(
        f"with {dates} it is read as a case table (one row per case), but some cases of '{mapped.columns['case']}' "
        "span several rows. If each row is an event, name its time with --time; if each row is a step, name its "
        "beginning and end with --start and --end, and its --activity; if each row is a case, name another --case."
    )


def _varies(raw: Raw) -> bool:
    """Tell whether rows of the same case start at different times: they are its steps then."""
    rows = pa.table({role: plain_of(raw.column(role)) for role in ("case", "start")})
    pairs = rows.group_by(["case", "start"]).aggregate([])
    return bool(pairs.num_rows > pc.count_distinct(rows.column("case"), mode="all").as_py())


def _as_events(raw: Raw, options: LogOptions) -> Raw:
    """Return the steps of cases as events."""
    mapped, columns = raw.mapped, raw.mapped.columns
    shared = list(dict.fromkeys(name for role, name in columns.items() if role not in _OF_STEPS))
    found = stacked(raw.table, mapped.steps, shared, columns["time"], columns["unit"])
    if raw.table.num_rows and not found.table.num_rows:
        raise options.wrong(f"no row has a time and a unit in any step: {quoted(step.time for step in mapped.steps)}. "
                            "Name the columns with --steps.")  # fmt: skip
    gone = (Dropped("step_without_unit", found.without_unit), Dropped("case_without_step", None, found.empty))
    of_file = raw.place
    return replace(raw, table=found.table, place=lambda row: of_file(int(found.rows[row])),
                   dropped=tuple(each for each in gone if each.events or each.cases))  # fmt: skip
