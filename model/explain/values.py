"""Values in words: with their units, in English and Chinese."""

from __future__ import annotations

from typing import Any

__all__ = ["CHOICES_ZH", "UNITS_ZH", "as_percent", "in_words"]

UNITS_ZH = {
    "cases/day": "件/日",
    "cases/month": "件/月",
    "communities": "个",
    "days": "天",
    "days of backlog": "天积压",
    "degrees": "度",
    "log days": "对数天数",
    "exponent": "（指数）",
    "indicators": "项",
    "km²": "平方公里",
    "log person-days": "（对数人日）",
    "log weight": "（对数权重）",
    "log work": "（对数工作量）",
    "log-odds": "（对数几率）",
    "log-odds per return": "（对数几率/次退回）",
    "log-odds per unit of balance": "（对数几率/单位权责比）",
    "log-odds per unit of weight": "（对数几率/单位权重）",
    "membership": "（归属度）",
    "parties": "方",
    "passes": "次",
    "passes (0 = never)": "次（0 为从不）",
    "person-days": "人日",
    "person-days/month": "人日/月",
    "persons": "人",
    "requests/year": "件/年",
    "residents": "人",
    "stake": "（利害值）",
    "steps/day": "步/日",
    "times": "倍",
    "times a specialist's speed": "倍（与专业人员相比）",
    "times a weekday": "倍（与工作日相比）",
    "times the mean, by month": "倍（与均值相比，逐月）",
    "times the work": "倍（工作量）",
    "variance/mean": "（方差÷均值）",
    "villages": "个",
    "whistles/day": "哨/日",
    "work/hours": "（工作量÷工时）",
}
"""Units of numbers; shares are shown in per cent, a pure number stands alone."""

CHOICES_ZH = {
    "subdistrict": "街道",
    "township": "地区（乡）",
    "emergency": "紧急",
    "utilities": "水电气热",
    "normal": "一般",
    "complex": "复杂",
    "negative_binomial": "负二项",
    "poisson": "泊松",
    "deterministic": "确定",
    "lognormal": "对数正态",
    "exponential": "指数",
}
"""Words that a value may be."""

_PERCENT = ("share", "strength", "0-1")
_BARE = ("1", "word", "switch")


def as_percent(unit: str) -> bool:
    """Tell whether values of a unit are shown in per cent."""
    return unit.startswith(_PERCENT)


def in_words(before: Any, after: Any, unit: str, chinese: bool) -> str:
    """Return two values with an arrow between them and, of numbers, their unit after the second."""
    shown = " → ".join(_value(value, unit, chinese) for value in (before, after))
    if unit in _BARE or as_percent(unit) or not isinstance(after, int | float | tuple):
        return shown
    return f"{shown} {UNITS_ZH.get(unit, unit) if chinese else unit}"


def _value(value: Any, unit: str, chinese: bool) -> str:
    if value is None:
        return "由模型推算" if chinese else "derived"
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, str):
        return CHOICES_ZH.get(value, value) if chinese else value
    if isinstance(value, tuple):
        return ", ".join(f"{each:.6g}" for each in value)
    return f"{100 * value:.4g} %" if as_percent(unit) else f"{value:.6g}"
