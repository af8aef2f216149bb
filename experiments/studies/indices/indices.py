"""How much of an outcome each parameter decides, with intervals, beside a dummy's index and luck's."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from experiments.stats import Interval

__all__ = ["UNKNOWN", "Analysis", "Index", "Method", "Pair"]

Method = Literal["sobol", "morris", "pawn", "delta"]

UNKNOWN = Interval(None, None, None)
"""An index that the method does not give, or that an outcome which does not vary has not."""


@dataclasses.dataclass(frozen=True)
class Index:
    """What one parameter does to the outcome; what the method does not give is unknown.

    Attributes
    ----------
    parameter : str
    first, total : Interval
        Sobol' indices: the share of variance that the parameter explains alone, and with all its interactions.
    mu_star : Interval
        Morris: mean absolute elementary effect, in the outcome's unit over the parameter's whole range.
    sigma : float or None
        Morris: standard deviation of the elementary effects; large beside `mu_star`: bends or interactions.
    distance : Interval
        PAWN: median Kolmogorov–Smirnov distance between the outcome's distribution and that at given values of the
        parameter. Delta: Borgonovo's expected half area between their densities. From 0 to 1.
    """

    parameter: str
    first: Interval = UNKNOWN
    total: Interval = UNKNOWN
    mu_star: Interval = UNKNOWN
    sigma: float | None = None
    distance: Interval = UNKNOWN

    def leading(self, method: Method) -> Interval:
        """Return the index by which parameters are ranked."""
        return {"sobol": self.total, "morris": self.mu_star}.get(method, self.distance)

    def as_json(self, method: Method) -> dict[str, Any]:
        """Return the keys of an index: those of the contract, and those of the method."""
        entry = {
            "parameter": self.parameter,
            "first": self.first.mean, "first_ci": _ends(self.first),
            "total": self.total.mean, "total_ci": _ends(self.total),
        }  # fmt: skip
        if method == "morris":
            entry |= {"mu_star": self.mu_star.mean, "mu_star_ci": _ends(self.mu_star), "sigma": self.sigma}
        elif method != "sobol":
            entry |= {"distance": self.distance.mean, "distance_ci": _ends(self.distance)}
        return entry


@dataclasses.dataclass(frozen=True)
class Pair:
    """A second-order index: the share of variance that two parameters explain only together."""

    first: str
    second: str
    index: Interval

    def as_json(self) -> dict[str, Any]:
        """Return its keys."""
        return {"parameters": [self.first, self.second], "second": self.index.mean, "second_ci": _ends(self.index)}


@dataclasses.dataclass(frozen=True)
class Analysis:
    """The indices of one outcome.

    Attributes
    ----------
    outcome : str
    method : str
    runs : int
        Rows used.
    groups : int
        Independent groups of rows used: Saltelli blocks, trajectories or single rows.
    dropped : tuple of int
        Groups left out because a row of theirs failed or is undefined.
    varies : bool
        False: the outcome is the same in every row and has no indices.
    indices : tuple of Index
        Of the study's parameters, in its order.
    dummy, luck : Index
        Of the parameter that no rule reads, and of luck.
    pairs : tuple of Pair or None
        Second-order indices of all two parameters, luck included; None where they were not asked for.
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
        """The study's parameters, most important first; equal ones in the study's order."""
        return sorted(self.indices, key=lambda index: -(index.leading(self.method).mean or 0.0))

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`.

        Notes
        -----
        `dummy` is the dummy's total index for "sobol", its `mu_star` for "morris", its distance otherwise, and
        `dummy_ci` the interval. `noise_share` is luck's total index, `luck` holds all of luck's indices. Methods other
        than "sobol" have no shares of variance: `first`, `total` and `noise_share` are null there, and their own keys
        (`mu_star`, `mu_star_ci`, `sigma`; `distance`, `distance_ci`) stand beside. An outcome that does not vary has
        null everywhere and `varies` false. Every interval is [low, high] at 95 %.
        """
        dummy = self.dummy.leading(self.method)
        return {
            "outcome": self.outcome,
            "method": self.method,
            "runs": self.runs,
            "groups": self.groups,
            "dropped": list(self.dropped),
            "varies": self.varies,
            "indices": [index.as_json(self.method) for index in self.indices],
            "dummy": dummy.mean,
            "dummy_ci": _ends(dummy),
            "noise_share": self.luck.total.mean,
            "noise_share_ci": _ends(self.luck.total),
            "luck": self.luck.as_json(self.method),
            "second": None if self.pairs is None else [pair.as_json() for pair in self.pairs],
        }


def _ends(interval: Interval) -> list[float | None] | None:
    return None if interval.low is None else [interval.low, interval.high]
