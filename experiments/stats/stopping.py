"""When to stop repeating: once the intervals asked for are narrow enough, and stay so.

Looking at an interval after every run and stopping at the first narrow one stops too early, on the luckiest look. So
there is a least number of replicates, and the precision must go on to hold for some further ones (Hoad, Robinson and
Davies 2010); the test suite shows what happens without.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import mean_interval

__all__ = ["Precision", "Reached", "Rule", "next_count", "precisions", "reached"]

GROWTH = 1.5
"""At most so many times the present replicates are asked for next: the need is guessed from few values."""

Values = Mapping[tuple[str, str], NDArray[np.float64]]
"""By regime and outcome: values in the order of the replicates, NaN where undefined or failed."""


@dataclasses.dataclass(frozen=True)
class Precision:
    """A half-width that is asked for.

    Attributes
    ----------
    outcome : str
    half_width : float
        Of the 95 % interval, in the outcome's unit, or as a share of the mean.
    relative : bool
        Whether it is a share of the mean's size. A mean of zero never gets there: the budget then ends it.
    of : str
        "level" under each regime, or paired "difference" of each regime from the first.
    """

    outcome: str
    half_width: float
    relative: bool
    of: Literal["level", "difference"]


@dataclasses.dataclass(frozen=True)
class Rule:
    """Until when replicates are added.

    Attributes
    ----------
    precisions : tuple of Precision
        All of which must hold.
    minimum : int
        Replicates before the rule is asked.
    look_ahead : int
        Further replicates for which it must go on to hold.
    budget : int
        Replicates at which it is given up.
    """

    precisions: tuple[Precision, ...]
    minimum: int
    look_ahead: int
    budget: int

    @property
    def outcomes(self) -> list[str]:
        """Outcomes that the rule looks at, each once."""
        return list(dict.fromkeys(each.outcome for each in self.precisions))


@dataclasses.dataclass(frozen=True)
class Reached:
    """How far a precision was reached.

    Attributes
    ----------
    regime : str
        Whose level, or whose difference from the first regime.
    half_width, asked : float or None
        In the outcome's unit; None where undefined.
    replicates : int
        In which it is defined.
    """

    precision: Precision
    regime: str
    half_width: float | None
    asked: float | None
    replicates: int

    @property
    def held(self) -> bool:
        """Whether it is narrow enough."""
        return self.half_width is not None and self.asked is not None and self.half_width <= self.asked


def _samples(precision: Precision, values: Values) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the values of which a precision asks for the mean, by regime."""
    regimes = list(dict.fromkeys(regime for regime, _ in values))
    own = {regime: values[regime, precision.outcome] for regime in regimes}
    if precision.of == "level":
        return list(own.items())
    return [(regime, own[regime] - own[regimes[0]]) for regime in regimes[1:]]


def _stand(precision: Precision, regime: str, sample: NDArray[np.float64]) -> Reached:
    known = sample[np.isfinite(sample)]
    interval = mean_interval(known)
    if interval.mean is None or interval.low is None or interval.high is None:
        return Reached(precision, regime, None, None, known.size)
    asked = precision.half_width * (abs(interval.mean) if precision.relative else 1.0)
    return Reached(precision, regime, (interval.high - interval.low) / 2, asked, known.size)


def reached(rule: Rule, values: Values) -> list[Reached]:
    """Return how far each precision was reached under each regime."""
    return [
        _stand(precision, regime, sample)
        for precision in rule.precisions
        for regime, sample in _samples(precision, values)
    ]


def next_count(rule: Rule, values: Values) -> int:
    """Return how many replicates there shall be; as many as there are to stop.

    Parameters
    ----------
    rule : Rule
    values : mapping
        By regime and outcome, in the order of the replicates, all equally long; the first regime is the one that
        others are compared to.

    Returns
    -------
    int
        A pure function of the values, so that a study asks for the same replicates however it is executed.
    """
    count = len(next(iter(values.values())))
    if count < rule.minimum + rule.look_ahead:
        return min(rule.minimum + rule.look_ahead, rule.budget)
    samples = [(precision, sample) for precision in rule.precisions for _, sample in _samples(precision, values)]
    failed = max((_last_failure(rule, precision, sample) for precision, sample in samples), default=0)
    if failed + rule.look_ahead < count or count >= rule.budget:
        return count
    need = max(_need(precision, sample) for precision, sample in samples)
    wanted = max(failed + 1 + rule.look_ahead, min(need + rule.look_ahead, math.floor(GROWTH * count)))
    return min(wanted, rule.budget)


def _last_failure(rule: Rule, precision: Precision, sample: NDArray[np.float64]) -> int:
    """Return the largest number of first replicates that was not enough; below the minimum nothing is."""
    for count in range(len(sample), rule.minimum - 1, -1):
        if not _stand(precision, "", sample[:count]).held:
            return count
        if count <= len(sample) - rule.look_ahead:
            break  # it held for as long as is looked ahead: what was before does not matter
    return rule.minimum - 1


def _need(precision: Precision, sample: NDArray[np.float64]) -> int:
    """Guess the replicates that a precision takes, from the half-width so far."""
    stand = _stand(precision, "", sample)
    if stand.half_width is None or not stand.asked:
        return len(sample)
    return math.ceil(len(sample) * (stand.half_width / stand.asked) ** 2)


def precisions(level: Mapping[str, float | str], difference: Mapping[str, float | str]) -> Sequence[Precision]:
    """Return the precisions that a study's file asks for; a text as "5 %" is a share of the mean."""
    found = []
    parts: tuple[tuple[Literal["level", "difference"], Mapping[str, float | str]], ...] = (
        ("level", level), ("difference", difference),
    )  # fmt: skip
    for of, asked in parts:
        for outcome, width in asked.items():
            if isinstance(width, str):
                found.append(Precision(outcome, float(width.removesuffix("%")) / 100.0, True, of))
            else:
                found.append(Precision(outcome, width, False, of))
    return found
