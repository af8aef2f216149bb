"""Which precision a study asked for and did not reach."""

from __future__ import annotations

from experiments.disk.opened import OpenStudy

__all__ = ["not_reached"]


def not_reached(opened: OpenStudy) -> list[str]:
    """Return, in words, each half-width that was asked for and not reached within the budget."""
    if opened.study.replicates.until is None:
        return []
    raise NotImplementedError
