"""Own outcomes: functions of a file of own rules that measure a run, declared as the shipped outcomes are."""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from model.errors import nearest, one_of

GIVEN = ("cases", "units", "days", "own")
"""What the function of an outcome may ask for, by the names of its parameters.

`cases` are the settled cases of the cohort, `units` the units' measures, both as the record has them; `days` the daily
series of the window; each a dict of arrays by name. `own` are the own numbers of the run.
"""

Function = Callable[..., float | None]


@dataclasses.dataclass(frozen=True)
class OwnOutcome:
    """An outcome that a file of own rules declares; words as of `model.Outcome`, `line` is where it stands."""

    name: str
    unit: str
    direction: int
    title_en: str
    title_zh: str
    means_en: str
    means_zh: str
    line: int
    function: Function = dataclasses.field(repr=False)

    def words(self) -> dict[str, Any]:
        """Return what is declared of it but its function, as plain values."""
        names = ("unit", "direction", "title_en", "title_zh", "means_en", "means_zh")
        return {name: getattr(self, name) for name in names}

    @property
    def needs(self) -> tuple[str, ...]:
        """Parameters of its function, names of `GIVEN`."""
        return tuple(inspect.signature(self.function).parameters)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with its declaration."""
        for name in self.needs:
            if name not in GIVEN:
                yield f"outcome '{self.name}' asks for '{name}'{nearest(name, GIVEN)}"
        if not self.needs:
            yield f"outcome '{self.name}': expected {one_of(GIVEN)} as a parameter, got none."
        if self.direction not in (-1, 0, 1):
            told = f"outcome '{self.name}': direction: expected 1 (more is better), -1 (less is better) or 0"
            yield f"{told}, got {self.direction!r}."

    def measured(self, given: Mapping[str, Any]) -> float | None:
        """Return its value in a run, None where it is undefined; `given` by the names of `GIVEN`."""
        value = self.function(**{name: given[name] for name in self.needs})
        return None if value is None or not math.isfinite(value) else float(value)


def outcome(
    *, unit: str, direction: int = 0, title_en: str = "", title_zh: str = "", means_zh: str = ""
) -> Callable[[Function], OwnOutcome]:
    """Declare the function below as an outcome, in a file of own rules.

    The function has the outcome's name and asks for what it needs by the names of its parameters: `cases`, `units`,
    `days` (see `model.own_outcome.GIVEN`). It returns a number, or None (or not-a-number) where undefined. Its
    docstring is the meaning in English.

    Args:
        unit: In words; "share" is printed as percent.
        direction: 1 where more is better, −1 where less is better, 0 where neither.
        title_en, title_zh: Names for people; by default the function's name, and the English title.
        means_zh: Meaning in Chinese; by default the English one.

    Example:
        >>> from model import outcome
        >>> @outcome(unit="share", direction=-1, title_en="passed on twice or more")
        ... def passed_twice(cases):
        ...     return (cases["passes"] >= 2).mean()
    """

    def declared(function: Function) -> OwnOutcome:
        name = function.__name__
        title, means = title_en or name.replace("_", " "), inspect.getdoc(function) or ""
        line = function.__code__.co_firstlineno
        return OwnOutcome(name, unit, direction, title, title_zh or title, means, means_zh or means, line, function)

    return declared


REGISTERED: dict[str, OwnOutcome] = {}
"""Own outcomes of every file that was read in this process, by name; their words are looked up here."""
