"""How far a study is, and stopping it between two runs, so that nothing finished is lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from experiments.design.plan import Finished
from experiments.messages import msg

if TYPE_CHECKING:
    from rich.console import Console


class Stop:
    """Whether a stop is requested, and who hears of it."""

    def __init__(self) -> None:
        self.requested = False
        self._listeners: list[Callable[[], None]] = []

    def on_request(self, listener: Callable[[], None]) -> None:
        """Call `listener` when a stop is requested."""
        self._listeners.append(listener)

    def request(self) -> None:
        """Ask for a stop after the present runs."""
        self.requested = True
        for listener in self._listeners:
            listener()


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Turn the first SIGINT or SIGTERM into a request to stop; a second one interrupts at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before: dict[signal.Signals, Any] = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def handle(_number: int, _frame: FrameType | None) -> None:
        restore()
        stop.request()

    for number in before:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        restore()


class _Counts:
    """Runs done and failed, and how fast."""

    def __init__(self, planned: Callable[[], int], done: int) -> None:
        self.planned = planned
        self.done, self.failed = done, 0
        self._before, self._start = done, time.monotonic()

    def add(self, finished: Sequence[Finished]) -> None:
        failed = sum(done.result is None for done in finished)
        self.failed += failed
        self.done += len(finished) - failed

    @property
    def rate(self) -> float:
        """Runs a second in this execution."""
        return (self.done + self.failed - self._before) / max(time.monotonic() - self._start, 1e-9)

    def line(self) -> str:
        seconds = f"{time.monotonic() - self._start:.1f}"
        counts = {"done": self.done, "planned": self.planned(), "failed": self.failed}
        return msg("progress", **counts, seconds=seconds, rate=f"{self.rate:.1f}")


@contextmanager
def reporter(
    console: Console, planned: Callable[[], int], done: int, quiet: bool
) -> Iterator[Callable[[Sequence[Finished]], None]]:
    """Show how far a study is: a bar on a terminal, one line at the end elsewhere, nothing when quiet.

    Args:
        console: Standard error.
        planned: Returns the runs of the study known by now.
        done: Runs finished before.

    Yields:
        Takes every finished chunk.
    """
    counts = _Counts(planned, done)
    if quiet:
        yield counts.add
    elif console.is_terminal:
        with _bar(console, counts) as update:
            yield update
    else:
        try:
            yield counts.add
        finally:
            console.print(counts.line(), highlight=False)


@contextmanager
def _bar(console: Console, counts: _Counts) -> Iterator[Callable[[Sequence[Finished]], None]]:
    """Show a bar with done and planned, rate, time left and failures."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeRemainingColumn(elapsed_when_finished=True), console=console) as progress:
        bar = progress.add_task("compiling", total=counts.planned(), completed=counts.done)

        def update(finished: Sequence[Finished]) -> None:
            counts.add(finished)
            words = f"{counts.rate:.1f} runs/s, {counts.failed} failed"
            progress.update(bar, total=counts.planned(), completed=counts.done + counts.failed, description=words)

        yield update
