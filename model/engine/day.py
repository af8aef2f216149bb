"""THE MAIN LOOP: a step is ten calls in order."""

from model.engine.answers import departments_answer
from model.engine.arrivals import births_due, demand_arrives
from model.engine.closing import results_show, supervision_presses
from model.engine.desk import platform_accepts, streets_triage
from model.engine.district import District
from model.engine.ledger import BLOCK
from model.engine.periods import new_eras, score, superiors_assign
from model.engine.scoring import settle_open
from model.engine.trade import units_trade
from model.engine.work import units_work
from model.terms import Phase

PHASES = (
    "demand_arrives", "superiors_assign", "streets_triage", "platform_accepts", "departments_answer", "units_work",
    "supervision_presses", "results_show", "units_trade", "score",
)  # fmt: skip
"""The ten calls, in order; `advance` makes exactly these."""

_EVENTS_A_CASE = 8
_LINES_A_DEAL = 4
_PHASES_FED = len(Phase)


def advance(district: District, until: int) -> bool:
    """Advance to step `until`, or stop before a step for which a table lacks room and return False."""
    while district.step < until:
        begin_step(district)
        if lacks_room(district):
            return False
        district.phase = 1
        demand_arrives(district)
        district.phase = 2
        superiors_assign(district)
        district.phase = 3
        streets_triage(district)
        district.phase = 4
        platform_accepts(district)
        district.phase = 5
        departments_answer(district)
        district.phase = 6
        units_work(district)
        district.phase = 7
        supervision_presses(district)
        district.phase = 8
        results_show(district)
        district.phase = 9
        units_trade(district)
        district.phase = 10
        score(district)
        district.step += 1
        district.births_drawn = 0
    if district.step == district.steps:
        settle_open(district)
    return True


def begin_step(district: District) -> None:
    """Set the step's clock, begin new eras, draw how many problems come: once, even where room lacks after it."""
    day = district.step // district.steps_per_day
    district.month = day % 365 * 12 // 365
    now = district.step * district.step_ticks
    district.in_window = district.window_from <= now < district.window_until
    if not district.births_drawn:
        new_eras(district)
        level = district.season[district.month] * (district.weekend_demand if day % 7 >= 5 else 1.0)
        district.births_now = births_due(district, level)
        district.births_drawn = 1


def lacks_room(district: District) -> bool:
    """Tell whether some table could overflow in this step; nothing has been changed yet."""
    live = district.cases_used + district.births_now
    entered = _EVENTS_A_CASE * live
    deals = 2 * (district.streets + district.departments) + 1
    lines = district.lines_a_case * live + _LINES_A_DEAL * district.trades * (district.deals_used + deals)
    lists = min(entered, _PHASES_FED * (district.steps - district.step))
    return (
        live > len(district.cases)
        or (district.trades > 0 and district.deals_used + deals > len(district.deals))
        or district.events_used + entered + BLOCK * lists > len(district.events)
        or (district.settled_on > 0 and district.settled_used + live > len(district.settled))
        or (district.history_on > 0 and district.history_used + lines > len(district.history))
    )
