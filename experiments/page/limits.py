"""The tab that says what the model reproduces, what is assumed, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import solara

from experiments.blocks import Block, Definitions, Heading, Notice, Paragraph, Table
from experiments.formatting import decimals, number, range_text, shown_in, title, unit
from experiments.messages import MESSAGES, Language, current_language, msg
from experiments.page.controls import WORKS
from experiments.page.state import State
from experiments.page.view import block_dicts, view
from experiments.report.frame import assumed, glossary, limits, regularities

if TYPE_CHECKING:
    from model import Outcome


@solara.component
def LimitsTab(state: State) -> None:
    """Show what is known and what is not."""
    language, package = state.language.value, state.running.value.package
    blocks = solara.use_memo(
        lambda: block_dicts(lambda: _blocks(package.scenario().resolved()), language), [package, language]
    )
    view("blocks")(blocks=blocks, main=True)


def _blocks(base: Mapping[str, Any]) -> Iterator[Block]:
    from model import fingerprint

    yield Notice(msg("report_notice"))
    yield Heading(msg("report_patterns_caption"))
    yield from regularities(fingerprint())
    yield from limits()
    yield from assumed(base)
    yield from _instruments()
    yield from glossary(base, shown_in("report"))
    yield from _works()


def _instruments() -> Iterator[Block]:
    """Yield every instrument with what it should move and what was found."""
    from experiments.evidence.instruments import CLAIMS, MEASURED, verdict
    from model import OUTCOMES

    yield Heading(msg("limits_instruments"))
    yield Paragraph(msg("limits_instruments_note"))
    measured = MEASURED.rows()
    rows = tuple(
        (each.row, each.title_zh if current_language() is Language.ZH else each.title_en, title(OUTCOMES[each.outcome]),
         msg(f"verdict_{verdict(each, row)}"), _change(OUTCOMES[each.outcome], row))
        for each, row in ((claim, measured.get(claim.row)) for claim in CLAIMS)
    )  # fmt: skip
    header = map(msg, ("brief_row", "limits_claim", "limits_moved", "limits_as_claimed", "limits_found"))
    yield Table(tuple(header), rows, words=4)
    denied = [f"limits_why_{row}" for row, *_, result, _ in rows if result == msg("verdict_disagrees")]
    yield from (Paragraph(msg(key)) for key in denied if key in MESSAGES)


def _works() -> Iterator[Block]:
    """Yield what stands behind the short names of sources."""
    yield Heading(msg("limits_works"))
    yield Definitions(tuple((name, msg(f"work_{name}")) for name in WORKS))


def _change(outcome: Outcome, row: Mapping[str, Any] | None) -> str:
    """Return a measured difference with its interval and unit; "" before it is measured."""
    from experiments.evidence.measuring import interval_of

    if row is None:
        return ""
    interval = interval_of(row["alone"]["observable"])
    digits = decimals(interval, outcome)
    size = number(interval.mean, outcome, digits, sign=True)
    shown = msg("brief_bracketed", size=size, interval=range_text(interval, outcome))
    return f"{shown} {unit(outcome, difference=True)}"
