"""A package of rules: a preset and what was changed in it; which packages are compared."""

from __future__ import annotations

import dataclasses
import functools
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.naming import unbracketed
from experiments.messages import Language, msg
from model import ConfigError, load_scenario, nearest, read_yaml, shipped_regimes, vary

if TYPE_CHECKING:
    from model import Scenario

DISTRICT = "chaoyang"  # the district of the page
LARGEST_FILE = 65_536  # bytes of a file that is accepted
FILE = "rules.yaml"  # name of an uploaded file that has none
LONGEST_NAME = 80


@dataclasses.dataclass(frozen=True)
class Package:
    """Rules as the user has them: a shipped regime, and by key (topic.name), in order, what differs from it.

    Lists of units and kinds belong to a district, not to a package: a `ConfigError`.
    """

    preset: str = "flattened"
    values: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        lists = [key for key, _ in self.values if key.count(".") != 1]
        if lists:
            raise ConfigError([f"{FILE}: {key}: expected topic.name here, got an entry of a list." for key in lists])

    def with_value(self, key: str, value: bool | int | float | str) -> Package:
        """Return the package with another value; the preset's own is no change, a forbidden one a `ConfigError`."""
        return self.with_values({key: value})

    def with_values(self, values: Mapping[str, Any]) -> Package:
        """Return the package with other values by key; see `with_value`, but that they are checked together."""
        base = shipped(self.preset)
        changed = {**dict(self.values), **values}
        package = Package(self.preset, tuple(sorted(
            (key, value) for key, value in changed.items() if value_at(base, key) != value
        )))  # fmt: skip
        package.scenario()
        return package

    def without(self, key: str) -> Package:
        """Return the package with the preset's own value there."""
        return Package(self.preset, tuple(each for each in self.values if each[0] != key))

    def scenario(self) -> Scenario:
        """Load it; raises a `ConfigError` with everything that is wrong."""
        base = shipped(self.preset)
        return vary(base, dict(self.values)) if self.values else base

    def title(self) -> dict[str, str]:
        """Return its title by language: the preset's, marked as the user's own where values differ."""
        titles = {str(language): str(getattr(shipped(self.preset).title, language)) for language in Language}
        if not self.values:
            return titles
        return {code: msg("package_mine", Language(code), title=unbracketed(text)) for code, text in titles.items()}

    def file(self, number: int = 1) -> str:
        """Return the name of its file beside those of other packages; of its preset it may be one of several."""
        return f"{self.preset}_changed{'' if number == 1 else f'_{number}'}.yaml"

    def yaml(self, number: int = 1) -> str:
        """Return it as a regime file."""
        from model import to_yaml

        titles = {code: text if number == 1 else f"{text} {number}" for code, text in self.title().items()}
        content: dict[str, Any] = {"title": titles, "extends": self.preset}
        for key, value in self.values:
            topic, name = key.split(".")
            content.setdefault(topic, {})[name] = value
        return to_yaml(content)


REAL_NAMES = "WHISTLE_REAL_NAMES"  # a variable of the environment, since the page's processes are to see it too


def common() -> dict[str, bool]:
    """Return the settings of everything that this server shows: real names of departments, where it was so started."""
    return {"run.real_names": True} if os.environ.get(REAL_NAMES) else {}


def numbered(packages: Sequence[Package]) -> list[int]:
    """Return which one of its preset each package is, among those that were changed."""
    return [
        1
        + len({each for each in packages[:place] if each.values and each.preset == package.preset and each != package})
        for place, package in enumerate(packages)
    ]


@functools.cache
def shipped(name: str) -> Scenario:
    """Return a shipped regime over the district, read once; raises a `ConfigError` for a name that is not shipped."""
    return load_scenario(name, district=DISTRICT, overrides=common())


def value_at(scenario: Scenario, key: str) -> Any:
    """Return the value at a key (topic.name) of the law, the habits or the world."""
    topic, _, name = key.partition(".")
    return scenario.resolved()[topic][name]


def from_file(content: bytes, name: str = FILE) -> Package:
    """Return the package in a regime file, as `Package.yaml` or a user wrote it; it extends a shipped regime.

    Raises:
        ConfigError: With the name that the file has for the user, line and everything that is wrong.
    """
    shown = re.sub(r"\s", "_", Path(name).name)[-LONGEST_NAME:] or FILE
    if len(content) > LARGEST_FILE:
        raise ConfigError([f"{shown}: expected at most {LARGEST_FILE:,} bytes, got {len(content):,}."])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(content)
        try:
            preset = _preset(path)
            scenario = load_scenario(str(path), district=DISTRICT, overrides=common())
            found = _differences("", shipped(preset).resolved(), scenario.resolved())
            return Package(preset, tuple(sorted(found)))
        except ConfigError as error:
            raise ConfigError([re.sub(rf"\S*{FILE}", lambda _: shown, each) for each in error.problems]) from error


def _preset(path: Path) -> str:
    """Return the shipped regime that a file extends; a file with dates, or one that reads other files, is refused."""
    sheet, known = read_yaml(path), shipped_regimes()
    if sheet.problems:
        raise ConfigError(list(sheet.problems))
    extends = sheet.values.get("extends", "base")
    parents = extends if isinstance(extends, list) else [extends]
    unknown = [f"unknown regime '{each}'{nearest(str(each), known)}" for each in parents if str(each) not in known]
    problems = [f"{sheet.place(('extends',))}: extends: {each}" for each in unknown]
    if "dates" in sheet.values:
        place = sheet.place(("dates",))
        problems.append(f"{place}: dates: expected none here (choose a preset that has dates), got some.")
    if problems:
        raise ConfigError(problems)
    return str(parents[-1]) if parents else "base"


def _differences(prefix: str, before: Any, after: Any) -> list[tuple[str, Any]]:
    """Return by dotted key what differs between two nested mappings; a list that differs is one difference."""
    if isinstance(after, dict) and isinstance(before, dict):
        return [
            found
            for name in after
            if prefix or name not in ("name", "title", "dates")
            for found in _differences(f"{prefix}{name}.", before.get(name), after[name])
        ]
    return [] if before == after else [(prefix.rstrip("."), after)]


BEFORE = Package("inverted")
TODAY = Package("today")
BASES = (BEFORE, TODAY)  # what a package is compared with unless it is another one that was kept

MOST = 4
PAIRS = (10, 20, 30, 40, 80)  # over plausible worlds two of each
MINE = "mine"  # stands for the package of the Rules tab


@dataclasses.dataclass(frozen=True)
class Choice:
    """What the Compare tab holds: shipped regimes or `MINE`, of which the first is the baseline, and the options.

    Attributes:
        learned: Whether they are compared on the district that was learned from a log, where there is one.
    """

    names: tuple[str, ...] = ("inverted", "flattened")
    pairs: int = 40
    learned: bool = False

    def __post_init__(self) -> None:
        allowed = 1 <= len(self.names) <= MOST and {*self.names} <= {*shipped_regimes(), MINE}
        if not (allowed and self.pairs in PAIRS):
            raise ValueError(self)

    def put(self, place: Any, name: Any) -> Choice:
        """Return it with a package at a place, or without one where the name is empty; a ValueError for nonsense."""
        names = list(self.names)
        if place not in range(min(len(names), MOST - 1) + 1) or (name == "" and place not in range(1, len(names))):
            raise ValueError(place)
        names[place : place + 1] = [] if name == "" else [name]
        return dataclasses.replace(self, names=tuple(names))

    def packages(self, mine: Package) -> tuple[Package, ...]:
        return tuple(mine if name == MINE else Package(name) for name in self.names)
