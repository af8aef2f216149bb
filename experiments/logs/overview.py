"""The columns of a log: what they are called, what they hold, and which role each was given; people are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from experiments.blocks import Table
from experiments.errors import WrongInput
from experiments.logs.columns import Mapped, Shape
from experiments.logs.options import LogOptions
from experiments.logs.people import LOOKED_AT, holds_people
from experiments.logs.raw import raw_of
from experiments.logs.sources import opened_log
from experiments.logs.values import MISSING, plain_of
from experiments.messages import msg

SAMPLES, LONGEST, ROWS = 3, 40, 100_000
"""Values shown of a column, letters of each, and rows from which they are taken."""


@dataclass(frozen=True)
class Header:
    """A column of a log.

    Attributes:
        role: What it was taken for; None: nothing.
        guessed: Whether its name alone says so.
        people: Whether it names people, or how to reach them.
        samples: Some distinct values; none of people, or of units that are to be hidden.
    """

    name: str
    role: str | None
    guessed: bool
    people: bool
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """The columns of a log; `problems`: why it cannot be measured as it stands."""

    file: str
    format: str
    shape: Shape | None
    headers: tuple[Header, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        columns = [{"name": each.name, "role": each.role, "guessed": each.guessed, "people": each.people,
                    "samples": list(each.samples)} for each in self.headers]  # fmt: skip
        return {"file": self.file, "format": self.format, "rows_are": None if self.shape is None else str(self.shape),
                "columns": columns, "problems": list(self.problems), "notes": list(self.notes)}  # fmt: skip

    def blocks(self) -> Iterator[Table | str]:
        rows = []
        for each in self.headers:
            role = "" if each.role is None else msg("log_guessed", role=each.role) if each.guessed else each.role
            shown = msg("log_people") if each.people else msg("log_samples_apart").join(each.samples)
            rows.append((each.name, role, shown))
        title = msg("log_columns_title", file=self.file)
        yield Table(tuple(map(msg, ("log_column", "log_role", "log_samples"))), tuple(rows), caption=title, words=3)
        if self.shape is not None:
            yield msg(f"log_rows_are_{self.shape}")
        yield from self.problems
        yield msg("log_columns_other")


def overview_of(options: LogOptions) -> Overview:
    """Return the columns of a log; WrongInput if it cannot be read at all, or the options contradict one another."""
    options.check()
    notes = list[str]()
    with opened_log(options, notes) as (source, contents):
        present = list(dict.fromkeys(contents.columns))
        mapped, problems = None, tuple[str, ...]()
        try:
            mapped = raw_of(source, contents, options).mapped
        except WrongInput as error:
            problems = error.problems
        table, _ = contents.read(present)
        roles = {} if mapped is None else _roles(mapped)
        headers = tuple(_header(name, table, roles.get(name), mapped, options) for name in present)
    shape = None if mapped is None else mapped.shape
    return Overview(str(options.path), source.format.name, shape, headers, problems, tuple(notes))


def _roles(mapped: Mapped) -> dict[str, str]:
    """Return the role of each column that has one; those of steps are times and units."""
    roles = {name: role for role, name in reversed(mapped.columns.items())}
    for step in reversed(mapped.steps):
        roles |= {step.time: "time"} | dict.fromkeys(step.units, "unit")
    return roles


def _header(name: str, table: pa.Table, role: str | None, mapped: Mapped | None, options: LogOptions) -> Header:
    values = _distinct(table.column(name))
    people = holds_people(name, values)
    hidden = people or (role == "unit" and options.hide_units)
    guessed = mapped is not None and (role in mapped.guessed or (role in ("unit", "time") and not options.steps
                                                                 and bool(mapped.steps)))  # fmt: skip
    shown = () if hidden else tuple(each if len(each) <= LONGEST else f"{each[:LONGEST]}…" for each in values[:SAMPLES])
    return Header(name, role, guessed, people, shown)


def _distinct(column: pa.ChunkedArray) -> list[str]:
    """Return some distinct values of the first rows as text."""
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return []
    words = pc.utf8_trim_whitespace(plain_of(column[:ROWS]).cast(pa.large_string()))
    known = [each for each in words.unique()[: 2 * LOOKED_AT].to_pylist() if each is not None]
    return [each for each in known if each.lower() not in MISSING][:LOOKED_AT]
