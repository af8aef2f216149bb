"""Emulators: what a run of the model would give at a point where none was made, and how far that may be wrong.

A linear part in inputs, features and the squares of a few of them (elastic net), and a Gaussian process on what is
left, in the few strongest (Vernon, Goldstein & Bower 2010; Andrianakis et al. 2015). The variance is that of one run,
its luck included, and is scaled until it is as large as the errors of cross-validation are. An emulator that explains
little has a large variance and so refuses nothing.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import Floats
from model import needs

FOLDS, FEWEST, STRONGEST = 5, 20, 12
"""Parts of the cross-validation; runs below which nothing is fitted; columns with squares, and in the process."""

LATEST, LEARNED, LENGTH, STEPS = 600, 200, 3.0, 20
"""Latest runs that the process is fitted to, where waves have come to; runs that choose its length scales; at which
these start, in standard deviations of a column; steps of the search for them."""

MIXING, PENALTIES, LEAST_PENALTY, RIDGE = 0.7, 25, 1e-3, 0.1
"""Of the elastic net: share of the absolute penalty; penalties tried, evenly in logarithms from the one that leaves
nothing to this part of it. Ridge that finds the columns that need a square, in variances."""

HALF_WIDTH, VAST = 1.96, 1e12
"""Half of a 95 % interval in standard deviations; variance of a number about which nothing is known."""

Places = NDArray[np.int64]


@contextmanager
def learning() -> Iterator[None]:
    """Learn on one thread, for sums on several depend on their number; no warnings about convergence.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    needs("worlds", "making worlds")
    from sklearn.exceptions import ConvergenceWarning

    threads = importlib.import_module("threadpoolctl").threadpool_limits(1)
    with threads, warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


@dataclass(frozen=True)
class Check:
    """How an emulator does on runs that it was not fitted to, by cross-validation.

    Attributes:
        runs: Runs that it was fitted to.
        r2: Share of their variance that it explains, None where they do not differ or are too few.
        coverage: Share of them in their 95 % interval.
        errors (array (runs,)): Errors in standard deviations.
    """

    runs: int
    r2: float | None
    coverage: float | None
    errors: Floats

    def as_json(self) -> dict[str, float | None]:
        """Return it without the single errors, in digits that do not hang on the machine."""
        r2, coverage = (None if each is None else round(each, 4) for each in (self.r2, self.coverage))
        return {"runs": self.runs, "r2": r2, "coverage": coverage}


@dataclass(frozen=True)
class Linear:
    """Coefficients of standardised columns and of the squares of some of them."""

    centre: Floats
    scale: Floats
    squares: Places
    coefficients: Floats
    intercept: float

    def standard(self, columns: Floats) -> Floats:
        return (columns - self.centre) / self.scale

    def at(self, standard: Floats) -> Floats:
        """Return the linear part, array (points,), of standardised columns."""
        return np.asarray(with_squares(standard, self.squares) @ self.coefficients + self.intercept)

    @property
    def strongest(self) -> Places:
        """Columns that count most, with their squares, the strongest first."""
        size = np.abs(self.coefficients[: len(self.centre)])
        np.add.at(size, self.squares, np.abs(self.coefficients[len(self.centre) :]))
        return np.argsort(-size, kind="stable")[:STRONGEST]


def with_squares(standard: Floats, squares: Places) -> Floats:
    """Return standardised columns with the squares of some after them."""
    return np.hstack([standard, standard[:, squares] ** 2 - 1.0])


def bent(standard: Floats, values: Floats) -> Places:
    """Return the columns whose squares say most of what a ridge in all columns leaves over."""
    centred = values - values.mean()
    gram = standard.T @ standard + RIDGE * len(values) * np.eye(standard.shape[1])
    left = centred - standard @ np.linalg.solve(gram, standard.T @ centred)
    squares = standard**2 - (standard**2).mean(axis=0)
    length = np.sqrt((squares**2).sum(axis=0))
    said = np.abs(squares.T @ left) / np.where(length > 0.0, length, 1.0)
    return np.sort(np.argsort(-said, kind="stable")[:STRONGEST])


def best_penalty(design: Floats, values: Floats) -> float:
    """Return the elastic net's penalty with the least error of cross-validation."""
    from sklearn.linear_model import ElasticNetCV

    largest = float(np.abs(design.T @ (values - values.mean())).max()) / (len(values) * MIXING)
    penalties = max(largest, 1e-12) * np.geomspace(1.0, LEAST_PENALTY, PENALTIES)
    return float(ElasticNetCV(l1_ratio=MIXING, alphas=penalties, cv=FOLDS, tol=1e-3).fit(design, values).alpha_)


def fit_linear(columns: Floats, values: Floats, penalty: float | None = None) -> tuple[Linear, float]:
    """Return the linear part with its penalty, chosen where none is given."""
    from sklearn.linear_model import ElasticNet

    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    standard = (columns - centre) / scale
    squares = bent(standard, values)
    design = with_squares(standard, squares)
    chosen = best_penalty(design, values) if penalty is None else penalty
    net = ElasticNet(alpha=chosen, l1_ratio=MIXING, tol=1e-3).fit(design, values)
    return Linear(centre, scale, squares, np.asarray(net.coef_), float(net.intercept_)), chosen


