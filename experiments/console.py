"""The page on which tables are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["page", "page_width"]

PIPED_WIDTH = 150
"""Columns when nobody looks: enough that no cell of a comparison of two is folded."""


def page() -> Console:
    """Return standard output: as wide as the terminal, or wide enough for a comparison where nobody looks."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=PIPED_WIDTH)


def page_width() -> int:
    """Return the columns that a table on standard output may take."""
    return page().width
