"""Rule 12: what the district decides, with limited attention (Jones & Baumgartner 2005).

A researcher who wants another district replaces this file.
"""

from typing import Any

from model.terms import TICKS_PER_DAY

SUPPORTED, AMENDED, REFUSED = 1, 2, 3  # what becomes of a request that the district hears; 0 is not heard


def acts(law: Any) -> bool:
    """Tell whether a law lets units trade, or limits what the district hears."""
    trade = law.trade
    return law.office.attention + trade.secondment + trade.borrowing + trade.mutual_aid + trade.entrusting > 0.0


def cost(law: Any, work: float) -> int:
    """Return the ticks of the office's hours that a decision of so much work (person-days) takes from the others."""
    return int(law.office.attention * work * TICKS_PER_DAY)


def hours_of_a_day(law: Any, scale: float) -> int:
    """Return the ticks that the office's people have in a day when all are present."""
    return int(law.office.people * scale * TICKS_PER_DAY)


def looks_at(habits: Any, missed: float, complaints: float, overdue: float) -> float:
    """Return how much a street asks for attention at the end of a month.

    Each in [0, 1]: cases not closed in time, reports and overdue cases against the street with most of them.
    """
    mind = habits.steering
    closure = max(0.0, 1.0 - mind.on_complaints - mind.on_overdue)
    return closure * missed + mind.on_complaints * complaints + mind.on_overdue * overdue


def in_focus(habits: Any, place: int, streets: int) -> bool:
    """Tell whether the district looks at a street with `place` others before it."""
    return place < habits.steering.focus_share * streets


def press_chance(law: Any, habits: Any, street: Any) -> float:
    """Return the chance that an overdue case is pressed: more in streets the district looks at, less elsewhere."""
    chance, tilt = law.coordination.press, law.office.attention * habits.steering.focus
    return chance + tilt * (1.0 - chance) if street.in_focus else chance - tilt * chance


def is_heard(law: Any, between_streets: bool) -> bool:
    """Tell whether a request goes through the district: where it pays attention, and always from street to street."""
    return between_streets or law.office.attention > 0.0


def supports(habits: Any, load: float, street: Any) -> float:
    """Return the log-odds that the district supports a request as it is asked.

    `load` is the felt backlog of whoever asks, `street` the street concerned.
    """
    mind = habits.steering
    return mind.support + mind.support_load * load + (mind.support_focus if street.in_focus else 0.0)


def verdict(habits: Any, chance: float, draw: float) -> int:
    """Return SUPPORTED, AMENDED (for half the term) or REFUSED."""
    if draw < chance:
        return SUPPORTED
    return AMENDED if draw < chance + (1.0 - chance) * habits.steering.amending else REFUSED


def quotas_due(law: Any, habits: Any, day: int, month_ends: bool, gap_days: float) -> bool:
    """Tell whether posts are looked at after a day: at the period's end; a district that looks, at a month's end too.

    `gap_days` lies between the longest and the shortest queue of streets.
    """
    looks = law.office.attention > 0.0 and month_ends and gap_days > habits.steering.quota_gap
    return (day + 1) % law.staffing.period_days == 0 or looks


def is_short(asked: float, held: float) -> bool:
    """Tell whether more hours were asked of the office since it looked last than it held (both in ticks)."""
    return asked > held
