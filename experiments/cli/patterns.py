"""`whistle patterns`: what a district is known to show, measured in the model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.execute import Flags, execute_study
from experiments.cli.options import (
    Cluster,
    District,
    DryRun,
    ExecutorName,
    Jobs,
    Json,
    Lang,
    Out,
    Quiet,
    Scheduler,
    Seed,
    Settings,
    checked_seed,
    where_of,
)  # fmt: skip
from experiments.cli.terminal import guarded
from experiments.messages import Language

PAIRS = 20
"""Runs of each arm where nobody asks for another number."""

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="S1, S2, …; default: all.", show_default=False)
]
File = Annotated[
    Path | None, typer.Option("--file", help="Patterns of your own; default: the shipped ones.", show_default=False)
]
MaybeRegime = Annotated[
    str | None,
    typer.Option("--regime", help="Look at all under this regime, not each under its own.", show_default=False),
]
Runs = Annotated[int, typer.Option("--pairs", min=2, help="Runs of each arm, all arms on the same luck.")]
NoNull = Annotated[bool, typer.Option("--no-null", help="Leave out the bare queue; nothing then earns credit.")]


@guarded
def patterns(
    ids: Ids = None,
    regime: MaybeRegime = None,
    pairs: Runs = PAIRS,
    file: File = None,
    no_null: NoNull = False,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = Path("results"),
    district: District = "chaoyang",
    settings: Settings = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    executor: ExecutorName = None,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
) -> None:
    """Measure the stylised facts that one parameter set must show at once, beside a bare queue."""
    from experiments.design.patterns import PatternOptions, chosen, patterns_file, patterns_study, read_patterns
    from experiments.design.reading import Places, parse_overrides
    from experiments.design.studyfile import resolved_path

    checked_seed(seed)
    asked = chosen(read_patterns(file or patterns_file()), ids or ())
    named = resolved_path(regime, Path()) if regime else None
    options = PatternOptions(patterns=asked, regime=named, null=not no_null)
    place = resolved_path(district, Path())
    study = patterns_study(options, pairs, seed, place, parse_overrides(settings or ()))
    flags = Flags(out, where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
    execute_study(study, Places(), flags)
