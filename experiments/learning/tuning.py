"""Numbers of the district that are not counted, set so that runs of worlds near the log show the log's measures."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from experiments.learning.district import Tuned
from experiments.learning.matching import HANDED, MATCHED, MEAN, UNEVEN, Observed
from experiments.learning.paths import Ints
from experiments.stats.intervals import Floats

ROUNDS, PILOTS, STEP = 4, 40, 0.8
"""Rounds; runs of the prior in each, at the same points every time; how far of the way a round goes."""

NEAREST = 0.2  # of the pilots: those whose hand-overs are nearest to the log's say what is to be moved
FURTHEST_ODDS, WIDEST = 3.0, (0.02, 20.0)  # by which the log-odds of staying, and factors on days, are moved at most


def tune(start: Tuned, runs: Callable[[Tuned], Floats], observed: Observed, quartiles: Floats) -> Tuned:
    """Return the numbers at which the nearest runs of the prior show what the log shows (indirect inference).

    Args:
        start: `hands_over` stays what it is here.
        runs: From the numbers to what pilots show, array (runs, measures + 3), as `Job.shown` returns it.
        quartiles: Of the log of days in the log, array (3,).
    """
    tuned = start
    for _ in range(ROUNDS):
        shown = runs(tuned)
        tuned = _moved(tuned, np.nanmedian(shown[_nearest(shown, observed)], axis=0), observed, quartiles)
    return tuned


def _nearest(shown: Floats, observed: Observed) -> Ints:
    """Return the places of the pilots whose hand-overs are nearest to the log's."""
    places = [MATCHED.index(name) for name in (HANDED, MEAN, UNEVEN)]
    away = np.log(np.maximum(shown[:, places], 0.01) / np.maximum(observed.values[places], 0.01))
    size = np.where(np.isfinite(away), away, 10.0) ** 2
    return np.argsort(size.sum(axis=1), kind="stable")[: max(3, round(NEAREST * len(shown)))]


def _moved(tuned: Tuned, shown: Floats, observed: Observed, quartiles: Floats) -> Tuned:
    """Return the numbers a step nearer to where these runs would show what the log shows."""
    days = shown[len(MATCHED) :]
    spread, now_spread = (max(float(each[2] - each[0]), 0.05) for each in (quartiles, days))
    handed, now_handed = observed.values[MATCHED.index(HANDED)], shown[MATCHED.index(HANDED)]
    odds = _log_odds(now_handed) - _log_odds(handed)
    return dataclasses.replace(
        tuned, own=float(np.clip(tuned.own + STEP * odds, -FURTHEST_ODDS, FURTHEST_ODDS)),
        wait=float(np.clip(tuned.wait * np.exp(STEP * (quartiles[1] - days[1])), *WIDEST)),
        sigma=float(np.clip(tuned.sigma * (spread / now_spread) ** STEP, *WIDEST)),
    )  # fmt: skip


def _log_odds(share: float) -> float:
    bounded = float(np.clip(share, 0.005, 0.995))
    return float(np.log(bounded / (1.0 - bounded)))
