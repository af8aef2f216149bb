"""Comparisons that the page runs, in processes of their own."""

import contextlib
import dataclasses
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.messages import Language
from experiments.page.kept import Kept, keep, kept
from experiments.page.package import Package, numbered
from experiments.runner import usable_processors

POLL = 0.4  # seconds between two looks at the progress
BRIEFS = ("report.html", "report.pdf", "report.docx")
LAST_FILE = "figures.zip"  # of a brief that is drawn
PATIENCE = 10.0  # seconds that a cancelled command has to store what is finished
AT_ONCE = threading.BoundedSemaphore(1)  # comparisons of all tabs that run at once; the others wait their turn


@dataclasses.dataclass(frozen=True)
class Order:
    """What is compared: the first package with the others, under settings that hold for all of them.

    Attributes:
        district: Folder of one's own; None: the shipped one.
    """

    packages: tuple[Package, ...]
    pairs: int
    seed: int
    settings: Mapping[str, object]
    district: Path | None = None


@dataclasses.dataclass(frozen=True)
class Finished(Kept):
    """A finished comparison, and the folder of its study in that of the job."""

    order: Order
    study: Path

    def drawn(self, language: Language) -> bool:
        """Whether its brief has been drawn in a language."""
        return (self.results / str(language) / LAST_FILE).exists()


