"""Districts run in one process of their own: what they show, how many there may be, and what its end means."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from experiments.page.host import FASTEST, Host, Orders, Runner, Watch
from experiments.page.watch import Painter, Picture
from model import Scenario, load_scenario


class Seen:
    """Pictures as they come."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self._new = threading.Condition()

    def __call__(self, picture: Picture) -> None:
        with self._new:
            self.pictures.append(picture)
            self._new.notify_all()

    def until(self, holds: Callable[[Picture], bool]) -> Picture:
        """Wait for a picture and return it."""
        with self._new:
            assert self._new.wait_for(lambda: any(map(holds, self.pictures)), 120), self.pictures[-1:]
            return next(picture for picture in self.pictures[::-1] if holds(picture))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("inverted", district="tiny", overrides={"run.warm_up_days": 60, "run.window_days": 90})


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host(most=2)
    yield made
    if made.process is not None:
        made.process.kill()


def test_a_district_plays_steps_stops_and_is_the_run_in_this_process(scenario: Scenario, host: Host) -> None:
    seen = Seen()
    watch = Watch(scenario, 1, seen, Orders(), host)
    watch.start()
    first = seen.until(lambda picture: bool(picture.queued))
    assert first.day == 0 and not first.playing and len(first.series["real"]) == 28
    watch.order(steps=1)
    seen.until(lambda picture: picture.day == 1)
    watch.order(speed=FASTEST, playing=True)
    seen.until(lambda picture: picture.day > 1)
    watch.order(playing=False)
    stopped = seen.until(lambda picture: picture.day > 1 and not picture.playing)
    painter = Painter(scenario, 1)
    painter.advance(stopped.day)
    expected = painter.picture(None, None, False)
    assert stopped.series == expected.series and stopped.queued == expected.queued
    watch.order(playing=True)
    assert seen.until(lambda picture: picture.over).outcomes
    assert host.process is not None and host.process.pid != os.getpid()
    watch.close()


def test_who_comes_when_all_places_are_taken_waits_and_then_runs(scenario: Scenario, host: Host) -> None:
    shows = [Seen() for _ in range(3)]
    watches = [Watch(scenario, 1, show, Orders(), host) for show in shows]
    for watch, show in zip(watches, shows, strict=True):
        watch.start()
        show.until(lambda picture: bool(picture.queued or picture.waiting))
    assert shows[2].pictures[-1].waiting == 1 and not shows[2].pictures[-1].queued
    watches[0].close()
    shows[2].until(lambda picture: bool(picture.queued))
    for watch in watches[1:]:
        watch.close()


@pytest.mark.skipif(os.name != "posix", reason="a process is killed by a signal")
def test_a_process_that_dies_is_told_and_another_takes_its_place(scenario: Scenario, host: Host) -> None:
    seen = Seen()
    Watch(scenario, 1, seen, Orders(), host).start()
    seen.until(lambda picture: bool(picture.queued))
    assert host.process is not None and host.process.pid is not None
    os.kill(host.process.pid, signal.SIGKILL)
    seen.until(lambda picture: picture.died)
    again = Watch(scenario, 1, seen, Orders(selected=0), host)
    again.start()
    assert seen.until(lambda picture: picture.unit is not None).day == 0
    again.close()


def test_the_process_ends_with_the_page(scenario: Scenario) -> None:
    from experiments.page.host import work

    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    ours.close()
    process.join(60)
    assert process.exitcode == 0


def test_a_run_that_breaks_is_shown_and_not_silent(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ArithmeticError("asked to fail")

    monkeypatch.setattr(Painter, "__init__", broken)
    seen = Seen()
    runner = Runner(scenario, 1, seen, Orders())
    runner.start()
    runner.join(10)
    assert not runner.is_alive() and seen.pictures[-1].trouble == "ArithmeticError: asked to fail"


def test_pictures_wait_for_the_page_and_days_do_not(scenario: Scenario) -> None:
    seen = Seen()
    runner = Runner(scenario, 1, seen, Orders(playing=True, speed=10))
    runner.start()
    seen.until(lambda picture: picture.day == 0)
    time.sleep(1.0)
    assert len(seen.pictures) == 1
    runner.seen()
    assert seen.until(lambda picture: picture.day > 0).day > 1
    runner.close()
