"""Topics: what a configuration may hold by the declarations, how it is checked by pydantic, and how it is built.

A problem names its place, what is expected and the nearest name.
"""

import dataclasses
import inspect
import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from model.behaviour import Habits, Slots
from model.config.yamlfile import KeyPath, Sheet, quote
from model.errors import nearest, one_of, span
from model.parameter import Declaration, declared, default_of, hints, is_topic, optional, parameter
from model.policy import Law
from model.world import Title, World

Built = TypeVar("Built")

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_WORDS: dict[Any, str] = {bool: "true or false", str: "a word or text (in quotes if it looks like a number)"}


OWN = "own"  # topic of the numbers that a file of own rules declares
_DECLARED_NOWHERE = (
    "expected a file of own rules that declares these numbers in a class Own (--rules FILE.py, or rules: FILE.py in "
    "the regime's file), got none."
)

_chosen = partial(parameter, source="choice of the study")


# fmt: off
@dataclasses.dataclass(frozen=True)
class Date:
    """From a day on, the rules of another regime lie over those before, in all or some streets."""

    day: int = _chosen(0, unit="day of the run", bounds=(0, 1_000_000),
        meaning="Day on which it begins; day 0 is the first of the warm-up.", zh="起始日")
    regime: str = _chosen("", unit="word",
        meaning="Regime whose rules begin: a shipped name or a path.", zh="实施的制度")
    streets: float = _chosen(1.0, unit="share of streets", bounds=(0.0, 1.0),
        meaning="Share of the streets in which it begins; the same ones first at every share.", zh="实施街乡比例")
    only: tuple[str, ...] = _chosen((), unit="codes",
        meaning="Codes of the streets, in place of a share.", zh="实施街乡代码")
# fmt: on


@dataclasses.dataclass(frozen=True)
class Timeline:
    """What begins on a date, in a scenario file."""

    dates: tuple[Date, ...] = ()


HOLDERS: tuple[type, ...] = (Law, Habits, World, Timeline)


@cache
def topics() -> dict[str, Any]:
    """Return the type of each topic: a dataclass, or a tuple of dataclasses for lists of units."""
    return {name: hint for holder in HOLDERS for name, hint in hints(holder).items() if hint is not Slots}


def checked(sheet: Sheet, own: type | None = None) -> Sheet:
    """Return a sheet with its problems added, and whole numbers made numbers where those are declared.

    `own` is the class with which a file of own rules declares its numbers.
    """
    try:
        filled = file_model(own).model_validate(sheet.values)
    except ValidationError as error:
        details = sorted(error.errors(include_url=False), key=lambda detail: _position(sheet.place(detail["loc"])))
        found = dict.fromkeys(_format_validation_error(sheet, detail, own) for detail in details)
        return dataclasses.replace(sheet, problems=(*sheet.problems, *found))
    return dataclasses.replace(sheet, values=filled.model_dump(exclude_unset=True))


def _position(place: str) -> list[int]:
    """Return line and column of a place, so that problems come in the order of the file."""
    return [int(part) for part in place.rsplit(":", 2)[1:] if part.isdecimal()]


@cache
def file_model(own: type | None = None) -> type[BaseModel]:
    """Return the model of a whole file: its title and all topics."""
    known = _known(own).items()
    fields: dict[str, Any] = {name: (_annotation(hint, None), _field(None, None)) for name, hint in known}
    return create_model("Configuration", __config__=_STRICT, **fields)


def _known(own: type | None = None) -> dict[str, Any]:
    return {"title": Title, **topics(), **({OWN: own} if own else {})}


@cache
def _model(topic: type) -> type[BaseModel]:
    kinds = hints(topic)
    fields: dict[str, Any] = {
        field.name: (_annotation(kinds[field.name], declared(field)), _field(declared(field), default_of(field)))
        for field in dataclasses.fields(topic)
    }
    return create_model(topic.__name__, __config__=_STRICT, __doc__=topic.__doc__, **fields)


def _field(known: Declaration | None, default: Any) -> Any:
    if known is None:
        # left out of what is dumped, so never seen
        return Field(default_factory=dict)
    words = f"{known.meaning} {known.zh}。Unit: {known.unit}. Source: {known.told}."
    return Field(default=default, description=words)


