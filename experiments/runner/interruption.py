"""Ctrl-C as a wish that is granted between two runs, so that nothing finished is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Stop", "stop_on_signals"]


class Stop:
    """Whether the study shall stop, and who has to be told when it shall."""

    def __init__(self) -> None:
        self.requested = False
        self._listeners: list[Callable[[], None]] = []

    def tell(self, listener: Callable[[], None]) -> None:
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
    numbers = (signal.SIGINT, signal.SIGTERM)
    before: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in numbers}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def handle(_number: int, _frame: FrameType | None) -> None:
        restore()
        stop.request()

    for number in numbers:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        restore()
