"""Shards: Parquet files of finished runs, whole and sound or set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design.tasks import Finished
from experiments.store.files import whole

__all__ = ["IDENTITY", "read_shard", "run_rows", "run_schema", "series_rows", "write_shard"]

IDENTITY = pa.schema(
    [
        ("key", pa.string()),
        ("point", pa.int64()),
        ("regime", pa.string()),
        ("replicate", pa.int64()),
        ("seed", pa.uint64()),
    ]
)
"""What names a run, in tables of runs and of series."""


def run_schema(outcomes: Sequence[str]) -> pa.Schema:
    """Return the columns of a table of runs: identity, size, outcomes, seconds, status."""
    fields = [*IDENTITY, pa.field("days", pa.int64()), pa.field("cases", pa.int64())]
    fields += [pa.field(name, pa.float64()) for name in outcomes]
    return pa.schema([*fields, pa.field("seconds", pa.float64()), pa.field("status", pa.string())])


def run_rows(finished: Iterable[Finished], outcomes: Sequence[str]) -> pa.Table:
    """Return one row a run; a failed run has its status and nulls."""
    rows = [_run_row(done, outcomes) for done in finished]
    return pa.Table.from_pylist(rows, schema=run_schema(outcomes))


def _run_row(done: Finished, outcomes: Sequence[str]) -> dict[str, Any]:
    row = {name: getattr(done.task, name) for name in IDENTITY.names}
    result = done.result
    if result is None:
        return {**row, "status": "failed"}
    unknown = sorted(set(result.outcomes) - set(outcomes))
    if unknown:
        raise ValueError(f"The model returned undeclared outcomes: {', '.join(unknown)}")
    row |= {"days": result.days, "cases": result.cases, "seconds": result.seconds, "status": "ok"}
    return row | result.outcomes


def series_rows(finished: Iterable[Finished]) -> pa.Table:
    """Return one row a run whose cells are the arrays of its series."""
    columns: dict[str, list[Any]] = {}
    for done in finished:
        assert done.result is not None
        row = {name: getattr(done.task, name) for name in IDENTITY.names} | done.result.series
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return pa.table({name: _column(name, values) for name, values in columns.items()})


def _column(name: str, values: list[Any]) -> pa.Array:
    if name in IDENTITY.names:
        return pa.array(values, IDENTITY.field(name).type)
    arrays = [pa.array(value.tolist() if value.dtype.kind in "OUST" else value) for value in values]
    kind = next((array.type for array in arrays if array.type != pa.null()), pa.null())
    lengths = np.cumsum([0, *(len(array) for array in arrays)])
    cells = pa.concat_arrays([array.cast(kind) for array in arrays])
    return pa.ListArray.from_arrays(pa.array(lengths, pa.int32()), cells)


def write_shard(path: Path, table: pa.Table) -> None:
    """Write a table as a whole, compressed, with a checksum on every page."""
    with whole(path) as sink:
        pq.write_table(table, sink, compression="zstd", write_page_checksum=True)


def read_shard(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a table, or some of its columns, and verify its checksums.

    Raises
    ------
    OSError, pa.ArrowException
        If the file is truncated or damaged.
    """
    # Arrow's threads over a Python file may outlive the interpreter, which then aborts (one exit in twenty, seen)
    with path.open("rb") as source:
        table = pq.read_table(source, columns=columns, page_checksum_verification=True, use_threads=False)
    known = [IDENTITY.field(field.name) if field.name in IDENTITY.names else field for field in table.schema]
    return table.cast(pa.schema(known, table.schema.metadata))  # seeds were signed once