def finished(token: str) -> Finished | None:
    """Return the comparison that is kept under a token, None where there is none (any more)."""
    found = kept(token)
    return found if isinstance(found, Finished) else None


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a comparison is, in runs."""

    phase: str = "idle"  # or "waiting", "running", "drawing", "done", "drawn", "cancelled", "failed"
    done: int = 0
    planned: int = 0
    trouble: str = ""  # why it failed

    @property
    def busy(self) -> bool:
        """Whether it has not ended."""
        return self.phase in ("waiting", "running", "drawing")


class Command(threading.Thread, ABC):
    """A command that one tab wants; `show` takes its progress whenever it changes, in this thread."""

    def __init__(self, folder: Path, show: Callable[[Progress], None], planned: int = 0) -> None:
        super().__init__(daemon=True, name="whistle-compare")
        self._folder, self._show = folder, show
        self._cancelled = threading.Event()
        self._progress = Progress(planned=planned)

    @abstractmethod
    def work(self) -> None:
        """Do it, once it is its turn."""

    @property
    def study(self) -> Path | None:
        """Folder of the study, once there is one."""
        return next((path for path in self._folder.glob("out/*") if (path / "manifest.json").exists()), None)

    def cancel(self) -> None:
        """End it; what is finished stays until `close`."""
        self._cancelled.set()

    def close(self) -> None:
        """End it; returns at once, and nothing more is shown."""
        self._show = lambda _: None
        self.cancel()

    def run(self) -> None:
        try:
            self._report("waiting")
            while not AT_ONCE.acquire(timeout=POLL):
                if self._cancelled.is_set():
                    return self._report("cancelled")
            try:
                self.work()
            finally:
                AT_ONCE.release()
        except Exception as error:  # whatever failed is shown on the page instead of dying unseen
            self._report("failed", trouble=f"{type(error).__name__}: {error}")

    def _report(self, phase: str, **changes: Any) -> None:
        self._progress = dataclasses.replace(self._progress, phase=phase, **changes)
        self._show(self._progress)

    def _succeeds(self, arguments: Sequence[str]) -> bool:
        """Run a command to its end, reporting progress; unless it succeeded, report why and return False.

        One that is cancelled is interrupted, at last killed.
        """
        with (self._folder / "errors.txt").open("w+", encoding="utf-8") as errors:
            command, deadline = [sys.executable, "-m", "experiments.cli", *arguments], float("inf")
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, text=True)
            while process.poll() is None:
                time.sleep(POLL)
                if self._cancelled.is_set():
                    deadline = min(deadline, time.monotonic() + PATIENCE)
                    if time.monotonic() > deadline:
                        process.kill()
                    else:
                        process.send_signal(signal.SIGINT)
                elif self.study is not None and self._progress.phase == "running":
                    self._report("running", done=_finished_runs(self.study))
            errors.seek(0)
            text = errors.read()
        if self._cancelled.is_set():
            self._report("cancelled")
        elif process.returncode != 0:
            self._report("failed", trouble=text.strip()[-2000:])
        return process.returncode == 0 and not self._cancelled.is_set()


class Job(Command):
    """One comparison, whose numbers can be shown as soon as its runs are done."""

    def __init__(self, order: Order, show: Callable[[Progress], None]) -> None:
        self._kept_in = tempfile.TemporaryDirectory(prefix="whistle-", ignore_cleanup_errors=True)
        super().__init__(Path(self._kept_in.name), show, len(order.packages) * order.pairs)
        self._order = order
        self.token = secrets.token_urlsafe(24)

    def close(self) -> None:
        """End it and remove everything but a finished result; returns at once, and nothing more is shown."""

        def clear() -> None:
            self.join(2 * PATIENCE)
            if finished(self.token) is None:
                self._kept_in.cleanup()

        super().close()
        threading.Thread(target=clear, daemon=True, name="whistle-clear").start()

    def work(self) -> None:
        self._report("running")
        if not self._succeeds([*arguments_of(self._order, self._folder), "--no-report"]):
            return
        study = self.study
        assert study is not None
        done = Finished(self.token, self._kept_in, self._order, study)
        _pack_data(done)
        keep(done)
        self._report("done", done=self._progress.planned)


class Drawing(Command):
    """The brief of a finished comparison in one language, with its figures."""

    def __init__(self, done: Finished, language: Language, show: Callable[[Progress], None]) -> None:
        super().__init__(Path(done.folder.name), show)
        self._done, self._language = done, language

    def work(self) -> None:
        if not self._done.drawn(self._language):
            self._report("drawing")
            if not self._succeeds(["report", str(self._done.study), "--lang", str(self._language)]):
                return
            _collect(self._done, self._language)
        self._report("drawn")


def _collect(done: Finished, language: Language) -> None:
    """Copy what can be downloaded in a language."""
    target = done.results / str(language)
    drawn = target / "figures"
    drawn.mkdir(parents=True, exist_ok=True)
    for name in BRIEFS:
        shutil.copyfile(done.study / name, target / name)
    figures = done.study / "figures" / ("zh" if language is Language.ZH else "")
    for path in (*figures.glob("*.svg"), *figures.glob("*.png")):
        shutil.copyfile(path, drawn / path.name)
    shutil.make_archive(str(target / "figures"), "zip", drawn)


def _pack_data(done: Finished) -> None:
    """Pack the study without figures and reports, and its rules."""
    rules = Path(done.folder.name) / "rules"
    with tempfile.TemporaryDirectory() as packed:
        left_out = shutil.ignore_patterns("figures", "report.*", ".lock", ".writer.json")
        shutil.copytree(done.study, Path(packed) / done.study.name, ignore=left_out)
        if rules.is_dir():
            shutil.copytree(rules, Path(packed) / "rules")
        shutil.make_archive(str(done.results / "data"), "zip", packed)


def arguments_of(order: Order, folder: Path) -> list[str]:
    """Return the arguments of the command that compares in a folder, where packages that were changed go as files."""
    regimes = list[str]()
    for package, number in zip(order.packages, numbered(order.packages), strict=True):
        path = folder / "rules" / package.file(number)
        if package.values:
            path.parent.mkdir(exist_ok=True)
            path.write_text(package.yaml(number), encoding="utf-8")
        regimes.append(str(path) if package.values else package.preset)
    options: list[tuple[str, object]] = [("--set", f"{key}={value}") for key, value in order.settings.items()]
    options += [("--pairs", order.pairs), ("--seed", order.seed), ("--out", folder / "out")]
    options += [("--jobs", max(1, usable_processors() - 1))]
    options += [] if order.district is None else [("--district", order.district)]
    return ["compare", *regimes, "--quiet", *(str(part) for option in options for part in option)]


def _finished_runs(study: Path) -> int:
    """Return how many runs are on disk."""
    import pyarrow.parquet as pq

    count = 0
    for shard in (study / "runs").glob("part-*.parquet"):
        with contextlib.suppress(OSError, ValueError):  # it is being renamed
            count += pq.read_metadata(shard).num_rows
    return count
