"""Winners and losers for a reader: how many streets and departments, and which ones most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.table import Table

from experiments.formatting import plus_minus, unit
from experiments.messages import current_language, msg
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.units import MEASURES, Measure, UnitDifference

__all__ = ["unit_rows", "unit_sentences", "unit_table"]

NAMED = 3
"""Units named among those that gain or lose most."""

VERBS = {-1: ("falls", "rises"), 0: ("rises", "falls"), 1: ("rises", "falls")}
"""By direction: the change that is named first, a gain where there is one."""


def unit_table(comparison: Comparison) -> Table:
    """Return how many streets and departments clearly rise and fall under each regime."""
    first = comparison.name(comparison.regimes[0])
    heading = msg("units_title", before=first, basis=comparison.basis)
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=msg("units_caption"))
    header, rows = unit_rows(comparison, comparison.name)
    for place, column in enumerate(header):
        table.add_column(column, justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def unit_rows(
    comparison: Comparison, name: Callable[[str], str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return column names and, a row a regime, how many units clearly rise and fall.

    Parameters
    ----------
    comparison : Comparison
    name : callable
        What a regime is called.
    """
    shown = [(level, measure) for level, measures in MEASURES.items() for measure in measures]
    titles = (msg("unit_measure", level=msg(f"level_{level}"), measure=_title(measure)) for level, measure in shown)
    rows = tuple(
        (name(regime), *(_count(_found(comparison, regime, level, measure)) for level, measure in shown))
        for regime in comparison.regimes[1:]
    )
    return (msg("regime"), *titles), rows


def _title(measure: Measure) -> str:
    return msg(f"measure_{measure.name}")


def _found(comparison: Comparison, regime: str, level: str, measure: Measure) -> list[UnitDifference]:
    wanted = (regime, level, measure.name)
    return [each for each in comparison.units if (each.regime, each.level, each.measure.name) == wanted]


def _count(found: Sequence[UnitDifference]) -> str:
    up, down = (sum(each.change == sign for each in found) for sign in (1, -1))
    return msg("units_count", up=up, down=down, all=len(found)) if found else msg("undefined")


def unit_sentences(
    comparison: Comparison,
    name: Callable[[str], str] | None = None,
    *,
    codes: bool = True,
    regime: str | None = None,
    neutral: bool = False,
) -> Iterator[str]:
    """Yield who clearly gains and who clearly loses most under a regime, a line a measure.

    Parameters
    ----------
    comparison : Comparison
    name : callable, optional
        What a regime is called.
    codes : bool
        Whether units are named with their codes.
    regime : str, optional
        The last one, unless named.
    neutral : bool
        Whether it is said what rises and falls, not who gains and loses.
    """  # fmt: skip
    name = name or comparison.name
    last = regime or comparison.regimes[-1]
    lines = [
        msg(
            "winners_line",
            level=msg(f"level_{level}"),
            measure=_title(measure),
            most=most,
            unit=unit(measure, difference=True),
        )
        for level, measures in MEASURES.items()
        for measure in measures
        if (most := _most(_found(comparison, last, level, measure), measure, codes, neutral))
    ]
    if lines:
        yield msg("winners_title", regime=name(last), before=name(comparison.regimes[0]))
        yield from lines


def _most(found: Sequence[UnitDifference], measure: Measure, codes: bool, neutral: bool) -> str:
    """Return the units with the greatest clear change either way."""
    parts = []
    for verb in VERBS[measure.direction]:
        sign = 1 if verb == "rises" else -1
        these = sorted(
            (each for each in found if each.change == sign), key=lambda each: -abs(each.interval.mean or 0.0)
        )
        if these:
            names = msg("list_join").join(_named(each, codes) for each in these[:NAMED])
            told = verb if neutral else _verb(verb, sign * measure.direction)
            parts.append(msg(told, count=len(these), all=len(found), names=names))
    return msg("headline_join").join(parts)


def _verb(verb: str, gain: int) -> str:
    return {1: "gain", -1: "lose"}.get(gain, verb)


def _named(each: UnitDifference, codes: bool) -> str:
    code = f" [{each.code}]" if codes else ""
    return f"{each.title(current_language())}{code} {plus_minus(each.interval, each.measure)}"
