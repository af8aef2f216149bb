"""The district's office: its decisions take hours, of which it has so many a day (T1)."""

from model.engine.district import District
from model.rules import steering
from model.terms import TICKS_PER_DAY


def attends(district: District, work: float) -> bool:
    """The district decides something that takes so much work (person-days); False if its office has no hours left."""
    ticks = steering.cost(district.laws[district.law], work)
    district.attention_asked += ticks
    if ticks > 0 and district.attention_left <= 0:
        return False
    district.attention_left -= ticks
    district.tally.district_ticks += district.in_window * int(work * TICKS_PER_DAY)
    return True


def open_office(district: District) -> None:
    """A day begins at the office: its hours, less what the last decision of the day before took beyond them."""
    presence = district.weekend_staff if district.step // district.steps_per_day % 7 >= 5 else 1.0
    held = int((district.office_day + district.office_guests * TICKS_PER_DAY) * presence)
    district.attention_left = min(0, district.attention_left) + held
    district.attention_held += held


def look_at_streets(district: District) -> None:
    """At a month's end the district chooses at which streets it looks in the next one, where attention is limited."""
    if district.laws[district.law].office.attention == 0.0:
        return
    reports, overdue = 1, 1
    for s in range(district.streets):
        reports = max(reports, district.units[s].month_reports)
        overdue = max(overdue, district.units[s].month_overdue)
    for s in range(district.streets):
        street = district.units[s]
        missed = 1.0 - street.month_in_time / street.month_reports if street.month_reports > 0 else 0.0
        complaints, late = street.month_reports / reports, street.month_overdue / overdue
        street.urgency = steering.looks_at(district.habits, missed, complaints, late)
    for s in range(district.streets):
        mine, place = district.units[s].urgency, 0
        for other in range(district.streets):
            theirs = district.units[other].urgency
            place += theirs > mine or (theirs == mine and other < s)
        district.units[s].in_focus = steering.in_focus(district.habits, place, district.streets)
