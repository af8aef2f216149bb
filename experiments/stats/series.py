"""What the daily series of the runs of one regime show, and by which day they settle.

Whether a warm-up is long enough is judged by MSER-5 (White 1997; White and Robinson 2010): it cuts where the remaining
values have the smallest squared standard error. A series that is still moving at its end has no such day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.ensemble import range_over, spread_over, world_means
from experiments.stats.intervals import Floats, Interval, mean_interval

BINS_PER_DAY = 8  # the record counts closures by eighths of a day
ON_LOAN = ("seconded", "borrowed", "entrusted")  # daily series of people and powers
LEVELS = ("street", "community", "team", "department", "city")  # from the ground up

WEEK, BATCH, FEWEST = 7, 5, 10
"""Days; days in a batch, whose means the rule looks at; batches of a series: half of them remain after the last cut."""


def mser(series: ArrayLike, batch: int = BATCH) -> int | None:
    """Return the day on which a series by day, or the mean over replicates of one by replicate and day, settles.

    That is day 0 for a series that does not move, and no day for one that is too short or still moving at its end.
    """
    values = np.asarray(series, dtype=np.float64)
    daily = values.mean(axis=0) if values.ndim == 2 else values
    count = daily.size // batch
    if count < FEWEST or not np.isfinite(daily).all():
        return None
    means = daily[: count * batch].reshape(count, batch).mean(axis=1)
    rests = [means[cut:] for cut in range(count - FEWEST // 2 + 1)]
    cut = int(np.argmin([float(((rest - rest.mean()) ** 2).sum()) / rest.size**2 for rest in rests]))
    # a cut in the second half says that the series is too short, not where it settles
    return cut * batch if 2 * cut < count else None


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """Return one array over another, NaN where the other is not above 0."""
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


@dataclass(frozen=True)
class RegimeSeries:
    """Series of all runs of one regime.

    Attributes:
        label: What the regime is called.
        warm_up, window: Days before the observed ones, and observed.
        replicates (array (runs,)):
        daily, histograms: Runs × days, runs × counts; `closures_by_kind` is runs × kinds × days.
        units: Runs × units; codes and titles as text.
        titles: Title of every unit by its code, in the language in use.
        codes: Departments, and the streets as one.
        hand_overs (array): Codes × codes, from rows to columns, mean over runs.
        reported (array (runs,)): Reported cases of the cohort.
        worlds: Plausible worlds that the replicates go through, one after the other; 0 where they are all of one.
        kinds: Runs × kinds, as in `Record.kinds`; empty where the study is from before these were kept.
        kind_titles: Titles of every kind by its code: in Chinese, English and the language in use.
        follow_up: Days that each problem is followed.
    """

    regime: str
    label: str
    warm_up: int
    window: int
    replicates: NDArray[np.int64]
    daily: Mapping[str, Floats]
    histograms: Mapping[str, Floats]
    units: Mapping[str, NDArray[Any]]
    titles: Mapping[str, str]
    codes: list[str]
    hand_overs: Floats
    reported: Floats
    worlds: int = 0
    kinds: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    kind_titles: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    follow_up: int = 0

    def told(self, values: Floats) -> list[Interval]:
        """Return what is told of each column of values (runs, columns).

        Over worlds that is their median and 90 % range; in one, the mean with its interval over runs.
        """
        if not self.worlds:
            return [mean_interval(column) for column in values.T]
        return [range_over(column) for column in self.by_world(values).T]

    def by_world(self, values: Floats, pairs: Sequence[int] | None = None) -> Floats:
        """Return the mean over the runs of each world, (worlds, …), of values (runs, …); in one world all runs.

        Args:
            pairs: Replicates that the values are of; all that were kept where not given.
        """
        if not self.worlds:
            return values
        numbers = self.replicates if pairs is None else np.asarray(pairs)
        return world_means(spread_over(values, (numbers % self.worlds).tolist()))

    @property
    def runs(self) -> int:
        return len(self.reported)

    @property
    def trades(self) -> bool:
        """Whether anybody was on loan, or a power entrusted, in any run."""
        kept = (*(self.daily.get(name) for name in ON_LOAN), self.units.get("lent_days"))
        return any(each is not None and bool(each.any()) for each in kept)

    def workload(self, level: str) -> Floats:
        """Return hours used of hours held, in per cent of each run; NaN where the level holds no hours."""
        here = self.units["level"] == level
        return 100 * ratio(*((self.units[name] * here).sum(axis=1) for name in ("hours_used", "hours_held")))

    def closed_by_day(self) -> Floats:
        """Return the percentage of reported cases closed by the end of each bin; the last, open-ended one left out."""
        return np.asarray(100.0 * self.histograms["closures"][:, :-1].cumsum(axis=1) / self.reported[:, None])

    def weekly(self, name: str) -> tuple[NDArray[np.int64], Floats]:
        """Return days, and a daily series' mean of each and the six before it; a shorter series as it is."""
        daily = self.daily[name]
        if daily.shape[1] < WEEK:
            return np.arange(daily.shape[1]), daily
        means = np.lib.stride_tricks.sliding_window_view(daily, WEEK, axis=1).mean(axis=2)
        return np.arange(WEEK - 1, daily.shape[1]), means

    def settled(self) -> int | None:
        """Return the day by which closed ÷ reported cases, week by week, settle, before the follow-up.

        By the week, for the rhythm of week and year in what is reported is no transient.
        """
        weeks = (self.warm_up + self.window) // WEEK
        closed, reported = (
            self.daily[name][:, : weeks * WEEK].sum(axis=0).reshape(weeks, WEEK).sum(axis=1).astype(np.float64)
            for name in ("closed", "reported")
        )
        found = mser(closed / np.maximum(1.0, reported), batch=1)
        return None if found is None else found * WEEK
