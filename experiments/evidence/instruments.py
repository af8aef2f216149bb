"""Every claim on the same seeds: a wrong taken away, an instrument turned up, alone and in the whole reform."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from experiments.blocks import Table
from experiments.evidence.measuring import Arm, Change, Comparison, Measurements, Subject, interval_of
from experiments.formatting import plus_minus, title, unit
from experiments.messages import Language, current_language, msg, pairs_text
from model import CONDITIONS, INSTRUMENTS, OUTCOMES, Claim, Condition, Instrument, Side, load_scenario

CLAIMS: tuple[Claim, ...] = (*CONDITIONS, *INSTRUMENTS)
"""Every row that is measured, in the order of the table."""

SIDES: tuple[Side, ...] = get_args(Side)
CLOSURE = "closure_rate"
NOT_MEASURED = "not measured"


@cache
def _values_before() -> dict[str, Any]:
    return load_scenario("inverted").resolved()


def before(claim: Claim) -> dict[str, Any]:
    """Return the values of a claim's keys before the reform."""
    keys = {key: key.split(".") for key in claim.topics}
    return {key: _values_before()[topic][name] for key, (topic, name) in keys.items()}


def change(claim: Claim, side: Side) -> Change:
    """Return the arms of a claim; an instrument is turned down where it already stands, a wrong is there anyhow."""
    base = claim.base(side)
    neutral = before(claim) if isinstance(claim, Instrument) else {}
    outcomes = tuple(dict.fromkeys((claim.outcome, CLOSURE)))
    return Change(Arm(base, neutral), Arm(base, dict(claim.values)), outcomes)


def _subject(claim: Claim) -> Subject:
    changes: dict[str, Change] = {side: change(claim, side) for side in SIDES}
    arms = {side: {"before": vars(each.before), "after": vars(each.after)} for side, each in changes.items()}
    definition = {"outcome": claim.outcome, **arms}
    return Subject(claim.row, definition, changes, lambda found: _row(claim, found))


def _row(claim: Claim, found: Mapping[str, Mapping[str, Comparison]]) -> dict[str, Any]:
    names = {"observable": claim.outcome, "closure": CLOSURE}
    return {side: {name: _kept(found[side][outcome]) for name, outcome in names.items()} for side in SIDES}


def _kept(compared: Comparison) -> dict[str, float | None]:
    return {"without": compared["before"]["mean"], **compared["difference"]}


MEASURED = Measurements("instruments", 12, lambda: [_subject(each) for each in CLAIMS])
"""At full volume: at a small scale streets have so few people that a rule about posts does nothing."""


def verdict(claim: Claim, row: Mapping[str, Any] | None, side: Side = "alone") -> str:
    """Return "agrees", "disagrees", "not clear" or "not measured": the claim's direction against the interval."""
    if row is None:
        return NOT_MEASURED
    low, high = row[side]["observable"]["ci_low"], row[side]["observable"]["ci_high"]
    if low is None or low <= 0.0 <= high:
        return "not clear"
    return "agrees" if (low > 0.0) == (claim.direction > 0) else "disagrees"


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
    closures = (plus_minus(interval_of(row[side]["closure"]), OUTCOMES[CLOSURE]) for side in SIDES)
    return (*head, *(_found(claim, row, side) for side in SIDES), *closures)


def _found(claim: Claim, row: Mapping[str, Any], side: Side) -> str:
    size = plus_minus(interval_of(row[side]["observable"]), OUTCOMES[claim.outcome])
    by_construction = isinstance(claim, Instrument) and claim.by_construction
    return f"{size} {msg(f'verdict_{verdict(claim, row, side)}')}" + (" °" if by_construction else "")
