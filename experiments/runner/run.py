"""Carry out a plan: skip what is finished, run the rest, keep every chunk."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from experiments.design.plan import Plan
from experiments.errors import Interrupted, Unwritable, WrongInput
from experiments.runner.agenda import Agenda, Remaining
from experiments.runner.chunks import Work
from experiments.runner.executors import Executor
from experiments.runner.interruption import stop_on_signals
from experiments.runner.progress import reporter
from experiments.store.lock import one_writer
from experiments.store.provenance import now, provenance
from experiments.store.shelf import Shelf
from experiments.store.store import Study, read_manifest

__all__ = ["Orders", "Progress", "carry_out", "progress_of"]

MANIFEST_SECONDS = 5.0
"""At most so often is the manifest written anew while runs are planned that were not known at the start."""

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
"""What the system says when a folder can no longer be written."""


@dataclass(frozen=True)
class Progress:
    """Runs of a study, by how they stand."""

    planned: int
    done: int
    failed: int


@dataclass(frozen=True)
class Orders:
    """What it takes to carry out a plan.

    Attributes
    ----------
    plan : Plan
    agenda : Agenda
        Which runs, and in what order.
    work : callable
        Returns the work for a study's folder.
    executor : callable
        Returns the executor for a number of tasks.
    """

    plan: Plan
    agenda: Agenda
    work: Callable[[Path], Work]
    executor: Callable[[int], Executor]


def carry_out(orders: Orders, out: Path, console: Console, quiet: bool = False) -> Study:
    """Run what is missing of a study.

    Parameters
    ----------
    orders : Orders
    out : Path
        Parent folder.
    console : Console
        Standard error, for progress and damage.
    quiet : bool
        Show no progress.

    Returns
    -------
    Study
        With every run that the agenda wants finished or failed.

    Raises
    ------
    WrongInput
        If the folder cannot be written or another process writes it.
    Unwritable
        If the disk is full, or the folder can no longer be written.
    Interrupted
        After Ctrl-C; what is finished is kept.
    """
    plan = orders.plan
    study = Study(out / plan.folder_name, plan.outcomes, lambda words: console.print(words, highlight=False))
    try:
        study.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongInput([f"--out {out}: {error.strerror}: {error.filename}. Name a writable folder."]) from error
    with _writable(study.folder), one_writer(study.folder) as token:
        study.open_for_writing()
        _Execution(orders, study, Shelf(study.folder.absolute(), plan.outcomes, token)).run(console, quiet)
        study.clear_unfinished()
    return study


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Unwritable(
            f"{folder}: {error.strerror}. All finished runs are kept. Free space or make the folder writable, "
            "then repeat the command: it resumes where it stopped."
        ) from error


class _Execution:
    """One execution of a study, from what lies on disk to the end or the interruption."""

    def __init__(self, orders: Orders, study: Study, shelf: Shelf) -> None:
        self.orders, self.study, self.shelf = orders, study, shelf
        self.agenda = Remaining(orders.agenda, study.known())
        self.manifest = _manifest(orders.plan) | {"started": study.started() or now()}
        self._written = (0, 0, 0.0)

    def run(self, console: Console, quiet: bool) -> None:
        """Run what is missing."""
        if not self.agenda.ready and (self.study.folder / "manifest.json").exists():
            self._renew_words()
            return
        self._write()
        found, agenda = self.agenda.found, self.agenda
        with stop_on_signals() as stop, reporter(console, lambda: agenda.planned, found, quiet) as bar:
            if agenda.ready:
                work, executor = self.orders.work(self.study.folder), self.orders.executor(agenda.ready)
                for chunk in executor.execute(work, self.shelf, agenda, stop):
                    self.study.keep(chunk, self.shelf, lambda done: self.orders.plan.command(done.task))
                    agenda.hear(chunk)
                    bar.add(chunk)
                    self._write(MANIFEST_SECONDS)
        stand = progress_of(self.study, agenda.planned)
        self._write(ended=now(), stand=stand)
        if stop.requested and stand.done + stand.failed < stand.planned:
            raise Interrupted(
                f"{stand.done} of {stand.planned} runs are kept in {self.study.folder}. Repeat the command to resume."
            )

    def _renew_words(self) -> None:
        """Keep what is asked as the file has it now: titles and the like are not in the folder's name."""
        kept, asked = read_manifest(self.study.folder), self.manifest["request"]
        if kept["request"] != asked:
            self.study.write_manifest(kept | {"request": asked})

    def _write(self, patience: float = 0.0, ended: str | None = None, stand: Progress | None = None) -> None:
        """Write design and manifest where more is planned than was written."""
        points, planned, last = self._written
        known = (len(self.agenda.points), self.agenda.planned)
        if stand is None and (known == (points, planned) or time.monotonic() < last + patience):
            return
        if known[0] != points:
            self.study.write_design(self.orders.plan, self.agenda.points)
        stand = stand or progress_of(self.study, self.agenda.planned)
        end = {"ended": ended, "runs_hash": self.study.runs_hash() if ended else None}
        self.study.write_manifest(self.manifest | end | asdict(stand))
        self._written = (*known, time.monotonic())


def progress_of(study: Study, planned: int) -> Progress:
    """Count the runs that are done and those that failed."""
    return Progress(planned, study.count(), len(study.failures()))


def _manifest(plan: Plan) -> dict[str, Any]:
    return {
        "request": plan.study.to_dict(),
        "fingerprint": plan.fingerprint,
        "outcomes": list(plan.outcomes),
        "bases": [
            {
                "label": base.label,
                "regime": base.regime,
                "settings": dict(base.settings),
                "configuration": base.configuration.with_values({}),
                "resolved": base.resolved,
            }
            for base in plan.bases
        ],
        "seed": plan.study.seed,
        "ended": None,
        **provenance(),
    }
