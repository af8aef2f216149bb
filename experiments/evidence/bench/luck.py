"""How many runs paired luck saves."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["saved", "saving"]

OUTCOME = "closure_rate"


def saving(first: Scenario, others: Sequence[Scenario], pairs: int) -> dict[str, dict[str, float | None]]:
    """Run scenarios on the same seeds and return, by name, what pairing each with the first saves."""
    from model import simulate

    values = {
        scenario.name: [float(simulate(scenario, seed).outcomes[OUTCOME] or 0.0) for seed in range(1, pairs + 1)]
        for scenario in (first, *others)
    }
    return {other.name: saved(values[first.name], values[other.name]) for other in others}


def saved(before: Sequence[float], after: Sequence[float]) -> dict[str, float | None]:
    """Return how many times fewer runs a paired difference needs for the same interval.

    Parameters
    ----------
    before, after : sequence of float
        An outcome on the same seeds under two laws.

    Returns
    -------
    dict
        `ratio`: variance of the difference of independent means over that of paired ones; `bound`: the
        ratio that perfect correlation would give with these two standard deviations (None: no bound);
        `correlation`; the standard deviations.
    """
    sd_before, sd_after = statistics.stdev(before), statistics.stdev(after)
    apart = sd_before**2 + sd_after**2
    paired = statistics.variance([b - a for a, b in zip(before, after, strict=True)])
    least = (sd_before - sd_after) ** 2
    both = sd_before * sd_after
    return {
        "ratio": apart / paired if paired > 0 else None,
        "bound": apart / least if least > 0 else None,
        "correlation": (apart - paired) / (2.0 * both) if both > 0 else None,
        "sd_before": sd_before,
        "sd_after": sd_after,
    }
