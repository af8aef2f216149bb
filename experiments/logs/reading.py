"""Reading a log, whatever its format: which columns there are, and those that are needed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from experiments.logs.csvfile import csv_head, read_csv
from experiments.logs.mapping import Mapped, map_columns
from experiments.logs.notes import Note, note, quoted
from experiments.logs.parquetfile import parquet_columns, read_parquet
from experiments.logs.source import Source, source_of
from experiments.logs.xesfile import read_xes, xes_columns

__all__ = ["Raw", "read_raw"]

OWN = "run"
"""Column of the model's own logs that carries the facts of the run."""


@dataclass(frozen=True)
class Raw:
    """Columns of a log as they stand in the file.

    Attributes
    ----------
    source : Source
    mapped : Mapped
        Which column plays which role.
    table : pa.Table
        Text, or what the file says.
    place : callable
        Gives the place of a row in the file, in words.
    own : bool
        Whether it has the columns of the model's own logs, which are then read as well.
    """

    source: Source
    mapped: Mapped
    table: pa.Table
    place: Callable[[int], str]
    own: bool

    def column(self, role: str) -> pa.ChunkedArray:
        """Return the column of a role."""
        return self.table.column(self.mapped.columns[role])


def read_raw(asked: Asked, notes: list[Note]) -> Raw:
    """Read the columns that are needed of a log.

    Raises
    ------
    WrongInput
        If the file cannot be read, or a column was asked for or is needed and is not there.
    """
    source = source_of(asked.path)
    raw = _read(source, asked, notes)
    if raw.mapped.table and "case" in raw.mapped.columns and _repeats(raw):
        if asked.start is None and asked.end is None and asked.time is not None:
            return _read(source, asked, notes, as_events=True)
        raise WrongInput([_not_a_table(raw, asked)])
    return raw


def _read(source: Source, asked: Asked, notes: list[Note], as_events: bool = False) -> Raw:
    if source.format == "ocel":
        table = _ocel(source)
        present = tuple(table.column_names)
        return Raw(source, map_columns(present, asked, as_events), table, _row, _is_own(present))
    if source.format == "csv":
        return _csv(source, asked, notes, as_events)
    if source.format == "xes":
        return _xes(source, asked, notes, as_events)
    present = parquet_columns(source)
    mapped, own = map_columns(present, asked, as_events), _is_own(present)
    return Raw(source, mapped, read_parquet(source, _needed(mapped, own)), _row, own)


def _csv(source: Source, asked: Asked, notes: list[Note], as_events: bool) -> Raw:
    head = csv_head(source, asked)
    mapped, own = map_columns(head.columns, asked, as_events), _is_own(head.columns)
    try:
        table, place, inside = read_csv(source, head, _needed(mapped, own), asked)
    except csv.Error as error:
        raise WrongInput([f"{source.path}: {error}. Check --separator and quotes."]) from error
    if inside:
        notes.append(note("lines_inside", count=inside))
    return Raw(source, mapped, table, place, own)


def _xes(source: Source, asked: Asked, notes: list[Note], as_events: bool) -> Raw:
    named = (asked.case, asked.unit, asked.time, asked.activity, asked.start, asked.end, asked.case_start,
             asked.case_end, asked.deadline, asked.state)  # fmt: skip
    present = xes_columns(source, [name for name in named if name])
    if not present:
        raise WrongInput([f"{source.path}: expected at least one event inside a trace, got none."])
    mapped, own = map_columns(present, asked, as_events), _is_own(present)
    table, loose = read_xes(source, _needed(mapped, own))
    if loose:
        notes.append(note("loose_events", count=loose))
    return Raw(source, mapped, table, lambda row: f"event {row + 1}", own)


def _row(row: int) -> str:
    return f"row {row + 1}"


def _is_own(present: Sequence[str]) -> bool:
    """Tell whether these are the columns of the model's own logs; the model is asked only where one of them is."""
    if OWN not in present:
        return False
    from model.events import NEEDED

    return set(NEEDED) <= set(present)


def _needed(mapped: Mapped, own: bool) -> list[str]:
    wanted = dict.fromkeys(mapped.columns.values())
    if own:
        from model.events import NEEDED

        wanted |= dict.fromkeys(NEEDED)
    return list(wanted)


def _ocel(source: Source) -> pa.Table:
    """Return the events of an OCEL file of the model; of others it is not known which object is the case."""
    from model.events import ocel_table

    try:
        return ocel_table(source.path)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {str(error)[:120]}"
        raise WrongInput([
            f"{source.path}: is not a complete OCEL file written by Whistle ({reason}). Export it again; OCEL files "
            "from other tools are not supported: convert them to XES, CSV or Parquet."
        ]) from error  # fmt: skip


REPEATED = 0.05
"""Share of rows beyond which repeated cases are no accident: rows are events then."""


def _repeats(raw: Raw) -> bool:
    cases = pc.drop_null(raw.column("case"))
    return bool(len(cases) - pc.count_distinct(cases).as_py() > REPEATED * len(cases))


def _not_a_table(raw: Raw, asked: Asked) -> str:
    columns = raw.mapped.columns
    named = quoted(columns[role] for role in ("start", "end"))
    return (
        f"{asked.path}: with {named} it is read as a case table (one row per case), but some cases of "
        f"'{columns['case']}' span several rows. If each row is an event, name its time with --time; if each row is a "
        "case, name another --case."
    )
