"""Phase 1: problems are born, found, or come back."""

from model import portable_math, rng
from model.plans import KindPlan
from model.reference.agents import Case, Street
from model.reference.scoring import settle
from model.reference.state import Model
from model.rules import feedback, supervision
from model.terms import TICKS_PER_DAY, Activity, Channel, Decision, Event, Phase, State

_PROPOSALS_A_YEAR = 4.0  # the latent pool proposes so many times its size in a year; each proposal is taken or not
_LARGEST_MEAN = 300.0  # a larger mean is drawn in parts, so that the chance of zero does not underflow


def demand_arrives(model: Model) -> None:
    """Phase 1: each street bears its problems, spread over the step: the i-th of n falls into the i-th of n parts."""
    for street in model.streets:
        n = births_due(model, street)
        base = rng.derive(rng.derive(model.seed_key ^ street.key, 1), model.now_step)
        for i in range(n):
            key = rng.derive(base, i)
            within = (i + rng.draw(key, Decision.TIME, 0)) / n
            bear(model, street, key, model.now + int(within * model.step_ticks))
        if model.habits.citizens.feedback > 0.0:
            come_forward(model, street)
    arrive_by_calendar(model)


def births_due(model: Model, street: Street) -> int:
    """Return how many problems a street bears in this step."""
    level = model.plan.season[model.month] * (model.world.demand.weekend if model.is_weekend else 1.0)
    mean = street.demand * street.surge * level / model.steps_per_day
    if model.world.demand.arrivals == "deterministic":
        street.carry += mean
        n = int(street.carry)
        street.carry -= n
        return n
    return counted(model, street, 0, mean)


def counted(model: Model, street: Street, stream: int, mean: float) -> int:
    """Return a street's count of this step from one of its streams."""
    if mean <= 0.0:
        return 0
    key = rng.derive(rng.derive(model.seed_key ^ street.key, stream), model.now_step)
    parts = int(mean / _LARGEST_MEAN) + 1
    return sum(count(model, key, mean / parts, part) for part in range(parts))


def count(model: Model, key: int, mean: float, occurrence: int) -> int:
    """Return a Poisson or negative binomial count by inversion of one draw."""
    demand = model.world.demand
    left = rng.draw(key, Decision.DEMAND, occurrence)
    spread = demand.dispersion if demand.arrivals == "negative_binomial" else 1.0
    overdispersed = spread > 1.0
    size = mean / (spread - 1.0) if overdispersed else 0.0
    odds = (spread - 1.0) / spread
    chance = portable_math.exp(-size * portable_math.log(spread)) if overdispersed else portable_math.exp(-mean)
    n = 0
    while left > chance > 0.0:
        left -= chance
        n += 1
        chance *= odds * (size + n - 1.0) / n if overdispersed else mean / n
    return n


def come_forward(model: Model, street: Street) -> None:
    """Lighter problems of the latent pool are reported the more, the better the street's standing (S10)."""
    year = 365.0 * model.steps_per_day
    base = rng.derive(rng.derive(model.seed_key ^ street.key, 3), model.now_step)
    for i in range(counted(model, street, 2, _PROPOSALS_A_YEAR * street.latent_pool / year)):
        key = rng.derive(base, i)
        chance = feedback.comes_forward(model.habits, street.standing, street.latent / street.latent_pool)
        if street.latent >= 1.0 and rng.draw(key, Decision.COMES_FORWARD, 0) < chance:
            when = model.now + int(rng.draw(key, Decision.TIME, 0) * model.step_ticks)
            case = conceive(model, street, key, when)
            case.latent = True
            case.work = max(1, int(case.work * model.world.demand.latent_work))
            report(model, case, when)
            street.latent -= 1.0
    street.latent += (street.latent_pool - street.latent) / year


def conceive(model: Model, street: Street, key: int, when: int) -> Case:
    """A problem comes into being."""
    u = rng.draw(key, Decision.KIND, 0)
    kind = next(row for row, chance in enumerate(model.plan.chances[model.month]) if chance >= u)
    case = Case(key, street, kind, when, in_cohort=model.in_window)
    enter(model, case, Activity.BORN)
    return case


def enter(model: Model, case: Case, activity: Activity) -> None:
    """A problem is there, for the first time or again: its work, power, severity and parties are drawn."""
    kind, key = case.kind, case.key
    case.work = draw_work(model, kind, key, Decision.WORK, 0)
    case.needs_power = rng.draw(key, Decision.POWER, 0) < kind.enforcement
    case.stake = feedback.severity(kind.stake, model.world.demand.severity_spread, rng.draw(key, Decision.STAKE, 0))
    if rng.draw(key, Decision.JOINT, 0) < kind.joint:
        case.parties = 2 + sum(rng.draw(key, Decision.PARTIES, extra) < kind.third_party for extra in range(2))
    model.cases[case] = None
    model.totals["born"] += 1
    model.note(case.born, case, activity, case.street)


