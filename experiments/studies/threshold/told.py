"""A phase diagram in a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from experiments.formatting import title
from experiments.studies.threshold.crossing import Crossing
from experiments.studies.threshold.diagram import PhaseDiagram
from experiments.words import pairs_in_words, word

__all__ = ["sentences", "table"]


def table(diagram: PhaseDiagram, found: Sequence[Crossing]) -> Table:
    """Return, by work sent down and generalist's speed, how many people must follow."""
    from model import OUTCOMES

    heading = word("phase_table", outcome=title(OUTCOMES[diagram.outcome]), pairs=pairs_in_words(diagram.pairs))
    shown = Table(title=heading, box=box.SIMPLE_HEAD, caption=word("phase_table_caption"))
    for key in ("phase_sent", "phase_speed", "phase_sure_until", "phase_turns", "phase_sure_from", "phase_threshold"):
        shown.add_column(word(key), justify="right", overflow="fold")
    for each in found:
        shares = (each.sure_until, each.turns, each.sure_from, each.threshold)
        shown.add_row(_percent(each.sent_down), f"{each.speed:.2g}", *map(_percent, shares))
    return shown


def _percent(share: float | None) -> str:
    return word("undefined") if share is None else f"{share:.0%}"


def sentences(diagram: PhaseDiagram, found: Sequence[Crossing]) -> Iterator[str]:
    """Yield where delegation turns from harm to help, and how far the limit by hand is from that."""
    turning = [each.turns for each in found if each.turns is not None]
    delegated = f"{diagram.delegated:.0%}"
    if turning:
        least, most = f"{min(turning):.0%}", f"{max(turning):.0%}"
        yield word("phase_turning", delegated=delegated, least=least, most=most)
    if len(turning) < len(found):
        yield word("phase_never", count=len(found) - len(turning), all=len(found))
    gaps = [each.turns - each.threshold for each in found if each.turns is not None and each.threshold is not None]
    if gaps:
        yield word("phase_gap", least=f"{100 * min(gaps):.0f}", most=f"{100 * max(gaps):.0f}")
    yield word("luck_only")
