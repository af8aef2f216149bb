"""What differs between two scenarios on the first day, value by value, in the words of its declaration."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model.config.scenario import Scenario
from model.config.topics import declared
from model.explain.values import in_words

__all__ = ["GROUPS", "Change", "changes", "dates_of"]

GROUPS = ("rules", "people and world", "behaviour")
"""What a value belongs to, in the order in which it is told."""

_PARTS = (("law", GROUPS[0]), ("world", GROUPS[1]), ("habits", GROUPS[2]))

_PLACED = ("placement.", "staffing.", "stationing.share")
"""Beginnings of the keys of the law that say where people stand; the 2 × 2 counts these as placement."""

_NESTED = {
    "diffuse": ("claim before the duty list", "职责清单前的归属度"),
    "sharp": ("claim with a fully clear duty list", "职责清单完全明确时的归属度"),
    "hands_over": ("chance that a case worked here then needs", "办理后需转往的概率"),
}
"""Mappings by code that have no declaration of their own; of titles and sources nothing is told."""


@dataclass(frozen=True)
class Change:
    """One value that differs.

    Attributes
    ----------
    key : str
        Dotted key.
    row : str
        Row of the claims that it serves.
    group : str
        One of `GROUPS`.
    before, after : Any
        None where it is derived.
    unit, meaning_en, meaning_zh : str
        From the declaration.
    """

    key: str
    row: str
    group: str
    before: Any
    after: Any
    unit: str
    meaning_en: str
    meaning_zh: str

    def sentence(self, chinese: bool) -> str:
        """Return the change as a sentence."""
        meaning = f"{self.meaning_zh}：" if chinese else f"{self.meaning_en.rstrip('.')}: "
        return meaning + in_words(self.before, self.after, self.unit, chinese)


def changes(before: Scenario, after: Scenario) -> list[Change]:
    """Return what differs, group by group, in the order of the declarations; what begins on a date is left out."""
    found = [
        dataclasses.replace(change, group=GROUPS[1]) if change.key.startswith(_PLACED) else change
        for part, group in _PARTS
        for change in _below("", getattr(before, part), getattr(after, part), _Context(group))
    ]
    return sorted(found, key=lambda change: GROUPS.index(change.group))


@dataclass(frozen=True)
class _Context:
    """Group of the values below, and the entry of a list in which they stand."""

    group: str
    en: str = ""
    zh: str = ""

    def change(self, key: str, values: tuple[Any, Any], words: tuple[str, str], unit: str, row: str = "") -> Change:
        english = f"{self.en}: {words[0][0].lower()}{words[0][1:]}" if self.en else words[0]
        chinese = f"{self.zh}，{words[1]}" if self.zh else words[1]
        return Change(key, row, self.group, *values, unit, english, chinese)


def _below(prefix: str, old: Any, new: Any, context: _Context) -> Iterator[Change]:
    """Yield what differs between two dataclasses of a type."""
    for field in dataclasses.fields(new):
        values = getattr(old, field.name), getattr(new, field.name)
        key, known = f"{prefix}{field.name}", declared(field)
        if values[0] == values[1]:
            continue
        if known is not None:
            yield context.change(key, values, (known.meaning, known.zh), known.unit, known.row)
        elif dataclasses.is_dataclass(values[1]):
            yield from _below(f"{key}.", *values, context)
        elif isinstance(values[1], tuple):
            yield from _listed(key, *values, context.group)
        elif field.name in _NESTED:
            yield from _mapped(key, *values, _NESTED[field.name], context)


def _listed(key: str, old: tuple[Any, ...], new: tuple[Any, ...], group: str) -> Iterator[Change]:
    """Yield what differs between two lists of units or kinds, entry by entry; one may be there or not."""
    first, last = ({entry.code: entry for entry in entries} for entries in (old, new))
    for code in dict.fromkeys([*first, *last]):
        entry = last.get(code) or first[code]
        context = _Context(group, entry.title.en or code, entry.title.zh or code)
        if code in first and code in last:
            yield from _below(f"{key}.{code}.", first[code], last[code], context)
        else:
            words = ("Part of the district", "属于本区")
            yield context.change(f"{key}.{code}", (code in first, code in last), words, "switch")


def _mapped(
    key: str, old: Mapping[str, float], new: Mapping[str, float], words: tuple[str, str], context: _Context
) -> Iterator[Change]:
    for code in dict.fromkeys([*old, *new]):
        values = old.get(code, 0.0), new.get(code, 0.0)
        if values[0] != values[1]:
            yield context.change(f"{key}.{code}", values, (f"{words[0]}, {code}", f"{words[1]}，{code}"), "membership")


def dates_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what begins on a date: day, regime, number of streets, share put into law, half-life of the rest."""
    return [
        {"day": stage.day, "regime": stage.regime, "streets": len(stage.streets),
         **dataclasses.asdict(stage.over(scenario.law).durability)}
        for stage in scenario.stages
    ]  # fmt: skip
