"""Families of durations, fitted to cases of which some are still open (censored maximum likelihood).

A duration is known to within the resolution of its clock: its likelihood is the probability of that interval, so whole
days with zeros are fitted as they are. An open case counts with the probability to last longer than it has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FAMILIES", "Family", "fit_families"]

FAMILIES = ("lognormal", "weibull", "gamma", "exponential")
"""Names, from the one usual for handling times to the one of a memoryless queue."""

BINS = 4096
"""More distinct durations than these are grouped in bins of equal width of the logarithm. Within a bin, a few tenths of
a percent wide, the log-likelihood is straight enough that 10⁶ cases move by less than 1 in it."""

FINE = 1e-3
"""Below this ratio of resolution to duration, the density times the resolution is the probability of the interval."""

LEAST = 1e-300
"""Probability below which a likelihood does not fall: its logarithm must stay a number."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Family:
    """A fitted family.

    Attributes
    ----------
    name : str
        One of `FAMILIES`.
    parameters : dict of str to float
        lognormal: mean_log, sigma_log (of log days) · weibull, gamma: shape, scale (days) · exponential: mean (days).
    log_likelihood : float
        Maximised; comparable among families fitted to the same cases with the same resolution.
    aic : float
        2 × parameters − 2 × log-likelihood (Akaike 1974); less is better.
    """

    name: str
    parameters: dict[str, float]
    log_likelihood: float
    aic: float

    def survival(self, days: ArrayLike) -> Floats:
        """Return the share of cases that last longer than so many days."""
        return self._shaped().at("sf", np.asarray(days, dtype=np.float64))

    def density(self, days: ArrayLike) -> Floats:
        """Return the density of durations, per day."""
        return self._shaped().at("pdf", np.asarray(days, dtype=np.float64))

    def _shaped(self) -> _Shaped:
        return _DISTRIBUTIONS[self.name](*self.parameters.values())


class _Shaped(NamedTuple):
    """A distribution of scipy with its parameters; to freeze one takes as long as to evaluate it."""

    distribution: Any
    shape: tuple[float, ...]
    scale: float

    def at(self, what: str, days: Floats) -> Floats:
        """Return its density, logarithm of a tail, … at so many days."""
        return np.asarray(getattr(self.distribution, what)(days, *self.shape, scale=self.scale), dtype=np.float64)


def fit_families(
    days: ArrayLike, closed: ArrayLike | None = None, resolution: float = 0.0, names: Sequence[str] = FAMILIES
) -> tuple[Family, ...]:
    """Fit families by censored maximum likelihood.

    Parameters
    ----------
    days : array (cases,) of float
        Durations, at least 0; those of open cases so far.
    closed : array (cases,) of bool, optional
        False where the case is still open (right-censored); default: all closed.
    resolution : float
        Step of the clock in days: a duration lies within half a step of what is given.
    names : sequence of str
        Of `FAMILIES`; default: all.

    Returns
    -------
    tuple of Family
        Best AIC first.

    Raises
    ------
    ValueError
        For durations that are negative or not finite, for a zero or one single duration under resolution 0, or if no
        case is closed.
    """
    lengths = np.asarray(days, dtype=np.float64)
    ended = np.ones(lengths.shape, np.bool_) if closed is None else np.asarray(closed, dtype=np.bool_)
    _check(lengths, ended, resolution)
    cases = _Cases.of(lengths, ended, resolution)
    fitted = [_fitted(name, cases) for name in names]
    return tuple(sorted(fitted, key=lambda family: family.aic))


def _check(lengths: Floats, ended: NDArray[np.bool_], resolution: float) -> None:
    if lengths.ndim != 1 or lengths.shape != ended.shape:
        raise ValueError(f"durations: expected one equal length, got shapes {lengths.shape} and {ended.shape}.")
    if not np.isfinite(lengths).all() or (lengths < 0).any():
        raise ValueError("durations: expected 0 days or more, got a negative or undefined one.")
    if not (math.isfinite(resolution) and resolution >= 0.0):
        raise ValueError(f"resolution: expected 0 days or more, got {resolution}.")
    if not ended.any():
        raise ValueError("durations: expected some closed cases, got none.")
    shut = lengths[ended]
    if resolution == 0.0 and (shut == 0.0).any():
        raise ValueError(
            "durations: expected none of 0 days under resolution 0. Give the resolution of the clock, such as 1 day."
        )
    if resolution == 0.0 and np.ptp(shut) == 0.0:
        raise ValueError("durations: expected closed cases of different lengths, got one length.")


class _Group(NamedTuple):
    """Distinct durations, and how many cases have each."""

    days: Floats
    cases: Floats

    @classmethod
    def of(cls, days: Floats) -> _Group:
        values, counts = np.unique(days, return_counts=True)
        if values.size <= BINS:
            return cls(values, counts.astype(np.float64))
        return cls(*_binned(values, counts.astype(np.float64)))


