"""The comparison for a reader: a table, a headline, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from experiments.formatting import decimals, interval_text, number, plus_minus, title, unit
from experiments.messages import msg
from experiments.stats.intervals import effect_name
from experiments.studies.comparing.compare import REAL, Comparison, Difference
from experiments.studies.comparing.levels import level_text, notes
from experiments.studies.comparing.many import many_tables
from experiments.studies.comparing.split_text import split_sentence, split_table
from experiments.studies.comparing.unit_table import unit_sentences, unit_table
from experiments.studies.comparing.verdicts import Verdict, verdict_of
from experiments.themes import HEADLINE, by_theme

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["FEW", "headline", "tables", "warnings"]

LARGEST_EFFECT = 100.0
"""Beyond this a paired effect says only that the luck is common to both."""


FEW = 20
"""With fewer pairs the intervals themselves are rough, which the reader is told."""

TOLD = 4
"""Of so many regimes beside the first each has its sentence; of more, the table tells."""

VERDICTS: Mapping[Verdict, str] = {
    "undefined": "undefined", "equal": "equal", "few": "no_test", "none": "not_clear", "more": "clear", "less": "clear",
    "better": "clear_better", "worse": "clear_worse",
}  # fmt: skip
"""Words of each verdict on a terminal."""

Outcomes = Mapping[str, "Outcome"]


def tables(comparison: Comparison, outcomes: Outcomes, width: int) -> list[Table]:
    """Return what differs, the split where there is a 2 × 2, and how many units gain or lose.

    Parameters
    ----------
    comparison : Comparison
    outcomes : mapping
        Declarations by name.
    width : int
        Columns of the page; differences of many regimes take as many tables as they need.
    """
    two = len(comparison.regimes) == 2
    found = [_table(comparison, outcomes)] if two else [*many_tables(comparison, outcomes, width)]
    splits = [split_table(comparison, outcomes)] if comparison.splits else []
    units = [unit_table(comparison)] if comparison.units else []
    return [*found, *splits, *units]


def _table(comparison: Comparison, outcomes: Outcomes) -> Table:
    before, after = map(comparison.name, comparison.regimes)
    heading = msg("compare_title", after=after, before=before, basis=comparison.basis)
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=msg("compare_caption"))
    table.add_column(msg("outcome"), overflow="fold")
    for column in (before, after, msg("difference"), msg("interval"), msg("effect")):
        table.add_column(column, justify="right", overflow="fold")
    table.add_column(msg("verdict"), overflow="fold")
    found = {each.outcome: each for each in comparison.differences}
    for theme, names in by_theme(found).items():
        table.add_section()
        table.add_row(Text(msg(theme), style="bold"))
        for name in names:
            table.add_row(*_row(comparison, found[name], outcomes[name]))
    return table


def _row(comparison: Comparison, each: Difference, outcome: Outcome) -> list[str]:
    digits = decimals(each.interval, outcome)
    return [
        f"  {title(outcome)} ({unit(outcome)})",
        *(level_text(comparison, regime, outcome, digits) for regime in (each.before, each.after)),
        _size(each, outcome, digits),
        interval_text(each.interval, outcome, digits, sign=True),
        _effect(each.effect),
        msg(VERDICTS[verdict_of(each, outcome)]),
    ]


def _size(each: Difference, outcome: Outcome, digits: int) -> str:
    """Return the mean difference; of shares in points, as their levels are in percent."""
    size = number(each.interval.mean, outcome, digits, sign=True)
    marked = outcome.unit == "share" and each.interval.mean is not None
    return f"{size} {msg('pp')}" if marked else size


def _effect(effect: float | None) -> str:
    if effect is None:
        return msg("undefined")
    name = msg(f"effect_{effect_name(effect)}")
    if abs(effect) > LARGEST_EFFECT:
        return f"{f'> {LARGEST_EFFECT:.0f}' if effect > 0 else f'< -{LARGEST_EFFECT:.0f}'} {name}"
    return f"{effect:+.1f} {name}"


def headline(comparison: Comparison, outcomes: Outcomes) -> list[str]:
    """Return what differed, and what did not clearly; who gained; how far reports stand above real closure."""
    others = comparison.regimes[1:]
    told = [after for after in others if len(others) <= TOLD or comparison.identical(after)]
    changes = [_sentence(comparison, after, outcomes) for after in told]
    split = [split_sentence(comparison, outcomes)] if comparison.splits else []
    reports = [_reports(comparison, outcomes[REAL])] if comparison.gaps else []
    return [*changes, *split, *unit_sentences(comparison), *reports]


def _sentence(comparison: Comparison, after: str, outcomes: Outcomes) -> str:
    if comparison.identical(after):
        parts = [msg("headline_identical")]
    elif comparison.pairs == 1:
        parts = [msg("headline_single")]
    else:
        parts = [*_findings(comparison, after, outcomes)]
    names = {"after": comparison.name(after), "before": comparison.name(comparison.regimes[0])}
    start = msg("headline_start", **names, basis=comparison.basis)
    return start + msg("headline_join").join(parts) + msg("sentence_end")


def _findings(comparison: Comparison, after: str, outcomes: Outcomes) -> Iterator[str]:
    """Yield what clearly changed, then what is equal, unclear or undefined, each with the outcomes it is said of."""
    found = {each.outcome: each for each in comparison.differences if each.after == after}
    titles: dict[str, list[str]] = {key: [] for key in ("equal", "few", "none", "undefined")}
    for each in (found[name] for name in HEADLINE if name in found):
        if each.clear:
            yield _change(comparison, each, outcomes[each.outcome])
        else:
            titles[_unclear(comparison, each)].append(title(outcomes[each.outcome]))
    for key, names in titles.items():
        if names:
            yield msg(f"headline_{key}", titles=msg("list_join").join(names))


def _unclear(comparison: Comparison, each: Difference) -> str:
    if each.interval.mean is None:
        return "undefined"
    if each.equal:
        return "equal"
    return "few" if comparison.pairs < FEW else "none"


def _change(comparison: Comparison, each: Difference, outcome: Outcome) -> str:
    digits = decimals(each.interval, outcome)
    first, last = (comparison.levels[regime][each.outcome].mean for regime in (each.before, each.after))
    return msg(
        "change",
        title=title(outcome),
        first=number(first, outcome, digits),
        last=number(last, outcome, digits),
        unit=unit(outcome),
        size=_size(each, outcome, digits),
        interval=interval_text(each.interval, outcome, digits, sign=True),
    )


def _reports(comparison: Comparison, outcome: Outcome) -> str:
    """Return by how much reports stand above what is really closed, under each regime."""
    parts = [
        msg("gap", regime=comparison.name(regime), gap=plus_minus(gap, outcome))
        for regime, gap in comparison.gaps.items()
    ]
    return msg("gap_start") + msg("list_join").join(parts) + msg("sentence_end")


def warnings(comparison: Comparison, outcomes: Outcomes) -> list[str]:
    """Return what a reader of the table must know."""
    neutral = ["capacity_neutral"] if comparison.neutral else []
    few = ["caveat_few"] if comparison.pairs < FEW else []
    first = [msg(key) for key in (*neutral, "caveat", "caveat_counting")]
    return [*first, *notes(comparison, outcomes), *map(msg, ("caveat_reports", "caveat_luck", *few))]
