"""Tables of the report: what differs, in words; how many units gain and lose; every value that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.blocks import Table
from experiments.formatting import decimals, number, title, unit
from experiments.messages import Language, current_language, msg
from experiments.studies.comparing.brief.numbers import based, range_text
from experiments.studies.comparing.compare import Comparison, Difference
from experiments.studies.comparing.levels import level_text
from experiments.studies.comparing.unit_table import unit_rows
from experiments.studies.comparing.verdicts import verdict_of
from experiments.themes import by_theme

if TYPE_CHECKING:
    from model import Outcome, Scenario

__all__ = ["MAIN", "difference_sheets", "unit_sheet", "value_sheet"]

Outcomes = Mapping[str, "Outcome"]
Row = tuple[str, ...]

MAIN = (
    "closure_rate", "reported_closure_rate", "cosmetic_share", "days_to_close_median", "satisfaction",
    "passes_per_case", "ping_pong_share", "circulating_days", "whistle_rate", "workload_street",
    "workload_department", "dispatched_share", "equity_gap",
)  # fmt: skip
"""What is shown in the body; the annex has every outcome."""

BESIDE = 3
"""So many regimes stand beside the first in one table; more make further tables."""


def difference_sheets(comparison: Comparison, outcomes: Outcomes, names: Sequence[str]) -> Iterator[Table]:
    """Yield the differences of these outcomes, theme by theme, as few tables as fit a page."""
    kept = [name for name in names if name in comparison.levels[comparison.regimes[0]]]
    themed = len(kept) > len(MAIN)
    groups = by_theme(kept) if themed else {"": kept}
    others = comparison.regimes[1:]
    for start in range(0, len(others), BESIDE):
        chosen = others[start : start + BESIDE]
        make = _two if len(others) == 1 else _many
        header, row = make(comparison, outcomes, chosen)
        rows = [
            line
            for theme, members in groups.items()
            for line in ([(msg(theme),)] if theme else []) + [row(name) for name in members]
        ]
        yield Table(header, tuple(rows), _caption(comparison), msg("brief_note"))


def _caption(comparison: Comparison) -> str:
    first, *others = map(comparison.short, comparison.regimes)
    if len(others) == 1:
        return msg("brief_caption_two", after=others[0], before=first, basis=based(comparison))
    return msg("brief_caption_many", before=first, basis=based(comparison))


def _label(outcome: Outcome) -> str:
    shown = unit(outcome)
    return f"{title(outcome)} ({shown})" if shown else title(outcome)


def _two(comparison: Comparison, outcomes: Outcomes, others: Sequence[str]) -> tuple[Row, Callable[[str], Row]]:
    before, after = comparison.regimes
    found = {each.outcome: each for each in comparison.differences}
    header = (msg("outcome"), comparison.short(before), comparison.short(after), msg("brief_difference"),
              msg("brief_in_words"))  # fmt: skip

    def row(name: str) -> Row:
        each, outcome = found[name], outcomes[name]
        digits = decimals(each.interval, outcome)
        levels = (level_text(comparison, regime, outcome, digits) for regime in (before, after))
        return (_label(outcome), *levels, _size(each, outcome), msg(f"brief_verdict_{verdict_of(each, outcome)}"))

    return header, row


def _many(comparison: Comparison, outcomes: Outcomes, others: Sequence[str]) -> tuple[Row, Callable[[str], Row]]:
    first = comparison.regimes[0]
    found = {(each.outcome, each.after): each for each in comparison.differences}

    def row(name: str) -> Row:
        outcome, level = outcomes[name], comparison.levels[first][name]
        cells = (_cell(found[name, regime], outcome) for regime in others)
        return (_label(outcome), level_text(comparison, first, outcome, decimals(level, outcome)), *cells)

    return (msg("outcome"), comparison.short(first), *map(comparison.short, others)), row


def _cell(each: Difference, outcome: Outcome) -> str:
    """Return the difference with its interval where it is clear, else that it is not."""
    if not each.clear:
        return msg(f"brief_verdict_{verdict_of(each, outcome)}")
    verdict = verdict_of(each, outcome)
    size = _size(each, outcome)
    return msg(f"brief_size_{verdict}", size=size) if verdict in ("better", "worse") else size


def _size(each: Difference, outcome: Outcome) -> str:
    """Return the difference with its interval, or a dash where there is none."""
    size = number(each.interval.mean, outcome, decimals(each.interval, outcome), sign=True)
    if each.interval.low is None:
        return size
    return msg("brief_bracketed", size=size, interval=range_text(each.interval, outcome))


def unit_sheet(comparison: Comparison) -> Table:
    """Return how many streets and departments clearly rise and fall, a column a regime."""
    measures, counts = unit_rows(comparison, comparison.short)
    rows = tuple(zip(measures[1:], *(row[1:] for row in counts), strict=True))
    header = (msg("brief_counted"), *(row[0] for row in counts))
    caption = msg("brief_units", before=comparison.short(comparison.regimes[0]))
    return Table(header, rows, caption, msg("brief_units_note"))


def value_sheet(before: Scenario, after: Scenario, caption: str) -> Table:
    """Return every value in which two scenarios differ on the first day."""
    from model import changes

    chinese = current_language() is Language.ZH
    rows = tuple((each.row, each.sentence(chinese)) for each in changes(before, after))
    return Table((msg("brief_row"), msg("brief_value")), rows, caption, words=2)
