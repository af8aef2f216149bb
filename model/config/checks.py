"""Checks across values, after each has its right shape: shares add up, codes exist, every kind has a lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from model.config.yamlfile import KeyPath, Where
from model.errors import nearest
from model.terms import TICKS_PER_DAY
from model.world import MOST_PARTIES, Department, Kind, World

__all__ = ["cross_problems"]

MOST_DEPARTMENTS = 256
MOST_STREETS = 2_000
MOST_KINDS = 1_000
MOST_STEPS = 10_000_000
"""The calendar holds 40 bytes a step."""

MOST_COUNTED = 2**31 - 1
"""The counters of a case hold so much (`engine.rows.CaseRow`)."""

_EXACT = 1e-6
_SEASON = 0.02
_FORBIDDEN = frozenset("/.")
"""Codes stand in dotted keys, and pools of a unit are named code/pool."""


def cross_problems(world: World, where: Where) -> list[str]:
    """Return what is wrong between values, one line each; units in the order of the file."""
    checks = (_sizes, _codes, _shares, _staff, _given_staff, _seasons, _hand_overs, _duties, _leads, _steps)
    return [problem for check in checks for problem in check(world, where)]


def _sizes(world: World, where: Where) -> Iterator[str]:
    units = (
        ("streets", len(world.streets), MOST_STREETS),
        ("departments", len(world.departments), MOST_DEPARTMENTS),
        ("kinds", len(world.kinds), MOST_KINDS),
    )
    for topic, size, most in units:
        if not 1 <= size <= most:
            yield f"{where((topic,))}{topic}: expected 1 to {most:,}, got {size}."


def _codes(world: World, where: Where) -> Iterator[str]:
    units = [("streets", i, unit.code) for i, unit in enumerate(world.streets)]
    units += [("departments", i, unit.code) for i, unit in enumerate(world.departments)]
    kinds = [("kinds", i, kind.code) for i, kind in enumerate(world.kinds)]
    for group in (units, kinds):
        times = Counter(code for _, _, code in group)
        for topic, i, code in group:
            at = f"{where((topic, i, 'code'))}{topic}.{i}.code: "
            if not code or set(code) & _FORBIDDEN or any(map(str.isspace, code)):
                yield f"{at}expected a word without spaces, '.' or '/', got '{code}'."
            elif topic == "departments" and code == "street":
                yield f"{at}expected any other word, got 'street', which duty lists reserve for the street."
            elif times[code] > 1:
                yield f"{at}expected '{code}' once among {_group(topic)}, got it {times[code]} times."


def _group(topic: str) -> str:
    return "kinds" if topic == "kinds" else "streets and departments"


def _shares(world: World, where: Where) -> Iterator[str]:
    total = sum(kind.share for kind in world.kinds)
    if world.kinds and abs(total - 1.0) > _EXACT:
        yield f"{where(('kinds',))}kinds: expected shares that add up to 1, got {total:.6g}."


def _staff(world: World, where: Where) -> Iterator[str]:
    shares = {name: getattr(world.staff, name) for name in ("city", "department", "street", "community")}
    total = sum(shares.values())
    if abs(total - 1.0) > _EXACT:
        words = " + ".join(f"{name} {share:.6g}" for name, share in shares.items())
        yield f"{where(('staff', 'street'))}staff: expected {words} to add up to 1, got {total:.6g}."


def _given_staff(world: World, where: Where) -> Iterator[str]:
    """Staff is given for all units or derived for all."""
    units = [("streets", i, unit.code, unit.staff) for i, unit in enumerate(world.streets)]
    units += [("departments", i, unit.code, unit.staff) for i, unit in enumerate(world.departments)]
    missing = [unit for unit in units if unit[3] is None]
    if len(missing) == len(units):
        return
    for topic, i, code, _ in missing:
        yield f"{where((topic, i))}{topic}.{code}.staff: missing. Give it for all units (0 is valid) or for none."


def _seasons(world: World, where: Where) -> Iterator[str]:
    for i, kind in enumerate(world.kinds):
        mean = sum(kind.season) / len(kind.season)
        if abs(mean - 1.0) > _SEASON:
            at = where(("kinds", i, "season"))
            yield f"{at}kinds.{kind.code}.season: expected a mean of 1 ± {_SEASON}, got {mean:.4g}."


def _hand_overs(world: World, where: Where) -> Iterator[str]:
    codes = [unit.code for unit in world.departments]
    for i, unit in enumerate(world.departments):
        path: KeyPath = ("departments", i, "hands_over")
        name = f"departments.{unit.code}.hands_over"
        yield from _chances(unit.hands_over, codes, path, name, where)
        if own := unit.hands_over.get(unit.code, 0.0):
            at = where((*path, unit.code))
            yield f"{at}{name}.{unit.code}: expected other departments, got the department itself ({own:.6g})."
        total = sum(unit.hands_over.values())
        if total > 1.0 + _EXACT:
            yield f"{where(path)}{name}: expected a sum of at most 1, got {total:.6g}."


def _duties(world: World, where: Where) -> Iterator[str]:
    codes = ["street", *(unit.code for unit in world.departments)]
    for i, kind in enumerate(world.kinds):
        for version in ("diffuse", "sharp"):
            name = f"kinds.{kind.code}.duties.{version}"
            yield from _chances(getattr(kind.duties, version), codes, ("kinds", i, "duties", version), name, where)


def _chances(values: dict[str, float], codes: list[str], path: KeyPath, name: str, where: Where) -> Iterator[str]:
    for code, value in values.items():
        at = where((*path, code))
        if code not in codes:
            yield f"{at}{name}: unknown code '{code}'{nearest(code, codes)}"
        if not 0.0 <= value <= 1.0:
            yield f"{at}{name}.{code}: expected 0 to 1, got {value:.6g}."


def _leads(world: World, where: Where) -> Iterator[str]:
    for i, kind in enumerate(world.kinds):
        for version in ("diffuse", "sharp"):
            at = f"{where(('kinds', i, 'duties', version))}duty list: case kind '{kind.code}'"
            below = f"kinds.{kind.code}.duties.{version}"
            claimants = _claimants(world.departments, getattr(kind.duties, version))
            if not claimants and _needs_department(kind, version):
                yield f"{at} has no lead department. Name one under {below}."
            elif claimants and kind.enforcement > 0.0 and not any(unit.enforcement for unit in claimants):
                yield f"{at} needs enforcement power, but no department in it has any. Name one under {below}."
        yield from _joint(world, kind, where(("kinds", i, "joint")))


def _needs_department(kind: Kind, version: str) -> bool:
    """Tell whether any case of a kind may lie beyond the street: power, several parties, or no full duty."""
    return kind.enforcement > 0.0 or kind.joint > 0.0 or getattr(kind.duties, version).get("street", 0.0) < 1.0


def _claimants(departments: Iterable[Department], claims: dict[str, float]) -> list[Department]:
    return [unit for unit in departments if claims.get(unit.code, 0.0) > 0.0]


def _joint(world: World, kind: Kind, at: str) -> Iterator[str]:
    claims = kind.duties.diffuse | kind.duties.sharp
    found = len(_claimants(world.departments, claims))
    if kind.joint > 0.0 and 0 < found < kind.parties:
        yield (
            f"{at}kinds.{kind.code}.joint: expected 0, or departments that claim it for each of {kind.parties:.6g} "
            f"parties, got {kind.joint:.6g} with {found} such departments."
        )


def _steps(world: World, where: Where) -> Iterator[str]:
    run = world.run
    if TICKS_PER_DAY % run.steps_per_day:
        at = where(("run", "steps_per_day"))
        divisor = f"a divisor of {TICKS_PER_DAY:,}, such as 1, 24 or 96"
        yield f"{at}run.steps_per_day: expected {divisor}, got {run.steps_per_day}."
    steps = (run.warm_up_days + run.window_days + run.follow_up_days) * run.steps_per_day
    most = min(MOST_STEPS, MOST_COUNTED // most_counted_a_step(world))
    if steps > most:
        yield f"{where(('run', 'steps_per_day'))}run: expected at most {most:,} steps in all, got {steps:,}."


def most_counted_a_step(world: World) -> int:
    """Return how often a case can be asked or passed on in a step: each party once, and by all that hand over."""
    return 2 * MOST_PARTIES * (1 + sum(bool(unit.hands_over) for unit in world.departments))
