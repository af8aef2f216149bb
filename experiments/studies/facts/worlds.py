"""From patterns to base scenarios: every arm once, however many patterns look at it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.studies.facts.form import Pattern
from experiments.studies.facts.measures import MEASURES
from experiments.studies.facts.options import PatternOptions

__all__ = ["Worlds"]

Settings = Mapping[str, Any]


class Worlds:
    """Base scenarios of a study of patterns.

    Attributes
    ----------
    variants : list of (label, regime, settings)
        For `bases_of`.
    """

    def __init__(self, options: PatternOptions) -> None:
        self._options = options
        self._places: dict[str, int] = {}
        self._with_cases: set[int] = set()
        self.variants: list[tuple[str, str, Settings]] = []
        for null in (False, True) if options.null else (False,):
            for pattern in options.patterns:
                if null and pattern.role == "shown":
                    continue
                for arm in pattern.arms:
                    self._enter(pattern, arm, null)

    def _enter(self, pattern: Pattern, arm: str, null: bool) -> None:
        regime, settings = self._options.regime_of(pattern, null), pattern.arms[arm]
        name = _name(regime, settings)
        if name not in self._places:
            self._places[name] = len(self.variants)
            self.variants.append((name, regime, settings))
        if any(MEASURES[check.measure].cases for check in pattern.checks):
            self._with_cases.add(self._places[name])

    def place(self, pattern: Pattern, arm: str, null: bool) -> int:
        """Return which base scenario an arm is."""
        return self._places[_name(self._options.regime_of(pattern, null), pattern.arms[arm])]

    def needs_cases(self, place: int) -> bool:
        """Tell whether something is made of the cases of a base scenario's runs."""
        return place in self._with_cases


def _name(regime: str, settings: Settings) -> str:
    return " ".join([regime, *_words(settings)])


def _words(settings: Settings) -> Iterator[str]:
    for key in sorted(settings):
        value = settings[key]
        yield f"{key}={value if isinstance(value, str | int | float) else json.dumps(value, sort_keys=True)}"
