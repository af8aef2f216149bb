"""The district as the engine holds it: the one thing that every function of the engine is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from model.engine.columns import (
    Flag,
    Float,
    Grid,
    Int32,
    Int64,
    Row,
    Table,
    Word,
    column,
    constants_of,
    table,
    tables_of,
)

if TYPE_CHECKING:
    from model.behaviour import Habits
    from model.effects import InForce
    from model.engine import rows

ONE_ROW = {"habits": "people", "tally": "tallies"}
"""Tables of one row, which a district shows as that row, and their names in `tables.Tables`."""


class Now(Row):
    """What a district knows beside its tables: clock, sizes, constants of the run, counters."""

    seed: Word = column("word", "key of the run", constant=True)
    step: Int64 = column("steps", "next step")
    steps: Int64 = column("steps", "steps in all", constant=True)
    step_ticks: Int64 = column("ticks", "length of a step", constant=True)
    steps_per_day: Int64 = column("steps", "steps in a day", constant=True)
    window_from: Int64 = column("ticks", "first tick of the window", constant=True)
    window_until: Int64 = column("ticks", "one past the last tick of the window", constant=True)
    follow_up: Int64 = column("ticks", "how long each problem is followed", constant=True)
    least_follow_up: Int64 = column("ticks", "of it that must be left when a problem is reported", constant=True)
    orphan_after: Int64 = column("ticks", "time without an owner that makes an orphan", constant=True)
    last_bin: Int64 = column("bins", "last bin of the days-to-close histogram", constant=True)
    streets: Int64 = column("units", "streets", constant=True)
    departments: Int64 = column("units", "departments", constant=True)
    first_department: Int64 = column("row", "row of the first department", constant=True)
    kinds_a_law: Int64 = column("kinds", "case kinds; a law has its own rows of them", constant=True)
    era: Int64 = column("row", "next era")
    law: Int32 = column("row", "the district's own law")
    arrivals: Int64 = column("number", "0 negative binomial, 1 Poisson, 2 deterministic", constant=True)
    work: Int64 = column("number", "0 lognormal, 1 exponential, 2 deterministic", constant=True)
    dispersion: Float = column("variance/mean", "of daily counts", constant=True)
    weekend_demand: Float = column("times", "demand on a weekend day", constant=True)
    weekend_staff: Float = column("share", "people present on a weekend day", constant=True)
    programme_spread: Float = column("log work", "spread of monthly programme work", constant=True)
    month_days: Int64 = column("days", "days between programme deadlines", constant=True)
    per_scale: Float = column("times", "one over the scale of the run", constant=True)
    from_projects: Float = column("share", "problems that grow out of projects", constant=True)
    needs_city: Float = column("share", "departments' cases that need the city", constant=True)
    needs_street: Float = column("share", "communities' cases that need the street", constant=True)
    above_work: Float = column("share of work", "work of the level above", constant=True)
    latent_work: Float = column("times", "work of a problem from the latent pool", constant=True)
    severity_spread: Float = column("share", "spread of severity within a kind", constant=True)
    capacity_neutral: Flag = column("switch", "hours of volunteers and technology are booked, not used", constant=True)
    platform_capacity: Int64 = column("millionths of a whistle/day", "screened in a day at most")
    press_capacity: Int64 = column("millionths of a case/day", "pressed in a day at most")
    platform_owed: Int64 = column("as above × steps/day", "of its capacity, carried over to the next step")
    office_day: Int64 = column("ticks", "hours of the district's office on a day when all are present")
    office_guests: Int64 = column("persons", "streets' people on loan to the district's office")
    attention_left: Int64 = column("ticks", "what is left of the office's hours today; below 0 it is in debt")
    attention_asked: Int64 = column("ticks", "hours asked of the office since it looked last whether they suffice")
    attention_held: Int64 = column("ticks", "hours that it held since then")
    trades: Flag = column("switch", "some law of the run lets units trade, or limits attention", constant=True)
    deals_used: Int64 = column("rows", "deals that are open or running")
    seconded_now: Int64 = column("persons", "departments' people on loan in streets")
    borrowed_now: Int64 = column("persons", "streets' people on loan to superiors")
    entrusted_now: Int64 = column("powers", "powers entrusted to streets")
    press_owed: Int64 = column("as above × steps/day", "of its capacity, carried over to the next step")
    oldest_whistle: Float = column("days", "how long the oldest whistle left over has lain at the platform; 0: none")
    spare_cases: Int64 = column("rows", "case rows given back")
    free_event: Int32 = column("row", "first block of event rows given back, or -1")
    fresh_case: Int32 = column("row", "first case row never used")
    fresh_event: Int32 = column("row", "first event row never used")
    cases_used: Int64 = column("rows", "case rows in use")
    events_used: Int64 = column("rows", "event rows in use, by whole blocks")
    on_desk: Int64 = column("cases", "cases on the streets' desks this step")
    history_used: Int64 = column("rows", "history rows written")
    lines_a_case: Int64 = column("rows", "history rows that a case can write in a step", constant=True)
    history_on: Flag = column("switch", "history is kept", constant=True)
    settled_used: Int64 = column("rows", "settled rows written")
    settled_on: Flag = column("switch", "settled cases are kept", constant=True)
    phase: Int32 = column("number", "phase of the day")
    month: Int64 = column("month", "month of the step, 0-11")
    in_window: Flag = column("switch", "the step lies in the window")
    births_now: Int64 = column("problems", "problems due in this step")
    supervises: Flag = column("switch", "some law of the run lets supervision press", constant=True)
    births_drawn: Flag = column("switch", "births of this step are drawn")
    prevented: Int64 = column("cases", "prevented at the source")
    born: Int64 = column("cases", "problems born, linked ones included")
    hidden: Int64 = column("cases", "hidden now")
    open: Int64 = column("cases", "reported and not finished now")
    done: Int64 = column("cases", "finished")
    dropped: Int64 = column("cases", "given up")
    closures: Int64 = column("cases", "real closures so far")
    cosmetic: Int64 = column("cases", "cosmetic closures so far")
    reports: Int64 = column("cases", "reports so far")
    passes: Int64 = column("passes", "passes so far")


class District(Now):
    """A district: its columns (`Now`) and its tables.

    To compiled functions this is an address, and what they read of it is loaded from there (`compiler.handle`); as
    plain Python the same functions run on the same tables, slowly (`uncompiled`).
    """

    laws: Table[InForce] = table("laws", "every law that is in force somewhere at some time", constant=True)
    habits: Habits = table("one row", "the numbers of behaviour", constant=True)
    cases: Table[rows.CaseRow] = table("rows", "live problems and cases; a row given back is used again")
    spare: Table[int] = table("rows", "case rows given back, the last one is used first")
    slots: Table[rows.SlotRow] = table("rows", "their parties' shares, `MOST_PARTIES` rows a case")
    events: Table[rows.EventRow] = table("rows", "what the calendar holds")
    calendar: Grid[int] = table("phases × steps × (first, last)", "events due in a phase of a step, or -1")
    units: Table[rows.UnitRow] = table("units", "streets, communities, teams, departments, city, by level and code")
    lanes: Grid[rows.LaneRow] = table(
        "units × lanes", "lanes of each unit: `Lane`, and behind them the slots in service"
    )
    kinds: Table[rows.KindRow] = table("laws × kinds", "case kinds, a block a law")
    channels: Table[rows.ChannelRow] = table("channels", "channels of participation, as `terms.Channel`", constant=True)
    channel_gains: Grid[float] = table("laws·kinds × channels", "how much sooner each is found by each", constant=True)
    claims: Table[rows.ClaimRow] = table("claims", "departments' claims on kinds", constant=True)
    covers: Grid[bool] = table("eras × streets × departments", "a team has somebody of the department", constant=True)
    eras: Table[rows.EraRow] = table("eras", "when laws and postings change", constant=True)
    posts: Grid[rows.UnitRow] = table("eras × units", "what an era sets: see `periods.post`", constant=True)
    trust: Grid[float] = table("streets × departments", "how far a street believes that a department answers, 0-1")
    transfers: Grid[float] = table("departments × departments", "chance that worked cases go there next", constant=True)
    asked: Grid[int] = table("streets × departments", "how often the street asked it this month")
    step_free: Grid[int] = table("steps × streets", "when a step inside a street is free again (ticks)")
    step_counts: Grid[int] = table("steps × (taken, waited)", "cases in the window, and the ticks that they waited")
    hand_overs: Grid[int] = table("departments × (departments + street)", "passes and hand-overs in the window")
    deals: Table[rows.DealRow] = table("rows", "requests, loans and entrusted powers, the first asked for first")
    powers: Grid[rows.PowerRow] = table("streets × kinds", "powers entrusted to streets")
    favours: Grid[float] = table(
        "streets × (departments, the district, streets)", "persons that a street owes each of them; below 0, is owed"
    )
    desk: Table[rows.DeskRow] = table("rows", "cases on the streets' desks this step")
    tally: rows.Tally = table("one row", "sums over the cohort and the window")
    counts: Grid[int] = table("histograms × bins", "see `scoring.settle`")
    kind_days: Grid[int] = table("kinds × bins", "real closures of the cohort by eighths of a day since report")
    settled: Table[rows.CaseRow] = table("rows", "settled cases, where they are kept")
    history: Table[rows.HistoryRow] = table("rows", "lines of history, where it is kept")
    clocks: Table[int] = table("persons", "when in the step each person of a unit is free (ticks); scratch")
    births: Grid[int] = table("(problems, proposals) × streets", "what each street bears in this step; scratch")
    chances: Grid[float] = table("months × kinds", "cumulative mix of kinds", constant=True)
    season: Table[float] = table("months", "demand of the month, 1 on average", constant=True)
    daily: Grid[int] = table("days × columns", "the daily series, in the order of `tables.DAILY`")


def shown(tables: Any) -> dict[str, Any]:
    """Return the tables of a run (`tables.Tables`) under the names of `District`."""
    return {name: getattr(tables, ONE_ROW.get(name, name)) for name in TABLES}


class _Uncompiled:
    """A district as plain Python: the tables of a run under the names of `District`."""

    def __init__(self, tables: Any) -> None:
        by_name = shown(tables)
        vars(self).update(by_name | {name: by_name[name][0] for name in ONE_ROW}, now=tables.districts[0])

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["now"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(vars(self)["now"], name, value)


def uncompiled(tables: Any) -> District:
    """Return the district whose tables (`tables.Tables`) these are, for the engine's functions as plain Python."""
    return cast("District", _Uncompiled(tables))


CONSTANT = constants_of(District)  # columns and tables that no step of a run changes
TABLES = tables_of(District)  # names of the tables, in the order of their addresses
