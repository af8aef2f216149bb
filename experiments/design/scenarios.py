"""From words on the command line to scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["load_all", "load_each", "parse_overrides"]


def load_all(regimes: Sequence[str], district: str, overrides: Mapping[str, Any]) -> list[Scenario]:
    """Load regimes under the same settings; see `load_each`."""
    return load_each([(regime, overrides) for regime in regimes], district)


def load_each(regimes: Sequence[tuple[str, Mapping[str, Any]]], district: str) -> list[Scenario]:
    """Load regimes and report the problems of all of them at once.

    Parameters
    ----------
    regimes : sequence of (str, mapping)
        Shipped name or path, and settings over it by dotted path.
    district : str
        Shipped name or path.

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
            problems.extend(problem for problem in error.problems if problem not in problems)
    if problems:
        raise WrongInput(problems)
    return scenarios


def parse_overrides(settings: Sequence[str]) -> dict[str, Any]:
    """Read `key=value` settings; a value is read as in a configuration file.

    Raises
    ------
    WrongInput
        For a setting without key or value, one that is not YAML, or a key given twice.
    """
    from model import read_overrides

    values, problems = read_overrides(settings)
    if problems:
        raise WrongInput(problems)
    return values
