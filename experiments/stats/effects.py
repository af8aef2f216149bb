"""Names for sizes of effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["SIZES", "effect_name", "share_better"]

SIZES = (("negligible", 0.2), ("small", 0.5), ("medium", 0.8), ("large", float("inf")))
"""Names with the size of d_z below which each is used (Cohen 1988)."""


def effect_name(effect: float | None) -> str | None:
    """Return the name of a standardised effect's size; None where there is none.

    On paired luck d_z grows as the common luck is taken away: it tells how surely the sign is known, not how much
    changes.
    """
    if effect is None:
        return None
    return next(name for name, below in SIZES if abs(effect) < below)


def share_better(differences: Sequence[float | None], direction: int) -> float | None:
    """Return the share of pairs in which after is better, half of the ties (common-language effect size).

    Parameters
    ----------
    differences : sequence of float or None
        After minus before.
    direction : int
        +1 where more is better, −1 where less is.
    """
    known = np.array([each for each in differences if each is not None], dtype=np.float64)
    known = known[np.isfinite(known)] * direction
    if known.size == 0 or direction == 0:
        return None
    return float(np.mean((known > 0) + 0.5 * (known == 0)))
