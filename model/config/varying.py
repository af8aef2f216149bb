"""Other values over a scenario, from the scenario alone: no file is read, so it works on any machine."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any, get_args, get_origin

from model.config import topics
from model.config.checks import cross_problems
from model.config.complaints import unknown
from model.config.layers import Layers
from model.config.scenario import Scenario
from model.config.settings import ORIGIN
from model.config.shape import checked
from model.config.shipped import nearest
from model.config.stages import stages_of
from model.config.timeline import Timeline
from model.config.yamlfile import Sheet
from model.errors import ConfigError
from model.world import World

__all__ = ["Declared", "declared_at", "keys_of", "vary"]


@dataclasses.dataclass(frozen=True)
class Declared:
    """What is declared of the value at a dotted path.

    Attributes
    ----------
    type : type
        bool, int, float or str; object where the value is a list or a mapping.
    optional : bool
        Whether null is allowed.
    default : Any
    unit : str
        In words, "1" for a pure number.
    bounds : tuple of float or None
    choices : tuple of str
        Allowed words.
    meaning, zh, source : str
    row : str
        Of the claims that it serves, "" for none.
    """

    type: type
    optional: bool
    default: Any
    unit: str
    bounds: tuple[float, float] | None
    choices: tuple[str, ...]
    meaning: str
    zh: str
    source: str
    row: str = ""


def keys_of(row: str) -> list[str]:
    """Return the dotted keys of every value that is declared to serve a row of the claims, as "R1"."""
    return [
        f"{name}.{field.name}"
        for name, topic in topics.topics().items()
        if topics.is_topic(topic)
        for field in dataclasses.fields(topic)
        if (known := topics.declared(field)) is not None and known.row == row
    ]


def declared_at(path: str, scenario: Scenario | None = None) -> Declared:
    """Return what is declared at a dotted path; entries of lists go by code: `kinds.noise.share`.

    Parameters
    ----------
    path : str
    scenario : Scenario, optional
        Whose codes of units and kinds are allowed; without one, any code is.

    Raises
    ------
    ConfigError
        For a path that nobody declared, with the nearest name.
    """
    steps = path.split(".")
    hint = topics.topics().get(steps[0])
    if hint is None:
        raise ConfigError([f"{ORIGIN}: unknown key {unknown(_sheet({}), (steps[0],), beside=())}"])
    if not topics.is_topic(hint):
        _check_code(steps, scenario)
        hint, steps = get_args(hint)[0], [steps[0], *steps[2:]]
    return _declared(hint, steps[1:], path)


def _check_code(steps: list[str], scenario: Scenario | None) -> None:
    if scenario is None or len(steps) < 2:
        return
    codes = [entry.code for entry in getattr(scenario.world, steps[0], ())]
    if steps[1] not in codes:
        raise ConfigError([f"{ORIGIN}: {steps[0]}: unknown code '{steps[1]}'{nearest(steps[1], codes)}"])


def _declared(topic: Any, steps: list[str], path: str) -> Declared:
    """Walk down the fields of a topic; what stands in a mapping by code has its field's declaration."""
    if not steps:
        raise ConfigError([f"{ORIGIN}: {path}: expected a key below this topic, got the topic itself."])
    fields = {field.name: field for field in dataclasses.fields(topic)}
    if steps[0] not in fields:
        raise ConfigError([f"{ORIGIN}: unknown key '{steps[0]}' in '{path}'{nearest(steps[0], list(fields))}"])
    field, (hint, may_be_none) = fields[steps[0]], topics.optional(topics.hints(topic)[steps[0]])
    if topics.is_topic(hint):
        return _declared(hint, steps[1:], path)
    inner = get_args(hint)[-1] if get_origin(hint) is dict and len(steps) == 2 else hint
    kind = inner if inner in (bool, int, float, str) else object
    known, default = topics.declared(field), topics.default_of(field)
    if known is None:
        return Declared(kind, may_be_none, default, "1", None, (), "", "", "")
    return Declared(kind, may_be_none, default, known.unit, known.bounds, known.choices, known.meaning, known.zh,
                    known.source, known.row)  # fmt: skip


