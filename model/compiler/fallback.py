"""The same code by numba's public ways alone: slower to compile, all at once and again in every process, the same bits.

It serves where the private interfaces of `frontend` were not tried: other versions of numba, Windows.
"""

import importlib.metadata
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CellType, FunctionType, ModuleType
from typing import Any

from model.compiler.layout import Layout
from model.compiler.reach import Reach, opaque

TRIED = ("0.68.",)  # versions of numba with which `frontend` was tried
FORCED = "WHISTLE_COMPILER"  # set this variable of the environment to `numba` to compile by the public ways


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
        copies = _copies(self.reach, loop)
        self._run = self._entry(copies[loop], (int,))
        self._phases = {phase: self._entry(copies[phase], ()) for phase in phases}

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


def _copies(reach: Reach, loop: FunctionType) -> dict[FunctionType, FunctionType]:
    """Return what the loop reaches as copies that numba never saw, which call each other.

    Numba keeps what it compiled for a function object: after a rule was replaced in memory, its callers as they are
    would go on calling the old one.
    """
    from numba.extending import register_jitable

    functions = list(reach.everything(loop).values())
    spaces: dict[int, dict[str, Any]] = {}
    modules: dict[int, ModuleType] = {}
    copies: dict[FunctionType, FunctionType] = {}

    def copied(value: Any) -> Any:
        if isinstance(value, FunctionType):
            return copies.get(reach.stand_ins.get(value, value), value)
        return modules.get(id(value), value)

    for function in functions:
        space = spaces.setdefault(id(function.__globals__), dict(function.__globals__))
        cells = tuple(CellType(cell.cell_contents) for cell in function.__closure__ or ())
        copies[function] = FunctionType(
            function.__code__, space, function.__name__, function.__defaults__, cells or None
        )
        for _, _, value in reach.of(function).read:
            if isinstance(value, ModuleType) and id(value) not in modules and not opaque(value.__name__):
                modules[id(value)] = ModuleType(value.__name__)
                vars(modules[id(value)]).update(vars(value))
    for names in (*spaces.values(), *(vars(module) for module in modules.values())):
        names.update({name: copied(value) for name, value in names.items()})
    for copy in copies.values():
        for cell in copy.__closure__ or ():
            cell.cell_contents = copied(cell.cell_contents)
        register_jitable(copy)
    return copies


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
