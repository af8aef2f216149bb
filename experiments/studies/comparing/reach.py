"""Quantiles of days that the follow-up is too short for: shown as longer than it, not as nothing to count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["beyond", "not_reached", "unreached"]

QUANTILES = ("days_to_close_median", "days_to_close_p90")
"""Outcomes that are undefined beyond the follow-up."""

COUNTED = "backlog_end"
"""A share of the reported cases: undefined only where there are none."""


def unreached(values: Mapping[str, Any]) -> dict[str, int]:
    """Return, by quantile, the runs in which cases were reported and it was not reached; without those that have none.

    Parameters
    ----------
    values : mapping
        By outcome: a value for each run, NaN where undefined.
    """
    if COUNTED not in values:
        return {}
    counts = {
        name: int(np.sum(np.isnan(values[name]) & np.isfinite(values[COUNTED]))) for name in QUANTILES if name in values
    }
    return {name: count for name, count in counts.items() if count}


def not_reached(outcome: str, outcomes: Mapping[str, float | None]) -> bool:
    """Tell whether an outcome of a run is a quantile that was not reached."""
    return outcome in QUANTILES and outcomes[outcome] is None and outcomes.get(COUNTED) is not None


def beyond(days: int) -> str:
    """Return how a quantile beyond the follow-up is shown, in either language."""
    return f"> {days}"
