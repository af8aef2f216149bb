"""What one tab of the browser holds; two tabs share nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

import solara

from experiments.messages import Language
from experiments.page.package import Choice, Package

__all__ = ["TABS", "Asked", "State", "asked_from", "link_of"]

TABS = ("district", "rules", "compare", "limits")

DISTRICT = "chaoyang"
LARGEST_SEED = 10**9 - 1

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a link says: enough to make the page again.

    Attributes
    ----------
    language : Language
    tab : str
    package : Package
    seed : int
    choice : Choice
        What is compared.
    result : str
        Token of a finished comparison, which the server keeps for a while; "" for none.
    """

    language: Language = Language.ZH
    tab: str = TABS[0]
    package: Package = dataclasses.field(default_factory=Package)
    seed: int = 1
    choice: Choice = dataclasses.field(default_factory=Choice)
    result: str = ""


def asked_from(query: str) -> tuple[Asked, tuple[str, ...]]:
    """Return what the query of an address says, and which parts of it were not understood and left out.

    Parameters
    ----------
    query : str
        What stands after the question mark.
    """
    said = {name: values[-1] for name, values in parse_qs(query).items()}
    link = _Link(said, [])
    found = Asked(
        language=link.read("lang", Language, Language.ZH), tab=link.read("tab", _tab, TABS[0]),
        package=link.package(), seed=link.read("seed", _seed, 1), choice=link.choice(), result=said.get("result", ""),
    )  # fmt: skip
    return found, tuple(link.misread)


@dataclasses.dataclass
class _Link:
    """The arguments of a link, read one by one; what is wrong is noted and left out."""

    said: Mapping[str, str]
    misread: list[str]

    def read(self, name: str, parse: Callable[[str], T], usual: T) -> T:
        if name not in self.said:
            return usual
        return self._tried(f"{name}={self.said[name]}", lambda: parse(self.said[name]), usual)

    def choice(self) -> Choice:
        said = {name: self.said[name] for name in ("compare", "pairs", "size") if name in self.said}
        return self._tried(urlencode(said), lambda: Choice.from_query(said), Choice())

    def package(self) -> Package:
        """Return the preset with each value that is allowed; values of a preset that is unknown mean nothing."""
        preset = self.read("rules", _preset, "")
        package = Package(preset) if preset else Package()
        nothing: dict[str, Any] = {}
        changes = self.read("set", _values, nothing) if preset or "rules" not in self.said else nothing
        for key, value in changes.items():
            package = self._tried(f"{key}={value}", partial(_changed, package, key, value), package)
        return package

    def _tried(self, shown: str, make: Callable[[], T], usual: T) -> T:
        from model import ConfigError

        try:
            return make()
        except (ConfigError, ValueError, TypeError, KeyError):
            self.misread.append(shown[:LONGEST_SHOWN])
            return usual


LONGEST_SHOWN = 80


def _tab(said: str) -> str:
    return TABS[TABS.index(said)]


def _seed(said: str) -> int:
    if not said.isdecimal() or int(said) > LARGEST_SEED:
        raise ValueError(said)
    return int(said)


def _preset(said: str) -> str:
    from model import shipped_regimes

    if said not in shipped_regimes():
        raise ValueError(said)
    return said


def _values(said: str) -> dict[str, Any]:
    values = json.loads(said)
    if not isinstance(values, dict):
        raise TypeError(said)
    return values


def _changed(package: Package, key: str, value: Any) -> Package:
    changed = package.with_value(key, value, DISTRICT)
    changed.scenario(DISTRICT)
    return changed


def link_of(asked: Asked) -> str:
    """Return the query that makes this page again."""
    result = {"result": asked.result} if asked.result else {}
    return "?" + urlencode({"lang": str(asked.language), "tab": asked.tab, "seed": asked.seed,
                            **asked.package.query(), **asked.choice.query(), **result})  # fmt: skip


class State:
    """The reactive values of one tab.

    Parameters
    ----------
    asked : Asked
    misread : tuple of str
        Parts of the address that were not understood.

    Attributes
    ----------
    language, tab, package, seed, choice, result : reactive
        As in `Asked`; the package is what the Rules tab shows.
    before : reactive of tuple of Package
        What the package was, step by step.
    running : reactive of Asked
        What the district runs under: the package and the seed with which it was started.
    misread : reactive of tuple of str
    """

    def __init__(self, asked: Asked, misread: tuple[str, ...] = ()) -> None:
        self.language = solara.reactive(asked.language)
        self.tab = solara.reactive(asked.tab)
        self.package = solara.reactive(asked.package)
        self.seed = solara.reactive(asked.seed)
        self.choice = solara.reactive(asked.choice)
        self.result = solara.reactive(asked.result)
        self.before = solara.reactive(tuple[Package, ...]())
        self.running = solara.reactive(asked)
        self.misread = solara.reactive(misread)

    @property
    def asked(self) -> Asked:
        """What a link to the page as it is would say."""
        return Asked(self.language.value, self.tab.value, self.package.value, self.seed.value, self.choice.value,
                     self.result.value)  # fmt: skip

    def change(self, package: Package) -> None:
        """Hold another package, and keep the one before for who wants it back."""
        if package != self.package.value:
            self.before.set((*self.before.value[-MOST_STEPS:], self.package.value))
            self.package.set(package)

    def undo(self) -> None:
        """Hold the package of before the last change again."""
        if self.before.value:
            *earlier, last = self.before.value
            self.before.set(tuple(earlier))
            self.package.set(last)


MOST_STEPS = 100
