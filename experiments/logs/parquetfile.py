"""Parquet: names of columns from its foot, the columns needed as they are."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet

from experiments.errors import WrongInput
from experiments.logs.source import Source

__all__ = ["parquet_columns", "read_parquet"]


def parquet_columns(source: Source) -> tuple[str, ...]:
    """Return the names of the columns.

    Raises
    ------
    WrongInput
        If the file is cut off or damaged.
    """
    try:
        return tuple(pa.parquet.read_schema(source.path).names)
    except (pa.ArrowException, OSError) as error:
        raise WrongInput([_damaged(source, error)]) from error


def read_parquet(source: Source, columns: Sequence[str]) -> pa.Table:
    """Read columns; those of nested values are refused.

    Raises
    ------
    WrongInput
        If the file is damaged, or a column is nested.
    """
    try:
        table = pa.parquet.read_table(source.path, columns=list(columns), partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise WrongInput([_damaged(source, error)]) from error
    nested = [f"{source.path}: column '{field.name}': expected text, numbers or times, got {field.type}."
              for field in table.schema if _is_odd(field.type)]  # fmt: skip
    if nested:
        raise WrongInput(nested)
    return table


def _is_odd(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind))


def _damaged(source: Source, error: Exception) -> str:
    reason = str(error).splitlines()[0][:200]
    return f"{source.path}: the Parquet file is damaged or truncated ({reason}). Export the log again."
