"""`whistle status`, `resume` and `report`: studies on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.execute import Flags, execute, write_results
from experiments.cli.guard import guarded, print_json, say_to
from experiments.cli.options import (
    Cluster,
    ExecutorName,
    Jobs,
    Json,
    Lang,
    Quiet,
    Scheduler,
    StudyFolder,
    where_of,
)
from experiments.console import show
from experiments.errors import WrongInput
from experiments.messages import Language, in_language, msg

if TYPE_CHECKING:
    from experiments.kinds import Kind, Layout

__all__ = ["report", "resume", "status"]


@guarded
def status(folder: StudyFolder, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Show how many runs of a study are planned, done and failed."""
    from experiments.store.store import Study, read_manifest

    manifest = read_manifest(folder)
    progress = Study(folder, manifest["outcomes"], say_to().print).progress(manifest["planned"])
    if as_json:
        print_json(progress)
    else:
        show(msg("status", lang, folder=folder, **progress))


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
    kind, layout = _laid_out_again(folder)
    flags = Flags(folder.absolute().parent, where_of(jobs, executor, scheduler, cluster), lang, as_json, quiet)
    execute(kind, layout, flags)


@guarded
def report(folder: StudyFolder, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Answer anew from the runs on disk: tables, figures, sentences; nothing is run."""
    from experiments.store.opened import open_study
    from experiments.studies import kind_of

    opened = open_study(folder)
    with in_language(lang):
        flags = Flags(folder.absolute().parent, where_of(1), lang, as_json)
        write_results(kind_of(opened.study.experiment), opened, flags)


def _laid_out_again(folder: Path) -> tuple[Kind, Layout]:
    from experiments.design.reading import Places
    from experiments.store.opened import open_study
    from experiments.studies import kind_of

    study = open_study(folder).study
    kind = kind_of(study.experiment)
    layout = kind.lay_out(study, Places())
    if layout.plan.folder_name != folder.absolute().name:
        raise WrongInput(
            [
                f"{folder}: expected the folder name '{layout.plan.folder_name}'. The code or configuration has "
                "changed since this study was started (or the folder was renamed), so no new runs can be added. "
                "Start a new study with the command that made it, or restore the folder's name."
            ]
        )
    return kind, layout
