"""The controls of the Rules tab, from the declarations: nothing about an instrument is stated twice."""

import math
import re
from collections.abc import Sequence
from typing import Any

from experiments.messages import MESSAGES, Language, current_language, msg, template
from experiments.page.package import Package, shipped, value_at
from model import (
    CONDITIONS,
    INSTRUMENTS,
    UNITS_ZH,
    Condition,
    Declared,
    Instrument,
    declared_at,
    keys_of,
)

WORKS = (  # by their short names, in the order in which the page lists them
    "Wang 2018", "Zhou 2014", "Tu & Gong 2022", "Downs 1967", "Lipsky 1980", "Weaver 1986", "Holmström 1982",
    "Holmström & Milgrom 1991", "Kc & Terwiesch 2009", "Delasay et al. 2016", "Jones & Baumgartner 2005",
    "Gouldner 1960", "Naor 1969",
)  # fmt: skip
_RANGE = re.compile(r"(?<=assumption )(-?[\d.]+)-(-?[\d.]+)")


def source_text(source: str, factor: float = 1.0) -> str:
    """Return a declared source in the current language; a range as its value is shown, by a factor.

    Between semicolons stand clauses: a work or a fact, what it says after a colon, an assumption with its range.
    """
    if current_language() is Language.EN:
        return _RANGE.sub(lambda found: " to ".join(_bounds(found.groups(), factor)), source)
    return "；".join(_clause(each, factor) for each in source.split("; "))


def _bounds(bounds: Sequence[str], factor: float) -> list[str]:
    """Return bounds as the page shows the value; the last one carries the per cent sign."""
    if factor == 1.0:
        return list(bounds)
    low, high = (f"{float(each) * factor:g}" for each in bounds)
    return [low, msg("brief_unit_share", number=high)]


def _clause(clause: str, factor: float) -> str:
    found = _RANGE.search(clause)
    low, high = _bounds(found.groups(), factor) if found else ("", "")
    parts = [
        msg(f"cited_{part}") if part in WORKS else template(f"source_{part}")
        for part in _RANGE.sub("{range}", clause).split(": ")
    ]
    return "：".join(parts).replace("{range}", f"{low} 至 {high}")


GROUPS = ("P", "R", "N", "T", "G", "E")  # what is wrong, and what answers it; as rows begin
PERCENT = ("share", "strength", "0-1")  # beginnings of units whose values are shown in per cent
WIDEST_SLIDER = 1000.0  # a slider over a wider range tells nothing; the number can be typed
STEPS = (0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
PRESSES = 100  # what one press of an arrow key changes: the least step by which so many presses cross the range


def control_groups(package: Package) -> list[dict[str, Any]]:
    """Return every row of the claims with its controls, group by group."""
    scenario, base, changed = package.scenario(), shipped(package.preset), dict(package.values)
    controls = {
        key: control_of(key)
        | {"value": _scaled(value_at(scenario, key), known), "preset": _scaled(value_at(base, key), known),
           "changed": key in changed, "source": source_text(known.told, _factor(known))}
        for claim in (*CONDITIONS, *INSTRUMENTS) for key in keys_of(claim.row) for known in [declared_at(key)]
    }  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for claim in (*CONDITIONS, *INSTRUMENTS):
        if isinstance(claim, Instrument) and claim.parts:
            continue
        main = claim.topics if isinstance(claim, Instrument) else ()
        keys = [*main, *(key for key in keys_of(claim.row) if key not in main)]
        answers = claim.answered_by if isinstance(claim, Condition) else ()
        name, other = (claim.title_zh, claim.title_en) if _zh() else (claim.title_en, claim.title_zh)
        groups[claim.row[0]].append({
            "row": claim.row, "name": name, "other": other, "means": claim.means_zh if _zh() else claim.means_en,
            "controls": [controls[key] for key in main], "more": [controls[key] for key in keys[len(main):]],
            "changed": sum(controls[key]["changed"] for key in keys),
            "answered": msg("rules_answered", rows=msg("list_join").join(answers)) if answers else "",
        })  # fmt: skip
    return [{"code": group, "name": msg(f"rules_group_{group}"), "rows": rows} for group, rows in groups.items()]


def control_of(key: str) -> dict[str, Any]:
    """Return what a control is, whatever its value: names, unit, bounds as shown; a `ConfigError` for no key."""
    known = declared_at(key)
    factor, unit = _factor(known), unit_of(known)
    kind = "switch" if known.type is bool else "choice" if known.choices else "number"
    low, high = (_scaled(bound, known) for bound in known.bounds or (None, None))
    width = None if low is None else high - low
    step = 1.0 if known.type is int or width is None else next((at for at in STEPS if width / at <= PRESSES), STEPS[-1])
    allowed = ""
    if kind == "number" and known.bounds:
        bounds = [f"{bound * factor:,.10g}" for bound in known.bounds]
        allowed = msg("rules_allowed", low=bounds[0], high=f"{bounds[1]} {unit}".strip())
    return {
        "key": key, "name": known.zh if _zh() else known.meaning.rstrip("."),
        "unit": unit, "kind": kind, "choices": list(known.choices), "allowed": allowed,
        "low": low, "high": high, "step": step, "slider": width is not None and width <= WIDEST_SLIDER,
    }  # fmt: skip


def shown_value(key: str, value: str) -> str:
    """Return a value as a file or an address has it, in the unit of its field; text that is no number as it is."""
    known = declared_at(key)
    try:
        return f"{float(value) * _factor(known):g} {unit_of(known)}".strip()
    except ValueError:
        return value


def _scaled(value: Any, known: Declared) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return round(value * _factor(known), 6) if number else value


def _factor(known: Declared) -> float:
    return 100.0 if known.type is float and known.unit.startswith(PERCENT) else 1.0


def _zh() -> bool:
    return current_language() is Language.ZH


def unit_of(known: Declared) -> str:
    """Return the unit as it stands behind a number; shares are in per cent."""
    if known.unit in ("1", "switch", "word"):
        return ""
    if _factor(known) != 1.0:
        return "%"
    if f"unit_{known.unit}" in MESSAGES:
        return msg(f"unit_{known.unit}")
    return UNITS_ZH.get(known.unit, known.unit) if _zh() else known.unit


def parsed(key: str, value: Any) -> bool | int | float | str:
    """Return what the browser sends as a value of the model; a `ValueError` says why it is not of its type."""
    known = declared_at(key)
    if known.type is bool:
        return bool(value)
    if known.choices:
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(msg("refused_number", given=value))
    if known.type is int and value != round(value):
        raise ValueError(msg("refused_whole", given=f"{value:g}"))
    return round(value) if known.type is int else value / _factor(known)