def vary(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with other values, as if it had been loaded with them.

    Parameters
    ----------
    scenario : Scenario
    values : mapping of value by dotted key
        As `{"assessment.street_weight": 0.5, "kinds.noise.share": 0.1}`.

    Returns
    -------
    Scenario
        What begins on a date stays as it is, unless `dates` is among the values.

    Raises
    ------
    ConfigError
        With every problem found.
    """
    changes, problems = _checked(values, scenario)
    if problems:
        raise ConfigError(problems)
    law, habits, world = (_over(part, changes) for part in (scenario.law, scenario.habits, scenario.world))
    if world is not scenario.world:
        problems = [f"{ORIGIN}: {problem}" for problem in cross_problems(world, Layers())]
        if problems:
            raise ConfigError(problems)
    stages = _stages(changes, world) if "dates" in changes else scenario.stages
    said = json.dumps([scenario.source_hash, dict(values)], sort_keys=True, default=lambda value: value.item())
    return Scenario(
        scenario.name, scenario.title, law, habits, world, hashlib.sha256(said.encode()).hexdigest(),
        {**scenario.given, **dict.fromkeys(values, ORIGIN)}, stages,
    )  # fmt: skip


def _checked(values: Mapping[str, Any], scenario: Scenario) -> tuple[dict[str, Any], list[str]]:
    """Return the values by topic, those of list entries by code beneath it, and what is wrong with them."""
    changes, problems = dict[str, Any](), list[str]()
    for path, given in values.items():
        value = given.item() if hasattr(given, "item") else given
        try:
            _lay(changes, path.split("."), value, scenario)
        except ConfigError as error:
            problems += error.problems
    return changes, problems


def _lay(changes: dict[str, Any], steps: list[str], value: Any, scenario: Scenario) -> None:
    topic = steps[0]
    hint = topics.topics().get(topic)
    if hint is None:
        raise ConfigError([f"{ORIGIN}: unknown key {unknown(_sheet({}), (topic,), beside=())}"])
    if topics.is_topic(hint) or len(steps) == 1:
        _merge(changes, _sound({topic: _nested(steps[1:], value)}))
        return
    _check_code(steps, scenario)
    inner = _nested(steps[2:], value)
    if not isinstance(inner, dict):
        raise ConfigError([f"{ORIGIN}: {topic}.{steps[1]}: expected a key below it, got {inner!r}."])
    entry = _sound({topic: [{"code": steps[1]} | inner]})[topic][0]
    _merge(changes, {topic: {steps[1]: {name: entry[name] for name in inner}}})


def _sound(values: dict[str, Any]) -> dict[str, Any]:
    """Return values that are checked, whole numbers made numbers where those are declared."""
    sheet = checked(_sheet(values))
    if sheet.problems:
        raise ConfigError(list(sheet.problems))
    return sheet.values


def _sheet(values: dict[str, Any]) -> Sheet:
    return Sheet(ORIGIN, values, {(): ORIGIN})


def _nested(steps: list[str], value: Any) -> Any:
    for step in reversed(steps):
        value = {step: value}
    return value


def _merge(below: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _merge(below[key], value)
        else:
            below[key] = value


def _over(part: Any, changes: Mapping[str, Any]) -> Any:
    """Return law, habits or world with the changes of its topics; itself where there are none."""
    names = [name for name in _hints(part) if name in changes]
    return dataclasses.replace(part, **{name: _changed(part, name, changes[name]) for name in names}) if names else part


def _changed(part: Any, name: str, change: Any) -> Any:
    hint, before = _hints(part)[name], getattr(part, name)
    if isinstance(change, list):
        whole = topics.built(hint, change)
        return tuple(sorted(whole, key=lambda entry: entry.code))
    if isinstance(before, tuple):
        return tuple(_replaced(entry, change[entry.code]) if entry.code in change else entry for entry in before)
    return _replaced(before, change)


def _replaced(before: Any, change: Mapping[str, Any]) -> Any:
    """Return a dataclass with the values of a mapping, nested ones key by key."""
    hints, after = _hints(before), {}
    for name, value in change.items():
        old = getattr(before, name)
        if dataclasses.is_dataclass(old) and isinstance(value, dict):
            after[name] = _replaced(old, value)
        elif isinstance(old, dict) and isinstance(value, dict):
            after[name] = {**old, **value}
        else:
            after[name] = topics.built(hints[name], value)
    return dataclasses.replace(before, **after)


def _hints(part: Any) -> dict[str, Any]:
    kind: Any = type(part)
    return topics.hints(kind)


def _stages(changes: Mapping[str, Any], world: World) -> Any:
    timeline = topics.build(Timeline, {"dates": changes["dates"]})
    return stages_of(timeline, [street.code for street in world.streets], File(), lambda _: f"{ORIGIN}: ")
