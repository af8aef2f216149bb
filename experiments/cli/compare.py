"""`whistle compare`: the paired comparison of regimes."""

from __future__ import annotations

import re
from pathlib import Path

from experiments.cli.execute import Flags, execute_study
from experiments.cli.options import (
    CapacityNeutral,
    Cluster,
    District,
    DryRun,
    ExecutorName,
    Jobs,
    Json,
    Lang,
    Out,
    Pairs,
    Quiet,
    Regimes,
    Scheduler,
    Seed,
    Settings,
    StudyName,
    checked_seed,
    where_of,
)  # fmt: skip
from experiments.cli.terminal import guarded
from experiments.errors import WrongInput
from experiments.messages import Language

DEFAULT_REGIMES = ("inverted", "rules_only", "placement_only", "flattened")
"""The 2 × 2, so that nobody takes a gain of placement for a gain of rules."""

NEUTRAL = "staff.capacity_neutral=true"
"""The setting that --capacity-neutral stands for."""


@guarded
def compare(
    regimes: Regimes = None,
    pairs: Pairs = 30,
    study: StudyName = "compare",
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = Path("results"),
    district: District = "chaoyang",
    settings: Settings = None,
    capacity_neutral: CapacityNeutral = False,
    lang: Lang = Language.EN,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    executor: ExecutorName = None,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
) -> None:
    """Compare regimes on the same requests and the same luck; repeating the command goes on where it stopped."""
    from experiments.design.reading import Places, parse_overrides
    from experiments.design.studyfile import Replicates, StudyFile, resolved_path

    named = tuple(resolved_path(regime, Path()) for regime in regimes or DEFAULT_REGIMES)
    _check(named, study)
    asked = StudyFile(
        name=study,
        experiment="compare",
        regimes=named,
        district=resolved_path(district, Path()),
        set=parse_overrides([*(settings or ()), *([NEUTRAL] if capacity_neutral else [])]),
        replicates=Replicates(fixed=pairs),
        seed=checked_seed(seed),
        series=True,
    )
    flags = Flags(out, where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
    execute_study(asked, Places(), flags)


def _check(regimes: tuple[str, ...], study: str) -> None:
    problems = []
    if len(regimes) < 2:
        problems.append(f"compare: expected two or more regimes, got one ({regimes[0]}).")
    problems += [
        f"regime '{regime}': expected once in a study, got it more than once."
        for regime in sorted({regime for regime in regimes if regimes.count(regime) > 1})
    ]
    if not re.fullmatch(r"[\w][\w.-]*", study):
        problems.append(f"--study: expected letters, digits, '_', '-' or '.', got '{study}'.")
    if problems:
        raise WrongInput(problems)
