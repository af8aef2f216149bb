"""The district's office: its decisions take hours, of which it has so many a day (T1)."""

from model.reference.agents import Street
from model.reference.state import Model
from model.rules import steering
from model.terms import TICKS_PER_DAY


def attends(model: Model, work: float) -> bool:
    """The district decides something that takes so much work (person-days); False if its office has no hours left."""
    office, ticks = model.office, steering.cost(model.newest, work)
    office.asked += ticks
    if ticks > 0 and office.left <= 0:
        return False
    office.left -= ticks
    model.count("district_ticks", int(work * TICKS_PER_DAY))
    return True


def open_office(model: Model) -> None:
    """A day begins at the office: its hours, less what the last decision of the day before took beyond them."""
    office, day = model.office, steering.hours_of_a_day(model.newest, model.world.demand.scale)
    held = int((day + office.guests * TICKS_PER_DAY) * model.presence)
    office.left = min(0, office.left) + held
    office.held += held


def look_at_streets(model: Model) -> None:
    """At a month's end the district chooses at which streets it looks in the next one, where attention is limited."""
    if model.newest.office.attention == 0.0:
        return
    reports = max(1, *(street.month_reports for street in model.streets))
    overdue = max(1, *(street.month_overdue for street in model.streets))

    def urgency(street: Street) -> float:
        missed = 1.0 - street.month_in_time / street.month_reports if street.month_reports > 0 else 0.0
        return steering.looks_at(model.habits, missed, street.month_reports / reports, street.month_overdue / overdue)

    for place, street in enumerate(sorted(model.streets, key=lambda each: -urgency(each))):
        street.in_focus = steering.in_focus(model.habits, place, len(model.streets))
