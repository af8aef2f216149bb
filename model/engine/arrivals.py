"""Phase 1: problems are born, found, or come back."""

import numpy as np

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger
from model.engine.columns import NOBODY, PARTIES_AT, POWER_AT
from model.engine.district import District
from model.engine.rows import CaseRow, EventRow, KindRow, UnitRow
from model.engine.scoring import settle
from model.rules import feedback, supervision
from model.terms import TICKS_PER_DAY, Activity, Channel, Decision, Event, Phase, State
from model.world import MOST_PARTIES

_PROPOSALS_A_YEAR = 4.0  # the latent pool proposes so many times its size in a year; each proposal is taken or not
_CHANNELS = len(Channel)
_LARGEST_MEAN = 300.0  # a larger mean is drawn in parts, so that the chance of zero does not underflow


def count(district: District, key: int, mean: float, occurrence: int) -> int:
    """Return a Poisson or negative binomial count by inversion of one draw."""
    left = rng.draw(key, Decision.DEMAND, occurrence)
    spread = district.dispersion if district.arrivals == 0 else 1.0
    if spread > 1.0:
        size = mean / (spread - 1.0)
        odds = (spread - 1.0) / spread
        chance = portable_math.exp(-size * portable_math.log(spread))
    else:
        size = 0.0
        odds = 0.0
        chance = portable_math.exp(-mean)
    n = 0
    while left > chance and chance > 0.0:
        left -= chance
        n += 1
        chance *= odds * (size + n - 1.0) / n if spread > 1.0 else mean / n
    return n


def counted(district: District, street: UnitRow, stream: int, mean: float) -> int:
    """Return a street's count of this step from one of its streams."""
    if mean <= 0.0:
        return 0
    key = rng.derive(rng.derive(district.seed ^ street.key, stream), district.step)
    parts = int(mean / _LARGEST_MEAN) + 1
    n = 0
    for part in range(parts):
        n += count(district, key, mean / parts, part)
    return n


def births_due(district: District, level: float) -> int:
    """Write what each street bears in this step, and what its latent pool proposes; return the sum.

    `level` is the season times the weekday; `births` (2, streets) is written.
    """
    total = 0
    for s in range(district.streets):
        street = district.units[s]
        mean = street.demand * street.surge * level / district.steps_per_day
        n = 0
        if district.arrivals == 2:
            street.carry += mean
            n = int(street.carry)
            street.carry -= n
        else:
            n = counted(district, street, 0, mean)
        district.births[0, s] = n
        district.births[1, s] = 0
        if district.habits.citizens.feedback > 0.0:
            proposals = _PROPOSALS_A_YEAR * street.latent_pool / (365.0 * district.steps_per_day)
            district.births[1, s] = counted(district, street, 2, proposals)
        total += n + district.births[1, s]
    return total


def put_on_desk(district: District, case: int, when: int) -> None:
    """Lay a case on its street's desk for this step."""
    district.desk[district.on_desk].case = case
    district.desk[district.on_desk].when = when
    district.on_desk += 1


def draw_work(district: District, kind: KindRow, key: int, decision: int, occurrence: int) -> int:
    """Return the intrinsic work in ticks, at least one."""
    if district.work == 2:
        return max(1, int(kind.work_mean))
    u = rng.draw(key, decision, occurrence)
    if district.work == 1:
        return max(1, int(-kind.work_mean * portable_math.log(u)))
    return max(1, int(portable_math.lognormal(kind.work_mean, kind.work_sigma, u)))


def reset(case: CaseRow) -> None:
    """Clear what happened to the former problem of this row."""
    case.settling_since = case.ownerless_since = case.responded = case.last_asked = NOBODY
    case.declared = case.closed = case.dropped = case.reopened = case.repeated = NOBODY
    case.slots = case.unfilled = case.unworked = 0
    case.circulating = case.ownerless = case.worked = 0
    case.passes = case.evasive = case.attempts = case.pressed = case.askings = case.rounds = 0
    case.offered = case.turned_out = case.whistled = case.whistle_open = case.convened = case.ping_pong = 0
    case.cosmetic = case.cogoverned = case.latent = case.decided = case.declined = case.risen = 0
    case.was_hidden = case.cohort = 0
    case.channel = NOBODY
    for word in range(len(case.held)):
        case.held[word] = np.uint64(0)


