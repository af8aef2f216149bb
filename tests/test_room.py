"""Runs hand their memory on: nobody can tell."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from model.engine import tables
from model.simulation import run_tables, simulate
from tests.support import same, tiny


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_what_a_run_leaves_to_the_next_is_as_good_as_new(regime: str) -> None:
    tables._LEFT.clear()
    fresh = run_tables(tiny(regime), 3)
    simulate(tiny("worst_case"), 4)
    (left,) = tables._LEFT
    assert not any(table.view(np.uint8).any() for table in left.values())
    again = run_tables(tiny(regime), 3)
    assert tables._LEFT == [] and again.cases is left["cases"]
    assert same(fresh, again) == []


def test_runs_in_threads_do_not_share_their_room() -> None:
    alone = {seed: simulate(tiny("flattened"), seed).outcomes for seed in range(4)}
    found: dict[int, object] = {}

    def run(seed: int) -> None:
        for _ in range(5):
            found[seed] = simulate(tiny("flattened"), seed).outcomes

    threads = [threading.Thread(target=run, args=(seed,)) for seed in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone
