"""Parameters declared once: default, unit, bounds, meaning and source travel together on a field of a dataclass."""

import dataclasses
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

UNITS_ZH = {
    "closures": "件",
    "cases/day": "件/日", "cases/month": "件/月", "codes": "（代码）", "communities": "个",
    "day of the run": "（模拟日）", "days": "天", "days of backlog": "天积压",
    "degrees": "度", "log days": "对数天数", "exponent": "（指数）", "indicators": "项", "km²": "平方公里",
    "log person-days": "（对数人日）", "log weight": "（对数权重）", "log work": "（对数工作量）",
    "log-odds per person": "（对数几率/人）",
    "weeks": "周", "person-days/year per 1,000 residents": "人日/年（每千名居民）", "person-days/year": "人日/年",
    "log-odds": "（对数几率）", "log-odds per letter's time": "（对数几率/一封函件的时限）",
    "log-odds per return": "（对数几率/次退回）",
    "log-odds per unit of balance": "（对数几率/单位权责比）", "log-odds per unit of weight": "（对数几率/单位权重）",
    "membership": "（归属度）", "parties": "方", "passes": "次", "passes (0 = never)": "次（0 为从不）",
    "person-days": "人日", "person-days/month": "人日/月", "persons": "人", "requests/year": "件/年", "residents": "人",
    "social units": "个",
    "stake": "（利害值）", "steps/day": "步/日", "times": "倍", "times a specialist's speed": "倍（与专业人员相比）",
    "times a weekday": "倍（与工作日相比）", "times the mean, by month": "倍（与均值相比，逐月）",
    "times the work": "倍（工作量）", "variance/mean": "（方差÷均值）", "villages": "个", "whistles/day": "哨/日",
    "withdrawals per letter's time": "次撤回/一封函件的时限", "work/hours": "（工作量÷工时）",
}  # fmt: skip
"""Units of numbers; shares are shown in per cent, a pure number stands alone."""

CHOICES_ZH = {
    "subdistrict": "街道", "township": "地区（乡）", "emergency": "紧急", "utilities": "水电气热", "normal": "一般",
    "complex": "复杂", "negative_binomial": "负二项", "poisson": "泊松", "deterministic": "确定",
    "lognormal": "对数正态", "exponential": "指数",
}  # fmt: skip
"""Choices of parameters that are words."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Declaration:
    """What is declared of one parameter.

    Attributes:
        unit: Unit in words, "1" for a pure number.
        meaning, zh: One sentence in English and in Chinese.
        source: Where the default comes from; an assumption where nothing is known.
        plausible: Lowest and highest value that could be true of the district, where the number is not known: an
            ensemble of worlds samples it.
        tried: Lowest and highest value worth trying of a lever, which a reform sets and no world.
        factor: Of a column of a district's table: lowest and highest factor that could stand on all its entries.
        bounds: Smallest and largest allowed value; None for words and switches.
        choices: Allowed words; empty for numbers.
        row: Row of the claims table that the number serves ("R1", "P5", …), or "".
        length: Number of entries where the value is a list.
    """

    unit: str
    meaning: str
    zh: str
    source: str = "assumption"
    plausible: tuple[float, float] | None = None
    tried: tuple[float, float] | None = None
    factor: tuple[float, float] | None = None
    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    row: str = ""
    length: int | None = None

    @property
    def told(self) -> str:
        """Source in words, with the range of an assumption."""
        if (ends := self.plausible or self.tried) is None:
            return self.source
        words = f"assumption {ends[0]:.15g}-{ends[1]:.15g}"
        return self.source.replace("assumption", words, 1) if "assumption" in self.source else f"{self.source}; {words}"


def parameter(default: Any, **known: Any) -> Any:
    """Declare a field of a frozen dataclass; `known` as in `Declaration`. Its annotation decides, so this is `Any`."""
    return dataclasses.field(default=default, metadata={"declaration": Declaration(**known)})


def declared(field: dataclasses.Field[Any]) -> Declaration | None:
    """Return the declaration of a field, None where it holds a nested mapping."""
    known: Declaration | None = field.metadata.get("declaration")
    return known


def declarations(topic: type) -> Iterator[tuple[dataclasses.Field[Any], Declaration]]:
    """Yield every declared field of a topic with its declaration, in the order of the source."""
    for field in dataclasses.fields(topic):
        if (known := declared(field)) is not None:
            yield field, known


def default_of(field: dataclasses.Field[Any]) -> Any:
    """Return the default of a field."""
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


@cache
def hints(topic: type) -> dict[str, Any]:
    """Return the type of each field of a dataclass."""
    known = get_type_hints(topic)
    return {field.name: known[field.name] for field in dataclasses.fields(topic)}


def is_topic(hint: Any) -> bool:
    """Tell whether a type is a dataclass."""
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)


def optional(hint: Any) -> tuple[Any, bool]:
    """Return the type without None, and whether None was allowed."""
    if get_origin(hint) is not UnionType:
        return hint, False
    inner = [part for part in get_args(hint) if part is not NoneType]
    return inner[0], len(inner) < len(get_args(hint))
