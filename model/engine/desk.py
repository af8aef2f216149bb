"""Phases 3 and 4: streets triage (own work, platform team, whistle, letter, or the shelf); the platform accepts."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger, steps
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.loans import uses_power
from model.engine.offers import apparent_claim, gain_owner, name_parties, refer, stop_circulating
from model.engine.rows import CaseRow, UnitRow
from model.engine.scoring import give_up, lost_patience, settle_late
from model.rules import accept, capacity, teamwork, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, State, Step
from model.world import MOST_PARTIES


def take_whole(district: District, law: InForce, row: int, unit: int, when: int, easy: bool) -> None:
    """One unit takes the whole case into its queue; in a street it may first land in the wrong section (N4b)."""
    case = district.cases[row]
    case.whistle_open = 0
    at = ledger.take_slot(district, case)
    case.unfilled, case.unworked = 0, 1
    case.state = State.WORKING
    slot = district.slots[at]
    slot.unit, slot.work = unit, case.work
    slot.meeting = int(teamwork.coordination_work(law, district.habits, case) * TICKS_PER_DAY)
    ready, lane = when, Lane.EASY if easy or ledger.is_urgent(district, law, case) else Lane.OTHERS
    wrong = rng.draw(case.key, Decision.SECTION, case.attempts) < triage.goes_to_wrong_section(law, district.habits)
    if unit == case.street and wrong:
        slot.work += int(district.habits.triage.section_work * TICKS_PER_DAY)
        ready += int(district.habits.triage.section_days * TICKS_PER_DAY)
        lane = Lane.MISLED
    gain_owner(district, case, when)
    if case.settling_since != NOBODY:
        stop_circulating(case, when)
    district.units[unit].received += district.in_window
    district.units[unit].accepted += district.in_window
    ledger.note(district, when, case.key, Activity.OWN_WORK, unit, NOBODY)
    ledger.enqueue(district, at, ready, lane)


def team_for(district: District, law: InForce, case: CaseRow) -> int:
    """Return the row of the platform team if it has somebody of the department that looks responsible, and time.

    What is on the list of duties to be sent down it may not decline, whatever its backlog (R8).
    """
    team = 2 * district.streets + case.street
    if not case.needs_power or case.parties > 1 or district.units[team].staff * district.units[team].commanded == 0.0:
        return NOBODY
    j = apparent_claim(district, law, case, True, Decision.REFER, case.askings)
    if j == NOBODY:
        return NOBODY
    if not district.covers[district.era - 1, case.street, district.claims[j].unit - district.first_department]:
        return NOBODY
    kind = ledger.kind_of(district, case)
    listed = triage.must_be_handled(law, kind, rng.draw(case.key, Decision.ON_THE_SPOT, 0))
    if not listed and not triage.uses_team(district.habits, ledger.backlog_days(district.units[team])):
        return NOBODY
    district.tally.asked_of_team += district.in_window
    u = rng.draw(case.key, Decision.TEAM, case.attempts)
    willing = listed or portable_math.happens(u, accept.takes_up(law, district.habits))
    if willing or not district.habits.acceptance.in_force:
        return team
    district.tally.declined_by_team += district.in_window
    return NOBODY


def committee_approves(district: District, law: InForce, case: CaseRow, street: UnitRow, when: int) -> bool:
    """Where the party committee decides (N11), tell whether it approves this whistle; its work is the street's."""
    if rng.draw(case.key, Decision.COMMITTEE, 2 * case.attempts) >= law.committee.decides:
        return True
    street.errands += law.committee.work * TICKS_PER_DAY
    u = rng.draw(case.key, Decision.COMMITTEE, 2 * case.attempts + 1)
    approved = portable_math.happens(u, triage.approves(law, district.habits, case))
    case.decided = approved
    ledger.note(district, when, case.key, Activity.APPROVED if approved else Activity.DECLINED, case.street, NOBODY)
    return approved


def blow_whistle(district: District, law: InForce, street: UnitRow, row: int, when: int) -> None:
    """The street whistles: the platform hears it in time, or the street, where that is behind, has waited enough."""
    case = district.cases[row]
    street.errands += law.whistle.analysis_work * TICKS_PER_DAY
    case.state = State.WHISTLED
    case.whistled = 1
    ledger.note(district, when, case.key, Activity.WHISTLED, case.street, NOBODY)
    heard = steps.heard_at(district, law, case, when)
    ledger.schedule(district, Phase.PLATFORM, Event.ARRIVES, row, heard, district.step)
    if district.oldest_whistle > 0.0 and district.habits.triage.withdrawing > 0.0:
        u = rng.draw(case.key, Decision.WITHDRAW, case.attempts)
        tired = heard + int(triage.withdraws_after(law, district.habits, u) * TICKS_PER_DAY)
        ledger.schedule(district, Phase.ARRIVAL, Event.WITHDRAW, row, tired, district.step + 1)


