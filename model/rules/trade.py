"""Rule 12: trade in staff and authority: who asks, who grants, what comes back, what is called back.

Every request has the grammar of a case's slot: a unit asks, the other side weighs, and answers. Weights are log-odds.
"""

from typing import Any

from model import portable_math
from model.rules.accept import Reason
from model.terms import Trade

REFUSALS = (
    Reason("too_busy", "its own backlog", "自身积压多"),
    Reason("owed", "what the other side owes it already", "对方所欠人情未还"),
    Reason("blame", "answering for what it takes over", "承接后要担责"),
    Reason("nobody_to_spare", "nobody to spare", "无人可派"),
    Reason("gate", "the entry gate turns it back", "准入把关退回"),
    Reason("district", "the district does not support it", "区级不支持"),
    Reason("failing", "too many results that did not hold", "处置反复过多"),
    Reason("ground", "the department wants its ground back", "部门要收回权限"),
)
"""Reasons to refuse or to call back; the first three in the order of `against`."""

TOO_BUSY, OWED, BLAME, NOBODY_TO_SPARE, GATE, DISTRICT, FAILING, GROUND = range(8)


def needs_people(habits: Any, backlog_days: float) -> bool:
    """Tell whether a street's queue is so long that it asks for a person."""
    return backlog_days > habits.lending.queue_days


def is_behind(habits: Any, programme_days: float) -> bool:
    """Tell whether a department has so much programme work left, in days of its people, that it borrows."""
    return programme_days > habits.lending.programme_days


def may_spare(law: Any, people: int, away: int) -> bool:
    """Tell whether one of a unit's people can go: somebody stays, and no more are away than may be.

    `people` are those of its own who are there.
    """
    return people > 1 and away < max(1, int(law.trade.most_away * (people + away)))


def against(law: Any, habits: Any, trade: int, load: float, owed: float) -> tuple[float, float, float]:
    """Return what weighs against granting, in log-odds, in the order of the first `REFUSALS`.

    `load` is the felt backlog of whoever answers, `owed` what the other side owes it already (persons; negative where
    it owes itself).
    """
    blame = habits.entrusting.blame * law.trade.responsibility_follows if trade == Trade.ENTRUSTING else 0.0
    return habits.lending.load * load, habits.lending.favours * owed, blame


def main_reason(weights: tuple[float, float, float]) -> int:
    """Return the place in `REFUSALS` of what weighs most; the first of equals."""
    found, most = 0, 0.0
    for place, weight in enumerate(weights):
        if weight > most:
            found, most = place, weight
    return found


def pull(law: Any, habits: Any, deal: Any, superior: bool, load_at_home: float) -> float:
    """Return the log-odds that whoever is asked grants, were it idle; the district's word pulls beside.

    A department lends down as far as streets assess it (R1). A street cannot well refuse who assesses it (P5): of the
    departments' hold the streets' weight leaves a part, the district, a `superior`, holds all of it. It takes a power
    where it waits on the department (`load_at_home`, felt), and where people come along.
    """
    lending, taking = habits.lending, habits.entrusting
    odds = lending.readiness + (lending.word if deal.heard > 0 else 0.0)
    if deal.trade == Trade.SECONDMENT:
        odds += habits.acceptance.stake * law.effects.street_weight
    elif deal.trade == Trade.BORROWING:
        hold = 1.0 if superior else 1.0 - law.assessment.street_weight
        odds += lending.assessor * habits.sending_down.hold * hold
    elif deal.trade == Trade.ENTRUSTING:
        odds += taking.taking - lending.readiness
        odds += taking.relief * load_at_home + taking.helped * law.trade.staff_follows
    return odds


def grudge(law: Any, habits: Any, deal: Any) -> float:
    """Return by how many persons a refusal shifts what the two owe each other; 0: nobody holds it against anybody.

    Who was refused owes the other side less, and is asked back by one who owes more.
    """
    return 0.0


def gate_turns_back(law: Any, draw: float) -> bool:
    """Tell whether the entry gate (R9) turns a request of a superior back."""
    return draw < law.burden.entry_gate


def recalls(law: Any, habits: Any, load: float) -> float:
    """Return the chance that home calls a person back at a look; not where salary and post went along."""
    odds = habits.lending.recall + habits.lending.recall_load * load
    return (1.0 - law.trade.salary_follows) * portable_math.logistic(odds)


def kept(habits: Any) -> float:
    """Return the share of a favour that is remembered from one day to the next."""
    return portable_math.exp(-portable_math.log(2.0) / habits.lending.favour_days)


def reliability(habits: Any, before: float, held: bool) -> float:
    """Return a street's name, in [0, 1], for results that hold, after one more enforcement closure."""
    return before + habits.triage.credibility_memory * ((1.0 if held else 0.0) - before)


def offers_power(habits: Any, load: float, street: Any) -> float:
    """Return the log-odds that a department offers a street a power: it is loaded, and the street is reliable."""
    lean = habits.entrusting
    return lean.readiness + lean.load * load - lean.unreliable * (1.0 - street.reliability)


def failing(habits: Any, failures: int, closures: int) -> float:
    """Return the share of the closures under a power that did not hold; few closures are not judged in full."""
    return failures / max(closures * 1.0, habits.entrusting.patience)


def nearness(habits: Any, share: float) -> float:
    """Return how near a power is to being called back, in [0, 1], from the share of closures that fail."""
    return min(1.0, share / habits.entrusting.tolerated)


def wants_back(habits: Any, load: float) -> float:
    """Return the log-odds that a department wants its ground back at a look (Downs 1967)."""
    return habits.entrusting.ground - habits.entrusting.ground_load * load


def dares(habits: Any, near: float, draw: float) -> bool:
    """Tell whether a street uses an entrusted power in a case, rather than send it on for fear of losing it."""
    return draw >= habits.entrusting.caution * near
