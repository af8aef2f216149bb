"""Worlds that are known are found again: the search refuses none, and its doubt covers as much as it says."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from experiments.charts.known_worlds import save_calibration
from experiments.errors import WrongInput
from experiments.evidence import known_worlds
from experiments.evidence.known_worlds import (
    HALF,
    Effort,
    Found,
    among,
    covered,
    district,
    known_world,
    measured,
    patterns_with,
    searched,
    shown,
    told,
    widths_of,
)
from experiments.runner import Where
from experiments.runner.worlds import STANDING, checks_of
from experiments.stats.intervals import Floats
from model import free_numbers

NUMBERS = free_numbers()
SMALL = Effort(truths=1, waves=2, per_wave=20, wanted=20, prior=100, seeds=2)


def ranks_of(share: float, count: int, truths: int = 20) -> Floats:
    """Return the ranks of true values among those drawn from a share of the same range, array (truths, values)."""
    rng = np.random.default_rng(3)
    found = 0.5 + share * (rng.random((truths, count, 250)) - 0.5)
    return np.array([among(rng.random(250), each, rng) for each in found])


def found(rng: np.random.Generator, implausibility: float = 0.0, lost: bool = False) -> Found:
    """Return a search that finds a truth which is one of the worlds, or one that lies outside of all."""
    ranks, widths = rng.random(len(NUMBERS)), np.full(len(NUMBERS), 1.0)
    widths[:30] = 0.5
    values = [np.zeros(each) if lost else rng.random(each) for each in (len(HALF), 3)]
    ranks = np.zeros(len(NUMBERS)) if lost else ranks
    return Found(40, 5, implausibility, implausibility, (1.0, 0.9), not lost, ranks, values[0], values[1], widths)


@pytest.mark.parametrize("count", [10, 25, 200])
def test_a_truth_that_is_one_of_the_worlds_has_even_ranks_also_among_few(count: int) -> None:
    ranks = ranks_of(1.0, count)
    assert covered(ranks).mean() == pytest.approx(0.9, abs=0.015)
    assert np.histogram(ranks, bins=10, range=(0, 1))[0] == pytest.approx(ranks.size / 10, rel=0.15)


def test_values_that_are_equal_share_their_ranks() -> None:
    rng = np.random.default_rng(1)
    ranks = among(np.zeros(5000), np.zeros((9, 5000)), rng)
    assert covered(ranks).mean() == pytest.approx(0.9, abs=0.015)


def test_worlds_that_are_too_sure_do_not_cover() -> None:
    assert covered(ranks_of(0.6, 25)).mean() < 0.75


def test_a_width_is_told_over_that_of_the_prior_and_not_of_too_few() -> None:
    rng = np.random.default_rng(5)
    assert widths_of(rng.random((400, 250))).mean() == pytest.approx(1.0, abs=0.01)
    assert widths_of(0.3 + 0.5 * rng.random((400, 250))).mean() == pytest.approx(0.5, abs=0.01)
    assert np.isnan(widths_of(rng.random((12, 250)))).all()


def test_what_is_told_counts_truths_and_not_numbers_alone() -> None:
    rng = np.random.default_rng(2)
    answer = told([*(found(rng) for _ in range(9)), found(rng, 3.5, lost=True)], Effort())
    assert (answer["refused"], answer["inside"]) == (1, 9)
    coverage = answer["coverage"]["numbers"]
    assert coverage["mean"] == pytest.approx(0.81, abs=0.02)
    # one truth that is lost altogether widens the interval far beyond that of so many numbers
    assert coverage["high"] - coverage["low"] > 0.3
    assert sum(answer["ranks"]["counts"]) == 10 * len(NUMBERS)
    assert answer["ranks"]["low"] < 10 * len(NUMBERS) / 20 < answer["ranks"]["high"]
    assert answer["narrowed"]["values"] == 300 - 10 * sum(number.key == STANDING for number in NUMBERS[:30])
    assert set(answer["narrowest"]) <= {number.key for number in NUMBERS[:30]}
    assert all(6 <= count <= 9 for count in answer["answers"].values())


def test_a_known_world_lies_in_its_bands_unless_they_are_shifted() -> None:
    half = np.array(list(HALF.values()))
    known = known_world(0, SMALL)
    assert (np.abs(known.shown - known.centres) <= half).all()
    assert np.abs(known.shown - known.centres).max() > 0.1 * half.min()
    centred = known_world(0, dataclasses.replace(SMALL, centred=True))
    assert np.array_equal(centred.centres, centred.shown)
    shifted = known_world(0, dataclasses.replace(SMALL, centred=True, shifted=2.0))
    assert shifted.centres == pytest.approx(centred.shown + 2.0 * half)
    assert np.array_equal(shown(district(), known.world, [500_000_001, 500_000_002]).mean(axis=1), known.shown)


def test_bands_stand_where_their_checks_do() -> None:
    centres = np.arange(len(HALF), dtype=np.float64)
    checks = [check for _, check in checks_of(patterns_with(centres))]
    names = [known_worlds.name_of(check) for check in checks]
    assert names == list(HALF)
    assert [check.band for check in checks] == [(at - HALF[name], at + HALF[name]) for at, name in enumerate(names)]


def test_a_search_for_a_known_world_is_small_enough_to_try(tmp_path: Path) -> None:
    known = known_world(0, SMALL)
    once = searched(0, known, SMALL, tmp_path, Where(1))
    assert not once.refused
    assert once.waves == 2
    assert 0.0 < once.volume[0] <= 1.0
    folders = list(tmp_path.iterdir())
    again = searched(0, known, SMALL, tmp_path, Where(1))  # from disk, on which nothing is added
    assert (again.implausibility, again.strict, again.worlds) == (once.implausibility, once.strict, once.worlds)
    assert list(tmp_path.iterdir()) == folders


def test_the_figure_is_drawn(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    truths = [*(found(rng) for _ in range(5)), found(rng, 4.0)]
    save_calibration(told(truths, Effort()), tmp_path / "known.png")
    assert (tmp_path / "known.png").read_bytes().startswith(b"\x89PNG")


def test_searches_that_find_next_to_nothing_tell_nothing() -> None:
    none = np.empty(0)
    with pytest.raises(WrongInput, match="none was found again"):
        told([Found(2, 5, 0.0, 0.0, (1.0, 1.0), True, none, none, none, none)] * 3, Effort())


@pytest.mark.slow
def test_twenty_known_worlds_are_found_again_and_covered(tmp_path: Path) -> None:
    """Bounds are wide for luck alone, and narrow for what would be wrong.

    Of one truth 257 numbers are covered in 90 % with a standard deviation of 1.9 points if they are independent. Were
    they worth ten independent ones, it would be 9.5, and 2.1 of the mean over twenty truths: 82 to 98 % are four of
    these. Numbers that no pattern touches are covered by any search, so what the patterns show is held as well: four
    checks a truth, with 4 points if all are independent.
    """
    answer = told(measured(Effort(), tmp_path, Where(2)), Effort())
    assert answer["refused"] <= 2
    assert sum(each["covered"] is not None for each in answer["truths"]) >= 15
    coverage = {name: each["mean"] for name, each in answer["coverage"].items()}
    assert 0.82 <= coverage["numbers"] <= 0.98
    assert coverage["narrowest"] >= 0.8
    assert coverage["patterns"] >= 0.78
    assert coverage["answers"] >= 0.8


@pytest.mark.slow
def test_bands_beside_the_truth_lose_it(tmp_path: Path) -> None:
    wrong = Effort(truths=3, shifted=2.0, centred=True)
    found = measured(wrong, tmp_path, Where(2))
    assert not any(each.inside for each in found)
    assert max(each.implausibility for each in found) > 1.5
    assert sum(each.worlds for each in found) < 41  # half of what is found with bands around the truth
    assert covered(np.concatenate([each.shown for each in found])).mean() < 0.3
