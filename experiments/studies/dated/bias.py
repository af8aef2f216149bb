"""How wrong difference-in-differences is, mapped over load and share of joint cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.stats import Interval, mean_interval
from experiments.stats.intervals import share_of
from experiments.studies.dated.intervals import interval_json
from experiments.studies.dated.reforms import Settings

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["BiasCell", "BiasMap", "BiasRow", "bias_map", "joint_share", "joint_times"]


class BiasRow(NamedTuple):
    """One run of the map.

    Attributes
    ----------
    load : float
        `staff.load`.
    joint : float
        Share of problems that need several parties.
    estimate, truth : float or None
        Difference-in-differences, and the true effect on the reformed under the same luck.
    held : bool or None
        Whether the clustered 95 % interval holds the truth.
    """

    load: float
    joint: float
    estimate: float | None
    truth: float | None
    held: bool | None = None


@dataclass(frozen=True)
class BiasCell:
    """One place of the map.

    Attributes
    ----------
    load, joint : float
    runs : int
        In which both numbers are defined.
    bias, truth : Interval
        Mean of estimate less truth, and of truth, over runs.
    relative : float or None
        Mean bias over mean truth; None where the truth's interval reaches zero.
    coverage : Interval
    """

    load: float
    joint: float
    runs: int
    bias: Interval
    truth: Interval
    relative: float | None
    coverage: Interval

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        return {
            "load": self.load,
            "joint": self.joint,
            "runs": self.runs,
            "bias": interval_json(self.bias),
            "truth": interval_json(self.truth),
            "relative": self.relative,
            "coverage": interval_json(self.coverage),
        }


@dataclass(frozen=True)
class BiasMap:
    """Bias by load and share of joint cases, for one measure."""

    measure: str
    cells: tuple[BiasCell, ...]

    @property
    def loads(self) -> list[float]:
        """Loads of the map, in order."""
        return sorted({cell.load for cell in self.cells})

    @property
    def joints(self) -> list[float]:
        """Shares of joint cases of the map, in order."""
        return sorted({cell.joint for cell in self.cells})

    def at(self, load: float, joint: float) -> BiasCell | None:
        """Return a cell, None where nothing was run."""
        return next((cell for cell in self.cells if (cell.load, cell.joint) == (load, joint)), None)

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        return {"measure": self.measure, "cells": [cell.as_json() for cell in self.cells]}


def bias_map(measure: str, rows: Iterable[BiasRow]) -> BiasMap:
    """Return the map of the runs in these rows; their order does not matter."""
    places: dict[tuple[float, float], list[BiasRow]] = {}
    for row in rows:
        places.setdefault((row.load, row.joint), []).append(row)
    return BiasMap(measure, tuple(_cell(*place, places[place]) for place in sorted(places)))


def _cell(load: float, joint: float, rows: list[BiasRow]) -> BiasCell:
    pairs = [(row.estimate, row.truth) for row in rows if row.estimate is not None and row.truth is not None]
    bias = mean_interval([estimate - true for estimate, true in pairs])
    truth = mean_interval([true for _, true in pairs])
    clear = truth.low is not None and truth.high is not None and truth.low * truth.high > 0.0
    relative = bias.mean / truth.mean if clear and bias.mean is not None and truth.mean else None
    return BiasCell(load, joint, len(pairs), bias, truth, relative, share_of([row.held for row in rows]))


def joint_share(scenario: Scenario) -> float:
    """Return the share of problems born in a year that need several parties."""
    births = [kind.share / (1.0 - kind.hidden) for kind in scenario.world.kinds]
    joint = [part * kind.joint for part, kind in zip(births, scenario.world.kinds, strict=True)]
    return math.fsum(joint) / math.fsum(births)


def joint_times(scenario: Scenario, times: float) -> Mapping[str, Any]:
    """Return settings under which every kind's share of joint cases is so many times as large, at most 1.

    A kind that fewer departments claim than it has parties keeps its share at 0.
    """
    settings: Settings = {
        f"kinds.{kind.code}.joint": min(1.0, kind.joint * times) for kind in scenario.world.kinds if kind.joint > 0.0
    }
    return settings
