"""Run a study as it is laid out: skip what is finished, run the rest, keep every chunk, say where it comes from."""

from __future__ import annotations

import dataclasses
import errno
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.ensemble import WORLDS_TABLE, mark_of_study, table_of
from experiments.design.plan import Base, Plan, Task
from experiments.errors import Interrupted, Unwritable, WrongInput, raise_if_any
from experiments.runner import Where, usable_processors
from experiments.runner.agenda import Agenda, Remaining, agenda_of
from experiments.runner.progress import reporter, stop_on_signals
from experiments.runner.worker import SERIES, Reduction, Simulation
from experiments.store.files import now, one_writer
from experiments.store.shards import RunSink, design_table, write_shard
from experiments.store.store import Study, read_manifest

if TYPE_CHECKING:
    from rich.console import Console

MANIFEST_SECONDS = 5.0  # seconds between two manifests while runs are planned that were not known at the start

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
"""What the system says when a folder can no longer be written."""


@dataclass(frozen=True)
class Layout:
    """A study laid out: what is run, in what order, and what is kept of a run.

    Attributes:
        reduction: Applied to runs whose series are kept.
        tasks: Runs in the order in which they are wanted, where these are not the replicates of every point.
        decides: Returns a fresh agenda, given the study's folder, where results decide what is run.
    """

    plan: Plan
    reduction: Reduction = SERIES
    tasks: Sequence[Task] | None = None
    decides: Callable[[Path], Agenda] | None = None

    def agenda(self, folder: Path) -> Agenda:
        """Return a fresh agenda of the study in a folder."""
        if self.decides is not None:
            return self.decides(folder)
        return agenda_of(self.plan) if self.tasks is None else Agenda(self.plan.points, self.tasks)

    def work(self, folder: Path | None = None) -> Simulation:
        """Return what a worker does for a run; event logs go into the study's folder."""
        scenarios = tuple(base.scenario for base in self.plan.bases)
        events = folder.absolute() / "events" if folder else None
        return Simulation(scenarios, self.plan.outcomes, self.reduction, events)

    def run(self, out: Path, where: Where, console: Console, quiet: bool = False) -> Study:
        """Run what is missing of the study.

        Args:
            out: Parent folder.
            console: Standard error, for damage and, unless quiet, progress.

        Returns:
            With every run that the agenda wants finished or failed.

        Raises:
            WrongInput: If the folder cannot be written or another process writes it.
            Unwritable: If the disk is full, or the folder can no longer be written.
            Interrupted: After Ctrl-C; what is finished is kept.
        """
        _check_code(self.plan)
        folder = out / self.plan.folder_name
        study = Study(folder, self.plan.outcomes, lambda words: console.print(words, highlight=False))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongInput([f"--out {out}: {error.strerror}: {error.filename}. Name a writable folder."]) from error
        try:
            with one_writer(folder) as token:
                study.open_for_writing()
                sink = RunSink(folder.absolute(), self.plan.outcomes, token)
                _Execution(self, study).run(where, sink, console, quiet)
                study.clear_unfinished()
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise Unwritable(
                f"{folder}: {error.strerror}. All finished runs are kept. Free space or make the folder writable, "
                "then repeat the command: it resumes where it stopped."
            ) from error
        return study


def _check_code(plan: Plan) -> None:
    """Compile own rules, so that what cannot be is told at once; refuse rules that were replaced in memory."""
    from model import ConfigError, prepare, replaced_in_memory

    if replaced := replaced_in_memory():
        raise WrongInput([
            f"{name}: was replaced in memory, where studies neither find it nor name it. Put it into a file of own "
            "rules (--rules FILE.py, rules=)." for name in replaced
        ])  # fmt: skip
    problems = list[str]()
    for scenario in {base.scenario.own: base.scenario for base in plan.bases if base.scenario.own}.values():
        try:
            prepare(scenario)
        except ConfigError as error:
            problems += error.problems
    raise_if_any(problems)


