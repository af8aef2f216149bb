"""Settings of the command line or of a study: `assessment.street_weight=0.5`, over everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from model.config.complaints import unknown
from model.config.layers import Layers
from model.config.shape import checked
from model.config.shipped import nearest
from model.config.topics import is_topic, topics
from model.config.yamlfile import Sheet, parse, quote
from model.errors import ConfigError

__all__ = ["ORIGIN", "Overrides", "lay_settings"]

ORIGIN = "--set"

Overrides = Mapping[str, Any] | Iterable[str]


def lay_settings(layers: Layers, overrides: Overrides | None) -> list[str]:
    """Lay settings over everything and return their problems.

    Parameters
    ----------
    layers : Layers
        Changed in place.
    overrides : mapping of value by dotted key, or iterable of "key=value"
        Entries of lists go by code: `kinds.noise.share`.

    Returns
    -------
    list of str
        Problems; empty if all could be laid.
    """
    given, problems = _pairs(overrides)
    for key, value in given.items():
        try:
            problems += _lay(layers, key.split("."), value)
        except ConfigError as error:
            problems += error.problems
    return problems


def _pairs(overrides: Overrides | None) -> tuple[dict[str, Any], list[str]]:
    if isinstance(overrides, Mapping):
        return dict(overrides), []
    values, problems = dict[str, Any](), list[str]()
    for words in overrides or ():
        key, equals, text = (part.strip() for part in words.partition("="))
        if not (key and equals and text):
            problems.append(f"{ORIGIN} {words}: expected key=value, got no key or no value.")
        elif key in values:
            problems.append(f"{ORIGIN} {words}: '{key}' is given twice. Give it once.")
        else:
            try:
                values[key] = parse(f"value: {text}", words).values.get("value")
            except ConfigError:
                problems.append(f"{ORIGIN} {words}: the value is not valid YAML.")
    return values, problems


def _lay(layers: Layers, path: list[str], value: Any) -> list[str]:
    topic = topics().get(path[0])
    if topic is None:
        return [f"{ORIGIN}: unknown key {unknown(_sheet({}), (path[0],), beside=())}"]
    # numbers of numpy count as Python's
    plain = value.item() if hasattr(value, "item") else value
    if is_topic(topic) or len(path) == 1:
        sheet = checked(_sheet(_nested(path, plain)))
        if not sheet.problems:
            layers.lay(sheet)
        return list(sheet.problems)
    return _lay_in_list(layers, path, plain)


def _lay_in_list(layers: Layers, path: list[str], value: Any) -> list[str]:
    topic, code = path[0], path[1]
    codes = [entry.get("code", "") for entry in layers.values.get(topic, [])]
    if code not in codes:
        return [f"{ORIGIN}: {topic}: unknown code '{code}'{nearest(code, codes)}"]
    inner = _nested(path[2:], value) if path[2:] else value
    if not isinstance(inner, dict):
        return [f"{ORIGIN}: {topic}.{code}: expected a key below it, such as {topic}.{code}.title, got {quote(inner)}."]
    sheet = checked(_sheet({topic: [{"code": code} | inner]}))
    if not sheet.problems:
        changes = {key: new for key, new in sheet.values[topic][0].items() if key in inner}
        layers.patch(topic, codes.index(code), changes, ORIGIN)
    return list(sheet.problems)


def _nested(path: list[str], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    whole: dict[str, Any] = value
    return whole


def _sheet(values: dict[str, Any]) -> Sheet:
    return Sheet(ORIGIN, values, {(): ORIGIN})
