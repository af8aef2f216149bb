"""Designs of a sensitivity study, and estimates of how much of an outcome each parameter decides.

SALib's estimators stand behind guards: SALib 1.6 gives zeros for one NaN, trusts the order of rows and whether
second-order rows are there, takes the seed 0 for none, draws from numpy's global stream, and changes the process's
filters of warnings.
"""

from __future__ import annotations

import dataclasses
import importlib
import itertools
import warnings
from collections.abc import Callable
from contextlib import suppress
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.errors import WrongInput
from experiments.stats.indices import DISTANCES, Analysis, Index, Method, Pair
from experiments.stats.intervals import CONFIDENCE, ROUNDING, UNDEFINED, Floats, Interval
from model import needs

Scheme = Literal["saltelli", "morris", "latin"]

RESAMPLES = 400  # bootstrap samples of blocks or trajectories: half widths within about 4 % of their limit
BOOTSTRAP = {"num_resamples": RESAMPLES, "conf_level": CONFIDENCE}  # as SALib's estimators take it

DELTA_RESAMPLES, DELTA_ROWS = 10, 512
"""Each of delta's bootstrap samples estimates dozens of densities: more rows or samples take minutes."""

SLICES, SHUFFLES, STAGES = 10, 40, 6
"""Conditioning intervals of PAWN (Pianosi & Wagener 2018); shuffled columns whose PAWN indices show what nothing at all
looks like; stages of `convergence`, of which each has twice the blocks of the one before."""


@dataclasses.dataclass(frozen=True)
class Design:
    """Rows in the unit cube.

    Attributes:
        parameters: The study's, then a dummy, which no rule reads, then luck, whose value decides a row's seeds.
        shares (array (rows, parameters)): In [0, 1): the share of each parameter's distribution below its value.
        block (array (rows,)): Rows of one block share their seeds. A Saltelli block and a Morris trajectory have two of
            them, one before and one after luck is exchanged, so that luck is one more input of the scheme.
        second_order: Whether a Saltelli block holds the rows that second-order indices need.
        levels: Of a Morris grid; 0 elsewhere.

    Raises:
        ValueError: If the rows are not what the scheme says, as after a change of order.
    """

    scheme: Scheme
    parameters: tuple[str, ...]
    shares: Floats
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
        """Rows of an independent group: a Saltelli block, a Morris trajectory, or a single row of a Latin hypercube."""
        many = len(self.parameters)
        return {"saltelli": (2 if self.second_order else 1) * many + 2, "morris": many + 1, "latin": 1}[self.scheme]

    @property
    def groups(self) -> int:
        return len(self.shares) // self.step

    @property
    def grouped(self) -> Floats:  # groups × rows of a group × parameters
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


def analyse(design: Design, outcome: str, values: ArrayLike, method: Method, *, second_order: bool = False) -> Analysis:
    """Find how much of an outcome each parameter decides.

    Args:
        values (array-like (rows,)): None or NaN where a run failed or is undefined: its whole group is left out.
        method: "sobol" (Saltelli 2010 for the first, Jansen 1999 for the total order), "morris", "pawn" or "delta"
            (Plischke 2013); the last two use the independent rows of a Saltelli design, its A and B.

    Raises:
        WrongInput: Where values, design and method do not fit together, or too few groups are left.
    """
    given = _fitting(design, values, method, second_order)
    whole = np.isfinite(given).reshape(design.groups, design.step).all(axis=1)
    groups, dropped = int(whole.sum()), tuple(np.flatnonzero(~whole).tolist())
    rows = np.flatnonzero(np.repeat(whole, design.step))
    # of a Saltelli design A and B of each block: the only rows that are independent of one another
    independent = rows[np.isin(rows % design.step, (0, design.step - 1))] if design.scheme == "saltelli" else rows
    used, enough = (independent, len(independent)) if method in DISTANCES else (rows, groups)
    estimate, _, fewest, unit = _WAYS[method]
    if enough < fewest:
        raise WrongInput([f"{outcome}: expected at least {fewest} complete {unit} for {method}, got {enough} "
                          f"({len(dropped)} groups of rows dropped)."])  # fmt: skip
    varies = bool(np.ptp(given[independent]) > ROUNDING * np.max(np.abs(given[independent])))
    every, pairs = [Index(name) for name in design.parameters], None
    if varies:
        found = estimate(design, design.shares[used], given[used], np.random.default_rng(0))
        every = [Index(name, **dict(zip(found, cells, strict=True)))
                 for name, *cells in zip(design.parameters, *found.values(), strict=True)]  # fmt: skip
        pairs = _second_order(design, given[used], np.random.default_rng(0)) if second_order else None
    *indices, dummy, luck = every
    return Analysis(outcome, method, len(used), groups, dropped, varies, tuple(indices), dummy, luck, pairs)


