"""The pool of workers and the shelf: turns, deaths, what is kept and from whom."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.page.package import BEFORE, Package
from experiments.page.shelf import MOST_CARDS, Card, Shelf
from experiments.page.workers import DIED, MOST_TASKS, Done, Pool

MINE, YOURS = "a" * 48, "b" * 48


def ready() -> None:
    """Do nothing."""


def work(task: tuple[str, str]) -> str:
    """Return what a task says, or end as it says; the first part names a file that tells whether it has been tried."""
    path, what = task
    if what == "die" or (what == "die once" and not Path(path).exists()):
        Path(path).touch()
        os._exit(1)
    if what == "fail":
        raise ValueError(what)
    if what == "slow":
        time.sleep(0.3)
    return what


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(work, ready, 1)
    yield made
    made.close()


def _taken(found: queue.SimpleQueue[Done], count: int) -> list[Done]:
    return [found.get(timeout=60) for _ in range(count)]


def test_tabs_take_turns_and_what_is_cancelled_is_not_run(pool: Pool) -> None:
    found: queue.SimpleQueue[Done] = queue.SimpleQueue()
    one, other, gone = object(), object(), object()
    pool.submit(one, [("", "slow")], found.put)
    _taken(found, 1)  # the worker is up
    pool.submit(one, [("", "slow"), ("", "one"), ("", "one")], found.put)
    pool.submit(gone, [("", "gone")], found.put)
    pool.submit(other, [("", "other"), ("", "other")], found.put)
    assert pool.others(one) == 2
    pool.cancel(gone)
    assert [done.result for done in _taken(found, 5)] == ["slow", "other", "one", "other", "one"]
    assert not pool.submit(one, [("", "one")] * (MOST_TASKS + 1), found.put)


def test_a_worker_that_dies_is_replaced_and_its_task_tried_once_more(pool: Pool, tmp_path: Path) -> None:
    found: queue.SimpleQueue[Done] = queue.SimpleQueue()
    tasks = [(str(tmp_path / "x"), "die once"), (str(tmp_path / "y"), "die"), ("", "fail"), ("", "well")]
    pool.submit(object(), tasks, found.put)
    once, twice, failed, well = _taken(found, 4)
    assert (once.result, well.result) == ("die once", "well")
    assert twice.trouble == DIED and "ValueError: fail" in failed.trouble


def _card(name: str) -> Card:
    return Card(name, Package("r01", (("whistle.answer_within", 5.0),)), BEFORE, (27.0, None), 3, 20, "2026-01-01", "f")


def test_a_shelf_survives_and_is_shown_to_nobody_else(tmp_path: Path) -> None:
    Shelf(MINE, tmp_path).keep(_card("一个 <b>"))
    assert [card.name for card in Shelf(MINE, tmp_path).cards] == ["一个 <b>"]
    assert Shelf(MINE, tmp_path).cards[0].package == _card("").package
    assert Shelf(YOURS, tmp_path).cards == ()
    assert not any(MINE in path.name or MINE in path.read_text("utf-8") for path in tmp_path.rglob("*.json"))
    mine = Shelf(MINE, tmp_path)
    mine.remove(mine.cards[0].code)
    assert Shelf(MINE, tmp_path).cards == ()
    for wrong in ("", "../x", "A" * 48, "a" * 500):
        with pytest.raises(ValueError, match="32 to 64"):
            Shelf(wrong, tmp_path)


@pytest.mark.parametrize("damage", ["{", '{"cards": [{"name": 1}]}', '{"cards": 3}', "\udcff"])
def test_a_damaged_shelf_is_put_aside_and_told(damage: str, tmp_path: Path) -> None:
    Shelf(MINE, tmp_path).keep(_card("lost"))
    path = next(tmp_path.rglob("*.json"))
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    shelf = Shelf(MINE, tmp_path)
    assert shelf.cards == () and shelf.damaged and (path.parent / shelf.damaged).exists()
    shelf.keep(_card("new"))
    assert [card.name for card in Shelf(MINE, tmp_path).cards] == ["new"]


def test_a_shelf_has_an_end(tmp_path: Path) -> None:
    shelf = Shelf(MINE, tmp_path)
    for place in range(MOST_CARDS):
        shelf.keep(_card(str(place)))
    with pytest.raises(ValueError, match="one too many"):
        shelf.keep(_card("one too many"))
    assert len(Shelf(MINE, tmp_path).cards) == MOST_CARDS
