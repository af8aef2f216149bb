"""What may vary in a run, within which ends: free numbers over plausible ranges, levers over those worth trying."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from pydantic import ValidationError

from experiments.design.designs import WORLD
from experiments.design.ensemble import ensemble_of_district, read_ensemble
from experiments.design.factors import DUMMY, Factor, factors_over
from experiments.design.reading import Places
from experiments.design.setting import Setting, free_by_key, hint, scenario_of_setting
from experiments.design.studyfile import Shape, Spread
from experiments.errors import WrongInput, collect_errors, raise_if_any

if TYPE_CHECKING:
    from model import FreeNumber, Scenario

Keys = Iterable[str] | Mapping[str, Any] | None
"""What varies: keys, or the range of each by key; see `inputs_of`."""

SHARES = ("staff.department", "staff.street", "staff.community", "staff.city")


def inputs_of(keys: Keys = None, **setting: Unpack[Setting]) -> tuple[Factor, ...]:
    """Return what varies, each with its ends.

    Args:
        keys: Keys of free numbers, over their plausible ranges, and of levers, over the ranges worth trying or, for
            switches and words, all they can be. A mapping gives ranges of one's own: from key to (low, high), to a list
            of values, to a range in the words of a study's file such as {"loguniform": [1, 100]}, or to None for the
            declared one. "world" is the number of a plausible world, "dummy" an input that no rule reads. None: every
            free number that the regime leaves open, but the shares of the staff.

    Raises:
        WrongInput: With every key and range that cannot be used.
    """
    scenario, district = scenario_of_setting(setting), setting.get("district", "chaoyang")
    given = _asked(keys, scenario)
    both = [f"{key}: expected it to vary or to be set, got both." for key in given if key in setting.get("set", {})]
    return tuple(
        collect_errors(
            functools.partial(raise_if_any, both),
            *(functools.partial(_input, key, ends, scenario, district) for key, ends in given.items()),
        )[1:]
    )


def _asked(keys: Keys, scenario: Scenario) -> Mapping[str, Any]:
    """Return the range that is given for each key, None for the declared one."""
    if keys is None:
        return {key: None for key in free_by_key() if key not in scenario.decided and key not in SHARES}
    if isinstance(keys, str):
        raise WrongInput([f"keys: expected a list of keys or a range by key, got {keys!r}."])
    return keys if isinstance(keys, Mapping) else dict.fromkeys(keys)


def _input(key: str, ends: Any, scenario: Scenario, district: str) -> Factor:
    if key == DUMMY:
        return Factor(DUMMY, "uniform", 0.0, 1.0)
    if key == WORLD:
        return _worlds(district)
    if key in SHARES:
        because = "because the shares of the staff add up to 1 and cannot vary one by one"
        raise WrongInput([f"{key}: expected another key, such as '{WORLD}', {because}, got this."])
    number = free_by_key().get(key)
    if number is not None and ends is None:
        return Factor(key, _shape(number), number.low, number.high, whole=number.whole, unit=number.unit)
    if number is not None and ("*" in key or key.startswith("tables.")):
        return _inside(number, ends)
    try:
        return factors_over({key: _spread(key, ends, number, scenario)}, scenario, Places(), ())[0]
    except WrongInput as error:
        raise WrongInput([problem.removeprefix("parameters.") for problem in error.problems]) from error


def _worlds(district: str) -> Factor:
    path = ensemble_of_district(district)
    if path is None:
        raise WrongInput([f"{WORLD}: the district {district} has no plausible worlds; expected another key, got this."])
    return Factor(WORLD, "integer", 0.0, float(len(read_ensemble(path).worlds) - 1), whole=True)


def _shape(number: FreeNumber) -> Shape:
    if number.scale == "log":
        return "loguniform"
    return "integer" if number.whole else "uniform"


def _inside(number: FreeNumber, ends: Any) -> Factor:
    """Return a factor on a table, or its draw, within a part of its plausible range, for it has no other bounds."""
    from model import span

    low, high = ends if _is_pair(ends) else (math.nan, math.nan)
    if not number.low <= low < high <= number.high:
        allowed = span(number.low, number.high, number.unit)
        raise WrongInput([f"{number.key}: expected (low, high) within {allowed}, got {ends!r}."])
    return Factor(number.key, _shape(number), float(low), float(high), whole=number.whole, unit=number.unit)


def _is_pair(ends: Any) -> bool:
    return isinstance(ends, Sequence) and len(ends) == 2 and not any(isinstance(end, bool | str) for end in ends)


def _spread(key: str, ends: Any, number: FreeNumber | None, scenario: Scenario) -> Spread:
    """Return a range in the words of a study's file."""
    from model import ConfigError, declared_at, span

    if "*" in key:
        raise WrongInput([f"unknown free number '{key}'{hint(key, free_by_key())}"])
    try:
        known = declared_at(key, scenario.world)
    except ConfigError as error:
        raise WrongInput([f"{key}: {problem.removeprefix('--set: ')}" for problem in error.problems]) from error
    if ends is None and known.type in (int, float) and (ends := known.tried) is None:
        within = f" within {span(*known.bounds, known.unit)}" if known.bounds else ""
        raise WrongInput([f"{key}: expected a range{within}, as {{{key!r}: (low, high)}}, because none is declared as "
                          "plausible or worth trying, got none."])  # fmt: skip
    if _is_pair(ends):
        logarithmic = number is not None and number.scale == "log" and not number.whole and ends[0] > 0
        ends = {"integer" if known.type is int else "loguniform" if logarithmic else "uniform": tuple(ends)}
    elif isinstance(ends, Sequence) and not isinstance(ends, str):
        ends = {"values": tuple(ends)}
    try:
        return Spread(**(ends or {}))
    except (ValidationError, TypeError) as error:
        told = error.errors()[0].get("ctx", {}) if isinstance(error, ValidationError) else {}
        said = told.get("error", f"expected (low, high) or values, got {ends!r}")
        raise WrongInput([f"{key}: {said}."]) from error
