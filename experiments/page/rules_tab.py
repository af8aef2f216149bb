"""The Rules tab: presets, controls, changes, files; and why a value or a file was refused."""

import contextlib
import functools
import re
from collections.abc import Callable
from typing import Any

import solara

from experiments.messages import Language, current_language, in_language, msg, running_text, template
from experiments.page.controls import GROUPS, PERCENT, cards, changed_rows, control_of, open_card, parsed, unit_of
from experiments.page.package import LARGEST_FILE, Package, from_file, shipped
from experiments.page.state import LARGEST_SEED, State
from experiments.page.view import view
from model import UNITS_ZH, ConfigError, changes, declared_at, shipped_regimes


def value_refused(key: str, given: Any, error: ConfigError | ValueError) -> str:
    """Return why a value, as its field shows it, was refused; what the model said where the bounds are no reason."""
    control = control_of(key)
    if given is None:
        return msg("refused_empty", name=control["name"])
    low, high = control["low"], control["high"]
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if low is not None and not (number and low <= given <= high):
        shown = f"{given} {unit_of(declared_at(key))}".strip()
        return msg("refused_value", name=control["name"], given=shown, allowed=control["allowed"])
    problems = [problem_text(each) for each in error.problems] if isinstance(error, ConfigError) else [str(error)]
    return msg("refused_for", name=control["name"], why=running_text(problems))


_BROKEN = re.compile(r"control character|not valid YAML|expected UTF-8|an empty file|no content")
_GOT = re.compile(r"(\S+: )?([\w.]+): expected (.*), got (.*)\.")
_UNKNOWN = re.compile(
    r"(\S+:\d+:\d+: )unknown key '(.+?)'(?: under (\S+?))?(?:; did you mean '(.+)'\?|; expected .+\.)"
)


def problem_text(problem: str) -> str:
    """Return a problem that the model found, in the current language; in Chinese where its form is known."""
    problem = problem.removeprefix("--set: ")
    if current_language() is Language.EN:
        return problem
    if _BROKEN.search(problem):
        return msg("refused_broken", problem=problem)
    if found := _GOT.fullmatch(problem):
        place, key, *values = found.groups("")
        allowed, given = map(_in_chinese, values)
        with contextlib.suppress(ConfigError):  # where it has a field on the page, its name stands there
            key = msg("refused_named", name=declared_at(key).zh, key=key)
        return msg("refused_got", place=place, key=key, given=given, allowed=allowed)
    if found := _UNKNOWN.fullmatch(problem):
        place, key, above, near = found.groups("")
        key = f"{above}.{key}".lstrip(".")
        return msg("refused_unknown_near" if near else "refused_unknown", place=place, key=key, near=near)
    return msg("refused_raw", problem=problem)


def _in_chinese(text: str) -> str:
    for english, chinese in _CHINESE:
        text = re.sub(english, chinese, text)
    text = re.sub(r"(?<=\d) ([a-z][a-z/-]*)$", lambda found: f" {_unit(found[1])}", text)
    return re.sub(r" \((.+)\)$", lambda found: f"（{_unit(found[1])}）", text)


def _unit(unit: str) -> str:
    """Return a unit as a file means it; where the page has per cent, a file has a share."""
    return msg("refused_share") if unit.startswith(PERCENT) else UNITS_ZH.get(unit, unit)


_CHINESE = (  # what the model expects and gets; codes and units stay
    (r"a whole number from ", "整数 "),
    (r"a whole number", "整数"),
    (r"\ba number\b", "数字"),
    (r"one of ", "下列之一："),
    (r"true or false", "true 或 false"),
    (r"a word or text \(in quotes if it looks like a number\)", "文字（形似数字者须加引号）"),
    (r"at most ([\d,]+) bytes", r"不超过 \1 字节"),
    (r"a mapping of topics", "按主题列出的键值"),
    (r"a mapping of ", "键值："),
    (r" or null", " 或 null"),
    (r"(?<=\d) to (?=-?\d)", " 至 "),
    (r"topic\.name here", "“主题.名称”形式"),
    (r"none here \(choose a preset that has dates\)", "空（如需日期，请选用含日期的方案）"),
    (r"^an entry of a list$", "列表中的一项"),
    (r"^some$", "已填写"),
)


WHOLE = (  # packages that an office would have, the ones asked for most first
    "inverted", "flattened", "today", "rules_only", "placement_only", "delegated_2020", "delegated_2020_with_staff",
    "flattened_delegated", "pilot_2018", "campaign", "trading",
)  # fmt: skip
CHECKS = ("base", "flattened_neutral", "flattened_blind", "null_queue", "negative_control", "worst_case")
"""Regimes against which the model is checked."""


