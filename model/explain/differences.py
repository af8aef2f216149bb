"""What differs between two laws, value by value, in the words of its declaration."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from model.law import Law
from model.parameter import declaration
from model.scenario import Scenario

__all__ = ["Change", "changes", "dates_of"]

_UNITS_ZH = {
    "days": "天", "passes": "次", "passes (0 = never)": "次（0 为从不）", "person-days": "人日",
    "person-days/month": "人日/月", "cases/day": "件/日", "whistles/day": "件/日", "indicators": "项",
    "stake": "（利害值）", "log-odds": "（对数几率）",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One value that differs.

    Attributes
    ----------
    key : str
        Dotted key.
    row : str
        Row of the claims that it serves.
    before, after : bool, int or float
    unit, meaning_en, meaning_zh : str
        From the declaration.
    """

    key: str
    row: str
    before: Any
    after: Any
    unit: str
    meaning_en: str
    meaning_zh: str

    def sentence(self, chinese: bool) -> str:
        """Return the change as a sentence."""
        meaning = f"{self.meaning_zh}：" if chinese else f"{self.meaning_en.rstrip('.')}: "
        return f"{meaning}{self._value(self.before, chinese)} → {self._value(self.after, chinese)}"

    def _value(self, value: Any, chinese: bool) -> str:
        if isinstance(value, bool):
            return ("是" if value else "否") if chinese else ("yes" if value else "no")
        if isinstance(value, float) and self.unit.startswith(("share", "strength", "0-1")):
            return f"{100 * value:.4g} %"
        return f"{value:.6g} {_UNITS_ZH.get(self.unit, self.unit) if chinese else self.unit}"


def changes(before: Law, after: Law) -> list[Change]:
    """Return what differs, in the order of the declarations."""
    found = []
    for topic in dataclasses.fields(Law):
        old, new = getattr(before, topic.name), getattr(after, topic.name)
        for field in dataclasses.fields(new):
            values = getattr(old, field.name), getattr(new, field.name)
            if values[0] != values[1]:
                known = declaration(field)
                found.append(
                    Change(f"{topic.name}.{field.name}", known.row, *values, known.unit, known.meaning, known.zh)
                )
    return found


def dates_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what begins on a date: day, regime, number of streets, share put into law, half-life of the rest."""
    return [
        {"day": stage.day, "regime": stage.regime, "streets": len(stage.streets),
         **dataclasses.asdict(stage.over(scenario.law).durability)}
        for stage in scenario.stages
    ]  # fmt: skip
