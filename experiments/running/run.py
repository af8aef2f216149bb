"""Carry out a plan: skip what is finished, run the rest, keep every chunk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from experiments.disk.lock import one_writer
from experiments.disk.provenance import now, provenance
from experiments.disk.store import Study
from experiments.errors import Interrupted, WrongInput
from experiments.planning.plan import Plan, digest
from experiments.running.executors import Executor, Work
from experiments.running.interruption import stop_on_signals
from experiments.running.progress import Reporter, reporter

__all__ = ["Progress", "carry_out", "progress_of"]


@dataclass(frozen=True)
class Progress:
    """Runs of a study, by how they stand."""

    planned: int
    done: int
    failed: int


def carry_out(
    plan: Plan, out: Path, work: Work, executor: Callable[[int], Executor], console: Console, quiet: bool = False
) -> Study:
    """Run what is missing of a study.

    Parameters
    ----------
    plan : Plan
        The runs.
    out : Path
        Parent folder.
    work : Work
        Done for each task.
    executor : callable
        Returns the executor for a number of tasks.
    console : Console
        Standard error, for progress and damage.
    quiet : bool
        Show no progress.

    Returns
    -------
    Study
        With every planned run finished or failed.

    Raises
    ------
    WrongInput
        If the folder cannot be written or another process writes it.
    Interrupted
        After Ctrl-C; what is finished is kept.
    """
    study = Study(out / plan.folder_name, plan.outcomes, lambda words: console.print(words, highlight=False))
    try:
        study.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongInput(
            [f"--out {out}: {error.strerror}: {error.filename}; allowed: a folder to write in."]
        ) from error
    with one_writer(study.folder):
        study.open_for_writing()
        _run_missing(plan, study, work, executor, console, quiet)
    return study


def _run_missing(
    plan: Plan, study: Study, work: Work, executor: Callable[[int], Executor], console: Console, quiet: bool
) -> None:
    finished = study.finished()
    missing = [task for task in plan.tasks if (task.key, task.point) not in finished]
    manifest = _manifest(plan) | {"started": study.started() or now()}
    if missing or not (study.folder / "manifest.json").exists():
        study.write_design(plan)
        study.write_manifest(manifest | asdict(progress_of(study, len(plan.tasks))))
    if not missing:
        return
    with stop_on_signals() as stop, reporter(console, len(plan.tasks), len(plan.tasks) - len(missing), quiet) as bar:
        _store_chunks(plan, study, executor(len(missing)).execute(work, missing, stop), bar)
    stand = progress_of(study, len(plan.tasks))
    study.write_manifest(manifest | {"ended": now()} | asdict(stand))
    if stop.requested and stand.done + stand.failed < stand.planned:
        raise Interrupted(
            f"{stand.done} of {stand.planned} runs are kept in {study.folder}; repeat the command to go on."
        )


def _store_chunks(plan: Plan, study: Study, chunks: Any, bar: Reporter) -> None:
    for chunk in chunks:
        study.add(chunk, lambda done: plan.command(done.task))
        bar.add(chunk)


def progress_of(study: Study, planned: int) -> Progress:
    """Count the runs that are done and those that failed."""
    return Progress(planned, study.runs().num_rows, len(study.failures()))


def _manifest(plan: Plan) -> dict[str, Any]:
    return {
        "request": asdict(plan.request),
        "fingerprint": plan.fingerprint,
        "outcomes": list(plan.outcomes),
        "points": [
            {"label": point.label, "configuration": digest(point.resolved), "resolved": point.resolved}
            for point in plan.points
        ],
        "seed": plan.request.seed,
        "ended": None,
        **provenance(),
    }
