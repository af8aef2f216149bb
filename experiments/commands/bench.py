"""`whistle bench`: speed and memory."""

from __future__ import annotations

from experiments.commands.guard import guarded
from experiments.commands.options import Json, Quiet

__all__ = ["bench"]


@guarded
def bench(as_json: Json = False, quiet: Quiet = False) -> None:
    """Measure speed, memory and compile time against the targets."""
    from experiments.bench import main

    main(as_json=as_json, quiet=quiet)
