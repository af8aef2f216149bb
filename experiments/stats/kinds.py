"""Which kinds of problem gain: sixteen kinds under each regime beside the first.

`kinds_found(series, pairs)` returns one `KindFound` a kind and regime; `Comparison.kinds` holds them:

    for each in comparison.kinds:              # of every other regime, kinds in the order of their codes
        each.regime, each.code, each.title     # `title` in the language in use
        each.verdict                           # "gains", "loses", "mixed" or "none", over `ONE_SCALE`
        each.measured["days_to_half"].gains    # +1 clearly faster, −1 clearly slower, 0 no clear change
        each.measured["in_time"].told          # difference: median and 90 % range over worlds, or mean with interval
        each.before["days_to_half"].told       # level under the first regime; `after` under `regime`
        each.after["days_to_half"].reached     # whether half are closed within the follow-up at all; if not, "> 60"

`faster_first(comparison.kinds, regime)` sorts those of a regime as the chart shows them. Shares lie in 0–1, days in
days. Days are restricted to the follow-up: where half are not closed within it they count as just so many, so that a
gain is told as too small rather than too large, and nothing is left out. `beyond` says in how many worlds that is so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from experiments.stats.ensemble import Doubt, doubt, range_over
from experiments.stats.intervals import (
    Floats,
    Interval,
    PairedDifference,
    holm,
    mean_interval,
    paired_difference,
    to_json,
)
from experiments.stats.series import RegimeSeries
from experiments.stats.units import Measure, Measured, Table

DAYS = "days_to_half"

MEASURES = {
    "in_time": Measure("in_time", "share", 1, "closed_in_time", "due"),
    "closed_30": Measure("closed_30", "share", 1, "closed_30", "reported"),
    "waiting": Measure("waiting", "share", -1, "waiting", "reported"),
    DAYS: Measure(DAYS, "days", -1, DAYS),
}
"""Closure by its three numbers, of what was reported (in time: of what was due), and days until half are closed."""

ONE_SCALE = ("closed_30", "waiting", DAYS)
"""Measures by which kinds can be compared with one another. Deadlines differ by class: closed in time, only kinds with
the shorter ones clearly gain, although by any one day early on all do."""

COLUMNS = (
    "regime kind title_zh title_en verdict measure unit pairs before before_low before_high before_beyond "
    "after after_low after_high after_beyond difference low high agree gains"
)
"""Of the table of kinds; a level or difference is median and 90 % range over worlds, or mean and interval."""

MAJORITY = 0.5  # share of worlds above which the median over worlds is one of those that do not reach half

Verdict = Literal["gains", "loses", "mixed", "none"]


@dataclass(frozen=True)
class Level:
    """A measure under one regime.

    Attributes:
        told: Median and 90 % range over worlds; in one world the mean with its interval over pairs.
        beyond: Share of worlds, or of pairs, in which half are not closed within the follow-up; 0 for shares.
    """

    told: Interval
    beyond: float

    @property
    def reached(self) -> bool:
        """Whether half are closed within the follow-up in most worlds; if not, `told.mean` is only a lower bound."""
        return self.beyond < MAJORITY

    @property
    def middle(self) -> float:
        """Median or mean, NaN where there is none."""
        return np.nan if self.told.mean is None else self.told.mean

    def as_json(self) -> dict[str, float | None]:
        return {**_ends(self.told), "beyond": self.beyond}


@dataclass(frozen=True)
class KindMeasured(Measured):
    """A measure of a kind of problem; p is adjusted over all kinds and measures of the two regimes."""

    @property
    def agree(self) -> float | None:
        """Share of worlds on the median's side of zero, None in one world."""
        return None if self.doubt is None else self.doubt.agree


@dataclass(frozen=True)
class KindFound:
    """A kind of problem under a regime beside the first.

    Attributes:
        title: In the language in use.
        follow_up: Days that each problem is followed.
        before, after: Levels under the first regime and under `regime`, by measure.
        measured: Differences by measure; measures that are undefined are left out of all three.
    """

    regime: str
    code: str
    title_zh: str
    title_en: str
    title: str
    follow_up: int
    before: Mapping[str, Level]
    after: Mapping[str, Level]
    measured: Mapping[str, KindMeasured]

    @property
    def verdict(self) -> Verdict:
        """What the measures of one scale say: it gains or loses in at least one and in none the opposite; or both."""
        said = {each.gains for name, each in self.measured.items() if name in ONE_SCALE} - {0}
        return "mixed" if len(said) == 2 else "gains" if 1 in said else "loses" if said else "none"

    @property
    def clearly(self) -> int:
        """+1 if half are clearly closed sooner, −1 if clearly later, else 0."""
        return self.measured[DAYS].gains if DAYS in self.measured else 0

    @property
    def faster(self) -> float:
        """Days by which half are closed sooner, 0 where that is undefined."""
        return -(self.measured[DAYS].told.mean or 0.0) if DAYS in self.measured else 0.0

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """Yield a row a measure, columns as in `COLUMNS`."""
        about = (self.regime, self.code, self.title_zh, self.title_en, self.verdict)
        for name, one in self.measured.items():
            levels = (part for side in (self.before[name], self.after[name]) for part in (side.told, side.beyond))
            yield *about, name, one.measure.unit, one.found.pairs, *levels, one.told, one.agree, one.gains

    def as_json(self) -> dict[str, Any]:
        """Return the stable keys of `kinds` in `whistle compare --json`."""
        return {
            "regime": self.regime, "kind": self.code, "title": {"zh": self.title_zh, "en": self.title_en},
            "verdict": self.verdict,
            "measures": {
                name: {"before": self.before[name].as_json(), "after": self.after[name].as_json(),
                       "difference": _ends(each.told), "agree": to_json(each.agree), "gains": each.gains}
                for name, each in self.measured.items()
            },
        }  # fmt: skip


