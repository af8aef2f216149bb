"""The paired comparison: the same seeds under several regimes, the first against each other one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.design.naming import shown_name, unbracketed
from experiments.messages import current_language, msg, pairs_text
from experiments.stats import CLEAR, Interval, bca_interval, holm, mean_interval, paired_difference
from experiments.store.opened import OpenStudy
from experiments.studies.comparing.reach import unreached
from experiments.studies.comparing.splits import SPLIT_COLUMNS, Split, split_outcomes
from experiments.studies.comparing.units import UNIT_COLUMNS, UnitDifference, unit_differences

__all__ = ["REAL", "REPORTED", "Comparison", "Difference", "compare", "tables_of"]


REAL, REPORTED = "closure_rate", "reported_closure_rate"
"""What is closed in time, and what is reported as closed."""


@dataclass(frozen=True)
class Difference:
    """One outcome under two regimes: `after` minus `before`.

    Attributes
    ----------
    outcome, before, after : str
        Names.
    pairs : int
        Pairs in which the outcome is defined under both.
    one_sided : int
        Pairs in which it is defined under one alone; these are left out.
    interval, bca : Interval
        By t and by bootstrap, in the unit of the outcome.
    effect : float or None
        Paired d_z.
    p_holm : float or None
        Adjusted over all outcomes of the two regimes.
    """

    outcome: str
    before: str
    after: str
    pairs: int
    one_sided: int
    interval: Interval
    bca: Interval
    effect: float | None
    p_holm: float | None

    @property
    def clear(self) -> bool:
        """Whether the adjusted p is below 0.05."""
        return self.p_holm is not None and self.p_holm < CLEAR

    @property
    def equal(self) -> bool:
        """Whether every pair has the same value twice."""
        return self.one_sided == 0 and self.interval == Interval(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Comparison:
    """Levels of every outcome under each regime, and their differences from the first regime.

    Attributes
    ----------
    differences, steps : tuple of Difference
        Of every other regime from the first, and of every one from the one before it; a pair of regimes is a family
        of tests of its own, so that what is clear of it does not hang on who stands beside it.
    splits : tuple of Split
        Where the regimes hold a 2 × 2 of placement and rules: what each factor did; else empty.
    units : tuple of UnitDifference
        Streets and departments under each regime against the first.
    titles : mapping
        Titles of each regime by language.
    gaps : dict
        By regime: reported minus real closure rate; empty where the outcomes do not hold both.
    unreached : mapping
        By regime and outcome: runs in which a quantile was not reached within the follow-up.
    follow_up : mapping
        By regime: days that a case is followed.
    neutral : bool
        Whether hours of volunteers and hours saved by technology were booked and not used, in every run.
    """

    study: str
    pairs: int
    regimes: tuple[str, ...]
    levels: dict[str, dict[str, Interval]]
    differences: tuple[Difference, ...]
    steps: tuple[Difference, ...]
    splits: tuple[Split, ...]
    units: tuple[UnitDifference, ...]
    titles: Mapping[str, Mapping[str, str]]
    gaps: dict[str, Interval]
    unreached: Mapping[str, Mapping[str, int]]
    follow_up: Mapping[str, int]
    neutral: bool

    @property
    def basis(self) -> str:
        """What every number rests on: the pairs and, where it holds, that capacity is kept the same."""
        pairs = pairs_text(self.pairs)
        return msg("basis_neutral", pairs=pairs) if self.neutral else pairs

    def identical(self, regime: str) -> bool:
        """Tell whether a regime is the same as the first in every outcome of every pair, exactly."""
        return self.pairs > 0 and all(
            each.one_sided == 0 and set(dataclasses.astuple(each.interval)) <= {0.0, None}
            for each in self.differences
            if each.after == regime
        )

    def name(self, regime: str) -> str:
        """Return a regime as it is shown in the language that is spoken."""
        return shown_name(regime, self.titles.get(regime, {}))

    def title(self, regime: str) -> str:
        """Return a regime's title in the language that is spoken, its name where titles do not tell regimes apart."""
        return _telling(
            {label: each.get(str(current_language()), label) for label, each in self.titles.items()}, regime
        )

    def short(self, regime: str) -> str:
        """Return the title without what stands in brackets at its end, where that still tells regimes apart."""
        return _telling({label: unbracketed(self.title(label)) for label in self.regimes}, regime)

    def as_json(self) -> dict[str, Any]:
        """Return the stable keys of `whistle compare --json`."""
        return {
            "study": self.study,
            "pairs": self.pairs,
            "regimes": list(self.regimes),
            "levels": {
                regime: {outcome: _bounds(level) for outcome, level in levels.items()}
                for regime, levels in self.levels.items()
            },
            "differences": [
                {"outcome": each.outcome, "from": each.before, "to": each.after}
                | _bounds(each.interval)
                | {"effect": each.effect, "clear": each.clear}
                for each in self.differences
            ],
            "split": [each.as_json() for each in self.splits],
            "units": [each.as_json() for each in self.units if each.clear],
        }


