"""From which size of the district an answer may be told: differences over worlds at small volume beside the full one.

A district at a quarter of its volume runs four times as fast. What it answers may be another answer: a queue of few
people waits longer, and a department of one person is either free or not. Which outcomes this touches is measured.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import WrongInput
from experiments.stats.ensemble import range_over
from experiments.stats.intervals import Floats
from experiments.store.files import keep_measured
from experiments.store.opened import OpenStudy

KEY, FULL = "demand.scale", 1.0
APART = 0.25
"""Share of the width of the range at full volume by which its median or an end may lie elsewhere."""


def keep_scales(folder: Path) -> None:
    """Keep from which scale each outcome may be told, of a sweep of `demand.scale` over worlds up to full volume.

    Raises:
        WrongInput: Where the folder holds another study.
    """
    opened = OpenStudy(folder)
    known = opened.study.experiment == "sweep" and list(opened.study.parameters) == [KEY]
    if not known or FULL not in opened.factor(KEY) or not opened.worlds or len(opened.labels) != 2:
        raise WrongInput(
            [f"{folder}: expected a sweep of {KEY} up to 1 over worlds under two regimes (`make scales`)."]
        )
    found = {outcome: told_from(_by_scale(opened, outcome)) for outcome in opened.outcomes}
    about = {"fingerprint": opened.manifest["fingerprint"], "regimes": opened.labels, "worlds": len(opened.worlds)}
    keep_measured("scales", {**about, "scales": sorted(map(float, opened.factor(KEY))), "outcomes": found})


def _by_scale(opened: OpenStudy, outcome: str) -> dict[float, Floats]:
    values = opened.values(outcome)
    return {float(scale): values[row, 1] - values[row, 0] for row, scale in enumerate(opened.factor(KEY))}


def told_from(differences: Mapping[float, Floats]) -> dict[str, Any]:
    """Return how far answers at each scale lie from those at full volume, and from which scale on they agree.

    Args:
        differences: By scale: after minus before in each world, array (worlds,), in the unit of the outcome.

    Returns:
        `from`, the least scale that agrees with all larger ones, None where only full volume does or nothing is
        defined; and by scale the median, and how far median or an end of the 90 % range lies apart, in widths of the
        range at full volume.
    """
    whole = range_over(differences[FULL])
    by_scale = {}
    for scale, values in differences.items():
        here = range_over(values)
        by_scale[str(scale)] = {"median": here.mean, "low": here.low, "high": here.high, "apart": _apart(here, whole)}
    least = None
    for scale in sorted(differences, reverse=True):
        apart = by_scale[str(scale)]["apart"]
        if apart is None or apart > APART:
            break
        least = scale
    return {"from": least, "scales": by_scale}


def _apart(here: Any, whole: Any) -> float | None:
    ends = [(getattr(here, name), getattr(whole, name)) for name in ("mean", "low", "high")]
    if any(None in pair for pair in ends):
        return None
    gap = max(abs(one - other) for one, other in ends)
    width = whole.high - whole.low
    return 0.0 if gap == 0.0 else float(gap / width) if width > 0.0 else float(np.inf)
