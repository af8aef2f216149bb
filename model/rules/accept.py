"""Rule 1: answer or not, accept or pass, come or stay away (Downs 1967; Weaver 1986).

Decisions are returned as log-odds; `portable_math.happens` compares them with a draw.
"""

from typing import Any, NamedTuple

from model import portable_math
from model.rules import learning


class Reason(NamedTuple):
    """A reason to decline, as event log and page name it."""

    name: str
    en: str
    zh: str


REASONS = (
    Reason("not_its_duty", "hardly its own duty", "职责归属弱"),
    Reason("overlap", "others are responsible as well", "职责交叉、他方亦可办"),
    Reason("load", "its backlog", "积压多"),
    Reason("blame", "fear of blame", "避责"),
)
"""Reasons to decline, in the order of `against`."""


def relative_load(backlog_days: float, reference: float) -> float:
    """Return backlog as a number in [0, 1): one half at the reference (both in days)."""
    return backlog_days / (backlog_days + reference)


def marginal_score(habits: Any, asked_this_month: float) -> float:
    """Return what one more case of a street adds to the unit's monthly score, in (0, 1].

    The more that street already asked for, the less one case counts.
    """
    return habits.acceptance.attention / (habits.acceptance.attention + asked_this_month)


def stake(law: Any, habits: Any, unit: Any, case: Any, marginal: float) -> float:
    """Return what the unit has at stake in this case, in log-odds.

    Effective weight times the case's marginal score, the right to supervise, pressure felt, rewards,
    and, as far as its people are stationed in streets, appointments and budgets.
    """
    pressed = case.pressed / (1.0 + case.pressed)
    return (
        habits.acceptance.stake * law.effects.street_weight * marginal
        + law.coordination.raise_stake
        + habits.acceptance.pressure * pressed
        + habits.acceptance.reward * law.assessment.reward
        + unit.stationed_share * on_the_stationed(law, habits)
    )


def on_the_stationed(law: Any, habits: Any) -> float:
    """Return the pull on people stationed in streets of appointments (R4) and budgets (N3), in log-odds."""
    return habits.acceptance.appointment * law.stationing.appointment + habits.acceptance.budget * law.assessment.budget


def takes_up(law: Any, habits: Any) -> float:
    """Return the log-odds that a platform team takes up what its street asks instead of what home asks."""
    ready = habits.acceptance
    return (
        ready.stationed
        + ready.stake * law.effects.street_weight
        + ready.reward * law.assessment.reward
        + on_the_stationed(law, habits)
    )


def temper(habits: Any, draw: float) -> float:
    """Return a department's own readiness to accept, in log-odds around the others': officials differ (Downs 1967)."""
    return habits.acceptance.tempers * portable_math.normal_quantile(draw)


def blame(habits: Any, case: Any, late: float) -> float:
    """Return the blame in [0, 1] of taking over: severity × (how late, how often passed).

    `late` is the age over the deadline, at most 1.
    """
    lateness = habits.acceptance.blame_late
    return case.stake * (lateness * late + (1.0 - lateness) * case.passes / (1.0 + case.passes))


def against(habits: Any, claim: Any, case: Any, load: float, late: float) -> tuple[float, ...]:
    """Return what each of `REASONS` weighs against accepting, in log-odds."""
    ready = habits.acceptance
    return (
        ready.membership * (1.0 - claim.membership),
        ready.overlap * claim.overlap,
        ready.load * load,
        ready.blame * blame(habits, case, late),
    )


def main_reason(habits: Any, claim: Any, case: Any, load: float, late: float) -> int:
    """Return the place in `REASONS` of the one that weighs most; the first of equals."""
    found, most = 0, 0.0
    for place, weight in enumerate(against(habits, claim, case, load, late)):
        if weight > most:
            found, most = place, weight
    return found


def willingness(
    law: Any, habits: Any, unit: Any, claim: Any, case: Any, load: float, marginal: float, late: float
) -> float:
    """Return the log-odds that a unit accepts the slot it is offered.

    `load` from `relative_load`, `marginal` from `marginal_score`, `late` as in `blame`.
    """
    ready = habits.acceptance
    learned = learning.sway(habits, unit.accepting, unit.passing) if habits.learning.propensity > 0.0 else 0.0
    odds = ready.intercept + ready.membership + unit.temper + learned + stake(law, habits, unit, case, marginal)
    for weight in against(habits, claim, case, load, late):
        odds -= weight
    return odds


def answers(law: Any, habits: Any, unit: Any, case: Any, marginal: float) -> float:
    """Return the log-odds that a unit answers within the limit at all; inaction is the rest (rule 7)."""
    return (
        habits.acceptance.answering
        + stake(law, habits, unit, case, marginal)
        - habits.balance.inaction * max(0.0, -unit.balance)
    )


def shows_up(law: Any, habits: Any, unit: Any, case: Any, load: float, marginal: float) -> float:
    """Return the log-odds that a unit comes after having accepted; only the closed loop makes absence cost."""
    return (
        habits.acceptance.showing_up
        - habits.acceptance.load * load
        + stake(law, habits, unit, case, marginal)
        + law.closed_loop.absence_cost * law.closed_loop.call_back
    )


def waits_for_monday(law: Any, day: int, draw: float) -> int:
    """Return the days that an answer to a letter waits for Monday: some of those that fall on days 6 and 7 do."""
    return 7 - day % 7 if day % 7 >= 5 and draw >= law.letters.weekend_answers else 0


def answers_below(habits: Any, unit: Any, whistled: bool) -> float:
    """Return the log-odds that a unit answers the level below within the limit; a whistle presses it."""
    return (
        habits.acceptance.answering
        + (habits.acceptance.pressure if whistled else 0.0)
        - habits.balance.inaction * max(0.0, -unit.balance)
    )
