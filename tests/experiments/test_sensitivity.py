"""Indices of sensitivity against what the field knows, and against the ways in which they go wrong silently."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from experiments.design.designs import latin_design, morris_design, saltelli_design
from experiments.errors import WrongInput
from experiments.stats import Interval
from experiments.stats.indices import Analysis, Index, diagnose
from experiments.stats.sensitivity import Design, analyse, convergence

Array = NDArray[np.float64]

NAMES = ("one", "two", "three")

A, B = 7.0, 0.1
"""Constants of Ishigami and Homma's function (1990)."""

ALONE = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0
TOGETHER = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
VARIANCE = sum(ALONE) + TOGETHER
FIRST = tuple(each / VARIANCE for each in ALONE)
TOTAL = (FIRST[0] + TOGETHER / VARIANCE, FIRST[1], TOGETHER / VARIANCE)


def ishigami(design: Design) -> Array:
    x, y, z = (np.pi * (2 * design.shares[:, :3] - 1)).T
    return np.asarray(np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x))


def sobol_g(design: Design, weights: Array) -> Array:
    return np.asarray(np.prod((np.abs(4 * design.shares[:, : len(weights)] - 2) + weights) / (1 + weights), axis=1))


def luck(design: Design, spread: float) -> Array:
    """Return a normal draw by the luck of each row."""
    draws = np.random.default_rng(99).normal(0, spread, int(design.block.max()) + 1)
    return np.asarray(draws[design.block])


def holds(interval: Interval, value: float) -> bool:
    return interval.low is not None and interval.high is not None and interval.low <= value <= interval.high


def analysed(design: Design, values: Any, method: Any = "sobol", **options: Any) -> Analysis:
    return analyse(design, "closure_rate", values, method, **options)


def test_ishigami_within_two_hundredths_with_a_dummy_of_nothing() -> None:
    design = saltelli_design(NAMES, 2048, seed=0)
    found = analysed(design, ishigami(design))
    assert [index.first.mean for index in found.indices] == pytest.approx(FIRST, abs=0.02)
    assert [index.total.mean for index in found.indices] == pytest.approx(TOTAL, abs=0.02)
    assert found.dummy.total.mean == found.luck.total.mean == 0.0
    for index, first, total in zip(found.indices, FIRST, TOTAL, strict=True):
        assert holds(index.first, first)
        assert holds(index.total, total)


def test_sobol_g_within_two_hundredths() -> None:
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    design = saltelli_design([f"x{place}" for place in range(6)], 2048, seed=3)
    found = analysed(design, sobol_g(design, weights))
    parts = 1 / (3 * (1 + weights) ** 2)
    whole = np.prod(1 + parts) - 1
    totals = parts * np.prod(1 + parts) / (1 + parts) / whole
    assert [index.first.mean for index in found.indices] == pytest.approx(list(parts / whole), abs=0.02)
    assert [index.total.mean for index in found.indices] == pytest.approx(list(totals), abs=0.02)


def test_luck_takes_its_share_and_leaves_the_dummy_none() -> None:
    design = saltelli_design(NAMES, 2048, seed=1)
    spread = np.sqrt(VARIANCE / 3)
    found = analysed(design, ishigami(design) + luck(design, spread))
    assert found.luck.total.mean == pytest.approx(0.25, abs=0.02)
    assert found.luck.first.mean == pytest.approx(0.25, abs=0.02)
    assert found.dummy.total.mean == pytest.approx(0.0, abs=0.02)
    assert [index.total.mean for index in found.indices] == pytest.approx([0.75 * each for each in TOTAL], abs=0.02)
    assert found.as_json()["noise_share"] == found.luck.total.mean


