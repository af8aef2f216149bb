"""An attribution in a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from experiments.design.naming import Names
from experiments.formatting import Measured, decimals, number, plus_minus, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.studies.attribution.answer import Attribution, Contribution

__all__ = ["sentences", "table"]

NAMED = 8
"""Instruments that a sentence names."""


def table(found: Attribution, names: Names) -> Table:
    """Return what each instrument does, largest first, the total last."""
    from model import OUTCOMES

    outcome = OUTCOMES[found.outcome]
    heading = msg(
        "attribution_table",
        title=title(outcome),
        unit=unit(outcome, difference=True),
        scheme=msg("attribution_exact" if found.exact else "attribution_orders"),
        lucks=msg("attribution_lucks", count=found.replicates),
    )
    shown = Table(title=heading, box=box.SIMPLE_HEAD, caption=msg("attribution_caption"))
    shown.add_column(msg("instrument"), overflow="fold")
    for key in ("shapley", "share", "alone", "left_out"):
        shown.add_column(msg(f"attribution_{key}"), justify="right", overflow="fold")
    for each in found.ranked:
        value = plus_minus(each.shapley, outcome) + ("*" if each.clear else "")
        sides = [plus_minus(interval, outcome) for interval in (each.alone, each.left_out)]
        shown.add_row(names.of(each.instrument), value, _share(found, each), *sides)
    shown.add_row(msg("attribution_all"), plus_minus(found.total, outcome), "", "", "")
    return shown


def _share(found: Attribution, each: Contribution) -> str:
    share = found.share(each)
    return msg("undefined") if share is None else f"{round(100 * share) + 0}"


def sentences(found: Attribution, names: Names) -> Iterator[str]:
    """Yield what all do, which does most, which is not clear, and what a reader must not conclude."""
    from model import OUTCOMES

    outcome = OUTCOMES[found.outcome]
    heading = title(outcome)
    if found.dropped:
        count = len(found.dropped)
        yield msg("attribution_dropped", title=heading, count=count, all=found.replicates + count)
    if found.idle:
        yield msg("attribution_nothing", title=heading)
        return
    yield _total(found, outcome, heading)
    yield from _who(found, outcome, names, heading)
    for each in found.contributions:
        if each.turns:
            sides = {"alone": _amount(each.alone, outcome), "left_out": _amount(each.left_out, outcome)}
            yield msg("attribution_turns", title=heading, name=names.of(each.instrument), **sides)
    yield from _pairs(found, outcome, names, heading)
    yield msg("attribution_relative")


def _total(found: Attribution, outcome: Measured, heading: str) -> str:
    ends = [
        f"{number(level.mean, outcome, decimals(level, outcome))} {unit(outcome)}"
        for level in (found.none, found.whole)
    ]
    return msg("attribution_total", title=heading, none=ends[0], whole=ends[1], total=_amount(found.total, outcome))


def _amount(interval: Interval, outcome: Measured) -> str:
    return f"{plus_minus(interval, outcome)} {unit(outcome, difference=True)}"


def _who(found: Attribution, outcome: Measured, names: Names, heading: str) -> Iterator[str]:
    clear = [each for each in found.ranked if each.clear]
    if clear:
        most, share = clear[0], found.share(clear[0])
        part = "" if share is None else msg("attribution_of_total", share=f"{100 * share:.0f} %")
        value = _amount(most.shapley, outcome)
        yield msg("attribution_most", title=heading, name=names.of(most.instrument), value=value, share=part)
    against = [each for each in clear if (found.share(each) or 0.0) < 0]
    unclear = [each for each in found.ranked if not each.clear]
    for key, which in (("against", against), ("unclear", unclear)):
        if which:
            yield msg(f"attribution_{key}", title=heading, names=_listed(which, names))


def _listed(which: Sequence[Contribution], names: Names) -> str:
    shown = msg("list_join").join(names.of(each.instrument) for each in which[:NAMED])
    return f"{shown} …" if len(which) > NAMED else shown


def _pairs(found: Attribution, outcome: Measured, names: Names, heading: str) -> Iterator[str]:
    if found.interactions is None:
        if len(found.contributions) > 1:
            yield msg("attribution_no_pairs")
        return
    clear = [pair for pair in found.interactions if pair.clear]
    if clear:
        most = max(clear, key=lambda pair: abs(pair.index.mean or 0.0))
        called = {"first": names.of(most.first), "second": names.of(most.second)}
        yield msg("attribution_pair", title=heading, value=_amount(most.index, outcome), **called)
