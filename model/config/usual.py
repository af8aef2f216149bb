"""The usual range of a number that an office is asked for: as it is declared, or as the shipped district has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from model.config.declared import declared_at
from model.config.files import district_sheets
from model.errors import ConfigError

EXAMPLE_DISTRICT = "chaoyang"


@dataclass(frozen=True)
class Usual:
    """A usual range.

    Attributes:
        low, high: Both included.
        source_en, source_zh: Where it comes from.
    """

    low: float
    high: float
    source_en: str
    source_zh: str

    @property
    def en(self) -> str:
        """The range with its source, in English."""
        return f"usual {self._ends(' to ')} ({self.source_en})"

    @property
    def zh(self) -> str:
        """The range with its source, in Chinese."""
        return f"常见 {self._ends(' 至 ')}（{self.source_zh}）"

    def _ends(self, to: str) -> str:
        return to.join(dict.fromkeys(f"{end:,.6g}" for end in (self.low, self.high)))


@cache
def usual(topic: str, key: str) -> Usual | None:
    """Return the usual range of a value of the whole district, or of a column; None where none is known."""
    try:
        known = declared_at(f"{topic}.{key}")
    except ConfigError:
        return None
    if ends := known.plausible or known.tried:
        return Usual(float(ends[0]), float(ends[1]), known.source, "模型参数表所列范围，多为假设")
    return None


@cache
def usual_of_column(topic: str, key: str) -> Usual | None:
    """Return the range over the entries of the shipped district; None where it gives no such numbers."""
    sheets = district_sheets(EXAMPLE_DISTRICT)
    entries: list[dict[str, Any]] = next((each.values[topic] for each in sheets if topic in each.values), [])
    values = [each[key] for each in entries if _is_number(each.get(key))]
    if len(values) < len(entries) or not values:
        return None
    name_en, name_zh = _NAMES[topic]
    return Usual(float(min(values)), float(max(values)), f"the {len(values)} {name_en} of Chaoyang, partly assumed",
                 f"朝阳区 {len(values)} {name_zh}的取值，部分为假设")  # fmt: skip


_NAMES = {"streets": ("streets", "个街乡"), "departments": ("departments", "个部门"), "kinds": ("kinds", "类诉求")}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
