"""What a function reaches: the functions it names, and every value that it reads from its module.

Live objects are looked at, not files: a rule that was replaced in memory is seen as it is. A comment, a docstring or a
line number is no part of it.
"""

import builtins
import hashlib
import importlib.metadata
import sys
from collections.abc import Iterator, Mapping
from enum import EnumType
from functools import cache
from operator import is_
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

TOOLS = ("numba", "llvmlite", "numpy")
_OPAQUE = {"numpy", "math", "numba", "builtins"}
"""Packages whose functions belong to the tools: their versions are part of every key."""

_ABSENT = object()  # what a module does not define, so that the name means Python's own function


class Function(NamedTuple):
    """What a function is made of.

    `own` is the digest of its code and of what it reads; of the functions that it calls (`callees`) it has the symbols
    only. `read` is (namespace, name, value) of everything that it reads from a module, `held` what the function object
    itself holds: its code, its defaults and what it captured.
    """

    own: bytes
    callees: dict[str, FunctionType]
    read: tuple[tuple[Mapping[str, Any], str, Any], ...]
    held: tuple[Any, ...]


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
    """Functions and what they reach, looked at once each; `stand_ins` are compiled instead of functions named."""

    def __init__(self, stand_ins: Mapping[FunctionType, FunctionType]) -> None:
        self.stand_ins = stand_ins
        self._seen: dict[FunctionType, Function] = {}
        self._read: dict[tuple[int, str], tuple[Mapping[str, Any], str, Any]] = {}
        self._arrays: dict[int, tuple[np.ndarray[Any, Any], bytes]] = {}

    def of(self, function: FunctionType) -> Function:
        """Return what a function is made of."""
        if function not in self._seen:
            self._seen[function] = seen = self._look(function)
            for space, name, value in seen.read:
                self._read.setdefault((id(space), name), (space, name, value))
            for array in _arrays((seen.held, tuple(value for _, _, value in seen.read))):
                self._arrays.setdefault(id(array), (array, array.tobytes()))
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

    def looked_at(self) -> tuple[list[FunctionType], list[tuple[Mapping[str, Any], str]]]:
        """Return every function that was looked at, and every name that these read with its namespace."""
        return list(self._seen), [(space, name) for space, name, _ in self._read.values()]

    def holds(self) -> bool:
        """Tell whether nothing that was looked at has been replaced or written to since."""
        return (
            all(map(_holds, self._seen, self._seen.values()))
            and all(space.get(name, _ABSENT) is value for space, name, value in self._read.values())
            and all(array.tobytes() == content for array, content in self._arrays.values())
        )

    def _look(self, function: FunctionType) -> Function:
        callees: dict[str, FunctionType] = {}
        read = tuple(_read(function))
        words: list[Any] = list(_code(function.__code__))
        for name, value in (*_defaults(function).items(), *((name, value) for _, name, value in read)):
            words += [name, self._words(value, function.__code__, callees)]
        return Function(digest(*words), callees, read, _held(function))

    def _words(self, value: Any, code: CodeType, callees: dict[str, FunctionType]) -> Any:
        """Return what stands for a value in the digest; functions are noted by symbol."""
        value = self.stand_ins.get(value, value) if isinstance(value, FunctionType) else value
        if isinstance(value, FunctionType) and not opaque(value.__module__):
            callees[symbol(value)] = value
            return symbol(value)
        if value is _ABSENT:
            return "absent"
        if isinstance(value, ModuleType):
            return value.__name__
        if isinstance(value, tuple):
            return type(value).__name__, [self._words(one, code, callees) for one in value]
        if isinstance(value, EnumType):
            members: Mapping[str, Any] = value.__members__
            named = [(name, member.value) for name, member in members.items() if name in _names(code)]
            return value.__name__, value.__base__, named
        if isinstance(value, np.ndarray | np.generic):
            return repr(value.dtype), value.shape, value.tobytes()
        if callable(value):
            return self._callable(value, code, callees)
        return type(value).__name__, repr(value)

    def _callable(self, value: Any, code: CodeType, callees: dict[str, FunctionType]) -> Any:
        """Return what stands for a class, a function of a tool, or one that a tool wrapped."""
        module = getattr(value, "__module__", "")
        inner = None if opaque(module) else getattr(value, "py_func", getattr(value, "__wrapped__", None))
        if inner is not None:
            return type(value).__name__, self._words(inner, code, callees)
        name = getattr(value, "__qualname__", repr(value))
        return module, name, getattr(value, "_fields", ()), getattr(value, "_field_defaults", {})


