"""Eras of a run: which law holds in which street from which day on, and how dated instruments fade (N13)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from model import numbers
from model.law import Law
from model.timeline import Stage

__all__ = ["Era", "average", "eras_of"]

FADING_DAYS = 30
"""A fading instrument loses strength once a month, at the scoring."""

_STAYS = frozenset({"placement", "staffing", "structure", "powers", "durability", "letters"})
"""Topics that do not fade: people placed, units formed, powers given; and the ways of before."""

_LN2 = numbers.log(2.0)


@dataclass(frozen=True)
class Era:
    """A stretch of days under the same laws.

    Attributes
    ----------
    day : int
        First day.
    laws : tuple of Law
        The laws in force somewhere; the last is the newest, and that of the district's own desk.
    law_of : tuple of int
        Row of the law of each street.
    """

    day: int
    laws: tuple[Law, ...]
    law_of: tuple[int, ...]


def eras_of(law: Law, stages: Sequence[Stage], streets: Sequence[str], days: int) -> tuple[Era, ...]:
    """Return the eras of a run, the first from day 0; `streets` are codes in their order, `days` those of the run."""
    first_days = {0} | {stage.day for stage in stages}
    for stage in stages:
        if stage.law.durability.in_law < 1.0:
            first_days |= set(range(stage.day, days, FADING_DAYS))
    return tuple(_era(day, law, stages, streets) for day in sorted(first_days) if day < max(1, days))


def _era(day: int, law: Law, stages: Sequence[Stage], streets: Sequence[str]) -> Era:
    laws, law_of = [law], [0] * len(streets)
    before = law
    for stage in stages:
        if stage.day <= day:
            laws.append(_faded(before, stage.law, day - stage.day))
            law_of = [
                len(laws) - 1 if code in stage.streets else row for code, row in zip(streets, law_of, strict=True)
            ]
        before = stage.law
    return Era(day, tuple(laws), tuple(law_of))


def _faded(before: Law, law: Law, age: int) -> Law:
    """Return a law of which only what is put into law, and what has not faded yet, still stands against before."""
    lasting = law.durability
    strength = lasting.in_law + (1.0 - lasting.in_law) * numbers.exp(-_LN2 * age / lasting.half_life_days)
    if strength >= 1.0:
        return law
    if not before.whistle.in_force:  # a right that nobody held reached no case
        before = dataclasses.replace(before, whistle=dataclasses.replace(before.whistle, reach=0.0))
    topics = (field.name for field in dataclasses.fields(Law) if field.name not in _STAYS)
    return dataclasses.replace(
        law, **{name: _between(getattr(before, name), getattr(law, name), strength) for name in topics}
    )


def _between(before: Any, after: Any, strength: float) -> Any:
    """Return a topic whose numbers lie between two versions; switches and counts are the later one's."""
    values = {
        field.name: getattr(before, field.name) + strength * (getattr(after, field.name) - getattr(before, field.name))
        for field in dataclasses.fields(after)
        if isinstance(getattr(after, field.name), float)
    }
    return dataclasses.replace(after, **values)


def average(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean of what holds by street; exactly the value where all are alike."""
    if len(set(values)) == 1:
        return values[0]
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
