"""When to stop adding replicates: once the intervals asked for are narrow enough, and stay so.

Looking at an interval after every run and stopping at the first narrow one stops too early, on the luckiest look. So
there is a least number of replicates, and the precision must hold for some further ones (Hoad, Robinson, Davies 2010).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.stats.intervals import Floats, mean_interval

GROWTH = 1.5  # at most so many times the present replicates are asked for next: the need is guessed from few values

Of = Literal["level", "difference"]
Values = Mapping[tuple[str, str], Floats]
"""By regime and outcome: values in the order of the replicates, NaN where undefined or failed."""


@dataclass(frozen=True)
class Precision:
    """A half-width of the 95 % interval that is asked for.

    Attributes:
        relative: Whether it is a share of the mean, not in the outcome's unit. A mean of zero never gets there: the
            budget then ends it.
        of: "level" under each regime, or paired "difference" of each regime from the first.
    """

    outcome: str
    half_width: float
    relative: bool
    of: Of

    def samples(self, values: Values) -> dict[str, Floats]:
        """Return the values whose mean it is about, by regime."""
        found = {regime: each for (regime, outcome), each in values.items() if outcome == self.outcome}
        first, *others = found
        return found if self.of == "level" else {regime: found[regime] - found[first] for regime in others}


def precisions(level: Mapping[str, float | str], difference: Mapping[str, float | str]) -> list[Precision]:
    """Return the precisions that a study's file asks for; a text as "5 %" is a share of the mean."""
    asked: dict[Of, Mapping[str, float | str]] = {"level": level, "difference": difference}
    given = ((outcome, width, of) for of, widths in asked.items() for outcome, width in widths.items())
    return [
        Precision(outcome, float(width.removesuffix("%")) / 100.0, True, of)
        if isinstance(width, str) else Precision(outcome, width, False, of) for outcome, width, of in given
    ]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Replicates are added until all precisions hold.

    Attributes:
        minimum, look_ahead, budget: Replicates before the rule is asked, further ones for which it must go on to hold,
            and those at which it is given up.
    """

    precisions: tuple[Precision, ...]
    minimum: int
    look_ahead: int
    budget: int

    @property
    def outcomes(self) -> list[str]:
        return list(dict.fromkeys(each.outcome for each in self.precisions))


@dataclass(frozen=True)
class Reached:
    """How far a precision was reached under a regime, over the replicates in which it is defined.

    Attributes:
        half_width, target: In the outcome's unit; None where undefined.
    """

    precision: Precision
    regime: str
    half_width: float | None
    target: float | None
    replicates: int

    @classmethod
    def of(cls, precision: Precision, regime: str, sample: Floats) -> Reached:
        known, interval, target = int(np.isfinite(sample).sum()), mean_interval(sample), None
        if interval.mean is not None and interval.half is not None:
            target = precision.half_width * (abs(interval.mean) if precision.relative else 1.0)
        return cls(precision, regime, interval.half, target, known)

    @property
    def held(self) -> bool:
        return self.half_width is not None and self.target is not None and self.half_width <= self.target


def reached(rule: Rule, values: Values) -> list[Reached]:
    """Return how far each precision was reached under each regime."""
    return [Reached.of(each, *sample) for each in rule.precisions for sample in each.samples(values).items()]


def next_count(rule: Rule, values: Values) -> int:
    """Return how many replicates there should be; as many as there are to stop.

    All values are equally long; the first regime is the one that others are compared to. The number depends on the
    values alone, so that a study asks for the same replicates however it is executed.
    """
    count = len(next(iter(values.values())))
    if count < rule.minimum + rule.look_ahead:
        return min(rule.minimum + rule.look_ahead, rule.budget)
    samples = ((each, sample) for each in rule.precisions for sample in each.samples(values).values())
    failed = max((_last_failure(rule, *each) for each in samples), default=0)
    if failed + rule.look_ahead < count or count >= rule.budget:
        return count
    # a guess from the half-widths so far
    need = max(math.ceil(count * (each.half_width / each.target) ** 2) if each.half_width is not None and each.target
               else count for each in reached(rule, values))  # fmt: skip
    wanted = max(failed + 1 + rule.look_ahead, min(need + rule.look_ahead, math.floor(GROWTH * count)))
    return min(wanted, rule.budget)


def _last_failure(rule: Rule, precision: Precision, sample: Floats) -> int:
    """Return the largest number of first replicates that was not enough; below the minimum nothing is."""
    for count in range(len(sample), rule.minimum - 1, -1):
        if not Reached.of(precision, "", sample[:count]).held:
            return count
        if count <= len(sample) - rule.look_ahead:
            break  # it held for as long as is looked ahead: what was before does not matter
    return rule.minimum - 1
