"""Reforms with a date and shocks, in terms of what the model has: settings of a world with one and of its twin without.

A shock is one of the scenario's own (topic `shocks`), which has dates; a surge of demand written into the months of the
year; or a loss of hours written into a dated rule whose only effect is work.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.stats.panel import MEASURES, NEVER
from model import one_of

if TYPE_CHECKING:
    from model import Scenario

Settings = dict[str, Any]

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)  # shares of the streets that are reformed, unless a study names others

DAYS, MONTHS = 365, 12

HEARD = 0.5  # strength at which the shipped regime `r02` hears streets; a test holds it
RECORDED = 0.8  # share of cases that the shipped regime `n15` records; a test holds it


def nowhere() -> Settings:
    """Return the settings under which nothing begins on a date: the world without the reform."""
    return {"dates": [], "durability.in_law": 1.0}


def everywhere(regime: str, day: int) -> Settings:
    """Return the settings under which a regime's rules begin in all streets on a day, and do not fade."""
    return nowhere() | {"dates": [{"day": day, "regime": regime}]}


def somewhere(regime: str, day: int, streets: Sequence[str]) -> Settings:
    """Return the settings under which they begin in these streets; in none, where none are named."""
    dates = [{"day": day, "regime": regime, "only": sorted(streets)}] if streets else []
    return nowhere() | {"dates": dates}


def adoption_days(scenario: Scenario, streets: ArrayLike) -> NDArray[np.int64]:
    """Return the day on which the first dated reform of each street (code) begins, `NEVER` where none does."""
    codes = [str(code) for code in np.asarray(streets)]
    days = [min((stage.day for stage in scenario.stages if code in stage.streets), default=NEVER) for code in codes]
    return np.array(days, dtype=np.int64)


def keyed_order(names: Sequence[str], *key: object) -> list[str]:
    """Return names in a random order that is a pure function of key and name, not of their order."""

    def draw(name: str) -> tuple[bytes, str]:
        return hashlib.blake2b("\x1f".join(map(str, (*key, name))).encode(), digest_size=16).digest(), name

    return sorted(names, key=draw)


@dataclasses.dataclass(frozen=True)
class Arm:
    """One run of a randomised-saturation experiment: `level` is the share aimed at, `streets` the reformed ones."""

    replicate: int
    level: float
    streets: tuple[str, ...]
    settings: Settings


def saturation_arms(
    streets: Sequence[str], regime: str, day: int, replicates: int, *,
    levels: Sequence[float] = LEVELS, crossed: bool = True, design_seed: int = 1,
) -> list[Arm]:  # fmt: skip
    """Draw the share of streets reformed by run, and which streets within it.

    Streets of a district share its departments, so they are not independent: **the cluster is the district**, and there
    is one of it in a run. Intervals are therefore over runs. On the ground this would need many districts; a simulation
    repeats the one.

    Args:
        crossed: Every seed meets every saturation, which only a simulation can do; else each seed draws one, as an
            experiment on districts would, every saturation as often as any other.
        design_seed: The streets of a replicate stand in one order at every saturation: those of a smaller share belong
            to every larger one.
    """
    arms = []
    for replicate in range(replicates):
        order = keyed_order(streets, design_seed, "street", replicate)
        # each block of as many replicates as levels draws each level once
        block, place = divmod(replicate, len(levels))
        drawn = float(keyed_order([str(level) for level in levels], design_seed, "level", block)[place])
        for level in levels if crossed else [drawn]:
            chosen = tuple(sorted(order[: round(level * len(order))]))
            arms.append(Arm(replicate, level, chosen, somewhere(regime, day, chosen)))
    return arms


def frame_problems(
    study: StudyFile, places: Places, measures: Sequence[str] = (), *, one_regime: bool = True
) -> Iterator[str]:
    """Yield what a study of dated reforms or shocks cannot do."""
    if one_regime and len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, the district before the reform, got {len(study.regimes)}."
    if study.parameters:
        given = ", ".join(study.parameters)
        yield f"{places('parameters')}expected none, because nothing but the reform or the shock varies, got {given}."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more, got {study.replicates.fixed or 'until'}."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Worlds are compared on the same random seeds."
    for measure in measures:
        if measure not in MEASURES:
            yield f"{places('analysis', 'measures')}expected {one_of(MEASURES)}, got '{measure}'."


@dataclasses.dataclass(frozen=True)
class Shock:
    """Settings of a world with a shock and of its twin without, over the scenario for which it was made.

    `day` is the first day, `until` the day after the last (the end of the run for what lasts).
    """

    without: Settings
    with_it: Settings
    day: int
    until: int


