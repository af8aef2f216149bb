"""Every claim on the same seeds: a wrong taken away, an instrument turned up, alone and in the whole reform."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args

from experiments.blocks import Table
from experiments.evidence.checks import Check, moves
from experiments.evidence.measuring import Arm, Change, Comparison, Measurements, Subject, interval_of
from experiments.evidence.over_worlds import SCALE, held
from experiments.formatting import plus_minus, title, unit
from experiments.messages import Language, current_language, msg, pairs_text
from model import CONDITIONS, INSTRUMENTS, OUTCOMES, Claim, Condition, Instrument, Side, load_scenario

CLAIMS: tuple[Claim, ...] = (*CONDITIONS, *INSTRUMENTS)  # every row that is measured, in the order of the table
SIDES: tuple[Side, ...] = get_args(Side)
CLOSURE = "closure_rate"
NOT_MEASURED = "not measured"


@cache
def _values_in(regime: str) -> dict[str, Any]:
    return load_scenario(regime).resolved()


def before(claim: Claim, regime: str = "inverted") -> dict[str, Any]:
    """Return the values of a claim's keys in a regime, before the reform unless another is given."""
    return {key: _values_in(regime)[topic][name] for key in claim.topics for topic, name in [key.split(".")]}


def change(claim: Claim, side: Side) -> Change:
    """Return the arms of a claim; an instrument is turned down where it already stands, a wrong is there anyhow."""
    base = claim.base(side)
    neutral = before(claim) if isinstance(claim, Instrument) else {}
    outcomes = tuple(dict.fromkeys((claim.outcome, CLOSURE)))
    return Change(Arm(base, neutral), Arm(base, dict(claim.values)), outcomes)


def change_in_worlds(claim: Claim, side: Side) -> Change:
    """Return the arms of a claim over worlds: both set its keys, so that every world sees the change that is told."""
    arms = change(claim, side)
    start = {**before(claim, arms.before.regime), **arms.before.settings}
    return dataclasses.replace(arms, before=Arm(arms.before.regime, start))


def way(claim: Claim) -> Literal["up", "down"]:
    """Return where a claim says that its observable goes."""
    return "up" if claim.direction > 0 else "down"


def _subject(claim: Claim) -> Subject:
    changes: dict[str, Change] = {side: change(claim, side) for side in SIDES}
    arms = {side: {"before": vars(each.before), "after": vars(each.after)} for side, each in changes.items()}

    def row(found: Mapping[str, Mapping[str, Comparison]]) -> dict[str, Any]:
        return {
            side: {name: {"without": compared[outcome]["before"]["mean"], **compared[outcome]["difference"]}
                   for name, outcome in (("observable", claim.outcome), ("closure", CLOSURE))}
            for side, compared in found.items()
        }  # fmt: skip

    in_worlds: dict[str, Change] = {side: change_in_worlds(claim, side) for side in SIDES}
    return Subject(claim.row, {"outcome": claim.outcome, **arms}, changes, row, Check(way(claim)), in_worlds)


MEASURED = Measurements("instruments", 12, lambda: [_subject(each) for each in CLAIMS])
"""The reference world at full volume: at a small scale streets have so few people that a rule on posts does nothing."""


def verdict(claim: Claim, row: Mapping[str, Any] | None, side: Side = "alone") -> str:
    """Return "agrees", "disagrees", "not clear" or "not measured": the claim's direction against the interval."""
    if row is None:
        return NOT_MEASURED
    found = moves(row[side]["observable"], way(claim))
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
        note=" ".join((msg("instruments_caption"), msg("instruments_worlds_caption", scale=SCALE))),
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
    worlds = [held(row, side) for side in SIDES]
    counts = [f" ({each.holds}/{each.of})" if each else "" for each in worlds]
    found = (f"{size} {words}{degree}{count}" for size, words, count in zip(sizes, verdicts, counts, strict=True))
    return (*head, *found, *(plus_minus(interval_of(row[side]["closure"]), OUTCOMES[CLOSURE]) for side in SIDES))
