"""Whatever runs the model more than once: studies, comparisons, figures, the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.start import check_packages

if TYPE_CHECKING:
    from experiments.store.opened import open_study

__all__ = ["open_study"]

check_packages()


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name != "open_study":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from experiments.store.opened import open_study

    return open_study
