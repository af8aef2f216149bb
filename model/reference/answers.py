"""Phase 5: departments answer: accept, pass on, let it expire; then come or stay away."""

from model import portable_math, rng
from model.plans import Claim
from model.reference import offers, steps
from model.reference.agents import Case, Department, Share
from model.reference.office import attends
from model.reference.scoring import give_up, lost_patience, settle_late
from model.reference.state import Model
from model.rules import accept, jurisdiction, learning, teamwork
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, Slot, State


def departments_answer(model: Model) -> None:
    """Phase 5: what is due in this step, in the order it was entered; passes reach the next unit a step later."""
    for entry in model.calendar.due(Phase.ANSWERS, model.now_step):
        case, slot = entry.case, entry.slot
        if slot is None:
            settle_late(model, case, entry.when)
            call_together(model, case, entry.when)
        elif slot.state == Slot.ASKED and slot.asking == entry.asking:
            settle_late(model, case, entry.when)
            open_answer(model, slot, entry.when, expired=entry.what == Event.EXPIRE)


def open_answer(model: Model, slot: Share, when: int, *, expired: bool) -> None:
    """An answer or its limit is due, unless the citizen of a case that nobody has accepted is gone."""
    case = slot.case
    if case.risen:
        if expired:
            model.note(when, case, Activity.EXPIRED, slot.unit)
            offers.send_offer(model, slot, when, earliest=model.now_step + 1)
        else:
            offers.answer_from_above(model, slot, when)
        return
    slot.unit = department = model.department_at(slot.unit)
    slot.claim = offers.claim_of_today(slot)
    if case.unfilled == case.parties and lost_patience(model, case, when):
        give_up(model, case, when)
    elif expired:
        expire(model, slot, when)
    else:
        answer(model, department, slot, when)


def expire(model: Model, slot: Share, when: int) -> None:
    """The limit has passed without an answer: the slot falls back to the street."""
    slot.unit.book("expired")
    slot.case.lose_owner(when)
    model.note(when, slot.case, Activity.EXPIRED, slot.unit)
    slot.case.street.learn(slot.unit, came=False)
    fall_back(model, slot, when)


def answer(model: Model, department: Department, slot: Share, when: int) -> None:
    """A department opens the offer: it answers with yes or no, or not at all."""
    model.count("answers_due")
    chooses = model.habits.acceptance.in_force
    if chooses and not responds(model, department, slot):
        offers.stay_silent(model, slot)
        return
    offers.book_answer(model, slot.case, when)
    if not chooses or is_willing(model, department, slot, when):
        fill(model, department, slot, when)
    else:
        pass_on(model, department, slot, when)


def responds(model: Model, department: Department, slot: Share) -> bool:
    """Tell whether the department answers within the limit at all."""
    case = slot.case
    odds = accept.answers(case.law, model.habits, department, case, department.marginal_score(case))
    return bool(rng.draw(case.key, Decision.ANSWERS, slot.asking) < portable_math.logistic(odds))


def is_willing(model: Model, department: Department, slot: Share, when: int) -> bool:
    """Tell whether the department accepts rather than passes on."""
    case, law, load = slot.case, slot.case.law, department.load()
    late = min(1.0, (when - case.first_report) / case.kind.limit)
    marginal = department.marginal_score(case)
    odds = accept.willingness(law, model.habits, department, slot.claim, case, load, marginal, late)
    accepts = bool(rng.draw(case.key, Decision.ACCEPT, slot.asking) < portable_math.logistic(odds))
    if model.habits.learning.propensity > 0.0:  # what it chose pays: score and reward, or hours spared (rule 9)
        if accepts:
            department.accepting = learning.reinforced(
                model.habits, department.accepting, learning.worth(law, marginal)
            )
        else:
            department.passing = learning.reinforced(model.habits, department.passing, load)
    return accepts


def fill(model: Model, department: Department, slot: Share, when: int) -> None:
    """A department accepts its slot; the next party is asked, or all are called together."""
    case = slot.case
    slot.state = Slot.FILLED
    case.unfilled -= 1
    case.worked = max(case.worked, when)
    department.book("accepted")
    case.gain_owner(when)
    case.street.learn(department, came=True)
    model.note(when, case, Activity.ACCEPTED, department)
    if case.unfilled == 0:
        if model.habits.acceptance.in_force and (case.parties > 1 or case.whistle_open):
            together = steps.together_at(model, case, case.worked)
            if together > case.worked:
                model.calendar.enter(Phase.ANSWERS, Event.SHOW_UP, case, together, earliest=model.now_step)
            else:
                call_together(model, case, case.worked)
        else:
            begin(model, case, case.worked)
    elif not case.convened:
        following = next(other for other in case.slots if other.state == Slot.PLANNED)
        offers.ask(model, following, following.claim, when, earliest=model.now_step)


def fall_back(model: Model, slot: Share, when: int) -> None:
    """A slot falls back to the street: a single case to its desk, a joint one is offered to somebody else."""
    case = slot.case
    if case.parties == 1:
        case.release_slots()
        offers.return_to_desk(model, case, when)
        return
    case.attempts += 1
    other = offers.apparent_claim(model, case, Decision.REFER, case.askings, lead=slot.leads)
    slot.passes = 0
    offers.ask(model, slot, other or slot.claim, when, earliest=model.now_step + 1)


