"""The rows of the engine's tables: every column with its type, unit and meaning."""

from model.engine.columns import Flag, Float, Int8, Int16, Int32, Int64, Row, Word, Words, column, columns_of


class CaseRow(Row):
    """A live problem or case: what deciding about it reads stands first, in two lines of 64 bytes."""

    key: Word = column("word", "identity: derived from seed, street, step, ordinal")
    reported: Int64 = column("ticks", "first report")
    born: Int64 = column("ticks", "when the problem was born")
    settling_since: Int64 = column("ticks", "since when nobody settled works on it, or -1")
    ownerless_since: Int64 = column("ticks", "since when it has no owner after a refusal, or -1")
    work: Int64 = column("ticks", "intrinsic work")
    stake: Float = column("0-1", "severity")
    street: Int16 = column("row", "street on whose ground it lies")
    kind: Int16 = column("row", "case kind")
    last_asked: Int16 = column("row", "department asked last, or -1")
    parties: Int8 = column("units", "parties it needs")
    unfilled: Int8 = column("slots", "slots not filled yet")
    first_slot: Int32 = column("row", "first of the slots that belong to its row")
    passes: Int32 = column("passes", "how often passed on")
    evasive: Int32 = column("passes", "of these, evasive ones")
    attempts: Int32 = column("attempts", "how often it came back to the street")
    pressed: Int32 = column("times", "how often pressed by supervision")
    askings: Int32 = column("times", "how often a unit was asked; the occurrence of its draws")
    rounds: Int32 = column("times", "how often worked; the occurrence of closing draws")
    generation: Int32 = column("times", "how often it has recurred as a linked case")
    slots: Int8 = column("slots", "slots that it has now, from the first on")
    unworked: Int8 = column("slots", "slots not worked yet")
    state: Int8 = column("State", "state")
    needs_power: Flag = column("switch", "needs enforcement power")
    cohort: Flag = column("switch", "born in the window and not settled yet")
    offered: Flag = column("switch", "was ever offered to a department")
    turned_out: Flag = column("switch", "its street has turned to others")
    whistled: Flag = column("switch", "was ever whistled")
    whistle_open: Flag = column("switch", "goes by whistle now")
    cosmetic: Flag = column("switch", "some party only pretended to work")
    cogoverned: Flag = column("switch", "closed with residents")
    ping_pong: Flag = column("switch", "a department held it again after another")
    convened: Flag = column("switch", "all parties are asked at once")
    was_hidden: Flag = column("switch", "was not reported when born")
    latent: Flag = column("switch", "came from the latent pool")
    decided: Flag = column("switch", "the street's party committee approved its whistle")
    declined: Flag = column("switch", "its whistle was declined by the committee, or withdrawn, and a letter goes")
    risen: Flag = column("switch", "went to the level above")
    channel: Int8 = column("Channel", "through which a hidden problem is found, or -1")
    held: Words = column("bits", "departments that were ever asked")
    responded: Int64 = column("ticks", "first time a unit took it in hand, or -1")
    worked: Int64 = column("ticks", "when its last party accepted, then when its last party finished")
    circulating: Int64 = column("ticks", "time before its parties stood together")
    ownerless: Int64 = column("ticks", "time without an owner after refusals")
    declared: Int64 = column("ticks", "first declared closure, or -1")
    closed: Int64 = column("ticks", "last real closure that still stands, or -1")
    dropped: Int64 = column("ticks", "when the citizen gave up, or -1")
    reopened: Int64 = column("ticks", "first reopening, or -1")
    repeated: Int64 = column("ticks", "when the linked repeat comes, or -1")


class SlotRow(Row):
    """A party's share of a case."""

    case: Int32 = column("row", "its case")
    unit: Int32 = column("row", "unit asked or working")
    claim: Int32 = column("row", "that unit's claim on the kind, or -1")
    next: Int32 = column("row", "next in the queue, or -1")
    later: Int32 = column("row", "the one after the next, as far as known, or -1: to fetch while this one is worked")
    state: Int8 = column("Slot", "state")
    started: Flag = column("switch", "work has begun")
    shared: Flag = column("switch", "others work on the case at the same time; set when work begins")
    cosmetic: Flag = column("switch", "the party only pretends to work")
    passes: Int32 = column("passes", "passes of this slot")
    asking: Int32 = column("times", "the case's count of askings when this unit was asked")
    work: Int64 = column("ticks", "the party's share of the work")
    hours: Int64 = column("ticks", "person-time still needed, set when work begins")
    meeting: Int64 = column("ticks", "attendance it costs, part of hours")
    ready: Int64 = column("ticks", "earliest time at which it can be worked")


