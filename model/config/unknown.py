"""What nobody knows of a district: every free number with its range, and what a world says of all of them at once.

A world is one value for each free number. Three sorts there are: a declared number ("acceptance.intercept"), with the
range it was declared with; a factor on a whole column of the district's tables ("kinds.*.work_days"); and how far, and
in which draw, the single entries of these tables leave the values they are written with, each within its own range, as
its evidence states it ("assumption, range 0.12-0.5"). Facts of the article and levers of the reform are not free.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from model.config.declared import declared_topics
from model.config.overrides import laid, replaced
from model.config.yamlfile import Sheet, quote
from model.errors import nearest, raise_if_any
from model.parameter import Declaration
from model.world import Department, Kind, World

if TYPE_CHECKING:
    from model.config.scenario import Scenario

SPREAD, DRAW = "tables.spread", "tables.draw"
DRAWS = 100_000  # different draws of the tables' entries
ROUNDING = 1e-9  # by which shares may miss 1 for being written with few digits
WIDE = 8.0  # a range whose ends differ by this factor is sampled on the scale of logarithms
SHARES = ("department", "street", "community")  # of the staff, sampled; that of the city follows
LEVELS = (*SHARES, "city")
FOURTH = "staff.city"  # the four levels' shares add up to 1, so this one follows from the others
MEMBERSHIP = 0.15  # how far a single claim to a kind of cases may be off, as the tables' evidence says

_RANGE = re.compile(r"range (-?[\d.]+)-(-?[\d.]+)")
_PART = re.compile(r"; (\d+) of it ")
_SINGLE = {
    "kinds": ("share", "work_days", "work_sigma", "waiting_days", "waiting_sigma", "enforcement", "joint", "parties",
              "hidden", "stake", "recur_control", "recur_cogovernance", "member_units"),
    "departments": ("staff_weight", "programme_weight", "stationable"),
}  # fmt: skip

Unknowns = Mapping[str, float]
"""A world: the value of each free number by its key."""


@dataclasses.dataclass(frozen=True)
class FreeNumber:
    """One number that nobody knows.

    Attributes:
        key: Dotted path; with "*" for all entries of a list, of which it is a factor.
        low, high: Ends of the range that it could have, both included.
        whole: Whether it is a whole number.
        told: Source of the range in words.
    """

    key: str
    low: float
    high: float
    whole: bool
    unit: str
    meaning: str
    zh: str
    told: str

    @property
    def scale(self) -> str:
        """Scale on which it is sampled: "log" where the ends differ by a factor of eight, and of factors."""
        wide = self.low > 0.0 and (self.high / self.low >= WIDE or "*" in self.key)
        return "log" if wide else "linear"

    def at(self, quantile: float) -> float:
        """Return the value at a quantile from 0 to 1 of its range."""
        if self.scale == "log":
            value = self.low * math.exp(quantile * math.log(self.high / self.low))
        else:
            value = self.low + quantile * (self.high - self.low)
        return min(max(float(round(value)) if self.whole else value, self.low), self.high)

    def quantile(self, value: float) -> float:
        """Return the quantile of a value, the inverse of `at`; below 0 or above 1 outside of the range."""
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@cache
def free_numbers() -> tuple[FreeNumber, ...]:
    """Return every free number, in the order of the declarations, tables last."""
    return (*_declared(), *_factors(), *_TABLES)


def _declared() -> Iterator[FreeNumber]:
    for topic in declared_topics():
        for key, known in topic.keys.items():
            path = f"{topic.name}.{key}"
            if not topic.listed and known.plausible is not None and path != FOURTH:
                yield _number(path, known.plausible, known, whole=known.type is int)


def _factors() -> Iterator[FreeNumber]:
    for topic in declared_topics():
        for key, known in topic.keys.items():
            if topic.listed and known.factor is not None:
                words = dataclasses.replace(
                    known, unit="times", source="assumption", plausible=known.factor,
                    meaning=f"Factor on all entries: {known.meaning}", zh=f"整列倍数：{known.zh}",
                )  # fmt: skip
                yield _number(f"{topic.name}.*.{key}", known.factor, words)


def _number(key: str, ends: tuple[float, float], known: Declaration, *, whole: bool = False) -> FreeNumber:
    low, high = map(float, ends)
    return FreeNumber(key, low, high, whole, known.unit, known.meaning, known.zh, known.told)


_TABLES = (
    FreeNumber(SPREAD, 0.0, 1.0, False, "share of the range",
               "How far single entries of the tables of kinds and departments leave what is written there.",
               "类别表与部门表各项偏离所列值的程度", "the range of each entry stands in its evidence"),
    FreeNumber(DRAW, 0.0, float(DRAWS), True, "number of the draw",
               "Which draw of these entries it is; the number itself means nothing.", "类别表与部门表的抽样编号",
               "a draw"),
)  # fmt: skip


def in_world(scenario: Scenario, world: Unknowns) -> Scenario:
    """Return a scenario as it would be in a world; what the regime itself decides stays as it decides it.

    Tables are made of what stands in the district's files, whatever world the scenario was in before.

    Args:
        world: Some or all of the free numbers; others stay as they are.
    """
    decided, whole = scenario.decided, _whole()
    changes: dict[str, Any] = {}
    for key, value in world.items():
        topic, *path = key.split(".")
        if topic != "tables" and "*" not in path and key not in decided:
            # whole numbers are read as such from compiled records, whatever type a table gave them
            changes = laid(changes, _nested(topic, path, int(value) if key in whole else float(value)))
    if all(f"staff.{level}" in world for level in SHARES):
        shares = {level: float(world[f"staff.{level}"]) for level in SHARES}
        shares["city"] = 1.0 - sum(shares.values())
        fixed = {level: getattr(scenario.world.staff, level) for level in shares if f"staff.{level}" in decided}
        changes = laid(changes, {"staff": filling({**shares, **fixed}, fixed)})
    written = scenario.written or scenario.world
    if any("*" in key or key.startswith("tables.") for key in world):
        changes |= _tables(written, scenario.world, world, decided)
    law, habits, facts = (replaced(part, changes) for part in (scenario.law, scenario.habits, scenario.world))
    source = hashlib.sha256(f"{scenario.source_hash} {sorted(world.items())}".encode()).hexdigest()
    return dataclasses.replace(scenario, law=law, habits=habits, world=facts, source_hash=source, written=written)


def filling(shares: Mapping[str, float], fixed: Collection[str]) -> dict[str, float]:
    """Return shares of the staff by level that add up to 1: those that are not fixed fill the rest, in proportion."""
    left = {level: share for level, share in shares.items() if level not in fixed}
    rest = 1.0 - sum(shares[level] for level in fixed)
    if not fixed or rest <= 0.0:
        return dict(shares)
    return {**shares, **{level: share * rest / sum(left.values()) for level, share in left.items()}}


@cache
def _known() -> dict[str, FreeNumber]:
    return {number.key: number for number in free_numbers()}


def world_of(sheet: Sheet) -> dict[str, float]:
    """Return the world that a file holds, a value by key.

    Raises:
        ConfigError: With every key that is no free number, and every value out of its range.
    """
    problems = list(sheet.problems)
    for key, value in sheet.values.items():
        number = _known().get(key)
        if number is None:
            problems.append(f"{sheet.place((key,))}: unknown free number '{key}'{nearest(key, _known())}")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not number.low <= value <= number.high:
            allowed = f"allowed {number.low:g} to {number.high:g}"
            problems.append(f"{sheet.place((key,))}: {key}: got {quote(value)}; {allowed} {number.unit}.")
    raise_if_any(problems)
    return dict(sheet.values)


@cache
def _whole() -> frozenset[str]:
    """Return the keys of the free numbers that are whole."""
    return frozenset(number.key for number in free_numbers() if number.whole)


def _nested(topic: str, path: list[str], value: Any) -> dict[str, Any]:
    for step in reversed(path):
        value = {step: value}
    return {topic: value}


def _tables(written: World, now: World, world: Unknowns, decided: frozenset[str]) -> dict[str, Any]:
    """Return what a world changes of the tables of kinds and departments, against what they are now."""
    changes = {
        topic: {
            entry.code: _entry(topic, entry, present, world, decided)
            for entry, present in zip(getattr(written, topic), getattr(now, topic), strict=True)
        }
        for topic in _SINGLE
    }
    return {**changes, "kinds": _normed(changes["kinds"], now.kinds)}


def _entry(
    topic: str, entry: Kind | Department, now: Kind | Department, world: Unknowns, decided: frozenset[str]
) -> dict[str, Any]:
    """Return what a world makes of one entry of a table as it is written, where that differs from what it is now."""
    spread, draw = world.get(SPREAD, 0.0), int(world.get(DRAW, 0))
    changed: dict[str, Any] = {}
    for name in _SINGLE[topic]:
        value, factor = float(getattr(entry, name)), world.get(f"{topic}.*.{name}", 1.0)
        if topic in decided or f"{topic}.{entry.code}.{name}" in decided:
            continue
        if spread and (ends := _own_range(entry, name, value)) is not None:
            toward = _at(ends, _uniform(draw, entry.code, name))
            value += spread * (toward - value)
        if (new := _bounded(type(entry), name, value * factor)) != getattr(now, name):
            changed[name] = new
    if isinstance(entry, Kind) and isinstance(now, Kind) and f"kinds.{entry.code}.duties" not in decided:
        claims = {
            when: {unit: _claim(spread, draw, entry.code, unit, claim) for unit, claim in listed.items()}
            for when, listed in (("diffuse", entry.duties.diffuse), ("sharp", entry.duties.sharp))
        }
        changed |= {"duties": claims} if claims != dataclasses.asdict(now.duties) else {}
    return changed


def _normed(changed: dict[str, dict[str, Any]], kinds: Sequence[Kind]) -> dict[str, dict[str, Any]]:
    """Return what is changed of the kinds with shares that add up to 1 again, where any of them moved."""
    shares = {kind.code: changed[kind.code].get("share", kind.share) for kind in kinds}
    total = sum(shares.values())
    if abs(total - 1.0) < ROUNDING:
        return changed
    return {code: {**entry, "share": shares[code] / total} for code, entry in changed.items()}


def _own_range(entry: Kind | Department, name: str, value: float) -> tuple[float, float] | None:
    """Return the range that the evidence of an entry states; that of a share is one of parts of its topic."""
    evidence = entry.evidence.get(name, "")
    if (found := _RANGE.search(evidence)) is None:
        return None
    low, high = float(found.group(1)), float(found.group(2))
    if name != "share":
        return low, high
    part = _PART.search(evidence)
    return None if part is None else (value * low / float(part.group(1)), value * high / float(part.group(1)))


def _at(ends: tuple[float, float], quantile: float) -> float:
    """Return the value at a quantile of a range: of logarithms where no end is 0."""
    low, high = ends
    return low * math.exp(quantile * math.log(high / low)) if low > 0.0 else low + quantile * (high - low)


def _claim(spread: float, draw: int, code: str, unit: str, claim: float) -> float:
    """Return a claim to a kind of cases; the same draw moves it with and without a clear list, and none vanishes."""
    moved = claim + spread * MEMBERSHIP * (2.0 * _uniform(draw, code, unit) - 1.0)
    return min(max(moved, 0.01), 1.0) if spread and 0.0 < claim < 1.0 else claim


def _uniform(draw: int, code: str, name: str) -> float:
    """Return a number from 0 to 1 that hangs on nothing but draw, entry and column: the same on every machine."""
    return int.from_bytes(hashlib.sha256(f"{draw} {code} {name}".encode()).digest()[:7]) / 2.0**56


def _bounded(topic: type, name: str, value: float) -> float:
    bounds = next(each.metadata["declaration"].bounds for each in dataclasses.fields(topic) if each.name == name)
    return float(min(max(value, bounds[0]), bounds[1]))
