"""Plain functions compiled: numba types them and writes LLVM, one at a time; LLVM links and optimises phases.

Nothing here knows the model. `reach` says what a function consists of, `frontend` compiles one (the only file with
private interfaces of numba), `store` keeps, `program` puts these together, links and loads. Here stands what
passes between compiled code and those around it: hints to the processor, progress to the user.
"""

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["Progress", "look_ahead", "show_progress", "tell_progress"]

Progress = Callable[[int, int], None]  # told, before a phase is compiled, how many it is of how many

SECONDS_A_PHASE = 2  # to compile one, measured on two machines: 20 to 29 s for twelve


def _announce(number: int, total: int) -> None:
    """Say on standard error, once a process, what takes so long: who calls from Python sees nothing else."""
    from model.compiler.fallback import needed
    from model.compiler.store import home

    _LISTENER.clear()
    what = f"compiling {total} phase{'s' if total > 1 else ''} of the model for this machine"
    kept = "" if needed() else f" (kept in {home()})"
    if sys.stderr is not None:
        print(f"{what}, about {total * SECONDS_A_PHASE} s{kept} …", file=sys.stderr, flush=True)


_LISTENER: list[Progress] = [_announce]


def show_progress(progress: Progress | None) -> None:
    """Have somebody told of each phase before it is compiled; None: nobody.

    Until this is called, one line on standard error says that the model is compiled.
    """
    _LISTENER[:] = [] if progress is None else [progress]


def tell_progress(number: int, total: int) -> None:
    """Tell who wants to know that a phase is compiled next."""
    for listener in _LISTENER:
        listener(number, total)


def look_ahead(table: Any, row: int) -> None:
    """Fetch a row that is read soon; a row below zero is none. Changes nothing."""
