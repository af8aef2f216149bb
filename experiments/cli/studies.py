"""Commands of studies.

One for each kind (`whistle sweep`, …), `study` for any, `compare` and `patterns`, whose flags make the study, and
`status`, `resume`, `report` for those on disk.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli import options
from experiments.cli.execute import Flags, execute, execute_study, write_results
from experiments.cli.terminal import error_console, guarded, print_json
from experiments.console import show
from experiments.errors import WrongInput, raise_if_any
from experiments.logs import formats_text
from experiments.messages import Language, msg
from experiments.studies import help_of, kinds

if TYPE_CHECKING:
    from experiments.design.studyfile import StudyFile

ANY = "study"  # the command that takes every kind
OF_FLAGS = ("compare", "patterns")  # kinds whose commands make the study from flags
WORLDS = "worlds"  # the kind whose command shows what is known already where no file is given
LOGGED = "calibrate"  # the kind whose targets may be measured from a log

DEFAULT_REGIMES = ("inverted", "rules_only", "placement_only", "flattened")
"""The 2 × 2, so that nobody takes a gain of placement for a gain of rules."""

NEUTRAL = "staff.capacity_neutral=true"  # the setting that --capacity-neutral stands for
PAIRS_OF_ONE_WORLD, PAIRS_A_WORLD = 30, 1.5  # of a comparison where nobody asks: half of the worlds tell what luck does
PAIRS = 20  # runs of each arm where nobody asks for another number


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
        from experiments.design.reading import read_study
        from experiments.studies import OPTIONS

        given, places = read_study(study, OPTIONS)
        if name not in (ANY, given.experiment):
            other = ANY if given.experiment in OF_FLAGS else given.experiment
            raise WrongInput([
                f"{places('experiment')}expected {name}, got '{given.experiment}'. Run whistle {other} {study}"
            ])  # fmt: skip
        told = {"worlds": options.checked_worlds(worlds), "ensemble": str(ensemble.absolute()) if ensemble else None,
                "rules": options.checked_rules(rules)}  # fmt: skip
        over = {key: value for key, value in told.items() if value is not None}
        changed = _changed(given.model_copy(update=over), seed, district, settings or [], log)
        flags = Flags(out, options.where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
        execute_study(changed, places, flags)

    command.__doc__ = "Any study, whatever its kind." if name == ANY else help_of(name)
    return command


def _changed(
    study: StudyFile, seed: int | None, district: str | None, settings: list[str], log: Path | None
) -> StudyFile:
    """Return the study with what the command line says over it."""
    from experiments.design.reading import parse_overrides
    from experiments.design.studyfile import resolved_path

    changes: dict[str, Any] = {}
    if seed is not None:
        changes["seed"] = options.checked_seed(seed)
    if district is not None:
        changes["district"] = resolved_path(district, Path())
    if settings:
        changes["set"] = {**study.set, **parse_overrides(settings)}
    if log is not None:
        if study.experiment != LOGGED:
            raise WrongInput([f"--log: expected a study of kind {LOGGED}, got {study.experiment}."])
        if not log.is_file():
            raise WrongInput([f"--log: expected the path of an event log ({formats_text()}), but {log} is not a file."])
        named = {**study.analysis.get("log", {}), "file": str(log.absolute())}
        changes["analysis"] = {**study.analysis, "log": named}
    return study.model_copy(update=changes)


@guarded
def status(folder: options.StudyFolder, lang: options.Lang = Language.EN, as_json: options.Json = False) -> None:
    """Show how many runs of a study are planned, done and failed."""
    from experiments.store.store import Study, read_manifest

    manifest = read_manifest(folder)
    progress = Study(folder, manifest["outcomes"], error_console().print).progress(manifest["planned"])
    print_json(progress) if as_json else show(msg("status", lang, folder=folder, **progress))


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
    from experiments.design.reading import Places
    from experiments.store.opened import open_study
    from experiments.studies import kind_of

    study = open_study(folder).study
    kind = kind_of(study.experiment)
    layout = kind.lay_out(study, Places())
    if layout.plan.folder_name != folder.absolute().name:
        raise WrongInput([
            f"{folder}: expected the folder name '{layout.plan.folder_name}'. The code or configuration has changed "
            "since this study was started (or the folder was renamed), so no new runs can be added. Start a new study "
            "with the command that made it, or restore the folder's name."
        ])  # fmt: skip
    where = options.where_of(jobs, executor, scheduler, cluster)
    execute(kind, layout, Flags(folder.absolute().parent, where, lang, as_json, quiet))


@guarded
def report(folder: options.StudyFolder, lang: options.Lang = Language.EN, as_json: options.Json = False) -> None:
    """Rebuild tables, charts and report from the runs on disk; nothing is run."""
    from experiments.store.opened import open_study
    from experiments.studies import kind_of

    opened = open_study(folder)
    flags = Flags(folder.absolute().parent, options.where_of(1), lang, as_json)
    write_results(kind_of(opened.study.experiment), opened, flags)


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
    district: options.District = "chaoyang",
    settings: options.Settings = None,
    rules: options.Rules = None,
    capacity_neutral: options.CapacityNeutral = False,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    dry_run: options.DryRun = False,
    executor: options.ExecutorName = None,
    scheduler: options.Scheduler = None,
    cluster: options.Cluster = None,
) -> None:
    """Compare regimes on the same requests and random seeds; repeating the command goes on where it stopped."""
    from experiments.design.reading import Places, parse_overrides
    from experiments.design.studyfile import Replicates, StudyFile, resolved_path

    named = tuple(resolved_path(regime, Path()) for regime in regimes or DEFAULT_REGIMES)
    problems = [f"compare: expected two or more regimes, got one ({named[0]})."] if len(named) < 2 else []
    problems += [f"regime '{regime}': expected once in a study, got it more than once."
                 for regime in sorted(set(named)) if named.count(regime) > 1]  # fmt: skip
    if not re.fullmatch(r"[\w][\w.-]*", study):
        problems.append(f"--study: expected letters, digits, '_', '-' or '.', got '{study}'.")
    raise_if_any(problems)
    asked = StudyFile(
        name=study, experiment="compare", regimes=named, district=resolved_path(district, Path()),
        set=parse_overrides([*(settings or ()), *([NEUTRAL] if capacity_neutral else [])]),
        replicates=Replicates(fixed=pairs or 1), seed=options.checked_seed(seed), series=True,
        worlds=options.checked_worlds(worlds), ensemble=str(ensemble.absolute()) if ensemble else None,
        rules=options.checked_rules(rules),
    )  # fmt: skip
    asked = asked if pairs else StudyFile(**{**asked.model_dump(), **_enough(asked)})
    flags = Flags(out, options.where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
    execute_study(asked, Places(), flags)


def _enough(study: StudyFile) -> dict[str, Any]:
    """Return worlds and pairs of a comparison where nobody says how many, or pairs of the district as it is written."""
    from experiments.design.ensemble import REFERENCE, USUAL, read_ensemble, shipped_ensemble

    table = Path(study.ensemble) if study.ensemble else shipped_ensemble(study.district)
    if study.worlds == REFERENCE or (study.worlds is None and table is None):
        return {"replicates": {"fixed": PAIRS_OF_ONE_WORLD}}
    worlds = study.worlds
    if table is not None and worlds is None:
        with suppress(WrongInput):  # which is told with all else that is wrong
            worlds = min(USUAL, len(read_ensemble(table).worlds))
    worlds = int(worlds or USUAL)
    return {"worlds": worlds, "replicates": {"fixed": math.ceil(PAIRS_A_WORLD * worlds)}}


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
    from experiments.design.ensemble import shipped_ensemble
    from experiments.messages import in_language
    from experiments.studies.worlds import EnsembleResults

    path = ensemble or shipped_ensemble(district or "chaoyang")
    if path is None:
        raise WrongInput([f"--district {district}: has no plausible worlds. Make them: whistle worlds STUDY."])
    with in_language(lang):
        results = EnsembleResults(path)
        if reference:
            typer.echo(results.reference(), nl=False)
            return
        print_json(results.as_json()) if as_json else show(*results.blocks())


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
    district: options.District = "chaoyang",
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
    options.checked_seed(seed)
    from experiments.design.patterns import PatternOptions, chosen, patterns_file, patterns_study, read_patterns
    from experiments.design.reading import Places, parse_overrides
    from experiments.design.studyfile import resolved_path

    facts = chosen(read_patterns(file or patterns_file()), ids or ())
    named = resolved_path(regime, Path()) if regime else None
    asked = PatternOptions(patterns=facts, regime=named, null=not no_null)
    place = resolved_path(district, Path())
    study = patterns_study(asked, pairs, seed, place, parse_overrides(settings or ())).model_copy(
        update={
            "worlds": options.checked_worlds(worlds),
            "ensemble": str(ensemble.absolute()) if ensemble else None,
            "rules": options.checked_rules(rules),
        }
    )
    flags = Flags(out, options.where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
    execute_study(study, Places(), flags)
