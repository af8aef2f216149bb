"""A day of three phases over one row, which reach a rule, numbers, luck and a helper of the engine.

What is to be known of the compiler is asked of it: it is compiled in a second or two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from model import portable_math, rng
from model.compiler.fallback import FallbackProgram
from model.compiler.layout import Layout, block_of, layout_of
from model.compiler.program import Program
from model.compiler.store import Store, home
from model.engine.columns import word
from model.engine.ledger import backlog_days
from model.rules import accept
from model.terms import TICKS_PER_DAY, Lane

ROW = np.dtype(
    [
        ("load", "f8"), ("waiting", "i8"), ("staff", "f8"), ("commanded", "f8"), ("home_hours", "f8"),
        ("eased", "f8"), ("chance", "f8"), ("lane", "i8"),
    ]
)  # fmt: skip
RESULTS = ("eased", "chance", "lane")
LOAD = 4.0

STAND_INS: dict[Any, Any] = {rng.derive: rng.word_derive, rng.draw: rng.word_draw}
REFERENCE = 5.0


def ease(day: Any) -> None:
    day.eased = accept.relative_load(backlog_days(day), REFERENCE)


def weigh(day: Any) -> None:
    day.chance = portable_math.logistic(day.load - REFERENCE) + rng.draw(word(7), 1, 2)


def queue(day: Any) -> None:
    day.lane = Lane.EASY if day.load > 1.0 else Lane.OTHERS


def live(day: Any, times: int) -> bool:
    for _ in range(times):
        ease(day)
        weigh(day)
        queue(day)
    return times > 0


PHASES: Any = (ease, weigh, queue)


def row() -> Any:
    """Return the row before the day."""
    now = np.zeros(1, ROW)
    now["load"], now["waiting"], now["staff"], now["commanded"], now["home_hours"] = LOAD, 8 * TICKS_PER_DAY, 1, 1, 1
    return now


def program(folder: Path | None = None) -> Program:
    """Return the small day compiled and kept in a folder."""
    return Program(*parts(), Store(folder or home()))


def parts() -> tuple[Any, Any, Layout, dict[Any, Any]]:
    """Return what a program is made of; phases as the module names them now."""
    return live, tuple(globals()[phase.__name__] for phase in PHASES), layout_of(row(), {}), STAND_INS


def lived(compiled: Program | FallbackProgram) -> str:
    """Return what a compiled day leaves."""
    now = row()
    words = block_of(now, {})
    assert compiled(words.ctypes.data, 1)
    return _results(now)


def lived_plainly() -> str:
    """Return what the day leaves as plain Python."""
    now = row()
    with np.errstate(over="ignore"):
        assert live(now.view(np.recarray)[0], 1)
    return _results(now)


def _results(now: Any) -> str:
    return " ".join(repr(now[name].item()) for name in RESULTS)


def names(compiled: Program | FallbackProgram) -> list[str]:
    """Return the short names of what was compiled."""
    return sorted(name.rpartition(".")[2] for name in compiled.functions_compiled)


def main() -> None:
    """Print what the day leaves, and what had to be compiled for it."""
    compiled = program()
    print(lived(compiled), "|", *names(compiled))
