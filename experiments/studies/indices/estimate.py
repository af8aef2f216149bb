"""Indices from rows and values: SALib's estimators behind guards for what they take without a word.

SALib 1.6 gives zeros for one NaN, trusts the order of rows and whether second-order rows are there, takes the seed 0
for none, draws from numpy's global stream, and changes the process's filters of warnings.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.design.factors import DUMMY
from experiments.errors import WrongInput
from experiments.stats import Interval
from experiments.stats.intervals import CONFIDENCE
from experiments.studies.indices.design import Design, Scheme
from experiments.studies.indices.indices import UNKNOWN, Analysis, Index, Method
from experiments.studies.indices.pairs import RESAMPLES, second_order_indices
from experiments.studies.indices.rows import Kept, complete, whole_groups
from experiments.studies.indices.samples import problem

__all__ = ["FEWEST", "analyse"]

DELTA_RESAMPLES, DELTA_ROWS = 10, 512
"""Each of delta's bootstrap samples estimates dozens of densities: more rows or samples take minutes."""

SLICES = 10
"""Conditioning intervals of PAWN (Pianosi & Wagener 2018)."""

SHUFFLES = 40
"""Shuffled columns whose PAWN indices show what nothing at all looks like."""

FEWEST = {"sobol": 8, "morris": 2, "pawn": 100, "delta": 100}
"""Independent groups of rows, for the last two rows, below which a method says nothing: ten rows a slice."""

SERVES: dict[Method, tuple[Scheme, ...]] = {
    "sobol": ("saltelli",), "morris": ("morris",), "pawn": ("latin", "saltelli"), "delta": ("latin", "saltelli"),
}  # fmt: skip
"""Designs that a method can read. On a grid of few levels slices and densities mean little."""


def analyse(
    design: Design,
    outcome: str,
    rows: Sequence[int] | NDArray[np.int64],
    values: ArrayLike,
    method: Method,
    *,
    second_order: bool = False,
    drop: bool = True,
    seed: int = 0,
) -> Analysis:
    """Find how much of an outcome each parameter decides.

    Parameters
    ----------
    design : Design
    outcome : str
        Its name.
    rows : sequence of int
        Row number of each value, in any order; the mean of its replicates where a row has several.
    values : array-like of float
        In the outcome's unit; None where undefined.
    method : str
        "sobol" (Saltelli 2010 for the first, Jansen 1999 for the total order), "morris", "pawn" or "delta" (Plischke
        2013); the last two use the independent rows of a Saltelli design, its A and B.
    second_order : bool
        Second-order indices too.
    drop : bool
        Leave out whole groups with a row that failed or is undefined, and count them; False: refuse.
    seed : int
        Of the bootstrap.

    Raises
    ------
    WrongInput
        Where rows, design and method do not fit together, or too few groups are left.
    """
    _must_fit(design, method, second_order)
    kept = whole_groups(design, rows, values) if drop else complete(design, rows, values)
    groups = len(kept.rows) // design.step
    independent = groups * (2 if _takes_ends(design, method) else 1)
    if independent < FEWEST[method]:
        unit = {"sobol": "blocks", "morris": "trajectories"}.get(method, "independent rows")
        raise WrongInput([
            f"{outcome}: expected at least {FEWEST[method]} complete {unit} for {method}, got {independent} "
            f"({len(kept.dropped)} groups of rows dropped)."
        ])  # fmt: skip
    base = _ends_of_blocks(design, kept) if design.scheme == "saltelli" else kept
    used = base if _takes_ends(design, method) else kept
    runs = len(used.rows)
    if not base.varies:
        empty = tuple(Index(name) for name in design.parameters)
        return Analysis(outcome, method, runs, groups, kept.dropped, False, empty[:-2], empty[-2], empty[-1])
    found = _ESTIMATORS[method](design, used, np.random.default_rng(seed))
    every = tuple(Index(name, **values) for name, values in zip(design.parameters, found, strict=True))
    pairs = second_order_indices(design, used, np.random.default_rng(seed)) if second_order else None
    return Analysis(outcome, method, runs, groups, kept.dropped, True, every[:-2], every[-2], every[-1], pairs)