def test_luck_of_its_own_in_every_row_shows_in_the_dummy_and_is_warned_of() -> None:
    design = saltelli_design(NAMES, 256, seed=1)
    noise = np.random.default_rng(5).normal(0, np.sqrt(VARIANCE), len(design.shares))
    found = analysed(design, ishigami(design) + noise)
    assert found.dummy.total.mean == pytest.approx(0.5, abs=0.1)
    assert diagnose(found).stray_dummy
    assert not diagnose(analysed(design, ishigami(design))).stray_dummy


def test_second_order_finds_the_pair_and_nothing_else() -> None:
    design = saltelli_design(NAMES, 1024, seed=0, second_order=True)
    found = analysed(design, ishigami(design), second_order=True)
    assert found.pairs is not None
    indices = {(pair.first, pair.second): pair.index for pair in found.pairs}
    assert indices["one", "three"].mean == pytest.approx(TOGETHER / VARIANCE, abs=0.03)
    assert indices["one", "two"].mean == pytest.approx(0, abs=0.03)
    assert indices["one", "dummy"].mean == indices["two", "luck"].mean == 0.0
    assert (indices["one", "three"].low or 0.0) > 0
    assert len(indices) == 10
    without = saltelli_design(NAMES, 1024, seed=0)
    plain = analysed(without, ishigami(without))
    assert [index.total for index in found.indices] == [index.total for index in plain.indices]


def test_second_order_is_refused_where_its_rows_are_missing() -> None:
    design = saltelli_design(NAMES, 16, seed=0)
    with pytest.raises(WrongInput, match="made with second_order: true"):
        analysed(design, ishigami(design), second_order=True)


@pytest.mark.parametrize("hole", [None, np.nan, np.inf])
def test_an_undefined_row_drops_its_block_and_no_other(hole: float | None) -> None:
    design = saltelli_design(NAMES, 64, seed=0)
    values = ishigami(design).astype(object)
    values[5 * design.step + 2] = hole
    found = analysed(design, values)
    assert (found.dropped, found.groups, found.runs) == ((5,), 63, 63 * design.step)
    assert all(0 < index.total.mean < 1 for index in found.indices if index.total.mean is not None)


def test_a_value_for_each_row_is_expected() -> None:
    design = saltelli_design(NAMES, 16, seed=0)
    with pytest.raises(WrongInput, match="values: expected 112, one per row of the design, got 110"):
        analysed(design, ishigami(design)[:-2])


def test_rows_that_are_no_scheme_are_refused() -> None:
    design = saltelli_design(NAMES, 8, seed=0)
    shares = design.shares.copy()
    shares[[1, 2]] = shares[[2, 1]]
    with pytest.raises(ValueError, match="expected the rows of a saltelli scheme"):
        Design("saltelli", design.parameters, shares, design.block)
    walked = morris_design(NAMES, 4, seed=0)
    with pytest.raises(ValueError, match="expected the rows of a morris scheme"):
        Design("morris", walked.parameters, np.roll(walked.shares, 1, axis=0), walked.block, levels=4)


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn", "delta"])
def test_a_constant_outcome_has_no_indices(method: Any) -> None:
    design = morris_design(NAMES, 4, seed=0) if method == "morris" else saltelli_design(NAMES, 64, seed=0)
    # the mean of 0.1 taken in different orders differs by rounding
    found = analysed(design, 0.3 + 1e-17 * luck(design, 1.0), method)
    assert not found.varies
    plain = found.as_json()
    assert plain["dummy"] is plain["noise_share"] is None
    assert all(entry["total"] is entry["first"] is None for entry in plain["indices"])
    assert diagnose(found).within_dummy == ()


@given(st.integers(1, 5), st.sampled_from([2, 8]), st.integers(0, 50), st.booleans())
@settings(max_examples=30, deadline=None)
def test_rows_share_luck_unless_luck_is_exchanged(many: int, blocks: int, seed: int, second_order: bool) -> None:
    names = [f"x{place}" for place in range(many)]
    design = saltelli_design(names, blocks, seed, second_order=second_order)
    for group in range(blocks):
        rows = slice(group * design.step, (group + 1) * design.step)
        value, block = design.shares[rows, -1], design.block[rows]
        assert set(block) == {2 * group, 2 * group + 1}
        assert len(set(zip(value.tolist(), block.tolist(), strict=True))) == 2
    assert np.array_equal(saltelli_design(names, 2 * blocks, seed, second_order=second_order).first(blocks).shares,
                          design.shares)  # fmt: skip


