"""A log that is read, or learned from, in a process of its own; and what is kept of a district that was learned."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from experiments.page.jobs import AT_ONCE, POLL
from experiments.page.kept import Kept, keep, kept
from experiments.page.log_process import Task

REPORTS = ("report.pdf", "report.docx", "report.html")
Message = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Learned(Kept):
    """A district that was learned from a log.

    Attributes:
        district: Name of its folder in that of the results.
        shown: By language: title, blocks, figures.
        language: Of its report.
    """

    district: str
    shown: Mapping[str, Mapping[str, Any]]
    language: str

    @property
    def path(self) -> Path:
        """Folder of the district."""
        return self.results / self.district

    @property
    def reports(self) -> list[str]:
        """Names of the files of its report."""
        return [name for name in REPORTS if (self.path / name).is_file()]


def learned(token: str) -> Learned | None:
    """Return the district that is kept under a token, None where there is none (any more)."""
    found = kept(token)
    return found if isinstance(found, Learned) else None


class LogJob(threading.Thread):
    """One task; `show` takes what its process tells, in this thread, and at last how it ended.

    Attributes:
        token: Under which a district that was learned is kept.
    """

    def __init__(self, task: Task, room: Path, show: Callable[[Message], None]) -> None:
        """Hold the task.

        Args:
            task: What is done; in learning, the folder of the results is the job's.
            room: For what the process unpacks.
            show: Takes messages.
        """
        super().__init__(daemon=True, name="whistle-log")
        self.token = secrets.token_urlsafe(24)
        self._room, self._show = room, show
        self._kept_in: tempfile.TemporaryDirectory[str] | None = None
        if task.learn:
            self._kept_in = tempfile.TemporaryDirectory(prefix="whistle-", ignore_cleanup_errors=True)
            task = dataclasses.replace(task, out=str(Path(self._kept_in.name) / "results"))
        self.task = task
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End it at once."""
        self._cancelled.set()
        if self._process is not None:
            _kill(self._process)

    def close(self) -> None:
        """End it and remove everything but a finished result; returns at once, and nothing more is shown."""

        def clear() -> None:
            if self.ident is not None:  # it was started
                self.join()
            if self._kept_in is not None and kept(self.token) is None:
                self._kept_in.cleanup()

        self._show = lambda _: None
        self.cancel()
        threading.Thread(target=clear, daemon=True, name="whistle-clear").start()

    def run(self) -> None:
        try:
            if not self.task.learn:
                self._work()
                return
            self._show({"what": "phase", "phase": "waiting"})
            while not AT_ONCE.acquire(timeout=POLL):
                if self._cancelled.is_set():
                    self._show({"what": "ended", "phase": "cancelled"})
                    return
            try:
                self._work()
            finally:
                AT_ONCE.release()
        except Exception as error:  # whatever failed is shown on the page instead of dying unseen
            self._show({"what": "failed", "trouble": f"{type(error).__name__}: {error}"})
            self._show({"what": "ended", "phase": "failed"})

    def _work(self) -> None:
        """Run the process to its end and hand on what it tells."""
        failed = False
        place = str(self._room)
        command = [sys.executable, "-m", "experiments.page.log_process"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
            env=os.environ | {"TMPDIR": place, "TEMP": place, "TMP": place},
        ) as process:  # fmt: skip
            self._process = process
            if self._cancelled.is_set():
                _kill(process)
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(BrokenPipeError):  # it was cancelled
                process.stdin.write(self.task.text().encode("utf-8") + b"\n")
                process.stdin.flush()
            for line in process.stdout:
                message = json.loads(line)
                failed |= message["what"] in ("wrong", "failed", "refused")
                self._hand_on(message)
        if self._cancelled.is_set():
            self._show({"what": "ended", "phase": "cancelled"})
        elif process.returncode != 0 and not failed:
            self._show({"what": "killed", "code": process.returncode})
            self._show({"what": "ended", "phase": "failed"})
        else:
            self._show({"what": "ended", "phase": "failed" if failed else "done"})

    def _hand_on(self, message: Message) -> None:
        if message["what"] != "learned":
            self._show(message)
            return
        assert self._kept_in is not None
        results = Path(self._kept_in.name) / "results"
        results.mkdir(exist_ok=True)
        name = self.task.district
        shutil.move(Path(self.task.folder) / name, results / name)
        shutil.make_archive(str(results / name), "zip", results, name)
        keep(Learned(self.token, self._kept_in, name, message["shown"], str(self.task.language)))
        self._show({"what": "learned", "token": self.token})


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process with those that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
