"""A package of rules: a preset and what was changed of it; what of it is compared; as files and parts of links."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.naming import unbracketed
from experiments.messages import Language, msg

if TYPE_CHECKING:
    from model import Scenario

__all__ = [
    "LARGEST_FILE", "MINE", "MOST", "PAIRS", "SCALES", "Choice", "Package", "from_file", "shipped", "value_at",
]  # fmt: skip

LARGEST_FILE = 65_536
"""Bytes of a file that is taken."""

FILE = "rules.yaml"
"""What a file that was taken is called where it has no name."""

LONGEST_NAME = 80

Value = bool | int | float | str


@dataclasses.dataclass(frozen=True)
class Package:
    """Rules as the user has them.

    Attributes
    ----------
    preset : str
        Name of a shipped regime.
    values : tuple of (str, value)
        By key, topic and name, in the order of keys: what differs from the preset. Lists of units and kinds belong to
        a district, not to a package.

    Raises
    ------
    ConfigError
        For a key that is none.
    """

    preset: str = "flattened"
    values: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be said in a regime file of one value a key."""
        from model import ConfigError

        lists = [key for key, _ in self.values if key.count(".") != 1]
        if lists:
            raise ConfigError([f"{FILE}: {key}: expected topic.name here, got an entry of a list." for key in lists])

    def with_value(self, key: str, value: Value, district: str) -> Package:
        """Return the package with another value; one that is the preset's own is no change."""
        kept = {name: old for name, old in self.values if name != key}
        if value_at(shipped(self.preset, district), key) != value:
            kept[key] = value
        return Package(self.preset, tuple(sorted(kept.items())))

    def without(self, key: str) -> Package:
        """Return the package with the preset's own value there."""
        return Package(self.preset, tuple(each for each in self.values if each[0] != key))

    def scenario(self, district: str) -> Scenario:
        """Load it.

        Raises
        ------
        ConfigError
            With everything that is wrong.
        """
        from model import vary

        base = shipped(self.preset, district)
        return vary(base, dict(self.values)) if self.values else base

    def title(self, scenario: Scenario) -> dict[str, str]:
        """Return its title by language: the preset's, or, where values differ, whose it is and what it was made of."""
        if not self.values:
            return {"en": scenario.title.en, "zh": scenario.title.zh}
        return {
            str(language): msg("package_mine", language, title=unbracketed(getattr(scenario.title, language)))
            for language in Language
        }

    def yaml(self, title: Mapping[str, str]) -> str:
        """Return it as a regime file."""
        from model import to_yaml

        content: dict[str, Any] = {"title": dict(title), "extends": self.preset}
        for key, value in self.values:
            topic, name = key.split(".")
            content.setdefault(topic, {})[name] = value
        return to_yaml(content)

    def query(self) -> dict[str, str]:
        """Return it as the arguments of a link."""
        values = (
            {"set": json.dumps(dict(self.values), ensure_ascii=False, separators=(",", ":"))} if self.values else {}
        )
        return {"rules": self.preset, **values}


@functools.cache
def shipped(name: str, district: str) -> Scenario:
    """Return a shipped regime over a shipped district, read once.

    Raises
    ------
    ConfigError
        For a name that is not shipped.
    """
    from model import load_scenario

    return load_scenario(name, district=district)


def value_at(scenario: Scenario, key: str) -> Any:
    """Return the value at a dotted key of the law, the habits or the world; entries of lists go by code.

    Raises
    ------
    KeyError
        Where there is none.
    """
    at: Any = scenario.resolved()
    for step in key.split("."):
        at = next((each for each in at if each["code"] == step), None) if isinstance(at, list) else at.get(step)
        if at is None:
            raise KeyError(key)
    return at


