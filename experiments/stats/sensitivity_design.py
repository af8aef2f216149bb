"""Rows of a sensitivity study, with what must hold before any index means anything."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scheme = Literal["saltelli", "morris", "latin"]


def salib_problem(many: int) -> dict[str, Any]:
    """Return what SALib calls a problem: a unit cube, whose columns are numbered, for SALib refuses some names."""
    return {"num_vars": many, "names": [f"x{place}" for place in range(many)], "bounds": [[0.0, 1.0]] * many}


@dataclasses.dataclass(frozen=True)
class Design:
    """Rows in the unit cube.

    Attributes:
        parameters: The study's, then a dummy, which no rule reads, then luck, whose value decides which seeds a row
            has.
        shares (array of float): Rows × parameters, in [0, 1): the share of each parameter's distribution below its
            value.
        block (array of int): By row: rows of one block share their seeds. A Saltelli block and a Morris trajectory have
            two of them, one before and one after luck is exchanged, so that luck is one more input of the scheme.
        second_order: Whether a Saltelli block holds the rows that second-order indices need.
        levels: Levels of a Morris grid; 0 elsewhere.

    Raises:
        ValueError: If the rows are not what the scheme says, as after a change of order.
    """

    scheme: Scheme
    parameters: tuple[str, ...]
    shares: NDArray[np.float64]
    block: NDArray[np.int64]
    second_order: bool = False
    levels: int = 0

    def __post_init__(self) -> None:
        if self.shares.shape != (self.groups * self.step, len(self.parameters)) or len(self.block) != len(self.shares):
            raise ValueError(f"shares: expected whole groups of {self.step} rows, got {self.shares.shape}")
        if not (np.all(self.shares >= 0.0) and np.all(self.shares < 1.0)):
            raise ValueError("shares: expected values in [0, 1), got some outside")
        if not _CHECKS[self.scheme](self):
            raise ValueError(f"shares: expected the rows of a {self.scheme} scheme in its order, got others")

    @property
    def step(self) -> int:
        """Rows of a group: a Saltelli block, a Morris trajectory, or a single row of a Latin hypercube."""
        many = len(self.parameters)
        return {"saltelli": (2 if self.second_order else 1) * many + 2, "morris": many + 1, "latin": 1}[self.scheme]

    @property
    def groups(self) -> int:
        """Groups of rows that are independent of one another."""
        return len(self.shares) // self.step

    @property
    def grouped(self) -> NDArray[np.float64]:
        """Shares as groups × rows of a group × parameters."""
        return self.shares.reshape(self.groups, self.step, len(self.parameters))

    def first(self, groups: int) -> Design:
        """Return the design of the first groups alone, as if no more had been laid out."""
        rows = groups * self.step
        return dataclasses.replace(self, shares=self.shares[:rows], block=self.block[:rows])


def _is_saltelli(design: Design) -> bool:
    """Whether each block is A, A with each column of B in turn, (B with each column of A in turn,) B."""
    blocks, column = design.grouped, np.eye(len(design.parameters), dtype=np.bool_)
    first, last = blocks[:, :1], blocks[:, -1:]
    middle = [np.where(column, last, first)] + ([np.where(column, first, last)] if design.second_order else [])
    return np.array_equal(blocks, np.concatenate([first, *middle, last], axis=1))


def _is_morris(design: Design) -> bool:
    """Whether each row of a trajectory changes one parameter, and each parameter changes once."""
    changed = np.diff(design.grouped, axis=1) != 0.0
    return bool(np.all(changed.sum(axis=1) == 1) and np.all(changed.sum(axis=2) == 1))


def _is_latin(design: Design) -> bool:
    """Whether each parameter has one value in each of as many strata as there are rows."""
    strata = np.sort((design.shares * len(design.shares)).astype(np.int64), axis=0)
    return bool(np.all(strata == np.arange(len(design.shares))[:, None]))


_CHECKS = {"saltelli": _is_saltelli, "morris": _is_morris, "latin": _is_latin}