def opaque(module: str | None) -> bool:
    """Tell whether a module belongs to the tools."""
    return (module or "").partition(".")[0] in _OPAQUE


def _code(code: CodeType) -> Iterator[Any]:
    """Yield what a code object consists of, without its name, its lines and its docstring."""
    yield code.co_code
    yield code.co_names, code.co_varnames, code.co_freevars, code.co_argcount, code.co_kwonlyargcount
    for constant in _constants(code):
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            yield constant


def code_digest(function: FunctionType) -> bytes:
    """Return a digest of a function's code and of its defaults, whatever it reads."""
    return digest(*_code(function.__code__), repr(_defaults(function)))


def _constants(code: CodeType) -> tuple[Any, ...]:
    """Return the constants of a code object without its docstring."""
    first, rest = code.co_consts[:1], code.co_consts[1:]
    documented = sys.version_info < (3, 14) or bool(code.co_flags & _HAS_DOCSTRING)
    return rest if documented and first and isinstance(first[0], str) else code.co_consts


_HAS_DOCSTRING = 0x4000000
"""From Python 3.14 on a flag says whether the first constant is the docstring; before it was that or None."""


@cache
def _names(code: CodeType) -> frozenset[str]:
    """Return every name and text in a code object: an attribute may be named by its text."""
    constants = _constants(code)
    inner = (_names(constant) for constant in constants if isinstance(constant, CodeType))
    texts = (constant for constant in constants if isinstance(constant, str))
    return frozenset((*code.co_names, *code.co_freevars, *texts)).union(*inner)


def _held(function: FunctionType) -> tuple[Any, ...]:
    if function.__closure__ is None and function.__kwdefaults__ is None:
        return function.__code__, function.__defaults__
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    return (function.__code__, function.__defaults__, *(function.__kwdefaults__ or {}).values(), *cells)


def _holds(function: FunctionType, seen: Function) -> bool:
    """Tell whether the function object still holds what it held."""
    held = _held(function)
    return len(held) == len(seen.held) and all(map(is_, held, seen.held))


def _defaults(function: FunctionType) -> dict[str, Any]:
    """Return the arguments that need not be given; those by place are numbered."""
    by_place = {str(at): value for at, value in enumerate(function.__defaults__ or ())}
    return by_place | (function.__kwdefaults__ or {})


def _arrays(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _arrays(one)


def _read(function: FunctionType) -> Iterator[tuple[Mapping[str, Any], str, Any]]:
    """Yield what a function's names mean: captured, in its module, in modules that it names, or only to Python."""
    names = sorted(_names(function.__code__))
    cells = (cell.cell_contents for cell in function.__closure__ or ())
    captured = dict(zip(function.__code__.co_freevars, cells, strict=True))
    modules: set[str] = set()
    yield from _meant(captured, names, modules)
    yield from _meant(function.__globals__, names, modules)
    own = (name for name in names if hasattr(builtins, name) and name not in function.__globals__)
    yield from ((function.__globals__, name, _ABSENT) for name in own)


def _meant(
    space: Mapping[str, Any], names: list[str], modules: set[str]
) -> Iterator[tuple[Mapping[str, Any], str, Any]]:
    """Yield what names mean in a namespace and in the modules that it names by them, each module once."""
    for name in names:
        if name not in space:
            continue
        value = space[name]
        yield space, name, value
        if isinstance(value, ModuleType) and not opaque(value.__name__) and value.__name__ not in modules:
            modules.add(value.__name__)
            yield from _meant(vars(value), names, modules)