def next_in_line(model: Model, slot: Share) -> Claim | None:
    """Return the claim that looks most responsible to the passer, unless the street does."""
    case = slot.case
    claim = offers.apparent_claim(model, case, Decision.NEXT, slot.asking, lead=slot.leads)
    if claim is None:
        return None
    weight = case.kind.street_weight_power if case.needs_power else case.kind.street_weight
    there = rng.choice_draw(case.key, Decision.NEXT, slot.asking, claim.unit_key)
    back = rng.choice_draw(case.key, Decision.NEXT, slot.asking, case.street.key)
    goes_back = jurisdiction.race(back, weight) < jurisdiction.race(there, offers.weight_of(model, case, claim))
    return None if goes_back else claim


def pass_on(model: Model, department: Department, slot: Share, when: int) -> None:
    """A department passes its slot on: to another one, to the street, or the district names the owner."""
    case, law = slot.case, slot.case.law
    case.street.learn(department, came=False)
    limit = law.coordination.owner_after_passes
    if 0 < limit <= case.passes + 1 and attends(model, model.newest.office.decision_work):
        model.count("owned")
        name_owner(model, department, slot, when)
        return
    to = next_in_line(model, slot) if slot.passes + 1 < law.letters.most_passes else None
    book_pass(model, department, slot, to, when)
    if to is None:
        fall_back(model, slot, when)
    else:
        offers.ask(model, slot, to, when, earliest=model.now_step + 1)


def name_owner(model: Model, department: Department, slot: Share, when: int) -> None:
    """The district names the owner, who has to accept; the present one where nobody else has any claim."""
    case = slot.case
    others = [other for other in case.slots if other is not slot]
    claim = offers.strongest_claim(case, others, lead=slot.leads) or slot.claim
    assert claim is not None
    owner = model.department_of(claim)
    if owner is not department:
        book_pass(model, department, slot, claim, when)
    slot.unit, slot.claim = owner, claim
    model.note(when, case, Activity.DECIDED, owner)
    fill(model, owner, slot, when)


def book_pass(model: Model, department: Department, slot: Share, to: Claim | None, when: int) -> None:
    """Count a pass to another claimant or to the street; it is evasive unless true membership rises."""
    case = slot.case
    case.passes += 1
    slot.passes += 1
    department.book("passed")
    model.totals["passes"] += 1
    case.lose_owner(when)
    model.note(when, case, Activity.PASSED, department)
    assert slot.claim is not None
    after = to.membership if to is not None else case.kind.street_membership * (1 - case.needs_power)
    if not jurisdiction.productive(slot.claim.membership, after):
        case.evasive += 1
    model.record_hand_over(department, model.department_of(to) if to is not None else None)


def misled(case: Case, department: Department) -> bool:
    """Tell whether a party is called to the wrong place: it is missing, and that is nobody's inaction."""
    u = rng.choice_draw(case.key, Decision.PLACE, case.askings, department.key)
    return u < case.law.whistle.wrong_place


def call_together(model: Model, case: Case, when: int) -> None:
    """Parties that accepted joint or whistled work and have not come yet come, or are called again later."""
    case.askings += 1
    missing = False
    for slot in case.slots:
        if slot.state == Slot.FILLED:
            slot.unit = department = model.department_at(slot.unit)
            if case.whistle_open and misled(case, department):
                missing = True
                model.note(when, case, Activity.ABSENT, department)
                continue
            model.count("answers_due")
            u = rng.choice_draw(case.key, Decision.SHOW, case.askings, department.key)
            load, marginal = department.load(), department.marginal_score(case)
            odds = accept.shows_up(case.law, model.habits, department, case, load, marginal)
            if u < portable_math.logistic(odds):
                slot.state = Slot.PRESENT
            else:
                missing = True
                department.book("absent")
                case.street.learn(department, came=False)
                model.count("inaction")
                model.note(when, case, Activity.ABSENT, department)
    if missing:
        again = steps.together_at(model, case, when + int(model.habits.acceptance.absent_days * TICKS_PER_DAY))
        model.calendar.enter(Phase.ANSWERS, Event.SHOW_UP, case, again, earliest=model.now_step + 1)
    else:
        begin(model, case, when)


def begin(model: Model, case: Case, when: int) -> None:
    """All parties stand together: each queues its share of the work, the first also what is left over."""
    case.state = State.WORKING
    case.stop_circulating(when)
    model.note(when, case, Activity.ASSEMBLED, case.street)
    share, rest = divmod(case.work, case.parties)
    meeting = int(teamwork.coordination_work(case.law, model.habits, case) * TICKS_PER_DAY)
    for slot in case.slots:
        slot.unit = slot.unit.successor
        slot.work = share + rest
        slot.meeting = meeting
        rest = 0
        slot.unit.queue(slot, when, Lane.EASY if case.pressed > 0 or case.urgent else Lane.OTHERS)
