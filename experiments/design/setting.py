"""What stays as it is while others' tools vary the rest: regime, district, settings, seeds, world."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from experiments.design.ensemble import numbered_world
from experiments.design.reading import load_all
from experiments.design.studyfile import is_path
from experiments.errors import raise_if_any

if TYPE_CHECKING:
    from model import FreeNumber, Scenario, Unknowns

MOST_LISTED = 20  # names that a message lists where none is near


class Setting(TypedDict, total=False):
    """What stays as it is while a tool varies the rest.

    Attributes:
        regime, district: "flattened" and "chaoyang" unless given.
        set: Settings over both, by key.
        seed, replicates: Every row runs with the seeds `seed`, `seed + 1`, …, and the mean of these runs counts.
        world: Number of a plausible world, or a value for each free number; else the district's reference world.
    """

    regime: str
    district: str
    set: Mapping[str, Any]
    seed: int
    replicates: int
    world: int | Mapping[str, float] | None


def hint(word: str, known: Collection[str]) -> str:
    """Return the nearest of many words, if there is any."""
    from model import nearest

    said = nearest(word, known)
    return said if said.startswith("; did") or len(known) <= MOST_LISTED else "."


def scenario_of_setting(setting: Setting) -> Scenario:
    """Return regime and district with what is set over them."""
    regime, district = setting.get("regime", "flattened"), setting.get("district", "chaoyang")
    return load_all([regime], district, setting.get("set", {}))[0]


def world_of_setting(setting: Setting) -> Unknowns:
    """Return the world that is given, or the district's reference world: a world is laid over tables as written."""
    from model import read_yaml, shipped_root

    world, district = setting.get("world"), setting.get("district", "chaoyang")
    if isinstance(world, int):
        return numbered_world(world, None, district)
    if world is not None:
        known = free_by_key()
        raise_if_any(f"world: unknown free number '{key}'{hint(key, known)}" for key in world if key not in known)
        return dict(world)
    file: Path = shipped_root() / "districts" / district / "district.yaml"
    if is_path(district):
        file = type(file)(district)
    beside = file.with_name("reference.yaml")
    return read_yaml(beside).values if file.name == "district.yaml" and beside.is_file() else {}


@functools.cache
def free_by_key() -> dict[str, FreeNumber]:
    """Return the free numbers by key."""
    from model import free_numbers

    return {number.key: number for number in free_numbers()}


def setting_problems(outcomes: Sequence[str], setting: Setting) -> Iterator[str]:
    """Yield what is wrong with outcomes, seed and replicates."""
    from model import OUTCOMES, seed_problems

    if not outcomes:
        yield "outcomes: expected one or more, got none."
    for name in outcomes:
        if name not in OUTCOMES:
            yield f"outcomes: unknown outcome '{name}'{hint(name, OUTCOMES)}"
    yield from seed_problems(setting.get("seed", 1))
    if setting.get("replicates", 1) < 1:
        yield f"replicates: expected 1 or more, got {setting['replicates']}."
