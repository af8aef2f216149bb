"""What an outcome is, and the outcomes by name: the shipped ones, and those that files of own rules declare."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from model.outcomes.record import Totals
from model.own_outcome import REGISTERED, OwnOutcome

Theme = Literal["closure", "time", "passing", "work", "trade", "reach", "own"]  # heading under which an outcome stands

Place = Literal["headline", "report", "figure", "split"]
"""Sentences and the page's first numbers; body of a report; summary figure; figure of placement against rules (shares
only). Tables of everything, and the annex, show every outcome."""


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Attributes:
        name: Stable name.
        theme: Of `Theme`.
        unit: In words; "share" is printed as percent.
        direction: +1 higher is better, −1 lower is better, 0 neither.
        formula: How it is measured, with its denominator.
        title_en, means_en, title_zh, means_zh: Name and meaning for people.
        measure: From the totals of a run to the value, None where undefined.
        shown: Of `Place`.
        from_log: Whether an event log gives it: it needs neither hours nor the answers that were due.
        censored: Whether it is undefined where the follow-up ends first, and then shown as longer than that.
    """

    name: str
    theme: Theme
    unit: str
    direction: int
    formula: str
    title_en: str
    means_en: str
    title_zh: str
    means_zh: str
    measure: Callable[[Totals], float | None]
    shown: tuple[Place, ...] = ()
    from_log: bool = False
    censored: bool = False


class Outcomes(dict[str, Outcome]):
    """The shipped outcomes by name; those of files of own rules are found by name too, but stand in no listing."""

    def __missing__(self, name: str) -> Outcome:
        """Return the outcome of a file of own rules that this process has read."""
        if name not in REGISTERED:
            raise KeyError(name)
        return _shown(REGISTERED[name])

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in REGISTERED


def _shown(own: OwnOutcome) -> Outcome:
    """Return an own outcome as tables and reports show it; it is measured over more than totals (`outcomes.own`)."""
    formula = own.means_en or f"{own.name} of a file of own rules"
    words = own.title_en, own.means_en, own.title_zh, own.means_zh
    return Outcome(own.name, "own", own.unit, own.direction, formula, *words, lambda _: None, shown=("report",))