class EventRow(Row):
    """What the calendar brings."""

    what: Int32 = column("Event", "what happens")
    case: Int32 = column("row", "case")
    slot: Int32 = column("row", "slot, for an answer, or -1")
    next: Int32 = column("row", "next event of the same phase and step")
    key: Word = column("word", "key of the case, its whistle or its offer; another one there makes the event stale")
    when: Int64 = column("ticks", "exact time")


class UnitRow(Row):
    """A street, its communities, its platform team, a department or its city counterpart."""

    key: Word = column("word", "from its code")
    level: Int32 = column("Level", "level")
    law: Int32 = column("row", "law in force there")
    successor: Int32 = column("row", "unit that does its work: itself, or what it was merged into")
    staff: Int64 = column("persons", "people at this unit")
    moved: Int64 = column("persons", "net people that dynamic quotas have brought")
    home_hours: Float = column("persons", "stationed people's time that stays with their home unit")
    commanded: Float = column("share", "share of its people's day that the unit commands")
    experts: Int64 = column("persons", "people of a street who came from departments")
    expertise: Float = column("share", "of a street's enforcement cases, those that its experts can take")
    township: Flag = column("switch", "a township, not a subdistrict")
    may_whistle: Flag = column("switch", "the street holds the right to whistle")
    stationed_share: Float = column("share", "its people who are stationed in streets")
    enforcement: Flag = column("switch", "holds enforcement power")
    street_weight: Float = column("share", "effective weight of the streets' assessment")
    share_on_cases: Float = column("share", "hours for cases while other work waits")
    balance: Float = column("log ratio", "authority against responsibility")
    programme_month: Float = column("ticks", "programme work given each month")
    programmes: Float = column("ticks", "programme work left this month")
    sent_down: Float = column("ticks", "work sent down to it and left")
    errands: Float = column("ticks", "follow-ups, inspections, opinions and the like that are due")
    shortfall: Float = column("ticks", "programme work that missed its deadline in the window")
    share_of_streets: Float = column("share", "its share of what is sent down")
    waiting: Int64 = column("ticks", "work in its queue")
    period_asked: Int64 = column("ticks", "work that entered its queue since quotas were looked at last (streets)")
    overwork: Float = column("0-1", "sustained overwork")
    pressure: Float = column("0-1", "pressure of the monthly ranking")
    involvement: Float = column("0-1", "how far residents take part")
    voices: Float = column("0-1", "how far residents are heard")
    credibility: Float = column("0-1", "of a street: how rarely its whistles were rejected of late")
    standing: Float = column("share", "of a street's reported cases, declared closed in time, smoothed over months")
    month_reports: Int64 = column("cases", "reported this month")
    month_responded: Int64 = column("cases", "first taken in hand this month, in time")
    month_in_time: Int64 = column("cases", "first declared closed in time this month")
    month_satisfied: Float = column("cases", "satisfaction with cases first declared this month and really closed")
    month_hours: Float = column("ticks", "hours held this month")
    month_sent: Float = column("ticks", "of these on work sent down")
    slack: Float = column("share", "of communities' hours, what work sent down left last month")
    temper: Float = column("log-odds", "of a department: its own readiness to accept, the same under every regime")
    accepting: Float = column("1", "propensity to accept")
    passing: Float = column("1", "propensity to pass on")
    carry: Float = column("problems", "fraction of a problem carried over (deterministic arrivals)")
    demand: Float = column("problems/day", "expected births at level 1")
    latent: Float = column("problems", "left in the latent pool")
    latent_pool: Float = column("problems", "size of the latent pool")
    queued: Int64 = column("slots", "slots waiting or in service")
    hands_over: Flag = column("switch", "passes worked cases on")
    received: Int64 = column("slots", "slots offered or taken in the window")
    accepted: Int64 = column("slots", "of these accepted")
    passed: Int64 = column("slots", "of these passed on")
    expired: Int64 = column("slots", "of these never answered")
    absent: Int64 = column("times", "accepted and did not come")
    worked: Int64 = column("slots", "slots finished in the window")
    held_ticks: Float = column("ticks", "hours held in the window")
    case_ticks: Int64 = column("ticks", "hours on cases in the window")
    meeting_ticks: Int64 = column("ticks", "of these attendance")
    programme_ticks: Float = column("ticks", "hours on programmes in the window")
    sent_ticks: Float = column("ticks", "hours on work sent down in the window")
    errand_ticks: Float = column("ticks", "hours on errands in the window")
    saved_ticks: Float = column("ticks", "work that technology spared in the window")
    volunteer_ticks: Float = column("ticks", "work that residents did in the window")
    balance_steps: Float = column("log ratio × steps", "balance summed over the window's steps")
    overload_steps: Int64 = column("steps", "steps in the window with all hours used")
    asked_work: Float = column("ticks", "work that entered its queue in the window")
    sojourn: Float = column("ticks", "time from ready to done, summed over slots finished in the window")
    queue_area: Float = column("slot-ticks", "queue length summed over the window's steps")
    power: Float = column("1", "authority, without what is entrusted")
    responsibility: Float = column("1", "what it answers for, without what comes with entrusted powers")
    on_enforcement: Float = column("person-days/day", "of a street: expected single cases of delegated powers")
    on_own: Float = column("person-days/day", "of a street: expected single cases of its own duty")
    lent: Int64 = column("persons", "of its people: those on loan here less those on loan elsewhere")
    away: Int64 = column("persons", "people on loan elsewhere")
    guests: Int64 = column("persons", "people on loan here; in a department they work on programmes alone")
    seconded: Int64 = column("persons", "of a street's guests, those who came from departments")
    lent_days: Int64 = column("days", "person-days on loan elsewhere in the window")
    guest_days: Int64 = column("days", "person-days of people on loan here in the window")
    reliability: Float = column("0-1", "of a street: how rarely its enforcement closures failed of late")
    in_focus: Flag = column("switch", "of a street: the district looks at it this month")
    urgency: Float = column("0-1", "of a street: how much it asked for the district's attention at the month's end")
    month_overdue: Int64 = column("cases", "found overdue by supervision this month")
    assessed: Float = column("ticks", "of these, for those who assess it")
    surge: Float = column("times", "of these, while a shock lasts")
    assessed_ticks: Float = column("ticks", "of these on being assessed: inspections and forms")
    member_ticks: Float = column("ticks", "work that party members did in the window")
    member_unit_ticks: Float = column("ticks", "work that member units did in the window")
    member_supply: Float = column(
        "ticks/day", "hours that a street's party members would give, fully called on and rested"
    )
    member_hours: Float = column("ticks", "hours of a street's party members that can be called on now")
    member_tired: Float = column("0-1", "how tired a street's party members are of calls")
    taken_over: Float = column("cases/day", "of a street, taken over by member units, smoothed")


