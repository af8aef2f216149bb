"""What a function reaches: the functions it names, and every value that it reads from its module.

Live objects are looked at, not files: a rule that was replaced in memory is seen as it is. A comment, a docstring or a
line number is no part of it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterator, Mapping
from enum import EnumType
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

__all__ = ["TOOLS", "Function", "Reach", "digest", "symbol", "tool_versions"]

TOOLS = ("numba", "llvmlite", "numpy")
_OPAQUE = {"numpy", "math", "numba", "builtins"}
"""Packages whose functions belong to the tools: their versions are part of every key."""


class Function(NamedTuple):
    """What a function is made of.

    Attributes
    ----------
    own : bytes
        Digest of its code and of what it reads, not of the functions that it calls: these by symbol.
    callees : dict
        By symbol, the functions that it names.
    read : tuple
        (namespace, name, value) of everything it reads from a module: while all still hold, `own` does.
    """

    own: bytes
    callees: dict[str, FunctionType]
    read: tuple[tuple[Mapping[str, Any], str, Any], ...]


def digest(*parts: object) -> bytes:
    """Return a digest of 16 bytes of some bytes and of what others print."""
    words = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode()
        words.update(len(data).to_bytes(8, "little") + data)
    return words.digest()


@cache
def tool_versions() -> str:
    """Return the versions of everything outside the project that decides what is compiled."""
    versions = [f"{tool} {importlib.metadata.version(tool)}" for tool in TOOLS]
    return "\n".join([*versions, f"python {sys.version_info[:3]}"])


def symbol(function: FunctionType) -> str:
    """Return the name of a function among those compiled: where it can be imported from, or a name of its own."""
    there: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        there = getattr(there, part, None)
    name = f"{function.__module__}.{function.__qualname__}"
    return name if there is function else f"{name}~{digest(*_code(function.__code__), id(function)).hex()[:12]}"


class Reach:
    """Functions and what they reach, looked at once each.

    Parameters
    ----------
    stand_ins : mapping of function to function
        What is compiled instead of a function that is named.
    """

    def __init__(self, stand_ins: Mapping[FunctionType, FunctionType]) -> None:
        self.stand_ins = stand_ins
        self._seen: dict[FunctionType, Function] = {}

    def of(self, function: FunctionType) -> Function:
        """Return what a function is made of."""
        if function not in self._seen:
            self._seen[function] = self._look(function)
        return self._seen[function]

    def everything(self, root: FunctionType, stop: frozenset[FunctionType] = frozenset()) -> dict[str, FunctionType]:
        """Return by symbol the function and all that it reaches, not beyond the functions of `stop`."""
        found: dict[str, FunctionType] = {}
        waiting = {symbol(root): root}
        while waiting:
            name, function = waiting.popitem()
            if name in found:
                continue
            found[name] = function
            callees = self.of(function).callees
            waiting.update({key: callee for key, callee in callees.items() if callee not in stop})
        return found

    def holds(self) -> bool:
        """Tell whether nothing that was looked at has been replaced since."""
        return all(space.get(name) is value for function in self._seen.values() for space, name, value in function.read)

    def _look(self, function: FunctionType) -> Function:
        callees: dict[str, FunctionType] = {}
        words: list[Any] = [*_code(function.__code__), function.__defaults__, function.__kwdefaults__]
        read = tuple(_read(function))
        for _, name, value in read:
            words += [name, self._words(value, function.__code__, callees)]
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            words += [name, self._words(cell.cell_contents, function.__code__, callees)]
        return Function(digest(*words), callees, (*read, ({"code": function.__code__}, "code", function.__code__)))

    def _words(self, value: Any, code: CodeType, callees: dict[str, FunctionType]) -> Any:
        """Return what stands for a value in the digest; functions are noted by symbol."""
        value = self.stand_ins.get(value, value) if isinstance(value, FunctionType) else value
        if isinstance(value, FunctionType) and not _opaque(value.__module__):
            callees[symbol(value)] = value
            return symbol(value)
        if isinstance(value, ModuleType):
            return value.__name__
        if isinstance(value, EnumType):
            names = _names(code)
            members: dict[str, Any] = dict(value.__members__)
            return value.__name__, [(name, int(one)) for name, one in members.items() if name in names]
        if isinstance(value, np.ndarray):
            return value.dtype.str, value.shape, value.tobytes()
        if callable(value):
            return getattr(value, "__module__", ""), getattr(value, "__qualname__", repr(value))
        return type(value).__name__, repr(value)


def _opaque(module: str | None) -> bool:
    return (module or "").partition(".")[0] in _OPAQUE


def _code(code: CodeType) -> Iterator[Any]:
    """Yield what a code object consists of, without its name, its lines and its docstring."""
    yield code.co_code
    yield code.co_names, code.co_varnames, code.co_freevars, code.co_argcount, code.co_kwonlyargcount
    for at, constant in enumerate(code.co_consts):
        if isinstance(constant, CodeType):
            yield from _code(constant)
        elif at > 0 or not isinstance(constant, str):
            yield constant


@cache
def _names(code: CodeType) -> frozenset[str]:
    inner = (_names(constant) for constant in code.co_consts if isinstance(constant, CodeType))
    return frozenset(code.co_names).union(*inner)


def _read(function: FunctionType) -> Iterator[tuple[Mapping[str, Any], str, Any]]:
    """Yield what a function's names mean in its module, and in modules that it names."""
    names = sorted(_names(function.__code__))
    space = function.__globals__
    for name in names:
        if name not in space:
            continue
        value = space[name]
        yield space, name, value
        if isinstance(value, ModuleType) and not _opaque(value.__name__):
            yield from ((vars(value), inner, vars(value)[inner]) for inner in names if inner in vars(value))
