"""Parquet: the columns needed, read by Arrow batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.logs import Contents, Format, Source, numbered
from experiments.logs.limits import Memory
from experiments.logs.options import LogOptions
from experiments.logs.tables import ROWS

if TYPE_CHECKING:
    import pyarrow as pa


def _contents(source: Source, _options: LogOptions, _notes: list[str]) -> Contents:
    import pyarrow.parquet as pq

    names = pq.read_schema(source.path).names
    return Contents(names, lambda columns: (_read(source, columns), numbered("row")))


def _read(source: Source, columns: Sequence[str]) -> pa.Table:
    """Read columns, text coded: one that is repeated takes little room in the file, and may take much outside."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    memory, batches = Memory(source.wrong), []
    schema = pq.read_schema(source.path)
    texts = [name for name in columns if _is_text(schema.field(name).type)]
    with pq.ParquetFile(source.path, read_dictionary=texts) as file:
        for batch in file.iter_batches(ROWS, columns=list(columns)):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                _check(source, name, column)
                memory.take(_plain_size(column))
            batches.append(batch)
        return pa.Table.from_batches(batches, None if batches else file.schema_arrow).select(list(columns))


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _check(source: Source, name: str, column: pa.Array) -> None:
    """Raise WrongInput for text that is none, and for times in a zone that nobody knows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise
        raise source.wrong(
            f"column '{name}' holds bytes that are no text (UTF-8). Export it again with its text as UTF-8."
        ) from error
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        try:
            pc.local_timestamp(column[:1])
        except pa.ArrowInvalid as error:
            raise source.wrong(
                f"column '{name}' is in the time zone '{column.type.tz}', which is not known. Export it in UTC."
            ) from error


def _plain_size(column: pa.Array) -> int:
    """Return how many bytes a column takes once it is no longer coded."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return int(pc.sum(lengths.cast(pa.int64())).as_py() or 0) + int(column.indices.nbytes)


FORMATS = (Format("parquet", "Parquet", (".parquet", ".pq"), _contents, magic=(b"PAR1",)),)
