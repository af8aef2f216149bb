"""The eight levers of the page: each moves one instrument, in a unit that an official sets it in.

A lever shows the instrument's first key. The instrument's other keys go with it: numbers by the same share of the way
to their value after the reform, and no further; switches, and all of them where the first key only counts, as soon as
the lever leaves its value before the reform. At that value every key is as before. No value is written here: what a
lever is before, after and today stands in the shipped regimes. The last but one, powers delegated and people who
follow, is one lever with two handles; each handle has a name here.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.messages import Language, msg

if TYPE_CHECKING:
    from model import Scenario

BEFORE, AFTER, TODAY = "inverted", "flattened", "today"
DIGITS = 9  # of a value: what division by 100 leaves beyond them is noise


@dataclass(frozen=True)
class Lever:
    """One lever; its value is in the unit shown.

    Attributes:
        name: Of the lever.
        regime: Shipped regime of its instrument: which keys go with the lever, and how far.
        key: Whose value is shown.
        most, step: Where the lever ends, and by how much it moves; it begins at 0.
        scale: Shown value of 1 in the model: 100 for per cent.
        counts: Whether every value above 0 is in force as a whole, and a smaller one is stronger.
    """

    name: str
    regime: str
    key: str
    most: float = 100.0
    step: float = 1.0
    scale: float = 100.0
    counts: bool = False

    @property
    def low(self) -> float:
        return 0.0

    @property
    def high(self) -> float:
        return self.most

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it writes, the one that is shown first."""
        return (self.key, *_companions(self.regime, self.key))

    @property
    def before(self) -> float:
        """Its value before the reform."""
        return self.value_in(BEFORE)

    @property
    def after(self) -> float:
        """Its value after the reform."""
        return self.value_in(AFTER)

    @property
    def today(self) -> float:
        """Its value under what is inferred to hold today."""
        return self.value_in(TODAY)

    @property
    def turned(self) -> float:
        """Its value where its own instrument is in force: after the reform, or, what the reform leaves, later on."""
        return self.value_in(self.regime)

    @property
    def stops(self) -> tuple[float, ...]:
        """Every value that it takes, from the weakest to the strongest."""
        count = round(self.high / self.step)
        values = [round(place * self.step, DIGITS) for place in range(count + 1)]
        return (values[0], *reversed(values[1:])) if self.counts else tuple(values)

    def title(self, language: Language | None = None) -> str:
        return msg(f"lever_{self.name}", language)

    def unit(self, language: Language | None = None) -> str:
        """Return the unit in which it is shown."""
        return msg(f"lever_unit_{self.name}", language)

    def value_in(self, preset: str) -> float:
        """Return its value in a shipped regime."""
        return self.value_of(_shipped(preset))

    def value_of(self, scenario: Scenario) -> float:
        """Return its value in a scenario, in the unit shown."""
        return round(float(_at(scenario, self.key)) * self.scale, DIGITS)

    def settings(self, value: float) -> dict[str, Any]:
        """Return what it sets at a value, by key (topic.name)."""
        start, end = _shipped(BEFORE), _shipped(self.regime)
        way = self._way(value)
        others = {key: _between(_at(start, key), _at(end, key), way) for key in self.keys[1:]}
        return {self.key: self._inner(value), **others}

    def _inner(self, value: float) -> float:
        """Return the value of its key."""
        number = round(value / self.scale, DIGITS)
        return int(number) if isinstance(_at(_shipped(BEFORE), self.key), int) else number

    def _way(self, value: float) -> float:
        """Return how far its companions go: 0 as before the reform, 1 as where it is turned."""
        start, end = self.before, self.turned
        if self.counts or start == end:
            return float(value != start)
        return min(1.0, max(0.0, (value - start) / (end - start)))


@dataclass(frozen=True)
class Whistling(Lever):
    """The lever that counts the streets that may whistle: none, and the whistle is not in force."""

    switch: str = "whistle.in_force"

    @property
    def high(self) -> float:
        return float(len(_shipped(BEFORE).resolved()["streets"]))

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.switch, self.key)

    def value_of(self, scenario: Scenario) -> float:
        share = float(_at(scenario, self.key)) if _at(scenario, self.switch) else 0.0
        return float(round(share * self.high))

    def settings(self, value: float) -> dict[str, Any]:
        share = round(value) / self.high if value > 0 else _at(_shipped(BEFORE), self.key)
        return {self.switch: value > 0, self.key: float(share)}


def _between(start: Any, end: Any, way: float) -> Any:
    """Return a value on the way between two; a switch is turned, and what is counted stands, as soon as it begins."""
    if isinstance(start, int):
        return end if way > 0.0 else start
    return end if way == 1.0 else round(start + way * (end - start), DIGITS)


@functools.cache
def _shipped(name: str) -> Scenario:
    from model import load_scenario

    return load_scenario(name)


def _at(scenario: Scenario, key: str) -> Any:
    topic, _, name = key.partition(".")
    return getattr(getattr(scenario.law, topic), name)


@functools.cache
def _companions(regime: str, key: str) -> tuple[str, ...]:
    """Return what else a regime changes and no other lever shows."""
    shown = {key, *(lever.key for lever in LEVERS.values())}
    return tuple(name for name in changed_in(regime) if name not in shown)


@functools.cache
def changed_in(preset: str) -> Mapping[str, Any]:
    """Return by key the values of a shipped regime that differ from those before the reform."""
    start, end = (_shipped(name).resolved() for name in (BEFORE, preset))
    return {
        f"{topic}.{name}": value
        for topic, entries in end.items() if isinstance(entries, dict) and topic != "title"
        for name, value in entries.items() if start[topic][name] != value
    }  # fmt: skip


def left_to_others(preset: str) -> dict[str, Any]:
    """Return what a shipped regime changes beyond the levers, by key: what the page has under "more"."""
    written = {key for lever in LEVERS.values() for key in lever.keys}
    return {key: value for key, value in changed_in(preset).items() if key not in written}


def settings_of(values: Mapping[str, float]) -> dict[str, Any]:
    """Return what levers at these values set, by key (topic.name)."""
    return {key: each for name, value in values.items() for key, each in LEVERS[name].settings(value).items()}


def values_of(scenario: Scenario) -> dict[str, float]:
    """Return the value of every lever in a scenario."""
    return {name: lever.value_of(scenario) for name, lever in LEVERS.items()}


LEVERS: dict[str, Lever] = {
    lever.name: lever
    for lever in (
        Lever("street_weight", "r01", "assessment.street_weight"),
        Lever("entry_gate", "r09", "burden.entry_gate"),
        Lever("moved", "r07", "placement.moved_to_streets", most=20.0),
        Lever("stationed", "r06", "stationing.share"),
        Lever("owner_after", "r03", "coordination.owner_after_passes", most=10.0, scale=1.0, counts=True),
        Whistling("whistle_streets", "r10", "whistle.pilot_share"),
        Lever("delegated", "delegated_2020", "powers.delegated"),
        Lever("follow", "delegated_2020_with_staff", "placement.follow_powers"),
        Lever("call_back", "r11", "closed_loop.call_back"),
    )
}
