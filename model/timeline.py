"""When a reform begins, and where: dated instruments."""

from __future__ import annotations

from dataclasses import dataclass

from model.law import Law
from model.parameter import parameter

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
    """A date made ready: the whole law that holds in some streets from a day on.

    Attributes
    ----------
    day : int
        Day of the run.
    regime : str
        Name of the regime that begins.
    streets : tuple of str
        Codes of the streets where it begins.
    law : Law
        All rules there from that day on.
    """

    day: int
    regime: str
    streets: tuple[str, ...]
    law: Law
