"""When a reform begins, and where: dated instruments."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from model.parameter import parameter
from model.policy import Law

__all__ = ["Date", "Stage", "Timeline"]


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


@dataclass(frozen=True)
class Stage:
    """A date made ready: what it changes, in which streets, from which day on.

    Attributes
    ----------
    day : int
        Day of the run.
    regime : str
        Name of the regime that begins.
    streets : tuple of str
        Codes of the streets where it begins.
    rules : tuple of (str, value)
        Dotted key and value of every rule that the regime names.
    """

    day: int
    regime: str
    streets: tuple[str, ...]
    rules: tuple[tuple[str, Any], ...]

    def over(self, law: Law) -> Law:
        """Return a law with the rules of this stage laid over it."""
        given: dict[str, dict[str, Any]] = {}
        for key, value in self.rules:
            topic, field = key.split(".")
            given.setdefault(topic, {})[field] = value
        changed = {topic: dataclasses.replace(getattr(law, topic), **values) for topic, values in given.items()}
        return dataclasses.replace(law, **changed)
