"""`whistle bench`: speed and memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from experiments.cli.options import District, Json, Quiet
from experiments.cli.terminal import error_console, guarded, print_json
from experiments.console import show

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
    from experiments.evidence.bench import FULL, QUICK, measure, missed, notes, table

    console = error_console()
    say: Callable[[str], None] = (lambda _: None) if quiet else console.print
    results = measure(district, QUICK if quick else FULL, say, only_studies=experiments)
    if as_json:
        print_json(results)
    else:
        show(table(results), *missed(results), *([] if experiments else notes(results)))
