"""The files behind a scenario: a district with its parts, a regime with what it extends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from model.config import shipped
from model.config.shape import checked
from model.config.yamlfile import Sheet, parse, quote, read_text
from model.errors import ConfigError

__all__ = ["district_sheets", "regime_sheets"]

LONGEST_CHAIN = 40


def district_sheets(name: str) -> list[Sheet]:
    """Return the sheets of a district: its file and the `parts` that this names.

    Raises
    ------
    ConfigError
        If a file cannot be read at all, or two say the same topic.
    """
    path = shipped.find_district(name)
    sheet, parts = _sheet(path, "parts")
    found, problems = [sheet], list[str]()
    for part in parts:
        try:
            found.append(_sheet(path.parent / part, "")[0])
        except ConfigError as error:
            problems += error.problems
    problems += _said_twice(found)
    if problems:
        raise ConfigError([*problems, *(problem for sheet in found for problem in sheet.problems)])
    return found


def regime_sheets(name: str, beside: Path | None = None, where: str = "") -> tuple[Path, list[Sheet]]:
    """Return the file of a regime and its sheets, what it `extends` first; each file counts once.

    A name is sought `beside` first, where a folder is given; `where` says who asked for it.

    Raises
    ------
    ConfigError
        If a file cannot be read at all, or extends itself.
    """
    path = shipped.find_regime(name, beside, where)
    found: dict[Path, Sheet] = {}
    _climb(path, (), found)
    return path, list(found.values())


def _climb(path: Path, below: tuple[Path, ...], found: dict[Path, Sheet]) -> None:
    here = path.resolve()
    if here in found:
        return
    sheet, parents = _sheet(path, "extends")
    where = f"{sheet.place(('extends',))}: extends: "
    if len(below) >= LONGEST_CHAIN:
        raise ConfigError([f"{where}the chain is longer than {LONGEST_CHAIN} files."])
    for parent in parents:
        above = shipped.find_regime(parent, path.parent, where)
        if above.resolve() in (*below, here):
            chain = " → ".join(shipped.shown(file) for file in (*below, here, above))
            raise ConfigError([f"{where}circular reference: {chain}."])
        _climb(above, (*below, here), found)
    found[here] = sheet


def _sheet(path: Path, link: str) -> tuple[Sheet, list[str]]:
    shown = shipped.shown(path)
    return _parsed(read_text(path, shown), shown, link)


@lru_cache(maxsize=256)
def _parsed(text: str, shown: str, link: str) -> tuple[Sheet, list[str]]:
    """Parse and check; the same text is not read twice in a process. `link` is the key that names other files."""
    sheet = parse(text, shown)
    linked = sheet.values.get(link, [])
    names = [linked] if isinstance(linked, str) else linked
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        problem = f"{sheet.place((link,))}: {link}: expected a name or a list of names, got {quote(linked)}."
        sheet, names = replace(sheet, problems=(*sheet.problems, problem)), []
    values = {key: value for key, value in sheet.values.items() if key != link}
    return checked(replace(sheet, values=values)), names


def _said_twice(sheets: Sequence[Sheet]) -> list[str]:
    problems: list[str] = []
    first: dict[str, Sheet] = {}
    for sheet in sheets:
        for key in sheet.values:
            if key in first:
                there = first[key].place((key,))
                problems.append(f"{sheet.place((key,))}: {key}: duplicate key, first given at {there}.")
            first.setdefault(key, sheet)
    return problems
