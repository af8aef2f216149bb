"""Who is reformed when: settings of a scenario, and what its stages say."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["NEVER", "adoption_days", "everywhere", "keyed_order", "nowhere", "somewhere"]

NEVER = np.iinfo(np.int64).max
"""Day of adoption of a street that no reform reaches."""

Settings = dict[str, Any]


def nowhere() -> Settings:
    """Return the settings under which nothing begins on a date: the world without the reform."""
    return {"dates": [], "durability.in_law": 1.0}


def everywhere(regime: str, day: int) -> Settings:
    """Return the settings under which a regime's rules begin in all streets on a day, and do not fade."""
    return {"dates": [{"day": day, "regime": regime}], "durability.in_law": 1.0}


def somewhere(regime: str, day: int, streets: Sequence[str]) -> Settings:
    """Return the settings under which they begin in these streets; in none, where none are named."""
    if not streets:
        return nowhere()
    return {"dates": [{"day": day, "regime": regime, "only": sorted(streets)}], "durability.in_law": 1.0}


def adoption_days(scenario: Scenario, streets: ArrayLike) -> NDArray[np.int64]:
    """Return the day on which each street's first dated reform begins, `NEVER` where none does.

    Parameters
    ----------
    scenario : Scenario
    streets : array-like of str
        Codes.
    """
    codes = [str(code) for code in np.asarray(streets)]
    days = [min((stage.day for stage in scenario.stages if code in stage.streets), default=NEVER) for code in codes]
    return np.array(days, dtype=np.int64)


def keyed_order(names: Sequence[str], *key: object) -> list[str]:
    """Return names in an order drawn by luck that is a pure function of key and name, not of their order."""
    return sorted(names, key=lambda name: (_digest(*key, name), name))


def _digest(*parts: object) -> bytes:
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).digest()