def _telling(names: Mapping[str, str], regime: str) -> str:
    """Return the name of a regime, its label where two have the same name or it has none."""
    own = names.get(regime, regime)
    return own if list(names.values()).count(own) <= 1 else regime


def _bounds(interval: Interval) -> dict[str, float | None]:
    return {"mean": interval.mean, "ci_low": interval.low, "ci_high": interval.high}


Values = Mapping[str, Mapping[str, NDArray[np.float64]]]
"""By regime and outcome: the values of the complete pairs, in the order of the pairs; NaN where undefined."""


def compare(study: OpenStudy) -> Comparison:
    """Compare the regimes of a finished study: the first with each other one.

    Parameters
    ----------
    study : OpenStudy
        Pairs in which a run failed are left out.

    Returns
    -------
    Comparison
    """
    regimes = study.labels
    pairs = _complete_pairs(study.table, len(regimes))
    values = _values(study.table, pairs, study.outcomes, regimes)
    levels = {
        regime: {outcome: mean_interval(values[regime][outcome]) for outcome in study.outcomes} for regime in regimes
    }
    bases = study.manifest["bases"]
    resolved = {base["label"]: base["resolved"] for base in bases}
    return Comparison(
        study=str(study.folder),
        pairs=len(pairs),
        regimes=tuple(regimes),
        levels=levels,
        differences=_differences(values, [(regimes[0], after) for after in regimes[1:]]),
        steps=_differences(values, list(pairwise(regimes))),
        splits=split_outcomes(values, regimes, list(resolved.values())),
        units=unit_differences(study, pairs),
        titles={label: entries["title"] for label, entries in resolved.items()},
        gaps={regime: mean_interval(values[regime][REPORTED] - values[regime][REAL]) for regime in regimes}
        if {REPORTED, REAL} <= set(study.outcomes)
        else {},
        unreached={regime: unreached(values[regime]) for regime in regimes},
        follow_up={label: entries["run"]["follow_up_days"] for label, entries in resolved.items()},
        neutral=all(entries.get("staff", {}).get("capacity_neutral", False) for entries in resolved.values()),
    )


def _complete_pairs(runs: pa.Table, regimes: int) -> list[int]:
    replicates, counts = np.unique(runs.column("replicate").to_numpy(), return_counts=True)
    return [int(replicate) for replicate, count in zip(replicates, counts, strict=True) if count == regimes]


def _values(runs: pa.Table, pairs: Sequence[int], outcomes: Sequence[str], regimes: Sequence[str]) -> Values:
    points, complete = runs.column("point").to_numpy(), np.isin(runs.column("replicate").to_numpy(), pairs)
    columns = {outcome: np.asarray(runs.column(outcome).to_pylist(), dtype=np.float64) for outcome in outcomes}
    return {
        regime: {outcome: column[(points == point) & complete] for outcome, column in columns.items()}
        for point, regime in enumerate(regimes)
    }


def _differences(values: Values, pairs: Sequence[tuple[str, str]]) -> tuple[Difference, ...]:
    return tuple(each for before, after in pairs for each in _pair(values, before, after))


def _pair(values: Values, before: str, after: str) -> tuple[Difference, ...]:
    compared = [
        (outcome, paired_difference(values[before][outcome], values[after][outcome])) for outcome in values[before]
    ]
    adjusted = holm([result.p for _, result in compared])
    return tuple(
        Difference(
            outcome,
            before,
            after,
            result.pairs,
            int(np.sum(np.isfinite(values[before][outcome]) != np.isfinite(values[after][outcome]))),
            result.interval,
            bca_interval(values[after][outcome] - values[before][outcome]),
            result.effect,
            p_holm,
        )
        for (outcome, result), p_holm in zip(compared, adjusted, strict=True)
    )


def tables_of(comparison: Comparison) -> dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]:
    """Return levels, differences, the split of the whole, and units, each as column names and rows."""
    levels = [
        [regime, outcome, level.mean, level.low, level.high]
        for regime, outcomes in comparison.levels.items()
        for outcome, level in outcomes.items()
    ]
    return {
        "levels": (["regime", "outcome", "mean", "ci_low", "ci_high"], levels),
        "differences": (DIFFERENCE_COLUMNS, map(_difference_row, comparison.differences)),
        "split": (SPLIT_COLUMNS, [row for each in comparison.splits for row in each.rows()]),
        "units": (UNIT_COLUMNS, (each.row() for each in comparison.units)),
    }


DIFFERENCE_COLUMNS = [
    "outcome",
    "from",
    "to",
    "pairs",
    "mean",
    "ci_low",
    "ci_high",
    "bca_low",
    "bca_high",
    "effect",
    "p_holm",
    "clear",
]


def _difference_row(each: Difference) -> list[Any]:
    interval, bca = each.interval, each.bca
    names = [each.outcome, each.before, each.after, each.pairs]
    return [*names, interval.mean, interval.low, interval.high, bca.low, bca.high, each.effect, each.p_holm, each.clear]