def birth_detail(case: CaseRow) -> int:
    """Return kind, parties and power in one number; `events.columns.unpacked` takes it apart."""
    return int(case.kind) + (int(case.parties) << PARTIES_AT) + (int(case.needs_power) << POWER_AT)


def describe(district: District, case: CaseRow) -> None:
    """Draw what the problem is: work, power, parties, severity."""
    kind = district.kinds[case.kind]
    case.work = draw_work(district, kind, case.key, Decision.WORK, 0)
    case.needs_power = rng.draw(case.key, Decision.POWER, 0) < kind.enforcement
    case.stake = feedback.severity(kind.stake, district.severity_spread, rng.draw(case.key, Decision.STAKE, 0))
    case.parties = 1
    if rng.draw(case.key, Decision.JOINT, 0) < kind.joint:
        case.parties = 2
        for extra in range(2):
            if rng.draw(case.key, Decision.PARTIES, extra) < kind.third_party:
                case.parties += 1


def conceive(district: District, street: int, key: int, when: int) -> int:
    """A problem comes into being; return its row."""
    at = ledger.take_case(district)
    case = district.cases[at]
    reset(case)
    case.first_slot = at * MOST_PARTIES
    case.key = key
    case.street = street
    case.born = when
    case.generation = 0
    u = rng.draw(key, Decision.KIND, 0)
    k = 0
    for other in range(district.kinds_a_law - 1):
        k += district.chances[district.month, other] < u
    case.kind = k
    describe(district, case)
    case.cohort = district.in_window
    district.born += 1
    ledger.note(district, when, key, Activity.BORN, street, birth_detail(case))
    return at


def prevent(district: District, at: int, when: int) -> None:
    """An amended project does not make this problem (R2): it plagues nobody, so it counts as resolved."""
    case = district.cases[at]
    case.reported = NOBODY
    district.prevented += 1
    if case.cohort:
        district.tally.prevented += 1
        district.tally.resolved += district.kinds[case.kind].limit_counts
    ledger.note(district, when, case.key, Activity.PREVENTED, case.street, NOBODY)
    settle(district, case)
    ledger.free_case(district, at)


def bear(district: District, street: int, key: int, when: int) -> None:
    """A problem is born: prevented at the source, reported at once, or hidden until found."""
    at = conceive(district, street, key, when)
    case = district.cases[at]
    law = district.laws[district.units[street].law]
    if rng.draw(key, Decision.PREVENTED, 0) < district.from_projects * law.opinion.heard:
        prevent(district, at, when)
    elif rng.draw(key, Decision.REPORTED, 0) < district.kinds[case.kind].hidden:
        hide(district, law, at, when)
    else:
        report(district, law, case, district.units[street], when)
        put_on_desk(district, at, when)


def hide(district: District, law: InForce, at: int, when: int) -> None:
    """Nobody reports a problem; when it will be found, and through which channel (R12), is drawn now."""
    case = district.cases[at]
    case.state = State.HIDDEN
    case.was_hidden = 1
    case.reported = NOBODY
    district.hidden += 1
    street = district.units[case.street]
    row = street.law * district.kinds_a_law + case.kind
    others, channels = feedback.found_sooner(law, district.habits, street.voices), district.kinds[row].channel_gain
    mean = feedback.found_after(district.habits, others, channels)
    wait = feedback.waiting_time(rng.draw(case.key, Decision.DETECTION, 0), mean)
    found = when + int(wait * TICKS_PER_DAY)
    left = feedback.among_finders(rng.draw(case.key, Decision.CHANNEL, 0), others, channels)
    case.channel = channel_at(district, row, left)
    found += district.channels[case.channel].delay if case.channel != NOBODY else 0
    ledger.schedule(district, Phase.ARRIVAL, Event.DETECTED, at, found, district.step + 1)


def channel_at(district: District, row: int, left: float) -> int:
    """Return the channel through which a problem of a kind (`row`) is found, or −1; `left`: of `among_finders`."""
    for channel in range(_CHANNELS):
        left -= district.channel_gains[row, channel]
        if left < 0.0:
            return channel
    return NOBODY


