"""From words on the command line to scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.errors import raise_if_any

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["load_all", "load_each", "parse_overrides"]


def load_all(regimes: Sequence[str], district: str, overrides: Mapping[str, Any]) -> list[Scenario]:
    """Load regimes under the same settings; see `load_each`."""
    return load_each([(regime, overrides) for regime in regimes], district)


def load_each(regimes: Sequence[tuple[str, Mapping[str, Any]]], district: str) -> list[Scenario]:
    """Load regimes, each with settings over it by dotted path, and report the problems of all at once.

    Raises
    ------
    WrongInput
        With every problem found.
    """
    from model import ConfigError, load_scenario

    scenarios, problems = [], list[str]()
    for regime, settings in regimes:
        try:
            scenarios.append(load_scenario(regime, district=district, overrides=dict(settings)))
        except ConfigError as error:
            problems += error.problems
    raise_if_any(problems)
    return scenarios


def parse_overrides(settings: Sequence[str]) -> dict[str, Any]:
    """Read `key=value` settings; a value is read as in a configuration file.

    Raises
    ------
    WrongInput
        For a setting without key or value, one that is not YAML, or a key given twice.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    values, problems = dict[str, Any](), list[str]()
    for setting in settings:
        key, equals, text = (part.strip() for part in setting.partition("="))
        try:
            if not (key and equals and text):
                problems.append(f"--set {setting}: expected key=value, got no key or no value.")
            elif key in values:
                problems.append(f"--set {setting}: expected '{key}' once, got it twice.")
            else:
                values[key] = YAML(typ="safe", pure=True).load(text)
        except (YAMLError, ValueError) as error:
            problems.append(f"--set {setting}: the value is not valid YAML ({str(error).splitlines()[0]}).")
    raise_if_any(problems)
    return values
