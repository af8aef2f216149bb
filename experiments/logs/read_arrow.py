"""Parquet, and OCEL as Whistle itself writes it: tables that Arrow holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from experiments.logs import Contents, Format, Place, Source, numbered
from experiments.logs.options import LogOptions

if TYPE_CHECKING:
    import pyarrow as pa


def _parquet(source: Source, _options: LogOptions, _notes: list[str]) -> Contents:
    import pyarrow.parquet as pq

    def read(columns: Sequence[str]) -> tuple[pa.Table, Place]:
        with _damage(source):
            return pq.read_table(source.path, columns=list(columns), partitioning=None), numbered("row")

    with _damage(source):
        return Contents(pq.read_schema(source.path).names, read)


@contextmanager
def _damage(source: Source) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0][:200]
        raise source.wrong(f"the Parquet file is damaged or truncated ({reason}). Export the log again.") from error


def _ocel(source: Source, _options: LogOptions, _notes: list[str]) -> Contents:
    """Read an OCEL file of the model; in others it is not known which object is the case."""
    from model.events import ocel_table

    try:
        table = ocel_table(source.path)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {str(error)[:120]}"
        raise source.wrong(
            f"is not a complete OCEL file written by Whistle ({reason}). Export it again; OCEL files from other tools "
            "are not supported: convert them to another format."
        ) from error
    return Contents(table.column_names, lambda columns: (table.select(columns), numbered("row")))


FORMATS = (
    Format("parquet", "Parquet", (".parquet", ".pq"), _parquet, magic=b"PAR1"),
    Format("ocel", "OCEL", (".jsonocel", ".json"), _ocel, own=True),
)