def from_file(content: bytes, district: str, name: str = FILE) -> Package:
    """Return the package that a regime file says.

    Parameters
    ----------
    content : bytes
        YAML, as `Package.yaml` writes it or as a user wrote it; it extends a shipped regime.
    district : str
    name : str
        What the user calls the file.

    Raises
    ------
    ConfigError
        With file, line and everything that is wrong.
    """
    from model import ConfigError, load_scenario

    shown = re.sub(r"\s", "_", Path(name).name)[-LONGEST_NAME:] or FILE
    if len(content) > LARGEST_FILE:
        raise ConfigError([f"{shown}: expected at most {LARGEST_FILE:,} bytes, got {len(content):,}."])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(content)
        try:
            preset = _preset(path)
            scenario = load_scenario(str(path), district=district)
            found = _differences("", shipped(preset, district).resolved(), scenario.resolved())
            return Package(preset, tuple(sorted(found)))
        except ConfigError as error:
            raise ConfigError([re.sub(rf"\S*{FILE}", lambda _: shown, each) for each in error.problems]) from error


def _preset(path: Path) -> str:
    """Return the shipped regime that a file extends; a file that reaches for other files is refused.

    Raises
    ------
    ConfigError
        If it does, or if it has dates.
    """
    from model import ConfigError, nearest, read_yaml, shipped_regimes

    sheet, known = read_yaml(path), shipped_regimes()
    if sheet.problems:
        raise ConfigError(list(sheet.problems))
    extends = sheet.values.get("extends", "base")
    parents = extends if isinstance(extends, list) else [extends]
    place = sheet.place(("extends",))
    problems = [
        f"{place}: extends: unknown regime '{each}'{nearest(str(each), known)}"
        for each in parents
        if str(each) not in known
    ]
    if "dates" in sheet.values:
        problems.append(
            f"{sheet.place(('dates',))}: dates: expected none here (choose a preset that has dates), got some."
        )
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


MOST = 4
PAIRS = (5, 10, 20, 30, 60)
SCALES = (1.0, 0.2, 0.05)
"""Shares of Chaoyang's demand, with as many people fewer."""

MINE = "mine"
"""Stands for the package that the Rules tab holds."""


@dataclasses.dataclass(frozen=True)
class Choice:
    """What the Compare tab holds.

    Attributes
    ----------
    names : tuple of str
        Shipped regimes, or `MINE`; the first is what the others are compared with.
    pairs : int
        One of `PAIRS`.
    scale : float
        One of `SCALES`.
    """

    names: tuple[str, ...] = ("inverted", "flattened")
    pairs: int = 20
    scale: float = SCALES[0]

    @classmethod
    def from_query(cls, said: Mapping[str, str]) -> Choice:
        """Return what the arguments of a link say; what they do not name is as usual.

        Raises
        ------
        ValueError
            For what is not allowed.
        """
        usual = cls()
        names = tuple(said["compare"].split(",")) if "compare" in said else usual.names
        pairs, scale = int(said.get("pairs", usual.pairs)), float(said.get("size", usual.scale))
        if not (1 <= len(names) <= MOST and all(map(_known, names)) and pairs in PAIRS and scale in SCALES):
            raise ValueError(said)
        return cls(names, pairs, scale)

    def query(self) -> dict[str, str]:
        """Return it as the arguments of a link; what is as usual is left out."""
        usual = Choice()
        named = {"compare": (",".join(self.names), self.names != usual.names),
                 "pairs": (str(self.pairs), self.pairs != usual.pairs),
                 "size": (f"{self.scale:g}", self.scale != usual.scale)}  # fmt: skip
        return {name: shown for name, (shown, differs) in named.items() if differs}

    def put(self, place: Any, name: Any) -> Choice:
        """Return it with a package at a place, or without one where the name is empty; nonsense changes nothing."""
        names = list(self.names)
        if name == "" and place in range(1, len(names)):
            names.pop(place)
        elif _known(name) and place in range(min(len(names), MOST - 1) + 1):
            names[place : place + 1] = [name]
        return dataclasses.replace(self, names=tuple(names))

    def with_pairs(self, pairs: Any) -> Choice:
        """Return it with so many pairs, if that is offered."""
        return dataclasses.replace(self, pairs=int(pairs)) if pairs in PAIRS else self

    def with_scale(self, scale: Any) -> Choice:
        """Return it at this size, if that is offered."""
        return dataclasses.replace(self, scale=float(scale)) if scale in SCALES else self

    def packages(self, mine: Package) -> tuple[Package, ...]:
        """Return what the names stand for."""
        return tuple(mine if name == MINE else Package(name) for name in self.names)


def _known(name: Any) -> bool:
    from model import shipped_regimes

    return name in (*shipped_regimes(), MINE)
