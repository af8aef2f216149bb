"""Comparisons that the page runs, in processes of their own, and what is kept of them."""

from __future__ import annotations

import atexit
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
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from experiments.messages import Language
from experiments.page.package import Package
from experiments.store.provenance import usable_processors

__all__ = ["KEPT", "RESULTS", "Finished", "Job", "Order", "Stand", "finished", "keep", "new_room"]

KEPT = 24
"""So many of the newest results are kept, some three megabytes each."""


@dataclasses.dataclass(frozen=True)
class Order:
    """What is compared.

    Attributes
    ----------
    packages : tuple of Package
        The first is what the others are compared with.
    titles : tuple of dict
        Title of each by language.
    pairs, seed : int
    settings : dict
        Over every package.
    """

    packages: tuple[Package, ...]
    titles: tuple[Mapping[str, str], ...]
    pairs: int
    seed: int
    settings: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Finished:
    """What a comparison left.

    Attributes
    ----------
    token : str
        Under which it is kept; who does not know it sees nothing.
    order : Order
    study, results : Path
        Folder of the study, and of what can be taken away.
    """

    token: str
    order: Order
    study: Path
    results: Path


_KEPT: OrderedDict[str, tuple[Finished, Path]] = OrderedDict()
_TURN = threading.Lock()
_ROOMS = list[Path]()


def new_room() -> Path:
    """Return an empty folder that is gone when the server has ended."""
    with _TURN:
        if not _ROOMS:
            _ROOMS.append(Path(tempfile.mkdtemp(prefix="whistle-")))
            atexit.register(shutil.rmtree, _ROOMS[0], ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=_ROOMS[0]))


def keep(done: Finished, room: Path) -> None:
    """Keep a result, whose room is cleared away when it is pushed out."""
    with _TURN:
        _KEPT[done.token] = done, room
        old = [_KEPT.popitem(last=False)[1][1] for _ in range(len(_KEPT) - KEPT)]
    for each in old:
        shutil.rmtree(each, ignore_errors=True)


def finished(token: str) -> Finished | None:
    """Return what is kept under a token, None where there is nothing (any more)."""
    with _TURN:
        found = _KEPT.get(token)
    return found[0] if found else None


POLL = 0.4
"""Seconds between two looks at how far it is."""

PATIENCE = 10.0
"""Seconds that a cancelled command has to put away what is finished."""

AT_ONCE = threading.BoundedSemaphore(1)
"""Comparisons of all tabs that run at once; the others wait their turn."""

RESULTS = ("report.html", "report.pdf", "figures.zip", "data.zip")
"""What can be taken away."""


@dataclasses.dataclass(frozen=True)
class Stand:
    """How far a comparison is.

    Attributes
    ----------
    phase : str
        "idle", "waiting", "running", "drawing", "done", "cancelled" or "failed".
    done, planned : int
        Runs.
    trouble : str
        Why it failed.
    """

    phase: str = "idle"
    done: int = 0
    planned: int = 0
    trouble: str = ""

    @property
    def busy(self) -> bool:
        """Whether something goes on."""
        return self.phase in ("waiting", "running", "drawing")


