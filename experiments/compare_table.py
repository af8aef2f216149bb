"""The comparison for a reader: a table, a headline, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from experiments.compare import Comparison, Difference
from experiments.compare_many import many_tables, split_sentences, split_table, unit_sentences
from experiments.present import decimals, interval_text, number, title, unit
from experiments.themes import HEADLINE, by_theme
from experiments.words import Language, pairs_in_words, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["headline", "tables", "warnings"]

REPORTED, REAL = "reported_closure_rate", "closure_rate"
"""What is reported as closed in time, and what is."""

LARGEST_EFFECT = 100.0
"""Beyond this a paired effect says only that the luck is common to both."""


def tables(comparison: Comparison, outcomes: Mapping[str, Outcome], language: Language) -> list[Table]:
    """Return the split where there is one, a table of all regimes or, if there are two, of their difference."""
    splits = [split_table(comparison, outcomes, language)] if comparison.splits else []
    if len(comparison.regimes) == 2:
        main = [_table(comparison, comparison.regimes[1], outcomes, language)]
    else:
        main = [*many_tables(comparison, outcomes, language)]
    return [*main, *splits]


def _table(comparison: Comparison, after: str, outcomes: Mapping[str, Outcome], language: Language) -> Table:
    before = comparison.regimes[0]
    heading = word(
        "compare_title",
        language,
        after=comparison.name(after),
        before=comparison.name(before),
        pairs=pairs_in_words(comparison.pairs, language),
    )
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(word("outcome", language), overflow="fold")
    sides = (comparison.name(before), comparison.name(after))
    for column in (*sides, word("difference", language), word("interval", language), word("effect", language)):
        table.add_column(column, justify="right", overflow="fold")
    table.add_column(word("verdict", language), overflow="fold")
    found = {each.outcome: each for each in comparison.differences if each.after == after}
    for theme, names in by_theme(found).items():
        table.add_section()
        table.add_row(Text(word(theme, language), style="bold"))
        for name in names:
            table.add_row(*_row(comparison, found[name], outcomes[name], language))
    return table


def _row(comparison: Comparison, each: Difference, outcome: Outcome, language: Language) -> list[str]:
    digits = decimals(each.interval, outcome)
    levels = [comparison.levels[regime][each.outcome].mean for regime in (each.before, each.after)]
    return [
        f"  {title(outcome, language)} ({unit(outcome, language)})",
        *(number(level, outcome, digits) for level in levels),
        _size(each, outcome, digits, language),
        interval_text(each.interval, outcome, digits, sign=True),
        _effect(each.effect),
        word(_verdict(each, outcome), language),
    ]


def _size(each: Difference, outcome: Outcome, digits: int, language: Language) -> str:
    """Return the mean difference; of shares in points, as their levels are in percent."""
    size = number(each.interval.mean, outcome, digits, sign=True)
    marked = outcome.unit == "share" and each.interval.mean is not None
    return f"{size} {unit(outcome, language, difference=True)}" if marked else size


def _effect(effect: float | None) -> str:
    if effect is None:
        return word("undefined")
    if abs(effect) > LARGEST_EFFECT:
        return f"> {LARGEST_EFFECT:.0f}" if effect > 0 else f"< -{LARGEST_EFFECT:.0f}"
    return f"{effect:+.1f}"


def _verdict(each: Difference, outcome: Outcome) -> str:
    if each.interval.mean is None:
        return "undefined"
    if each.interval.low == each.interval.high == 0.0:
        return "equal"
    if not each.clear:
        return "not_clear"
    if outcome.direction == 0:
        return "clear"
    return "clear_better" if each.interval.mean * outcome.direction > 0 else "clear_worse"


def headline(comparison: Comparison, outcomes: Mapping[str, Outcome], language: Language) -> list[str]:
    """Return what differed, and what did not clearly; and how far reports stand above real closure."""
    several = len(comparison.regimes) > 5
    changes = [] if several else [_sentence(comparison, after, outcomes, language) for after in comparison.regimes[1:]]
    changes += split_sentences(comparison, outcomes, language) + unit_sentences(comparison, language)
    known = REPORTED in outcomes and REAL in outcomes
    return [*changes, *([_reports(comparison, language)] if known else [])]


def _sentence(comparison: Comparison, after: str, outcomes: Mapping[str, Outcome], language: Language) -> str:
    found = {each.outcome: each for each in comparison.differences if each.after == after}
    chosen = [found[name] for name in HEADLINE if name in found]
    parts = [_change(comparison, each, outcomes[each.outcome], language) for each in chosen if each.clear]
    unclear = [title(outcomes[each.outcome], language) for each in chosen if not each.clear]
    if comparison.pairs == 1:
        parts = [word("headline_single", language)]
    elif unclear:
        parts.append(word("headline_none", language, titles=word("list_join", language).join(unclear)))
    start = word(
        "headline_start",
        language,
        after=comparison.name(after),
        before=comparison.name(comparison.regimes[0]),
        pairs=pairs_in_words(comparison.pairs, language),
    )
    return start + word("headline_join", language).join(parts) + word("sentence_end", language)


def _change(comparison: Comparison, each: Difference, outcome: Outcome, language: Language) -> str:
    digits = decimals(each.interval, outcome)
    first, last = (comparison.levels[regime][each.outcome].mean for regime in (each.before, each.after))
    return word(
        "change",
        language,
        title=title(outcome, language),
        first=number(first, outcome, digits),
        last=number(last, outcome, digits),
        unit=unit(outcome, language),
        size=_size(each, outcome, digits, language),
        interval=interval_text(each.interval, outcome, digits, sign=True),
    )


def _reports(comparison: Comparison, language: Language) -> str:
    parts = []
    for regime, levels in comparison.levels.items():
        reported, real = levels[REPORTED].mean, levels[REAL].mean
        gap = word("undefined") if reported is None or real is None else f"{100 * (reported - real):+.1f}"
        parts.append(word("gap", language, regime=comparison.name(regime), gap=gap))
    return word("gap_start", language) + word("list_join", language).join(parts) + word("sentence_end", language)


def warnings(language: Language) -> list[str]:
    """Return what a reader of the table must know."""
    return [word(key, language) for key in ("caveat", "caveat_counting", "caveat_luck")]