def turn_to_others(district: District, law: InForce, row: int, when: int) -> None:
    """The street turns to its platform team, blows the whistle, or writes a letter (or telephones)."""
    case = district.cases[row]
    street = district.units[case.street]
    first = not case.turned_out
    case.turned_out = 1
    case.decided = 0
    district.tally.turned_out += district.in_window
    if first and district.supervises:
        due = max(when, case.reported + ledger.kind_of(district, case).limit)
        ledger.schedule(district, Phase.SUPERVISION, Event.PRESS, row, due, district.step)
    team = team_for(district, law, case)
    if team != NOBODY:
        district.tally.taken_by_team += district.in_window
        take_whole(district, law, row, team, when, False)
        return
    if case.settling_since == NOBODY:
        case.settling_since = when
    load = ledger.load_of(district, street)
    chance = triage.whistles(law, district.habits, street, case, load, district.oldest_whistle)
    u = rng.draw(case.key, Decision.WHISTLE, case.attempts)
    if u >= chance or ledger.is_urgent(district, law, case):
        refer(district, law, row, when)
    elif committee_approves(district, law, case, street, when):
        blow_whistle(district, law, street, row, when)
    else:
        case.declined = 1
        case.state = State.TRIAGE
        known = when + int(law.committee.days * TICKS_PER_DAY)
        ledger.schedule(district, Phase.ARRIVAL, Event.RETRIAGE, row, known, district.step + 1)


def decide(district: District, row: int, when: int) -> None:
    """One case on the desk: keep it, shelve it, or turn to others."""
    case = district.cases[row]
    street = district.units[case.street]
    law = ledger.law_of(district, case)
    if case.declined:
        case.declined = 0
        refer(district, law, row, when)
        return
    if triage.may_be_shelved(case):
        district.tally.answers_due += district.in_window
        load = ledger.load_of(district, street)
        u = rng.draw(case.key, Decision.SHELVE, case.attempts)
        if portable_math.happens(u, triage.shelves(district.habits, street, load, case)):
            district.tally.inaction += district.in_window
            case.state = State.SHELVED
            case.attempts += 1
            ledger.note(district, when, case.key, Activity.SHELVED, case.street, NOBODY)
            again = when + int(district.habits.triage.shelf_days * TICKS_PER_DAY)
            ledger.schedule(district, Phase.ARRIVAL, Event.RETRIAGE, row, again, district.step + 1)
            return
    entrusted = district.entrusted_now > 0 and uses_power(district, case)
    holds = triage.holds_power(law, case, entrusted, rng.draw(case.key, Decision.DELEGATED, 0))
    membership = ledger.kind_of(district, case).street_membership
    duty = triage.territorial_duty(district.habits, membership, case.attempts)
    if triage.takes_itself(case, holds, duty, rng.draw(case.key, Decision.COMPETENCE, 0)):
        work_days = case.work / TICKS_PER_DAY
        below = district.streets + case.street
        waits = ledger.backlog_days(district.units[below]), ledger.backlog_days(street)
        light = triage.goes_below(district.habits, work_days, waits[0], waits[1])
        unit = below if light and not case.needs_power and district.units[below].staff > 0 else case.street
        take_whole(district, law, row, unit, when, triage.is_easy(district.habits, work_days))
    else:
        turn_to_others(district, law, row, when)


def streets_triage(district: District) -> None:
    """Phase 3: every case on a desk is decided, in the order it came; tired citizens are gone by then."""
    for i in range(district.on_desk):
        row, when = district.desk[i].case, district.desk[i].when
        if i + ledger.AHEAD < district.on_desk:
            ledger.fetch(district, district.desk[i + ledger.AHEAD].case * MOST_PARTIES)
        case = district.cases[row]
        settle_late(district, case, when)
        if case.attempts > 0 and lost_patience(district, case, when):
            give_up(district, row, when)
        else:
            decide(district, row, when)
    district.on_desk = 0


def screen(district: District, row: int, when: int) -> None:
    """Return a whistle to the desk, or name its parties: rightly from the duty list, or as the sender sees them."""
    case = district.cases[row]
    settle_late(district, case, when)
    law = ledger.law_of(district, case)
    street = district.units[case.street]
    channel = district.channels[case.channel].accuracy if case.channel != NOBODY else 0.0
    right = triage.accuracy(law, district.habits, street.voices, case.decided > 0, channel)
    verdict = triage.screening(law, right, rng.draw(case.key, Decision.SCREEN, case.attempts))
    if law.whistle.unready > 0.0 and rng.draw(case.key, Decision.READY, case.attempts) < law.whistle.unready:
        verdict = triage.REJECTED
    ledger.note(district, when, case.key, Activity.SCREENED, case.street, verdict)
    street.credibility = triage.credibility(district.habits, street.credibility, verdict == triage.REJECTED)
    district.tally.whistles += district.in_window
    district.tally.whistles_right += district.in_window * (verdict == triage.RIGHT)
    if verdict == triage.REJECTED:
        ledger.note(district, when, case.key, Activity.REJECTED, case.street, NOBODY)
        ledger.return_to_desk(district, row, when)
        return
    case.whistle_open = 1
    name_parties(district, law, row, when, verdict == triage.RIGHT)


def platform_accepts(district: District) -> None:
    """Phase 4: whistles are screened in the order they came; those beyond the capacity wait for the next step."""
    owed = district.platform_owed + district.platform_capacity
    left = capacity.whole(owed, district.steps_per_day)
    district.platform_owed = capacity.left_over(owed, district.steps_per_day)
    district.oldest_whistle = 0.0
    now = district.step * district.step_ticks
    at = district.calendar[Phase.PLATFORM, district.step, 0]
    while at != NOBODY:
        event = district.events[at]
        if ledger.waits_at_platform(district, event):
            row, came, when = event.case, event.when, max(event.when, now)
            if left <= 0:
                district.oldest_whistle = max(0, now - came) / TICKS_PER_DAY
                ledger.put_off(district, Phase.PLATFORM, at)
                break
            ledger.fetch_ahead(district, event)
            left -= 1
            steps.book(district, Step.ACCEPTANCE, 1, when - came)
            district.tally.whistles_waited += district.in_window * (when - came)
            screen(district, row, when)
        at = ledger.next_event(district, at)