class Job:
    """One comparison.

    Parameters
    ----------
    order : Order
    show : callable
        Takes the stand whenever it changes, in the thread of the job.
    """

    def __init__(self, order: Order, show: Callable[[Stand], None]) -> None:
        self._order, self._show = order, show
        self._room = new_room()
        self._process: subprocess.Popen[str] | None = None
        self._cancelled = threading.Event()
        self._over = threading.Event()
        self.token = secrets.token_urlsafe(24)
        self._planned = len(order.packages) * order.pairs
        self._thread = threading.Thread(target=self._run, daemon=True, name="whistle-compare")

    @property
    def study(self) -> Path | None:
        """Folder of the study, once there is one."""
        return next((path for path in self._room.glob("out/*") if (path / "manifest.json").exists()), None)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def cancel(self) -> None:
        """End it; what is finished stays until `close`."""
        self._cancelled.set()
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)

    def close(self) -> None:
        """End it and clear everything away but a finished result; returns at once."""
        self.cancel()
        threading.Thread(target=self._clear, daemon=True, name="whistle-clear").start()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; tell whether it has ended."""
        return self._over.wait(seconds)

    def _clear(self) -> None:
        self._thread.join(2 * PATIENCE)
        if finished(self.token) is None:
            shutil.rmtree(self._room, ignore_errors=True)

    def _run(self) -> None:
        try:
            self._say("waiting")
            while not AT_ONCE.acquire(timeout=POLL):
                if self._cancelled.is_set():
                    return self._say("cancelled")
            try:
                self._compare()
            finally:
                AT_ONCE.release()
        except Exception as error:  # whatever broke is shown in the page instead of dying unseen
            self._show(Stand("failed", trouble=f"{type(error).__name__}: {error}"))
        finally:
            self._over.set()
        return None

    def _compare(self) -> None:
        """Carry out the comparison, which writes its brief in one language, then have it written in the others."""
        first, *others = Language
        self._say("running")
        if not self._did([*self._words(), "--lang", str(first)]):
            return
        self._put_aside(first)
        self._say("drawing")
        for language in others:
            if not self._did(["report", str(self.study), "--lang", str(language)]):
                return
            self._put_aside(language)
        assert self.study is not None
        keep(Finished(self.token, self._order, self.study, self._room / "results"), self._room)
        self._say("done")

    def _did(self, words: Sequence[str]) -> bool:
        """Run a command; where it was cancelled or failed, say so and return False."""
        code, said = self._command(words)
        if self._cancelled.is_set():
            self._say("cancelled")
        elif code != 0:
            self._show(Stand("failed", trouble=said.strip()[-2000:]))
        return code == 0 and not self._cancelled.is_set()

    def _words(self) -> list[str]:
        """Return the command; packages that were changed go as files."""
        regimes = [self._regime(place) for place in range(len(self._order.packages))]
        words = ["compare", *regimes, "--quiet"]
        numbers = {"pairs": self._order.pairs, "seed": self._order.seed, "jobs": max(1, usable_processors() - 1)}
        for name, value in {**numbers, "out": self._room / "out"}.items():
            words += [f"--{name}", str(value)]
        for key, value in self._order.settings.items():
            words += ["--set", f"{key}={value}"]
        return words

    def _regime(self, place: int) -> str:
        package = self._order.packages[place]
        if not package.values:
            return package.preset
        path = self._room / "rules" / f"{package.preset}_changed.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(package.yaml(self._order.titles[place]), encoding="utf-8")
        return str(path)

    def _command(self, words: Sequence[str]) -> tuple[int, str]:
        """Run a command to its end or to a cancellation; return its exit code and what it said in trouble."""
        command = [sys.executable, "-m", "experiments.cli", *words]
        with (self._room / "said.txt").open("w+", encoding="utf-8") as said:
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, text=True)
            since: float | None = None
            while self._process.poll() is None:
                time.sleep(POLL)
                self._say_progress()
                if self._cancelled.is_set():
                    since = since or time.monotonic()
                    self._press(since)
            said.seek(0)
            return self._process.returncode, said.read()

    def _press(self, since: float) -> None:
        assert self._process is not None
        if time.monotonic() - since > PATIENCE:
            self._process.kill()
        else:
            self._process.send_signal(signal.SIGINT)

    def _say_progress(self) -> None:
        study = self.study
        if study is not None and self._phase == "running":
            self._say("running", sum(1 for _ in _rows(study)))

    def _say(self, phase: str, done: int | None = None) -> None:
        self._phase = phase
        self._done = self._done if done is None else done
        if phase in ("drawing", "done"):
            self._done = self._planned
        self._show(Stand(phase, self._done, self._planned))

    _phase, _done = "idle", 0

    def _put_aside(self, language: Language) -> None:
        """Copy what can be taken away in a language."""
        assert self.study is not None
        target = self._room / "results" / str(language)
        target.mkdir(parents=True)
        for name in ("report.html", "report.pdf"):
            shutil.copyfile(self.study / name, target / name)
        figures = self.study / "figures" / ("zh" if language is Language.ZH else "")
        drawn = target / "figures"
        drawn.mkdir()
        for path in (*figures.glob("*.svg"), *figures.glob("*.png")):
            shutil.copyfile(path, drawn / path.name)
        shutil.make_archive(str(target / "figures"), "zip", drawn)
        if not (self._room / "results" / "data.zip").exists():
            _archive(self.study, self._room / "rules", self._room / "results" / "data")


def _rows(study: Path) -> list[str]:
    """Return the keys of the runs that are on disk."""
    import pyarrow.parquet as pq

    keys = list[str]()
    for shard in (study / "runs").glob("part-*.parquet"):
        with contextlib.suppress(OSError, ValueError):  # it is being renamed
            keys += pq.read_table(shard, columns=["key"], use_threads=False).column("key").to_pylist()
    return keys


def _archive(study: Path, rules: Path, target: Path) -> None:
    """Pack the study, without figures and reports, and the packages that were changed."""
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        shutil.copytree(
            study, room / study.name, ignore=shutil.ignore_patterns("figures", "report.*", ".lock", ".writer.json")
        )
        if rules.is_dir():
            shutil.copytree(rules, room / "rules")
        shutil.make_archive(str(target), "zip", room)
