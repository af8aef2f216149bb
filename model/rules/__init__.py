"""Behaviour: small pure functions of (law, habits, unit, case), shared by the engine and the reference."""

import importlib
import pkgutil
from collections.abc import Callable
from inspect import isfunction
from typing import Any

__all__ = ["RULES"]

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]

RULES: tuple[Callable[..., Any], ...] = tuple(
    rule
    for module in _MODULES
    for name, rule in vars(module).items()
    if isfunction(rule) and rule.__module__ == module.__name__ and not name.startswith("_")
)
"""Every public rule of every file here; the engine compiles exactly these."""
