"""The busiest paths of hand-overs under each regime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from experiments.blocks import Block, Bullets
from experiments.messages import msg
from experiments.studies.comparing.compare import Comparison

if TYPE_CHECKING:
    from experiments.store.opened import OpenStudy
    from experiments.studies.comparing.series import RegimeSeries

__all__ = ["busiest_paths"]

NAMED = 3


def busiest_paths(opened: OpenStudy, comparison: Comparison) -> Iterator[Block]:
    """Yield who hands over to whom most often; nothing where the study kept no series."""
    from experiments.studies.comparing.series import series_by_regime

    found = series_by_regime(opened)
    if len(found) != len(comparison.regimes):
        return
    lines = tuple(_line(each, comparison.short(regime)) for each, regime in zip(found, comparison.regimes, strict=True))
    yield Bullets(tuple(line for line in lines if line))


def _line(series: RegimeSeries, regime: str) -> str:
    flows = series.hand_overs
    if not flows.sum():
        return ""
    order = np.argsort(flows, axis=None)[::-1][:NAMED]
    paths = [
        msg("brief_flow", source=_name(series, int(row)), target=_name(series, int(column)),
             share=f"{100 * flows[row, column] / flows.sum():.0f}")
        for row, column in (np.unravel_index(place, flows.shape) for place in order)
    ]  # fmt: skip
    back = 100 * flows[:-1, -1].sum() / flows.sum()
    return msg("brief_flows", regime=regime, paths=msg("headline_join").join(paths), back=f"{back:.0f}")


def _name(series: RegimeSeries, place: int) -> str:
    code = series.codes[place]
    return series.titles.get(code, msg("back_to_street"))
