"""`whistle status` and `whistle resume`: studies on disk."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from experiments.commands.compare import conduct
from experiments.commands.guard import guarded, print_json, say_to, show
from experiments.commands.options import Jobs, Json, Lang, Quiet, StudyFolder
from experiments.errors import WrongInput
from experiments.planning.plan import Plan, Request, make_plan
from experiments.words import Language

__all__ = ["resume", "status"]


@guarded
def status(folder: StudyFolder, as_json: Json = False) -> None:
    """Show how many runs of a study are planned, done and failed."""
    from experiments.disk.store import Study, read_manifest
    from experiments.running.run import progress_of

    manifest = read_manifest(folder)
    stand = progress_of(Study(folder, manifest["outcomes"], say_to().print), manifest["planned"])
    if as_json:
        print_json(asdict(stand))
    else:
        show(f"{folder}: {stand.done} of {stand.planned} runs done, {stand.failed} failed")


@guarded
def resume(
    folder: StudyFolder, jobs: Jobs = None, lang: Lang = Language.EN, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Go on with a study as it was asked for."""
    plan = _planned_again(folder)
    conduct(plan, folder.absolute().parent, jobs, lang, as_json, quiet)


def _planned_again(folder: Path) -> Plan:
    from experiments.disk.store import read_manifest

    request = read_manifest(folder)["request"]
    plan = make_plan(Request(**request | {"regimes": tuple(request["regimes"])}))
    if plan.folder_name != folder.absolute().name:
        raise WrongInput(
            [
                f"{folder}: this would be the study '{plan.folder_name}': the code or a configuration has changed "
                "since, or the folder was renamed; its runs cannot be joined by new ones. "
                "Start a new study with whistle compare, or give the folder its name back."
            ]
        )
    return plan
