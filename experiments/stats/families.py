"""Families of durations, fitted to cases of which some are still open (censored maximum likelihood).

A duration is known to within the resolution of its clock: its likelihood is the probability of that interval, so whole
days with zeros are fitted as they are. An open case counts with the probability to last longer than it has.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import Bools, Floats

FAMILIES = {
    "lognormal": ("mean_log", "sigma_log"), "weibull": ("shape", "scale"), "gamma": ("shape", "scale"),
    "exponential": ("mean",),
}  # fmt: skip
"""Parameters by name, from the one usual for handling times to the one of a memoryless queue."""

IN_SCIPY = {"lognormal": "lognorm", "weibull": "weibull_min", "gamma": "gamma", "exponential": "expon"}

BINS = 4096  # more distinct durations than these are grouped in bins of equal width of the logarithm

FINE, LEAST = 1e-3, 1e-300
"""Ratio of resolution to duration, and probability, below which the density times the resolution is the probability of
the interval."""

LIMIT = 50.0  # of logarithms, where no maximum is found: no parameter in days or of shape is near e^±50

WIDEST = 20.0  # standard deviations within which all log days must lie where the search begins

STEPS, HALVED = 500, tuple(0.5**power for power in range(40))
"""Newton steps at most, of which some ten are made; shares of a step that are tried."""

ENOUGH, SUFFICIENT, ROUNDING, FLATTEST = 1e-8, 1e-4, 1e-13, 1e-12
"""Gain in log-likelihood below which a step is the last; share of the promised gain that a step must bring; rounding of
a log-likelihood, as a share; curvature, over the largest, below which a direction is flat."""

NUDGE = 3e-4  # of logarithms of parameters, for numerical derivatives


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


class _Group:
    """Distinct durations above 0 and how many cases each has; `design` (2, size): derivatives of z by a and b."""

    def __init__(self, days: Floats, count: NDArray[np.int64]) -> None:
        self.days, self.logs, self.count = days, np.log(days), count.astype(np.float64)
        self.design = np.stack([self.logs, -np.ones(days.size)])


class _Cases:
    """Closed durations on a fine and on a coarse clock, with the ends of the intervals of the latter, and open ones."""

    def __init__(self, lengths: Floats, ended: Bools, resolution: float) -> None:
        # closed cases of one length are coarse on any clock: a density there would have no bound
        is_coarse = (lengths * FINE < resolution) | (np.ptp(lengths[ended]) == 0.0)
        kinds = (ended & ~is_coarse, ended & is_coarse, ~ended & (lengths > 0.0))
        fine, (middle, count), still = (_grouped(lengths[kind], resolution / 4) for kind in kinds)
        self.fine, self.still, self.step = _Group(*fine), _Group(*still), math.log(resolution or 1.0)
        low, high = middle - resolution / 2, middle + resolution / 2
        self.from_zero = low <= 0.0
        ends = (np.maximum(middle, resolution / 4), np.where(self.from_zero, high, low), high)
        self.coarse, self.low, self.high = (_Group(each, count) for each in ends)
        logs = np.log(np.maximum(lengths[ended], resolution / 4))
        width = float(np.ptp(np.append(logs, self.still.logs))) / WIDEST
        self.middle, self.spread = float(logs.mean()), max(float(logs.std()), width, 0.05)
        # maximum likelihood for an exponential known exactly (Lawless 2003, 4.1)
        self.log_mean = math.log(np.maximum(lengths, resolution / 4).sum() / ended.sum())


def _grouped(days: Floats, shift: float) -> tuple[Floats, NDArray[np.int64]]:
    """Return distinct durations, or the middles of bins, and how many cases each has."""
    values, counts = np.unique(days, return_counts=True)
    if values.size <= BINS:
        return values, counts
    logs = np.log(values + shift)
    place = np.unique(np.floor(logs * (BINS / np.ptp(logs))), return_inverse=True)[1]
    size = np.bincount(place, counts)
    return np.maximum(np.exp(np.bincount(place, counts * logs) / size) - shift, 0.0), size.astype(np.int64)


Rise = tuple[float, Floats, Floats]
"""Log-likelihood with its gradient (parameters,) and its Hessian (parameters, parameters)."""

Terms = tuple[Floats, Floats, Floats]
"""Values with their first and second derivatives, arrays (size,)."""


@dataclass(frozen=True)
class _Standard:
    """Logarithms of the density and of the tail, and the share below, of z = a log days − b.

    Where the logarithm of the density is concave, the log-likelihood is so in a and b, of intervals and of open cases
    too, and has one maximum (Burridge 1981).
    """

    density: Callable[[Floats], Terms]
    tail: Callable[[Floats], Terms]
    below: Callable[[Floats], Floats]

    def log_likelihood(self, cases: _Cases, place: Floats) -> Rise:
        """Return the log-likelihood at (a, b), a above 0."""
        if place[0] <= 0.0:
            return -math.inf, np.zeros(2), np.zeros((2, 2))
        still = _summed(cases.still, cases.still.count, self.tail(place @ cases.still.design))
        return _added(self._dense(cases, cases.fine, cases.fine.count, place), still, self._intervals(cases, place))

    def _dense(self, cases: _Cases, group: _Group, count: Floats, place: Floats) -> Rise:
        """Take density times resolution for the probability of an interval."""
        value, gradient, hessian = _summed(group, count, self.density(place @ group.design))
        steepness, size = place[0], count.sum()
        value += float(size * (np.log(steepness) + cases.step) - count @ group.logs)
        gradient[0] += size / steepness
        hessian[0, 0] -= size / steepness**2
        return value, gradient, hessian

    def _intervals(self, cases: _Cases, place: Floats) -> Rise:
        """Take differences of shares below, or of tails where these are smaller."""
        low, high = (place @ each.design for each in (cases.low, cases.high))
        below, above = np.where(cases.from_zero, 0.0, self.below(low)), np.exp(self.tail(low)[0])
        share = np.where(below < 0.5, self.below(high) - below, above - np.exp(self.tail(high)[0]))
        # too thin for its difference a share still has a density, whose logarithm leads the search back
        is_thin = ~(share > LEAST)
        thin = [self._dense(cases, cases.coarse, cases.coarse.count * is_thin, place)] if is_thin.any() else []
        share, count = np.where(is_thin, 1.0, share), cases.coarse.count * ~is_thin
        (begin, rising), (end, falling) = (self._edge(z, share) for z in (low, high))
        begin, rising = (np.where(cases.from_zero, 0.0, each) for each in (begin, rising))
        cross = (cases.low.design * (count * begin * end)) @ cases.high.design.T
        return _added(
            *thin,
            _summed(cases.low, count, (np.log(share), -begin, -rising - begin**2)),
            _summed(cases.high, count, (np.zeros(share.size), end, falling - end**2)),
            (0.0, np.zeros(2), cross + cross.T),
        )

    def _edge(self, z: Floats, share: Floats) -> tuple[Floats, Floats]:
        """Return the density at an end of an interval and its derivative, over the probability of the interval."""
        level, slope, _ = self.density(z)
        height = np.exp(level) / share
        return height, height * slope


def _summed(group: _Group, count: Floats, terms: Terms) -> Rise:
    """Sum terms of z over cases, derivatives by the parameters."""
    value, slope, curve = terms
    return float(count @ value), group.design @ (count * slope), (group.design * (count * curve)) @ group.design.T


def _added(*parts: Rise) -> Rise:
    values, gradients, hessians = zip(*parts, strict=True)
    return sum(values), np.sum(gradients, axis=0), np.sum(hessians, axis=0)


def _normal(z: Floats) -> Terms:
    return -(z**2) / 2 - math.log(2 * math.pi) / 2, -z, np.full(z.size, -1.0)


def _normal_tail(z: Floats) -> Terms:
    from scipy.special import log_ndtr

    level = log_ndtr(-z)
    hazard = np.exp(_normal(z)[0] - level)
    return level, -hazard, hazard * (z - hazard)


def _normal_below(z: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def _smallest(z: Floats) -> Terms:
    load = np.exp(z)
    return z - load, 1.0 - load, -load


def _smallest_tail(z: Floats) -> Terms:
    load = -np.exp(z)
    return load, load, load


def _smallest_below(z: Floats) -> Floats:
    return np.asarray(-np.expm1(-np.exp(z)))


NORMAL = _Standard(_normal, _normal_tail, _normal_below)
SMALLEST = _Standard(_smallest, _smallest_tail, _smallest_below)
"""Gumbel's distribution of the smallest value, which is that of the logarithms of Weibull durations."""


