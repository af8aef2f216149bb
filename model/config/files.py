"""The files of a scenario: where they lie, a district with its parts, a regime with the regimes that it extends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from model.config.topics import checked
from model.config.yamlfile import Sheet, parse, quote, read_text
from model.errors import ConfigError, nearest, noting

if TYPE_CHECKING:
    from model.config.filled import Filled

LONGEST_CHAIN = 40
WORKBOOK = ".xlsx"
DISTRICT_FILES = ("district.yaml", f"district{WORKBOOK}")  # either makes a folder a district
OF_OWN_RULES = ("rules", "own", "expects")
"""Keys of a regime: its file of own rules, numbers that this declares, and what it is expected to move."""
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def shipped_root() -> Path:
    """Return the folder of the shipped files: `configs/` of a clone, `model/shipped/` of an installed copy.

    Raises:
        ConfigError: If this copy came without them.
    """
    places = (_PACKAGE / "shipped", _PACKAGE.parent / "configs")
    for folder in places:
        if (folder / "base.yaml").is_file():
            return folder
    raise ConfigError([f"Shipped files not found in {' or '.join(map(str, places))}. Reinstall the package."])


def names(what: str) -> dict[str, Path]:
    """Return the shipped files by name; `what` is "regime" or "district"."""
    if what == "regime":
        files = [shipped_root() / "base.yaml", *(shipped_root() / "regimes").glob("*.yaml")]
        return {path.stem: path for path in sorted(files)}
    folder = shipped_root() / "districts"
    folders = {path.parent.name: path for path in sorted(folder.glob("*/district.yaml"))}
    return folders | {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def shipped_regimes() -> list[str]:
    """Return the names of all shipped regimes, in alphabetical order."""
    return sorted(names("regime"))


def find_file(what: str, name: str, beside: Path | None = None, where: str = "") -> Path:
    """Return the file of a regime or district: a path from the current folder (or `beside`), else a shipped name.

    Raises:
        ConfigError: For no path, or a name that is not shipped; it begins with `where`.
    """
    if "/" in name or "\\" in name or name.endswith((".yaml", ".yml", ".xlsx")):
        path = (beside or Path()) / name
        try:
            path.resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise ConfigError([f"{str(path)!r}: is not a valid file path: {error}."]) from error
        return _of_folder(path) if what == "district" and path.is_dir() else path
    if beside is not None and (beside / f"{name}.yaml").is_file():
        return beside / f"{name}.yaml"
    known = names(what)
    if name not in known:
        here = f" A folder of this name is here: write ./{name}." if what == "district" and Path(name).is_dir() else ""
        raise ConfigError([f"{where}unknown {what} '{name}'{nearest(name, known)}{here}"])
    return known[name]


def _of_folder(folder: Path) -> Path:
    """Return the file that makes a folder a district; ConfigError where there is none, or two."""
    there = [folder / name for name in DISTRICT_FILES if (folder / name).is_file()]
    if len(there) != 1:
        names_of = " or ".join(DISTRICT_FILES)
        said = "both are there. Keep one of them" if there else "neither is there. Make one: whistle new-district"
        raise ConfigError([f"{_shown(folder)}: expected {names_of} in this folder, {said}."])
    return there[0]


def reference_sheet(name: str) -> Sheet | None:
    """Return the reference world of a district: `reference.yaml` beside the `district.yaml` of its folder, where it is.

    Raises:
        ConfigError: If it cannot be read.
    """
    path = find_file("district", name)
    beside = path.parent / "reference.yaml"
    if path.name != "district.yaml" or not beside.is_file():
        return None
    shown = _shown(beside)
    return parse(read_text(beside, shown), shown)


def district_sheets(name: str) -> list[Sheet]:
    """Return the sheets of a district: its file and the `parts` that this names.

    Raises:
        ConfigError: If a file cannot be read at all, or two have the same topic.
    """
    path = find_file("district", name)
    if path.suffix.lower() == WORKBOOK:
        return [checked_workbook(path).sheet]
    sheet, parts = _sheet(path, "parts")
    found, problems = [sheet], list[str]()
    for part in parts:
        with noting(problems):
            found.append(_sheet(path.parent / part, "")[0])
    problems += _duplicate_topics(found)
    if problems:
        raise ConfigError([*problems, *(problem for sheet in found for problem in sheet.problems)])
    return found


def checked_workbook(path: Path) -> Filled:
    """Return what a workbook says; its sheet is checked as a file is. ConfigError if it cannot be read at all."""
    from model.config.filled import read_filled  # which asks the shipped district's files for usual ranges

    if not path.is_file():
        raise ConfigError([f"{_shown(path)}: does not exist."])
    found = read_filled(path, _shown(path))
    return found if found.gaps else replace(found, sheet=checked(found.sheet))


def _duplicate_topics(sheets: Sequence[Sheet]) -> Iterator[str]:
    first: dict[str, Sheet] = {}
    for sheet, key in [(each, key) for each in sheets for key in each.values]:
        there = first.setdefault(key, sheet)
        if there is not sheet:
            yield f"{sheet.place((key,))}: {key}: duplicate key, first given at {there.place((key,))}."


def regime_sheets(name: str, beside: Path | None = None, where: str = "") -> tuple[Path, list[Sheet]]:
    """Return the file of a regime and its sheets, what it `extends` first; each file counts once.

    A name is sought `beside` first, where a folder is given; `where` is the place that names it, for messages.

    Raises:
        ConfigError: If a file cannot be read at all, or extends itself.
    """
    path = find_file("regime", name, beside, where)
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
        above = find_file("regime", parent, path.parent, where)
        if above.resolve() in (*below, here):
            chain = " → ".join(_shown(file) for file in (*below, here, above))
            raise ConfigError([f"{where}circular reference: {chain}."])
        _climb(above, (*below, here), found)
    found[here] = sheet


def _sheet(path: Path, link: str) -> tuple[Sheet, list[str]]:
    shown = _shown(path)
    return _parsed(read_text(path, shown), shown, link)


def _shown(path: Path) -> str:
    """Return a path as messages and origins print it: shipped files alike from every folder."""
    whole = path.resolve()
    for base, prefix in ((shipped_root(), "configs/"), (Path.cwd(), "")):
        if whole.is_relative_to(base):
            return prefix + whole.relative_to(base).as_posix()
    return str(path)


@lru_cache(maxsize=256)
def _parsed(text: str, shown: str, link: str) -> tuple[Sheet, list[str]]:
    """Parse and check; the same text is not read twice in a process. `link` is the key that names other files."""
    sheet = parse(text, shown)
    linked = sheet.values.get(link, [])
    files = [linked] if isinstance(linked, str) else linked
    if not isinstance(files, list) or not all(isinstance(file, str) and file for file in files):
        problem = f"{sheet.place((link,))}: {link}: expected a name or a list of names, got {quote(linked)}."
        sheet, files = replace(sheet, problems=(*sheet.problems, problem)), []
    apart = OF_OWN_RULES if link == "extends" else ()
    values = {key: value for key, value in sheet.values.items() if key not in (link, *apart)}
    later = {key: sheet.values[key] for key in apart if key in sheet.values}  # which only its own rules can check
    found = checked(replace(sheet, values=values))
    return replace(found, values=found.values | later), files
