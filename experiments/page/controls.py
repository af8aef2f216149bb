"""The controls of the Rules tab, from the declarations: nothing about an instrument is stated twice."""

import functools
import math
import re
from collections.abc import Sequence
from typing import Any

from experiments.messages import MESSAGES, Language, current_language, in_language, msg, template
from experiments.page.package import Package, shipped
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


GROUPS = ("R", "N", "T", "G", "E", "P")  # what answers a problem, and last what is wrong; as rows begin
PERCENT = ("share", "strength", "0-1")  # beginnings of units whose values are shown in per cent
WIDEST_SLIDER = 1000.0  # a slider over a wider range tells nothing; the number can be typed
STEPS = (0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
PRESSES = 100  # what one press of an arrow key changes: the least step by which so many presses cross the range


def cards(language: Language) -> list[dict[str, Any]]:
    """Return every row of the claims, group by group, without values: what a card says while it is closed.

    `words` are what a search finds it by, the names and keys of its controls among them.
    """
    with in_language(language):
        return _cards(language)


@functools.cache
def _cards(language: Language) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for claim in (*CONDITIONS, *INSTRUMENTS):
        if isinstance(claim, Instrument) and claim.parts:
            continue
        name, other = (claim.title_zh, claim.title_en) if _zh() else (claim.title_en, claim.title_zh)
        keys = rows()[claim.row]
        named = [declared_at(key).zh if _zh() else declared_at(key).meaning for key in keys]
        groups[claim.row[0]].append({
            "row": claim.row, "name": name, "other": other, "means": claim.means_zh if _zh() else claim.means_en,
            "words": " ".join([claim.row, name, other, *keys, *named]).lower(), "count": len(keys),
        })  # fmt: skip
    return [{"code": group, "name": msg(f"rules_group_{group}"), "rows": rows} for group, rows in groups.items()]


@functools.cache
def rows() -> dict[str, list[str]]:
    """Return the keys of each row of the claims, those by which its instrument is turned first."""
    found = {}
    for claim in (*CONDITIONS, *INSTRUMENTS):
        main = claim.topics if isinstance(claim, Instrument) else ()
        found[claim.row] = [*main, *(key for key in keys_of(claim.row) if key not in main)]
    return found


def changed_rows(package: Package) -> dict[str, int]:
    """Return how many values differ from the preset's own, by row; rows without a change are left out."""
    changed = dict(package.values)
    counts = {row: sum(key in changed for key in keys) for row, keys in rows().items()}
    return {row: count for row, count in counts.items() if count}


def open_card(row: str, package: Package) -> dict[str, Any]:
    """Return what a card shows when it is open: its controls with their values, and which rows answer it.

    A KeyError for no row.
    """
    claim = {each.row: each for each in (*CONDITIONS, *INSTRUMENTS)}[row]
    now, base, changed = package.scenario().resolved(), shipped(package.preset).resolved(), dict(package.values)

    def control(key: str) -> dict[str, Any]:
        topic, _, name = key.partition(".")
        known = declared_at(key)
        return control_of(key) | {
            "value": _scaled(now[topic][name], known), "preset": _scaled(base[topic][name], known),
            "changed": key in changed, "source": source_text(known.told, _factor(known)),
        }  # fmt: skip

    main = len(claim.topics) if isinstance(claim, Instrument) else 0
    controls = [control(key) for key in rows()[row]]
    answers = claim.answered_by if isinstance(claim, Condition) else ()
    return {
        "controls": controls[:main], "more": controls[main:],
        "answered": msg("rules_answered", rows=msg("list_join").join(answers)) if answers else "",
    }  # fmt: skip


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