class LaneRow(Row):
    """One lane of a unit's queue."""

    head: Int32 = column("row", "first slot, or -1")
    last: Int32 = column("row", "last slot")
    before: Int32 = column("row", "slot that was before the last; only for what to fetch")


class KindRow(Row):
    """A case kind as one law has it."""

    key: Word = column("word", "from its code")
    work_mean: Float = column("ticks", "mean work")
    work_sigma: Float = column("log", "spread of log work")
    waiting_mean: Float = column("ticks", "mean wait that needs no staff")
    waiting_sigma: Float = column("log", "spread of the log of that wait")
    limit: Int64 = column("ticks", "deadline")
    limit_counts: Flag = column("switch", "the deadline is not shorter than a step")
    enforcement: Float = column("share", "needs enforcement power")
    joint: Float = column("share", "needs several parties")
    third_party: Float = column("share", "chance of a third and of a fourth party")
    hidden: Float = column("share", "not reported when born")
    stake: Float = column("0-1", "mean severity")
    recur_control: Float = column("share", "recurrence when closed by control")
    recur_cogovernance: Float = column("share", "recurrence when closed with residents")
    street_membership: Float = column("0-1", "the street's competence")
    street_weight: Float = column("1", "weight of the street when a department looks for the next unit")
    street_weight_power: Float = column("1", "the same where enforcement power is needed")
    first_claim: Int32 = column("row", "first of the departments that claim it")
    last_claim: Int32 = column("row", "one past the last")
    reported: Int64 = column("cases", "cohort, reported or found")
    closed_30: Int64 = column("cases", "of these really closed within 30 days")
    waiting: Int64 = column("cases", "of these neither closed nor dropped at the end of follow-up")
    log_days: Float = column("log days", "sum of log days to close")
    log_days_squared: Float = column("log² days", "sum of squares of log days to close")
    own_due: Int64 = column("cases", "due and never offered to a department")
    own_closed: Int64 = column("cases", "of these closed in time")
    offered_due: Int64 = column("cases", "due and offered to a department")
    offered_closed: Int64 = column("cases", "of these closed in time")
    on_the_spot: Flag = column("switch", "on the list of duties that enforcement units must send down")
    emergency: Flag = column("switch", "an emergency")
    power_share: Float = column("share", "of all cases: of this kind, needing power that the law has not delegated")
    duty_share: Float = column("share", "of all cases: of these, what a duty list takes off the street")
    single_work: Float = column("person-days/day", "expected single cases needing power that is not delegated")
    lead: Int32 = column("row", "department with enforcement power and the strongest claim, or -1")
    member_units: Float = column("share", "of its work, what a member unit could take over")
    channel_gain: Float = column("times", "how much sooner it is found through all channels together")


