"""Where the shipped files lie: `configs/` of a clone, `model/shipped/` of an installed copy."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path

from model.errors import ConfigError, one_of

__all__ = ["find_district", "find_regime", "names", "nearest", "root", "shipped_regimes", "shipped_root", "shown"]

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def root() -> Path:
    """Return the folder of the shipped files.

    Raises
    ------
    ConfigError
        If this copy came without them.
    """
    places = (_PACKAGE / "shipped", _PACKAGE.parent / "configs")
    for folder in places:
        if (folder / "base.yaml").is_file():
            return folder
    raise ConfigError([f"Shipped files not found in {' or '.join(map(str, places))}. Reinstall the package."])


shipped_root = root
"""The name under which it is public."""


def names(what: str) -> dict[str, Path]:
    """Return the shipped files by name; `what` is "regime" or "district"."""
    if what == "regime":
        files = [root() / "base.yaml", *(root() / "regimes").glob("*.yaml")]
        return {path.stem: path for path in sorted(files)}
    folder = root() / "districts"
    folders = {path.parent.name: path for path in sorted(folder.glob("*/district.yaml"))}
    return folders | {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def shipped_regimes() -> list[str]:
    """Return the names of all shipped regimes, in the order of the alphabet."""
    return sorted(names("regime"))


def find_regime(name: str, beside: Path | None = None, where: str = "") -> Path:
    """Return the file of a regime: a path from the current folder (or `beside`), else a shipped name.

    Raises
    ------
    ConfigError
        For a name that is not shipped; `where` says who asked for it. Whether a path exists is seen when it is read.
    """
    if _is_path(name):
        return _resolvable((beside or Path()) / name)
    if beside is not None and (beside / f"{name}.yaml").is_file():
        return beside / f"{name}.yaml"
    return _shipped("regime", name, where)


def find_district(name: str) -> Path:
    """Return the file of a district: a path from the current folder, else a shipped name.

    Raises
    ------
    ConfigError
        For a name that is not shipped.
    """
    return _resolvable(Path(name)) if _is_path(name) else _shipped("district", name, "")


def shown(path: Path) -> str:
    """Return a path as messages and origins print it: shipped files alike from every folder."""
    whole = path.resolve()
    for base, prefix in ((root(), "configs/"), (Path.cwd(), "")):
        if whole.is_relative_to(base):
            return prefix + whole.relative_to(base).as_posix()
    return str(path)


def nearest(word: str, known: list[str]) -> str:
    """Return "; did you mean …?" or, when nothing is near, what is expected."""
    near = get_close_matches(word, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; expected {one_of(known)}."


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))


def _resolvable(path: Path) -> Path:
    try:
        path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError([f"{str(path)!r}: is not a valid file path: {error}."]) from error
    return path


def _shipped(what: str, name: str, where: str) -> Path:
    known = names(what)
    if name not in known:
        raise ConfigError([f"{where}unknown {what} '{name}'{nearest(name, list(known))}"])
    return known[name]