def _ends(told: Interval) -> dict[str, float | None]:
    return {"middle": told.mean, "low": told.low, "high": told.high}


def faster_first(found: Iterable[KindFound], regime: str) -> list[KindFound]:
    """Return the kinds of a regime: the clearly faster, those not clear, the clearly slower; most days gained first."""
    return sorted((each for each in found if each.regime == regime), key=lambda each: (-each.clearly, -each.faster))


def kinds_found(series: Sequence[RegimeSeries], pairs: Sequence[int]) -> tuple[KindFound, ...]:
    """Return what is found of every kind under every other regime; empty where no complete pair kept its kinds.

    Args:
        series: Of every regime, the first one first.
        pairs: Replicates that ended well under every regime.
    """
    kept = [pair for pair in pairs if all(pair in each.replicates for each in series)]
    if not kept or len(series) < 2 or not all(each.kinds for each in series):
        return ()
    first, *others = series
    return tuple(found for each in others for found in _beside(first, each, kept))


def _beside(first: RegimeSeries, other: RegimeSeries, pairs: Sequence[int]) -> Iterable[KindFound]:
    """Yield the kinds that both regimes know; a measure stands where it is defined on both sides."""
    before, after = (_values(each, pairs) for each in (first, other))
    keys, compared = list[tuple[str, str]](), list[tuple[PairedDifference, Doubt | None]]()
    for code in before:
        for name, measure in MEASURES.items() if code in after else ():
            one, two = before[code][name], after[code][name]
            difference = paired_difference(one, two)
            if difference.interval.mean is not None:
                keys.append((code, name))
                compared.append((difference, doubt(two - one, measure.direction) if other.worlds else None))
    adjusted = holm([difference.p for difference, _ in compared])
    found: dict[str, dict[str, KindMeasured]] = {}
    for (code, name), (difference, left), p_holm in zip(keys, compared, adjusted, strict=True):
        found.setdefault(code, {})[name] = KindMeasured(MEASURES[name], difference, p_holm, left)
    for code, measured in found.items():
        about = (other.regime, code, *other.kind_titles[code], other.follow_up)
        yield KindFound(*about, _levels(first, before[code], measured), _levels(other, after[code], measured), measured)


def _levels(series: RegimeSeries, values: Mapping[str, Floats], names: Iterable[str]) -> dict[str, Level]:
    return {name: _level(series, values[name], name) for name in names}


def _level(series: RegimeSeries, values: Floats, name: str) -> Level:
    known = values[np.isfinite(values)]
    beyond = float(np.mean(known >= series.follow_up)) if name == DAYS else 0.0
    return Level(range_over(known) if series.worlds else mean_interval(known), beyond)


def _values(series: RegimeSeries, pairs: Sequence[int]) -> dict[str, dict[str, Floats]]:
    """Return by kind and measure its value in every world; in one world in every pair."""
    table = _table(series, pairs)
    read = {name: series.by_world(measure.read(table), pairs) for name, measure in MEASURES.items()}
    codes = [str(code) for code in table["code"][0]]
    return {code: {name: values[:, at] for name, values in read.items()} for at, code in enumerate(codes)}


def _table(series: RegimeSeries, pairs: Sequence[int]) -> Table:
    """Return the kinds of these runs, with what fell due, and days to half restricted to the follow-up."""
    rows = np.isin(series.replicates, list(pairs))
    table = {name: column[rows] for name, column in series.kinds.items()}
    for name, what in (("due", "due"), ("closed_in_time", "closed")):
        table[name] = table[f"own_{what}"] + table[f"offered_{what}"]
    days = np.where(np.isnan(table[DAYS]), series.follow_up, table[DAYS])
    table[DAYS] = np.where(table["reported"] > 0, np.minimum(days, series.follow_up), np.nan)
    return table
