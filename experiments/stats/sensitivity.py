"""Sensitivity indices: how much of an outcome each parameter decides, beside a dummy and luck.

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
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.errors import WrongInput
from experiments.stats.intervals import CONFIDENCE, ROUNDING, UNDEFINED, Interval
from experiments.stats.sensitivity_design import Design, Scheme, salib_problem

Array = NDArray[np.float64]

Method = Literal["sobol", "morris", "pawn", "delta"]

RESAMPLES = 400
"""Bootstrap samples of blocks or trajectories: half widths within about 4 % of their limit."""

DELTA_RESAMPLES, DELTA_ROWS = 10, 512
"""Each of delta's bootstrap samples estimates dozens of densities: more rows or samples take minutes."""

SLICES = 10
"""Conditioning intervals of PAWN (Pianosi & Wagener 2018)."""

SHUFFLES = 40
"""Shuffled columns whose PAWN indices show what nothing at all looks like."""

FEWEST: dict[Method, tuple[int, str]] = {
    "sobol": (8, "blocks"), "morris": (2, "trajectories"),
    "pawn": (100, "independent rows"), "delta": (100, "independent rows"),
}  # fmt: skip
"""Below these a method says nothing: ten rows a slice."""

SERVES: dict[Method, tuple[Scheme, ...]] = {
    "sobol": ("saltelli",), "morris": ("morris",), "pawn": ("latin", "saltelli"), "delta": ("latin", "saltelli"),
}  # fmt: skip
"""Designs that a method can read. On a grid of few levels slices and densities mean little."""

STAGES = 6
"""Stages of `convergence`: each has twice the blocks of the one before."""


@dataclasses.dataclass(frozen=True)
class Index:
    """What one parameter does to the outcome; what the method does not give is undefined.

    Attributes:
        first, total: Sobol' indices: the share of variance that the parameter explains alone, and with all its
            interactions.
        mu_star, sigma: Morris: mean absolute elementary effect, in the outcome's unit over the parameter's whole range,
            and standard deviation of the elementary effects; large beside `mu_star`: bends or interactions.
        distance: PAWN: median Kolmogorov–Smirnov distance between the outcome's distribution and that at given values
            of the parameter. Delta: Borgonovo's expected half area between their densities. From 0 to 1.
    """

    parameter: str
    first: Interval = UNDEFINED
    total: Interval = UNDEFINED
    mu_star: Interval = UNDEFINED
    sigma: float | None = None
    distance: Interval = UNDEFINED

    @property
    def leading(self) -> Interval:
        """The index by which parameters are ranked."""
        return next((each for each in (self.total, self.mu_star, self.distance) if each.mean is not None), UNDEFINED)

    def as_json(self, method: Method) -> dict[str, Any]:
        """Return the keys of every index, and those of the method."""
        own = {"sobol": [], "morris": ["mu_star"]}.get(method, ["distance"])
        entry: dict[str, Any] = {"parameter": self.parameter}
        for name in ("first", "total", *own):
            entry |= {name: getattr(self, name).mean, f"{name}_ci": getattr(self, name).ends}
        return entry | ({"sigma": self.sigma} if method == "morris" else {})


@dataclasses.dataclass(frozen=True)
class Pair:
    """A second-order index: the share of variance that two parameters explain only together."""

    first: str
    second: str
    index: Interval

    def as_json(self) -> dict[str, Any]:
        """Return its keys."""
        return {"parameters": [self.first, self.second], "second": self.index.mean, "second_ci": self.index.ends}


