"""From LLVM modules to machine code: functions of a phase are linked, optimised together and emitted; and loaded."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

import llvmlite.binding as llvm

_SPEED = 2
"""Level of optimisation; 3 was no faster and took longer."""


@cache
def processor() -> str:
    """Return what machine code is made for: system, processor and its features."""
    features = llvm.get_host_cpu_features().flatten()
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features}"


@cache
def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=_SPEED, jit=True,
        reloc="pic", codemodel="small",
    )  # fmt: skip


def emit(parts: Iterable[bytes], exported: str, entry: str, inlined: set[str]) -> bytes:
    """Link the bitcode of functions, optimise them together, and return the object code.

    What none of the `parts` defines stays a name. Others may call `exported` alone; the functions of `inlined` become
    part of what calls them. `entry` is a module in text that is linked too.
    """
    machine = _machine()
    whole = llvm.parse_assembly(entry)
    for part in parts:
        whole.link_in(llvm.parse_bitcode(part))
    for function in whole.functions:
        if not function.is_declaration and function.name not in (exported, f"{exported}.entry"):
            function.linkage = "internal"
            if function.name in inlined:
                function.add_function_attribute("alwaysinline")
    for variable in whole.global_variables:
        if not variable.is_declaration:
            variable.linkage = "internal"
    tuning = llvm.create_pipeline_tuning_options(speed_level=_SPEED)
    tuning.loop_vectorization = tuning.slp_vectorization = False  # the loops are over linked rows
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(whole, builder)
    return bytes(machine.emit_object(whole))


_CALL = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)


class _Loaded:
    """Machine code in memory; as long as this is there, so is the code."""

    def __init__(self, objects: Mapping[str, bytes], name: str) -> None:
        library = llvm.JITLibraryBuilder()
        for content in objects.values():
            library.add_object_img(content)
        for exported in objects:
            library.export_symbol(f"{exported}.entry")
        library.add_current_process()
        self._tracker = library.link(_linker(), name)
        self._entries = {exported: _CALL(self._tracker[f"{exported}.entry"]) for exported in objects}

    def call(self, exported: str, district: int, number: int) -> int:
        """Run what an exported function enters."""
        return int(self._entries[exported](district, number))


@cache
def _linker() -> Any:
    return llvm.create_lljit_compiler(_machine())


def load(objects: Mapping[str, bytes], name: str) -> dict[str, Callable[[int, int], int]]:
    """Return the entries of some object code, each called with a district's address and a whole number.

    `objects` has it by exported function, and these may call each other; `name` is another one for other code.
    """
    loaded = _Loaded(objects, name)
    return {exported: partial(loaded.call, exported) for exported in objects}
