"""Parameters declared once: default, unit, bounds, meaning and source travel together on a field of a dataclass."""

import dataclasses
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


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
