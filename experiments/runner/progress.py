"""How far a study is: a bar on a terminal, one line elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from experiments.design.tasks import Finished
from experiments.messages import msg

__all__ = ["Reporter", "reporter"]


class Reporter(Protocol):
    """Told about every finished chunk."""

    def __enter__(self) -> Reporter: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, finished: Sequence[Finished]) -> None:
        """Count runs."""


class _Counts:
    """Runs done and failed, and how long they took together."""

    def __init__(self, planned: Callable[[], int], done: int) -> None:
        self._planned = planned
        self.done, self.failed = done, 0
        self._before = done
        self._start = time.monotonic()

    def add(self, finished: Sequence[Finished]) -> None:
        failed = sum(done.result is None for done in finished)
        self.failed += failed
        self.done += len(finished) - failed

    @property
    def planned(self) -> int:
        """Runs known to be wanted by now."""
        return self._planned()

    @property
    def rate(self) -> float:
        """Runs a second in this execution."""
        return (self.done + self.failed - self._before) / max(time.monotonic() - self._start, 1e-9)

    def line(self) -> str:
        seconds = time.monotonic() - self._start
        counts = {"done": self.done, "planned": self.planned, "failed": self.failed}
        return msg("progress", **counts, seconds=f"{seconds:.1f}", rate=f"{self.rate:.1f}")


class _Silent:
    """Says nothing."""

    def __enter__(self) -> _Silent:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def add(self, finished: Sequence[Finished]) -> None:
        """Count nothing."""


class _Line(_Silent):
    """One line at the end, for pipes and logs."""

    def __init__(self, console: Console, counts: _Counts) -> None:
        self._console, self._counts = console, counts

    def __exit__(self, *_: object) -> None:
        self._console.print(self._counts.line(), highlight=False)

    def add(self, finished: Sequence[Finished]) -> None:
        self._counts.add(finished)


class _Bar(_Silent):
    """A bar with done and planned, rate, time left and failures."""

    def __init__(self, console: Console, counts: _Counts) -> None:
        self._counts = counts
        columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, TimeRemainingColumn(elapsed_when_finished=True), console=console)
        self._bar: TaskID = self._progress.add_task("compiling", total=counts.planned, completed=counts.done)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def add(self, finished: Sequence[Finished]) -> None:
        self._counts.add(finished)
        counts = self._counts
        words = f"{counts.rate:.1f} runs/s, {counts.failed} failed"
        self._progress.update(self._bar, total=counts.planned, completed=counts.done + counts.failed, description=words)


def reporter(console: Console, planned: Callable[[], int], done: int, quiet: bool) -> Reporter:
    """Return the reporter that fits the console.

    Parameters
    ----------
    console : Console
        Standard error.
    planned : callable
        Returns the runs of the study known by now.
    done : int
        Runs finished before.
    quiet : bool
        Say nothing.
    """
    if quiet:
        return _Silent()
    counts = _Counts(planned, done)
    return _Bar(console, counts) if console.is_terminal else _Line(console, counts)