def surge(scenario: Scenario, months: Sequence[int], extra: float) -> Shock:
    """Return a surge of demand in calendar months.

    Requests of a mean month times `extra` come beside the usual ones, of the year's mix of kinds. Months before and
    after have exactly the demand that they have without it, and so have posts and programmes. Day 0 of a run begins
    month 0.

    Raises:
        ValueError: If the months (0 to 11) are not consecutive or come twice in the run, or the extra is not above 0.
    """
    first, last = min(months), max(months)
    if sorted(months) != list(range(first, last + 1)) or not 0 <= first <= last < MONTHS or extra <= 0.0:
        raise ValueError(f"surge: expected consecutive months 0-11 and extra above 0, got {list(months)} and {extra}.")
    day, until = (-(-month * DAYS // MONTHS) for month in (first, last + 1))  # as the model divides the year
    end = _end(scenario)
    if day + DAYS < end:
        raise ValueError(f"surge: month {first} occurs twice in {end} days. Use a shorter run or later months.")
    world, posts, times = scenario.world, _posts(scenario), 1.0 + extra * len(months) / MONTHS
    share, cases = world.programmes.weight, 1.0 - world.programmes.weight

    def pinned(times: float) -> Settings:
        """Return settings under which so many times the requests a year change neither posts nor programmes.

        Posts are given as they stand, for derived ones would follow the year's work; so would programmes, a share of
        it. Where people follow delegated powers (N1 with staff), some more of them do.
        """
        return {
            "demand.requests_per_year": world.demand.requests_per_year * times,
            "demand.latent": world.demand.latent / times,
            "programmes.weight": share / (share + cases * times),
            **posts,
        }

    with_it = pinned(times)
    for kind in world.kinds:
        raised = [(level + extra * (month in months)) / times for month, level in enumerate(kind.season)]
        with_it[f"kinds.{kind.code}.season"] = raised
    return Shock(pinned(1.0), with_it, day, until)


def _posts(scenario: Scenario) -> Settings:
    """Return the posts of all units before any reform, as settings."""
    from model import simulate

    short = dataclasses.replace(scenario.run, warm_up_days=0, window_days=1, follow_up_days=1)
    world = dataclasses.replace(scenario.world, run=short)
    before = dataclasses.replace(scenario, law=type(scenario.law)(), stages=(), world=world)
    units = simulate(before, 0).units
    staff = dict(zip(units["code"].tolist(), units["staff"].tolist(), strict=True))
    settings: Settings = {}
    for group, inner, part in (("streets", "community_staff", "communities"), ("departments", "city_staff", "city")):
        for unit in getattr(world, group):
            settings[f"{group}.{unit.code}.staff"] = staff[unit.code]
            settings[f"{group}.{unit.code}.{inner}"] = staff[f"{unit.code}/{part}"]
    return settings


def lost_street_hours(scenario: Scenario, day: int, person_days: float) -> Shock:
    """Return a loss of hours in every street from a day on: the nearest to a cut in streets' posts.

    Streets are heard on projects (R2) from that day on, which costs hours, while no project makes or prevents a problem
    in either world. The loss is alike in all streets whatever their size; posts, and what follows them, stay. At full
    scale a street loses `person_days` (0 to 50) a month.
    """
    calm = {"demand.from_projects": 0.0, "opinion.heard": 0.0, "opinion.work": person_days / HEARD}
    return _lasting(scenario, calm, "r02", day)


def recording_burden(scenario: Scenario, day: int, person_days: float) -> Shock:
    """Return extra work on every case, for every party, from a day on: the nearest to a cut in all units' posts.

    The whole process is recorded (N15) from that day on, which costs hours, while it detects nothing in either world.
    Hours on programmes are untouched. `person_days` (0 to 0.8) are those of every party on each case that it takes up.
    """
    calm = {"closing.recorded_detection": 0.0, "recording.share": 0.0, "recording.work": person_days / RECORDED}
    return _lasting(scenario, calm, "n15", day)


def dated(scenario: Scenario) -> Shock:
    """Return the shocks that a scenario has itself (topic `shocks`): the world with them, and without any.

    Raises:
        ValueError: If it has none that begins within the run.
    """
    end = _end(scenario)
    shocks = [shock for shock in scenario.world.shocks if shock.day < end]
    if not shocks:
        raise ValueError(f"dated: expected shocks that begin within {end} days, under `shocks`, got none.")
    until = max(shock.day + shock.days for shock in shocks)
    return Shock({"shocks": []}, {}, min(shock.day for shock in shocks), min(until, end))


def _lasting(scenario: Scenario, calm: Settings, regime: str, day: int) -> Shock:
    without = calm | nowhere()
    return Shock(without, without | everywhere(regime, day), day, _end(scenario))


def _end(scenario: Scenario) -> int:
    """Return the day after the last of the run."""
    run = scenario.run
    return run.warm_up_days + run.window_days + run.follow_up_days
