"""Dated reforms (N13): which law holds in which street from which day on, and how dated instruments fade."""

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from pathlib import Path
from typing import Any

from model import portable_math
from model.config.files import regime_sheets
from model.config.topics import Date, Timeline
from model.config.yamlfile import Where
from model.errors import nearest, noting, raise_if_any
from model.parameter import hints
from model.policy import Durability, Law
from model.rng import code_key

FADING_DAYS = 30  # a fading instrument loses strength once a month, at the scoring

_STAYS = frozenset({"placement", "staffing", "structure", "powers", "durability", "letters"})
"""Topics that do not fade: people placed, units formed, powers given; and the ways of before."""

_LN2 = portable_math.log(2.0)


@dataclass(frozen=True)
class Stage:
    """A date made ready: the regime that begins on a day of the run, in which streets (codes), with which rules.

    `rules` are dotted key and value of every rule that the regime names.
    """

    day: int
    regime: str
    streets: tuple[str, ...]
    rules: tuple[tuple[str, Any], ...]

    def over(self, law: Law) -> Law:
        """Return a law with the rules of this stage laid over it."""
        given: dict[str, dict[str, Any]] = defaultdict(dict)
        for key, value in self.rules:
            topic, field = key.split(".")
            given[topic][field] = value
        changed = {topic: dataclasses.replace(getattr(law, topic), **values) for topic, values in given.items()}
        return dataclasses.replace(law, **changed)


def stages_of(timeline: Timeline, codes: Sequence[str], beside: Path, where: Where) -> tuple[Stage, ...]:
    """Return the stages in the order of their days.

    `codes` are those of all streets; the regime of a date is sought in the folder `beside` first.

    Raises:
        ConfigError: With every problem of every date.
    """
    stages, problems = list[Stage](), list[str]()
    for i, date in sorted(enumerate(timeline.dates), key=lambda entry: entry[1].day):
        at = f"{where(('dates', i))}dates.{i}: "
        streets = tuple(sorted(date.only)) if date.only else first_streets(date.streets, codes)
        with noting(problems):
            stages.append(Stage(date.day, date.regime, streets, _rules(date, beside, at)))
        unknown = (code for code in date.only if code not in codes)
        problems += [f"{at}only: unknown street '{code}'{nearest(code, codes)}" for code in unknown]
    raise_if_any(problems)
    return tuple(stages)


def first_streets(share: float, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of a share of the streets; those of a smaller share belong to every larger one."""
    order = sorted(codes, key=lambda code: (code_key(f"pilot/{code}"), code))
    return tuple(sorted(order[: round(share * len(order))]))


def _rules(date: Date, beside: Path, at: str) -> tuple[tuple[str, Any], ...]:
    """Return the rules of a regime: dotted keys and values, those that it extends overridden."""
    path, sheets = regime_sheets(date.regime, beside, at)
    problems = [problem for sheet in sheets for problem in sheet.problems]
    expected = f"{at}expected rules only, and no dates, in regime '{path.stem}'"
    problems += [
        f"{expected}, got '{topic}' ({sheet.place((topic,))})."
        for sheet in sheets
        for topic in sheet.values
        if topic not in {"title", *hints(Law)}
    ]
    raise_if_any(problems)
    values = [(topic, entries) for sheet in sheets for topic, entries in sheet.values.items() if topic != "title"]
    return tuple({f"{topic}.{name}": value for topic, entries in values for name, value in entries.items()}.items())


@dataclass(frozen=True)
class Era:
    """A stretch of days under the same laws.

    Attributes:
        day: First day.
        laws: The laws in force somewhere; the last is that of the district's own desk, where every stage begins.
        law_of: Row of the law of each street.
    """

    day: int
    laws: tuple[Law, ...]
    law_of: tuple[int, ...]


def eras_of(law: Law, stages: Sequence[Stage], streets: Sequence[str], days: int) -> tuple[Era, ...]:
    """Return the eras of a run, the first from day 0; `streets` are codes in their order, `days` those of the run."""
    first_days = {0} | {stage.day for stage in stages}
    for stage in stages:
        if stage.over(law).durability.in_law < 1.0:
            first_days |= set(range(stage.day, days, FADING_DAYS))
    return tuple(_era(day, law, stages, streets) for day in sorted(first_days) if day < max(1, days))


def _era(day: int, law: Law, stages: Sequence[Stage], streets: Sequence[str]) -> Era:
    """Return the era that holds on a day: a street has the stages that began there, the district all that began."""
    begun = tuple(stage for stage in stages if stage.day <= day)
    mine = [tuple(code in stage.streets for stage in begun) for code in streets]
    everything = (True,) * len(begun)
    kinds = [*sorted(set(mine) - {everything}), everything]
    laws = tuple(law_on(day, law, list(compress(begun, kind))) for kind in kinds)
    return Era(day, laws, tuple(kinds.index(kind) for kind in mine))


def law_on(day: int, law: Law, stages: Sequence[Stage]) -> Law:
    """Return the law of a day where these stages have begun: each lies over those before it, as far as it has held."""
    lasting = list(accumulate(stages, lambda before, stage: stage.over(before), initial=law))[1:]
    ends = [*(stage.day for stage in stages[1:]), day]
    for i, stage in enumerate(stages):
        strength, begins = 1.0, stage.day
        for held, end in zip(lasting[i:], ends[i:], strict=True):
            strength = _left(strength, held.durability, end - begins)
            begins = end
        law = _faded(law, stage.over(law), strength)
    return law


def _left(strength: float, lasting: Durability, days: int) -> float:
    """Return what is left of an instrument after some days: it fades to the share that is put into law, never grows."""
    if strength <= lasting.in_law:
        return strength
    kept = portable_math.exp(-_LN2 * days / lasting.half_life_days)
    return lasting.in_law + (strength - lasting.in_law) * kept


def _faded(before: Law, law: Law, strength: float) -> Law:
    """Return the law that lies between two at a given strength of the later one."""
    if strength >= 1.0:
        return law
    if law.whistle.in_force and not before.whistle.in_force:  # a right that nobody held reached no case
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