def test_morris_of_a_line_a_product_and_nothing() -> None:
    design = morris_design(["line", "left", "right", "idle"], 30, seed=0)
    line, left, right = design.shares[:, 0], design.shares[:, 1], design.shares[:, 2]
    found = analysed(design, 3 * line + 2 * left * right + luck(design, 0.05), "morris")
    by = {index.parameter: index for index in found.indices}
    assert by["line"].mu_star.mean == pytest.approx(3.0)
    assert by["line"].sigma == pytest.approx(0.0, abs=1e-12)
    assert by["left"].mu_star.mean == pytest.approx(1.0, abs=0.25)
    assert by["left"].sigma is not None and by["left"].sigma > 0.5
    assert by["idle"].mu_star.mean == found.dummy.mu_star.mean == 0.0
    assert found.luck.mu_star.mean is not None and 0 < found.luck.mu_star.mean < 0.3
    assert (diagnose(found).inert, diagnose(found).within_dummy) == (("idle",), ())
    plain = found.as_json()["indices"][0]
    assert plain["total"] is None and plain["mu_star"] == pytest.approx(3.0) and len(plain["mu_star_ci"]) == 2


def test_chosen_trajectories_lie_further_apart_than_drawn_ones() -> None:
    def spread(design: Design) -> float:
        walks = design.grouped
        return float(np.mean([np.linalg.norm(one[:, None] - other[None], axis=2).sum()
                              for one in walks for other in walks]))  # fmt: skip

    names = [f"x{place}" for place in range(6)]
    chosen, drawn = (morris_design(names, 10, seed=4, candidates=many) for many in (80, 10))
    assert spread(chosen) > spread(drawn)
    assert morris_design(names, 45, seed=4).groups == 45


def test_pawn_agrees_with_sobol_about_ishigami_on_the_independent_rows_alone() -> None:
    design = saltelli_design(NAMES, 512, seed=0)
    found = analysed(design, ishigami(design), "pawn")
    assert found.runs == 2 * 512
    one, two, three = (index.distance.mean or 0.0 for index in found.indices)
    assert two > one > three > (found.dummy.distance.high or 0.0)
    larger = saltelli_design(NAMES, 2048, seed=0)
    assert diagnose(analysed(larger, ishigami(larger)), found).disagreements == (("one", "two"),)


@pytest.mark.slow
def test_delta_leaves_the_process_as_it_was() -> None:
    design = latin_design(["one", "some_raw"], 128, seed=0)
    values = design.shares[:, 0] ** 2
    before, filters, shown = str(np.random.get_state()), list(warnings.filters), warnings.formatwarning
    first, second = (analysed(design, values, "delta") for _ in range(2))
    assert first == second
    assert (first.indices[0].distance.mean or 0.0) > 0.4
    assert diagnose(first).within_dummy == ("some_raw",)
    assert str(np.random.get_state()) == before
    assert (list(warnings.filters), warnings.formatwarning) == (filters, shown)


@pytest.mark.parametrize(("make", "method"), [
    (lambda: latin_design(NAMES, 200, seed=0), "sobol"), (lambda: morris_design(NAMES, 4, seed=0), "pawn"),
    (lambda: saltelli_design(NAMES, 64, seed=0), "morris"),
])  # fmt: skip
def test_methods_refuse_designs_they_cannot_read(make: Callable[[], Design], method: Any) -> None:
    design = make()
    with pytest.raises(WrongInput, match=f"design for {method}, got {design.scheme}"):
        analysed(design, ishigami(design), method)


