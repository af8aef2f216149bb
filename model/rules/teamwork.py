"""Rule 4: joint work (moral hazard in teams, Holmström 1982)."""

from typing import Any

from model import portable_math


def daily_effort(law: Any, habits: Any, parties: int) -> float:
    """Return the share of a person's day that each of `parties` gives to a joint case.

    Hours given fall as parties^−α; a convenor (R3) and a shared platform (R6) restore a share of what is lost.
    The work needed stays.
    """
    alone = portable_math.power(parties * 1.0, -habits.teamwork.free_riding)
    lost = (1.0 - law.coordination.restore) * (1.0 - habits.teamwork.platform * law.stationing.share)
    return alone + (1.0 - lost) * (1.0 - alone)


def coordination_work(law: Any, habits: Any, case: Any) -> float:
    """Return the person-days that a party spends on coming together: on the whistle's meeting, and on each other party.

    One interface takes the place of pairs (N5).
    """
    meeting = law.whistle.meeting_work if case.whistle_open else 0.0
    pairs = habits.teamwork.pair_work * (case.parties - 1) * (1.0 - law.coordination.interfaces)
    return meeting + pairs


def recording_work(law: Any) -> float:
    """Return the person-days that a party spends on the record of a case (N15)."""
    return float(law.recording.share * law.recording.work)