@functools.cache
def presets(language: Language) -> list[dict[str, str]]:
    """Return the shipped regimes with their titles and groups: whole packages, single instruments, checks."""
    known = shipped_regimes()
    single = [name for name in known if name not in (*WHOLE, *CHECKS)]
    single.sort(key=lambda name: (GROUPS.index(name[0].upper()), name) if name[0].upper() in GROUPS else (0, name))
    groups = {"whole": WHOLE, "single": single, "checks": CHECKS}
    return [
        {"code": name, "name": str(getattr(shipped(name).title, language)),
         "group": msg(f"rules_start_{group}", language)}
        for group, names in groups.items() for name in names if name in known
    ]  # fmt: skip


_Refused = tuple[str, tuple[str, ...]]  # key of the field whose value was refused, "" for a file, and why
_NOTHING: _Refused = ("", ())
_TEXTS = (
    "preset", "changed", "nothing_changed", "put_back", "put_all_back", "start", "save", "load", "more", "source",
    "preset_value", "find", "seed", "too_large", "trouble", "on", "off", "in_file", "nothing_found", "hint", "stays",
    "undo", "put_aside", "seed_wrong", "other", "jump", "reading", "count",
)  # fmt: skip


def _actions(state: State, refused: solara.Reactive[_Refused]) -> dict[str, Callable[..., None]]:
    """Return what the user does to the package of a tab; each step clears the refusal of the one before."""

    def change(package: Package) -> None:
        refused.set(_NOTHING)
        state.change(package)

    def choose(preset: Any) -> None:
        if preset in shipped_regimes():
            change(Package(str(preset)))

    def set_value(given: Any) -> None:
        key, value = str(given.get("key")), given.get("value")
        with in_language(state.language.value):
            try:
                package = state.package.value.with_value(key, parsed(key, value))
            except (ConfigError, ValueError) as error:
                refused.set((key, (value_refused(key, value, error),)))
            else:
                change(package)

    def put_back(key: Any) -> None:
        package = state.package.value
        change(package.without(str(key)) if key else Package(package.preset))

    def undo(*_: Any) -> None:
        refused.set(_NOTHING)
        state.undo()

    def set_seed(seed: Any) -> None:
        if isinstance(seed, int) and 0 <= seed <= LARGEST_SEED:
            refused.set(_NOTHING)
            state.seed.set(seed)

    def take(file: Any) -> None:
        try:
            package = from_file(str(file.get("content", "")).encode("utf-8"), str(file.get("name", "")))
        except ConfigError as error:
            with in_language(state.language.value):
                refused.set(("", tuple(map(problem_text, error.problems))))
        else:
            change(package)

    return {f"event_{each.__name__}": each for each in (choose, set_value, put_back, undo, set_seed, take)}


@solara.component
def RulesTab(state: State, start: Callable[[], None]) -> None:
    """Show every instrument with its control."""
    refused = solara.use_reactive(_NOTHING)
    opened = solara.use_reactive(tuple[str, ...]())
    language, package, before = state.language.value, state.package.value, state.before.value[-1:]
    put_aside = bool(before) and not package.values and before[0].preset != package.preset  # by choosing another start
    still = solara.use_memo(lambda: _still(language), [language])
    content = solara.use_memo(lambda: _content(package, language), [package, language])
    shown = solara.use_memo(lambda: _opened(opened.value, package, language), [opened.value, package, language])

    def unfold(row: Any) -> None:
        if any(row == each["row"] for group in still["groups"] for each in group["rows"]):
            others = tuple(each for each in opened.value if each != row)
            opened.set(others if row in opened.value else (*others, str(row)))

    view("rules")(
        **still, **content, opened=shown, event_unfold=unfold, wrong=refused.value[0], trouble=list(refused.value[1]),
        seed=state.seed.value, largest=LARGEST_FILE,
        can_undo=bool(before), put_aside=len(before[0].values) if put_aside else 0,
        **_actions(state, refused), event_start=lambda *_: start(),
    )  # fmt: skip


def _still(language: Language) -> dict[str, Any]:
    """Return what the rules in force do not change."""
    with in_language(language):
        words = {name: template(f"rules_{name}") for name in _TEXTS}
    return {"words": words, "presets": presets(language), "groups": cards(language)}


def _opened(rows: tuple[str, ...], package: Package, language: Language) -> dict[str, Any]:
    with in_language(language):
        return {row: open_card(row, package) for row in rows}


def _content(package: Package, language: Language) -> dict[str, Any]:
    found = changes(shipped(package.preset), package.scenario())
    name = f"{package.preset}{'-changed' if package.values else ''}.yaml"
    with in_language(language):
        return {
            "preset": package.preset, "changed": changed_rows(package),
            "changes": [each.sentence(language is Language.ZH) for each in found],
            "file": {"name": name, "text": package.yaml()},
        }  # fmt: skip
