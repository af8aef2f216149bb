"""Sensitivity indices of an outcome, what is doubtful about them, and how far it goes over all worlds of a design."""

import dataclasses
import itertools
import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import UNDEFINED, Floats, Interval, mean_interval, to_json

Method = Literal["sobol", "morris", "pawn", "delta"]

DISTANCES: tuple[Method, ...] = ("pawn", "delta")
"""Compare whole distributions of independent rows: each has its own seeds, so that luck is a second dummy to them."""

STRAY, SLACK, WIDE = 0.02, 0.1, 0.1
"""Share, or part of the largest effect, above which a dummy, which should be 0, is a finding; how far sums of
indices may lie from what they must be without a warning; half width, as the first, above which more runs are due."""


@dataclasses.dataclass(frozen=True)
class Index:
    """What one parameter does to the outcome; what the method does not give is undefined.

    Attributes:
        first, total: Sobol' indices: the share of variance that the parameter explains alone, and with all its
            interactions.
        mu_star, sigma: Morris: mean absolute elementary effect, in the outcome's unit over the parameter's whole range,
            and standard deviation of the elementary effects; large beside `mu_star`: bends or interactions.
        distance: PAWN: median Kolmogorov–Smirnov distance between the outcome's distribution and that at given values
            of the parameter. Delta: Borgonovo's expected half area between their densities. From 0 to 1.
    """

    parameter: str
    first: Interval = UNDEFINED
    total: Interval = UNDEFINED
    mu_star: Interval = UNDEFINED
    sigma: float | None = None
    distance: Interval = UNDEFINED

    @property
    def leading(self) -> Interval:
        """The index by which parameters are ranked: of `size`, with an interval of width 2 × `half` from `least` on."""
        return next((each for each in (self.total, self.mu_star, self.distance) if each.mean is not None), UNDEFINED)

    @property
    def size(self) -> float:
        return self.leading.mean or 0.0

    @property
    def half(self) -> float:
        return self.leading.half or 0.0

    @property
    def least(self) -> float:
        ends = (self.leading.low, self.leading.mean, -math.inf)
        return next(each for each in ends if each is not None)

    def as_json(self, method: Method) -> dict[str, Any]:
        """Return the keys of every index, and those of the method."""
        own = {"sobol": [], "morris": ["mu_star"]}.get(method, ["distance"])
        entry: dict[str, Any] = {"parameter": self.parameter}
        for name in ("first", "total", *own):
            entry |= {name: getattr(self, name).mean, f"{name}_ci": getattr(self, name).ends}
        return entry | ({"sigma": self.sigma} if method == "morris" else {})


@dataclasses.dataclass(frozen=True)
class Pair:
    """A second-order index: the share of variance that two parameters explain only together."""

    first: str
    second: str
    index: Interval


