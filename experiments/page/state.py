"""What one tab of the browser holds, and the link that makes it again; two tabs share nothing."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

import solara

from experiments.messages import Language
from experiments.page.package import BEFORE, Choice, Package
from model import ConfigError, shipped_regimes

TABS = ("home", "district", "rules", "compare", "log", "limits")  # the first one opens unless a link says another
ALWAYS = ("lang", "tab", "seed", "rules")  # what a link says even where it is usual
LEARNED = "learned"  # what a link says where packages are compared on the district that was learned
LARGEST_SEED = 10**9 - 1
LONGEST_SHOWN = 80
MOST_STEPS = 100
T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Link:
    """What a link says: enough to make the page again."""

    language: Language = Language.ZH
    tab: str = TABS[0]
    package: Package = dataclasses.field(default_factory=Package)
    seed: int = 1
    choice: Choice = dataclasses.field(default_factory=Choice)
    result: str = ""  # token of a finished comparison, which the server keeps for a while
    learned: str = ""  # and of a district that was learned from a log
    base: Package = BEFORE  # what the package is compared with on the home tab

    def query(self) -> str:
        """Return it as the query of an address, with its question mark; most of what is usual is left out."""
        usual = Link()._arguments()
        said = {name: text for name, text in self._arguments().items() if name in ALWAYS or text != usual[name]}
        return "?" + urlencode(said)

    def _arguments(self) -> dict[str, str]:
        return {
            "lang": str(self.language), "tab": self.tab, "seed": str(self.seed), "rules": self.package.preset,
            "set": _text(self.package), "base": self.base.preset, "base_set": _text(self.base),
            "compare": ",".join(self.choice.names), "pairs": str(self.choice.pairs), "result": self.result,
            "learned": self.learned, "on": LEARNED if self.choice.learned else "",
        }  # fmt: skip


def _text(package: Package) -> str:
    return json.dumps(dict(package.values), ensure_ascii=False, separators=(",", ":"))


def parse_link(query: str) -> tuple[Link, tuple[str, ...]]:
    """Return what the query of an address says, and which parts of it were not understood and left out."""
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    misread: list[str] = []

    def tried(shown: str, make: Callable[[], T], usual: T) -> T:
        try:
            return make()
        except (ConfigError, ValueError, TypeError, KeyError):
            misread.append(shown[:LONGEST_SHOWN])
            return usual

    def value(name: str, parse: Callable[[str], T], usual: T) -> T:
        return tried(f"{name}={given[name]}", lambda: parse(given[name]), usual) if name in given else usual

    language, tab = value("lang", Language, Language.ZH), value("tab", partial(_one_of, TABS), TABS[0])

    def rules(name: str, values: str, usual: Package) -> Package:
        preset = value(name, partial(_one_of, shipped_regimes()), "")
        package = Package(preset) if preset else usual
        if preset or name not in given:  # values of an unknown preset are ignored
            for key, changed in value(values, _mapping, dict[str, Any]()).items():
                package = tried(f"{key}={changed}", partial(package.with_value, key, changed), package)
        return package

    package, base, seed = rules("rules", "set", Package()), rules("base", "base_set", BEFORE), value("seed", _seed, 1)

    def choice() -> Choice:
        names = tuple(given["compare"].split(",")) if "compare" in given else Choice.names
        return Choice(names, int(given.get("pairs", Choice.pairs)), given.get("on") == LEARNED)

    compared = urlencode({name: text for name, text in given.items() if name in ("compare", "pairs", "on")})
    chosen, kept = tried(compared, choice, Choice()), (given.get("result", ""), given.get("learned", ""))
    return Link(language, tab, package, seed, chosen, *kept, base), tuple(misread)


def _one_of(known: Sequence[str], text: str) -> str:
    return known[known.index(text)]


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_SEED:
        raise ValueError(text)
    return int(text)


def _mapping(text: str) -> dict[str, Any]:
    values = json.loads(text)
    if not isinstance(values, dict):
        raise TypeError(text)
    return values


class State:
    """The reactive values of one tab, as in `Link`; the package is what the Rules tab shows."""

    def __init__(self, link: Link, misread: tuple[str, ...] = ()) -> None:
        self.language = solara.reactive(link.language)
        self.tab = solara.reactive(link.tab)
        self.package = solara.reactive(link.package)
        self.base = solara.reactive(link.base)
        self.seed = solara.reactive(link.seed)
        self.choice = solara.reactive(link.choice)
        self.result = solara.reactive(link.result)
        self.learned = solara.reactive(link.learned)
        self.before = solara.reactive(tuple[Package, ...]())  # earlier packages, for undo
        self.running = solara.reactive(link)  # with the rules and the seed under which the district was started
        self.misread = solara.reactive(misread)  # parts of the address

    @property
    def link(self) -> Link:
        """A link to the page as it is."""
        return Link(self.language.value, self.tab.value, self.package.value, self.seed.value, self.choice.value,
                    self.result.value, self.learned.value, self.base.value)  # fmt: skip

    def change(self, package: Package) -> None:
        """Hold another package; `undo` returns to the one before."""
        if package != self.package.value:
            self.before.set((*self.before.value[-MOST_STEPS:], self.package.value))
            self.package.set(package)

    def undo(self) -> None:
        if self.before.value:
            *earlier, last = self.before.value
            self.before.set(tuple(earlier))
            self.package.set(last)
