"""From dates to stages: which rules begin in which streets on which day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path as File
from typing import Any

from model.config import topics
from model.config.sheets import regime_sheets
from model.config.shipped import nearest
from model.config.timeline import Date, Stage, Timeline
from model.config.yamlfile import KeyPath, Sheet
from model.errors import ConfigError
from model.policy import Law
from model.rng import code_key

__all__ = ["first_streets", "stages_of"]

Where = Callable[[KeyPath], str]


def stages_of(timeline: Timeline, codes: Sequence[str], beside: File, where: Where) -> tuple[Stage, ...]:
    """Return the stages in the order of their days.

    Parameters
    ----------
    timeline : Timeline
        The dates.
    codes : sequence of str
        Codes of all streets.
    beside : Path
        Folder in which regimes of a date are sought first.
    where : callable
        From a path of keys to "file:line:column: ".

    Raises
    ------
    ConfigError
        With every problem of every date.
    """
    stages, problems = list[Stage](), list[str]()
    for i, date in sorted(enumerate(timeline.dates), key=lambda entry: entry[1].day):
        at = f"{where(('dates', i))}dates.{i}: "
        rules: tuple[tuple[str, Any], ...] = ()
        try:
            rules = _rules(date, beside, at)
        except ConfigError as error:
            problems += error.problems
        problems += [
            f"{at}only: unknown street '{code}'{nearest(code, list(codes))}" for code in date.only if code not in codes
        ]
        stages.append(Stage(date.day, date.regime, _streets(date, codes), rules))
    if problems:
        raise ConfigError(problems)
    return tuple(stages)


def first_streets(share: float, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of a share of the streets; those of a smaller share belong to every larger one."""
    order = sorted(codes, key=lambda code: (code_key(f"pilot/{code}"), code))
    return tuple(sorted(order[: round(share * len(order))]))


def _streets(date: Date, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(date.only)) if date.only else first_streets(date.streets, codes)


def _rules(date: Date, beside: File, at: str) -> tuple[tuple[str, Any], ...]:
    """Return what a regime says of rules: dotted keys and values, the last word on each."""
    path, sheets = regime_sheets(date.regime, beside, at)
    problems = [problem for sheet in sheets for problem in sheet.problems]
    problems += [problem for sheet in sheets for problem in _foreign(sheet, path.stem, at)]
    if problems:
        raise ConfigError(problems)
    given: dict[str, Any] = {}
    for sheet in sheets:
        for topic, entries in sheet.values.items():
            if topic != "title":
                given |= {f"{topic}.{name}": value for name, value in entries.items()}
    return tuple(given.items())


def _foreign(sheet: Sheet, name: str, at: str) -> list[str]:
    known = {"title", *topics.hints(Law)}
    return [
        f"{at}expected rules only, and no dates, in regime '{name}', got '{topic}' ({sheet.place((topic,))})."
        for topic in sheet.values
        if topic not in known
    ]
