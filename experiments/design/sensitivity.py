"""Designs for sensitivity analysis: Saltelli's blocks, Morris's trajectories, Latin hypercubes.

Each takes the names of the study's k parameters, adds `dummy` and `luck`, and raises `WrongInput` for names that are
taken and for numbers that are not allowed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import DUMMY, LUCK
from experiments.errors import WrongInput
from experiments.stats.sensitivity import Design, salib_problem

LAST_SHARE = float(np.nextafter(1.0, 0.0))
"""Stands for the upper end of a distribution, for shares lie in [0, 1)."""

BATCH = 20
"""Trajectories that are spread together: choosing 40 from 160 takes 10 s, twice 20 from 80 takes 0.7 s."""

CANDIDATES_EACH = 4
"""Candidates for a place among the trajectories, unless their number is given."""


def saltelli_design(names: Sequence[str], blocks: int, seed: int, *, second_order: bool = False) -> Design:
    """Return Saltelli's scheme on scrambled Sobol' points: k + 4 rows a block, or 2k + 6 with the second order.

    Args:
        blocks: A power of two: other numbers lose the balance of Sobol' points (Owen 2020).
        seed: Of the scrambling (Owen's, by linear matrix and shift); fewer blocks of one seed are the first of more.
        second_order: Also the rows for second-order indices.
    """
    from SALib.sample import sobol

    every = _with_dummy_and_luck(names)
    if blocks < 2 or blocks & (blocks - 1):
        below = max(2, 1 << (max(blocks, 1).bit_length() - 1))
        raise WrongInput([f"blocks: expected a power of two, such as {below} or {2 * below}, got {blocks}."])
    # a generator, for SALib takes the seed 0 for none
    rng = np.random.default_rng(seed)
    shares = np.asarray(sobol.sample(salib_problem(len(every)), blocks, calc_second_order=second_order, seed=rng))
    return Design("saltelli", every, shares, _blocks(shares, blocks), second_order=second_order)


def morris_design(
    names: Sequence[str], trajectories: int, seed: int, *, levels: int = 4, candidates: int | None = None
) -> Design:
    """Return Morris's trajectories of k + 3 rows, spread out (Campolongo 2007, by the local search of Ruano 2012).

    Args:
        trajectories: Kept; 2 or more.
        seed: Of the candidates.
        levels: Of each parameter's grid from 0 to 1; an even number.
        candidates: Trajectories from which they are chosen; as many as are kept: no choice.
    """
    every = _with_dummy_and_luck(names)
    wanted = CANDIDATES_EACH * trajectories if candidates is None else candidates
    problems = [
        f"{name}: expected {wish}, got {got}."
        for name, got, right, wish in (
            ("trajectories", trajectories, trajectories >= 2, "2 or more"),
            ("levels", levels, levels >= 2 and levels % 2 == 0, "an even number"),
            ("candidates", wanted, wanted >= trajectories, f"{trajectories} or more, as many as trajectories"),
        )
        if not right
    ]
    if problems:
        raise WrongInput(problems)
    rng, batches = np.random.default_rng(seed), -(-trajectories // BATCH)
    kept, drawn = ([len(part) for part in np.array_split(np.arange(each), batches)] for each in (trajectories, wanted))
    parts = [_trajectories(len(every), *sizes, levels, rng) for sizes in zip(kept, drawn, strict=True)]
    shares = np.clip(np.concatenate(parts), 0.0, LAST_SHARE)
    return Design("morris", every, shares, _blocks(shares, trajectories), levels=levels)


def _trajectories(many: int, keep: int, draw: int, levels: int, rng: np.random.Generator) -> NDArray[np.float64]:
    from SALib.sample import morris

    best = keep if draw > keep > 1 else None
    drawn = morris.sample(salib_problem(many), max(draw, keep), levels, optimal_trajectories=best, seed=rng)
    # rounding of the grid would make one level several
    grid = np.round(np.asarray(drawn) * (levels - 1)) / (levels - 1)
    return grid[: keep * (many + 1)]


def latin_design(names: Sequence[str], points: int, seed: int) -> Design:
    """Return a Latin hypercube of two or more rows, for methods that take any given runs.

    Each row has seeds of its own: what luck does cannot be told apart here, and its column is a second dummy.
    """
    from scipy.stats import qmc

    every = _with_dummy_and_luck(names)
    if points < 2:
        raise WrongInput([f"points: expected 2 or more, got {points}."])
    shares = qmc.LatinHypercube(d=len(every), rng=np.random.default_rng(seed)).random(points)
    return Design("latin", every, shares, np.arange(points))


def _with_dummy_and_luck(names: Sequence[str]) -> tuple[str, ...]:
    reserved = [name for name in names if name in (DUMMY, LUCK)]
    twice = sorted({name for name in names if list(names).count(name) > 1})
    wrong = [f"parameters: expected another name, got '{name}', which the design reserves." for name in reserved]
    wrong += [f"parameters: expected '{name}' once, got it twice." for name in twice]
    if not names:
        wrong.append("parameters: expected one or more, got none.")
    if wrong:
        raise WrongInput(wrong)
    return (*names, DUMMY, LUCK)


def _blocks(shares: NDArray[np.float64], groups: int) -> NDArray[np.int64]:
    """Number the blocks of seeds, two a group: that of its first row, and that of rows in which luck is exchanged."""
    luck = shares[:, -1].reshape(groups, -1)
    return np.ravel(2 * np.arange(groups)[:, None] + (luck != luck[:, :1]))
