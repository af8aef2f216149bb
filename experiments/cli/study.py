"""A command for each kind of study (`whistle sweep`, …), and `study` for any of them: from one YAML file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli.execute import Flags, execute_study
from experiments.cli.guard import guarded
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
    StudyOut,
    StudySeed,
    checked_seed,
    where_of,
)
from experiments.errors import WrongInput
from experiments.messages import Language
from experiments.studies import help_of, kinds

if TYPE_CHECKING:
    from experiments.design.studyfile import StudyFile

__all__ = ["ALL", "command_for", "kinds_with_command"]

ALL = "study"
"""The command that takes every kind."""


OWN_MODULE = ("compare", "patterns")
"""Kinds whose commands take more than a study's file; each has a module of its own beside this one."""


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

        asked, places = read_study(study, OPTIONS)
        if name not in (ALL, asked.experiment):
            other = ALL if asked.experiment in OWN_MODULE else asked.experiment
            raise WrongInput(
                [
                    f"{places('experiment')}expected {name}, got '{asked.experiment}'. "
                    f"Run it with: whistle {other} {study}"
                ]
            )
        changed = _with_log(_with_flags(asked, seed, district, settings), log)
        flags = Flags(out, where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet, dry_run)
        execute_study(changed, places, flags)

    command.__doc__ = "Any study, whatever its kind." if name == ALL else help_of(name)
    return command


LOGGED = "calibrate"
"""The kind whose targets may be measured from a log."""


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
        raise WrongInput([f"--log: expected the path of an event log (CSV, gz or Parquet), but {log} is not a file."])
    named = {**study.analysis.get("log", {}), "file": str(log.absolute())}
    return study.model_copy(update={"analysis": {**study.analysis, "log": named}})
