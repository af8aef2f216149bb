"""The same code by numba's public ways alone: slower to compile, all at once and again in every process, the same bits.

It serves where the private interfaces of `frontend` were not tried: other versions of numba, Windows.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

from model.compiler.layout import Layout
from model.compiler.reach import Reach

__all__ = ["FallbackProgram", "needed"]

TRIED = ("0.68.",)
"""Versions of numba with which `frontend` was tried."""

FORCED = "WHISTLE_COMPILER"
"""Set this variable of the environment to `numba` to compile by the public ways."""


def needed() -> bool:
    """Tell whether the public ways have to serve."""
    tried = importlib.metadata.version("numba").startswith(TRIED)
    return os.environ.get(FORCED) == "numba" or sys.platform == "win32" or not tried


class FallbackProgram:
    """As `program.Program`, without a store."""

    def __init__(
        self, loop: FunctionType, phases: Sequence[FunctionType], layout: Layout,
        stand_ins: Mapping[FunctionType, FunctionType],
    ) -> None:  # fmt: skip
        self.reach = Reach(stand_ins)
        self.functions_compiled = list(self.reach.everything(loop))
        self._at = _district_at(layout)
        self._loop = loop
        _register(self.reach, loop)
        self._run = self._entry(loop, (int,))
        self._phases = {phase: self._entry(phase, ()) for phase in phases}

    def __call__(self, district: int, number: int) -> bool:
        """Run the loop on the district at an address."""
        return bool(self._run(district, number))

    def phase(self, phase: FunctionType, district: int) -> None:
        """Run one phase alone."""
        self._phases[phase](district)

    def is_current(self) -> bool:
        """Tell whether nothing that was compiled has been replaced since."""
        return self.reach.holds()

    def _entry(self, function: FunctionType, numbers: tuple[type, ...]) -> Callable[..., Any]:
        import numba

        at, options = self._at, {"nogil": True, "error_model": "numpy"}
        if numbers:
            return numba.njit(lambda address, number: function(at(address), number), **options)
        return numba.njit(lambda address: function(at(address)), **options)


def _register(reach: Reach, loop: FunctionType) -> None:
    """Let numba compile what the loop reaches."""
    from numba.extending import overload, register_jitable

    for named, stand_in in reach.stand_ins.items():
        words = ", ".join(named.__code__.co_varnames[: named.__code__.co_argcount])
        overload(named, strict=False)(eval(f"lambda {words}: stand_in", {"stand_in": stand_in}))
    for function in reach.everything(loop).values():
        register_jitable(function)


def _district_at(layout: Layout) -> Any:
    """Return what makes a district of its address."""
    from numba.core import types
    from numba.extending import intrinsic

    from model.compiler.handle import DistrictType

    kind = DistrictType(layout)

    def at(typing: Any, address: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(kind))

        return kind(types.int64), emit

    return intrinsic(at)
