"""What the measures of a panel are called, and in what unit."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.formatting import Measured, title
from experiments.messages import msg
from experiments.studies.dated.panel import MEASURES

__all__ = ["Own", "measured", "name_of"]


@dataclass(frozen=True)
class Own:
    """A measure that is no outcome of a run."""

    unit: str


OWN = {name: Own("days") for name in MEASURES if name.startswith("days")}
"""Of these, only cells know: the mean is over cases closed within follow-up."""


def measured(measure: str) -> Measured:
    """Return something that has the measure's unit.

    Raises
    ------
    KeyError
        For a name that is neither a measure of the panel nor an outcome.
    """
    from model import OUTCOMES

    return OWN[measure] if measure in OWN else OUTCOMES[measure]


def name_of(measure: str) -> str:
    """Return what a measure is called in the language that is spoken."""
    from model import OUTCOMES

    return msg(f"dated_{measure}") if measure in OWN else title(OUTCOMES[measure])
