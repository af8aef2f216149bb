"""From factors to rows: which combinations of values a study visits, and which of them share their random seeds.

Designs for sensitivity are Saltelli's blocks, Morris's trajectories and Latin hypercubes: each takes the names of the
study's k parameters and adds `dummy` and `luck`.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import DUMMY, LUCK, Factor
from experiments.design.studyfile import DesignSpec
from experiments.errors import WrongInput
from experiments.stats.sensitivity import Design, salib_problem
from model import needs

if TYPE_CHECKING:
    from model import Unknowns

WORLD = "world"  # column of the design: number of the world in which a row is looked at
SPREAD = ("lhs", "random")  # designs whose rows share no value of any parameter
SCHEMES = ("sobol", "morris")  # designs that belong to an analysis of sensitivity and serve nothing else
LAST_SHARE = float(np.nextafter(1.0, 0.0))  # stands for the upper end of a distribution, for shares lie in [0, 1)
BATCH = 20  # trajectories that are spread together: choosing 40 from 160 takes 10 s, twice 20 from 80 takes 0.7 s
CANDIDATES_EACH = 4  # candidates for a place among the trajectories, unless their number is given


@dataclasses.dataclass(frozen=True)
class Row:
    """One combination of values.

    Attributes:
        number, block: Place in the design; rows of one block share their random seeds.
        factors, settings: Value by factor, and by dotted path.
        world: The world in which it is looked at; None where the study's own are meant.
    """

    number: int
    block: int
    factors: dict[str, Any]
    settings: dict[str, Any]
    world: Unknowns | None = None


def design_rows(spec: DesignSpec, factors: Sequence[Factor], seed: int) -> list[Row]:
    """Return the rows of a design, sampled with a seed that has nothing to do with those of the runs.

    Rows of a grid or a list share one block; a row of a random or Latin hypercube sample has its own. The schemes of
    sensitivity are made where they are analysed.
    """
    own = spec.kind not in ("grid", "list")
    if spec.kind == "grid":
        names = [factor.name for factor in factors]
        values = [dict(zip(names, row, strict=True)) for row in itertools.product(*(each.grid() for each in factors))]
    elif spec.kind == "list":
        values = [dict(row) for row in spec.rows]
    elif spec.kind == "random" or not factors:
        values = mapped(np.random.default_rng(seed).random((spec.points, len(factors))), factors)
    else:
        values = mapped(_hypercube(len(factors), spec.points, seed), factors)
    return [Row(place, place if own else 0, row, settings_of(factors, row)) for place, row in enumerate(values)]


def rows_in_worlds(spec: DesignSpec, factors: Sequence[Factor], worlds: Sequence[Unknowns], seed: int) -> list[Row]:
    """Return the rows of a design, one world after the other; without factors the worlds are the rows.

    Each row has its own seeds, and the number of its world as a factor.
    """
    rows = design_rows(spec, factors, seed) if factors else [Row(place, place, {}, {}) for place in range(len(worlds))]
    return [
        dataclasses.replace(row, factors={WORLD: place, **row.factors}, world=worlds[place])
        for row, place in zip(rows, itertools.cycle(range(len(worlds))))
    ]


def settings_of(factors: Sequence[Factor], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by dotted path that a value of each factor stands for."""
    return {path: each for factor in factors for path, each in factor.settings(values[factor.name]).items()}


def mapped(shares: NDArray[np.float64], factors: Sequence[Factor]) -> list[dict[str, Any]]:
    """Return rows of values from rows of shares in [0, 1), one column a factor."""
    return [
        {factor.name: factor.at(share) for factor, share in zip(factors, row, strict=True)} for row in shares.tolist()
    ]


def _hypercube(columns: int, points: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(d=columns, rng=np.random.default_rng(seed)).random(points))


def saltelli_design(names: Sequence[str], blocks: int, seed: int, *, second_order: bool = False) -> Design:
    """Return Saltelli's scheme on scrambled Sobol' points: k + 4 rows a block, or 2k + 6 with the second order.

    Args:
        blocks: A power of two: other numbers lose the balance of Sobol' points (Owen 2020).
        seed: Of the scrambling (Owen's, by linear matrix and shift); fewer blocks of one seed are the first of more.
        second_order: Also the rows for second-order indices.
    """
    needs("studies", "design.kind sobol", "SALib")
    from SALib.sample import sobol

    every = (*names, DUMMY, LUCK)
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
    needs("studies", "design.kind morris", "SALib")
    from SALib.sample import morris

    every, rng, batches = (*names, DUMMY, LUCK), np.random.default_rng(seed), -(-trajectories // BATCH)
    wanted = CANDIDATES_EACH * trajectories if candidates is None else candidates
    kept, drawn = ([len(part) for part in np.array_split(np.arange(each), batches)] for each in (trajectories, wanted))
    parts = []
    for keep, draw in zip(kept, drawn, strict=True):
        best = keep if draw > keep > 1 else None
        tried = morris.sample(salib_problem(len(every)), max(draw, keep), levels, optimal_trajectories=best, seed=rng)
        # rounding of the grid would make one level several
        grid = np.round(np.asarray(tried) * (levels - 1)) / (levels - 1)
        parts.append(grid[: keep * (len(every) + 1)])
    shares = np.clip(np.concatenate(parts), 0.0, LAST_SHARE)
    return Design("morris", every, shares, _blocks(shares, trajectories), levels=levels)


def latin_design(names: Sequence[str], points: int, seed: int) -> Design:
    """Return a Latin hypercube of two or more rows, for methods that take any given runs.

    Each row has seeds of its own: what luck does cannot be told apart here, and its column is a second dummy.
    """
    if points < 2:
        raise WrongInput([f"points: expected 2 or more, got {points}."])
    every = (*names, DUMMY, LUCK)
    return Design("latin", every, _hypercube(len(every), points, seed), np.arange(points))


def _blocks(shares: NDArray[np.float64], groups: int) -> NDArray[np.int64]:
    """Number the blocks of seeds, two a group: that of its first row, and that of rows in which luck is exchanged."""
    luck = shares[:, -1].reshape(groups, -1)
    return np.ravel(2 * np.arange(groups)[:, None] + (luck != luck[:, :1]))
