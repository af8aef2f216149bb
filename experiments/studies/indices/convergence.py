"""How indices settle as groups of rows are added."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.errors import WrongInput
from experiments.studies.indices.design import Design
from experiments.studies.indices.estimate import FEWEST, analyse
from experiments.studies.indices.indices import Analysis, Method

__all__ = ["convergence"]

STAGES = 6
"""Stages that are looked at: each has twice the groups of the one before."""


def convergence(
    design: Design,
    outcome: str,
    rows: Sequence[int] | NDArray[np.int64],
    values: ArrayLike,
    method: Method,
    seed: int = 0,
) -> list[Analysis]:
    """Analyse the first groups of a design, then twice as many, and so on to all.

    Parameters
    ----------
    design : Design
        Saltelli or Morris. The first 2^m blocks of Saltelli's scheme are a scheme of their own.
    outcome, rows, values, method, seed
        As `analyse` takes them.

    Returns
    -------
    list of Analysis
        Fewest groups first; stages that are too small for the method, or in which nothing varies, are left out.

    Raises
    ------
    WrongInput
        For a Latin hypercube, whose first rows are none.
    """
    if design.scheme == "latin":
        raise WrongInput(["convergence: expected a saltelli or morris design, got latin."])
    numbers, given = np.asarray(rows, dtype=np.int64), np.asarray(values, dtype=np.float64)
    stages = []
    for stage in reversed(range(STAGES)):
        part = design.first(design.groups >> stage)
        inside = numbers < len(part.shares)
        if part.groups >= FEWEST[method]:
            stages += _stage(part, outcome, numbers[inside], given[inside], method, seed)
    return stages


def _stage(
    part: Design, outcome: str, rows: NDArray[np.int64], values: NDArray[np.float64], method: Method, seed: int
) -> list[Analysis]:
    try:
        found = analyse(part, outcome, rows, values, method, seed=seed)
    except WrongInput:
        # dropped groups may leave an early stage too few; the whole was analysed before
        return []
    return [found] if found.varies else []
