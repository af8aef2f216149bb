"""From factors to rows: which combinations of values a study visits, and which of them share their luck."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.design.factors import Factor

__all__ = ["SCHEMES", "DesignSpec", "Row", "design_rows", "mapped", "settings_of"]

SCHEMES = ("sobol", "morris")
"""Designs that belong to an analysis of sensitivity and serve nothing else."""

Kind = Literal["grid", "list", "lhs", "sobol", "morris", "random"]


class DesignSpec(BaseModel):
    """How the space of parameters is visited, as the study's file says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind = "grid"
    points: int = Field(100, ge=1, le=10_000_000, description="lhs, random: rows.")
    blocks: int = Field(64, ge=2, le=1_048_576, description="sobol: Saltelli blocks, a power of two.")
    second_order: bool = Field(False, description="sobol: second-order indices too, for twice the rows.")
    trajectories: int = Field(20, ge=2, le=10_000, description="morris: trajectories kept.")
    candidates: int | None = Field(None, ge=2, description="morris: trajectories from which the best spread is chosen.")
    levels: int = Field(4, ge=2, le=64, description="morris: levels of each parameter, an even number.")
    rows: tuple[dict[str, Any], ...] = Field((), description="list: each row by parameter.")

    @model_validator(mode="after")
    def _makes_sense(self) -> DesignSpec:
        if self.kind == "sobol" and self.blocks & (self.blocks - 1):
            below = 1 << (self.blocks.bit_length() - 1)
            raise ValueError(f"blocks: expected a power of two, such as {below} or {2 * below}, got {self.blocks}")
        if self.kind == "morris" and self.levels % 2:
            raise ValueError(f"levels: expected an even number, got {self.levels}")
        if self.kind == "list" and not self.rows:
            raise ValueError("rows: expected one or more, each a mapping of values by parameter, got none")
        return self


@dataclasses.dataclass(frozen=True)
class Row:
    """One combination of values.

    Attributes
    ----------
    number : int
        Place in the design.
    block : int
        Rows of one block share their luck.
    factors : dict
        Value by factor.
    settings : dict
        Value by dotted path.
    """

    number: int
    block: int
    factors: dict[str, Any]
    settings: dict[str, Any]


def design_rows(spec: DesignSpec, factors: Sequence[Factor], seed: int) -> list[Row]:
    """Return the rows of a design.

    Parameters
    ----------
    spec : DesignSpec
    factors : sequence of Factor
        None: one row that changes nothing.
    seed : int
        Of the sampling; the luck of the runs has nothing to do with it.

    Returns
    -------
    list of Row
        Rows of a grid or a list share one luck; a row of a random or Latin hypercube sample has its own. The schemes
        of sensitivity are made where they are analysed.
    """
    make: Callable[..., tuple[list[dict[str, Any]], Sequence[int]]] = _MAKERS[spec.kind]
    values, blocks = make(spec, factors, seed)
    return [
        Row(number, int(block), value, settings_of(factors, value))
        for number, (value, block) in enumerate(zip(values, blocks, strict=True))
    ]


def settings_of(factors: Sequence[Factor], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by dotted path that a value of each factor stands for."""
    return {path: each for factor in factors for path, each in factor.settings(values[factor.name]).items()}


def _grid(_: DesignSpec, factors: Sequence[Factor], __: int) -> tuple[list[dict[str, Any]], Sequence[int]]:
    names = [factor.name for factor in factors]
    rows = [dict(zip(names, row, strict=True)) for row in itertools.product(*(factor.grid() for factor in factors))]
    return rows, [0] * len(rows)


def _listed(spec: DesignSpec, _: Sequence[Factor], __: int) -> tuple[list[dict[str, Any]], Sequence[int]]:
    return [dict(row) for row in spec.rows], [0] * len(spec.rows)


def _latin(spec: DesignSpec, factors: Sequence[Factor], seed: int) -> tuple[list[dict[str, Any]], Sequence[int]]:
    from scipy.stats import qmc

    if not factors:
        return [{} for _ in range(spec.points)], range(spec.points)
    shares = qmc.LatinHypercube(d=len(factors), rng=np.random.default_rng(seed)).random(spec.points)
    return mapped(shares, factors), range(spec.points)


def _random(spec: DesignSpec, factors: Sequence[Factor], seed: int) -> tuple[list[dict[str, Any]], Sequence[int]]:
    shares = np.random.default_rng(seed).random((spec.points, len(factors)))
    return mapped(shares, factors), range(spec.points)


def mapped(shares: NDArray[np.float64], factors: Sequence[Factor]) -> list[dict[str, Any]]:
    """Return rows of values from rows of shares in [0, 1), one column a factor."""
    return [
        {factor.name: factor.at(share) for factor, share in zip(factors, row, strict=True)} for row in shares.tolist()
    ]


_MAKERS = {"grid": _grid, "list": _listed, "lhs": _latin, "random": _random}