def _must_fit(design: Design, method: Method, second_order: bool) -> None:
    if design.scheme not in SERVES[method]:
        raise WrongInput(
            [f"method: expected a {' or '.join(SERVES[method])} design for {method}, got {design.scheme}."]
        )
    if second_order and not (method == "sobol" and design.second_order):
        raise WrongInput([
            "second_order: expected method sobol and a design made with second_order: true, got runs without the rows "
            "of second-order indices."
        ])  # fmt: skip


def _takes_ends(design: Design, method: Method) -> bool:
    return design.scheme == "saltelli" and method in ("pawn", "delta")


def _ends_of_blocks(design: Design, kept: Kept) -> Kept:
    """Return the rows A and B of each block: the only ones that are independent of one another."""
    ends = np.isin(kept.rows % design.step, (0, design.step - 1))
    return Kept(kept.rows[ends], kept.values[ends], kept.dropped)


def _sobol(design: Design, kept: Kept, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    from SALib.analyze import sobol

    many = len(design.parameters)
    blocks = kept.values.reshape(-1, design.step)
    plain = blocks[:, [*range(many + 1), design.step - 1]].ravel()
    with _untouched():
        found = sobol.analyze(
            problem(many), plain, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=rng
        )
    for place in range(many):
        yield {
            "first": _interval(found["S1"][place], found["S1_conf"][place], -np.inf),
            "total": _interval(found["ST"][place], found["ST_conf"][place]),
        }


def _morris(design: Design, kept: Kept, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    from SALib.analyze import morris

    with _untouched():
        found = morris.analyze(
            problem(len(design.parameters)), design.shares[kept.rows], kept.values, num_resamples=RESAMPLES,
            conf_level=CONFIDENCE, num_levels=design.levels, seed=rng,
        )  # fmt: skip
    for place in range(len(design.parameters)):
        star = _interval(found["mu_star"][place], found["mu_star_conf"][place])
        yield {"mu_star": star, "sigma": float(found["sigma"][place])}


def _pawn(design: Design, kept: Kept, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Yield PAWN indices; the dummy's interval spans 95 % of those of shuffled columns, the others have none.

    The index of a column that does nothing is not 0, and its size depends on the number of rows. Luck's column decides
    nothing by its size, and each row has a luck of its own, so that it is a second dummy here.
    """
    from SALib.analyze import pawn

    shares = design.shares[kept.rows]
    shuffled = rng.permuted(np.repeat(shares[:, -2:-1], SHUFFLES, axis=1), axis=0)
    columns = np.concatenate([shares, shuffled], axis=1)
    with _untouched():
        medians = pawn.analyze(problem(columns.shape[1]), columns, kept.values, S=SLICES)["median"]
    own, noise = medians[: len(design.parameters)], medians[len(design.parameters) :]
    ends = np.quantile(noise, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    for place, value in enumerate(own):
        is_dummy = design.parameters[place] == DUMMY
        yield {"distance": Interval(float(value), *(map(float, ends) if is_dummy else (None, None)))}


def _delta(design: Design, kept: Kept, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    from SALib.analyze import delta

    rows = min(len(kept.rows), DELTA_ROWS)
    with _untouched():
        found = delta.analyze(
            problem(len(design.parameters)), design.shares[kept.rows], kept.values, num_resamples=DELTA_RESAMPLES,
            conf_level=CONFIDENCE, method="delta", y_resamples=rows, seed=int(rng.integers(1, 2**31)),
        )  # fmt: skip
    for place in range(len(design.parameters)):
        value, half = found["delta_raw"][place], found["delta_raw_conf"][place]
        yield {"distance": _interval(value, half) if np.isfinite(value) and np.isfinite(half) else UNKNOWN}


_Estimator = Callable[[Design, Kept, np.random.Generator], Iterator[dict[str, Any]]]
_ESTIMATORS: dict[Method, _Estimator] = {"sobol": _sobol, "morris": _morris, "pawn": _pawn, "delta": _delta}


def _interval(value: float, half: float, least: float = 0.0) -> Interval:
    """Return an index with its interval; of one that cannot be negative the interval is not either."""
    return Interval(float(value), max(least, float(value - half)), float(value + half))


@contextmanager
def _untouched() -> Iterator[None]:
    """Give the process its random stream and its way with warnings back, both of which SALib changes."""
    state, shown = np.random.get_state(), warnings.formatwarning
    try:
        # recorded and forgotten: what it warns of is guarded against before, and it overrides a filter that ignores
        with warnings.catch_warnings(record=True):
            yield
    finally:
        np.random.set_state(state)
        warnings.formatwarning = shown