class ClaimRow(Row):
    """A department's claim on a case kind."""

    unit: Int32 = column("row", "department")
    unit_key: Word = column("word", "its key")
    membership: Float = column("0-1", "its claim on the kind")
    overlap: Float = column("0-1", "how nearly another claims as much")
    weight: Float = column("1", "its weight in a choice")
    enforcement: Flag = column("switch", "it holds enforcement power")


class DealRow(Row):
    """A request for a person or an offer of a power, and the loan or the entrusted power that comes of it."""

    key: Word = column("word", "identity: derived from seed, asker, trade and day")
    trade: Int8 = column("Trade", "what is traded")
    state: Int8 = column("Deal", "state")
    heard: Int8 = column("number", "what the district said of it: `steering.verdict`, 0 nothing yet")
    persons: Int64 = column("persons", "people on loan by it")
    host: Int32 = column("row", "unit that has or wants the person or power; -1 is the district")
    home: Int32 = column("row", "unit that the person or power comes from")
    kind: Int16 = column("row", "kind of case of a power, or -1")
    looks: Int64 = column("times", "how often home has looked whether to take it back")
    since: Int64 = column("ticks", "when it was asked for, then when it was granted")
    until: Int64 = column("ticks", "when its term ends")


class PowerRow(Row):
    """The power for a kind of case, entrusted to a street."""

    holder: Int32 = column("row", "department that has entrusted it, or -1")
    closures: Int64 = column("closures", "enforcement closures under it")
    failures: Int64 = column("closures", "of these that did not hold: reversed, reopened, back as a complaint")


class ChannelRow(Row):
    """A channel of participation."""

    delay: Int64 = column("ticks", "from being found through it to the street's desk")
    accuracy: Float = column("share", "of the screening errors, those that it spares; below 0 it adds some")


class EraRow(Row):
    """A stretch of days under the same laws and postings."""

    step: Int64 = column("steps", "first step")
    office_day: Int64 = column("ticks", "hours of the district's office on a day when all are present")
    law: Int32 = column("row", "the district's own law")
    platform_capacity: Int64 = column("millionths of a whistle/day", "screened in a day at most")
    press_capacity: Int64 = column("millionths of a case/day", "pressed in a day at most")


class HistoryRow(Row):
    """A line of history."""

    when: Int64 = column("ticks", "time")
    key: Word = column("word", "case")
    activity: Int8 = column("Activity", "what happened")
    unit: Int32 = column("row", "unit, or -1")
    phase: Int8 = column("number", "phase of the day")
    detail: Int32 = column("number", "what an activity needs beside its unit, or -1")


class DeskRow(Row):
    """A case on a street's desk."""

    case: Int32 = column("row", "case on the street's desk")
    when: Int64 = column("ticks", "since when")


