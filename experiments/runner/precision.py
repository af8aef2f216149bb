"""Which precision a study asked for and did not reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from experiments.formatting import scale, title, unit
from experiments.messages import msg
from experiments.runner.until import rule_of
from experiments.stats.stopping import Reached, Rule, reached
from experiments.store.opened import OpenStudy

__all__ = ["not_reached"]


def not_reached(opened: OpenStudy) -> list[str]:
    """Return, in words, each half-width that was asked for and not reached within the budget."""
    until = opened.study.replicates.until
    if until is None:
        return []
    rule = rule_of(until)
    values = {outcome: opened.values(outcome) for outcome in rule.outcomes}
    rows = next(iter(values.values())).shape[0]
    return [_told(each, row, rows) for row in range(rows) for each in _failed(rule, _of_row(opened, values, row))]


def _of_row(
    opened: OpenStudy, values: Mapping[str, NDArray[np.float64]], row: int
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return the values of a row of the design by regime and outcome, as many replicates as it has."""
    return {
        (label, outcome): table[row, place, : opened.replicates[row]]
        for place, label in enumerate(opened.labels)
        for outcome, table in values.items()
    }


def _failed(rule: Rule, values: Mapping[tuple[str, str], NDArray[np.float64]]) -> Iterator[Reached]:
    yield from (each for each in reached(rule, values) if not each.held)


def _told(each: Reached, row: int, rows: int) -> str:
    from model import OUTCOMES

    outcome, precision = OUTCOMES[each.precision.outcome], each.precision
    difference = precision.of == "difference"
    return msg(
        "imprecise",
        title=title(outcome),
        regime=each.regime,
        of=msg(f"imprecise_{precision.of}"),
        row=msg("imprecise_row", row=row) if rows > 1 else "",
        half=_shown(each.half_width, scale(outcome)),
        asked=_shown(each.target, scale(outcome)),
        unit=unit(outcome, difference=difference),
        replicates=each.replicates,
    )


def _shown(value: float | None, factor: float) -> str:
    return msg("undefined") if value is None else f"{value * factor:.3g}"