def come_forward(district: District, s: int, proposals: int) -> None:
    """Lighter problems of the latent pool are reported the more, the better the street's standing (S10).

    Proposals are the same under every regime; the pool refills within a year.
    """
    street = district.units[s]
    base = rng.derive(rng.derive(district.seed ^ street.key, 3), district.step)
    for i in range(proposals):
        key = rng.derive(base, i)
        chance = feedback.comes_forward(district.habits, street.standing, street.latent / street.latent_pool)
        if street.latent >= 1.0 and rng.draw(key, Decision.COMES_FORWARD, 0) < chance:
            when = district.step * district.step_ticks + int(rng.draw(key, Decision.TIME, 0) * district.step_ticks)
            at = conceive(district, s, key, when)
            district.cases[at].latent = 1
            district.cases[at].work = max(1, int(district.cases[at].work * district.latent_work))
            report(district, district.laws[street.law], district.cases[at], street, when)
            put_on_desk(district, at, when)
            street.latent -= 1.0
    street.latent += (street.latent_pool - street.latent) / (365.0 * district.steps_per_day)


def report(district: District, law: InForce, case: CaseRow, street: UnitRow, when: int) -> None:
    """A problem becomes a case: the clock runs from here. Some are reported again through another channel (N9)."""
    case.state = State.TRIAGE
    case.reported = when
    street.month_reports += 1
    if rng.draw(case.key, Decision.DUPLICATE, 0) < district.habits.citizens.duplicates * (1.0 - law.grids.integration):
        street.errands += district.habits.citizens.duplicate_work * TICKS_PER_DAY
    street.errands += supervision.showing_work(law, street) * TICKS_PER_DAY
    district.open += 1
    district.reports += 1
    ledger.note(district, when, case.key, Activity.REPORTED, case.street, case.latent)


def come_back(district: District, law: InForce, case: CaseRow, street: UnitRow, when: int) -> None:
    """A closed case recurs as a linked one: same street and kind, other draws, not of the cohort."""
    reset(case)
    case.generation += 1
    case.key = rng.derive(case.key, case.generation)
    case.born = when
    describe(district, case)
    district.born += 1
    ledger.note(district, when, case.key, Activity.REPEATED, case.street, birth_detail(case))
    report(district, law, case, street, when)


def withdraw(district: District, event: EventRow) -> bool:
    """A street that has waited enough for the platform takes its whistle back, and will write a letter; True if so."""
    if not ledger.waits_at_platform(district, event):
        return False
    case = district.cases[event.case]
    case.declined = 1
    case.state = State.TRIAGE
    ledger.note(district, event.when, case.key, Activity.WITHDRAWN, case.street, NOBODY)
    return True


def arrive_by_calendar(district: District) -> None:
    """Hidden problems are found, closed cases recur, whistles are withdrawn, what came back reaches the desk."""
    at = district.calendar[Phase.ARRIVAL, district.step, 0]
    while at != NOBODY:
        event = district.events[at]
        case = district.cases[event.case]
        ledger.fetch_ahead(district, event)
        street = district.units[case.street]
        law = ledger.law_of(district, case)
        comes = True
        if event.what == Event.DETECTED:
            case.work += int(case.work * district.habits.citizens.worsening)
            street.errands += district.habits.citizens.inspection_work * law.powers.inspection * TICKS_PER_DAY
            district.hidden -= 1
            report(district, law, case, street, event.when)
        elif event.what == Event.REPEATED:
            come_back(district, law, case, street, event.when)
        elif event.what == Event.WITHDRAW:
            comes = withdraw(district, event)
        else:
            case.state = State.TRIAGE
        if comes:
            put_on_desk(district, event.case, event.when)
        at = ledger.next_event(district, at)


def demand_arrives(district: District) -> None:
    """Phase 1. Arrays: cases, events, calendar, desk, history written; draws DEMAND, KIND, TIME, WORK, ….

    `chances` (kinds,) is the cumulative mix of the month; `births` (2, streets) comes from `births_due`.
    Times within a step are stratified: the i-th of n problems falls into the i-th of n equal parts.
    """
    start = district.step * district.step_ticks
    for s in range(district.streets):
        base = rng.derive(rng.derive(district.seed ^ district.units[s].key, 1), district.step)
        for i in range(district.births[0, s]):
            key = rng.derive(base, i)
            within = (i + rng.draw(key, Decision.TIME, 0)) / district.births[0, s]
            when = start + int(within * district.step_ticks)
            bear(district, s, key, when)
        if district.habits.citizens.feedback > 0.0:
            come_forward(district, s, district.births[1, s])
    arrive_by_calendar(district)