def spread_out(count: int, most: int) -> Places:
    """Return at most so many places, evenly spread over `count`."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))


def few_steps(loss: Any, start: Floats, bounds: Floats) -> tuple[Floats, float]:
    """Return where the loss, which comes with its gradient, is least as far as a few steps find it, and the loss."""
    from scipy.optimize import minimize

    pairs = [(float(low), float(high)) for low, high in bounds]
    found = minimize(loss, start, method="L-BFGS-B", jac=True, bounds=pairs, options={"maxiter": STEPS})
    return found.x, float(found.fun)


def fit_process(inputs: Floats, left: Floats, kernel: Any = None) -> Any:
    """Return a Gaussian process of what the linear part leaves over; its length scales are learned unless given."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    if kernel is None:
        lengths = RBF(np.full(inputs.shape[1], LENGTH), (0.5, 50.0))
        start = ConstantKernel(0.5, (1e-3, 1e2)) * lengths + WhiteKernel(0.5, (1e-4, 1e1))
        some = spread_out(len(left), LEARNED)
        learner = GaussianProcessRegressor(start, optimizer=few_steps, normalize_y=True)
        kernel = learner.fit(inputs[some], left[some]).kernel_
    late = slice(-LATEST, None)
    return GaussianProcessRegressor(kernel, optimizer=None, normalize_y=True).fit(inputs[late], left[late])


@dataclass(frozen=True)
class Emulator:
    """What one run gives of one measured number.

    Attributes:
        strongest: Columns of the process: places among the inputs with the features after them.
        process: None where nothing was fitted.
        inflation: Factor on the process's variance that makes it as large as the errors of cross-validation are.
        typical: Mean variance over the runs that it was fitted to.
    """

    linear: Linear
    strongest: Places
    process: Any
    inflation: float
    typical: float
    check: Check

    def predict(self, points: Floats, features: Floats) -> tuple[Floats, Floats]:
        """Return mean and variance of one run, its luck included, arrays (points,).

        `points` (points, dimensions) lie on the unit cube, `features` (points, features) beside them.
        """
        if self.process is None:
            return self.rough(points, features)
        standard = self.linear.standard(np.hstack([points, features]))
        left, spread = self.process.predict(standard[:, self.strongest], return_std=True)
        return self.linear.at(standard) + left, self.inflation * spread**2

    def rough(self, points: Floats, features: Floats) -> tuple[Floats, Floats]:
        """Return the mean, and the typical variance instead of the one at each point, which takes longer."""
        standard = self.linear.standard(np.hstack([points, features]))
        mean = self.linear.at(standard)
        if self.process is not None:
            mean = mean + self.process.predict(standard[:, self.strongest])
        return mean, np.full(len(points), self.typical)


@dataclass(frozen=True)
class Chosen:
    """What was chosen on all runs, and is kept in each fold."""

    penalty: float
    strongest: Places
    kernel: Any


def fit_emulator(points: Floats, features: Floats, values: Floats) -> Emulator:
    """Fit an emulator to runs in the order in which they were made.

    Penalty, columns of the process and length scales are chosen on all runs; all else is fitted anew in each fold.

    Args:
        points (array (runs, dimensions)): On the unit cube.
        features (array (runs, features)): Beside them; may have no column.
        values (array (runs,)): What was measured; not finite where it is undefined, and then left out.
    """
    known = np.isfinite(values)
    columns, measured = np.hstack([points, features])[known], values[known]
    if len(measured) < FEWEST or np.ptp(measured) == 0.0:
        return constant(columns)
    with learning():
        linear, penalty = fit_linear(columns, measured)
        process = process_of(linear, linear.strongest, columns, measured)
        chosen = Chosen(penalty, linear.strongest, process.kernel_)
        errors, spreads = cross_validated(columns, measured, chosen)
    inflation = float(np.mean((errors / spreads) ** 2))
    scaled = errors / (spreads * np.sqrt(inflation))
    r2, coverage = 1.0 - float(np.mean(errors**2) / np.var(measured)), float(np.mean(np.abs(scaled) <= HALF_WIDTH))
    check = Check(len(measured), r2, coverage, scaled)
    return Emulator(linear, chosen.strongest, process, inflation, float(np.mean(errors**2)), check)


def process_of(linear: Linear, strongest: Places, columns: Floats, values: Floats, kernel: Any = None) -> Any:
    """Return the process of what a linear part leaves over of these runs."""
    standard = linear.standard(columns)
    return fit_process(standard[:, strongest], values - linear.at(standard), kernel)


def cross_validated(columns: Floats, values: Floats, chosen: Chosen) -> tuple[Floats, Floats]:
    """Return errors on runs left out, and the standard deviations that stood for them, arrays (runs,)."""
    errors, spreads, fold = np.empty(len(values)), np.empty(len(values)), np.arange(len(values)) % FOLDS
    for out in (fold == number for number in range(FOLDS)):
        linear, _ = fit_linear(columns[~out], values[~out], chosen.penalty)
        process = process_of(linear, chosen.strongest, columns[~out], values[~out], chosen.kernel)
        standard = linear.standard(columns[out])
        left, spreads[out] = process.predict(standard[:, chosen.strongest], return_std=True)
        errors[out] = values[out] - linear.at(standard) - left
    return errors, spreads


def constant(columns: Floats) -> Emulator:
    """Return an emulator that knows nothing and says so: of runs that are too few, or do not differ."""
    width, none = columns.shape[1], np.empty(0, np.int64)
    linear = Linear(np.zeros(width), np.ones(width), none, np.zeros(width), 0.0)
    return Emulator(linear, none, None, 1.0, VAST, Check(len(columns), None, None, np.empty(0)))
