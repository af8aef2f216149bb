"""What runs show of the patterns: from outcomes and kept arrays of arms to one number a check and replicate."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from experiments.stats.arms import MEASURES, Arms
from experiments.stats.intervals import Floats


class Asks(Protocol):
    """A check: what is measured, of which outcome, between which arms."""

    measure: str
    outcome: str | None
    peak_of: str | None
    start: str | None
    end: str | None


Run = tuple[Mapping[str, float | None], Mapping[str, Any]]  # outcomes by name, and arrays that were kept


def values_of_checks(checks: Sequence[Asks], arms: Mapping[str, Sequence[Run | None]]) -> Floats:
    """Return what each check measures, array (checks, replicates), NaN where it is undefined or a run failed.

    Args:
        arms: Runs by arm, in the order of the pattern, and replicate; None where a run failed.
    """
    names = {name for runs in arms.values() for run in runs if run is not None for name in run[0]}

    def column(runs: Sequence[Run | None], name: str) -> Floats:
        return np.array([np.nan if run is None or run[0].get(name) is None else run[0][name] for run in runs], float)

    looked_at = Arms(
        list(arms),
        {arm: {name: column(runs, name) for name in names} for arm, runs in arms.items()},
        {arm: [None if run is None else run[1] for run in runs] for arm, runs in arms.items()},
    )
    count = max(len(runs) for runs in arms.values())
    if not names:
        return np.full((len(checks), count), np.nan)
    found = [np.asarray(MEASURES[check.measure](looked_at, check), float) for check in checks]
    return np.array([each if each.shape == (count,) else np.full(count, np.nan) for each in found])
