"""Emulators: what a run would show, worked out from runs at other points, with a variance that says how badly.

A linear model over all inputs, and a Gaussian process over what it leaves, in the inputs that matter most (Vernon,
Goldstein & Bower 2010; Andrianakis et al. 2015). The variance is that of the errors on points left out, so that an
emulator that knows nothing says so and refuses nothing.
"""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np

from experiments.errors import WrongInput
from experiments.stats.intervals import Floats

ACTIVE = 10  # inputs over which the process runs: those that the linear model moves most by
MOST_POINTS, MOST_LENGTHS = 500, 250  # latest points that the process, and its lengths, are fitted to: cubic cost
FOLDS = 5
PENALTIES = np.logspace(-1, 4, 11)
ROOM = 1e-12


@dataclasses.dataclass(frozen=True)
class Checked:
    """How an emulator did on points that it had not seen.

    Attributes:
        r_squared: Share of the variance explained, on points left out.
        coverage: Share of these that lie within its 95 % interval.
        variance: Of the errors, the luck of single seeds included, in the squared unit of what is emulated.
    """

    r_squared: float
    coverage: float
    variance: float


class Emulator:
    """What one measure would be at points of the unit cube.

    Args:
        inputs: (points, inputs), on the scale on which effects are about linear.
        values: (points,), NaN left out.
    """

    def __init__(self, inputs: Floats, values: Floats) -> None:
        known = np.isfinite(values)
        inputs, values = inputs[known], values[known]
        self._fit = _Fit(inputs, values)
        folds = np.arange(len(values)) % FOLDS
        guessed = np.empty(len(values))
        for fold in range(FOLDS):
            parts = folds != fold
            guessed[~parts] = _Fit(inputs[parts], values[parts], self._fit.kernel)(inputs[~parts])
        errors = values - guessed
        # the ends of heavy tails are cut, for one odd world must not blur all others
        variance = float(np.mean(np.clip(errors**2, 0.0, np.quantile(errors**2, 0.99)))) + ROOM
        spread = float(np.var(values)) + ROOM
        covered = float(np.mean(np.abs(errors) <= 1.96 * np.sqrt(variance)))
        self.checked = Checked(1.0 - float(np.mean(errors**2)) / spread, covered, variance)

    def __call__(self, inputs: Floats) -> Floats:
        """Return what the measure would be, array (points,); its variance is `checked.variance`."""
        return self._fit(inputs)


class _Fit:
    """Linear model and Gaussian process, fitted to all points given, or with the lengths of another process."""

    def __init__(self, inputs: Floats, values: Floats, kernel: Any = None) -> None:
        learn = _library()
        self._middle, self._unit = inputs.mean(axis=0), inputs.std(axis=0) + ROOM
        scaled = (inputs - self._middle) / self._unit
        self._linear = learn.RidgeCV(alphas=PENALTIES).fit(scaled, values)
        self._active = np.argsort(-np.abs(self._linear.coef_))[:ACTIVE]
        left = values - self._linear.predict(scaled)
        active = scaled[:, self._active]
        if kernel is None:
            half = float(np.var(left)) / 2 + ROOM
            kernel = learn.ConstantKernel(half, (1e-8, 1e6)) * learn.RBF(3.0, (0.5, 50.0))
            search = learn.GaussianProcessRegressor(kernel + learn.WhiteKernel(half, (1e-9, 1e6)))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a length at the end of its range: the process is flat there
                kernel = search.fit(active[-MOST_LENGTHS:], left[-MOST_LENGTHS:]).kernel_
        self.kernel = kernel
        self._process = learn.GaussianProcessRegressor(kernel, optimizer=None)
        self._process.fit(active[-MOST_POINTS:], left[-MOST_POINTS:])

    def __call__(self, inputs: Floats) -> Floats:
        scaled = (inputs - self._middle) / self._unit
        return np.asarray(self._linear.predict(scaled) + self._process.predict(scaled[:, self._active]))


class _Learn:
    """What is used of scikit-learn."""

    def __init__(self) -> None:
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
        from sklearn.linear_model import RidgeCV

        self.GaussianProcessRegressor: Any = GaussianProcessRegressor
        self.RBF: Any = RBF
        self.ConstantKernel: Any = ConstantKernel
        self.WhiteKernel: Any = WhiteKernel
        self.RidgeCV: Any = RidgeCV


def _library() -> _Learn:
    try:
        return _Learn()
    except ImportError as error:
        raise WrongInput([
            "making worlds needs scikit-learn. Install it with: pip install 'whistle-abm[worlds]'"
        ]) from error  # fmt: skip
