"""What compiled functions tell the processor, and plain Python ignores."""

from __future__ import annotations

from typing import Any

__all__ = ["look_ahead"]


def look_ahead(table: Any, row: int) -> None:
    """Fetch a row that is read soon; a row below zero is none. Changes nothing."""
