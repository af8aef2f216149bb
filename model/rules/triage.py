"""Rule 5: what a street takes, whistles, refers or shelves (Lipsky 1980)."""

from typing import Any

from model import portable_math

RIGHT, MISADDRESSED, REJECTED = 0, 1, 2
_LONGEST = 1e6  # days beyond every run


def holds_power(law: Any, case: Any, entrusted: bool, draw: float) -> bool:
    """Tell whether the street may close the case itself: no power needed, or the power delegated or entrusted to it."""
    return not case.needs_power or entrusted or draw < law.powers.delegated


def territorial_duty(habits: Any, membership: float, attempts: int) -> float:
    """Return the street's competence, growing with every failed attempt to find an owner (属地管理)."""
    return min(1.0, membership + habits.routing.territorial_floor * attempts)


def takes_itself(case: Any, holds: bool, street_membership: float, draw: float) -> bool:
    """Tell whether a street keeps a case: alone, with the power, and within its competence.

    A delegated power brings the competence with it.
    """
    if case.parties > 1 or not holds:
        return False
    return bool(case.needs_power) or draw < street_membership


def goes_below(habits: Any, work_days: float, backlog_below: float, backlog_here: float) -> bool:
    """Tell whether a light own case is left to the communities: where they are no busier than the street."""
    return work_days <= habits.triage.light_work and backlog_below <= backlog_here


def is_easy(habits: Any, work_days: float) -> bool:
    """Tell whether a case jumps part of the street's queue: easy cases first."""
    return work_days <= habits.triage.easy_work


def uses_team(habits: Any, backlog_days: float) -> bool:
    """Tell whether the platform team in the street is free enough to be given an enforcement case."""
    return backlog_days <= habits.triage.team_backlog


def must_be_handled(law: Any, kind: Any, draw: float) -> bool:
    """Tell whether a platform team that covers a case must handle it on the spot: its kind is on the list (R8)."""
    return bool(kind.on_the_spot) and draw < law.duty_list.on_the_spot


def goes_to_wrong_section(law: Any, habits: Any) -> float:
    """Return the chance that an own case first lands in the wrong section of the street."""
    return habits.triage.wrong_section * (1.0 - law.structure.merged_sections)


def letter_days(law: Any) -> float:
    """Return the days after which a letter without an answer counts as lost, at least one: the time of a letter."""
    return max(1.0, law.letters.transit_days + law.letters.answer_within)


def by_telephone(law: Any, kind: Any, draw: float) -> bool:
    """Tell whether a case is told by telephone: an emergency, as far as the law says so."""
    return bool(kind.emergency and draw < law.letters.emergency_first)


def whistles(law: Any, habits: Any, street: Any, case: Any, load: float, oldest: float) -> float:
    """Return the chance that a street whistles rather than writes a letter.

    It weighs the case, its failed attempts, its rank, its own hours and credibility, and how far the platform is
    behind (Naor 1969): the days that its `oldest` whistle has lain there against the time of a letter. It does not
    weigh what attendance costs the departments.
    """
    if not (law.whistle.in_force and street.may_whistle):
        return 0.0
    ready = habits.triage
    joint = ready.joint if case.parties > 1 else 0.0
    lean = ready.readiness + joint + ready.returned * case.attempts + ready.urgency * case.stake
    own = ready.ranking * street.pressure - ready.own_hours * load - ready.credibility * (1.0 - street.credibility)
    behind = ready.waiting * oldest / letter_days(law)
    return law.whistle.reach * portable_math.logistic(lean + own - behind)


def withdraws_after(law: Any, habits: Any, draw: float) -> float:
    """Return the days after which a street withdraws a whistle that the platform has not heard yet (exponential)."""
    return min(_LONGEST, -letter_days(law) / habits.triage.withdrawing * portable_math.log(draw))


def credibility(habits: Any, before: float, rejected: bool) -> float:
    """Return a street's credibility in [0, 1] after the platform has screened one of its whistles."""
    return before + habits.triage.credibility_memory * ((0.0 if rejected else 1.0) - before)


def approves(law: Any, habits: Any, case: Any) -> float:
    """Return the log-odds that the street's party committee approves a whistle (N11)."""
    joint = habits.triage.joint if case.parties > 1 else 0.0
    return law.committee.readiness + joint + habits.triage.urgency * case.stake


def accuracy(law: Any, habits: Any, voices: float, decided: bool, channel: float) -> float:
    """Return the share of whistles that are addressed rightly: residents, data and a decision spare errors.

    `channel` is the share that the channel spares through which the problem was found; below 0 it adds to them.
    """
    errors = (1.0 - law.whistle.accuracy) * (1.0 - habits.citizens.truer_whistles * voices)
    errors = errors * (1.0 - habits.routing.data_gain * law.grids.integration)
    errors = min(1.0, errors * (1.0 - channel))
    return 1.0 - errors * (1.0 - (law.committee.truer if decided else 0.0))


def screening(law: Any, right: float, draw: float) -> int:
    """Return what the platform makes of a whistle at a given accuracy: RIGHT, MISADDRESSED or REJECTED."""
    if draw < right:
        return RIGHT
    return MISADDRESSED if draw < right + (1.0 - right) * law.whistle.misaddressed else REJECTED


def may_be_shelved(case: Any) -> bool:
    """Tell whether a street may set a case aside: it has come back, and supervision has not pressed it."""
    return bool(case.attempts > 0 and case.pressed == 0)


def shelves(habits: Any, street: Any, load: float, case: Any) -> float:
    """Return the log-odds that a street sets aside a case that may be shelved.

    Missing authority adds to it (P8), the ranking takes from it (E1).
    """
    return (
        habits.triage.shelving
        + habits.triage.shelving_load * load
        + habits.triage.shelving_returned * case.attempts
        + habits.balance.inaction * max(0.0, -street.balance)
        - habits.triage.ranking * street.pressure
    )
