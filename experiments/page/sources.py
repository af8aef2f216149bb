"""Sources as the declarations name them, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.messages import Language, current_language, msg, template

__all__ = ["WORKS", "source_told"]

WORKS = (
    "Wang 2018",
    "Zhou 2014",
    "Tu & Gong 2022",
    "Downs 1967",
    "Lipsky 1980",
    "Weaver 1986",
    "Holmström 1982",
    "Holmström & Milgrom 1991",
    "Kc & Terwiesch 2009",
    "Delasay et al. 2016",
)
"""Works by their short names, in the order in which the page lists them."""

_RANGE = re.compile(r"(?<=assumption )(-?[\d.]+)-(-?[\d.]+)")


def source_told(source: str, factor: float = 1.0) -> str:
    """Return a declared source in the current_language language.

    Parameters
    ----------
    source : str
        Clauses between semicolons: a work or a fact, what it says after a colon, an assumption with its range.
    factor : float
        By which the value is shown: ranges are told alike, with 100 in per cent.
    """
    if current_language() is Language.EN:
        return _RANGE.sub(lambda found: " to ".join(_shown(found.groups(), factor)), source)
    return "；".join(_clause(each, factor) for each in source.split("; "))


def _shown(bounds: Sequence[str], factor: float) -> list[str]:
    """Return bounds as the page shows the value; the last one carries the sign of per cent."""
    if factor == 1.0:
        return list(bounds)
    low, high = (f"{float(each) * factor:g}" for each in bounds)
    return [low, msg("brief_unit_share", number=high)]


def _clause(clause: str, factor: float) -> str:
    found = _RANGE.search(clause)
    low, high = _shown(found.groups(), factor) if found else ("", "")
    parts = [_known(each) for each in _RANGE.sub("{range}", clause).split(": ")]
    return "：".join(parts).replace("{range}", f"{low} 至 {high}")


def _known(phrase: str) -> str:
    return msg(f"cited_{phrase}") if phrase in WORKS else template(f"source_{phrase}")
