"""Why something was not taken: a value in the field's own name and unit, a file with its lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from experiments.messages import Language, current_language, msg, running_text
from experiments.page.rules.controls import PERCENT, control_of, unit_of
from model import UNITS_ZH, ConfigError, declared_at

__all__ = ["file_refused", "value_refused"]

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
    said = [_told(each) for each in error.problems] if isinstance(error, ConfigError) else [str(error)]
    return msg("refused_for", name=control["name"], why=running_text(said))


def file_refused(error: ConfigError) -> tuple[str, ...]:
    """Return what is wrong with a file, a line a problem; what the model alone can say stays in its words."""
    return tuple(_told(each) for each in error.problems)


def _told(problem: str) -> str:
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
