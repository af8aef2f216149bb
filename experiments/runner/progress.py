"""How far a study is, and stopping it between two runs, so that nothing finished is lost."""

from __future__ import annotations

import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from types import FrameType
from typing import TYPE_CHECKING, Any

from experiments.console import in_notebook
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
        self._listeners.append(listener)

    def request(self) -> None:
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


def _notebook_bar(done: int, planned: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the bar is of letters where the notebook has no widgets
        from tqdm.auto import tqdm

    form = "{desc} {bar} {n_fmt}/{total_fmt}"
    return tqdm(desc=msg("progress_compiling"), initial=done, total=planned, bar_format=form)


@contextmanager
def reporter(
    console: Console, planned: Callable[[], int], done: int, quiet: bool
) -> Iterator[Callable[[Sequence[Finished]], None]]:
    """Show how far a study is: a bar on a terminal or in a notebook, else one line at the end, nothing when quiet.

    Args:
        console: Standard error.
        planned: Returns the runs of the study known by now.
        done: Runs finished before.

    Yields:
        Takes every finished chunk.
    """
    counts, start = {"done": done, "failed": 0}, time.monotonic()

    def add(finished: Sequence[Finished]) -> None:
        for each in finished:
            counts["done" if each.result else "failed"] += 1

    def rate() -> str:
        """Return the runs a second in this execution."""
        return f"{(sum(counts.values()) - done) / max(time.monotonic() - start, 1e-9):.1f}"

    if quiet:
        yield add
        return
    if in_notebook() and find_spec("tqdm") is not None:
        with _notebook_bar(done, planned()) as bar:

            def move(finished: Sequence[Finished]) -> None:
                add(finished)
                if bar.total != planned():
                    bar.reset(planned())
                bar.n = counts["done"]
                bar.set_description_str(msg("progress_rate", rate=rate(), failed=counts["failed"]))

            yield move
        return
    if not console.is_terminal:
        try:
            yield add
        finally:
            seconds = f"{time.monotonic() - start:.1f}"
            console.print(msg("progress", **counts, planned=planned(), seconds=seconds, rate=rate()), highlight=False)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeRemainingColumn(elapsed_when_finished=True), console=console) as progress:
        bar = progress.add_task(msg("progress_compiling"), total=planned(), completed=done)

        def update(finished: Sequence[Finished]) -> None:
            add(finished)
            words = msg("progress_rate", rate=rate(), failed=counts["failed"])
            progress.update(bar, total=planned(), completed=counts["done"], description=words)

        yield update


@contextmanager
def saying(shown: bool | None) -> Iterator[Callable[[str], None]]:
    """Yield what says in a line on standard error what is being done; None: where somebody looks."""
    from experiments.console import error_console

    console = error_console()
    if shown if shown is not None else console.is_terminal or in_notebook():
        yield lambda words: console.print(words, highlight=False)
    else:
        yield lambda _: None