def _fitting(design: Design, values: ArrayLike, method: Method, second_order: bool) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    problems = []
    if given.shape != (len(design.shares),):
        problems.append(f"values: expected {len(design.shares)}, one per row of the design, got {given.size}.")
    if design.scheme not in (designs := _WAYS[method][1]):
        problems.append(f"method: expected a {' or '.join(designs)} design for {method}, got {design.scheme}.")
    if second_order and not (method == "sobol" and design.second_order):
        problems.append("second_order: expected method sobol and a design made with second_order: true, got runs "
                        "without the rows of second-order indices.")  # fmt: skip
    if problems:
        raise WrongInput(problems)
    return given


def convergence(design: Design, outcome: str, values: ArrayLike) -> list[Analysis]:
    """Analyse the first blocks of a Saltelli design, which are one themselves, then twice as many, and so on to all.

    Stages that are too small, or in which nothing varies, are left out.
    """
    given = _fitting(design, values, "sobol", False)
    stages = []
    for stage in reversed(range(STAGES)):
        part = design.first(design.groups >> stage)
        with suppress(WrongInput):  # too few blocks, or too few that are complete
            stages.append(analyse(part, outcome, given[: len(part.shares)], "sobol"))
    return [each for each in stages if each.varies]


def _sobol(design: Design, _: Floats, values: Floats, rng: np.random.Generator) -> dict[str, list[Any]]:
    many = len(design.parameters)
    first_order = values.reshape(-1, design.step)[:, [*range(many + 1), -1]].ravel()
    found = _salib("sobol", many, first_order, calc_second_order=False, seed=rng, **BOOTSTRAP)
    return {"first": _intervals(found, "S1", -np.inf), "total": _intervals(found, "ST")}


def _morris(design: Design, shares: Floats, values: Floats, rng: np.random.Generator) -> dict[str, list[Any]]:
    found = _salib("morris", len(design.parameters), shares, values, num_levels=design.levels, seed=rng, **BOOTSTRAP)
    return {"mu_star": _intervals(found, "mu_star"), "sigma": found["sigma"].tolist()}


