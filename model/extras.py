"""What a light installation leaves out, and the one command that adds it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

CORE = "core"

EXTRAS = {
    CORE: (
        "charset_normalizer",
        "docx",
        "filelock",
        "jinja2",
        "matplotlib",
        "openpyxl",
        "polib",
        "pyarrow",
        "rich",
        "scipy",
        "typer",
        "typst",
        "xlrd",
    ),
    "page": ("ipyvuetify", "mesa", "pandas", "solara", "starlette", "uvicorn"),
    "notebook": ("mesa", "pandas"),
    "studies": ("SALib", "optuna", "pandas"),
    "worlds": ("sklearn", "threadpoolctl"),
    "sql": ("duckdb",),
    "cluster": ("dask", "dask_jobqueue", "distributed"),
}
"""Packages by the extra of `pyproject.toml` that brings them, as they are imported; `core` is a plain installation."""

MAKES = {CORE: "make compare", "page": "make page"}  # what installs it in a clone, where it is not `make extra-NAME`


class MissingExtra(ImportError):
    """Something was asked for that needs packages that are not installed; its text says the command that does."""


def needs(extra: str, what: str, *packages: str) -> None:
    """Check that packages of an extra are installed, before they are imported.

    Args:
        extra: One of `EXTRAS`.
        what: What needs it, as its user calls it: `whistle explore`.
        packages: Those of the extra that it needs; by default all.

    Raises:
        MissingExtra: If one is missing.
    """
    missing = [name for name in packages or EXTRAS[extra] if find_spec(name) is None]
    if missing:
        raise MissingExtra(f"{what}: needs {', '.join(missing)}, not installed. Install: {install_command(extra)}")


def install_command(extra: str) -> str:
    """Return the one command that installs an extra: of `make` in a clone, else of `pip`."""
    if (Path(__file__).parents[1] / "Makefile").is_file():
        return MAKES.get(extra, f"make extra-{extra}")
    return "pip install whistle-abm" if extra == CORE else f'pip install "whistle-abm[{extra}]"'
