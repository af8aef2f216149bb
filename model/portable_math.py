"""Exponential, logarithm and normal quantile from + − × ÷ and square root.

libm's versions differ between machines in the last bit; these give the same bits everywhere,
compiled or not. Relative error below 3e-16 (exp, log) and 1e-15 (quantile).
"""

import itertools
import math

import numpy as np

_LARGEST = 1020
_POWERS_OF_TWO = np.array([math.ldexp(1.0, k) for k in range(-_LARGEST, _LARGEST + 1)])
"""Exact; looked up because `ldexp` is a call into C (measured: half the time of `exp`)."""

_MANTISSA_BITS = 52
_EXPONENT_BIAS = 1022

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_INVERSE_LN2 = 1.44269504088896338700e00

_CELL_BITS = 8
_CELLS = 1 << _CELL_BITS
_WITHIN_CELL = _MANTISSA_BITS - _CELL_BITS
_CURVE = [math.log2(1.0 + cell / _CELLS) - cell / _CELLS for cell in range(_CELLS + 1)]
_ABOVE_CHORD = np.array([min(pair) - 1e-9 - 1023.0 for pair in itertools.pairwise(_CURVE)])
"""How much log2 of a number in [1, 2) lies above the number less 1, at least, by cells; the curve is concave. What is
taken off here, and added to the slack below, is far more than rounding and far less than the width of a cell."""

_A_MANTISSA_BIT = 2.0**-_MANTISSA_BITS
LOG2_SLACK = max(abs(a - b) for a, b in itertools.pairwise(_CURVE)) + 1e-6
"""`log2_below` is no further than this below the logarithm."""

_NEAR_SURE, _SURE = 20.0, 38.0
"""Log-odds beyond the first, either way, are left to `logistic`: its value is so close to 0 or 1 that rounding decides.
Beyond the second it is 1, or less than the smallest draw (2 to the −54)."""

_LN2 = _LN2_HIGH + _LN2_LOW


def exp(x: float) -> float:
    """Return e to the x; 0 below −700 and a finite ceiling above 700 (fdlibm reduction)."""
    if x < -700.0:
        return 0.0
    x = min(x, 700.0)
    k = math.floor(x * _INVERSE_LN2 + 0.5)
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )
    return (1.0 - ((low - (r * c) / (2.0 - c)) - high)) * float(_POWERS_OF_TWO[k + _LARGEST])


def log(x: float) -> float:
    """Return the natural logarithm of a number between 1e-300 and 1e300 (fdlibm series)."""
    e = int(np.float64(x).view(np.int64) >> _MANTISSA_BITS) - _EXPONENT_BIAS
    m = x * float(_POWERS_OF_TWO[_LARGEST - e])
    if m < 0.70710678118654752440:
        m = m * 2.0
        e = e - 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return e * _LN2_HIGH - ((half - (s * (half + odd + even) + e * _LN2_LOW)) - f)


def power(base: float, exponent: float) -> float:
    """Return base to the exponent for base ≥ 0; 0 to the 0 is 1."""
    if exponent == 0.0:
        return 1.0
    if base <= 0.0:
        return 0.0
    return exp(exponent * log(base))


def logistic(x: float) -> float:
    """Return 1/(1 + e^−x), the chance that belongs to log-odds x."""
    return 1.0 / (1.0 + exp(-x))


def log2_below(x: float) -> float:
    """Return a number below the binary logarithm of x > 0, by at most `LOG2_SLACK`: a look at the bits of x."""
    bits = np.float64(x).view(np.int64)
    return bits * _A_MANTISSA_BIT + float(_ABOVE_CHORD[(bits >> _WITHIN_CELL) & (_CELLS - 1)])


def happens(draw: float, log_odds: float) -> bool:
    """Tell whether a draw in (0, 1) is below `logistic` of log-odds, mostly from bounds of its own log-odds."""
    if abs(log_odds) > _SURE:
        return draw < (log_odds > 0.0)
    beyond = log_odds - (log2_below(draw) - log2_below(1.0 - draw)) * _LN2
    if abs(beyond) <= LOG2_SLACK or abs(log_odds) > _NEAR_SURE:
        return draw < logistic(log_odds)
    return beyond > 0.0


def lognormal(mean: float, spread: float, draw: float) -> float:
    """Return the value around its mean that belongs to a draw in (0, 1); `spread` is that of its logarithm."""
    return mean * exp(spread * normal_quantile(draw) - 0.5 * spread * spread)


_CENTRAL_TOP = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
    1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
_CENTRAL_BOTTOM = (
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
    687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
_NEAR_TOP = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
_NEAR_BOTTOM = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
_FAR_TOP = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
_FAR_BOTTOM = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip
"""Coefficients of normal quantiles, the highest power first: in the middle, in the near tail and in the far one."""


def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of p in (0, 1) (Wichura 1988, AS 241)."""
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        return q * (_polynomial(_CENTRAL_TOP, r) / _polynomial(_CENTRAL_BOTTOM, r))
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        tail = _polynomial(_NEAR_TOP, r - 1.6) / _polynomial(_NEAR_BOTTOM, r - 1.6)
    else:
        tail = _polynomial(_FAR_TOP, r - 5.0) / _polynomial(_FAR_BOTTOM, r - 5.0)
    return -tail if q < 0.0 else tail


def _polynomial(coefficients: tuple[float, ...], r: float) -> float:
    a, b, c, d, e, f, g, h = coefficients
    return ((((((a * r + b) * r + c) * r + d) * r + e) * r + f) * r + g) * r + h
