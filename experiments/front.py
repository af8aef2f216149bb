"""What is known before anything is run: presets, levers and what turns the answer, over the plausible worlds.

`known_front()` reads `results/measured/front.json`, which `make front` measures; it is None where nothing was measured.
All numbers are in the unit of their outcome (shares 0–1), lists by world are in the order of the worlds, and None in
them is undefined.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.levers import AFTER, BEFORE, LEVERS
from experiments.messages import Language, msg
from experiments.stats.surface import Link, nearness, products, unlinked
from experiments.store.files import measured_file, read_measured

WITHOUT = "without_"  # beginning of the name of a trial that takes a lever of the reform back
REST = "rest"  # input of the estimate beside the levers: how much of the reform beyond them is in force

ByWorld = Sequence[float | None]


@dataclass(frozen=True)
class PackageKnown:
    """What is known of a preset.

    Attributes:
        outcomes: By outcome, by world, mean of its seeds.
        in_time, days: By kind (`Front.kinds`), by world: share closed in time; days until half are really closed, None
            where they are not within the follow-up.
        streets: By street (`Front.streets`), by world: share closed in time.
        first: By outcome, by world, on the first seed alone: what a run on that seed is paired with.
    """

    outcomes: Mapping[str, ByWorld]
    in_time: Sequence[ByWorld]
    days: Sequence[ByWorld]
    streets: Sequence[ByWorld]
    first: Mapping[str, ByWorld] = field(default_factory=dict)

    def median(self, outcome: str) -> float | None:
        """Return the median over worlds."""
        return median(self.outcomes[outcome])


@dataclass(frozen=True)
class LeverKnown:
    """How closure in time changes by one lever, over worlds: 5 % quantile, median, 95 % quantile.

    Attributes:
        alone: Before the reform, with this lever turned, minus without.
        whole: After the reform, with this lever, minus with this lever as before.
        beneath: Levers that are turned on both sides, because this one acts on what they create.
        people: Who leave the departments for streets or teams where it is turned, in the district as it is written.
    """

    alone: tuple[float, float, float]
    whole: tuple[float, float, float]
    beneath: tuple[str, ...]
    people: int


@dataclass(frozen=True)
class Trial:
    """A change of the reform, or of what is assumed of the district, that was tried.

    Attributes:
        name: Of the change.
        preset: What was changed.
        values: What was changed in it, by key (topic.name).
        assumed: Whether that is a fact of the district, so that it was changed before the reform too.
        outcomes: The three of closure and the others, by world; one seed each.
        before: The same before the reform, in the same worlds under the same assumption and the same luck.
        worse: Worlds in which no more is closed in time than before.
        of: Worlds in which that is defined.
        kept: Share of the reform's gain in closure in time that is left, of medians over worlds; below 0 where less is
            closed than before.
    """

    name: str
    preset: str
    values: Mapping[str, Any]
    assumed: bool
    outcomes: Mapping[str, ByWorld]
    before: Mapping[str, ByWorld]
    worse: int
    of: int
    kept: float

    def title(self, language: Language | None = None) -> str:
        """Return what it is, in words."""
        if lever := LEVERS.get(self.name.removeprefix(WITHOUT)):
            return msg("turn_without", language, lever=lever.title(language))
        return msg(f"turn_{self.name}", language)


@dataclass(frozen=True)
class Estimate:
    """The median over worlds at any setting of the levers, before it is run.

    On the scale of the link it is the sum of each coefficient × the product of the places of its term, of each weight ×
    exp(−½ Σ ((place − place of the point) ÷ reach)²), and of the anchor.

    Attributes:
        levers: Inputs in the order of the terms: the levers, and `REST`.
        knots: By input: value and place (0–1), between which the place is piecewise linear in the value.
        terms: Of the surface: the inputs whose places are multiplied.
        points: Packages that were run, by place of each input.
        coefficients, reach, weights, link: By outcome: of each term; along each input; of each point.
        rest: By preset, the value of `REST`.
        anchors: By preset and outcome, what is added on the scale of the link, so that the preset itself is told as it
            was measured.
        error: By outcome: root mean square error on packages that were left out, in the outcome's unit.
        r2: By outcome: share of the variance of these that is explained.
        checked: By outcome: root mean square error on packages measured in all worlds and never fitted to.
    """

    levers: Sequence[str]
    knots: Mapping[str, Sequence[tuple[float, float]]]
    terms: Sequence[tuple[int, ...]]
    rest: Mapping[str, float]
    points: Sequence[Sequence[float]] = ()
    coefficients: Mapping[str, Sequence[float]] = field(default_factory=dict)
    reach: Mapping[str, Sequence[float]] = field(default_factory=dict)
    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)
    link: Mapping[str, Link] = field(default_factory=dict)
    anchors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    error: Mapping[str, float] = field(default_factory=dict)
    r2: Mapping[str, float] = field(default_factory=dict)
    checked: Mapping[str, float] = field(default_factory=dict)

    def places(self, values: Mapping[str, float]) -> list[float]:
        """Return the place of each input, given the value of each."""
        places = (np.array(self.knots[name]).T for name in self.levers)
        return [float(np.interp(values[name], *each)) for name, each in zip(self.levers, places, strict=True)]

    def at(self, values: Mapping[str, float], preset: str) -> dict[str, float]:
        """Return the estimate of each outcome.

        Args:
            values: Of every lever, in the unit shown.
            preset: From which the package was changed; one that is unknown has no anchor.
        """
        place = np.array([self.places({**values, REST: self.rest.get(preset, 0.0)})])
        known, points, anchors = products(place, self.terms)[0], np.array(self.points), self.anchors.get(preset, {})
        told = {}
        for outcome, own in self.coefficients.items():
            near = nearness(place, points, np.array(self.reach[outcome]))[0]
            whole = known @ np.array(own) + near @ np.array(self.weights[outcome]) + anchors.get(outcome, 0.0)
            told[outcome] = float(unlinked(whole, self.link[outcome]))
        return told


@dataclass(frozen=True)
class Front:
    """What is known before anything is run.

    Attributes:
        fingerprint: Of the model that was measured.
        worlds, seeds: Worlds, and seeds of each.
        luck: By outcome: half-width of the 95 % interval that luck alone leaves to the mean difference over worlds.
        turns, steady: Changes that turn the answer or take most of the gain, and those tried that do not; the one that
            leaves least first.
    """

    fingerprint: str
    district: str
    worlds: int
    seeds: int
    kinds: Sequence[str]
    streets: Sequence[str]
    packages: Mapping[str, PackageKnown]
    luck: Mapping[str, float]
    levers: Mapping[str, LeverKnown]
    estimate: Estimate
    turns: Sequence[Trial]
    steady: Sequence[Trial]

    @property
    def stale(self) -> bool:
        """Whether the model is another one than was measured, so that numbers may have changed."""
        from model import fingerprint

        return fingerprint() != self.fingerprint

    def difference(self, outcome: str, preset: str = AFTER, since: str = BEFORE) -> list[float | None]:
        """Return by world how much more of an outcome there is under one preset than under another."""
        pairs = zip(self.packages[since].outcomes[outcome], self.packages[preset].outcomes[outcome], strict=True)
        return [None if start is None or end is None else end - start for start, end in pairs]


def median(values: ByWorld) -> float | None:
    """Return the median of what is defined; None where nothing is."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return float(np.median(known)) if known else None


def known_front() -> Front | None:
    """Return what was measured last; read once unless the file has changed."""
    path = measured_file("front")
    return _read(path.stat().st_mtime_ns) if path.is_file() else None


@functools.lru_cache(maxsize=1)
def _read(_written: int) -> Front:
    return front_of(read_measured("front"))


def front_of(plain: Mapping[str, Any]) -> Front:
    """Return what is known from its plain values."""
    packages = {
        name: PackageKnown(
            each["outcomes"], each["kinds"]["in_time"], each["kinds"]["days"], each["streets"], each.get("first", {})
        )
        for name, each in plain["packages"].items()
    }
    levers = {
        name: LeverKnown(tuple(each["alone"]), tuple(each["whole"]), tuple(each["beneath"]), each["people"])
        for name, each in plain["levers"].items()
    }
    known = dict(plain["estimate"])
    known["terms"] = [tuple(term) for term in known["terms"]]
    trials = {name: [Trial(**each) for each in plain[name]] for name in ("turns", "steady")}
    read = {"packages": packages, "levers": levers, "estimate": Estimate(**known), **trials}
    return Front(**{**plain, **read})
