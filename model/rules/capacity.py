"""Capacities a day: what a step may do is whole, and what is left of a case is carried over to the next.

A step inside a street (source, analysis, sending, calling together, calling back) serves one case after another in the
order in which they are handled, whatever the length of the model's steps: it needs no queue but the time at which it
is free again.
"""

from model.terms import TICKS_PER_DAY

_NEVER = 1 << 40  # ticks beyond every run, and small enough to be added up
PARTS = 1_000_000  # capacities are counted in whole millionths of a case, so that nothing is lost however long a run is


def of_a_day(most: int, scale: float) -> int:
    """Return the capacity of a day (millionths of a case) that is `most` cases at full scale."""
    return round(most * scale * PARTS)


def whole(owed: int, steps_per_day: int) -> int:
    """Return the cases that a step may take, from what is `owed`: a day's capacity for each step, not divided yet."""
    return owed // (PARTS * steps_per_day)


def left_over(owed: int, steps_per_day: int) -> int:
    """Return what of a case is owed to the next step; whole cases that nobody took are not saved up."""
    return owed % (PARTS * steps_per_day)


def ticks_each(most: int, share: float, per_scale: float) -> int:
    """Return the ticks that a step inside a street takes for a case.

    Args:
        most: Cases a day at full scale, all streets together.
        share: The street's share of the residents, and so of the capacity.
        per_scale: One over the scale of the run.
    """
    if most * share <= 0.0:
        return _NEVER
    return int(min(_NEVER * 1.0, TICKS_PER_DAY * per_scale / (most * share) + 0.5))


def served(ready: int, free: int) -> int:
    """Return when a step begins with a case that is `ready`, where the step is `free` from then on (ticks)."""
    return max(ready, free)


def free_again(now: int, free: int, ticks: int) -> int:
    """Return when a step is free again after one case more.

    A case takes its place when it is handled, `now`, though it may be ready later: so none waits for one to come.
    """
    return max(now, free) + ticks
