"""Who carries the work: hours by level, how many units do more or less, and which ones most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.blocks import Block, Bullets, Heading, Image, Notice, Paragraph, Table
from experiments.messages import msg
from experiments.stats import mean_interval
from experiments.studies.comparing.brief.backlog import open_cases
from experiments.studies.comparing.brief.sheets import unit_sheet
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.unit_table import unit_sentences

if TYPE_CHECKING:
    from experiments.store.opened import OpenStudy
    from experiments.studies.comparing.series import RegimeSeries

__all__ = ["work"]

MOST = 3
"""Of so many sets beside the first the greatest winners and losers are named."""


def work(opened: OpenStudy, comparison: Comparison, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield the section; figures that were not drawn are left out."""
    from experiments.studies.comparing.series import series_by_regime

    series = series_by_regime(opened)
    if len(series) == len(comparison.regimes):
        yield _hours(series, comparison)
        yield from open_cases(series, [comparison.short(regime) for regime in comparison.regimes])
    yield Paragraph(msg("brief_neutral" if comparison.neutral else "brief_volunteers"))
    if comparison.units:
        yield unit_sheet(comparison)
        yield Notice(msg("brief_names"))
        for regime in comparison.regimes[1:][:MOST]:
            yield from _named(comparison, regime)
    yield from (Image(name, msg(f"caption_{name}"), alts[name])
                for name in ("workload_by_level", "streets", "departments") if name in alts)  # fmt: skip


def _hours(series: Sequence[RegimeSeries], comparison: Comparison) -> Table:
    """Return hours used of hours held by level, a column a regime; levels that hold none are left out."""
    from experiments.studies.comparing.workload_by_level import LEVELS

    rows = [(msg(f"level_{level}"), *(_percent(each, level) for each in series)) for level in LEVELS]
    held = tuple(row for row in rows if set(row[1:]) != {msg("undefined")})
    header = (msg("brief_level_of"), *map(comparison.short, comparison.regimes))
    return Table(header, held, msg("brief_hours"))


def _percent(series: RegimeSeries, level: str) -> str:
    from experiments.studies.comparing.workload_by_level import workload_of

    values = workload_of(series, level)
    if not np.isfinite(values).any():
        return msg("undefined")
    found = mean_interval(values)
    return msg("undefined") if found.mean is None else f"{found.mean:.1f}"


def _named(comparison: Comparison, regime: str) -> Iterator[Block]:
    lines = list(unit_sentences(comparison, comparison.short, codes=False, regime=regime, neutral=True))
    if lines:
        yield Heading(comparison.short(regime), level=3)
        yield Bullets(tuple(line.strip() for line in lines[1:]))
