"""How patterns are measured: from the runs of arms on the same seeds to one number a replicate."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from experiments.stats.case_patterns import MONTHS, NUMBERS, PREFIX
from experiments.stats.intervals import Floats as Floats


class _Question(Protocol):
    """Outcomes and arms that are asked for, by name, where the measure needs them."""

    outcome: str | None
    peak_of: str | None
    start: str | None
    end: str | None


@dataclass(frozen=True)
class Arms:
    """Outcomes, and what was kept, of every arm by replicate, in the order of the pattern.

    `outcomes` are by arm and outcome arrays (replicates,), NaN where undefined or not run; `kept` are by arm and
    replicate arrays by name, None where the run failed or was not kept.
    """

    names: Sequence[str]
    outcomes: Mapping[str, Mapping[str, Floats]]
    kept: Mapping[str, Sequence[Mapping[str, Any] | None]]

    def of(self, replicates: Sequence[int]) -> "Arms":
        """Return the same of some replicates alone."""
        places = list(replicates)
        outcomes = {arm: {name: each[places] for name, each in found.items()} for arm, found in self.outcomes.items()}
        kept = {arm: [runs[place] for place in places] for arm, runs in self.kept.items()}
        return Arms(self.names, outcomes, kept)

    def outcome(self, arm: str | None, name: str | None, last: bool = False) -> Floats:
        """Return an outcome of an arm, or of the first or last one, by replicate."""
        assert name is not None  # the form wants it
        return self.outcomes[arm or self.names[-1 if last else 0]][name]

    def number(self, arm: str, name: str) -> Floats:
        """Return a number that was kept of an arm, by replicate."""
        return np.array([np.nan if run is None else float(run[PREFIX + name][0]) for run in self.kept[arm]])

    def curve(self, arm: str, name: str) -> Floats:
        """Return a curve that was kept of an arm: (replicates that have it, points)."""
        rows = [np.asarray(run[PREFIX + name]) for run in self.kept[arm] if run is not None]
        longest = max((row.size for row in rows), default=0)
        return np.array([row for row in rows if row.size == longest]).reshape(-1, longest)

    def monthly(self, arm: str) -> Floats:
        """Return the closure on time by month of report: (replicates, months), NaN where nothing was due."""
        none = np.full(MONTHS, np.nan)
        due, in_time = (
            np.array([none if run is None else run[f"{PREFIX}month_{name}"] for run in self.kept[arm]])
            for name in ("due", "in_time")
        )
        return np.asarray(in_time / np.where(due > 0, due, np.nan)).reshape(-1, MONTHS)

    def means(self, outcome: str | None) -> Floats:
        """Return the mean of an outcome in every arm, NaN where it is undefined."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of nothing but NaN: its mean is NaN
            return np.array([np.nanmean(self.outcome(name, outcome)) for name in self.names])


Measure = Callable[[Arms, _Question], Floats]  # from arms and check to an array (replicates,), NaN where undefined


def _inner_gain(arms: Arms, check: _Question) -> Floats:
    """What the inner arm of a sweep with the highest mean has over the better end."""
    means = arms.means(check.outcome)
    if np.isnan(means[1:-1]).all():
        return np.full_like(arms.outcome(None, check.outcome), np.nan)
    inside = arms.outcome(arms.names[1 + int(np.nanargmax(means[1:-1]))], check.outcome)
    gains = [inside - arms.outcome(end, check.outcome) for end in (arms.names[0], arms.names[-1])]
    return min(gains, key=lambda gain: float(np.nan_to_num(np.nanmean(gain), nan=np.inf)))


def _past_peak(arms: Arms, check: _Question) -> Floats:
    """Change of an outcome from the arm, not the last one, at which another one peaks to the last arm."""
    last, means = arms.outcome(None, check.outcome, last=True), arms.means(check.peak_of or check.outcome)[:-1]
    if np.isnan(means).all():
        return np.full_like(last, np.nan)
    return last - arms.outcome(arms.names[int(np.nanargmax(means))], check.outcome)


def _thirds(arms: Arms, check: _Question) -> list[Floats]:
    """Return what a dated reform adds in the first, middle and last third of a year, with it less without it."""
    gain = arms.monthly(check.end or arms.names[-1]) - arms.monthly(check.start or arms.names[0])
    return [gain[:, at : at + 4].mean(axis=1) for at in (0, 4, 8)]


def _bend(arms: Arms, check: _Question) -> Floats:
    """How far the path lies above the straight line from its first to its last third."""
    first, middle, last = _thirds(arms, check)
    return middle - (first + last) / 2


def _drawn(arms: Arms, check: _Question) -> Floats:
    """Requests that a better response draws: with reform and feedback, over what each does alone."""
    without, with_reform, feedback, both = (arms.number(name, "requests") for name in arms.names)
    return both * without / (with_reform * feedback) - 1.0


def _kept(name: str, arms: Arms, check: _Question) -> Floats:
    """A number that was kept of the first arm."""
    return arms.number(check.start or arms.names[0], name)


OF_OUTCOMES: dict[str, Measure] = {
    # in the first arm, and what it is at the end of a change less at its start
    "level": lambda arms, check: arms.outcome(check.start, check.outcome),
    "change": lambda arms, check: (
        arms.outcome(check.end, check.outcome, last=True) - arms.outcome(check.start, check.outcome)
    ),
    "inner_gain": _inner_gain,
    "past_peak": _past_peak,
}
"""By name: of an outcome, which the check names; the others need what is made of the runs' cases."""

MEASURES: dict[str, Measure] = {
    **{name: partial(_kept, name) for name in NUMBERS},
    **OF_OUTCOMES,
    "rise": lambda arms, check: _thirds(arms, check)[2],
    "bend": _bend,
    "drawn": _drawn,
}
