"""The tab that says what the model reproduces, what is assumed, what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import solara

from experiments.browser.sources import WORKS
from experiments.browser.state import DISTRICT, State
from experiments.browser.telling import Told
from experiments.report.blocks import Block, Heading, Notice, Paragraph, Sheet, Terms
from experiments.report.frame import assumed, glossary, limits
from experiments.report.regularities import regularities
from experiments.words import WORDS, Language, speaking, spoken, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["LimitsTab"]


@solara.component
def LimitsTab(state: State) -> None:
    """Show what is known and what is not."""
    language, package = state.language.value, state.running.value.package
    base = solara.use_memo(lambda: package.scenario(DISTRICT).resolved(), [package])
    Told(blocks=solara.use_memo(lambda: _plain(base, language), [package, language]))


def _plain(base: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    with speaking(language):
        return [block.plain() for block in _blocks(base)]


def _blocks(base: Mapping[str, Any]) -> Iterator[Block]:
    from experiments.comparing.brief.sheets import MAIN
    from model import fingerprint

    yield Notice(word("report_notice"))
    yield Heading(word("report_patterns_caption"))
    yield from regularities(fingerprint())
    yield from limits()
    yield from assumed(base)
    yield from _instruments()
    yield from glossary(base, MAIN)
    yield from _works()


def _instruments() -> Iterator[Block]:
    """Yield every instrument with what it should move and what was found."""
    from experiments.instruments import CLAIMS, found, verdict
    from experiments.present import title
    from model import OUTCOMES

    yield Heading(word("limits_instruments"))
    yield Paragraph(word("limits_instruments_note"))
    measured = found()["rows"]
    rows = tuple(
        (each.row, each.title_zh if spoken() is Language.ZH else each.title_en, title(OUTCOMES[each.outcome]),
         word(f"verdict_{verdict(each, change)}"), _change(OUTCOMES[each.outcome], change))
        for each in CLAIMS
        if (change := measured[each.row]["alone"]["observable"])
    )  # fmt: skip
    header = (
        word("brief_row"),
        word("limits_claim"),
        word("limits_moved"),
        word("limits_as_claimed"),
        word("limits_found"),
    )
    yield Sheet(header, rows, words=4)
    denied = [f"limits_why_{row}" for row, *_, said, _ in rows if said == word("verdict_disagrees")]
    yield from (Paragraph(word(key)) for key in denied if key in WORDS)


def _works() -> Iterator[Block]:
    """Yield what stands behind the short names of sources."""
    yield Heading(word("limits_works"))
    yield Terms(tuple((name, word(f"work_{name}")) for name in WORKS))


def _change(outcome: Outcome, change: Mapping[str, Any]) -> str:
    """Return a measured difference with its interval and unit."""
    from experiments.comparing.brief.numbers import range_text
    from experiments.present import decimals, number, unit
    from experiments.statistics import Interval

    interval = Interval(change["mean"], change["ci_low"], change["ci_high"])
    digits = decimals(interval, outcome)
    size = number(interval.mean, outcome, digits, sign=True)
    shown = word("brief_bracketed", size=size, interval=range_text(interval, outcome))
    return f"{shown} {unit(outcome, difference=True)}"
