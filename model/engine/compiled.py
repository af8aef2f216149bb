"""The only door to numba: registers the rules, decorates the kernels, owns the cache folder.

Numba's own cache does not see that a rule in another file was edited. The cache folder therefore
carries the hash of the whole model and of the tools' versions: other code, other folder.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, overload, register_jitable

from model import luck, numbers
from model.rules import RULES

__all__ = ["CACHE_WRITABLE", "fingerprint", "kernel", "look_ahead", "main_kernel", "step", "wide"]

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
_OPTIONS = {"_nrt": False, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""No kernel allocates, so references need no counting; none divides by nothing; Python calls none of them."""

_TOOLS = ("numba", "llvmlite", "numpy")


@cache
def fingerprint() -> str:
    """Return the hash of everything in the code that decides the numbers."""
    root = Path(__file__).resolve().parents[1]
    words = hashlib.blake2b(digest_size=8)
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] == "shipped":
            continue  # configurations of an installed copy
        words.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for tool in _TOOLS:
        words.update(f"{tool} {importlib.metadata.version(tool)}\n".encode())
    words.update(platform.python_version().encode())
    return words.hexdigest()


def _cache_home() -> Path:
    if given := os.environ.get("WHISTLE_CACHE"):
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "whistle"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whistle"


def _claim_cache() -> bool:
    """Point numba at the folder of this fingerprint; tell whether it can be written."""
    folder = _cache_home() / fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        warnings.warn(f"compiling without a cache: {folder} cannot be written ({error.strerror}); "
                      "set WHISTLE_CACHE to a folder of yours", RuntimeWarning, stacklevel=2)  # fmt: skip
        return False
    numba.config.CACHE_DIR = str(folder)
    return True


def _register() -> None:
    for name in numbers.__all__:
        register_jitable(getattr(numbers, name))
    for name in ("_central", "_near_tail", "_far_tail"):
        register_jitable(getattr(numbers, name))
    for rule in RULES:
        register_jitable(rule)
    for name in ("word_derive", "word_draw", "word_choice_draw"):
        register_jitable(getattr(luck, name))
    overload(luck.derive, strict=False)(lambda key, label: luck.word_derive)
    overload(luck.draw, strict=False)(lambda key, decision, occurrence: luck.word_draw)
    overload(luck.choice_draw, strict=False)(lambda key, decision, occurrence, unit_key: luck.word_choice_draw)


CACHE_WRITABLE = _claim_cache()
_register()


def _emit_prefetch(typing_context: Any, table: Any, row: Any, offset: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        byte = ir.IntType(8).as_pointer()
        at = builder.bitcast(builder.gep(array.data, [arguments[1]]), byte)
        at = builder.gep(at, [arguments[2]])
        word = ir.IntType(32)
        known = builder.module.globals.get("llvm.prefetch.p0") or ir.Function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, word, word, word]), "llvm.prefetch.p0"
        )
        builder.call(known, [at, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(table, types.intp, types.intp), emit


_prefetch = intrinsic(_emit_prefetch)


def look_ahead(table: Any, row: int) -> None:
    """Tell the processor that a row of up to 256 bytes is read soon; changes nothing, plain Python ignores it."""


def _look_ahead(table: Any, row: Any) -> Any:
    lines = (table.dtype.size + 63) // 64

    def fetch(table: Any, row: Any) -> None:
        if row >= 0:
            for line in range(lines):
                _prefetch(table, row, 64 * line)

    return fetch


overload(look_ahead, strict=False)(_look_ahead)


def wide(number: Any) -> Any:
    """Return a whole number in 64 bits, so that one compiled version of a kernel serves all its callers."""
    return np.int64(number)


register_jitable(wide)


def kernel(function: Kernel) -> Kernel:
    """Compile a function that other kernels call."""
    compiled: Kernel = numba.njit(function, **_OPTIONS)
    return compiled


def step(function: Kernel) -> Kernel:
    """Compile a function that one kernel calls in one place: it becomes part of it.

    A call hands over every array word by word (measured: 20 arrays, about 25 ns).
    """
    compiled: Kernel = numba.njit(function, forceinline=True, **_OPTIONS)
    return compiled


def main_kernel(function: Kernel) -> Kernel:
    """Compile a function that Python calls; kept on disk where a cache can be written."""
    compiled: Kernel = numba.njit(function, cache=CACHE_WRITABLE, nogil=True, _nrt=False, error_model="numpy")
    return compiled