def _gamma_value(cases: _Cases, place: Floats) -> float:
    """Return the log-likelihood at the logarithms of shape and mean."""
    from scipy.special import gammainc, gammaincc, gammaln

    shape, log_scale = np.exp(place[0]), place[1] - place[0]
    scale, whole = np.exp(log_scale), gammaln(shape)
    from_density = cases.step - whole - log_scale

    def density(group: _Group) -> Floats:
        return np.asarray((shape - 1.0) * (group.logs - log_scale) - group.days / scale + from_density)

    low, high = cases.low.days / scale, cases.high.days / scale
    below = np.where(cases.from_zero, 0.0, gammainc(shape, low))
    share = np.where(below < 0.5, gammainc(shape, high) - below, gammaincc(shape, low) - gammaincc(shape, high))
    interval = np.where(share > LEAST, np.log(share), density(cases.coarse))
    tail, x = gammaincc(shape, cases.still.days / scale), cases.still.days / scale
    far = (shape - 1.0) * np.log(x) - x - whole  # first term of the expansion for large x
    still = np.where(tail > LEAST, np.log(tail), far)
    terms = ((interval, cases.coarse), (density(cases.fine), cases.fine), (still, cases.still))
    return float(sum(group.count @ each for each, group in terms))


def _gamma(cases: _Cases, place: Floats) -> Rise:
    """Differentiate numerically: the derivatives of the incomplete gamma function by its shape have no closed form."""
    steps = NUDGE * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]])
    here, right, left, up, down, both, neither = (_gamma_value(cases, place + step) for step in steps)
    mixed = (both + neither - right - left - up - down + 2 * here) / 2
    gradient = np.array([right - left, up - down]) / (2 * NUDGE)
    hessian = np.array([[right + left - 2 * here, mixed], [mixed, up + down - 2 * here]]) / NUDGE**2
    return here, gradient, hessian


