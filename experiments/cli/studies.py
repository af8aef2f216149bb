"""Commands of studies.

One for each kind (`whistle sweep`, …), `study` for any, `compare` and `patterns`, whose flags make the study, and
`status`, `resume`, `report` for those on disk. What is asked for is put together by `experiments.requests`, as for the
functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import typer

from experiments.cli import options
from experiments.cli.execute import Flags, execute_study, print_result
from experiments.cli.terminal import guarded, print_json
from experiments.console import error_console, show
from experiments.messages import Language, in_language, msg
from experiments.requests import (
    ANY,
    DISTRICT,
    OF_FLAGS,
    PAIRS,
    Common,
    of_comparison,
    of_file,
    of_folder,
    of_patterns,
    where_of,
)
from experiments.studies import help_of, kinds

WORLDS = "worlds"  # the kind whose command shows what is known already where no file is given


def kinds_with_command() -> tuple[str, ...]:
    """Return the kinds whose command takes a study's file."""
    return tuple(name for name in kinds() if name not in (*OF_FLAGS, WORLDS))


def command_for(name: str) -> Callable[..., None]:
    """Return the command for a kind of study; `study` takes every kind."""

    @guarded
    def command(
        study: options.StudyArgument,
        seed: options.StudySeed = None,
        jobs: options.Jobs = None,
        out: options.StudyOut = Path("results"),
        district: options.StudyDistrict = None,
        settings: options.Settings = None,
        rules: options.Rules = None,
        worlds: options.StudyWorlds = None,
        ensemble: options.StudyEnsemble = None,
        log: options.LogFile = None,
        executor: options.ExecutorName = None,
        scheduler: options.Scheduler = None,
        cluster: options.Cluster = None,
        lang: options.Lang = Language.EN,
        as_json: options.Json = False,
        quiet: options.Quiet = False,
        dry_run: options.DryRun = False,
    ) -> None:
        common = Common(seed, district, settings, rules, worlds, ensemble)
        execute_study(
            partial(of_file, None if name == ANY else name, study, common, log),
            partial(where_of, jobs, executor, scheduler, cluster),
            Flags(out, lang, as_json, quiet, dry_run),
        )

    command.__doc__ = "Any study, whatever its kind." if name == ANY else help_of(name)
    return command


@guarded
def status(folder: options.StudyFolder, lang: options.Lang = Language.EN, as_json: options.Json = False) -> None:
    """Show how many runs of a study are planned, done and failed."""
    from experiments.report.frame import own_rules_told
    from experiments.store.opened import own_rules_of
    from experiments.store.store import Study, read_manifest

    manifest = read_manifest(folder)
    progress = Study(folder, manifest["outcomes"], error_console().print).progress(manifest["planned"])
    own = own_rules_of(manifest)
    if as_json:
        print_json(progress | ({"own_rules": [each for told in own.values() for each in told]} if own else {}))
        return
    with in_language(lang):
        show(msg("status", folder=folder, **progress), *map(own_rules_told, own.values()))


@guarded
def resume(
    folder: options.StudyFolder,
    jobs: options.Jobs = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    executor: options.ExecutorName = None,
    scheduler: options.Scheduler = None,
    cluster: options.Cluster = None,
) -> None:
    """Go on with a study as it was asked for."""
    from experiments.execution import check_folder

    execute_study(
        partial(of_folder, folder),
        partial(where_of, jobs, executor, scheduler, cluster),
        Flags(folder.absolute().parent, lang, as_json, quiet),
        partial(check_folder, folder),
    )


@guarded
def report(folder: options.StudyFolder, lang: options.Lang = Language.EN, as_json: options.Json = False) -> None:
    """Rebuild tables, charts and report from the runs on disk; nothing is run."""
    from experiments.execution import write
    from experiments.result import open_study

    result = open_study(folder, lang)
    write(result)
    print_result(result, as_json=as_json)


@guarded
def compare(
    regimes: options.Regimes = None,
    pairs: options.MaybePairs = None,
    worlds: options.Worlds = None,
    ensemble: options.Ensemble = None,
    study: options.StudyName = "compare",
    seed: options.Seed = 1,
    jobs: options.Jobs = None,
    out: options.Out = Path("results"),
    district: options.District = DISTRICT,
    settings: options.Settings = None,
    rules: options.Rules = None,
    capacity_neutral: options.CapacityNeutral = False,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    dry_run: options.DryRun = False,
    no_report: options.NoReport = False,
    executor: options.ExecutorName = None,
    scheduler: options.Scheduler = None,
    cluster: options.Cluster = None,
) -> None:
    """Compare regimes on the same requests and random seeds; repeating the command goes on where it stopped."""
    common = Common(seed, district, settings, rules, worlds, ensemble)
    execute_study(
        partial(of_comparison, regimes, pairs, common, neutral=capacity_neutral, name=study),
        partial(where_of, jobs, executor, scheduler, cluster),
        Flags(out, lang, as_json, quiet, dry_run, not no_report),
    )


@guarded
def worlds(
    study: options.WorldsStudy = None,
    ensemble: options.Ensemble = None,
    reference: options.Reference = False,
    seed: options.StudySeed = None,
    jobs: options.Jobs = None,
    out: options.StudyOut = Path("results"),
    district: options.StudyDistrict = None,
    settings: options.Settings = None,
    rules: options.Rules = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    dry_run: options.DryRun = False,
    executor: options.ExecutorName = None,
    scheduler: options.Scheduler = None,
    cluster: options.Cluster = None,
) -> None:
    """Show the plausible worlds of a district, or make them with a study's file."""
    if study is not None:
        command_for(WORLDS)(
            study, seed, jobs, out, district, settings, rules, ensemble=ensemble, executor=executor,
            scheduler=scheduler, cluster=cluster, lang=lang, as_json=as_json, quiet=quiet, dry_run=dry_run,
        )  # fmt: skip
        return
    from experiments.log_and_worlds import worlds_of

    found = worlds_of(district, ensemble, lang)
    if reference:
        typer.echo(found.reference(), nl=False)
    elif as_json:
        print_json(found.answer)
    else:
        with in_language(lang):
            show(*found.results().blocks())


@guarded
def patterns(
    ids: options.PatternIds = None,
    regime: options.PatternsRegime = None,
    pairs: options.Arms = PAIRS,
    file: options.PatternsFile = None,
    worlds: options.Worlds = None,
    ensemble: options.Ensemble = None,
    no_null: options.NoNull = False,
    seed: options.Seed = 1,
    jobs: options.Jobs = None,
    out: options.Out = Path("results"),
    district: options.District = DISTRICT,
    settings: options.Settings = None,
    rules: options.Rules = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    dry_run: options.DryRun = False,
    executor: options.ExecutorName = None,
    scheduler: options.Scheduler = None,
    cluster: options.Cluster = None,
) -> None:
    """Measure the stylised facts that the model must show at once, over plausible worlds and beside a bare queue."""
    common = Common(seed, district, settings, rules, worlds, ensemble)
    execute_study(
        partial(of_patterns, ids, regime, pairs, file, null=not no_null, common=common),
        partial(where_of, jobs, executor, scheduler, cluster),
        Flags(out, lang, as_json, quiet, dry_run),
    )
