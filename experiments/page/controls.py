"""The controls of the Rules tab, from the declarations: nothing about an instrument is said twice."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments.messages import MESSAGES, Language, current_language, msg, template
from experiments.page.package import Package, value_at
from model import CONDITIONS, INSTRUMENTS, Condition, Declared, Instrument, declared_at, keys_of

if TYPE_CHECKING:
    from model import Scenario

__all__ = [
    "GROUPS", "PERCENT", "WORKS", "control_of", "groups_told", "parsed", "shown_value", "source_told", "unit_of",
]  # fmt: skip

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
        return _RANGE.sub(lambda found: " to ".join(_bounds(found.groups(), factor)), source)
    return "；".join(_clause(each, factor) for each in source.split("; "))


def _bounds(bounds: Sequence[str], factor: float) -> list[str]:
    """Return bounds as the page shows the value; the last one carries the sign of per cent."""
    if factor == 1.0:
        return list(bounds)
    low, high = (f"{float(each) * factor:g}" for each in bounds)
    return [low, msg("brief_unit_share", number=high)]


def _clause(clause: str, factor: float) -> str:
    found = _RANGE.search(clause)
    low, high = _bounds(found.groups(), factor) if found else ("", "")
    parts = [_known(each) for each in _RANGE.sub("{range}", clause).split(": ")]
    return "：".join(parts).replace("{range}", f"{low} 至 {high}")


def _known(phrase: str) -> str:
    return msg(f"cited_{phrase}") if phrase in WORKS else template(f"source_{phrase}")


GROUPS = ("P", "R", "N", "E")
"""What is wrong, what the reform does, what is proposed next, what stands beside; as rows begin."""

PERCENT = ("share", "strength", "0-1")
"""Beginnings of units whose values are shown in per cent."""

WIDEST_SLIDER = 1000.0
"""A slider over a wider range tells nothing; the number can be typed."""

STEPS = 100


def groups_told(package: Package, scenario: Scenario, base: Scenario) -> list[dict[str, Any]]:
    """Return every row of the claims with its controls, group by group.

    Parameters
    ----------
    package : Package
    scenario, base : Scenario
        With the package's values, and of its preset alone.
    """
    told = _Told(package, scenario, base)
    return [{"code": group, "name": msg(f"rules_group_{group}"), "rows": list(told.rows(group))} for group in GROUPS]


class _Told:
    def __init__(self, package: Package, scenario: Scenario, base: Scenario) -> None:
        self._changed = dict(package.values)
        self._scenario, self._base = scenario, base

    def rows(self, group: str) -> Iterator[dict[str, Any]]:
        claims: Sequence[Condition | Instrument] = CONDITIONS if group == "P" else INSTRUMENTS
        for claim in claims:
            if claim.row.startswith(group):
                yield self._row(claim)

    def _row(self, claim: Condition | Instrument) -> dict[str, Any]:
        main = claim.topics if isinstance(claim, Instrument) else ()
        more = [key for key in keys_of(claim.row) if key not in main]
        controls = [self._control(key) for key in main]
        others = [self._control(key) for key in more]
        return {
            "row": claim.row, "name": claim.title_zh if _zh() else claim.title_en,
            "other": claim.title_en if _zh() else claim.title_zh, "means": claim.means_zh if _zh() else claim.means_en,
            "controls": controls, "more": others, "changed": sum(each["changed"] for each in (*controls, *others)),
            "answered": _answered(claim),
        }  # fmt: skip

    def _control(self, key: str) -> dict[str, Any]:
        factor = _factor(declared_at(key))
        return control_of(key) | {
            "value": _shown(value_at(self._scenario, key), factor),
            "preset": _shown(value_at(self._base, key), factor), "changed": key in self._changed,
        }  # fmt: skip


def shown_value(key: str, value: str) -> str:
    """Return a value as a file or an address has it in the unit of its field; what is no number as it is."""
    known = declared_at(key)
    try:
        number = f"{float(value) * _factor(known):g}"
    except ValueError:
        return value
    return f"{number} {unit_of(known)}".strip()


def _answered(claim: Condition | Instrument) -> str:
    rows = claim.answered_by if isinstance(claim, Condition) else ()
    return msg("rules_answered", rows=msg("list_join").join(rows)) if rows else ""


def control_of(key: str) -> dict[str, Any]:
    """Return what a control is, whatever its value: names, unit, bounds as they are shown."""
    known = declared_at(key)
    factor = _factor(known)
    low, high = known.bounds or (None, None)
    return {
        "key": key, "name": known.zh if _zh() else known.meaning.rstrip("."),
        "source": source_told(known.source, factor),
        "unit": unit_of(known), "kind": _kind(known), "choices": list(known.choices), "low": _shown(low, factor),
        "high": _shown(high, factor), "step": _step(known, factor), "slider": _slides(known, factor),
        "allowed": _allowed(known, low, high),
    }  # fmt: skip


def _allowed(known: Declared, low: float | None, high: float | None) -> str:
    """Return the bounds of a number with their unit, "" where there are none."""
    if _kind(known) != "number" or low is None or high is None:
        return ""
    bounds = [f"{bound * _factor(known):,.10g}" for bound in (low, high)]
    return msg("rules_allowed", low=bounds[0], high=f"{bounds[1]} {unit_of(known)}".strip())


def _factor(known: Declared) -> float:
    return 100.0 if _in_percent(known) else 1.0


def _zh() -> bool:
    return current_language() is Language.ZH


def _in_percent(known: Declared) -> bool:
    return known.type is float and known.unit.startswith(PERCENT)


def unit_of(known: Declared) -> str:
    """Return the unit as it stands behind a number; shares say of what."""
    if known.unit in ("1", "switch", "word"):
        return ""
    if _in_percent(known):
        return "%"
    return msg(f"unit_{known.unit}") if f"unit_{known.unit}" in MESSAGES else _translated(known.unit)


def _translated(unit: str) -> str:
    from model import UNITS_ZH

    return UNITS_ZH.get(unit, unit) if _zh() else unit


def _kind(known: Declared) -> str:
    if known.type is bool:
        return "switch"
    return "choice" if known.choices else "number"


def _shown(value: Any, factor: float) -> Any:
    return round(value * factor, 6) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _step(known: Declared, factor: float) -> float:
    """Return what one press of an arrow key changes."""
    if known.type is int or known.bounds is None:
        return 1.0
    width = (known.bounds[1] - known.bounds[0]) * factor
    return next((step for step in (0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0) if width / step <= STEPS), 10.0)


def _slides(known: Declared, factor: float) -> bool:
    return known.bounds is not None and (known.bounds[1] - known.bounds[0]) * factor <= WIDEST_SLIDER


def parsed(key: str, value: Any) -> bool | int | float | str:
    """Return what the browser sends as a value of the model; whether it is allowed is seen when it is loaded.

    Raises
    ------
    ConfigError
        For a key that nobody declared.
    ValueError
        For what is no value of its type.
    """
    known = declared_at(key)
    if known.type is bool:
        return bool(value)
    if known.choices:
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(msg("refused_number"))
    if known.type is int:
        if value != round(value):
            raise ValueError(msg("refused_whole", given=f"{value:g}"))
        return round(value)
    return value / 100.0 if _in_percent(known) else float(value)
