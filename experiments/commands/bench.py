"""`whistle bench`: speed and memory."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.commands.guard import guarded
from experiments.commands.options import District, Json, Quiet

__all__ = ["bench"]

Quick = Annotated[bool, typer.Option("--quick", help="Small sizes, one repetition: figures that mean nothing.")]


Experiments = Annotated[bool, typer.Option("--experiments", help="What concerns studies alone: some minutes.")]


@guarded
def bench(
    district: District = "chaoyang",
    quick: Quick = False,
    experiments: Experiments = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure speed, memory and compile time against the targets."""
    from experiments.bench import main

    main(district=district, quick=quick, as_json=as_json, quiet=quiet, only_studies=experiments)
