"""Every topic of a configuration in one namespace: those of the law, of behaviour, of the world and of the timeline."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from model.behaviour import Habits
from model.parameter import hints, is_topic, parameter
from model.policy import Law
from model.world import World

__all__ = ["HOLDERS", "Date", "Timeline", "build", "built", "origin_of_default", "part_of", "topics"]

Built = TypeVar("Built")


@dataclass(frozen=True)
class Date:
    """From a day on, the rules of another regime lie over those before, in all or some streets."""

    day: int = parameter(
        0, unit="day of the run", bounds=(0, 1_000_000), source="choice of the study",
        meaning="Day on which it begins; day 0 is the first of the warm-up.", zh="起始日",
    )  # fmt: skip
    regime: str = parameter(
        "", unit="word", source="choice of the study", meaning="Regime whose rules begin: a shipped name or a path.",
        zh="实施的制度",
    )  # fmt: skip
    streets: float = parameter(
        1.0, unit="share of streets", bounds=(0.0, 1.0), source="choice of the study",
        meaning="Share of the streets in which it begins; the same ones first at every share.", zh="实施街乡比例",
    )  # fmt: skip
    only: tuple[str, ...] = parameter(
        (), unit="codes", source="choice of the study", meaning="Codes of the streets, in place of a share.",
        zh="实施街乡代码",
    )  # fmt: skip


@dataclass(frozen=True)
class Timeline:
    """What begins on a date, in a scenario file."""

    dates: tuple[Date, ...] = ()


HOLDERS: tuple[type, ...] = (Law, Habits, World, Timeline)


@cache
def topics() -> dict[str, Any]:
    """Return the type of each topic: a dataclass, or a tuple of dataclasses for lists of units."""
    return {name: hint for holder in HOLDERS for name, hint in hints(holder).items()}


def part_of(holder: type[Built], values: Mapping[str, Any]) -> Built:
    """Make law, habits, world or timeline of the checked values of all topics."""
    known: Any = holder
    return build(holder, {name: values[name] for name in hints(known) if name in values})


def build(topic: type[Built], values: Mapping[str, Any]) -> Built:
    """Make a dataclass of checked values; what is not given keeps its default."""
    known: Any = topic
    kinds = hints(known)
    return topic(**{name: built(kinds[name], value) for name, value in values.items()})


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
