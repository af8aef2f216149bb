"""Checks across values, after each has its right shape: shares add up, codes exist, every kind has a lead."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from model.config.yamlfile import KeyPath, Where
from model.errors import nearest
from model.terms import TICKS_PER_DAY, Channel
from model.world import MOST_PARTIES, Department, World

MOST_DEPARTMENTS = 256
MOST_STREETS = 2_000
MOST_KINDS = 1_000
MOST_WEIGHT = 10.0  # of a kind in a channel of participation, against the other kinds
MOST_STEPS = 10_000_000  # the calendar holds 40 bytes a step
MOST_COUNTED = 2**31 - 1  # the largest value of a case's counters (`engine.rows.CaseRow`)

_EXACT = 1e-6
_SEASON = 0.02
_FORBIDDEN = frozenset("/.")  # codes stand in dotted keys, and pools of a unit are named code/pool
Found = Iterator[tuple[KeyPath, str]]  # where something is wrong, and what


def cross_problems(world: World, where: Where) -> list[str]:
    """Return what is wrong between values, one line each; units in the order of the file."""
    checks = (
        _sizes, _codes, _shares, _given_staff, _social_units, _seasons, _hand_overs, _duties, _channels, _leads,
        _entries_known, _leads_left, _shocks, _steps,
    )  # fmt: skip
    return [f"{where(path)}{problem}" for check in checks for path, problem in check(world)]


def _sizes(world: World) -> Found:
    most_of = {"streets": MOST_STREETS, "departments": MOST_DEPARTMENTS, "kinds": MOST_KINDS}
    for topic, most in most_of.items():
        size = len(getattr(world, topic))
        if not 1 <= size <= most:
            yield (topic,), f"{topic}: expected 1 to {most:,}, got {size}."


def _codes(world: World) -> Found:
    for group in (("streets", "departments"), ("kinds",), ("duty_entries",), ("shocks",)):
        units = list(_entries(world, *group))
        times = Counter(unit.code for _, unit in units)
        for (topic, i), unit in units:
            if problem := _code_problem(topic, unit.code, times[unit.code], " and ".join(group)):
                yield (topic, i, "code"), f"{topic}.{i}.code: {problem}"


def _entries(world: World, *topics: str) -> Iterator[tuple[tuple[str, int], Any]]:
    """Yield the entries of lists, each with its path."""
    for topic in topics:
        for i, entry in enumerate(getattr(world, topic)):
            yield (topic, i), entry


def _code_problem(topic: str, code: str, times: int, group: str) -> str:
    if not code or set(code) & _FORBIDDEN or any(map(str.isspace, code)):
        return f"expected a word without spaces, '.' or '/', got '{code}'."
    if topic == "departments" and code == "street":
        return "expected any other word, got 'street', which duty lists reserve for the street."
    return f"expected '{code}' once among {group}, got it {times} times." if times > 1 else ""


def _shares(world: World) -> Found:
    total = sum(kind.share for kind in world.kinds)
    if world.kinds and abs(total - 1.0) > _EXACT:
        yield ("kinds",), f"kinds: expected shares that add up to 1, got {total:.6g}."
    shares = {name: getattr(world.staff, name) for name in ("city", "department", "street", "community")}
    total = sum(shares.values())
    if abs(total - 1.0) > _EXACT:
        words = " + ".join(f"{name} {share:.6g}" for name, share in shares.items())
        yield ("staff", "street"), f"staff: expected {words} to add up to 1, got {total:.6g}."


def _given_staff(world: World) -> Found:
    """Staff is given for all units or derived for all."""
    units = list(_entries(world, "streets", "departments"))
    missing = [(path, unit.code) for path, unit in units if unit.staff is None]
    for path, code in missing if len(missing) < len(units) else ():
        yield path, f"{path[0]}.{code}.staff: missing. Give it for all units (0 is valid) or for none."


def _seasons(world: World) -> Found:
    for path, kind in _entries(world, "kinds"):
        mean = sum(kind.season) / len(kind.season)
        if abs(mean - 1.0) > _SEASON:
            yield (*path, "season"), f"kinds.{kind.code}.season: expected a mean of 1 ± {_SEASON}, got {mean:.4g}."


def _hand_overs(world: World) -> Found:
    codes = [unit.code for unit in world.departments]
    for entry, unit in _entries(world, "departments"):
        path, name = (*entry, "hands_over"), f"departments.{unit.code}.hands_over"
        yield from _chances(unit.hands_over, codes, path, name)
        if own := unit.hands_over.get(unit.code, 0.0):
            problem = f"expected other departments, got the department itself ({own:.6g})."
            yield (*path, unit.code), f"{name}.{unit.code}: {problem}"
        total = sum(unit.hands_over.values())
        if total > 1.0 + _EXACT:
            yield path, f"{name}: expected a sum of at most 1, got {total:.6g}."


def _duties(world: World) -> Found:
    codes = ["street", *(unit.code for unit in world.departments)]
    for path, kind in _entries(world, "kinds"):
        for version in ("diffuse", "sharp"):
            name = f"kinds.{kind.code}.duties.{version}"
            yield from _chances(getattr(kind.duties, version), codes, (*path, "duties", version), name)


def _channels(world: World) -> Found:
    known = [channel.name.lower() for channel in Channel]
    for path, kind in _entries(world, "kinds"):
        at, name = (*path, "channels"), f"kinds.{kind.code}.channels"
        yield from _chances(kind.channels, known, at, name, MOST_WEIGHT)


def _chances(values: dict[str, float], codes: list[str], path: KeyPath, name: str, most: float = 1.0) -> Found:
    for code, value in values.items():
        if code not in codes:
            yield (*path, code), f"{name}: unknown code '{code}'{nearest(code, codes)}"
        if not 0.0 <= value <= most:
            yield (*path, code), f"{name}.{code}: expected 0 to {most:g}, got {value:.6g}."


def _social_units(world: World) -> Found:
    """Social units are given for all streets of a type or for none: the standard counts those of all that it covers."""
    for kind in ("subdistrict", "township"):
        units = [(path, unit) for path, unit in _entries(world, "streets") if unit.type == kind]
        missing = [(path, unit.code) for path, unit in units if unit.social_units is None]
        for path, code in missing if len(missing) < len(units) else ():
            yield path, f"streets.{code}.social_units: missing. Give it for every {kind} (0 is valid) or for none."


def _entries_known(world: World) -> Found:
    kinds, units = [kind.code for kind in world.kinds], ["street", *(unit.code for unit in world.departments)]
    first: dict[tuple[str, str], str] = {}
    for path, entry in _entries(world, "duty_entries"):
        for name, known in (("kind", kinds), ("unit", units)):
            if (code := getattr(entry, name)) not in known:
                yield (*path, name), f"duty_entries.{entry.code}.{name}: unknown code '{code}'{nearest(code, known)}"
        about = entry.kind, entry.unit
        if about in first:
            twice = f"'{entry.unit}' and '{entry.kind}' have one already, {first[about]}. Keep one of them."
            yield path, f"duty_entries.{entry.code}: {twice}"
        first.setdefault(about, entry.code)


def _leads_left(world: World) -> Found:
    """With its entries adopted, a kind must still have somebody to turn to."""
    for path, kind in _entries(world, "kinds"):
        listed = {entry.unit: entry.membership for entry in world.duty_entries if entry.kind == kind.code}
        before = _claimants(world.departments, kind.duties.diffuse | kind.duties.sharp)
        after = _claimants(world.departments, {unit.code: 1.0 for unit in before} | listed)
        taken = f"duty_entries: those of kind '{kind.code}' take off every department"
        if listed and before and not after:
            yield path, f"{taken}. Leave one, or add one."
        elif (
            listed and kind.enforcement > 0.0 and any(d.enforcement for d in before) > any(d.enforcement for d in after)
        ):
            yield path, f"{taken} that has enforcement power, which the kind needs. Leave one, or add one."


def _shocks(world: World) -> Found:
    streets = [street.code for street in world.streets]
    for path, shock in _entries(world, "shocks"):
        for code in shock.streets:
            if code not in streets:
                yield (
                    (*path, "streets"),
                    f"shocks.{shock.code}.streets: unknown street '{code}'{nearest(code, streets)}",
                )


def _leads(world: World) -> Found:
    for path, kind in _entries(world, "kinds"):
        for version in ("diffuse", "sharp"):
            at, below = (*path, "duties", version), f"kinds.{kind.code}.duties.{version}"
            list_of, duties = f"duty list: case kind '{kind.code}'", getattr(kind.duties, version)
            claimants = _claimants(world.departments, duties)
            beyond = kind.enforcement > 0.0 or kind.joint > 0.0 or duties.get("street", 0.0) < 1.0
            if not claimants and beyond:
                yield at, f"{list_of} has no lead department. Name one under {below}."
            elif claimants and kind.enforcement > 0.0 and not any(unit.enforcement for unit in claimants):
                problem = "needs enforcement power, but no department in it has any"
                yield at, f"{list_of} {problem}. Name one under {below}."
        found = len(_claimants(world.departments, kind.duties.diffuse | kind.duties.sharp))
        if kind.joint > 0.0 and 0 < found < kind.parties:
            expected = f"0, or departments that claim it for each of {kind.parties:.6g} parties"
            problem = f"expected {expected}, got {kind.joint:.6g} with {found} such departments."
            yield (*path, "joint"), f"kinds.{kind.code}.joint: {problem}"


def _claimants(departments: Iterable[Department], claims: dict[str, float]) -> list[Department]:
    return [unit for unit in departments if claims.get(unit.code, 0.0) > 0.0]


def _steps(world: World) -> Found:
    run, path = world.run, ("run", "steps_per_day")
    if TICKS_PER_DAY % run.steps_per_day:
        divisor = f"a divisor of {TICKS_PER_DAY:,}, such as 1, 24 or 96"
        yield path, f"run.steps_per_day: expected {divisor}, got {run.steps_per_day}."
    steps = (run.warm_up_days + run.window_days + run.follow_up_days) * run.steps_per_day
    most = min(MOST_STEPS, MOST_COUNTED // most_counted_a_step(world))
    if steps > most:
        yield path, f"run: expected at most {most:,} steps in all, got {steps:,}."


def most_counted_a_step(world: World) -> int:
    """Return how often a case can be offered or passed on in a step: to each party once, and by all that hand over."""
    return 2 * MOST_PARTIES * (1 + sum(bool(unit.hands_over) for unit in world.departments))