@dataclass(frozen=True)
class _Search:
    """How a family is searched.

    Attributes:
        rise: Of place.
        start: Where moments would put the place.
        logs: From place to the logarithms of parameters, but for a mean of log days, which stays.
    """

    rise: Callable[[Floats], Rise]
    start: Sequence[float]
    logs: Callable[[Floats], Sequence[float]]

    def best(self) -> tuple[Floats, float]:
        """Return where the log-likelihood is greatest, and how great, by damped Newton (Nocedal and Wright 2006, 3.4).

        Where it is not concave the step goes uphill all the same: curvatures count by their size.
        """
        place = np.asarray(self.start, dtype=np.float64)
        value, gradient, hessian = self.rise(place)
        for _ in range(STEPS):
            bends, axes = np.linalg.eigh(hessian)
            step = axes @ ((axes.T @ gradient) / np.maximum(np.abs(bends), FLATTEST * max(np.abs(bends).max(), 1.0)))
            gain = float(gradient @ step)
            for size in HALVED:
                found = self.rise(trial := place + size * step)
                if found[0] >= value + SUFFICIENT * size * gain - ROUNDING * abs(value):
                    break
            else:
                break
            place, (value, gradient, hessian) = trial, found
            if gain < ENOUGH:
                break
        return place, value


def _search(name: str, cases: _Cases) -> _Search:
    a, wide = 1.0 / cases.spread, math.log(cases.spread)
    if name == "lognormal":
        rise, start = partial(NORMAL.log_likelihood, cases), (a, a * cases.middle)
        return _Search(rise, start, lambda place: (place[1] / place[0], -np.log(place[0])))
    if name == "weibull":
        rise, start = partial(SMALLEST.log_likelihood, cases), (1.28 * a, 1.28 * a * cases.middle + 0.74)
        return _Search(rise, start, lambda place: (np.log(place[0]), place[1] / place[0]))
    if name == "gamma":
        return _Search(
            partial(_gamma, cases), (-2 * wide, cases.log_mean), lambda place: (place[0], place[1] - place[0])
        )
    return _Search(partial(_exponential, cases), (cases.log_mean,), tuple)


def _exponential(cases: _Cases, place: Floats) -> Rise:
    """Return the log-likelihood at the logarithm of the mean: a Weibull's of shape 1."""
    value, gradient, hessian = SMALLEST.log_likelihood(cases, np.append(1.0, place))
    return value, gradient[1:], hessian[1:, 1:]


def _fitted(name: str, cases: _Cases) -> Family:
    search = _search(name, cases)
    place, value = search.best()
    logs = np.clip(search.logs(place), -LIMIT, LIMIT)
    found = [
        float(logs[0]) if label == "mean_log" else math.exp(each)
        for label, each in zip(FAMILIES[name], logs, strict=True)
    ]
    return Family(name, dict(zip(FAMILIES[name], found, strict=True)), value, 2 * len(found) - 2 * value)