def draw_work(model: Model, kind: KindPlan, key: int, decision: Decision, occurrence: int) -> int:
    """Return the intrinsic work in ticks, at least one."""
    if model.world.demand.work == "deterministic":
        return max(1, int(kind.work_mean))
    u = rng.draw(key, decision, occurrence)
    if model.world.demand.work == "exponential":
        return max(1, int(-kind.work_mean * portable_math.log(u)))
    return max(1, int(portable_math.lognormal(kind.work_mean, kind.work_sigma, u)))


def bear(model: Model, street: Street, key: int, when: int) -> None:
    """A problem is born: prevented at the source, reported at once, or hidden until found."""
    case = conceive(model, street, key, when)
    projects = model.world.demand.from_projects * street.law.opinion.heard
    if rng.draw(key, Decision.PREVENTED, 0) < projects:
        prevent(model, case, when)
    elif rng.draw(key, Decision.REPORTED, 0) < case.kind.hidden:
        hide(model, case, when)
    else:
        report(model, case, when)


def hide(model: Model, case: Case, when: int) -> None:
    """Nobody reports a problem; when it will be found, and through which channel (R12), is drawn now."""
    case.was_hidden = True
    model.totals["hidden"] += 1
    others = feedback.found_sooner(case.law, model.habits, case.street.voices)
    mean = feedback.found_after(model.habits, others, case.kind.channel_gain)
    wait = feedback.waiting_time(rng.draw(case.key, Decision.DETECTION, 0), mean)
    found = when + int(wait * TICKS_PER_DAY)
    case.channel = channel_of(case, others)
    if case.channel is not None:
        found += model.plan.channels[case.channel].delay
    model.calendar.enter(Phase.ARRIVAL, Event.DETECTED, case, found, earliest=model.now_step + 1)


def channel_of(case: Case, others: float) -> Channel | None:
    """Return the channel through which a hidden problem will be found, in proportion to what each gains."""
    left = feedback.among_finders(rng.draw(case.key, Decision.CHANNEL, 0), others, case.kind.channel_gain)
    for channel in Channel:
        left -= case.kind.channel_gains[channel]
        if left < 0.0:
            return channel
    return None


def prevent(model: Model, case: Case, when: int) -> None:
    """An amended project does not make this problem (R2): it plagues nobody, so it counts as resolved."""
    model.totals["prevented"] += 1
    if case.in_cohort:
        model.books.add(prevented=1, resolved=case.kind.limit_counts)
    model.note(when, case, Activity.PREVENTED, case.street)
    settle(model, case)
    model.forget(case)


def report(model: Model, case: Case, when: int) -> None:
    """A problem becomes a case on the desk: the clock runs from here. Some are reported again elsewhere (N9)."""
    street, citizens = case.street, model.habits.citizens
    case.state = State.TRIAGE
    case.reported = when
    model.totals["open"] += 1
    model.totals["reported"] += 1
    street.month_reports += 1
    if rng.draw(case.key, Decision.DUPLICATE, 0) < citizens.duplicates * (1.0 - street.law.grids.integration):
        street.errands += citizens.duplicate_work * TICKS_PER_DAY
    street.errands += supervision.showing_work(street.law, street) * TICKS_PER_DAY
    model.note(when, case, Activity.REPORTED, street)
    model.desk.append((case, when))


def arrive_by_calendar(model: Model) -> None:
    """Hidden problems are found, closed cases recur, whistles are withdrawn, what came back reaches the desk."""
    for entry in model.calendar.due(Phase.ARRIVAL, model.now_step):
        case, when = entry.case, entry.when
        if entry.what == Event.DETECTED:
            case.work += int(case.work * model.habits.citizens.worsening)
            inspected = model.habits.citizens.inspection_work * case.law.powers.inspection
            case.street.errands += inspected * TICKS_PER_DAY
            model.totals["hidden"] -= 1
            report(model, case, when)
        elif entry.what == Event.REPEATED:
            come_back(model, case, when)
        elif entry.what == Event.WITHDRAW:
            if entry.waits_at_platform:
                withdraw(model, case, when)
        else:
            case.state = State.TRIAGE
            model.desk.append((case, when))


def withdraw(model: Model, case: Case, when: int) -> None:
    """A street that has waited enough for the platform takes its whistle back, and will write a letter."""
    case.declined = True
    case.state = State.TRIAGE
    model.note(when, case, Activity.WITHDRAWN, case.street)
    model.desk.append((case, when))


def come_back(model: Model, former: Case, when: int) -> None:
    """A closed case recurs as a linked one: same street and kind, other draws, not of the cohort."""
    generation = former.generation + 1
    case = Case(rng.derive(former.key, generation), former.street, former.kind_row, when, generation)
    enter(model, case, Activity.REPEATED)
    report(model, case, when)
