"""R7: dynamic quotas: posts follow the work."""

from typing import Any


def may_move(law: Any, township: bool) -> bool:
    """Tell whether a street's posts belong to the standard: subdistricts, and townships where these are included."""
    return law.staffing.townships or not township


def floats(law: Any, township: bool) -> bool:
    """Tell whether people of a street may follow the queues."""
    return law.staffing.dynamic > 0.0 and may_move(law, township)


def movable_posts(law: Any, posts: int) -> int:
    """Return how many of the streets' posts may move at the end of a period."""
    return int(law.staffing.dynamic * posts)


def load(came: float, people: float) -> float:
    """Return the work (ticks) that came in the period for each of so many people.

    A queue is empty on many a day in a street that needs its people all the same; what came in a period tells, and it
    grows for each who is left with everyone who goes.
    """
    return came / people


def worth_moving(law: Any, waits_there: float, waits_here: float, load_there: float, load_here: float) -> bool:
    """Tell whether a person should move from here to there.

    Args:
        waits_there, waits_here: Days of work in the queues.
        load_there, load_here: `load` of the people there and here after the move.
    """
    return waits_there > waits_here + law.staffing.gap_days and load_there > load_here
