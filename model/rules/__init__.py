"""Behaviour: small pure functions of (law, habits, unit, case), shared by the engine and the reference."""

from collections.abc import Callable
from inspect import isfunction
from types import ModuleType
from typing import Any

from model.rules import (
    accept,
    balance,
    capacity,
    dispatch,
    effort,
    feedback,
    jurisdiction,
    learning,
    staffing,
    supervision,
    teamwork,
    triage,
)

__all__ = ["RULES"]

_MODULES: tuple[ModuleType, ...] = (
    accept, balance, capacity, dispatch, effort, feedback, jurisdiction, learning, staffing, supervision, teamwork,
    triage,
)  # fmt: skip

RULES: tuple[Callable[..., Any], ...] = tuple(
    rule for module in _MODULES for name in module.__all__ if isfunction(rule := getattr(module, name))
)
"""Every public rule; the engine compiles exactly these."""
