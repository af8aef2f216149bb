"""A scenario as it is shown: in a few lines, as a small table, as a data frame of every value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from model.config.declared import declared_at
from model.errors import ConfigError
from model.shown import cut, frame, html_table

if TYPE_CHECKING:
    from model.config.scenario import Scenario
    from model.shown import DataFrame


def lines_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Return what a scenario is, as names and words; what it has none of is left out."""
    world, run = scenario.world, scenario.run
    units = f"{len(world.streets)} streets, {len(world.departments)} departments, {len(world.kinds)} kinds of case"
    known = [
        ("title", " · ".join(dict.fromkeys((scenario.title.en, scenario.title.zh)))),
        ("district", f"{scenario.district}: {units}" if scenario.district else units),
        ("days", f"{run.warm_up_days} to warm up, {run.window_days} observed, {run.follow_up_days} of follow-up"),
        ("settings", ", ".join(f"{key}={value!r}" for key, value in scenario.overrides.items())),
        ("dates", ", ".join(f"day {stage.day}: {stage.regime}" for stage in scenario.stages)),
        ("source hash", scenario.source_hash[:16]),
        ("every value", ".to_frame(), .resolved()"),
    ]
    return [(name, cut(words, 100)) for name, words in known if words]


def text_of(scenario: Scenario) -> str:
    """Return a scenario in a few lines."""
    return "\n".join(
        [f"Scenario {cut(scenario.name, 100)}", *(f"  {name:12} {words}" for name, words in lines_of(scenario))]
    )


def html_of(scenario: Scenario) -> str:
    """Return a scenario as a small table."""
    return html_table(f"Scenario {scenario.name}", ("", ""), lines_of(scenario))


def frame_of(scenario: Scenario) -> DataFrame:
    """Return every value by its dotted key, with origin and unit; entries of lists stand by their codes."""
    origins = scenario.origins()
    said = {topic: value for topic, value in scenario.resolved().items() if topic not in ("name", "title")}
    keys, values = zip(*_leaves(said, ""), strict=True)
    return frame(
        {
            "key": keys,
            "value": values,
            "origin": [_origin(origins, key) for key in keys],
            "unit": [_unit(_pattern(scenario, key)) for key in keys],
        },
        "key",
    )


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    inner: Iterator[tuple[str, Any]] | None = None
    if isinstance(value, dict) and value:
        inner = iter(value.items())
    elif isinstance(value, list) and value and all(isinstance(entry, dict) and "code" in entry for entry in value):
        inner = ((entry["code"], entry) for entry in value)
    if inner is None:
        yield path, value
        return
    for name, below in inner:
        yield from _leaves(below, f"{path}.{name}" if path else str(name))


def _origin(origins: dict[str, str], key: str) -> str:
    """Return where a value, or the nearest thing that holds it, was given."""
    while key not in origins and "." in key:
        key = key.rpartition(".")[0]
    return origins.get(key, "")


def _pattern(scenario: Scenario, key: str) -> str:
    """Return the key with the first code of its list: all entries of a list are declared alike."""
    topic, _, rest = key.partition(".")
    codes = scenario.codes_of(topic) if hasattr(scenario.world, topic) and topic in _LISTS else []
    code, _, field = rest.partition(".")
    return f"{topic}.{codes[0]}.{field}" if code in codes else key


_LISTS = ("streets", "departments", "kinds", "duty_entries", "shocks")


@cache
def _unit(key: str) -> str:
    try:
        return declared_at(key).unit
    except ConfigError:
        return ""
