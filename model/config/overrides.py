"""Values over values: sheets laid over each other, `--set assessment.street_weight=0.5` over everything."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.config.topics import OWN, built, checked, topics, unknown
from model.config.yamlfile import KeyPath, Sheet, parse_value, quote
from model.errors import ConfigError, nearest, noting, raise_if_any
from model.parameter import hints, is_topic

ORIGIN = "--set"

Overrides = Mapping[str, Any] | Iterable[str]
"""Values by dotted key, or "key=value" each; entries of lists go by code: `kinds.noise.share`."""


@dataclass
class Layers:
    """Values with the sheet that gave each; a later sheet goes over an earlier one.

    Attributes:
        values: Entries by topic; lists of units whole.
        owners: The sheet that gave a value, by (topic, key) or, for lists, (topic,).
        patched: Paths inside of lists that settings have changed.
    """

    values: dict[str, Any] = field(default_factory=dict)
    owners: dict[KeyPath, Sheet] = field(default_factory=dict)
    patched: list[KeyPath] = field(default_factory=list)

    def lay(self, sheet: Sheet) -> None:
        """Put a sheet on top; a mapping over a list changes its entries by code."""
        for topic, over in sheet.values.items():
            below = self.values.get(topic)
            if not isinstance(over, dict):
                self.values[topic], self.owners[(topic,)] = over, sheet
            elif isinstance(below, list):
                changes = [over.get(entry.get("code"), {}) for entry in below]
                self.values[topic] = list(map(laid, below, changes))
                self.patched += [path for i, change in enumerate(changes) for path in _leaves(change, (topic, i))]
            else:
                self.values[topic] = laid(below or {}, over)
                self.owners |= {(topic, key): sheet for key in over}

    def where(self, path: KeyPath) -> str:
        """Return "file:line:column: " of a value, or of the nearest thing of its topic; "" if nothing was given."""
        if len(path) > 2 and any(path[: len(keys)] == keys[: len(path)] for keys in self.patched):
            return f"{ORIGIN}: "
        owner = self.owners.get(path[:2]) or self.owners.get(path[:1])
        if owner is not None:
            return f"{owner.place(path)}: "
        near = [sheet for keys, sheet in self.owners.items() if keys[0] == path[0]]
        return f"{near[-1].place(path[:1])}: " if near else ""


def laid(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested values with others over them, key by key."""
    both = dict(below)
    for key, value in over.items():
        before = below.get(key)
        both[key] = laid(before if isinstance(before, dict) else {}, value) if isinstance(value, dict) else value
    return both


def _leaves(values: Mapping[str, Any], path: KeyPath) -> Iterator[KeyPath]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield *path, key


def read_overrides(settings: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """Read `key=value` settings, each value as in a configuration file; return values by key, and problems."""
    values, problems = dict[str, Any](), list[str]()
    for setting in settings:
        key, equals, text = (part.strip() for part in setting.partition("="))
        if not (key and equals and text):
            problems.append(f"{ORIGIN} {setting}: expected key=value, got no key or no value.")
        elif key in values:
            problems.append(f"{ORIGIN} {setting}: expected '{key}' once, got it twice.")
        else:
            try:
                values[key] = parse_value(text)
            except ConfigError:
                problems.append(f"{ORIGIN} {setting}: the value is not valid YAML.")
    return values, problems


def settings_of(overrides: Overrides) -> dict[str, Any]:
    """Return settings by key as they were given, numbers of numpy as Python's; what cannot be read is left out."""
    given = overrides if isinstance(overrides, Mapping) else read_overrides(overrides)[0]
    return {key: plain(value) for key, value in given.items()}


def plain(value: Any) -> Any:
    """Return a value of Python for one of numpy."""
    return value.item() if hasattr(value, "item") else value


def lay_overrides(layers: Layers, overrides: Overrides | None, own: type | None = None) -> list[str]:
    """Lay settings over everything, in place, and return their problems; `own` declares own numbers."""
    given, problems = (overrides, []) if isinstance(overrides, Mapping) else read_overrides(overrides or ())

    def codes_of(topic: str) -> list[str]:
        return [entry.get("code", "") for entry in layers.values.get(topic, [])]

    for key, value in given.items():
        with noting(problems):
            layers.lay(_sheet(checked_override(key, value, codes_of, own)))
    return problems


def checked_override(
    key: str, value: Any, codes_of: Callable[[str], Sequence[str]], own: type | None = None
) -> dict[str, Any]:
    """Return a setting as nested values, whole numbers made numbers where those are declared.

    Args:
        key: Dotted.
        value: Numbers of numpy count as Python's.
        codes_of: From a topic that is a list to the codes of its entries.
        own: The class that declares own numbers, the topic `own`.

    Returns:
        Of one topic; an entry of a list stands by its code: `{"kinds": {"noise": {"share": 0.1}}}`.

    Raises:
        ConfigError: For an unknown key or code, or a value that is not allowed.
    """
    topic, *steps = key.split(".")
    value = plain(value)
    if topic == OWN or is_topic(hint_of(topic)) or not steps:
        return _checked({topic: _nested(steps, value)}, own)
    code = steps[0]
    check_code(topic, code, codes_of(topic))
    inner = _nested(steps[1:], value)
    if not isinstance(inner, dict):
        example = f"expected a key below it, such as {topic}.{code}.title"
        raise ConfigError([f"{ORIGIN}: {topic}.{code}: {example}, got {quote(inner)}."])
    entry = _checked({topic: [{"code": code} | inner]})[topic][0]
    return {topic: {code: {name: entry[name] for name in inner}}}


def hint_of(topic: str) -> Any:
    """Return the type of a topic; refuse a name that is none."""
    if topic not in topics():
        raise ConfigError([f"{ORIGIN}: unknown key {unknown(_sheet({}), (topic,), beside=())}"])
    return topics()[topic]


def check_code(topic: str, code: str, codes: Sequence[str]) -> None:
    """Refuse a code that no entry of a list has."""
    if code not in codes:
        raise ConfigError([f"{ORIGIN}: {topic}: unknown code '{code}'{nearest(code, codes)}"])


def _nested(steps: Sequence[str], value: Any) -> Any:
    for step in reversed(steps):
        value = {step: value}
    return value


def _checked(values: dict[str, Any], own: type | None = None) -> dict[str, Any]:
    sheet = checked(_sheet(values), own)
    raise_if_any(sheet.problems)
    return sheet.values


def _sheet(values: dict[str, Any]) -> Sheet:
    return Sheet(ORIGIN, values, {(): ORIGIN})


def replaced(before: Any, change: Mapping[str, Any]) -> Any:
    """Return a dataclass with nested values over its own; itself if there are none for its fields."""
    topic: Any = type(before)
    kinds = hints(topic)
    after = {name: _replaced(kinds[name], getattr(before, name), change[name]) for name in kinds if name in change}
    return dataclasses.replace(before, **after) if after else before


def _replaced(hint: Any, old: Any, new: Any) -> Any:
    """Return the new value of a field; in a list of units, mappings change entries by code."""
    if not isinstance(new, dict):
        return built(hint, new)
    if isinstance(old, tuple):
        return tuple(replaced(entry, new.get(entry.code, {})) for entry in old)
    return replaced(old, new) if dataclasses.is_dataclass(old) else {**old, **new}
