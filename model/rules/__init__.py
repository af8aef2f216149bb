"""Behaviour: small pure functions of (law, habits, unit, case), shared by the engine and the reference."""

import importlib
import pkgutil
from collections.abc import Callable
from inspect import isfunction
from typing import Any

__all__ = ["RULES"]

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]

RULES: tuple[Callable[..., Any], ...] = tuple(
    rule for module in _MODULES for name in module.__all__ if isfunction(rule := getattr(module, name))
)
"""Every public rule of every file here; the engine compiles exactly these."""
