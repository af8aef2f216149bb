"""Tables and sentences of many regimes: side by side, the 2 × 2, winners and losers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from experiments.compare import Comparison, Difference
from experiments.present import decimals, interval_text, number, title, unit
from experiments.splits import PARTS
from experiments.statistics import Interval
from experiments.themes import HEADLINE, by_theme
from experiments.units import MEASURES, UnitDifference
from experiments.words import Language, pairs_in_words, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["many_tables", "split_sentences", "split_table", "unit_sentences"]

COLUMNS = 3
"""Regimes beside the first in one table; more go into further tables, so that 100 columns hold each."""

NAMED = 3
"""Units named among those who gain or lose most."""

Outcomes = Mapping[str, "Outcome"]


def many_tables(comparison: Comparison, outcomes: Outcomes, language: Language) -> Iterator[Table]:
    """Yield tables of the first regime's levels and the others' differences with their intervals."""
    others = comparison.regimes[1:]
    for start in range(0, len(others), COLUMNS):
        yield _many(comparison, others[start : start + COLUMNS], outcomes, language)


def _many(comparison: Comparison, others: Sequence[str], outcomes: Outcomes, language: Language) -> Table:
    first = comparison.name(comparison.regimes[0])
    heading = word("many_title", language, before=first, pairs=pairs_in_words(comparison.pairs, language))
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=word("many_caption", language))
    table.add_column(word("outcome", language), overflow="fold")
    for column in (first, *map(comparison.name, others)):
        table.add_column(column, justify="right", overflow="fold")
    found = {(each.outcome, each.after): each for each in comparison.differences}
    for theme, names in by_theme(comparison.levels[comparison.regimes[0]]).items():
        table.add_section()
        table.add_row(Text(word(theme, language), style="bold"))
        for name in names:
            level = comparison.levels[comparison.regimes[0]][name]
            cells = [_difference(found[name, regime], outcomes[name], language) for regime in others]
            label = f"  {title(outcomes[name], language)} ({unit(outcomes[name], language)})"
            table.add_row(label, number(level.mean, outcomes[name], decimals(level, outcomes[name])), *cells)
    return table


def _difference(each: Difference, outcome: Outcome, language: Language) -> str:
    if each.interval.mean is None:
        return word("undefined")
    if each.interval.low == each.interval.high == 0.0:
        return word("equal", language)
    digits = decimals(each.interval, outcome)
    size = number(each.interval.mean, outcome, digits, sign=True)
    mark = "" if each.clear or comparison_of_one(each) else " °"
    return f"{size} [{interval_text(each.interval, outcome, digits, sign=True)}]{mark}"


def comparison_of_one(each: Difference) -> bool:
    """Tell whether there was one pair only, so that no interval can be had."""
    return each.pairs < 2


def split_table(comparison: Comparison, outcomes: Outcomes, language: Language) -> Table:
    """Return the whole difference of each headline outcome, split into placement, rules and interaction."""
    heading = word("split_title", language, pairs=pairs_in_words(comparison.pairs, language))
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(word("outcome", language), overflow="fold")
    for part in PARTS:
        table.add_column(word(f"part_{part}", language), justify="right", overflow="fold")
    for each in comparison.splits:
        if each.outcome in HEADLINE or each.outcome == "equity_gap":
            outcome = outcomes[each.outcome]
            cells = [_part(getattr(each, part), outcome) for part in PARTS]
            table.add_row(f"{title(outcome, language)} ({unit(outcome, language, difference=True)})", *cells)
    return table


def _part(interval: Interval, outcome: Outcome) -> str:
    digits = decimals(interval, outcome)
    return (
        f"{number(interval.mean, outcome, digits, sign=True)} [{interval_text(interval, outcome, digits, sign=True)}]"
    )


def split_sentences(comparison: Comparison, outcomes: Outcomes, language: Language) -> list[str]:
    """Return the split of closure in one sentence, so that nobody takes a gain of placement for one of rules."""
    sentences = []
    for each in comparison.splits:
        if each.outcome == HEADLINE[0]:
            outcome = outcomes[each.outcome]
            parts = {part: number(getattr(each, part).mean, outcome, 1, sign=True) for part in PARTS}
            names = {"title": title(outcome, language), "unit": unit(outcome, language, difference=True)}
            sentences.append(word("split_sentence", language, **names, **parts) + word("sentence_end", language))
    return sentences


def unit_sentences(comparison: Comparison, language: Language) -> list[str]:
    """Return who clearly gains and who clearly loses under the last regime."""
    regime, before = (comparison.name(comparison.regimes[at]) for at in (-1, 0))
    found = [each for each in comparison.units if each.regime == comparison.regimes[-1]]
    lines = [
        _unit_line([each for each in found if (each.level, each.measure) == (level, measure)], language)
        for level, measures in MEASURES.items()
        for measure in measures
    ]
    told = [f"  {line}" for line in lines if line]
    return [word("winners_title", language, regime=regime, before=before), *told] if told else []


def _unit_line(found: Sequence[UnitDifference], language: Language) -> str:
    if not found:
        return ""
    measure = word(f"unit_{found[0].level}_{found[0].measure}", language)
    parts = []
    for sign, verb in ((1, "gains"), (-1, "loses")):
        these = sorted((each for each in found if each.gains == sign), key=lambda each: -abs(each.interval.mean or 0.0))
        if these:
            names = word("list_join", language).join(_named(each, language) for each in these[:NAMED])
            parts.append(f"{word(verb, language)} {len(these)}/{len(found)} ({word('most', language)}: {names})")
    level = word(f"level_{found[0].level}", language)
    return f"{level}, {measure}: " + word("headline_join", language).join(parts) if parts else ""


def _named(each: UnitDifference, language: Language) -> str:
    name = each.title_zh if language is Language.ZH else each.title_en
    return f"{name} {100 * (each.interval.mean or 0.0):+.1f}"
