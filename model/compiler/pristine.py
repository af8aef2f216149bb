"""What was replaced in memory: what functions are and read, held against what the files say.

A rule that was replaced in memory is compiled as it is; here it is found, so that nobody takes such a run for one of
the code on disk, which the fingerprint names.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from model.compiler.reach import Reach, code_digest

_ABSENT = object()


def replaced_in_memory(reach: Reach, package: str, whole: Iterable[ModuleType] = ()) -> list[str]:
    """Return the dotted names of what is not as the files of a package say.

    Args:
        reach: Functions that were looked at, with all that they read.
        package: Name of the package whose files count.
        whole: Modules of which everything counts, read or not.
    """
    functions, read = reach.looked_at()
    names = {(str(space.get("__name__")), name) for space, name in read}
    names |= {(module.__name__, name) for module in whole for name in vars(module) if not name.startswith("__")}
    found = {f"{module}.{name}" for module, name in names if _counts(module, package) and not _stands(module, name)}
    own = (each for each in functions if _counts(each.__module__, package))
    return sorted(found | {f"{each.__module__}.{each.__qualname__}" for each in own if not _is_written(each)})


def _counts(module: str, package: str) -> bool:
    return module.startswith(f"{package}.") and module in sys.modules


@cache
def _as_written(name: str) -> ModuleType:
    """Return a module executed anew from its file; what it imports is what the process has."""
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.loader is not None, name
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _stands(module: str, name: str) -> bool:
    """Tell whether a name of a module means what its file says."""
    return _same(getattr(sys.modules[module], name, _ABSENT), getattr(_as_written(module), name, _ABSENT))


def _is_written(function: FunctionType) -> bool:
    """Tell whether a function is the one of its name in the file of its module."""
    there: Any = _as_written(function.__module__)
    for part in function.__qualname__.split("."):
        there = getattr(there, part, None)
    return _same(function, there)


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if isinstance(one, FunctionType) and isinstance(other, FunctionType):
        named = (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
        return named and code_digest(one) == code_digest(other)
    if isinstance(one, type) and isinstance(other, type):
        return (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return type(one).__qualname__ == type(other).__qualname__ and repr(one) == repr(other)
