"""Who takes work off streets and communities: member units of the region (G1), and party members (N7b)."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger
from model.engine.district import District
from model.engine.rows import CaseRow, UnitRow
from model.rules import member_units, members
from model.terms import TICKS_PER_DAY, Decision


def taken_over(district: District, law: InForce, unit: UnitRow, case: CaseRow, work: float) -> float:
    """Return what others do of the work that is left of a case that starts; nothing where power is needed."""
    if case.needs_power:
        return 0.0
    theirs = by_member_unit(district, law, unit, case, work)
    return theirs + by_members(district, law, unit, case, work - theirs)


def by_member_unit(district: District, law: InForce, unit: UnitRow, case: CaseRow, work: float) -> float:
    """Return the work that a member unit does, if one is asked and takes its part over."""
    part = district.kinds[case.kind].member_units
    asked = rng.choice_draw(case.key, Decision.MEMBER_UNIT_ASKED, case.rounds, unit.key)
    if part == 0.0 or not member_units.asks(law, asked):
        return 0.0
    street = district.units[case.street]
    street.errands += district.habits.member_units.asking_work * TICKS_PER_DAY
    odds = member_units.takes_over(law, district.habits, street.taken_over * district.per_scale)
    if not portable_math.happens(rng.choice_draw(case.key, Decision.MEMBER_UNIT, case.rounds, unit.key), odds):
        return 0.0
    street.taken_over = member_units.remembered(district.habits, street.taken_over)
    if district.in_window:
        unit.member_unit_ticks += work * part
    return work * part


def by_members(district: District, law: InForce, unit: UnitRow, case: CaseRow, work: float) -> float:
    """Return the work that party members do, as far as their branch calls them and they have hours left."""
    street = district.units[case.street]
    hours = min(street.member_hours, members.called(law, district.habits, ledger.load_of(district, unit), work))
    if hours > 0.0:
        street.member_hours -= hours
        street.member_tired = members.tired(district.habits, street.member_tired, hours, street.member_supply)
    if district.in_window:
        unit.member_ticks += hours
    return hours


def pass_a_day(district: District, street: UnitRow) -> None:
    """A day passes: members rest and have new hours, member units forget."""
    street.member_tired = members.rested(district.habits, street.member_tired)
    street.member_hours = members.filled(
        district.habits, street.member_hours, street.member_supply, street.member_tired
    )
    street.taken_over = member_units.forgotten(district.habits, street.taken_over)
