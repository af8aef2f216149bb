"""A loop and the phases that it calls, each compiled apart and kept under the hash of all that it reaches."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from model.compiler import backend, tell_progress
from model.compiler.layout import Layout
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
        self._ground = digest(repr(layout), tool_versions(), _own_code())
        self._roots = (*phases, loop)
        entries = backend.load(dict(self._objects()), f"program {next(_NUMBERS)}")
        self._entries = dict(zip(self._roots, entries.values(), strict=True))
        self._loop = self._entries[loop]

    def __call__(self, district: int, number: int) -> bool:
        """Run the loop on the district at an address."""
        return bool(self._loop(district, number))

    def phase(self, phase: FunctionType, district: int) -> None:
        """Run one phase alone."""
        self._entries[phase](district, 0)

    def is_current(self) -> bool:
        """Tell whether nothing that was compiled has been replaced since."""
        return self.reach.holds()

    def _objects(self) -> Iterator[tuple[str, bytes]]:
        """Yield the exported name and the object code of each root."""
        keys = [self._key(root) for root in self._roots]
        kept = [self._store.get("phases", key) for key in keys]
        missing = [found is None for found in kept]
        for at, (root, key) in enumerate(zip(self._roots, keys, strict=True)):
            whole = kept[at]
            if whole is None:
                tell_progress(sum(missing[: at + 1]), sum(missing))
                whole = self._compile(root)
                self._store.put("phases", key, whole)
            name, _, content = whole.partition(b"\0")
            yield name.decode(), content
        if any(missing):
            self._store.prune()

    def _key(self, root: FunctionType) -> str:
        reached = self.reach.everything(root, self._phases - {root})
        owns = sorted((name, self.reach.of(function).own) for name, function in reached.items())
        return digest(self._ground, backend.processor(), symbol(root), owns).hex()

    def _compile(self, root: FunctionType) -> bytes:
        district, number = self._front.argument_types
        is_loop = root not in self._phases
        whole = self._front.of(root, (district, number) if is_loop else (district,))
        parts = self._parts(whole, {})
        places = Counter[str]()
        for part in parts.values():
            places.update({self._front.of(*call).name: count for call, count in part.calls.items()})
        inlined = {name for name, part in parts.items() if places[name] == 1 or len(part.bitcode) < _SMALL}
        numbers = {"type": ", i64", "number": ", i64 %number"} if is_loop else {"type": "", "number": ""}
        entry = _ENTRY.format(name=whole.name, **numbers)
        content = backend.emit([part.bitcode for part in parts.values()], whole.name, entry, inlined)
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


def _own_code() -> bytes:
    """Return a digest of this package: another compiler makes other code."""
    files: list[Any] = sorted(Path(__file__).parent.glob("*.py"))
    return digest(*(path.read_bytes() for path in files))