@dataclasses.dataclass(frozen=True)
class Analysis:
    """The indices of one outcome.

    Attributes:
        runs, groups: Rows used, and independent groups of rows: Saltelli blocks, trajectories or single rows.
        dropped: Groups left out because one of their rows failed or is undefined.
        varies: False: the outcome is the same in every row and has no indices.
        indices: Of the study's parameters, in its order.
        dummy, luck: Of the parameter that no rule reads, and of the random seed.
        pairs: Second-order indices of all pairs, luck included; None without second order.
    """

    outcome: str
    method: Method
    runs: int
    groups: int
    dropped: tuple[int, ...]
    varies: bool
    indices: tuple[Index, ...]
    dummy: Index
    luck: Index
    pairs: tuple[Pair, ...] | None = None

    @property
    def ranked(self) -> list[Index]:
        """The study's parameters, most important first; equal ones in the study's order."""
        return sorted(self.indices, key=lambda index: -(index.leading.mean or 0.0))

    @property
    def all_ranked(self) -> list[Index]:
        """The study's parameters, most important first, then the dummy and luck."""
        return [*self.ranked, self.dummy, self.luck]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`.

        `dummy` is the dummy's total index for "sobol", its `mu_star` for "morris", its distance otherwise, and
        `dummy_ci` the interval. `noise_share` is luck's total index, `luck` holds all of luck's indices. Methods other
        than "sobol" have no shares of variance: `first`, `total` and `noise_share` are null there, and their own keys
        (`mu_star`, `mu_star_ci`, `sigma`; `distance`, `distance_ci`) stand beside. An outcome that does not vary has
        null everywhere and `varies` false. Every interval is [low, high] at 95 %.
        """
        return {
            "outcome": self.outcome,
            "method": self.method,
            "runs": self.runs,
            "groups": self.groups,
            "dropped": list(self.dropped),
            "varies": self.varies,
            "indices": [index.as_json(self.method) for index in self.indices],
            "dummy": self.dummy.leading.mean,
            "dummy_ci": self.dummy.leading.ends,
            "noise_share": self.luck.total.mean,
            "noise_share_ci": self.luck.total.ends,
            "luck": self.luck.as_json(self.method),
            "second": None if self.pairs is None else [pair.as_json() for pair in self.pairs],
        }


def analyse(
    design: Design, outcome: str, values: ArrayLike, method: Method, *, second_order: bool = False, seed: int = 0
) -> Analysis:
    """Find how much of an outcome each parameter decides.

    Args:
        outcome: Its name.
        values (array-like of float): One a row, in the outcome's unit; None or NaN where a run failed or is undefined:
            its whole group of rows is left out and counted.
        method: "sobol" (Saltelli 2010 for the first, Jansen 1999 for the total order), "morris", "pawn" or "delta"
            (Plischke 2013); the last two use the independent rows of a Saltelli design, its A and B.
        second_order: Second-order indices too.
        seed: Of the bootstrap.

    Raises:
        WrongInput: Where values, design and method do not fit together, or too few groups are left.
    """
    given = _fitting(design, values, method, second_order)
    whole = np.isfinite(given).reshape(design.groups, design.step).all(axis=1)
    groups, dropped = int(whole.sum()), tuple(np.flatnonzero(~whole).tolist())
    rows = np.flatnonzero(np.repeat(whole, design.step))
    # of a Saltelli design A and B of each block: the only rows that are independent of one another
    independent = rows[np.isin(rows % design.step, (0, design.step - 1))] if design.scheme == "saltelli" else rows
    used = independent if method in ("pawn", "delta") else rows
    (fewest, unit), enough = FEWEST[method], len(used) if method in ("pawn", "delta") else groups
    if enough < fewest:
        raise WrongInput([f"{outcome}: expected at least {fewest} complete {unit} for {method}, got {enough} "
                          f"({len(dropped)} groups of rows dropped)."])  # fmt: skip
    varies = bool(np.ptp(given[independent]) > ROUNDING * np.max(np.abs(given[independent])))
    every, pairs = [Index(name) for name in design.parameters], None
    if varies:
        every = _ESTIMATORS[method](design, design.shares[used], given[used], np.random.default_rng(seed))
        pairs = _second_order(design, given[used], np.random.default_rng(seed)) if second_order else None
    *indices, dummy, luck = every
    return Analysis(outcome, method, len(used), groups, dropped, varies, tuple(indices), dummy, luck, pairs)


def _fitting(design: Design, values: ArrayLike, method: Method, second_order: bool) -> Array:
    given = np.asarray(values, dtype=np.float64)
    problems = []
    if given.shape != (len(design.shares),):
        problems.append(f"values: expected {len(design.shares)}, one per row of the design, got {given.size}.")
    if design.scheme not in SERVES[method]:
        problems.append(f"method: expected a {' or '.join(SERVES[method])} design for {method}, got {design.scheme}.")
    if second_order and not (method == "sobol" and design.second_order):
        problems.append("second_order: expected method sobol and a design made with second_order: true, got runs "
                        "without the rows of second-order indices.")  # fmt: skip
    if problems:
        raise WrongInput(problems)
    return given


def convergence(design: Design, outcome: str, values: ArrayLike) -> list[Analysis]:
    """Analyse the first blocks of a Saltelli design, then twice as many, and so on to all; fewest come first.

    The first 2^m blocks of Saltelli's scheme are a scheme of their own. Stages that are too small, or in which nothing
    varies, are left out.
    """
    given = _fitting(design, values, "sobol", False)
    stages = []
    for stage in reversed(range(STAGES)):
        part = design.first(design.groups >> stage)
        try:
            stages.append(analyse(part, outcome, given[: len(part.shares)], "sobol"))
        except WrongInput:  # too few blocks, or too few that are complete
            continue
    return [each for each in stages if each.varies]


def _sobol(design: Design, _: Array, values: Array, rng: np.random.Generator) -> list[Index]:
    many = len(design.parameters)
    first_order = values.reshape(-1, design.step)[:, [*range(many + 1), -1]].ravel()
    found = _salib("sobol", many, first_order, calc_second_order=False, num_resamples=RESAMPLES,
                   conf_level=CONFIDENCE, seed=rng)  # fmt: skip
    indices = zip(design.parameters, _intervals(found, "S1", -np.inf), _intervals(found, "ST"), strict=True)
    return [Index(name, first=first, total=total) for name, first, total in indices]


def _morris(design: Design, shares: Array, values: Array, rng: np.random.Generator) -> list[Index]:
    found = _salib("morris", len(design.parameters), shares, values, num_resamples=RESAMPLES,
                   conf_level=CONFIDENCE, num_levels=design.levels, seed=rng)  # fmt: skip
    indices = zip(design.parameters, _intervals(found, "mu_star"), found["sigma"], strict=True)
    return [Index(name, mu_star=star, sigma=float(sigma)) for name, star, sigma in indices]


def _pawn(design: Design, shares: Array, values: Array, rng: np.random.Generator) -> list[Index]:
    """Return PAWN indices; the dummy's interval spans 95 % of those of shuffled columns, the others have none.

    The index of a column that does nothing is not 0, and its size depends on the number of rows. Luck's column decides
    nothing by its size, and each row has seeds of its own, so that it is a second dummy here.
    """
    shuffled = rng.permuted(np.repeat(shares[:, -2:-1], SHUFFLES, axis=1), axis=0)
    columns = np.concatenate([shares, shuffled], axis=1)
    medians = _salib("pawn", columns.shape[1], columns, values, S=SLICES)["median"]
    own, noise = medians[: len(design.parameters)].tolist(), medians[len(design.parameters) :]
    distances = [Interval(value, None, None) for value in own]
    distances[-2] = Interval(own[-2], *np.quantile(noise, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist())
    return [Index(name, distance=each) for name, each in zip(design.parameters, distances, strict=True)]


def _delta(design: Design, shares: Array, values: Array, rng: np.random.Generator) -> list[Index]:
    rows, seed = min(len(shares), DELTA_ROWS), int(rng.integers(1, 2**31))
    found = _salib("delta", len(design.parameters), shares, values, num_resamples=DELTA_RESAMPLES, method="delta",
                   conf_level=CONFIDENCE, y_resamples=rows, seed=seed)  # fmt: skip
    distances = zip(design.parameters, _intervals(found, "delta_raw"), strict=True)
    return [Index(name, distance=each) for name, each in distances]


_Estimator = Callable[[Design, Array, Array, np.random.Generator], list[Index]]
_ESTIMATORS: dict[Method, _Estimator] = {"sobol": _sobol, "morris": _morris, "pawn": _pawn, "delta": _delta}
"""Take the rows used, rows × parameters, and their values."""


def _salib(name: str, many: int, /, *arrays: Array, **options: Any) -> Any:
    """Analyse with SALib, which changes the process's random stream and way with warnings: both are given back."""
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
    pairs = zip(found[name].tolist(), found[f"{name}_conf"].tolist(), strict=True)
    return [
        Interval(value, max(least, value - half), value + half) if np.isfinite(value + half) else UNDEFINED
        for value, half in pairs
    ]


def _second_order(design: Design, values: Array, rng: np.random.Generator) -> tuple[Pair, ...]:
    """Return the share of variance that each two parameters explain only together, with a bootstrap over blocks.

    The estimate is the mean product of two differences, what j does from B and what k does from A, and of the same with
    j and k exchanged: V_jk = E[(f(B with A's j) − f(B)) · (f(A with B's k) − f(A))]. It is exactly 0 for a parameter
    that does nothing. Saltelli's of 2002, which SALib offers, subtracts two first-order indices whose errors stay: with
    256 blocks of a function like Ishigami's it gave a dummy a share of 0.12 with another parameter.
    """
    blocks = values.reshape(-1, design.step)
    count = len(blocks)
    whole = _pair_shares(blocks, np.ones(count))
    weights = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)
    resampled = np.array([_pair_shares(blocks, weight) for weight in weights])
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * np.std(resampled, axis=0, ddof=1)
    ends = np.array([whole, whole - half, whole + half])
    return tuple(
        Pair(design.parameters[one], design.parameters[other], Interval(*ends[:, one, other].tolist()))
        for one, other in itertools.combinations(range(len(design.parameters)), 2)
    )


def _pair_shares(blocks: Array, weights: Array) -> Array:
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
