"""A sweep in a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.table import Table

from experiments.formatting import decimals, interval_text, number, plus_minus, title, unit
from experiments.messages import msg
from experiments.studies.sweeping.answer import Curve
from experiments.studies.sweeping.figures import Swept, curve_name

__all__ = ["sentences", "tables"]


def tables(swept: Swept) -> Iterator[Table]:
    """Yield a table an outcome: the swept values down, the curves across, each level with its 95 % interval."""
    from model import OUTCOMES

    sweep, names = swept.sweep, swept.names
    for outcome in sweep.outcomes:
        measured, curves = OUTCOMES[outcome], sweep.of(outcome)
        table = Table(title=f"{title(measured)} ({unit(measured)})", box=box.SIMPLE_HEAD, caption=msg("sweep_caption"))
        table.add_column(names.of(sweep.x), overflow="fold")
        for curve in curves:
            table.add_column(curve_name(curve, swept) or msg("value"), justify="right", overflow="fold")
        for at, place in enumerate(curves[0].places):
            table.add_row(names.value(sweep.x, place.x), *(_cell(curve, at, measured) for curve in curves))
        yield table


def _cell(curve: Curve, at: int, measured: Any) -> str:
    level = curve.places[at].level
    digits = decimals(level, measured)
    return f"{number(level.mean, measured, digits)} ({interval_text(level, measured, digits)})"


def sentences(swept: Swept) -> Iterator[str]:
    """Yield where each curve is best, and whether that lies inside the range."""
    from model import OUTCOMES

    sweep, names = swept.sweep, swept.names
    for curve in sweep.curves:
        if curve.peak is None:
            continue
        peak, measured = curve.peak, OUTCOMES[curve.outcome]
        low, high = (plus_minus(gain, measured, sign=False) for gain in (peak.above_low, peak.above_high))
        yield msg(
            f"peak_{peak.where}",
            title=title(measured),
            curve=f" ({curve_name(curve, swept)})" if curve_name(curve, swept) else "",
            x=names.of(sweep.x),
            best=names.value(sweep.x, peak.x),
            low=low,
            high=high,
            unit=unit(measured, difference=True),
        )
    yield msg("luck_only")
