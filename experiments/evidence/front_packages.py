"""Which packages are measured for the first page: presets, levers alone and in the whole, what may turn, a design.

The design fills the space of the levers evenly (scrambled Sobol' points), but a quarter of its values lie exactly
before the reform and a quarter where the lever's instrument is in force: packages that people make lie on these, and
some instruments act as soon as they are there at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.evidence.measuring import Arm
from experiments.front import REST, WITHOUT
from experiments.levers import AFTER, BEFORE, LEVERS, TODAY, Lever, left_to_others, settings_of
from model import free_numbers

PRESETS = (
    BEFORE, AFTER, TODAY, "rules_only", "placement_only", "r10", "flattened_delegated", "delegated_2020",
    "delegated_2020_with_staff",
)  # fmt: skip
BENEATH: Mapping[str, tuple[str, ...]] = {"follow": ("delegated",)}
"""Levers that another one acts on; without them it does nothing."""

SPLIT = {"low": (0.12, 0.73), "high": (0.36, 0.49)}
"""Shares of all people in streets and in departments, assumed; the rest is in communities and the city."""

PILED = 0.25  # share of a handle's values that lie exactly before, and that lie where it is turned


@dataclass(frozen=True)
class Trying:
    """A change that may turn the answer; see `experiments.front.Trial`."""

    name: str
    values: Mapping[str, Any]
    assumed: bool = False

    @property
    def after(self) -> Arm:
        return Arm(AFTER, self.values)

    @property
    def before(self) -> Arm:
        return Arm(BEFORE, self.values if self.assumed else {})


def lever_arms(name: str) -> Mapping[str, tuple[Arm, Arm]]:
    """Return by "alone" and "whole" two arms, without the lever and with it; see `experiments.front.LeverKnown`."""
    lever = LEVERS[name]
    beneath = settings_of({each: LEVERS[each].turned for each in BENEATH.get(name, ())})
    off, on = (lever.settings(value) for value in (lever.before, lever.turned))
    return {
        side: (Arm(base, {**beneath, **off}), Arm(base, {**beneath, **on}))
        for side, base in (("alone", BEFORE), ("whole", AFTER))
    }  # fmt: skip


def trials() -> list[Trying]:
    """Return what is tried: powers that go down, levers taken back, and what is assumed at the end of its range."""
    ends = {number.key: (number.low, number.high) for number in free_numbers()}
    found = [
        Trying("delegated_nobody", _powers(0.0)),
        Trying("delegated_half", _powers(0.5)),
        Trying("delegated_everybody", _powers(1.0)),
        Trying("full", {"staff.load": ends["staff.load"][1]}, True),
        Trying("full_delegated_half", {"staff.load": ends["staff.load"][1], **_powers(0.5)}, True),
        *(Trying(f"street_people_{end}", {"staff.street": street, "staff.department": department}, True)
          for end, (street, department) in SPLIT.items()),
        Trying("assessment_ignored", {"acceptance.stake": ends["acceptance.stake"][0]}, True),
        Trying("duty_ignored", {"acceptance.membership": ends["acceptance.membership"][0]}, True),
    ]  # fmt: skip
    without = (Trying(f"{WITHOUT}{name}", lever.settings(lever.before)) for name, lever in LEVERS.items()
               if lever.before != lever.after)  # fmt: skip
    return [*found, *without]


def _powers(follow: float) -> dict[str, Any]:
    """Return powers delegated as in 2020, with a share of the people concerned."""
    lever = LEVERS["follow"]
    return settings_of({"delegated": LEVERS["delegated"].turned, "follow": follow * lever.high})


def knots(lever: Lever) -> list[tuple[float, float]]:
    """Return value and place of the ends of a lever and of where it is turned, which takes half of the way or more.

    Of a lever that counts, any value above 0 is half of the way, and the least one all of it.
    """
    if lever.counts:
        return [(lever.low, 0.0), (lever.step, 1.0), (lever.high, 0.5)]
    middle = max(0.5, lever.turned / lever.high)
    inner = [(lever.turned, middle)] if lever.low < lever.turned < lever.high else []
    return [(lever.low, 0.0), *inner, (lever.high, 1.0)]


def value_at(lever: Lever, place: float) -> float:
    """Return the value of a lever at a place between 0 and 1 of its design."""
    if place < PILED:
        return lever.before
    if place < 2 * PILED:
        return lever.turned
    stops = lever.stops
    return stops[min(len(stops) - 1, int((place - 2 * PILED) / (1.0 - 2 * PILED) * len(stops)))]


def design(packages: int, seed: int = 1) -> Iterator[tuple[dict[str, float], Arm]]:
    """Yield packages: the value of every lever and of `REST`, and what is run."""
    from scipy.stats import qmc

    shares = qmc.Sobol(len(LEVERS) + 1, rng=np.random.default_rng(seed)).random(packages)
    others = left_to_others(AFTER)
    for row in shares.tolist():
        values = {name: value_at(lever, place) for (name, lever), place in zip(LEVERS.items(), row, strict=False)}
        rest = float(row[-1] >= 0.5)
        yield {**values, REST: rest}, Arm(BEFORE, {**settings_of(values), **(others if rest else {})})


def rest_in(preset: str) -> float:
    """Return which share of what the reform changes beyond the levers a preset changes alike."""
    wanted, there = left_to_others(AFTER), left_to_others(preset)
    alike = [there.get(key) == value for key, value in wanted.items()]
    return alike.count(True) / len(alike)
