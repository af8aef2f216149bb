"""A forecast from an origin by every rival, beside what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from experiments.learning.bare_queue import bare_queue
from experiments.learning.measures import MEASURES, Periods, measure, periods_from
from experiments.learning.paths import Courses, Paths
from experiments.learning.pool import LAST, YESTERDAY, Watched
from experiments.learning.replay import Habit, Replay
from experiments.learning.rivals import last_period, oracle, yesterday
from experiments.stats.intervals import Floats

DRAWS, FEWEST_DRAWS, ALL_CASES = 300, 40, 3_000_000
"""Draws of a forecast, and fewer, but not fewer than these, where they would need more cases than this."""

QUEUE, ORACLE = "queue", "oracle"

Said = Sequence[Sequence[Floats]]  # by period and measure, arrays (sample,)


@dataclass(frozen=True)
class Trial:
    """What was said at an origin, and what came.

    Attributes:
        came (array (periods, measures)): NaN where undefined.
        said: By whom.
    """

    periods: Periods
    came: Floats
    said: Mapping[str, Said]

    def watched(self, names: Sequence[str]) -> Iterator[tuple[int, Watched]]:
        """Yield with its period each forecast that all of these made and that came true or not."""
        for period in range(len(self.periods)):
            for place, name in enumerate(MEASURES):
                said = {each: self.said[each][period][place] for each in names}
                if np.isfinite(self.came[period, place]) and all(each.size for each in said.values()):
                    yield period, Watched(name, said, float(self.came[period, place]))


class Setting(NamedTuple):
    """Of the forecasts of one log: length of a period and the limit, in days; most periods; seed of what is random."""

    length: float
    limit: float
    most: int
    seed: int


Foretelling = Callable[[Paths, Floats, Periods, int], Floats]
"""Takes what is known, new arrivals, periods and draws; returns an array (draws, periods, measures)."""


def trial(whole: Paths, origin: float, setting: Setting, foretellers: Mapping[str, Foretelling]) -> Trial:
    """Let everybody foretell from an origin what came up to the horizon of a log, by period.

    All know when new cases arrived, and of the time from the origin on nothing else.
    """
    known = whole.until(origin)
    periods = periods_from(origin, setting.length, whole.horizon, setting.limit, len(whole.units))
    periods = Periods(periods.edges[: setting.most + 1], periods.horizon, periods.limit, periods.units)
    start = whole.start[(whole.start >= origin) & (whole.start < periods.edges[-1])]
    rng = np.random.default_rng((setting.seed, round(origin)))
    draws = int(np.clip(ALL_CASES // max(start.size, 1), FEWEST_DRAWS, DRAWS))
    said: dict[str, Said] = {
        YESTERDAY: yesterday(known, periods), LAST: last_period(known, periods, rng, draws),
        ORACLE: samples(oracle(whole, periods, rng, draws)),
        QUEUE: samples(bare_queue(known, start, periods, rng, draws)),
    }  # fmt: skip
    said |= {name: samples(each(known, start, periods, draws)) for name, each in foretellers.items()}
    concerned = whole.of(~(whole.end < origin) & (whole.start < periods.edges[-1]))
    return Trial(periods, measure(concerned.start, Courses.of(concerned), periods), said)


def replaying(habit: Habit, seed: int) -> Foretelling:
    """Return what foretells by replay with a habit."""

    def foretell(known: Paths, start: Floats, periods: Periods, draws: int) -> Floats:
        return Replay(known, habit, np.random.default_rng((seed, round(known.horizon)))).forecast(start, periods, draws)

    return foretell


def samples(values: Floats) -> Said:
    """Return draws (draws, periods, measures) as samples without what is undefined."""
    _, periods, measures = values.shape
    return [[values[np.isfinite(values[:, at, place]), at, place] for place in range(measures)]
            for at in range(periods)]  # fmt: skip
