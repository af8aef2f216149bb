"""What one tab of the browser holds; two tabs share nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

import solara

from experiments.browser.package import Package
from experiments.words import Language

__all__ = ["TABS", "Asked", "State", "asked_from", "link_of"]

TABS = ("district", "rules", "compare", "limits")


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a link says: enough to make the page again.

    Attributes
    ----------
    language : Language
    tab : str
    package : Package
    seed : int
    """

    language: Language = Language.ZH
    tab: str = TABS[0]
    package: Package = dataclasses.field(default_factory=Package)
    seed: int = 1


def asked_from(query: str, default: Asked) -> Asked:
    """Return what the query of an address says; what is wrong or missing is as in the default.

    Parameters
    ----------
    query : str
        What stands after the question mark.
    default : Asked
    """
    from model import ConfigError

    said = {name: values[-1] for name, values in parse_qs(query).items()}
    language = said.get("lang", "")
    found = dataclasses.replace(
        default,
        language=Language(language) if language in tuple(Language) else default.language,
        tab=said["tab"] if said.get("tab") in TABS else default.tab,
        seed=_seed(said.get("seed", ""), default.seed),
    )
    try:
        package = _package(said, default.package)
        package.scenario(DISTRICT)
    except (ConfigError, ValueError, TypeError):
        return found
    return dataclasses.replace(found, package=package)


DISTRICT = "chaoyang"
LARGEST_SEED = 10**9


def _seed(said: str, default: int) -> int:
    return int(said) if said.isdecimal() and int(said) <= LARGEST_SEED else default


def _package(said: Mapping[str, str], default: Package) -> Package:
    if "rules" not in said:
        return default
    values = json.loads(said.get("set", "{}"))
    from model import shipped_regimes

    if said["rules"] not in shipped_regimes() or not isinstance(values, dict):
        raise ValueError(said)
    return Package(said["rules"], tuple(sorted(values.items())))


def link_of(asked: Asked) -> str:
    """Return the query that makes this page again."""
    return "?" + urlencode({"lang": str(asked.language), "tab": asked.tab, "seed": asked.seed, **asked.package.query()})


class State:
    """The reactive values of one tab.

    Attributes
    ----------
    language, tab, package, seed : reactive
        As in `Asked`; the package is what the Rules tab shows.
    running : reactive of Asked
        What the district runs under: the package and the seed with which it was started.
    """

    def __init__(self, asked: Asked) -> None:
        self.language = solara.reactive(asked.language)
        self.tab = solara.reactive(asked.tab)
        self.package = solara.reactive(asked.package)
        self.seed = solara.reactive(asked.seed)
        self.running = solara.reactive(asked)

    @property
    def asked(self) -> Asked:
        """What a link to the page as it is would say."""
        return Asked(self.language.value, self.tab.value, self.package.value, self.seed.value)
