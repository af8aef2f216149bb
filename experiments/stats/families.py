"""Families of durations, fitted to cases of which some are still open (censored maximum likelihood).

A duration is known to within the resolution of its clock: its likelihood is the probability of that interval, so whole
days with zeros are fitted as they are. An open case counts with the probability to last longer than it has.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from experiments.stats.intervals import Bools, Floats

FAMILIES = {
    "lognormal": ("mean_log", "sigma_log"), "weibull": ("shape", "scale"), "gamma": ("shape", "scale"),
    "exponential": ("mean",),
}  # fmt: skip
"""Parameters by name, from the one usual for handling times to the one of a memoryless queue."""

IN_SCIPY = {"lognormal": "lognorm", "weibull": "weibull_min", "gamma": "gamma", "exponential": "expon"}

BINS = 2048  # more distinct durations than these are grouped in bins of equal width of the logarithm

FINE, LEAST = 1e-3, 1e-300
"""Ratio of resolution to duration, and probability, below which the density times the resolution is the probability of
the interval."""

WORST, LIMIT = -1e15, 50.0
"""Logarithm below which no likelihood falls: it must stay a number; where search on a logarithmic scale ends: no
parameter in days or of shape is near e^±50."""


@dataclass(frozen=True)
class Family:
    """A fitted family: parameters as in `FAMILIES`, in days or of log days.

    The maximised `log_likelihood` is comparable among families fitted to the same cases with the same resolution;
    `aic` is 2 × parameters − 2 × log-likelihood (Akaike 1974): less is better.
    """

    name: str
    parameters: dict[str, float]
    log_likelihood: float
    aic: float

    def survival(self, days: ArrayLike) -> Floats:
        return _evaluated(self.name, self.parameters.values(), "sf", days)

    def density(self, days: ArrayLike) -> Floats:
        return _evaluated(self.name, self.parameters.values(), "pdf", days)


def _evaluated(name: str, parameters: Iterable[float], what: str, days: ArrayLike) -> Floats:
    """Return scipy's density, tail or the like; to freeze a distribution takes as long as to evaluate it."""
    from scipy import stats

    *shape, scale = parameters
    if name == "lognormal":
        shape, scale = [scale], math.exp(shape[0])
    found = getattr(getattr(stats, IN_SCIPY[name]), what)(days, *shape, scale=scale)
    return np.asarray(found, dtype=np.float64)


def fit_families(
    days: ArrayLike, closed: ArrayLike | None = None, resolution: float = 0.0, names: Sequence[str] = tuple(FAMILIES)
) -> tuple[Family, ...]:
    """Fit families by censored maximum likelihood; the best AIC comes first.

    Args:
        days (array (cases,) of float): Durations, at least 0; those of open cases so far.
        closed (array (cases,) of bool): False where the case is still open (right-censored); None: all closed.
        resolution: Step of the clock in days: a duration lies within half a step of what is given.
        names: Of `FAMILIES`.

    Raises:
        ValueError: For what cannot be fitted.
    """
    lengths = np.asarray(days, dtype=np.float64)
    ended = np.ones(lengths.shape, np.bool_) if closed is None else np.asarray(closed, dtype=np.bool_)
    if problem := _problem(lengths, ended, resolution):
        raise ValueError(problem)
    cases = _Cases(lengths, ended, resolution)
    with np.errstate(all="ignore"):
        return tuple(sorted((_fitted(name, cases) for name in names), key=lambda family: family.aic))


def _problem(lengths: Floats, ended: Bools, resolution: float) -> str | None:
    if lengths.ndim != 1 or lengths.shape != ended.shape:
        return f"durations: expected one equal length, got shapes {lengths.shape} and {ended.shape}."
    if not np.isfinite(lengths).all() or (lengths < 0).any():
        return "durations: expected 0 days or more, got a negative or undefined one."
    if not 0.0 <= resolution < math.inf:
        return f"resolution: expected 0 days or more, got {resolution}."
    if not ended.any():
        return "durations: expected some closed cases, got none."
    if resolution == 0.0 and (lengths[ended] == 0.0).any():
        return "durations: expected none of 0 days under resolution 0. Give the resolution of the clock, such as 1 day."
    if resolution == 0.0 and np.ptp(lengths[ended]) == 0.0:
        return "durations: expected closed cases of different lengths, got one length."
    return None


