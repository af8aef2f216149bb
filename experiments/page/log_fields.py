"""The options of `whistle log` as fields of the page: from their declarations, the words of the catalogue, the log."""

from __future__ import annotations

import dataclasses
import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.logs.columns import NOTHING, OPTIONAL
from experiments.logs.options import COLUMN, ORDERS, LogOptions, flag_of
from experiments.messages import msg

MAIN = ("case", "unit", "time", "activity", "kind", "closed_by", "limit")
"""Options that are always shown; the others can be unfolded."""

DATES = ("before", "after")
CHOSEN_FROM = {"closed_by": "closed_by", "work": "closed_by", "closed_state": "closed_state"}
"""Options that are lists, with the one whose values they are chosen from."""

SUGGESTED = {"time_format": ORDERS, "time_zone": ("Asia/Shanghai", "UTC"), "encoding": ("gb18030", "utf-8")}
LONGEST, MOST_CHOSEN = 400, 50  # letters of a text; values of a list
OPTIONS = {each.name: each for each in dataclasses.fields(LogOptions)[1:]}
Settings = Mapping[str, Any]  # what the user has set, by option; what is not set is guessed or unused


def kind_of(name: str) -> str:
    """Return how an option is shown."""
    if OPTIONS[name].metadata["metavar"] == COLUMN:
        return "column"
    kinds = {"bool": "switch", "float | None": "number", "tuple[str, ...]": "list"}
    return "date" if name in DATES else kinds.get(str(OPTIONS[name].type), "text")


def with_option(settings: Settings, name: Any, value: Any) -> Settings:
    """Return settings with another value of an option; an empty one is not set; a ValueError for nonsense."""
    if name not in OPTIONS or not _fits(kind_of(name), value):
        raise ValueError(name)
    others = {each: old for each, old in settings.items() if each != name}
    return others if value in ("", [], False, None) else others | {name: value}


def _fits(kind: str, value: Any) -> bool:
    if kind == "list":
        known = isinstance(value, list) and len(value) <= MOST_CHOSEN
        return known and all(isinstance(each, str) and len(each) <= LONGEST for each in value)
    if kind == "number":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return value is None or (number and math.isfinite(value))
    return isinstance(value, bool) if kind == "switch" else isinstance(value, str) and len(value) <= LONGEST


def given(settings: Settings) -> Settings:
    """Return settings as options of a log: a column of states counts once it is said which states are closed."""
    return {name: value for name, value in settings.items() if name != "state" or "closed_state" in settings}


def fields_of(settings: Settings, columns: Sequence[Mapping[str, Any]], values: Mapping[str, Sequence[str]]) -> Any:
    """Return the fields, in the language in use.

    Args:
        settings: As they are.
        columns: Of the log, as `whistle log FILE --columns --json` has them.
        values: To choose from, by option.
    """
    names = [*MAIN, *(name for name in OPTIONS if name not in MAIN)]
    return [
        {
            "name": name, "label": msg(f"own_log_option_{name}"), "flag": flag_of(name), "kind": kind_of(name),
            "value": settings.get(name, _EMPTY.get(kind_of(name), "")), "main": name in MAIN,
            "choices": list(_choices(name, settings, columns, values)),
        }
        for name in names
    ]  # fmt: skip


_EMPTY = {"list": (), "switch": False, "number": None}


def _choices(
    name: str, settings: Settings, columns: Sequence[Mapping[str, Any]], values: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, str]]:
    if kind_of(name) == "column":
        found = [each["name"] for each in columns if each["role"] == name]
        chosen = settings.get(name)
        first = "as_recognised" if chosen else "recognised" if found else "unrecognised"
        yield {"code": "", "name": msg(f"own_log_{first}", column=msg("list_join").join(found))}
        if name in OPTIONAL:
            yield {"code": NOTHING, "name": msg("own_log_none")}
        yield from ({"code": each["name"], "name": each["name"]} for each in columns)
    else:
        offered = SUGGESTED.get(name) or values.get(CHOSEN_FROM.get(name, ""), ())
        yield from ({"code": each, "name": each} for each in offered)


def command_of(verb: str, names: Sequence[str], settings: Settings, *more: str) -> str:
    """Return what does the same on the command line."""
    words = ["whistle", verb, *names]
    for name, value in given(settings).items():
        each = value if isinstance(value, list | tuple) else [value]
        words += [flag_of(name)] if value is True else [part for one in each for part in (flag_of(name), _text(one))]
    return shlex.join([*words, *more])


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
