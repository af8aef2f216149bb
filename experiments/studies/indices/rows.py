"""Values found by row number, with what is missing said in words or dropped by whole groups."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.errors import WrongInput
from experiments.stats.intervals import ROUNDING
from experiments.studies.indices.design import Design

__all__ = ["Kept", "complete", "whole_groups"]

SHOWN = 8
"""Row numbers that a message names."""


@dataclasses.dataclass(frozen=True)
class Kept:
    """The values of an outcome in the order of the design.

    Attributes
    ----------
    rows : array of int
        Row numbers, whole groups only.
    values : array of float
        Finite, one a row.
    dropped : tuple of int
        Groups that were left out because a row of theirs failed or is undefined.
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float64]
    dropped: tuple[int, ...]

    @property
    def varies(self) -> bool:
        """Whether the values differ by more than rounding."""
        return bool(np.ptp(self.values) > ROUNDING * np.max(np.abs(self.values))) if self.values.size else False


def complete(design: Design, rows: Sequence[int] | NDArray[np.int64], values: ArrayLike) -> Kept:
    """Return values in the order of the design, all of them.

    Parameters
    ----------
    design : Design
    rows : sequence of int
        Row number of each value, in any order.
    values : array-like of float
        None where undefined.

    Raises
    ------
    WrongInput
        For rows that are missing, unknown, given twice, or not finite, and says what to do.
    """
    found = _by_row(design, rows, values)
    given = np.isin(np.arange(len(design.shares)), np.asarray(rows, dtype=np.int64))
    lacking, undefined = np.flatnonzero(~given), np.flatnonzero(given & ~np.isfinite(found))
    what = {"saltelli": "Saltelli blocks", "morris": "trajectories", "latin": "rows"}[design.scheme]
    remedy = f"Run them again with `whistle resume`, or drop the whole {what} that contain them"
    problems = [
        f"rows: expected one {said} per row, got none for {_listed(numbers)} of {len(design.shares)}. {remedy}."
        for said, numbers in (("value", lacking), ("finite value", undefined))
        if numbers.size
    ]
    if problems:
        raise WrongInput(problems)
    return Kept(np.arange(len(found)), found, ())


def whole_groups(design: Design, rows: Sequence[int] | NDArray[np.int64], values: ArrayLike) -> Kept:
    """Return the values of the groups that are complete, and which are not.

    Parameters
    ----------
    design : Design
    rows : sequence of int
        Row number of each value, in any order; rows of failed runs may be missing.
    values : array-like of float
        None where undefined.

    Raises
    ------
    WrongInput
        For rows that are unknown or given twice.
    """
    found = _by_row(design, rows, values)
    whole = np.isfinite(found).reshape(design.groups, design.step).all(axis=1)
    kept = design.of_group(np.flatnonzero(whole))
    return Kept(kept, found[kept], tuple(int(group) for group in np.flatnonzero(~whole)))


def _by_row(design: Design, rows: Sequence[int] | NDArray[np.int64], values: ArrayLike) -> NDArray[np.float64]:
    """Return a value for every row of the design, NaN for those that are missing."""
    numbers, given = np.asarray(rows, dtype=np.int64), np.asarray(values, dtype=np.float64)
    if numbers.shape != given.shape or numbers.ndim != 1:
        raise WrongInput([f"rows: expected {given.size} row numbers, one per value, got {numbers.size}."])
    known, counts = np.unique(numbers, return_counts=True)
    unknown, twice = known[(known < 0) | (known >= len(design.shares))], known[counts > 1]
    problems = []
    if unknown.size:
        problems.append(
            f"rows: expected 0 to {len(design.shares) - 1}, the rows of the design, got {_listed(unknown)}."
        )
    if twice.size:
        problems.append(
            f"rows: expected each row once, got {_listed(twice)} more than once. Average a row's replicates first."
        )
    if problems:
        raise WrongInput(problems)
    found = np.full(len(design.shares), np.nan)
    found[numbers] = given
    return found


def _listed(numbers: NDArray[np.int64]) -> str:
    shown = ", ".join(str(number) for number in numbers[:SHOWN])
    more = f" and {numbers.size - SHOWN} more" if numbers.size > SHOWN else ""
    return f"row{'s' if numbers.size > 1 else ''} {shown}{more}"
