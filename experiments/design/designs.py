"""From factors to rows: which combinations of values a study visits, and which of them share their random seeds."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.design.studyfile import DesignSpec

SCHEMES = ("sobol", "morris")
"""Designs that belong to an analysis of sensitivity and serve nothing else."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One combination of values.

    Attributes:
        number, block: Place in the design; rows of one block share their random seeds.
        factors, settings: Value by factor, and by dotted path.
    """

    number: int
    block: int
    factors: dict[str, Any]
    settings: dict[str, Any]


def design_rows(spec: DesignSpec, factors: Sequence[Factor], seed: int) -> list[Row]:
    """Return the rows of a design, sampled with a seed that has nothing to do with those of the runs.

    Rows of a grid or a list share one block; a row of a random or Latin hypercube sample has its own. The schemes of
    sensitivity are made where they are analysed.
    """
    match spec.kind:
        case "grid":
            names = [factor.name for factor in factors]
            values = [
                dict(zip(names, row, strict=True)) for row in itertools.product(*(each.grid() for each in factors))
            ]
        case "list":
            values = [dict(row) for row in spec.rows]
        case _:
            values = mapped(_sample(spec, len(factors), seed), factors)
    own = spec.kind not in ("grid", "list")
    return [Row(place, place if own else 0, row, settings_of(factors, row)) for place, row in enumerate(values)]


def _sample(spec: DesignSpec, factors: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    generator = np.random.default_rng(seed)
    if spec.kind == "random" or not factors:
        return generator.random((spec.points, factors))
    return np.asarray(qmc.LatinHypercube(d=factors, rng=generator).random(spec.points))


def settings_of(factors: Sequence[Factor], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by dotted path that a value of each factor stands for."""
    return {path: each for factor in factors for path, each in factor.settings(values[factor.name]).items()}


def mapped(shares: NDArray[np.float64], factors: Sequence[Factor]) -> list[dict[str, Any]]:
    """Return rows of values from rows of shares in [0, 1), one column a factor."""
    return [
        {factor.name: factor.at(share) for factor, share in zip(factors, row, strict=True)} for row in shares.tolist()
    ]