class _Cases:
    """Distinct closed durations on a fine and on a coarse clock, and open ones, each with how many cases have it."""

    def __init__(self, lengths: Floats, ended: Bools, resolution: float) -> None:
        is_coarse = lengths * FINE < resolution
        kinds = (ended & ~is_coarse, ended & is_coarse, ~ended & (lengths > 0.0))
        self.fine, self.coarse, self.still = (_grouped(lengths[kind], resolution / 4) for kind in kinds)
        self.half, self.step = resolution / 2, math.log(resolution or 1.0)
        logs = np.log(np.maximum(lengths[ended], resolution / 4))
        self.middle, self.spread = float(logs.mean()), max(float(logs.std()), 0.05)
        self.mean = math.log(np.exp(logs).mean())

    def log_likelihood(self, name: str, parameters: Sequence[float]) -> float:
        density, cdf, sf, log_sf = FORMULAS[name](*parameters)
        coarse, count = self.coarse
        low, high = np.maximum(coarse - self.half, 0.0), coarse + self.half
        below, above = cdf(low), sf(low)
        share = np.where(below < 0.5, cdf(high) - below, above - sf(high))  # from the smaller tail
        # a tail too thin for its difference still has a density, whose logarithm leads the search back
        interval = np.where(share > LEAST, np.log(share), density(coarse) + self.step)
        fine, still = density(self.fine[0]) + self.step, log_sf(self.still[0])
        terms = zip((interval, fine, still), (count, self.fine[1], self.still[1]), strict=True)
        return float(sum(cases @ np.maximum(each, WORST) for each, cases in terms))


Formula = Callable[[Floats], Floats]
Formulas = tuple[Formula, Formula, Formula, Formula]
"""Logarithm of the density, distribution function, its complement, and the logarithm of that."""


def _lognormal(mean: float, sigma: float) -> Formulas:
    def standard(days: Floats) -> Floats:
        return np.asarray((np.log(days) - mean) / sigma)

    return (
        lambda days: -0.5 * standard(days) ** 2 - np.log(days * sigma * math.sqrt(2.0 * math.pi)),
        lambda days: special.ndtr(standard(days)),
        lambda days: special.ndtr(-standard(days)),
        lambda days: special.log_ndtr(-standard(days)),
    )


def _weibull(shape: float, scale: float) -> Formulas:
    def hazard(days: Floats) -> Floats:
        return np.asarray((days / scale) ** shape)

    return (
        lambda days: math.log(shape / scale) + (shape - 1.0) * np.log(days / scale) - hazard(days),
        lambda days: -np.expm1(-hazard(days)),
        lambda days: np.exp(-hazard(days)),
        lambda days: -hazard(days),
    )


def _gamma(shape: float, scale: float) -> Formulas:
    return (
        lambda days: special.xlogy(shape - 1.0, days / scale) - days / scale - special.gammaln(shape) - math.log(scale),
        lambda days: special.gammainc(shape, days / scale),
        lambda days: special.gammaincc(shape, days / scale),
        lambda days: np.log(special.gammaincc(shape, days / scale)),
    )


def _exponential(mean: float) -> Formulas:
    return (
        lambda days: -days / mean - math.log(mean),
        lambda days: -np.expm1(-days / mean),
        lambda days: np.exp(-days / mean),
        lambda days: -days / mean,
    )


FORMULAS: dict[str, Callable[..., Formulas]] = {
    "lognormal": _lognormal, "weibull": _weibull, "gamma": _gamma, "exponential": _exponential,
}  # fmt: skip
"""By family, from its parameters: scipy's frozen distributions take ten times as long for the same numbers."""


def _grouped(days: Floats, shift: float) -> tuple[Floats, NDArray[np.int64]]:
    """Return distinct durations, or the middles of bins, and how many cases each has."""
    values, counts = np.unique(days, return_counts=True)
    if values.size <= BINS:
        return values, counts
    logs = np.log(values + shift)
    place = np.unique(np.floor(logs * (BINS / np.ptp(logs))), return_inverse=True)[1]
    size = np.bincount(place, counts)
    return np.maximum(np.exp(np.bincount(place, counts * logs) / size) - shift, 0.0), size.astype(np.int64)


def _fitted(name: str, cases: _Cases) -> Family:
    """Maximise over the logarithms of the positive parameters, from where moments would put them."""
    from scipy.optimize import fmin

    wide = math.log(cases.spread)
    start = {
        "lognormal": [cases.middle, wide], "weibull": [0.25 - wide, cases.middle + 0.58 * cases.spread],
        "gamma": [-2 * wide, cases.mean + 2 * wide], "exponential": [cases.mean],
    }[name]  # fmt: skip

    def parameters(place: Floats) -> list[float]:
        *_, last = held = np.clip(place, -LIMIT, LIMIT).tolist()
        return [held[0], math.exp(last)] if name == "lognormal" else [math.exp(each) for each in held]

    def badness(place: Floats) -> float:
        return -cases.log_likelihood(name, parameters(place))

    found = parameters(fmin(badness, start, xtol=1e-6, ftol=1e-6, disp=False))
    likelihood = cases.log_likelihood(name, found)
    return Family(name, dict(zip(FAMILIES[name], found, strict=True)), likelihood, 2 * len(found) - 2 * likelihood)
