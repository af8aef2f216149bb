"""The Rules tab: presets, controls, what was changed, files; and why something was not taken."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from experiments.messages import Language, current_language, in_language, msg, running_text, template
from experiments.page.controls import PERCENT, control_of, groups_told, parsed, unit_of
from experiments.page.package import LARGEST_FILE, Package, from_file, shipped
from experiments.page.state import DISTRICT, LARGEST_SEED, State
from model import UNITS_ZH, ConfigError, declared_at, shipped_regimes

__all__ = ["RulesTab", "file_refused", "presets", "value_refused"]

_GOT = re.compile(r"^(?P<place>\S+:\d+:\d+: )?(?P<key>[\w.]+): expected (?P<allowed>.*), got (?P<given>.*)\.$")
_BROKEN = re.compile(r"control character|not valid YAML|expected UTF-8|an empty file|no content")
_UNKNOWN = re.compile(
    r"^(?P<place>\S+:\d+:\d+: )unknown key '(?P<key>.+?)'(?: under (?P<above>\S+?))?"
    r"(?:; did you mean '(?P<near>.+)'\?|; expected (?P<all>.+)\.)$"
)


def value_refused(key: str, given: Any, error: ConfigError | ValueError) -> str:
    """Return why a value of a field was not taken.

    Parameters
    ----------
    key : str
    given : object
        As the field shows it: shares in per cent.
    error : ConfigError or ValueError
        What the model said of it, which is told where the bounds of the field are no reason.
    """
    known, control = declared_at(key), control_of(key)
    if given is None:
        return msg("refused_empty", name=control["name"])
    low, high = control["low"], control["high"]
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if low is not None and not (number and low <= given <= high):
        shown = f"{given} {unit_of(known)}".strip()
        return msg("refused_value", name=control["name"], given=shown, allowed=control["allowed"])
    said = [_problem_text(each) for each in error.problems] if isinstance(error, ConfigError) else [str(error)]
    return msg("refused_for", name=control["name"], why=running_text(said))


def file_refused(error: ConfigError) -> tuple[str, ...]:
    """Return what is wrong with a file, a line a problem; what the model alone can say stays in its words."""
    return tuple(_problem_text(each) for each in error.problems)


def _problem_text(problem: str) -> str:
    problem = problem.removeprefix("--set: ")
    if current_language() is Language.EN:
        return problem
    if _BROKEN.search(problem):
        return msg("refused_broken", said=problem)
    for form, tell in ((_GOT, _got), (_UNKNOWN, _unknown)):
        found = form.match(problem)
        if found:
            return tell(found.groupdict(""))
    return msg("refused_raw", said=problem)


def _got(said: Mapping[str, str]) -> str:
    return msg("refused_got", place=said["place"], key=_named(said["key"]), given=said["given"],
                allowed=_allowed(said["allowed"]))  # fmt: skip


def _named(key: str) -> str:
    """Return a key with the name that its field has on the page, where it has one."""
    try:
        return msg("refused_named", name=declared_at(key).zh, key=key)
    except ConfigError:
        return key


def _unknown(said: Mapping[str, str]) -> str:
    key = f"{said['above']}.{said['key']}" if said["above"] else said["key"]
    if said["near"]:
        return msg("refused_unknown_near", place=said["place"], key=key, near=said["near"])
    return msg("refused_unknown", place=said["place"], key=key)


def _allowed(said: str) -> str:
    for english, chinese in _ALLOWED:
        said = re.sub(english, chinese, said)
    said = re.sub(r"(?<=\d) ([a-z][a-z/-]*)$", lambda found: f" {_unit(found[1])}", said)
    return re.sub(r" \((.+)\)$", lambda found: f"（{_unit(found[1])}）", said)


def _unit(unit: str) -> str:
    """Return a unit as a file means it; where the page has per cent, a file has a share."""
    return msg("refused_share") if unit.startswith(PERCENT) else UNITS_ZH.get(unit, unit)


_ALLOWED = (
    (r"a whole number from ", "整数 "),
    (r"a whole number", "整数"),
    (r"\ba number\b", "数字"),
    (r"one of ", ""),
    (r"true or false", "true 或 false"),
    (r"a word or text \(in quotes if it looks like a number\)", "文字（形似数字者须加引号）"),
    (r"at most ([\d,]+) bytes", r"至多 \1 字节"),
    (r"a mapping of topics", "按主题列出的键值"),
    (r"a mapping of ", "键值："),
    (r" or null", " 或 null"),
    (r"(?<=\d) to (?=-?\d)", " 至 "),
    (r"topic\.name here", "此处须写作“主题.名称”"),
    (r"none here \(choose a preset that has dates\)", "此处不能有日期：请选带日期的起点制度"),
)
"""What the model calls allowed, in Chinese; codes and units stay."""


@functools.cache
def presets(language: Language) -> list[dict[str, str]]:
    """Return the shipped regimes with their titles."""
    titles = {name: getattr(shipped(name, DISTRICT).title, language) for name in shipped_regimes()}
    return [{"code": name, "name": f"{title} · {name}"} for name, title in titles.items()]


@solara.component_vue("views/rules.vue")
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
