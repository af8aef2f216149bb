"""The Rules tab: presets, controls, what was changed, files."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from experiments.messages import Language, current_language, in_language, template
from experiments.page.package import LARGEST_FILE, Package, from_file, shipped
from experiments.page.rules.controls import groups_told, parsed
from experiments.page.rules.refusals import file_refused, value_refused
from experiments.page.state import DISTRICT, LARGEST_SEED, State
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
    wrong: str, trouble: Sequence[str], file: Mapping[str, Any], seed: int, largest: int, can_undo: bool,
    put_aside: int,
    event_choose: Callable[[Any], None], event_set_value: Callable[[Any], None], event_put_back: Callable[[Any], None],
    event_start: Callable[[Any], None], event_take: Callable[[Any], None], event_set_seed: Callable[[Any], None],
    event_undo: Callable[[Any], None],
) -> None:  # fmt: skip
    """Draw the tab; everything that it says is given."""


@dataclasses.dataclass(frozen=True)
class _Refused:
    """What was not taken: of a field, whose key stands here, or of a file."""

    key: str = ""
    lines: tuple[str, ...] = ()


class _Desk:
    """What the user does to the package of a tab; whatever it was, it clears what was said of the try before."""

    def __init__(self, state: State, refused: solara.Reactive[_Refused]) -> None:
        self._state, self._refused = state, refused

    def choose(self, preset: Any) -> None:
        if preset in shipped_regimes():
            self._change(Package(str(preset)))

    def set_value(self, said: Any) -> None:
        """Lay a value over the preset; what is not allowed is told and changes nothing."""
        key, given = str(said.get("key")), said.get("value")
        with in_language(self._state.language.value):
            self._lay(key, given)

    def _lay(self, key: str, given: Any) -> None:
        try:
            package = self._state.package.value.with_value(key, parsed(key, given), DISTRICT)
            package.scenario(DISTRICT)
        except (ConfigError, ValueError) as error:
            self._refused.set(_Refused(key, (value_refused(key, given, error),)))
        else:
            self._change(package)

    def put_back(self, key: Any) -> None:
        package = self._state.package.value
        self._change(package.without(str(key)) if key else Package(package.preset))

    def undo(self, *_: Any) -> None:
        self._refused.set(_Refused())
        self._state.undo()

    def set_seed(self, seed: Any) -> None:
        if isinstance(seed, int) and 0 <= seed <= LARGEST_SEED:
            self._refused.set(_Refused())
            self._state.seed.set(seed)

    def take(self, file: Any) -> None:
        content, name = str(file.get("content", "")).encode("utf-8"), str(file.get("name", ""))
        try:
            package = from_file(content, DISTRICT, name)
        except ConfigError as error:
            with in_language(self._state.language.value):
                self._refused.set(_Refused("", file_refused(error)))
        else:
            self._change(package)

    def _change(self, package: Package) -> None:
        self._refused.set(_Refused())
        self._state.change(package)


@solara.component
def RulesTab(state: State, start: Callable[[], None]) -> None:
    """Show every instrument with its control."""
    refused = solara.use_reactive(_Refused())
    language, package = state.language.value, state.package.value
    desk = _Desk(state, refused)
    told = solara.use_memo(lambda: _told(package, language), [package, language])
    with in_language(language):
        _Rules(
            words={name: template(f"rules_{name}") for name in _SAID}, preset=package.preset, presets=presets(language),
            **told, wrong=refused.value.key, trouble=list(refused.value.lines), seed=state.seed.value,
            largest=LARGEST_FILE, can_undo=bool(state.before.value), put_aside=_put_aside(state),
            event_choose=desk.choose, event_set_value=desk.set_value, event_put_back=desk.put_back,
            event_take=desk.take, event_set_seed=desk.set_seed, event_undo=desk.undo,
            event_start=lambda *_: start(),
        )  # fmt: skip


def _put_aside(state: State) -> int:
    """Return how many changed values went when the last step chose another start."""
    package, before = state.package.value, state.before.value[-1:]
    if not before or package.values or before[0].preset == package.preset:
        return 0
    return len(before[0].values)


def _told(package: Package, language: Language) -> dict[str, Any]:
    from model import changes

    base, scenario = shipped(package.preset, DISTRICT), package.scenario(DISTRICT)
    title = package.title(scenario)
    with in_language(language):
        return {
            "groups": groups_told(package, scenario, base),
            "changes": [each.sentence(current_language() is Language.ZH) for each in changes(base, scenario)],
            "file": {
                "name": f"{package.preset}{'-changed' if package.values else ''}.yaml",
                "text": package.yaml(title),
            },
        }


_SAID = ("preset", "changed", "nothing_changed", "put_back", "put_all_back", "start", "save", "load", "more",
         "source", "preset_value", "find", "seed", "too_large", "trouble", "on", "off", "in_file",
         "nothing_found", "hint", "stays", "undo", "put_aside",
         "seed_wrong")  # fmt: skip
