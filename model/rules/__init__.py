"""Behaviour: small pure functions of (law, habits, unit, case), shared by the engine and the reference."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import Any

__all__ = ["REPLACEABLE", "RULES"]

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]

RULES: tuple[Callable[..., Any], ...] = tuple(
    rule
    for module in _MODULES
    for name, rule in vars(module).items()
    if isfunction(rule) and rule.__module__ == module.__name__ and not name.startswith("_")
)
"""Every public rule of every file here; the engine compiles exactly these."""


def _named() -> dict[str, Callable[..., Any]]:
    """Return the rules by name; where two files have the same, with the file's name before it."""
    names = [rule.__name__ for rule in RULES]
    return {
        name if names.count(name) == 1 else f"{rule.__module__.rpartition('.')[2]}_{name}": rule
        for name, rule in zip(names, RULES, strict=True)
    }


REPLACEABLE: Mapping[str, Callable[..., Any]] = _named()
"""What a file of own rules may define, by name."""
