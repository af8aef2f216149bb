"""Whether open cases become more in the year: a district that falls behind ever further is no steady comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from experiments.blocks import Block, Paragraph
from experiments.messages import msg
from experiments.stats import Interval, paired_difference

if TYPE_CHECKING:
    from experiments.studies.comparing.series import RegimeSeries

__all__ = ["open_cases"]

DAYS = 28
"""Four weeks, so that weekdays do not show."""


def open_cases(series: Sequence[RegimeSeries], names: Sequence[str]) -> Iterator[Block]:
    """Yield open cases in the first and in the last four weeks that are observed; nothing of a shorter time.

    Parameters
    ----------
    series : sequence of RegimeSeries
    names : sequence of str
        What each regime is called.
    """
    parts = [_part(each, name) for each, name in zip(series, names, strict=True) if each.window >= 2 * DAYS]
    if parts:
        yield Paragraph(msg("brief_open", parts=msg("headline_join").join(parts)))


def _part(series: RegimeSeries, name: str) -> str:
    start, end = series.warm_up, series.warm_up + series.window
    first, last = (series.daily["open"][:, days].mean(axis=1) for days in (slice(start, start + DAYS),
                                                                           slice(end - DAYS, end)))  # fmt: skip
    change = paired_difference(first, last).interval
    return msg("brief_open_of", regime=name, first=f"{first.mean():,.0f}", last=f"{last.mean():,.0f}",
                change=msg(f"brief_open_{_direction(change)}"))  # fmt: skip


def _direction(change: Interval) -> str:
    if change.low is None or change.high is None:
        return "one"
    if change.low > 0.0:
        return "more"
    return "fewer" if change.high < 0.0 else "same"
