"""How a pool, its members and its rivals did on the last part of a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments.learning.foretelling import Foretold
from experiments.learning.measures import MEASURES, text_of
from experiments.learning.pool import LAST, MECHANISM, REPLAY, YESTERDAY, Pooled
from experiments.learning.trial import ORACLE, QUEUE
from experiments.stats.crps import crps

POOL = "pool"
RIVALS = (MECHANISM, YESTERDAY, LAST, QUEUE, REPLAY)
TOLD = (POOL, MECHANISM, LAST, QUEUE, REPLAY, ORACLE)  # in scores of yesterday


@dataclass(frozen=True)
class HeldOut:
    """One figure of the last part: what was foretold and what came, in the unit of the measure.

    Attributes:
        period: As dates, from and to before; `place` its number.
        low, high: Between which 90 % of the pool lies.
        scores: CRPS by name; a rival that says nothing has none.
    """

    measure: str
    period: str
    place: int
    observed: float
    low: float
    high: float
    scores: Mapping[str, float]

    @property
    def inside(self) -> bool:
        return self.low <= self.observed <= self.high

    def as_json(self) -> dict[str, object]:
        """Return the row as `--json` has it."""
        return {
            "measure": self.measure, "period": self.period, "observed": self.observed, "low": self.low,
            "high": self.high, "inside": self.inside, "crps": self.scores[POOL],
            **{f"crps_{name}": self.scores.get(name) for name in (*RIVALS, ORACLE)},
        }  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """All figures of the last part, by measure and period."""

    rows: tuple[HeldOut, ...]

    @classmethod
    def of(cls, foretold: Foretold) -> Scores:
        """Score the last part."""
        last, rows = foretold.last, []
        for period, each in last.watched([YESTERDAY]):
            said = {name: samples[period][MEASURES.index(each.measure)] for name, samples in last.said.items()}
            pooled = Pooled.of(said, foretold.weights, each.measure)
            scores = {name: crps(values, each.came) for name, values in said.items() if values.size}
            low, high = pooled.interval()
            rows.append(
                HeldOut(each.measure, text_of(last.periods.edges, period), period, each.came, low, high,
                        {POOL: pooled.score(each.came), **scores})
            )  # fmt: skip
        return cls(tuple(sorted(rows, key=lambda row: MEASURES.index(row.measure))))

    @property
    def measures(self) -> list[str]:
        return [name for name in MEASURES if any(row.measure == name for row in self.rows)]

    @cached_property
    def coverage(self) -> float | None:
        """Share of the figures that lie inside the 90 % interval."""
        return float(np.mean([row.inside for row in self.rows])) if self.rows else None

    def of_measure(self, measure: str) -> list[HeldOut]:
        return [row for row in self.rows if row.measure == measure]

    def ratio(self, name: str, measure: str) -> float | None:
        """Return the mean score of one of a measure in scores of yesterday; None where it says nothing.

        Where yesterday is never wrong nobody can be better: None.
        """
        pairs = [(row.scores[name], row.scores[YESTERDAY]) for row in self.of_measure(measure) if name in row.scores]
        mine, past = np.mean(pairs, axis=0) if pairs else (0.0, 0.0)
        return float(mine / past) if past > 0.0 else None

    def geometric(self, name: str, measures: Iterable[str] | None = None) -> float | None:
        """Return the geometric mean over measures of the ratio to yesterday; None where there is none."""
        ratios = [self.ratio(name, measure) for measure in measures or self.measures]
        known = [each for each in ratios if each is not None]
        return float(np.exp(np.mean(np.log(np.maximum(known, 1e-9))))) if known else None

    def no_better(self) -> list[str]:
        """Return the measures that the mechanism foretells no better than yesterday, or not at all."""
        return [name for name in self.measures if (self.ratio(MECHANISM, name) or np.inf) >= 1.0]
