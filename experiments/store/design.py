"""The design of a study as a table: every point with all its parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from experiments.design.plan import Plan, Point

__all__ = ["design_table", "flat"]


def design_table(plan: Plan, points: Sequence[Point]) -> pa.Table:
    """Return one row a point: its number, regime, row of the design and luck block, its factors, every parameter.

    Parameters
    ----------
    plan : Plan
    points : sequence of Point

    Returns
    -------
    pyarrow.Table
        Values by dotted path; lists as JSON text, as are columns whose values have several types.
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
            columns[path] = [_plain(point.settings.get(path, bases[point.base].get(path))) for point in points]
    return pa.table({name: _column(values) for name, values in columns.items()})


def flat(resolved: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the values of a nested configuration by dotted key."""
    row: dict[str, Any] = {}
    for name, value in resolved.items():
        if isinstance(value, Mapping):
            row |= flat(value, f"{prefix}{name}.")
        else:
            row[f"{prefix}{name}"] = _plain(value)
    return row


def _plain(value: Any) -> Any:
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
