"""Capacities a day: what a step may do is whole, and what is left of a case is carried over to the next."""

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
