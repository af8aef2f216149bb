"""What differs between two regimes, value by value, in the words of its declaration."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model import topics
from model.instruments import INSTRUMENTS, Instrument
from model.law import Law
from model.parameter import declaration
from model.scenario import Scenario

__all__ = ["Change", "changes", "dates_of", "idle"]

_UNITS_ZH = {
    "days": "天", "passes": "次", "passes (0 = never)": "次（0 为从不）", "person-days": "人日",
    "person-days/month": "人日/月", "cases/day": "件/日", "whistles/day": "件/日", "indicators": "项",
    "stake": "（利害值）", "log-odds": "（对数几率）", "1": "", "0-1": "", "strength": "", "membership": "（隶属度）",
    "cases/month": "件/月", "days of backlog": "天积压", "exponent": "（指数）", "log weight": "（对数权重）",
    "log-odds per return": "（对数几率/次退回）", "log-odds per unit of balance": "（对数几率/单位失衡）",
    "log-odds per unit of weight": "（对数几率/单位权重）", "times": "倍", "times a specialist's speed": "倍专业速度",
    "times the work": "倍工作量", "log work": "（对数工作量）", "requests/year": "件/年", "steps/day": "步/日",
    "times a weekday": "倍工作日", "variance/mean": "（方差/均值）", "work/hours": "（任务量/工时）", "word": "",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One value that differs.

    Attributes
    ----------
    key : str
        Dotted key.
    part : str
        "law" (rules), "world" (people, demand, the run) or "habits" (behaviour).
    row : str
        Row of the claims that it serves.
    before, after : bool, int or float
    unit, meaning_en, meaning_zh : str
        From the declaration.
    """

    key: str
    part: str
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
        if isinstance(value, str):
            return value
        if isinstance(value, float) and self.unit.startswith(("share", "strength", "0-1")):
            return f"{100 * value:.4g} %"
        unit = _UNITS_ZH.get(self.unit, self.unit) if chinese else self.unit
        return f"{value:.6g} {'' if unit == '1' else unit}".rstrip()


def changes(before: Scenario, after: Scenario) -> list[Change]:
    """Return what differs in rules, people and behaviour, in the order of the declarations; units and kinds apart."""
    return [
        change
        for part in ("law", "world", "habits")
        for name, hint in topics.hints(getattr(after, part).__class__).items()
        if topics.is_topic(hint)
        for change in _of_topic(part, name, *(getattr(getattr(each, part), name) for each in (before, after)))
    ]


def _of_topic(part: str, topic: str, old: Any, new: Any) -> Iterator[Change]:
    for field in dataclasses.fields(new):
        values = getattr(old, field.name), getattr(new, field.name)
        if values[0] != values[1]:
            known = declaration(field)
            yield Change(f"{topic}.{field.name}", part, known.row, *values, known.unit, known.meaning, known.zh)


def idle(scenario: Scenario) -> list[Instrument]:
    """Return the instruments that are turned up and do nothing, for what must stand beneath them does not."""
    return [
        each
        for each in INSTRUMENTS
        if each.beneath
        and _turned(scenario, each)
        and not scenario.stages
        and not any(_turned(scenario, other) for other in INSTRUMENTS if other.regime in each.beneath)
    ]


def _turned(scenario: Scenario, instrument: Instrument) -> bool:
    keys = (key.split(".") for key in instrument.topics)
    return any(
        getattr(getattr(scenario.law, topic), name) != getattr(getattr(Law(), topic), name) for topic, name in keys
    )


def dates_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what begins on a date: day, regime, number of streets, share put into law, half-life of the rest."""
    return [
        {"day": stage.day, "regime": stage.regime, "streets": len(stage.streets),
         **dataclasses.asdict(stage.over(scenario.law).durability)}
        for stage in scenario.stages
    ]  # fmt: skip