def test_too_few_blocks_are_refused() -> None:
    design = saltelli_design(NAMES, 8, seed=0)
    values = ishigami(design)
    values[0] = np.nan
    with pytest.raises(WrongInput, match=r"at least 8 complete blocks for sobol, got 7 \(1 groups of rows dropped\)"):
        analysed(design, values)


def test_concerns_name_what_is_noise_and_how_many_runs_would_do() -> None:
    design = saltelli_design((*NAMES, "faint", "idle"), 32, seed=0)
    faint = 0.5 * (design.shares[:, 3] > 0.97)  # seen in one block or two
    found = diagnose(analysed(design, ishigami(design) + faint + luck(design, 2.0)))
    assert "faint" in found.within_dummy and found.inert == ("idle",)
    assert diagnose(analysed(design, ishigami(design) + luck(design, 2.0) + design.shares[:, 3])).below_luck
    assert found.widest is not None and found.runs_needed is not None
    assert found.runs_needed % design.step == 0 and found.runs_needed > len(design.shares)
    calm = diagnose(analysed(saltelli_design(NAMES, 2048, seed=0), ishigami(saltelli_design(NAMES, 2048, seed=0))))
    assert calm.widest is None and not calm.strange_sums
    assert calm.interactions == pytest.approx(TOGETHER / VARIANCE, abs=0.03)


def test_sums_that_cannot_be_are_told() -> None:
    analysis = analysed(saltelli_design(NAMES, 8, seed=0), ishigami(saltelli_design(NAMES, 8, seed=0)))
    doubled = tuple(Index(each.parameter, first=Interval(0.5, 0.4, 0.6), total=each.total) for each in analysis.indices)
    assert diagnose(replace(analysis, indices=doubled)).strange_sums


def test_indices_settle_as_blocks_are_added() -> None:
    design = saltelli_design(NAMES, 256, seed=0)
    values = ishigami(design)
    stages = convergence(design, "closure_rate", values)
    assert [stage.groups for stage in stages] == [8, 16, 32, 64, 128, 256]
    assert stages[-1] == analysed(design, values)
    widths = [(stage.indices[1].total.high or 0) - (stage.indices[1].total.low or 0) for stage in stages]
    assert widths[-1] < widths[0] / 3


@pytest.mark.slow
@pytest.mark.parametrize("blocks", [64, 256])
def test_intervals_hold_the_truth_at_least_as_often_as_they_say(blocks: int) -> None:
    # Sobol' points are more even than the random ones that the bootstrap supposes, so intervals are rather too wide
    hits = []
    for seed in range(100):
        design = saltelli_design(NAMES, blocks, seed, second_order=True)
        draws = np.random.default_rng(10_000 + seed).normal(0, np.sqrt(VARIANCE / 3), 2 * blocks)
        found = analysed(design, ishigami(design) + draws[design.block], second_order=True)
        assert found.pairs is not None
        shown = [index.first for index in found.indices] + [index.total for index in found.indices]
        truths = [0.75 * each for each in (*FIRST, *TOTAL)]
        together = next(pair.index for pair in found.pairs if (pair.first, pair.second) == ("one", "three"))
        for interval, truth in zip([*shown, together, found.luck.total], [*truths, truths[-1], 0.25], strict=True):
            hits.append((interval.low or 0.0) <= truth <= (interval.high or 0.0))
    assert 0.93 <= np.mean(hits) <= 1.0


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_json_is_plain_and_holds_the_promised_keys(method: Any) -> None:
    design = morris_design(NAMES, 4, seed=0) if method == "morris" else saltelli_design(NAMES, 64, seed=0)
    found = analysed(design, ishigami(design), method)
    plain = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert {"outcome", "method", "runs", "indices", "dummy", "noise_share"} <= set(plain)
    assert {"parameter", "first", "first_ci", "total", "total_ci"} <= set(plain["indices"][0])
