"""The subsets of a scheme as rows that a study runs."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.attribution.scheme import Scheme, members
from experiments.planning.designs import Row, settings_of
from experiments.planning.factors import Factor
from experiments.planning.instruments import OFF, ON

__all__ = ["rows_of", "run_of"]


def rows_of(scheme: Scheme, factors: Sequence[Factor]) -> list[Row]:
    """Return the rows of a scheme.

    Parameters
    ----------
    scheme : Scheme
    factors : sequence of Factor
        Each instrument off or on, in the scheme's order.

    Returns
    -------
    list of Row
        All subsets: one row each, which share their luck and are repeated for every replicate. Orders of introduction:
        one row a subset and walk, run once; rows of a walk share their luck.
    """
    if tuple(factor.name for factor in factors) != scheme.instruments:
        raise ValueError(f"factors: got {[factor.name for factor in factors]}; allowed {scheme.instruments}")
    runs = [(mask, 0) for mask in scheme.masks(0)] if scheme.exact else list(scheme.runs())
    rows = []
    for number, (mask, block) in enumerate(runs):
        inside = members(mask, scheme.instruments)
        values = {name: ON if name in inside else OFF for name in scheme.instruments}
        rows.append(Row(number, block, values, settings_of(factors, values)))
    return rows


def run_of(scheme: Scheme, row: Row, replicate: int) -> tuple[int, int]:
    """Return subset and replicate, as `attribute` takes them, of a run of a row."""
    mask = sum(1 << place for place, name in enumerate(scheme.instruments) if row.factors[name] == ON)
    return mask, replicate if scheme.exact else row.block
