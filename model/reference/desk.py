"""Phases 3 and 4: streets triage (own work, platform team, whistle, letter, or the shelf); the platform accepts."""

from model import portable_math, rng
from model.reference import steps
from model.reference.agents import Case, Share, Unit
from model.reference.loans import uses_power
from model.reference.offers import apparent_claim, name_parties, return_to_desk
from model.reference.scoring import give_up, lost_patience, settle_late
from model.reference.state import Model
from model.rules import accept, teamwork, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, State, Step


def streets_triage(model: Model) -> None:
    """Phase 3: every case on a desk is decided, in the order it came; tired citizens are gone by then."""
    desk, model.desk = model.desk, []
    for case, when in desk:
        settle_late(model, case, when)
        if case.attempts > 0 and lost_patience(model, case, when):
            give_up(model, case, when)
        else:
            decide(model, case, when)


def decide(model: Model, case: Case, when: int) -> None:
    """One case on the desk: shelve it, keep it, or turn to others; where the committee declined, a letter goes."""
    if case.declined:
        case.declined = False
        refer(model, case, when)
    elif triage.may_be_shelved(case) and shelves(model, case):
        shelve(model, case, when)
    elif keeps(model, case):
        keep(model, case, when)
    else:
        turn_to_others(model, case, when)


def shelves(model: Model, case: Case) -> bool:
    """Tell whether the street sets a returned case aside."""
    model.count("answers_due")
    u = rng.draw(case.key, Decision.SHELVE, case.attempts)
    return bool(u < portable_math.logistic(triage.shelves(model.habits, case.street, case.street.load(), case)))


def shelve(model: Model, case: Case, when: int) -> None:
    """Set a case aside, to be looked at again much later."""
    case.state = State.SHELVED
    case.attempts += 1
    model.count("inaction")
    model.note(when, case, Activity.SHELVED, case.street)
    again = when + int(model.habits.triage.shelf_days * TICKS_PER_DAY)
    model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, again, earliest=model.now_step + 1)


def keeps(model: Model, case: Case) -> bool:
    """Tell whether the street closes the case itself: it may, and it is its duty."""
    holds = triage.holds_power(case.law, case, uses_power(model, case), rng.draw(case.key, Decision.DELEGATED, 0))
    duty = triage.territorial_duty(model.habits, case.kind.street_membership, case.attempts)
    return triage.takes_itself(case, holds, duty, rng.draw(case.key, Decision.COMPETENCE, 0))


def keep(model: Model, case: Case, when: int) -> None:
    """Own work, of the street or, if light, of its communities."""
    habits, street, below = model.habits, case.street, case.street.community
    work_days = case.work / TICKS_PER_DAY
    light = below.staff > 0 and triage.goes_below(habits, work_days, below.backlog_days(), street.backlog_days())
    unit = below if light and not case.needs_power else street
    take_whole(model, unit, case, when, easy=triage.is_easy(habits, work_days))


def take_whole(model: Model, unit: Unit, case: Case, when: int, *, easy: bool) -> None:
    """One unit takes the whole case into its queue; in a street it may first land in the wrong section (N4b)."""
    habits = model.habits
    case.whistle_open = False
    slot = Share(case, unit, work=case.work)
    slot.meeting = int(teamwork.coordination_work(case.law, habits, case) * TICKS_PER_DAY)
    ready, lane = when, Lane.EASY if easy or case.urgent else Lane.OTHERS
    wrong = rng.draw(case.key, Decision.SECTION, case.attempts) < triage.goes_to_wrong_section(case.law, habits)
    if unit is case.street and wrong:
        slot.work += int(habits.triage.section_work * TICKS_PER_DAY)
        ready, lane = when + int(habits.triage.section_days * TICKS_PER_DAY), Lane.MISLED
    case.slots = [slot]
    case.unfilled = 0
    case.unworked = 1
    case.state = State.WORKING
    case.gain_owner(when)
    case.stop_circulating(when)
    unit.book("received")
    unit.book("accepted")
    model.note(when, case, Activity.OWN_WORK, unit)
    unit.queue(slot, ready, lane)


def turn_to_others(model: Model, case: Case, when: int) -> None:
    """Turn to the team, whistle, or write (or telephone); supervision will look once it is overdue."""
    if not case.turned_out and model.plan.supervises:
        due = max(when, case.first_report + case.kind.limit)
        model.calendar.enter(Phase.SUPERVISION, Event.PRESS, case, due, earliest=model.now_step)
    case.turned_out = True
    case.decided = False
    model.count("turned_out")
    if team := team_for(model, case):
        model.count("taken_by_team")
        take_whole(model, team, case, when, easy=False)
        return
    if case.settling_since is None:
        case.settling_since = when
    street = case.street
    u = rng.draw(case.key, Decision.WHISTLE, case.attempts)
    chance = triage.whistles(case.law, model.habits, street, case, street.load(), model.platform.oldest_whistle)
    if case.urgent or u >= chance:
        refer(model, case, when)
    elif committee_approves(model, case, when):
        blow_whistle(model, case, when)
    else:
        case.declined = True
        case.state = State.TRIAGE
        known = when + int(case.law.committee.days * TICKS_PER_DAY)
        model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, known, earliest=model.now_step + 1)


