"""Parquet files of a study: runs and series in shards, one a chunk, and the table of its design."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design.plan import Finished, Plan, Point, RunResult, digest
from experiments.store.files import whole, writer_of

IDENTITY = pa.schema(
    [("key", pa.string()), ("point", pa.int64()), ("regime", pa.string()), ("replicate", pa.int64()),
     ("seed", pa.uint64())]
)  # fmt: skip
"""What names a run, in tables of runs and of series."""


@dataclasses.dataclass(frozen=True)
class RunSink:
    """Where finished runs are written: by each worker that sees the study's folder, else by the process in charge.

    Attributes:
        outcomes: Columns of the table of runs.
        token: Left in the folder by the process that writes the study.
    """

    folder: Path
    outcomes: tuple[str, ...]
    token: str

    def reachable(self) -> bool:
        """Tell whether this process sees the very folder that the study's writer holds."""
        return writer_of(self.folder).get("token") == self.token

    def put(self, finished: Sequence[Finished]) -> list[Finished]:
        """Write the runs that ended well as one shard and return all, those without their series.

        The series are written first: a chunk counts as finished once its file in `runs/` has its final name.
        """
        well = [done for done in finished if done.result is not None]
        if well:
            name = shard_name(well)
            series = [done.task.identity | done.result.series for done in well if done.result and done.result.series]
            if series:
                columns = {column: _series_column(column, [row[column] for row in series]) for column in series[0]}
                write_shard(self.folder / "series" / name, pa.table(columns))
            write_shard(self.folder / "runs" / name, run_rows(well, self.outcomes))

        def stored(done: Finished, result: RunResult) -> Finished:
            return dataclasses.replace(done, result=dataclasses.replace(result, series={}), stored=True)

        return [stored(done, done.result) if done.result is not None else done for done in finished]


def shard_name(finished: Iterable[Finished], ending: str = ".parquet") -> str:
    """Return the name of a shard: a hash of the runs in it."""
    identities = sorted((done.task.key, done.task.point) for done in finished)
    return f"part-{digest(identities)[:16]}{ending}"


def run_schema(outcomes: Sequence[str]) -> pa.Schema:
    """Return the columns of a table of runs: identity, size, outcomes, seconds, status."""
    fields = [*IDENTITY, pa.field("days", pa.int64()), pa.field("cases", pa.int64())]
    fields += [pa.field(name, pa.float64()) for name in outcomes]
    return pa.schema([*fields, pa.field("seconds", pa.float64()), pa.field("status", pa.string())])


def run_rows(finished: Iterable[Finished], outcomes: Sequence[str]) -> pa.Table:
    """Return one row a run; a failed run has its status and nulls."""
    rows = []
    for done in finished:
        row, result = {**done.task.identity, "status": "failed"}, done.result
        if result is not None:
            unknown = sorted(set(result.outcomes) - set(outcomes))
            if unknown:
                raise ValueError(f"The model returned undeclared outcomes: {', '.join(unknown)}")
            size = {"days": result.days, "cases": result.cases, "seconds": result.seconds}
            row |= {**size, "status": "ok", **result.outcomes}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=run_schema(outcomes))


def _series_column(name: str, values: list[Any]) -> pa.Array:
    """Return a column of a table of series, whose cells are arrays."""
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

    Raises:
        OSError, pa.ArrowException: If the file is truncated or damaged.
    """
    # Arrow's threads over a Python file may outlive the interpreter, which then aborts (one exit in twenty, seen)
    with path.open("rb") as source:
        table = pq.read_table(source, columns=columns, page_checksum_verification=True, use_threads=False)
    known = [IDENTITY.field(field.name) if field.name in IDENTITY.names else field for field in table.schema]
    return table.cast(pa.schema(known, table.schema.metadata))  # seeds were signed once


def design_table(plan: Plan, points: Sequence[Point]) -> pa.Table:
    """Return one row a point: number, row of the design, regime, block of random seeds, factors, every parameter.

    Parameters are named by dotted path; lists are JSON text, as are columns whose values have several types.
    """
    columns: dict[str, Any] = {
        "point": [point.number for point in points],
        "row": [point.row for point in points],
        "regime": [point.label for point in points],
        "luck_block": [point.block for point in points],
    }
    names = dict.fromkeys(name for point in points for name in point.factors)
    columns |= {name: [point.factors.get(name) for point in points] for name in names}
    bases = [flat(base.resolved) for base in plan.bases]
    paths = dict.fromkeys([path for base in bases for path in base] + [path for p in points for path in p.settings])
    for path in paths:
        if path not in columns:
            columns[path] = [_cell(point.settings.get(path, bases[point.base].get(path))) for point in points]
    return pa.table({name: _column(values) for name, values in columns.items()})


def flat(resolved: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the values of a nested configuration by dotted key."""
    row: dict[str, Any] = {}
    for name, value in resolved.items():
        row |= flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": _cell(value)}
    return row


def _cell(value: Any) -> Any:
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    return json.dumps(value, ensure_ascii=False, default=lambda array: array.tolist())


def _column(values: Sequence[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return pa.array([None if value is None else float(value) for value in values])
    if len(kinds) > 1:
        return pa.array([json.dumps(value, ensure_ascii=False) for value in values])
    if len(values) > 1 and all(value == values[0] for value in values[1:]):
        return pa.repeat(pa.scalar(values[0]), len(values))
    return pa.array(values)
