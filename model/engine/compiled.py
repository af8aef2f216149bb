"""The engine's door for the rest of the model: its day compiled, or as plain Python where that is asked for."""

import dataclasses
import hashlib
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from model import rng, rules
from model.compiler import fallback, pristine
from model.compiler.layout import Layout, block_of, layout_of
from model.compiler.problems import CannotCompile
from model.compiler.program import Program, has_strayed
from model.compiler.reach import Reach, tool_versions
from model.compiler.store import Store, home
from model.engine import day
from model.engine.district import CONSTANT, ONE_ROW, shown, uncompiled
from model.engine.tables import Tables, grow
from model.errors import ConfigError
from model.own import LOCK, OwnRules, in_force

PLAIN = "WHISTLE_PLAIN"  # set this variable of the environment to 1 and the engine runs as plain Python, slowly

_STAND_INS: dict[FunctionType, FunctionType] = {
    cast(FunctionType, plain): cast(FunctionType, word)
    for plain, word in (
        (rng.derive, rng.word_derive), (rng.draw, rng.word_draw), (rng.choice_draw, rng.word_choice_draw),
    )
}  # fmt: skip
"""Draws on machine words, for those on Python's integers."""

AnyProgram = Program | fallback.FallbackProgram

_PROGRAMS: dict[OwnRules | None, AnyProgram] = {}  # by the own rules that are compiled in
_MOST_PROGRAMS = 8


@cache
def fingerprint() -> str:
    """Return the hash of everything in the code that decides the numbers."""
    root = Path(__file__).resolve().parents[1]
    words = hashlib.blake2b(digest_size=8)
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] == "shipped":
            continue  # configurations of an installed copy
        words.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    words.update(f"{tool_versions()}\n{platform.python_version()}".encode())
    return words.hexdigest()


_WATCHED: list[tuple[Reach, list[str]]] = []


def replaced_in_memory() -> list[str]:
    """Return the dotted names of rules, and of what else the day reads, that are not as the files say (own rules are).

    Empty in a process where nobody has replaced anything.
    """
    modules = [module for name, module in sys.modules.items() if name.startswith(f"{rules.__name__}.")]
    with LOCK:
        if not (_WATCHED and _WATCHED[0][0].holds()):
            reach = Reach(_STAND_INS)
            reach.everything(cast(FunctionType, day.advance))
            for module in modules:
                for function in (each for each in vars(module).values() if isinstance(each, FunctionType)):
                    reach.of(function)
            _WATCHED[:] = [(reach, pristine.replaced_in_memory(reach, "model", modules))]
        return _WATCHED[0][1]


def phase_functions() -> tuple[FunctionType, ...]:
    """Return what is compiled apart: the step's begin, its phases in order, and the end of the run."""
    names = ("begin_step", *day.PHASES, "settle_open")
    return tuple(cast(FunctionType, getattr(day, name)) for name in names)


def program(tables: Tables, own: OwnRules | None = None) -> AnyProgram:
    """Return the day compiled with own rules; another one after a function of it was replaced in memory.

    Raises:
        ConfigError: For own rules that cannot be compiled, with the line.
    """
    with LOCK:
        known = _PROGRAMS.pop(own, None)
        if known is None or not known.is_current():
            layout = layout_of(tables.districts, shown(tables), ONE_ROW, CONSTANT)
            layout = dataclasses.replace(layout, checked=own is not None and not fallback.needed())
            stand_ins = {**_STAND_INS, **(own.stand_ins if own else {})}
            try:
                known = _compiled(cast(FunctionType, day.advance), phase_functions(), layout, stand_ins)
            except CannotCompile as error:
                if own is None:
                    raise
                raise ConfigError([str(error).replace(f"{own.module.__name__}.", "")]) from error
        _PROGRAMS[own] = known
        if len(_PROGRAMS) > _MOST_PROGRAMS:
            del _PROGRAMS[next(iter(_PROGRAMS))]
        return known


def _compiled(
    loop: FunctionType, phases: tuple[FunctionType, ...], layout: Layout,
    stand_ins: Mapping[FunctionType, FunctionType],
) -> AnyProgram:  # fmt: skip
    if fallback.needed():
        return fallback.FallbackProgram(loop, phases, layout, stand_ins)
    return Program(loop, phases, layout, stand_ins, Store(home()))


def advance(tables: Tables, until: int, own: OwnRules | None = None) -> bool:
    """Advance a run to step `until`; False where a table lacks room for the next step, and nothing was changed.

    Raises:
        ConfigError: For own rules whose numbers lead the engine beyond its tables.
    """
    if os.environ.get(PLAIN) == "1":
        with np.errstate(over="ignore"), in_force(own):  # keys wrap around
            return day.advance(uncompiled(tables), until)
    words = block_of(tables.districts, shown(tables))
    over = program(tables, own)(words.ctypes.data, until)
    if own is not None and has_strayed():
        blamed = f"{own.file}: the engine was led beyond its tables, because {' or '.join(own.rules)} returns a number"
        what = "not-a-number, or far from what the shipped rule returns (`whistle rules` says what that is)."
        raise ConfigError([f"{blamed} of which nothing can be made: {what}"])
    return over


def over_tables(
    function: Callable[[Any, int], bool], now: NDArray[Any], tables: Mapping[str, NDArray[Any]]
) -> Callable[[NDArray[Any], Mapping[str, NDArray[Any]], int], bool]:
    """Compile a function as the engine is compiled, over other tables than a district's: for yardsticks and tests.

    It takes what holds the columns of `now` (one row) and the tables, and a whole number; so does what is returned,
    with any arrays of these types in C order.
    """
    run = _compiled(cast(FunctionType, function), (), layout_of(now, tables), _STAND_INS)

    def over(now: NDArray[Any], tables: Mapping[str, NDArray[Any]], number: int) -> bool:
        words = block_of(now, tables)  # stays while the call lasts
        return run(words.ctypes.data, number)

    return over


def phase_seconds(tables: Tables, own: OwnRules | None = None) -> tuple[Tables, dict[str, float]]:
    """Run to the last step, each phase compiled and timed; return the tables and by phase its seconds.

    The loop is the day's own (`day.advance`) as plain Python, which calls the compiled phases; some microseconds a
    step are the timing itself.
    """
    seconds = dict.fromkeys((phase.__name__ for phase in phase_functions()), 0.0)
    compiled = program(tables, own)

    def timed(phase: FunctionType) -> Callable[[object], None]:
        def run(_: object) -> None:
            start = time.perf_counter()
            compiled.phase(phase, words.ctypes.data)
            seconds[phase.__name__] += time.perf_counter() - start

        return run

    names = vars(day) | {phase.__name__: timed(phase) for phase in phase_functions()}
    advance_timed = FunctionType(day.advance.__code__, names)
    words = block_of(tables.districts, shown(tables))
    while not advance_timed(uncompiled(tables), int(tables.districts[0].steps)):
        tables = grow(tables)
        words = block_of(tables.districts, shown(tables))
    return tables, seconds
