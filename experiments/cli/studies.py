"""Commands of studies: one for each kind (`whistle sweep`, …), `study` for any, `status`, `resume`, `report`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli.execute import Flags, execute, execute_study, write_results
from experiments.cli.options import (
    Cluster,
    DryRun,
    ExecutorName,
    Jobs,
    Json,
    Lang,
    LogFile,
    Quiet,
    Scheduler,
    Settings,
    StudyArgument,
    StudyDistrict,
    StudyFolder,
    StudyOut,
    StudySeed,
    checked_seed,
    where_of,
)  # fmt: skip
from experiments.cli.terminal import error_console, guarded, print_json
from experiments.console import show
from experiments.errors import WrongInput
from experiments.logs import formats_text
from experiments.messages import Language, msg
from experiments.studies import help_of, kinds

if TYPE_CHECKING:
    from experiments.design.studyfile import StudyFile

ANY = "study"
"""The command that takes every kind."""

OWN_MODULE = ("compare", "patterns")
"""Kinds whose commands take more than a study's file; each has a module of its own beside this one."""

LOGGED = "calibrate"
"""The kind whose targets may be measured from a log."""


def kinds_with_command() -> tuple[str, ...]:
    """Return the kinds whose command takes a study's file."""
    return tuple(name for name in kinds() if name not in OWN_MODULE)


def command_for(name: str) -> Callable[..., None]:
    """Return the command for a kind of study; `study` takes every kind."""

    @guarded
    def command(
        study: StudyArgument,
        seed: StudySeed = None,
        jobs: Jobs = None,
        out: StudyOut = Path("results"),
        district: StudyDistrict = None,
        settings: Settings = None,
        log: LogFile = None,
        executor: ExecutorName = None,
        scheduler: Scheduler = None,
        cluster: Cluster = None,
        lang: Lang = Language.EN,
        as_json: Json = False,
        quiet: Quiet = False,
        dry_run: DryRun = False,
    ) -> None:
        from experiments.design.reading import read_study
        from experiments.studies import OPTIONS

        given, places = read_study(study, OPTIONS)
        if name not in (ANY, given.experiment):
            other = ANY if given.experiment in OWN_MODULE else given.experiment
            raise WrongInput([
                f"{places('experiment')}expected {name}, got '{given.experiment}'. Run whistle {other} {study}"
            ])  # fmt: skip
        changed = _with_log(_with_flags(given, seed, district, settings), log)
        flags = Flags(out, where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
        execute_study(changed, places, flags)

    command.__doc__ = "Any study, whatever its kind." if name == ANY else help_of(name)
    return command


def _with_flags(study: StudyFile, seed: int | None, district: str | None, settings: list[str] | None) -> StudyFile:
    """Return the study with what the command line says over it."""
    from experiments.design.reading import parse_overrides
    from experiments.design.studyfile import resolved_path

    changes: dict[str, Any] = {}
    if seed is not None:
        changes["seed"] = checked_seed(seed)
    if district is not None:
        changes["district"] = resolved_path(district, Path())
    if settings:
        changes["set"] = {**study.set, **parse_overrides(settings)}
    return study.model_copy(update=changes)


def _with_log(study: StudyFile, log: Path | None) -> StudyFile:
    """Return a calibration whose targets are measured from this log."""
    if log is None:
        return study
    if study.experiment != LOGGED:
        raise WrongInput([f"--log: expected a study of kind {LOGGED}, got {study.experiment}."])
    if not log.is_file():
        raise WrongInput([f"--log: expected the path of an event log ({formats_text()}), but {log} is not a file."])
    named = {**study.analysis.get("log", {}), "file": str(log.absolute())}
    return study.model_copy(update={"analysis": {**study.analysis, "log": named}})


@guarded
def status(folder: StudyFolder, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Show how many runs of a study are planned, done and failed."""
    from experiments.store.store import Study, read_manifest

    manifest = read_manifest(folder)
    progress = Study(folder, manifest["outcomes"], error_console().print).progress(manifest["planned"])
    print_json(progress) if as_json else show(msg("status", lang, folder=folder, **progress))


@guarded
def resume(
    folder: StudyFolder,
    jobs: Jobs = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
    quiet: Quiet = False,
    executor: ExecutorName = None,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
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
    where = where_of(jobs, executor, scheduler, cluster)
    execute(kind, layout, Flags(folder.absolute().parent, where, lang, as_json, quiet))


@guarded
def report(folder: StudyFolder, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Rebuild tables, charts and report from the runs on disk; nothing is run."""
    from experiments.store.opened import open_study
    from experiments.studies import kind_of

    opened = open_study(folder)
    flags = Flags(folder.absolute().parent, where_of(1), lang, as_json)
    write_results(kind_of(opened.study.experiment), opened, flags)
