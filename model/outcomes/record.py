"""The record of a run: outcomes, daily series, unit table, histograms, provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Record"]


@dataclass(frozen=True)
class Record:
    """What one run leaves.

    Attributes
    ----------
    outcomes : dict
        By the names of `model.OUTCOMES`; None where undefined.
    daily : dict of arrays (days,)
        Born, reported, closed, … on each day; `open`, `hidden` and `queued_*` are levels at its end;
        `hours_*` are person-days used.
    units : dict of arrays (units,)
        Code, level, titles, staff and the counters of the window; hours in person-days.
    hand_overs : array (departments + 1, departments + 1)
        Cases passed or handed from row to column in the window; the last row and column are the streets.
    hand_over_codes : list of str
        Codes of its rows and columns.
    histograms : dict of arrays
        `passes`: cases by number of passes (the last bin is open); `closures`, `drops`: by eighths of a
        day since report; `due`, `closed_in_time`: cases of the cohort by street.
    kinds : dict of arrays (kinds,)
        Code, real closures of the cohort, mean and standard deviation of log days to close.
    cases : dict of arrays or None
        Settled cases of the cohort, where asked for; times in days.
    history : array or None
        Event rows, where asked for.
    provenance : dict
        Scenario, seed, fingerprint of the code, versions.
    days, cases_total : int
        Days simulated; problems born in all, linked ones included.
    """

    outcomes: dict[str, float | None]
    daily: dict[str, NDArray[Any]]
    units: dict[str, NDArray[Any]]
    hand_overs: NDArray[np.int64]
    hand_over_codes: list[str]
    histograms: dict[str, NDArray[np.int64]]
    kinds: dict[str, NDArray[Any]]
    cases: dict[str, NDArray[Any]] | None
    history: NDArray[Any] | None
    provenance: dict[str, Any]
    days: int
    cases_total: int