@dataclasses.dataclass(frozen=True)
class Analysis:
    """The indices of one outcome.

    Attributes:
        runs, groups: Rows used, and independent groups of rows: Saltelli blocks, trajectories or single rows.
        dropped: Groups left out because one of their rows failed or is undefined.
        varies: False: the outcome is the same in every row and has no indices.
        indices: Of the study's parameters, in its order.
        dummy, luck: Of the parameter that no rule reads, and of the random seed.
        pairs: Second-order indices of all pairs, luck included; None without second order.
    """

    outcome: str
    method: Method
    runs: int
    groups: int
    dropped: tuple[int, ...]
    varies: bool
    indices: tuple[Index, ...]
    dummy: Index
    luck: Index
    pairs: tuple[Pair, ...] | None = None

    @property
    def ranked(self) -> list[Index]:
        return sorted(self.indices, key=lambda index: -index.size)

    @property
    def all_ranked(self) -> list[Index]:
        """The study's parameters, most important first, then the dummy and luck."""
        return [*self.ranked, self.dummy, self.luck]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`.

        `dummy` and `dummy_ci` are the dummy's leading index, `noise_share` is luck's total index, `luck` all of luck's.
        Methods other than "sobol" have no shares of variance: `first`, `total` and `noise_share` are null, and keys of
        their own stand beside. An outcome that does not vary has null everywhere. Intervals are [low, high] at 95 %.
        """
        return {
            "outcome": self.outcome, "method": self.method, "runs": self.runs, "groups": self.groups,
            "dropped": list(self.dropped), "varies": self.varies,
            "indices": [index.as_json(self.method) for index in self.indices],
            "dummy": self.dummy.leading.mean, "dummy_ci": self.dummy.leading.ends,
            "noise_share": self.luck.total.mean, "noise_share_ci": self.luck.total.ends,
            "luck": self.luck.as_json(self.method),
            "second": None if self.pairs is None else [
                {"parameters": [pair.first, pair.second], "second": pair.index.mean, "second_ci": pair.index.ends}
                for pair in self.pairs
            ],
        }  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Diagnostics:
    """What is doubtful about an analysis.

    Attributes:
        stray_dummy: The dummy has an index: rows of a group did not share their seeds, or a rule reads it.
        inert, within_dummy, below_luck: Parameters whose index is exactly 0, so that nothing reads them under these
            regimes; whose interval begins below the end of the dummy's; that matter less than other random seeds.
        sum_of_first, sum_of_total: Over all parameters and luck, by "sobol"; the first must not exceed 1, the second
            must reach it.
        widest, runs_needed: The parameter with the widest interval, where it is too wide, and the runs for which it
            would be narrow enough, roughly: widths fall with the root of the runs.
        disagreements (tuple of (str, str)): The first clearly matters more than the second by one method and less by
            the other.
    """

    stray_dummy: bool = False
    inert: tuple[str, ...] = ()
    within_dummy: tuple[str, ...] = ()
    below_luck: tuple[str, ...] = ()
    sum_of_first: float | None = None
    sum_of_total: float | None = None
    widest: str | None = None
    runs_needed: int | None = None
    disagreements: tuple[tuple[str, str], ...] = ()

    @property
    def strange_sums(self) -> bool:
        """Whether a sum misses its bound by more than the estimates should."""
        first, total = self.sum_of_first, self.sum_of_total
        return first is not None and total is not None and (first > 1 + SLACK or total < 1 - SLACK)

    @property
    def interactions(self) -> float | None:
        """Share of variance that no parameter explains alone, where it is large enough to report."""
        first = self.sum_of_first
        return 1 - first if first is not None and first < 1 - SLACK else None


def diagnose(analysis: Analysis, opinion: Analysis | None = None) -> Diagnostics:
    """Return what is doubtful about an analysis, `opinion` being the same outcome's by "pawn" or "delta"."""
    if not analysis.varies:
        return Diagnostics()
    distances, sums, luck = analysis.method in DISTANCES, analysis.method == "sobol", analysis.luck
    dummies = (analysis.dummy, luck) if distances else (analysis.dummy,)  # no dummy's distance is ever 0
    noise = max(max(each.size, each.leading.high or 0.0) for each in dummies)
    others = [index for index in analysis.indices if index.leading.mean != 0.0]
    # what indices are measured against: the variance, or the largest effect
    whole = max(each.size for each in (*analysis.indices, luck)) if analysis.method == "morris" else 1.0
    widest = max(analysis.indices, key=lambda index: index.half)
    too_wide = widest.half / (WIDE * whole)
    groups = math.ceil(analysis.groups * too_wide**2)
    if sums:
        groups = 1 << (groups - 1).bit_length()
    return Diagnostics(
        stray_dummy=not distances and analysis.dummy.size > STRAY * whole,
        inert=tuple(index.parameter for index in analysis.indices if index.leading.mean == 0.0),
        within_dummy=tuple(index.parameter for index in others if index.least <= noise),
        below_luck=tuple(each.parameter for each in others if not distances and each.size < luck.size),
        sum_of_first=math.fsum(index.first.mean or 0.0 for index in analysis.all_ranked) if sums else None,
        sum_of_total=math.fsum(index.total.mean or 0.0 for index in analysis.all_ranked) if sums else None,
        widest=widest.parameter if too_wide > 1 else None,
        runs_needed=groups * (analysis.runs // analysis.groups) if too_wide > 1 else None,
        disagreements=_disagreements(analysis, opinion) if opinion is not None and opinion.varies else (),
    )


def _disagreements(analysis: Analysis, opinion: Analysis) -> tuple[tuple[str, str], ...]:
    """Return pairs that one method orders clearly and the other the other way round, by more than its noise is wide."""
    other, width = {index.parameter: index.size for index in opinion.indices}, 2 * opinion.dummy.half
    clear = ((more.parameter, less.parameter) for more, less in itertools.permutations(analysis.indices, 2)
             if less.leading.high is not None and more.least > less.leading.high)  # fmt: skip
    return tuple((more, less) for more, less in clear if other[more] + width < other[less])


@dataclasses.dataclass(frozen=True)
class OverWorlds:
    """An outcome, or its difference, over parameters drawn from their ranges; luck is one of them.

    Attributes:
        worlds: Rows in which it is defined.
        low, median, high: The middle 95 % of the worlds and their median, in the outcome's unit; None without any
            world.
        positive: Share of the worlds in which it is above 0, with its 95 % interval over independent blocks of rows.
    """

    outcome: str
    worlds: int
    low: float | None
    median: float | None
    high: float | None
    positive: Interval

    def as_json(self) -> dict[str, Any]:
        return {name: to_json(value) for name, value in vars(self).items() if name != "outcome"}


def over_worlds(outcome: str, values: Floats, block: NDArray[np.int64]) -> OverWorlds:
    """Describe an outcome over the rows of a design.

    Args:
        values (array (rows,)): NaN where undefined.
        block (array (rows,)): Which rows belong together: a Saltelli block, a trajectory, or the row alone.
    """
    known = np.isfinite(values)
    if not known.any():
        return OverWorlds(outcome, 0, None, None, None, UNDEFINED)
    low, median, high = np.quantile(values[known], (0.025, 0.5, 0.975)).tolist()
    shares = [float((values[known & (block == each)] > 0.0).mean()) for each in np.unique(block[known])]
    return OverWorlds(outcome, int(known.sum()), low, median, high, mean_interval(shares))