def team_for(model: Model, case: Case) -> Unit | None:
    """Return the platform team if it has somebody of the department that looks responsible, time, and the will."""
    street, team = case.street, case.street.team
    if not case.needs_power or case.parties > 1 or team.staff * team.commanded == 0.0:
        return None
    claim = apparent_claim(model, case, Decision.REFER, case.askings, lead=True)
    covered = claim is not None and model.covers[street.row][model.place_of(claim.unit)]
    listed = triage.must_be_handled(case.law, case.kind, rng.draw(case.key, Decision.ON_THE_SPOT, 0))
    if not covered or not (listed or triage.uses_team(model.habits, team.backlog_days())):
        return None
    model.count("asked_of_team")
    u = rng.draw(case.key, Decision.TEAM, case.attempts)
    willing = listed or u < portable_math.logistic(accept.takes_up(case.law, model.habits))
    if willing or not model.habits.acceptance.in_force:
        return team
    model.count("declined_by_team")
    return None


def committee_approves(model: Model, case: Case, when: int) -> bool:
    """Where the party committee decides (N11), tell whether it approves this whistle; its work is the street's."""
    if rng.draw(case.key, Decision.COMMITTEE, 2 * case.attempts) >= case.law.committee.decides:
        return True
    case.street.errands += case.law.committee.work * TICKS_PER_DAY
    u = rng.draw(case.key, Decision.COMMITTEE, 2 * case.attempts + 1)
    case.decided = bool(u < portable_math.logistic(triage.approves(case.law, model.habits, case)))
    model.note(when, case, Activity.APPROVED if case.decided else Activity.DECLINED, case.street)
    return case.decided


def blow_whistle(model: Model, case: Case, when: int) -> None:
    """The platform hears the whistle in time, or the street, where that is behind, has waited enough."""
    law, habits = case.law, model.habits
    case.street.errands += law.whistle.analysis_work * TICKS_PER_DAY
    case.state = State.WHISTLED
    case.whistled = True
    model.note(when, case, Activity.WHISTLED, case.street)
    heard = steps.heard_at(model, case, when)
    model.calendar.enter(Phase.PLATFORM, Event.ARRIVES, case, heard, earliest=model.now_step)
    if model.platform.oldest_whistle > 0.0 and habits.triage.withdrawing > 0.0:
        u = rng.draw(case.key, Decision.WITHDRAW, case.attempts)
        tired = heard + int(triage.withdraws_after(law, habits, u) * TICKS_PER_DAY)
        model.calendar.enter(Phase.ARRIVAL, Event.WITHDRAW, case, tired, earliest=model.now_step + 1)


def refer(model: Model, case: Case, when: int) -> None:
    """The street writes to the department that looks responsible."""
    case.whistle_open = False
    model.note(when, case, Activity.REFERRED, case.street)
    name_parties(model, case, when, rightly=False)


def platform_accepts(model: Model) -> None:
    """Phase 4: whistles are screened in the order they came; those beyond the capacity wait for the next step.

    One that was withdrawn uses no capacity.
    """
    most = model.platform.may_take(model.newest.whistle.acceptances_per_day)
    entries = [entry for entry in model.calendar.due(Phase.PLATFORM, model.now_step) if entry.waits_at_platform]
    left = entries[most:]
    model.platform.oldest_whistle = max(0, model.now - left[0].when) / TICKS_PER_DAY if left else 0.0
    for entry in entries[:most]:
        when = max(entry.when, model.now)
        steps.book(model, Step.ACCEPTANCE, 1, when - entry.when)
        model.count("whistles_waited", when - entry.when)
        screen(model, entry.case, when)
    model.calendar.put_off(Phase.PLATFORM, model.now_step, left)


def screen(model: Model, case: Case, when: int) -> None:
    """Return a whistle to the desk, or name its parties: rightly from the duty list, or as the sender sees them."""
    street = case.street
    settle_late(model, case, when)
    channel = 0.0 if case.channel is None else model.plan.channels[case.channel].accuracy
    right = triage.accuracy(case.law, model.habits, street.voices, case.decided, channel)
    verdict = triage.screening(case.law, right, rng.draw(case.key, Decision.SCREEN, case.attempts))
    if rng.draw(case.key, Decision.READY, case.attempts) < case.law.whistle.unready:
        verdict = triage.REJECTED
    model.note(when, case, Activity.SCREENED, street)
    street.credibility = triage.credibility(model.habits, street.credibility, verdict == triage.REJECTED)
    model.count("whistles")
    model.count("whistles_right", verdict == triage.RIGHT)
    if verdict == triage.REJECTED:
        model.note(when, case, Activity.REJECTED, street)
        return_to_desk(model, case, when)
    else:
        case.whistle_open = True
        name_parties(model, case, when, rightly=verdict == triage.RIGHT)
