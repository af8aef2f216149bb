"""Winners and losers for a reader: how many streets and departments, and which ones most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from experiments.comparing.compare import Comparison
from experiments.comparing.units import MEASURES, Measure, UnitDifference
from experiments.present import plus_minus, unit
from experiments.words import spoken, word

__all__ = ["unit_sentences", "unit_table"]

NAMED = 3
"""Units named among those that gain or lose most."""

VERBS = {-1: ("falls", "rises"), 0: ("rises", "falls"), 1: ("rises", "falls")}
"""By direction: the change that is named first, a gain where there is one."""


def unit_table(comparison: Comparison) -> Table:
    """Return how many streets and departments clearly rise and fall under each regime."""
    first = comparison.name(comparison.regimes[0])
    heading = word("units_title", before=first, basis=comparison.basis)
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=word("units_caption"))
    table.add_column(word("regime"), overflow="fold")
    shown = [(level, measure) for level, measures in MEASURES.items() for measure in measures]
    for level, measure in shown:
        table.add_column(
            word("unit_measure", level=word(f"level_{level}"), measure=_title(measure)),
            justify="right",
            overflow="fold",
        )
    for regime in comparison.regimes[1:]:
        cells = [_count(_found(comparison, regime, level, measure)) for level, measure in shown]
        table.add_row(comparison.name(regime), *cells)
    return table


def _title(measure: Measure) -> str:
    return word(f"measure_{measure.name}")


def _found(comparison: Comparison, regime: str, level: str, measure: Measure) -> list[UnitDifference]:
    wanted = (regime, level, measure.name)
    return [each for each in comparison.units if (each.regime, each.level, each.measure.name) == wanted]


def _count(found: Sequence[UnitDifference]) -> str:
    up, down = (sum(each.change == sign for each in found) for sign in (1, -1))
    return word("units_count", up=up, down=down, all=len(found)) if found else word("undefined")


def unit_sentences(comparison: Comparison) -> Iterator[str]:
    """Yield who clearly gains and who clearly loses most under the last regime, a line a measure."""
    last = comparison.regimes[-1]
    lines = [
        word(
            "winners_line",
            level=word(f"level_{level}"),
            measure=_title(measure),
            most=most,
            unit=unit(measure, difference=True),
        )
        for level, measures in MEASURES.items()
        for measure in measures
        if (most := _most(_found(comparison, last, level, measure), measure))
    ]
    if lines:
        first = comparison.name(comparison.regimes[0])
        yield word("winners_title", regime=comparison.name(last), before=first)
        yield from lines


def _most(found: Sequence[UnitDifference], measure: Measure) -> str:
    """Return the units with the greatest clear change either way."""
    parts = []
    for verb in VERBS[measure.direction]:
        sign = 1 if verb == "rises" else -1
        these = sorted(
            (each for each in found if each.change == sign), key=lambda each: -abs(each.interval.mean or 0.0)
        )
        if these:
            names = word("list_join").join(_named(each) for each in these[:NAMED])
            parts.append(word(_verb(verb, sign * measure.direction), count=len(these), all=len(found), names=names))
    return word("headline_join").join(parts)


def _verb(verb: str, gain: int) -> str:
    return {1: "gain", -1: "lose"}.get(gain, verb)


def _named(each: UnitDifference) -> str:
    return f"{each.title(spoken())} [{each.code}] {plus_minus(each.interval, each.measure)}"
