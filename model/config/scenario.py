"""A scenario: one world under one law, with the file and line that every value came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from model.behaviour import Habits
from model.config import topics
from model.config.checks import cross_problems
from model.config.layers import Layers
from model.config.settings import Overrides, lay_settings
from model.config.sheets import district_sheets, regime_sheets
from model.config.stages import stages_of
from model.config.timeline import Stage, Timeline
from model.config.yamlfile import Sheet
from model.errors import ConfigError
from model.policy import Law
from model.world import Run, Title, World

__all__ = ["Scenario", "load_scenario", "scenario_of"]


@dataclasses.dataclass(frozen=True)
class Scenario:
    """Everything that decides a run, but the seed.

    Attributes
    ----------
    name, title
        The regime's: its file's name, and its title in both languages.
    law : Law
        The rules in force.
    habits : Habits
        Behaviour.
    world : World
        The facts; streets, departments and kinds are in the order of their codes.
    stages : tuple of Stage
        What begins on a date, in the order of days; empty where the rules hold from the first day.
    source_hash : str
        SHA-256 of the texts and settings it was read from.
    given : dict
        "file:line" of every value that is not a default, by dotted path.
    """

    name: str
    title: Title
    law: Law
    habits: Habits
    world: World
    source_hash: str
    given: dict[str, str] = dataclasses.field(repr=False, compare=False)
    stages: tuple[Stage, ...] = ()

    def __post_init__(self) -> None:
        """Bring units, kinds and dates into their order, wherever they come from: a run depends on none but this."""
        object.__setattr__(self, "world", _sorted(self.world))
        object.__setattr__(self, "stages", tuple(sorted(self.stages, key=attrgetter("day"))))

    @property
    def run(self) -> Run:
        """How long the district is watched, and in what steps."""
        return self.world.run

    def resolved(self) -> dict[str, Any]:
        """Return every value as nested plain mappings and lists: name, title, then topic by topic."""
        parts = [dataclasses.asdict(part) for part in (self.law, self.habits, self.world)]
        values = {topic: entries for part in parts for topic, entries in part.items()}
        dates = [{**dataclasses.asdict(stage), "rules": dict(stage.rules)} for stage in self.stages]
        return {"name": self.name, "title": dataclasses.asdict(self.title), **_plain(values), "dates": _plain(dates)}

    def origins(self) -> dict[str, str]:
        """Return the "file:line" of every value by dotted path; of a default, that of its declaration."""
        defaults = {
            f"{name}.{field.name}": topics.origin_of_default(topic, field.name)
            for name, topic in topics.topics().items()
            if topics.is_topic(topic)
            for field in dataclasses.fields(topic)
        }
        return defaults | self.given


def scenario_of(values: Mapping[str, Any]) -> Scenario:
    """Return the scenario of which these are the resolved values, as a study keeps them; no file is read.

    Parameters
    ----------
    values : mapping
        What `Scenario.resolved` returned, as it is or read back from JSON. Where each value came from is not in it.
    """
    law, habits = topics.build(Law, _part(values, Law)), topics.build(Habits, _part(values, Habits))
    world = topics.build(World, _part(values, World))
    stages = tuple(
        Stage(each["day"], each["regime"], tuple(each["streets"]), tuple(each["rules"].items()))
        for each in values["dates"]
    )
    source = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return Scenario(values["name"], Title(**values["title"]), law, habits, world, source, {}, stages)


def load_scenario(name_or_path: str, *, district: str = "chaoyang", overrides: Overrides | None = None) -> Scenario:
    """Read a regime over a district, settings over both, and check everything.

    Parameters
    ----------
    name_or_path : str
        Shipped regime, or a path (with `/` or `.yaml`) from the current folder.
    district : str
        Shipped district, or a path.
    overrides : mapping of value by dotted key, or iterable of "key=value", optional
        As `{"assessment.street_weight": 0.5}`.

    Returns
    -------
    Scenario
        Frozen; safe to send to other processes.

    Raises
    ------
    ConfigError
        With every problem found.
    """
    path, title, layers = _read(str(name_or_path), str(district), overrides)
    law, habits = topics.build(Law, _part(layers.values, Law)), topics.build(Habits, _part(layers.values, Habits))
    world = topics.build(World, _part(layers.values, World))
    problems = cross_problems(world, layers)
    if problems:
        raise ConfigError(problems)
    stages = _stages(layers, world, path)
    said = {**layers.values, "dates": [dataclasses.asdict(stage) for stage in stages]}
    source = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return Scenario(path.stem, title, law, habits, world, source, _given(layers), stages)


def _stages(layers: Layers, world: World, path: Path) -> tuple[Stage, ...]:
    def where(keys: tuple[str | int, ...]) -> str:
        place = layers.place(keys)
        return f"{place}: " if place else ""

    timeline = topics.build(Timeline, _part(layers.values, Timeline))
    return stages_of(timeline, [street.code for street in world.streets], path.parent, where)


def _read(regime: str, district: str, overrides: Overrides | None) -> tuple[Path, Title, Layers]:
    """Return file and title of the regime, and everything said about its values; all problems at once."""
    layers, problems = Layers(), list[str]()
    path, own = Path(), list[Sheet]()
    try:
        sheets = district_sheets(district)
    except ConfigError as error:
        sheets, problems = [], error.problems
    try:
        path, own = regime_sheets(regime)
    except ConfigError as error:
        problems += error.problems
    for sheet in (*sheets, *own):
        problems += sheet.problems
        if not sheet.problems:
            layers.lay(sheet)
    problems += lay_settings(layers, overrides)
    if problems:
        raise ConfigError(problems)
    return path, _title(path.stem, own[-1]), layers


def _title(name: str, sheet: Sheet) -> Title:
    """Return the regime's own title; a language that is not given borrows the other, else the name."""
    given = sheet.values.get("title", {})
    either = given.get("zh") or given.get("en") or name
    return Title(zh=given.get("zh", either), en=given.get("en", either))


def _part(values: Mapping[str, Any], holder: type) -> dict[str, Any]:
    return {name: values[name] for name in topics.hints(holder) if name in values}


def _sorted(world: World) -> World:
    """Return the world with its units in the order of their codes, however the file lists them."""
    return dataclasses.replace(
        world,
        streets=tuple(sorted(world.streets, key=attrgetter("code"))),
        departments=tuple(sorted(world.departments, key=attrgetter("code"))),
        kinds=tuple(sorted(world.kinds, key=attrgetter("code"))),
    )


def _given(layers: Layers) -> dict[str, str]:
    found = {".".join(map(str, keys)): sheet.place(keys) for keys, sheet in layers.owners.items() if keys[0] != "title"}
    for path, by in layers.patches.items():
        code = layers.values[str(path[0])][path[1]]["code"]
        found[".".join(map(str, (path[0], code, *path[2:])))] = by
    return {key: place.rpartition(":")[0] or place for key, place in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
