"""The Rules tab: presets, controls, what was changed, files."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from experiments.browser.package import LARGEST_FILE, Package, from_file, shipped
from experiments.browser.rules.controls import groups_told, parsed
from experiments.browser.state import DISTRICT, State
from experiments.words import Language, speaking, spoken, unfilled
from model import ConfigError, shipped_regimes

__all__ = ["RulesTab", "presets"]


@functools.cache
def presets(language: Language) -> list[dict[str, str]]:
    """Return the shipped regimes with their titles."""
    titles = {name: getattr(shipped(name, DISTRICT).title, language) for name in shipped_regimes()}
    return [{"code": name, "name": f"{title} · {name}"} for name, title in titles.items()]


@solara.component_vue("../views/rules.vue")
def _Rules(
    words: Mapping[str, str], preset: str, presets: Sequence[Any], groups: Sequence[Any], changes: Sequence[str],
    trouble: Sequence[str], file: Mapping[str, Any], seed: int, largest: int,
    event_choose: Callable[[Any], None], event_set_value: Callable[[Any], None], event_put_back: Callable[[Any], None],
    event_start: Callable[[Any], None], event_take: Callable[[Any], None], event_set_seed: Callable[[Any], None],
) -> None:  # fmt: skip
    """Draw the tab; everything that it says is given."""


class _Desk:
    """What the user does to the package of a tab."""

    def __init__(self, state: State, trouble: solara.Reactive[tuple[str, ...]]) -> None:
        self._state, self._trouble = state, trouble

    def choose(self, preset: Any) -> None:
        if preset in shipped_regimes():
            self._put(lambda: Package(str(preset)))

    def set_value(self, said: Any) -> None:
        """Lay a value over the preset; what is not allowed is told and changes nothing."""
        key, value = str(said.get("key")), said.get("value")
        self._put(lambda: self._state.package.value.with_value(key, parsed(key, value), DISTRICT))

    def put_back(self, key: Any) -> None:
        package = self._state.package.value
        self._put(lambda: package.without(str(key)) if key else Package(package.preset))

    def set_seed(self, seed: Any) -> None:
        if isinstance(seed, int) and 0 <= seed <= LARGEST_SEED:
            self._state.seed.set(seed)

    def take(self, file: Any) -> None:
        content = str(file.get("content", "")).encode("utf-8")
        self._put(lambda: from_file(content, DISTRICT))

    def _put(self, make: Callable[[], Package]) -> None:
        try:
            package = make()
            package.scenario(DISTRICT)
        except ConfigError as error:
            self._trouble.set(tuple(each.removeprefix("--set: ") for each in error.problems))
        except ValueError as error:
            self._trouble.set((str(error),))
        else:
            self._trouble.set(())
            self._state.package.set(package)


LARGEST_SEED = 10**9


@solara.component
def RulesTab(state: State, start: Callable[[], None]) -> None:
    """Show every instrument with its control."""
    trouble = solara.use_reactive(tuple[str, ...]())
    language, package = state.language.value, state.package.value
    desk = _Desk(state, trouble)
    told = solara.use_memo(lambda: _told(package, language), [package, language])
    with speaking(language):
        _Rules(
            words={name: unfilled(f"rules_{name}") for name in _SAID}, preset=package.preset, presets=presets(language),
            **told, trouble=list(trouble.value), seed=state.seed.value, largest=LARGEST_FILE, event_choose=desk.choose,
            event_set_value=desk.set_value, event_put_back=desk.put_back, event_take=desk.take,
            event_set_seed=desk.set_seed, event_start=lambda *_: start(),
        )  # fmt: skip


def _told(package: Package, language: Language) -> dict[str, Any]:
    from model import changes

    base, scenario = shipped(package.preset, DISTRICT), package.scenario(DISTRICT)
    title = package.title(scenario)
    with speaking(language):
        return {
            "groups": groups_told(package, scenario, base),
            "changes": [each.sentence(spoken() is Language.ZH) for each in changes(base, scenario)],
            "file": {
                "name": f"{package.preset}{'-changed' if package.values else ''}.yaml",
                "text": package.yaml(title),
            },
        }


_SAID = ("preset", "changed", "nothing_changed", "put_back", "put_all_back", "start", "save", "load", "more",
         "source", "preset_value", "answered", "find", "seed", "too_large", "trouble", "on", "off", "in_file",
         "nothing_found", "hint")  # fmt: skip