def _annotation(hint: Any, known: Declaration | None) -> Any:
    """Return the type that pydantic checks: bounds, choices and lengths written into it."""
    inner, may_be_none = optional(hint)
    if may_be_none:
        return _annotation(inner, known) | None
    if is_topic(hint):
        return _model(hint)
    if get_origin(hint) is tuple:
        length = known.length if known else None
        several: Any = GenericAlias(list, (_annotation(get_args(hint)[0], known),))
        return Annotated[several, Field(min_length=length, max_length=length)]
    if known is not None and known.choices:
        return Literal[known.choices]
    if known is not None and known.bounds and hint in (int, float):
        return Annotated[hint, Field(ge=known.bounds[0], le=known.bounds[1])]
    return hint


def _format_validation_error(sheet: Sheet, detail: ErrorDetails, own: type | None) -> str:
    path = detail["loc"]
    place = sheet.place(path)
    if path == (OWN,) and own is None:
        return f"{place}: {OWN}: {_DECLARED_NOWHERE}"
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key {unknown(sheet, path, own=own)}"
    hint, known = _at(path, own)
    inner, may_be_none = optional(hint)
    expected = _expected(inner, known) + (" or null" if may_be_none else "")
    return f"{place}: {_dotted(sheet, path)}: expected {expected}, got {quote(detail['input'])}."


def unknown(sheet: Sheet, path: KeyPath, beside: Sequence[str] = ("title", "extends"), own: type | None = None) -> str:
    """Return the words for a key that nobody knows, with the nearest name; `beside` are known beside the topics."""
    word, above = str(path[-1]), path[:-1]
    known = [*beside, *topics()] if not above else list(hints(_at(above, own)[0]))
    elsewhere = [f"{topic}.{word}" for topic, hint in topics().items() if is_topic(hint) and word in hints(hint)]
    under = f" under {_dotted(sheet, above)}" if above else ""
    guess = f"; did you mean '{elsewhere[0]}'?" if not above and elsewhere else nearest(word, known)
    return f"'{word}'{under}{guess}"


def _dotted(sheet: Sheet, path: KeyPath) -> str:
    """Return a path as people write it: list entries by their code."""
    words: list[str] = []
    value: Any = sheet.values
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = {}
        code = value.get("code") if isinstance(step, int) and isinstance(value, dict) else None
        words.append(str(code or step))
    return ".".join(words)


def _at(path: KeyPath, own: type | None = None) -> tuple[Any, Declaration | None]:
    """Return type and declaration of what stands at a path."""
    hint: Any = _known(own)[str(path[0])]
    known: Declaration | None = None
    for step in path[1:]:
        if is_topic(hint):
            known = declared(next(field for field in dataclasses.fields(hint) if field.name == step))
            hint = hints(hint)[str(step)]
        else:
            hint = get_args(hint)[-1 if get_origin(hint) is dict else 0]
    return hint, known


def _expected(hint: Any, known: Declaration | None) -> str:
    if get_origin(hint) is tuple:
        entries = f"{known.length} entries" if known and known.length else "entries"
        return f"a list of {entries}, each {_expected(get_args(hint)[0], known)}"
    if known is not None and known.choices:
        return one_of(map(repr, known.choices))
    if hint not in (int, float):
        keys = f" of {', '.join(hints(hint))}" if is_topic(hint) else ""
        return _WORDS.get(hint, f"a mapping{keys}")
    if known is None or known.bounds is None:
        return "a whole number" if hint is int else "a number"
    return f"{'a whole number from ' if hint is int else ''}{span(*known.bounds, known.unit)}"


def build(topic: type[Built], values: Mapping[str, Any]) -> Built:
    """Make a dataclass of those of the checked values that are its own; what is not given keeps its default."""
    known: Any = topic
    return topic(**{name: built(hint, values[name]) for name, hint in hints(known).items() if name in values})


def built(hint: Any, value: Any) -> Any:
    """Return a checked value as its type has it: lists as tuples, mappings as dataclasses."""
    if is_topic(hint):
        return build(hint, value)
    if get_origin(hint) is tuple:
        return tuple(built(get_args(hint)[0], entry) for entry in value)
    return value


def origin_of_default(topic: type, name: str) -> str:
    """Return "model/file.py:line" of the declaration of a field."""
    lines, first, file = _source(topic)
    declares = re.compile(rf"\s+{name}\s*:")
    return f"model/{file}:{first + next(i for i, line in enumerate(lines) if declares.match(line))}"


@cache
def _source(topic: type) -> tuple[list[str], int, str]:
    lines, first = inspect.getsourcelines(topic)
    return lines, first, Path(inspect.getfile(topic)).resolve().relative_to(Path(__file__).parents[1]).as_posix()