class _Execution:
    """One execution of a study, from what is on disk to the end or the interruption."""

    def __init__(self, layout: Layout, study: Study) -> None:
        self.layout, self.study = layout, study
        self.agenda = Remaining(layout.agenda(study.folder), study.known())
        self.kept = read_manifest(study.folder) if (study.folder / "manifest.json").exists() else {}
        started = self.kept["started"] if self.kept else now()
        self.manifest = _manifest(layout.plan) | {"started": started}
        self._written = (0, 0, 0.0)

    def run(self, where: Where, sink: RunSink, console: Console, quiet: bool) -> None:
        """Run what is missing."""
        agenda, study, request = self.agenda, self.study, self.manifest["request"]
        if not agenda.ready and self.kept:
            if self.kept["request"] != request:  # titles and the like, which are not in the folder's name
                study.write_manifest(self.kept | {"request": request})
            return
        self._write()
        with stop_on_signals() as stop, reporter(console, lambda: agenda.planned, agenda.found, quiet) as report:
            if agenda.ready:
                executor = where.executor(agenda.ready)
                for chunk in executor.execute(self.layout.work(study.folder), sink, agenda, stop):
                    study.record(chunk, sink, self.layout.plan.command)
                    for each in chunk:
                        agenda.learn(each.task, each.result.outcomes if each.result else None)
                    report(chunk)
                    points, planned, last = self._written
                    more = (points, planned) != (len(agenda.points), agenda.planned)
                    if more and time.monotonic() >= last + MANIFEST_SECONDS:
                        self._write()
        done, failed = self._write(ended=now())
        if stop.requested and done + failed < agenda.planned:
            raise Interrupted(
                f"{done} of {agenda.planned} runs are kept in {study.folder}. Repeat the command to resume."
            )

    def _write(self, ended: str | None = None) -> tuple[int, int]:
        """Write manifest and, where it has grown, design; return the runs done and failed."""
        study, agenda = self.study, self.agenda
        if len(agenda.points) != self._written[0]:
            write_shard(study.folder / "design.parquet", design_table(self.layout.plan, agenda.points))
            if worlds := self.layout.plan.worlds:
                write_shard(study.folder / WORLDS_TABLE, table_of(worlds, mark_of_study(self.layout.plan.study)))
        progress = study.progress(agenda.planned)
        end = {"ended": ended, "runs_hash": study.runs_hash() if ended else None}
        study.write_manifest(self.manifest | end | progress)
        self._written = (len(agenda.points), agenda.planned, time.monotonic())
        return progress["done"], progress["failed"]


PACKAGES = (
    "whistle-abm", "numpy", "numba", "llvmlite", "scipy", "pydantic", "PyYAML", "mesa", "pyarrow", "duckdb",
    "pandas", "SALib", "scikit-learn", "optuna", "distributed", "matplotlib", "typer", "rich",
)  # fmt: skip
"""Distributions whose versions a reader needs to repeat a study."""


def _manifest(plan: Plan) -> dict[str, Any]:
    """Return what is run, with which code, on which machine."""
    bases = [
        {"label": base.label, "regime": base.regime, "settings": dict(base.settings),
         "configuration": base.configuration({}), "resolved": base.resolved, **_own(base)}
        for base in plan.bases
    ]  # fmt: skip
    return {
        "request": plan.study.to_dict(),
        "fingerprint": plan.fingerprint,
        "outcomes": list(plan.outcomes),
        "district": dataclasses.asdict(plan.bases[0].scenario.district_title),
        "bases": bases,
        "worlds": len(plan.worlds),
        "seed": plan.study.seed,
        "ended": None,
        "code": _code(),
        "packages": {name: _version(name) for name in PACKAGES},
        "python": sys.version.split()[0],
        "machine": {
            "system": platform.platform(),
            "processor": platform.processor() or platform.machine(),
            "processors": usable_processors(),
        },
    }


def _own(base: Base) -> dict[str, Any]:
    """Return what a manifest says of a base's own rules, whose text stands in `resolved`, and expectations."""
    own, expects = base.scenario.own, base.scenario.expects
    told = {"own_rules": own.told(base.scenario.habits.own) | {"words": own.words()}} if own else {}
    return told | ({"expects": dict(expects)} if expects else {})


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _code() -> dict[str, Any]:
    """Return commit and whether files differ from it; both None outside a clone."""
    folder = Path(__file__).parents[2]

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8", timeout=10, check=True
        )
        return done.stdout.strip()

    try:
        # check the top level: an installed copy may lie inside another project's clone
        if Path(git("rev-parse", "--show-toplevel")).resolve() == folder.resolve():
            return {
                "commit": git("rev-parse", "HEAD"),
                "dirty": bool(git("status", "--porcelain", "--untracked-files=no")),
            }
    except (OSError, subprocess.SubprocessError):
        pass
    return {"commit": None, "dirty": None}
