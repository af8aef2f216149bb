"""The first part of a log teaches who is to be believed; the last part is foretold once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.learning.measures import MEASURES, SHARES
from experiments.learning.paths import Paths
from experiments.learning.pool import MECHANISM, MEMBERS, REPLAY, YESTERDAY, Weights, learn_weights
from experiments.learning.replay import HABITS, Habit
from experiments.learning.trial import Foretelling, Said, Setting, Trial, replaying, trial
from experiments.messages import msg
from experiments.stats.crps import crps
from experiments.stats.intervals import Floats

Say = Callable[[str], None]

ORIGINS = 6  # inside the first part
FIRST_ORIGIN, AHEAD = (
    0.35,
    2.0,
)  # share of the first part before the first origin; periods between the last and the split
KEPT = 3  # habits of replay that are pooled evenly: the best ones are hardly told apart
MOST_PERIODS = 8  # of a forecast
LENGTHS = (30.4375, 91.3125, 182.625, 365.25)  # days of a period: month, quarter, half a year, a year
FEWEST, MOSTLY = 30, 0.75  # cases that arrive in a period, in such a share of the periods, if it is to be long enough


@dataclass(frozen=True)
class Discrepancy:
    """What the mechanism misses although its numbers are right, learned where it could be watched.

    Attributes:
        shift, spread (arrays (measures,)): Added to what it says, always, and by lot: of shares as they are, of other
            measures on the scale log(1 + value).
    """

    shift: Floats
    spread: Floats

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> Discrepancy:
        """Learn it from the trials; none of a measure that was watched less than twice."""
        shift, spread = np.zeros(len(MEASURES)), np.zeros(len(MEASURES))
        for place, name in enumerate(MEASURES):
            told = [each for one in trials for _, each in one.watched([MECHANISM]) if each.measure == name]
            if len(told) < 2:
                continue
            said = [_scaled(name, each.said[MECHANISM]) for each in told]
            missed = _scaled(name, np.array([each.came for each in told])) - [each.mean() for each in said]
            shift[place] = missed.mean()
            spread[place] = np.sqrt(max(0.0, missed.var(ddof=1) - np.mean([each.var() for each in said])))
        return cls(shift, spread)

    def added(self, said: Said, seed: int) -> Said:
        """Return what the mechanism says with its discrepancy, inside what is possible."""
        rng = np.random.default_rng(seed)
        return [
            [
                _unscaled(name, _scaled(name, values) + shift + spread * rng.standard_normal(values.size))
                for name, values, shift, spread in zip(MEASURES, period, self.shift, self.spread, strict=True)
            ]
            for period in said
        ]


def _scaled(name: str, values: Floats) -> Floats:
    return values if name in SHARES else np.log1p(values)


def _unscaled(name: str, values: Floats) -> Floats:
    return np.clip(values, 0.0, 1.0) if name in SHARES else np.maximum(np.expm1(values), 0.0)


def period_length(known: Paths) -> float | None:
    """Return the shortest period, in days, in which enough cases arrive; None if a year is too short."""
    span = known.horizon - known.start[0]
    for length in LENGTHS:
        edges = known.horizon - length * np.arange(int(span / length) + 1)[::-1]
        counts = np.histogram(known.start, edges)[0]
        if counts.size and (counts >= FEWEST).mean() >= MOSTLY:
            return length
    return None


def usual_limit(known: Paths) -> float:
    """Return the whole number of days within which three of four closed cases were closed."""
    days = (known.end - known.start)[known.closed]
    return float(np.ceil(np.quantile(days, 0.75))) if days.size else 30.0


def origins_in(known: Paths, length: float) -> Floats:
    """Return the inner origins, at least five, as days."""
    begin, span = known.start[0], known.horizon - known.start[0]
    last = max(known.horizon - AHEAD * length, begin + (FIRST_ORIGIN + 0.2) * span)
    return np.linspace(begin + FIRST_ORIGIN * span, last, ORIGINS)


@dataclass(frozen=True)
class Foretold:
    """The last part of a log, foretold once, and what was learned of whom to believe before.

    Attributes:
        inner: Trials at the origins inside the first part.
        last: The trial at the split; `mechanism` with its discrepancy.
        weights: Of the pool.
        habits: Of replay, those kept.
    """

    inner: tuple[Trial, ...]
    last: Trial
    weights: Weights
    habits: tuple[Habit, ...]
    discrepancy: Discrepancy | None


def foretell(whole: Paths, split: float, setting: Setting, mechanism: Foretelling | None, say: Say) -> Foretold:
    """Learn from what was known at the split whom to believe, then foretell the rest.

    Args:
        whole: The fair part of a log.
        mechanism: Foretells by the model, at any origin from what is known there; None: nobody does.
    """
    known = whole.until(split)
    tried = {f"{REPLAY} {number}": replaying(habit, setting.seed) for number, habit in enumerate(HABITS)}
    others = {} if mechanism is None else {MECHANISM: mechanism}
    inner = []
    origins = origins_in(known, setting.length)
    for number, origin in enumerate(origins):
        say(msg("fit_origin", number=number + 1, of=len(origins)))
        inner.append(trial(known, float(origin), setting, {**tried, **others}))
    kept = _best(inner, list(tried))
    inner = [_as_one(each, tried, kept) for each in inner]
    habits = tuple(habit for name, habit in zip(tried, HABITS, strict=True) if name in kept)
    members = MEMBERS if mechanism is not None else tuple(name for name in MEMBERS if name != MECHANISM)
    discrepancy = None if mechanism is None else Discrepancy.of(inner)
    weights = learn_weights(
        [each for one in corrected(inner, setting.seed) for _, each in one.watched(members)], members
    )
    say(msg("fit_last"))
    last = _as_one(trial(whole, split, setting, {**{name: tried[name] for name in kept}, **others}), tried, kept)
    if discrepancy is not None:
        last = _with(last, MECHANISM, discrepancy.added(last.said[MECHANISM], setting.seed))
    return Foretold(tuple(inner), last, weights, habits, discrepancy)


def _best(trials: Sequence[Trial], names: Sequence[str]) -> list[str]:
    """Return those that scored best, in scores of yesterday, mean over the measures; in the order given."""
    ratios = {name: ratios_to_yesterday(trials, name) for name in names}
    score = [float(np.mean(list(each.values()))) if each else np.inf for each in ratios.values()]
    return [names[place] for place in sorted(np.argsort(score, kind="stable")[:KEPT].tolist())]


def ratios_to_yesterday(trials: Sequence[Trial], name: str) -> dict[str, float]:
    """Return by measure the mean score of one, in mean scores of yesterday; where that is never wrong: none."""
    both: dict[str, list[tuple[float, float]]] = {}
    for one in trials:
        for _, each in one.watched([name, YESTERDAY]):
            both.setdefault(each.measure, []).append(
                (crps(each.said[name], each.came), crps(each.said[YESTERDAY], each.came))
            )
    means = {measure: np.mean(scores, axis=0) for measure, scores in both.items()}
    return {measure: float(mine / past) for measure, (mine, past) in means.items() if past > 0.0}


def _as_one(one: Trial, tried: Iterable[str], kept: Sequence[str]) -> Trial:
    """Return a trial in which the habits that are kept speak as one, and none of those tried speaks alone."""
    together = [[np.concatenate(each) for each in zip(*periods, strict=True)]
                for periods in zip(*(one.said[name] for name in kept), strict=True)]  # fmt: skip
    said = {name: each for name, each in one.said.items() if name not in set(tried)}
    return replace(one, said={**said, REPLAY: together})


def _with(one: Trial, name: str, said: Said) -> Trial:
    return replace(one, said={**one.said, name: said})


def corrected(trials: Sequence[Trial], seed: int) -> list[Trial]:
    """Return trials in which the mechanism has the discrepancy that the other origins teach."""
    if not trials or MECHANISM not in trials[0].said:
        return list(trials)
    found = []
    for place, one in enumerate(trials):
        others = Discrepancy.of([*trials[:place], *trials[place + 1 :]])
        found.append(_with(one, MECHANISM, others.added(one.said[MECHANISM], seed + place)))
    return found
