"""A phase diagram in a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from experiments.formatting import title
from experiments.messages import msg, pairs_text
from experiments.studies.threshold.crossing import Crossing
from experiments.studies.threshold.diagram import PhaseDiagram

__all__ = ["sentences", "table"]


def table(diagram: PhaseDiagram, found: Sequence[Crossing]) -> Table:
    """Return, by work sent down and generalist's speed, how many people must follow."""
    from model import OUTCOMES

    heading = msg("phase_table", outcome=title(OUTCOMES[diagram.outcome]), pairs=pairs_text(diagram.pairs))
    shown = Table(title=heading, box=box.SIMPLE_HEAD, caption=msg("phase_table_caption"))
    for key in ("phase_sent", "phase_speed", "phase_sure_until", "phase_turns", "phase_sure_from", "phase_threshold"):
        shown.add_column(msg(key), justify="right", overflow="fold")
    for each in found:
        shares = (each.sure_until, each.turns, each.sure_from, each.threshold)
        shown.add_row(_percent(each.sent_down), f"{each.speed:.2g}", *map(_percent, shares))
    return shown


def _percent(share: float | None) -> str:
    return msg("undefined") if share is None else f"{share:.0%}"


def sentences(diagram: PhaseDiagram, found: Sequence[Crossing]) -> Iterator[str]:
    """Yield where delegation turns from harm to help, and how far the limit by hand is from that."""
    turning = [each.turns for each in found if each.turns is not None]
    delegated = f"{diagram.delegated:.0%}"
    if turning:
        least, most = f"{min(turning):.0%}", f"{max(turning):.0%}"
        yield msg("phase_turning", delegated=delegated, least=least, most=most)
    if len(turning) < len(found):
        yield msg("phase_never", count=len(found) - len(turning), all=len(found))
    gaps = [each.turns - each.threshold for each in found if each.turns is not None and each.threshold is not None]
    if gaps:
        yield msg("phase_gap", least=f"{100 * min(gaps):.0f}", most=f"{100 * max(gaps):.0f}")
    yield msg("luck_only")
