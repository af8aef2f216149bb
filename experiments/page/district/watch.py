"""A district that runs in a thread of its own, day by day, and shows a picture of itself now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from experiments.page.district.pictures import Painter, Picture

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["SPEEDS", "Watch", "watched"]

SPEEDS = (1, 2, 5, 10, 30, 100)
"""Days a second."""

LEAST_INTERVAL = 0.08
"""Seconds between two pictures while days pass: some twelve a second, which a browser draws in peace."""

REST = 0.3
"""Of the time that a picture took, so much at least is left to others: many sessions share the machine."""

WATCHED_DAYS = 365


def watched(scenario: Scenario) -> Scenario:
    """Return a scenario as it is watched: a year from the first day, without warm-up, so that every hour counts."""
    from model import vary

    return vary(scenario, {"run.warm_up_days": 0, "run.window_days": WATCHED_DAYS})


class Watch:
    """Runs until closed; every method returns at once.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    show : callable
        Takes a picture, in the thread of the watch; the last one it is given says why where the run broke.
    """

    def __init__(self, scenario: Scenario, seed: int, show: Callable[[Picture], None]) -> None:
        self._scenario, self._seed, self._show = scenario, seed, show
        self._change = threading.Condition()
        self._playing, self._closed, self._steps, self._speed = False, False, 0, SPEEDS[2]
        self._selected: int | None = None
        self._followed: int | None = None
        self._look, self._began = False, 0.0
        self._thread = threading.Thread(target=self._run, daemon=True, name="whistle-watch")

    def start(self) -> None:
        """Draw up the district and show it before its first day."""
        self._thread.start()

    def play(self, on: bool) -> None:
        """Let days pass, or stop; either is seen at once."""
        self._set(_playing=on, _look=True)

    def step(self) -> None:
        """One day."""
        with self._change:
            self._steps += 1
            self._change.notify()

    def speed(self, days_a_second: int) -> None:
        """Set how fast days pass."""
        self._set(_speed=days_a_second)

    def select(self, row: int | None) -> None:
        """Tell of this unit in every picture."""
        self._set(_selected=row, _look=True)

    def follow(self, key: int | None) -> None:
        """Tell of this case in every picture; 0 chooses the newest one of the selected unit, or of all."""
        self._set(_followed=key, _look=True)

    def close(self) -> None:
        """End the run and free it."""
        self._set(_closed=True)

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the thread after `close`; tell whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _set(self, **values: Any) -> None:
        with self._change:
            for name, value in values.items():
                setattr(self, name, value)
            self._change.notify()

    def _run(self) -> None:
        try:
            painter, began = Painter(self._scenario, self._seed), time.monotonic()
            self._paint(painter, began)
            while self._next(painter):
                self._paint(painter, self._began)
        except Exception as error:  # whatever broke is shown in the page instead of dying unseen
            if not self._closed:  # a page that has gone takes no more pictures
                self._show(Picture.broken(error))

    def _next(self, painter: Painter) -> bool:
        """Wait for what is to be done and do it; tell whether there is something new to see."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._look or self._steps or self._moves(painter))
            if self._closed:
                return False
            self._began = time.monotonic()
            if self._look:
                self._look = False
                return True
            days = 1 if self._steps else self._days_a_picture()
            self._steps = max(0, self._steps - 1)
        painter.advance(days)
        return True

    def _moves(self, painter: Painter) -> bool:
        if painter.over:
            self._playing = False
        return self._playing

    def _days_a_picture(self) -> int:
        return max(1, round(self._speed * LEAST_INTERVAL))

    def _paint(self, painter: Painter, began: float) -> None:
        """Show the district, then wait until it is time for the next picture, counted from when this one began."""
        if self._followed == 0:
            self._followed = painter.newest_case(self._selected)
        self._show(painter.picture(self._selected, self._followed, self._playing and not painter.over))
        spent = time.monotonic() - began
        interval = max(LEAST_INTERVAL, 1.0 / self._speed) if self._playing else 0.0
        with self._change:
            self._change.wait_for(lambda: self._closed or not self._playing, max(interval - spent, REST * spent))
