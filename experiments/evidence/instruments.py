"""Every claim on the same seeds: a wrong taken away, an instrument turned up, alone and in the whole reform."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from experiments.blocks import Table
from experiments.evidence.measuring import Arm, Change, Comparison, Measurements, Subject, interval_of, moves
from experiments.formatting import plus_minus, title, unit
from experiments.messages import Language, current_language, msg, pairs_text
from model import CONDITIONS, INSTRUMENTS, OUTCOMES, Claim, Condition, Instrument, Side, load_scenario

CLAIMS: tuple[Claim, ...] = (*CONDITIONS, *INSTRUMENTS)  # every row that is measured, in the order of the table
SIDES: tuple[Side, ...] = get_args(Side)
CLOSURE = "closure_rate"
NOT_MEASURED = "not measured"


@cache
def _values_before() -> dict[str, Any]:
    return load_scenario("inverted").resolved()


def before(claim: Claim) -> dict[str, Any]:
    """Return the values of a claim's keys before the reform."""
    return {key: _values_before()[topic][name] for key in claim.topics for topic, name in [key.split(".")]}


def change(claim: Claim, side: Side) -> Change:
    """Return the arms of a claim; an instrument is turned down where it already stands, a wrong is there anyhow."""
    base = claim.base(side)
    neutral = before(claim) if isinstance(claim, Instrument) else {}
    outcomes = tuple(dict.fromkeys((claim.outcome, CLOSURE)))
    return Change(Arm(base, neutral), Arm(base, dict(claim.values)), outcomes)


def _subject(claim: Claim) -> Subject:
    changes: dict[str, Change] = {side: change(claim, side) for side in SIDES}
    arms = {side: {"before": vars(each.before), "after": vars(each.after)} for side, each in changes.items()}

    def row(found: Mapping[str, Mapping[str, Comparison]]) -> dict[str, Any]:
        return {
            side: {name: {"without": compared[outcome]["before"]["mean"], **compared[outcome]["difference"]}
                   for name, outcome in (("observable", claim.outcome), ("closure", CLOSURE))}
            for side, compared in found.items()
        }  # fmt: skip

    return Subject(claim.row, {"outcome": claim.outcome, **arms}, changes, row)


MEASURED = Measurements("instruments", 12, lambda: [_subject(each) for each in CLAIMS])
"""At full volume: at a small scale streets have so few people that a rule about posts does nothing."""


def verdict(claim: Claim, row: Mapping[str, Any] | None, side: Side = "alone") -> str:
    """Return "agrees", "disagrees", "not clear" or "not measured": the claim's direction against the interval."""
    if row is None:
        return NOT_MEASURED
    found = moves(row[side]["observable"], "up" if claim.direction > 0 else "down")
    return "not clear" if found is None else "agrees" if found else "disagrees"


def beside(claim: Claim) -> tuple[str, ...]:
    """Return what must hold beside an instrument, or what answers a wrong."""
    if isinstance(claim, Condition):
        return claim.answered_by
    return claim.beneath if isinstance(claim, Instrument) else ()


def table() -> Table:
    """Return a row for each wrong and instrument: its observable's change beside the claim, and that of closure."""
    columns = ("instrument", "observable", "claim", "alone", "whole", "closure_alone", "closure_whole")
    rows = MEASURED.rows()
    return Table(
        tuple(map(msg, columns)),
        tuple(_line(each, rows.get(each.row)) for each in CLAIMS),
        caption=msg("instruments_title", pairs=pairs_text(MEASURED.pairs)),
        note=msg("instruments_caption"),
        words=len(columns),
    )


def _line(claim: Claim, row: Mapping[str, Any] | None) -> tuple[str, ...]:
    outcome = OUTCOMES[claim.outcome]
    name = claim.title_zh if current_language() is Language.ZH else claim.title_en
    mark = "→" if isinstance(claim, Condition) else "+"
    brackets = f" ({mark} {', '.join(beside(claim))})" if beside(claim) else ""
    arrow = "↑" if claim.direction > 0 else "↓"
    head = (f"{claim.row}{brackets} {name}", f"{title(outcome)} ({unit(outcome, difference=True)})", arrow)
    if row is None:
        return (*head, msg(f"verdict_{NOT_MEASURED}"), "", "", "")
    degree = " °" if isinstance(claim, Instrument) and claim.by_construction else ""
    sizes = [plus_minus(interval_of(row[side]["observable"]), outcome) for side in SIDES]
    verdicts = [msg(f"verdict_{verdict(claim, row, side)}") for side in SIDES]
    found = (f"{size} {words}{degree}" for size, words in zip(sizes, verdicts, strict=True))
    return (*head, *found, *(plus_minus(interval_of(row[side]["closure"]), OUTCOMES[CLOSURE]) for side in SIDES))