def _pawn(design: Design, shares: Floats, values: Floats, rng: np.random.Generator) -> dict[str, list[Any]]:
    """Return PAWN indices; the dummy's interval spans 95 % of those of shuffled columns, the others have none.

    The index of a column that does nothing is not 0, and its size depends on the number of rows.
    """
    shuffled = rng.permuted(np.repeat(shares[:, -2:-1], SHUFFLES, axis=1), axis=0)
    columns = np.concatenate([shares, shuffled], axis=1)
    medians = _salib("pawn", columns.shape[1], columns, values, S=SLICES)["median"]
    own, noise = medians[: len(design.parameters)].tolist(), medians[len(design.parameters) :]
    distances = [Interval(value, None, None) for value in own]
    distances[-2] = Interval(own[-2], *np.quantile(noise, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist())
    return {"distance": distances}


def _delta(design: Design, shares: Floats, values: Floats, rng: np.random.Generator) -> dict[str, list[Any]]:
    rows, seed = min(len(shares), DELTA_ROWS), int(rng.integers(1, 2**31))
    bootstrap = BOOTSTRAP | {"num_resamples": DELTA_RESAMPLES, "y_resamples": rows}
    found = _salib("delta", len(design.parameters), shares, values, method="delta", seed=seed, **bootstrap)
    return {"distance": _intervals(found, "delta_raw")}


_Estimator = Callable[[Design, Floats, Floats, np.random.Generator], dict[str, list[Any]]]
"""From the rows used, rows × parameters, and their values to columns by field of `Index`."""

_WAYS: dict[Method, tuple[_Estimator, tuple[Scheme, ...], int, str]] = {
    "sobol": (_sobol, ("saltelli",), 8, "blocks"),
    "morris": (_morris, ("morris",), 2, "trajectories"),
    "pawn": (_pawn, ("latin", "saltelli"), 100, "independent rows"),
    "delta": (_delta, ("latin", "saltelli"), 100, "independent rows"),
}
"""With the designs that a method can read (on a grid of few levels slices and densities mean little), and how many of
what it needs: below, it says nothing. Ten rows make a slice.
"""


def salib_problem(many: int) -> dict[str, Any]:
    """Return what SALib calls a problem: a unit cube, whose columns are numbered, for SALib refuses some names."""
    return {"num_vars": many, "names": [f"x{place}" for place in range(many)], "bounds": [[0.0, 1.0]] * many}


def _salib(name: str, many: int, /, *arrays: Floats, **options: Any) -> Any:
    """Analyse with SALib, which changes the process's random stream and way with warnings: both are given back."""
    needs("studies", "sensitivity", "SALib")
    state, shown = np.random.get_state(), warnings.formatwarning
    try:
        # recorded and forgotten: what it warns of is guarded against before, and it overrides a filter that ignores
        with warnings.catch_warnings(record=True):
            return importlib.import_module(f"SALib.analyze.{name}").analyze(salib_problem(many), *arrays, **options)
    finally:
        np.random.set_state(state)
        warnings.formatwarning = shown


def _intervals(found: Any, name: str, least: float = 0.0) -> list[Interval]:
    """Return indices with their intervals; of those that cannot be negative the interval is not either."""
    return [
        Interval(value, max(least, value - half), value + half) if np.isfinite(value + half) else UNDEFINED
        for value, half in zip(found[name].tolist(), found[f"{name}_conf"].tolist(), strict=True)
    ]


def _second_order(design: Design, values: Floats, rng: np.random.Generator) -> tuple[Pair, ...]:
    """Return the share of variance that each two parameters explain only together, with a bootstrap over blocks.

    The estimate is the mean product of two differences, what j does from B and what k does from A, and of the same with
    j and k exchanged: V_jk = E[(f(B with A's j) − f(B)) · (f(A with B's k) − f(A))]. It is exactly 0 for a parameter
    that does nothing. Saltelli's of 2002, which SALib offers, subtracts two first-order indices whose errors stay: with
    256 blocks of a function like Ishigami's it gave a dummy a share of 0.12 with another parameter.
    """
    blocks = values.reshape(-1, design.step)
    count, whole = len(blocks), _pair_shares(blocks, np.ones(len(blocks)))
    weights = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)
    spread = np.std([_pair_shares(blocks, weight) for weight in weights], axis=0, ddof=1)
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * spread
    ends = np.array([whole, whole - half, whole + half])
    pairs = itertools.combinations(enumerate(design.parameters), 2)
    return tuple(Pair(one, other, Interval(*ends[:, row, at].tolist())) for (row, one), (at, other) in pairs)


def _pair_shares(blocks: Floats, weights: Floats) -> Floats:
    """Return the indices of all pairs as parameters × parameters, each block counted by its weight."""
    many = blocks.shape[1] // 2 - 1
    first, last = blocks[:, 0], blocks[:, -1]
    from_first, from_last = blocks[:, 1 : many + 1] - first[:, None], blocks[:, many + 1 : -1] - last[:, None]
    ends, twice = np.concatenate([first, last]), np.concatenate([weights, weights])
    variance = np.average((ends - np.average(ends, weights=twice)) ** 2, weights=twice)
    if variance == 0.0:
        return np.zeros((many, many))
    products = (from_last * weights[:, None]).T @ from_first / weights.sum()
    return np.asarray((products + products.T) / 2 / variance)
