"""Where units are drawn: streets by their coordinates, pushed apart where circles would overlap; else in rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["HEIGHT", "WIDTH", "placed"]

WIDTH, HEIGHT = 620.0, 600.0
"""Of the field in which streets are drawn, in its own units."""

MARGIN = 34.0
ROUNDS = 400
GAP = 3.0
PULL = 0.02
"""Share of the way that a circle is drawn back to its true place in each round."""

Array = NDArray[np.float64]


def placed(places: Sequence[tuple[float, float] | None], radii: Sequence[float]) -> tuple[Array, bool]:
    """Return where circles stand, as (units, 2), and whether that is by their coordinates.

    A Dorling cartogram (Dorling 1996): each circle begins at its true place and gives way until none overlaps.

    Parameters
    ----------
    places : sequence of (latitude, longitude) or None
        In degrees.
    radii : sequence of float
        In units of the field.
    """
    if any(place is None for place in places):
        return _in_rows(len(places)), False
    degrees = np.array(places, dtype=np.float64).reshape(-1, 2)
    true = _projected(degrees)
    return _apart(true, np.asarray(radii, dtype=np.float64)), True


def _projected(degrees: Array) -> Array:
    """Return an equirectangular projection scaled into the field, north up."""
    latitude = np.radians(degrees[:, 0].mean())
    flat = np.column_stack([degrees[:, 1] * np.cos(latitude), -degrees[:, 0]])
    low, high = flat.min(axis=0), flat.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    factor = ((np.array([WIDTH, HEIGHT]) - 2 * MARGIN) / extent).min()
    middle: Array = (flat - (low + high) / 2) * factor + np.array([WIDTH, HEIGHT]) / 2
    return middle


def _apart(true: Array, radii: Array) -> Array:
    at = true.copy()
    least = radii[:, None] + radii[None, :] + GAP
    np.fill_diagonal(least, 0.0)
    for round_ in range(ROUNDS):
        pull = PULL * (1.0 - round_ / ROUNDS)
        at += pull * (true - at)
        between = at[:, None, :] - at[None, :, :]
        far = np.sqrt((between**2).sum(axis=2))
        short = np.maximum(0.0, least - far)
        away = between / np.where(far > 0.0, far, 1.0)[:, :, None]
        at += 0.5 * (short[:, :, None] * away).sum(axis=1) * 0.5
        at = np.clip(at, radii[:, None] + 2.0, np.array([WIDTH, HEIGHT]) - radii[:, None] - 2.0)
    return at


def _in_rows(count: int) -> Array:
    columns = max(1, round(float(np.sqrt(count * WIDTH / HEIGHT))))
    rows = -(-count // columns)
    numbers = np.arange(count)
    return np.column_stack([
        (numbers % columns + 0.5) * WIDTH / columns,
        (numbers // columns + 0.5) * HEIGHT / max(1, rows),
    ])  # fmt: skip