class Tally(Row):
    """Sums over the cohort and the window, one row a run."""

    problems: Int64 = column("cases", "cohort")
    reported: Int64 = column("cases", "reported or found")
    due: Int64 = column("cases", "reported, of a class that a step resolves")
    closed_in_time: Int64 = column("cases", "last real closure within the limit")
    closed_30: Int64 = column("cases", "last real closure within 30 days")
    resolved: Int64 = column("cases", "problems really closed within the limit after report")
    declared_in_time: Int64 = column("cases", "first declared closure within the limit")
    declared: Int64 = column("cases", "declared closed within follow-up")
    declared_30: Int64 = column("cases", "declared closed with 30 days of follow-up left")
    reopened_30: Int64 = column("cases", "of these reopened within 30 days")
    closed: Int64 = column("cases", "really closed at the end of follow-up")
    repeated: Int64 = column("cases", "of these with a linked repeat in follow-up")
    dropped: Int64 = column("cases", "dropped within follow-up")
    overdue: Int64 = column("cases", "not really closed within the limit")
    responded: Int64 = column("cases", "taken in hand within the deadline or three days")
    satisfaction: Float = column("cases", "sum of satisfaction")
    backlog: Int64 = column("cases", "open at the end of follow-up")
    offered: Int64 = column("cases", "ever offered to a department")
    passes: Int64 = column("passes", "passes of these")
    passed: Int64 = column("cases", "of these passed at least once")
    ping_pong: Int64 = column("cases", "of these held again by a former holder")
    evasive: Int64 = column("passes", "evasive passes")
    orphans: Int64 = column("cases", "ownerless beyond the limit")
    circulating: Float = column("ticks", "circulating time of cases offered")
    due_problems: Int64 = column("cases", "cohort of classes that a step resolves")
    prevented: Int64 = column("cases", "cohort prevented at the source")
    hidden: Int64 = column("cases", "hidden when born")
    found: Int64 = column("cases", "of these found within follow-up")
    heard: Int64 = column("cases", "of these through a channel of participation")
    whistled: Int64 = column("cases", "whistled")
    joint: Int64 = column("cases", "joint cases reported")
    joint_closed: Int64 = column("cases", "of these closed in time")
    enforcement: Int64 = column("cases", "enforcement cases reported")
    enforcement_closed: Int64 = column("cases", "of these closed in time")
    on_the_spot: Int64 = column("cases", "enforcement cases reported whose duties are listed to be sent down")
    on_the_spot_closed: Int64 = column("cases", "of these closed in time")
    emergency: Int64 = column("cases", "emergencies reported")
    emergency_closed: Int64 = column("cases", "of these closed in time")
    whistles: Int64 = column("whistles", "whistles screened in the window")
    whistles_right: Int64 = column("whistles", "of these addressed rightly")
    whistles_waited: Int64 = column("ticks", "their wait at the platform")
    declarations: Int64 = column("closures", "declared closures in the window")
    cosmetic: Int64 = column("closures", "of these cosmetic")
    turned_out: Int64 = column("cases", "sent beyond the street in the window")
    taken_by_team: Int64 = column("cases", "of these taken up by the platform team")
    asked_of_team: Int64 = column("cases", "of a platform team that covers them, asked in the window")
    declined_by_team: Int64 = column("cases", "of these declined by it")
    risen: Int64 = column("cases", "taken up by the level above in the window")
    waited_above: Float = column("ticks", "their wait for it")
    closings: Int64 = column("closures", "enforcement closures in the window")
    arbitrary: Int64 = column("closures", "of these arbitrary")
    pressed: Int64 = column("cases", "times that a case was pressed in the window")
    owned: Int64 = column("cases", "owners named by the district in the window")
    district_ticks: Float = column("ticks", "hours that the district's decisions took in the window")
    requests: Int64 = column("times", "requests that ended in the window: granted, refused or lapsed")
    granted: Int64 = column("times", "of these granted")
    seconded_days: Int64 = column("days", "person-days of departments' people in streets on loan, in the window")
    borrowed_days: Int64 = column("days", "person-days of streets' people on loan to superiors, in the window")
    aid_days: Int64 = column("days", "person-days of streets' people on loan to other streets, in the window")
    powers_held: Int64 = column("times", "powers that streets held in the window, each entrusting once")
    powers_returned: Int64 = column("times", "entrusted powers called back in the window")
    entrusted: Int64 = column("closures", "enforcement closures under entrusted powers in the window")
    answers_due: Int64 = column("answers", "answers and attendances due in the window")
    inaction: Int64 = column("answers", "of these missing")
    letters_answered: Int64 = column("answers", "answers to letters in the window")
    weekend_answers: Int64 = column("answers", "of these on days 6 and 7")


UNITS = columns_of(UnitRow)  # columns of the table of units
