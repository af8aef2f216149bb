"""A loop and the phases that it calls, each compiled apart and kept under the hash of all that it reaches.

Functions of a phase are linked, optimised together and emitted as machine code, which is loaded.
"""

from __future__ import annotations

import ctypes
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm

from model.compiler import tell_progress
from model.compiler.layout import STRAY, Layout
from model.compiler.reach import Reach, digest, symbol, tool_versions
from model.compiler.store import Store

if TYPE_CHECKING:
    from model.compiler.frontend import Compiled, FrontEnd

_NUMBERS = itertools.count()

_SMALL = 9000
"""A function of fewer bytes of bitcode becomes part of all that call it: the day is a tenth faster for it. Inlining the
large ones too made nothing faster, and the answer to an edit slower."""


class Program:
    """Compiled code of a loop over phases; valid while nothing that it reaches is replaced.

    Python calls `loop(district, whole number) -> bool`, which calls `phases(district)`, each compiled apart; functions
    that are named are replaced by their `stand_ins`.
    """

    def __init__(
        self, loop: FunctionType, phases: Sequence[FunctionType], layout: Layout,
        stand_ins: Mapping[FunctionType, FunctionType], store: Store,
    ) -> None:  # fmt: skip
        self.reach = Reach(stand_ins)
        self.functions_compiled: list[str] = []
        self._layout, self._store, self._phases = layout, store, frozenset(phases)
        own_code = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))  # it makes other code
        self._ground = digest(repr(layout), tool_versions(), digest(*own_code))
        self._roots = (*phases, loop)
        self._code, entries = load(dict(self._objects()), f"program {next(_NUMBERS)}")
        self._entries = dict(zip(self._roots, entries, strict=True))

    def __call__(self, district: int, number: int) -> bool:
        """Run the loop on the district at an address."""
        return bool(self._entries[self._roots[-1]](district, number))

    def phase(self, phase: FunctionType, district: int) -> None:
        """Run one phase alone."""
        self._entries[phase](district, 0)

    def is_current(self) -> bool:
        """Tell whether nothing that was compiled has been replaced since."""
        return self.reach.holds()

    def _objects(self) -> Iterator[tuple[str, bytes]]:
        """Yield the exported name and the object code of each root."""
        keys = {root: self._key(root) for root in self._roots}
        kept = {root: whole for root, key in keys.items() if (whole := self._store.get("phases", key)) is not None}
        missing = [root for root in self._roots if root not in kept]
        for number, root in enumerate(missing, 1):
            tell_progress(number, len(missing))
            kept[root] = self._compile(root)
            self._store.put("phases", keys[root], kept[root])
        if missing:
            self._store.prune()
        for root in self._roots:
            name, _, content = kept[root].partition(b"\0")
            yield name.decode(), content

    def _key(self, root: FunctionType) -> str:
        reached = self.reach.everything(root, self._phases - {root})
        owns = sorted((name, self.reach.of(function).own) for name, function in reached.items())
        return digest(self._ground, processor(), symbol(root), owns).hex()

    def _compile(self, root: FunctionType) -> bytes:
        district, number = self._front.argument_types
        is_loop = root not in self._phases
        whole = self._front.of(root, (district, number) if is_loop else (district,))
        parts = self._parts(whole, {})
        places = Counter[str]()
        for part in parts.values():
            places.update({self._front.of(*call).name: count for call, count in part.calls.items()})
        inlined = {name for name, part in parts.items() if places[name] == 1 or len(part.bitcode) < _SMALL}
        entry = _ENTRY.format(name=whole.name, type=", i64" * is_loop, number=", i64 %number" * is_loop)
        content = emit([part.bitcode for part in parts.values()], whole.name, entry, inlined)
        return whole.name.encode() + b"\0" + content

    def _parts(self, compiled: Compiled, found: dict[str, Compiled]) -> dict[str, Compiled]:
        """Return by name a compiled function and all that it calls, not the phases that a loop calls."""
        found[compiled.name] = compiled
        for function, arguments in compiled.calls:
            callee = self._front.of(function, arguments)
            if function not in self._phases and callee.name not in found:
                self._parts(callee, found)
        return found

    @cached_property
    def _front(self) -> FrontEnd:
        """Numba, which is imported only where something has to be compiled."""
        from model.compiler.frontend import FrontEnd

        return FrontEnd(self._layout, self.reach, self._store, self._ground, self.functions_compiled.append)


_ENTRY = """
declare i32 @"{name}"(ptr, ptr, ptr{type})
define i64 @"{name}.entry"(ptr %district, i64 %number) {{
  %returned = alloca i64
  store i64 0, ptr %returned
  %problem = alloca ptr
  %status = call i32 @"{name}"(ptr %returned, ptr %problem, ptr %district{number})
  %value = load i64, ptr %returned
  %bit = and i64 %value, 1
  ret i64 %bit
}}
"""
"""What Python calls; functions of numba return through their first pointer."""


_SPEED = 2  # level of optimisation; 3 was no faster and took longer


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


@cache
def _linker() -> Any:
    # the other linker ends the process where the parts of a program come to lie more than two gigabytes apart
    return llvm.create_lljit_compiler(_machine(), use_jit_link=True)


_STRAYED = ctypes.c_int64(0)


def has_strayed() -> bool:
    """Tell whether checked code looked beyond a table since this was asked last."""
    found, _STRAYED.value = _STRAYED.value != 0, 0
    return found


def load(objects: Mapping[str, bytes], name: str) -> tuple[Any, list[Callable[[int, int], int]]]:
    """Return what keeps object code in memory, and its entries: called with a district's address and a whole number.

    `objects` has it by exported function, and these may call each other; `name` is another one for other code.
    """
    library = llvm.JITLibraryBuilder()
    for exported, content in objects.items():
        library.add_object_img(content)
        library.export_symbol(f"{exported}.entry")
    library.import_symbol(STRAY, ctypes.addressof(_STRAYED))
    library.add_current_process()
    code = library.link(_linker(), name)
    return code, [_CALL(code[f"{exported}.entry"]) for exported in objects]