def _binned(values: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return bins of equal width of the logarithm, each at its mean logarithm; zeros keep theirs."""
    none, logs, some = counts[values == 0.0], np.log(values[values > 0.0]), counts[values > 0.0]
    place = np.minimum((logs - logs[0]) * (BINS / (logs[-1] - logs[0])), BINS - 1).astype(np.int64)
    size = np.bincount(place, some, minlength=BINS)
    held = size > 0
    middle = np.exp(np.bincount(place, some * logs, minlength=BINS)[held] / size[held])
    return np.concatenate([np.zeros(none.size), middle]), np.concatenate([none, size[held]])


class _Cases(NamedTuple):
    """Closed cases whose interval is fine (density) or coarse (probability), open cases, and the clock's step."""

    fine: _Group
    coarse: _Group
    still: _Group
    resolution: float

    @classmethod
    def of(cls, days: Floats, closed: NDArray[np.bool_], resolution: float) -> _Cases:
        is_coarse = days * FINE < resolution
        return cls(
            _Group.of(days[closed & ~is_coarse]), _Group.of(days[closed & is_coarse]),
            _Group.of(days[~closed & (days > 0.0)]), resolution,
        )  # fmt: skip

    def log_likelihood(self, distribution: _Shaped) -> float:
        step = math.log(self.resolution) if self.resolution else 0.0
        total = float(self.fine.cases @ (np.maximum(distribution.at("logpdf", self.fine.days), math.log(LEAST)) + step))
        total += float(self.still.cases @ np.maximum(distribution.at("logsf", self.still.days), math.log(LEAST)))
        if self.coarse.days.size:
            total += float(self.coarse.cases @ np.log(_between(distribution, self.coarse.days, self.resolution)))
        return total

    def moments(self) -> tuple[float, float, float]:
        """Return mean, mean log and spread of the log of closed durations; zeros stand at a quarter of the step."""
        days = np.concatenate([np.maximum(self.coarse.days, self.resolution / 4), self.fine.days])
        count = np.concatenate([self.coarse.cases, self.fine.cases])
        logs = np.log(days)
        centre = float(np.average(logs, weights=count))
        spread = math.sqrt(float(np.average((logs - centre) ** 2, weights=count)))
        return float(np.average(days, weights=count)), centre, max(spread, 0.05)


def _between(distribution: _Shaped, days: Floats, resolution: float) -> Floats:
    """Return the probability of each duration's interval, from the tail that is the smaller."""
    low, high = np.maximum(days - resolution / 2, 0.0), days + resolution / 2
    below, above = distribution.at("cdf", low), distribution.at("sf", low)
    share = np.where(below < 0.5, distribution.at("cdf", high) - below, above - distribution.at("sf", high))
    return np.asarray(np.maximum(share, LEAST), dtype=np.float64)


def _lognormal(mean_log: float, sigma_log: float) -> _Shaped:
    from scipy.stats import lognorm

    return _Shaped(lognorm, (sigma_log,), math.exp(mean_log))


def _weibull(shape: float, scale: float) -> _Shaped:
    from scipy.stats import weibull_min

    return _Shaped(weibull_min, (shape,), scale)


def _gamma(shape: float, scale: float) -> _Shaped:
    from scipy.stats import gamma

    return _Shaped(gamma, (shape,), scale)


def _exponential(mean: float) -> _Shaped:
    from scipy.stats import expon

    return _Shaped(expon, (), mean)


_DISTRIBUTIONS: dict[str, Callable[..., _Shaped]] = {
    "lognormal": _lognormal, "weibull": _weibull, "gamma": _gamma, "exponential": _exponential,
}  # fmt: skip
_PARAMETERS = {
    "lognormal": ("mean_log", "sigma_log"), "weibull": ("shape", "scale"), "gamma": ("shape", "scale"),
    "exponential": ("mean",),
}  # fmt: skip
_GUMBEL_SPREAD, _EULER = math.pi / math.sqrt(6.0), float(np.euler_gamma)


def _start(name: str, cases: _Cases) -> list[float]:
    """Return where the search begins: estimates by moments, open cases taken as closed."""
    mean, mean_log, spread = cases.moments()
    if name == "lognormal":
        return [mean_log, spread]
    if name == "weibull":
        shape = _GUMBEL_SPREAD / spread
        return [shape, math.exp(mean_log + _EULER / shape)]
    if name == "gamma":
        gap = max(math.log(mean) - mean_log, 1e-3)
        shape = (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)  # Minka 2002
        return [shape, mean / shape]
    return [mean]


LIMIT = 50.0
"""Search on a logarithmic scale ends here: no parameter in days or of shape is near e^±50."""


def _fitted(name: str, cases: _Cases) -> Family:
    """Maximise over the logarithms of the positive parameters; the mean of logs may have any sign."""
    from scipy.optimize import minimize

    signed = name == "lognormal"

    def values(place: Floats) -> list[float]:
        held = np.clip(place, -LIMIT, LIMIT)
        return [float(held[0]), math.exp(held[1])] if signed else [math.exp(each) for each in held]

    def badness(place: Floats) -> float:
        return -cases.log_likelihood(_DISTRIBUTIONS[name](*values(place)))

    start = [each if signed and at == 0 else math.log(each) for at, each in enumerate(_start(name, cases))]
    size = float(cases.fine.cases.sum() + cases.coarse.cases.sum() + cases.still.cases.sum())
    with np.errstate(all="ignore"):
        found = minimize(badness, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9 * size + 1e-9})
    best = values(found.x)
    likelihood = -float(found.fun)
    return Family(name, dict(zip(_PARAMETERS[name], best, strict=True)), likelihood, 2 * len(best) - 2 * likelihood)
