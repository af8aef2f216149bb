"""Reading the expectations: everything that is wrong with them at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.design.reading import Places, read_form
from experiments.evidence.expectations.form import Expectation, ExpectationsFile
from model import OUTCOMES, ConfigError, Scenario, load_scenario, nearest, shipped_root

__all__ = ["FILE", "arm", "read_expectations"]

FILE = shipped_root() / "expectations.yaml"


def read_expectations(path: Path = FILE) -> ExpectationsFile:
    """Read expectations and check every name, value and bound in them.

    Parameters
    ----------
    path : Path
        A YAML file of the form of `ExpectationsFile`.

    Raises
    ------
    WrongInput
        With every problem found.
    """
    return read_form(path, ExpectationsFile, _all_problems)


def _all_problems(read: ExpectationsFile, places: Places) -> Iterator[str]:
    for number in range(len(read.expectations)):
        yield from _problems(read, number, places)


def arm(expectation: Expectation, end: bool, size: dict[str, object], *, without: bool = False) -> Scenario:
    """Return the scenario of an arm.

    Parameters
    ----------
    expectation : Expectation
    end : bool
        At the end of the change, or at its start.
    size : dict
        Settings of both arms that the expectation's own lie over: scale and length of a run.
    without : bool
        With what makes a surprise turned off.

    Raises
    ------
    ConfigError
        With every problem found.
    """
    return load_scenario(expectation.regime, overrides={**size, **expectation.settings(end, without=without)})


def _problems(read: ExpectationsFile, number: int, places: Places) -> Iterator[str]:
    """Yield what is wrong with an expectation whose form is right."""
    each = read.expectations[number]
    known = {"topic": list(read.topics), "source": list(read.sources), "outcome": list(OUTCOMES)}
    for key, names in known.items():
        name = getattr(each, key)
        if name not in names:
            yield f"{places('expectations', number, key)}unknown {key} '{name}'{nearest(name, names)}"
    for at, name in enumerate(each.moved):
        if name not in OUTCOMES:
            path = ("expectations", number, "surprise", "moved", at)
            yield f"{places(*path)}unknown outcome '{name}'{nearest(name, list(OUTCOMES))}"
    if each.id in [other.id for other in read.expectations[:number]]:
        yield f"{places('expectations', number, 'id')}expected {each.id} once, got it twice."
    sides = [(end, without) for end in (False, True) for without in ((False, True) if each.without else (False,))]
    yield from dict.fromkeys(problem for side in sides for problem in _misfits(each, number, *side, places))


def _misfits(each: Expectation, number: int, end: bool, without: bool, places: Places) -> Iterator[str]:
    """Yield what is wrong with the settings of an arm, each where its key stands."""
    try:
        arm(each, end, {}, without=without)
    except ConfigError as error:
        for problem in error.problems:
            path = next((path for path, key in _keys(each) if key in problem), ("regime",))
            yield f"{places('expectations', number, *path)}{problem.removeprefix('--set: ')}"


def _keys(each: Expectation) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the settings of an expectation, each with its path in the file."""
    settings = {("change",): each.change, ("beside",): each.beside, ("surprise", "without"): each.without}
    yield from (((*path, key), key) for path, keys in settings.items() for key in keys)
