"""History matching finds the worlds that bands leave, keeps those inside on fresh seeds, and narrows no more."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from experiments.stats.emulator import fit_emulator
from experiments.stats.history_matching import Batch, Options, Waves
from experiments.stats.intervals import Floats
from experiments.stats.region import (
    REFUSED,
    Band,
    Chains,
    Guess,
    Judgement,
    Space,
    Target,
    implausibility,
    nth_largest,
    systematic,
    tilt_of,
)
from model import MissingExtra

INPUTS, NOISE = 30, np.array([0.08, 0.15, 0.12, 0.08])

ACTING = 16  # inputs on which something hangs; the others act on nothing


def load(points: Floats) -> Floats:
    """Return a feature known beforehand, array (points, 1)."""
    return np.asarray(np.exp((points[:, :3] - 0.5) @ np.array([[1.2], [0.8], [-1.0]])))


def outcomes(points: Floats) -> Floats:
    """Return the means of four measured numbers, array (points, 4): one with a kink, one bent, one periodic."""
    weights = np.zeros((INPUTS, 4))
    for place, first in enumerate((3, 6, 9, 12)):
        weights[first : first + 3, place] = (1.0, -0.8, 0.5)
    direct, busy = (points - 0.5) @ weights, load(points)[:, 0]
    return np.column_stack([
        direct[:, 0] + 2 * busy, direct[:, 1] + 3 * np.maximum(0.0, busy - 1.1),
        np.sin(2 * direct[:, 2]) + busy, direct[:, 3] + 4 * (points[:, 15] - 0.5) ** 2,
    ])  # fmt: skip


def runs(batch: Batch) -> Floats:
    """Return what a noisy simulator measures, array (points, seeds, 4); luck hangs on world and seed alone."""
    luck = [
        [np.random.default_rng([7, world, seed]).normal(0, NOISE) for seed in batch.seeds] for world in batch.worlds
    ]
    return np.asarray(outcomes(batch.points)[:, None, :] + np.array(luck))


PRIOR = np.random.default_rng(5).random((20_000, INPUTS))

SPREAD = outcomes(PRIOR).std(axis=0)


def bands_around(values: Floats, half: float = 0.4) -> list[Band]:
    ends = half * SPREAD
    return [
        Band(str(place), value - end, value + end, 0.02)
        for place, (value, end) in enumerate(zip(values, ends, strict=True))
    ]


def matched(truth: Floats, seed: int = 1, **options: Any) -> Waves:
    """Run the whole loop on bands around what a known world gives."""
    small = Options(**({"per_wave": 60, "waves": 5, "wanted": 40, "prior": 400, "blocks": 4, "steps": 15} | options))
    waves = Waves(bands_around(outcomes(truth[None])[0]), INPUTS, seed, small, load)
    while (batch := waves.propose()) is not None:
        waves.learn(batch.points, runs(batch))
    return waves


TRUTH = np.random.default_rng([1, 1]).random(INPUTS)


@pytest.fixture(scope="module")
def found() -> Waves:
    return matched(TRUTH)


def truly_inside(waves: Waves) -> Floats:
    """Return the points of a large sample of the prior whose means are inside every band."""
    held = [band.holds(values) for band, values in zip(waves.bands, outcomes(PRIOR).T, strict=True)]
    return PRIOR[np.all(held, axis=0)]


def test_inside_a_band_nothing_is_implausible_and_outside_distance_counts_in_all_its_errors() -> None:
    band = Band("share", 0.2, 0.4, discrepancy=0.03, error=0.04)
    means = np.array([0.2, 0.3, 0.4, 0.1, 0.9, np.nan])
    apart = band.implausibility(means, np.full(6, 0.05**2), luck=0.05**2)
    spread = np.sqrt(2 * 0.05**2 + 0.03**2 + 0.04**2)
    assert apart == pytest.approx([0, 0, 0, 0.1 / spread, 0.5 / spread, np.inf])
    assert Band("low", low=0.2).implausibility(np.array([0.9, 0.0]), np.zeros(2)).tolist() == [0.0, np.inf]
    assert not band.holds(np.array([np.nan]))[0]


def test_the_chance_to_be_inside_is_that_of_a_normal_value_even_far_away() -> None:
    from scipy.stats import norm

    band = Band("share", 0.2, 0.4)
    means = np.array([0.3, 0.0, 0.9])
    exact = np.log(norm.cdf(0.4, means, 0.1) - norm.cdf(0.2, means, 0.1))
    assert band.log_chance(means, np.full(3, 0.01)) == pytest.approx(exact, rel=1e-6)
    far = band.log_chance(np.array([-0.7, 1.3]), np.full(2, 0.01))
    assert far[0] == pytest.approx(far[1]) and far[0] == pytest.approx(norm.logsf(9.0), rel=1e-3)


def test_the_second_largest_lets_one_band_be_missed_and_no_more() -> None:
    apart = np.array([[9.0, 1.0, 2.0], [9.0, 8.0, 2.0]])
    assert nth_largest(apart, 1).tolist() == [9.0, 9.0]
    assert nth_largest(apart, 2).tolist() == [2.0, 8.0]
    assert nth_largest(apart, 3).tolist() == [1.0, 2.0]
    assert nth_largest(apart[:, :1], 3).tolist() == [9.0, 9.0]


def sample(count: int, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    points = rng.random((count, INPUTS))
    return points, outcomes(points) + rng.normal(0, NOISE, (count, 4))


def test_an_emulator_is_as_good_on_new_runs_as_its_cross_validation_says() -> None:
    points, values = sample(300, 1)
    new, truth = sample(1000, 2)
    for place in range(4):
        emulator = fit_emulator(points, load(points), values[:, place])
        mean, variance = emulator.predict(new, load(new))
        errors = truth[:, place] - mean
        assert emulator.check.r2 is not None and emulator.check.r2 > 0.85
        assert 1 - errors.var() / truth[:, place].var() == pytest.approx(emulator.check.r2, abs=0.06)
        assert np.mean(np.abs(errors) < 1.96 * np.sqrt(variance)) == pytest.approx(0.95, abs=0.04)


def test_features_say_what_inputs_alone_do_not() -> None:
    points, _ = sample(120, 1)
    beside = np.exp(3 * load(points))
    none = np.empty((len(points), 0))
    with_it, without = (fit_emulator(points, each, beside[:, 0]).check.r2 for each in (beside, none))
    assert with_it is not None and without is not None and with_it > 0.99 > without


def test_an_emulator_of_noise_has_the_variance_of_noise_and_refuses_nothing() -> None:
    points, _ = sample(200, 1)
    values = np.random.default_rng(3).normal(5.0, 2.0, 200)
    values[::10] = np.nan
    emulator = fit_emulator(points, load(points), values)
    mean, variance = emulator.predict(points, load(points))
    assert emulator.check.runs == 180 and emulator.check.r2 is not None and emulator.check.r2 < 0.1
    assert np.sqrt(variance.mean()) == pytest.approx(2.0, rel=0.2)
    assert (Band("noise", 5.0, 6.0).implausibility(mean, variance) <= REFUSED).all()


@pytest.mark.parametrize("values", [np.full(50, 0.0), np.full(50, np.nan)])
def test_where_runs_do_not_differ_or_fail_an_emulator_refuses_nothing(values: Floats) -> None:
    points, _ = sample(50, 1)
    emulator = fit_emulator(points, load(points), values)
    assert emulator.check.r2 is None
    assert (Band("far", 5.0, 6.0).implausibility(*emulator.predict(points, load(points))) < 0.01).all()


def test_without_scikit_learn_one_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    points, values = sample(50, 1)
    with pytest.raises(MissingExtra, match=r"making worlds: needs sklearn, not installed\. Install: "):
        fit_emulator(points, load(points), values[:, 0])


def test_the_prior_is_spread_out_and_holds_only_what_may_be_run() -> None:
    even = Space(5).prior(100, np.random.default_rng(1))
    assert all(np.bincount((column * 100).astype(int)).max() == 1 for column in even.T)
    simplex = Space(5, valid=lambda points: points[:, :3].sum(axis=1) < 1.0)
    points = simplex.prior(50, np.random.default_rng(1))
    assert points.shape == (50, 5) and (points[:, :3].sum(axis=1) < 1.0).all()
    with pytest.raises(ValueError, match="only 0 are valid"):
        Space(5, valid=lambda points: points[:, 0] > 2.0).prior(10, np.random.default_rng(1))


def moved_chains(tilt: float) -> tuple[Chains, Target, Space]:
    points, values = sample(900, 4)
    space = Space(INPUTS, load, lambda points: points[:, 20] + points[:, 21] < 1.0)
    points, values = points[space.allowed(points)], values[space.allowed(points)]
    bands = tuple(bands_around(outcomes(TRUTH[None])[0]))
    emulators = tuple(fit_emulator(points, load(points), each) for each in values.T)
    judgement = Judgement(bands, emulators, 2)
    rng = np.random.default_rng(6)
    apart, chance = judgement.of(points, load(points))
    left = np.flatnonzero(apart <= REFUSED)
    place = left[systematic(tilt * chance[left], 400, rng)]
    target = Target((judgement,), tilt, REFUSED, Guess.of(points, load(points)), points[place])
    chains = Chains(points[place], load(points[place]), tilt * chance[place], np.zeros(400))
    for _ in range(8):
        chains = chains.advanced(target, space, 15, rng)
    return chains, target, space


def test_chains_end_where_the_prior_would_if_it_were_drawn_from_until_emulators_accept() -> None:
    chains, target, space = moved_chains(0.3)
    prior = PRIOR[space.allowed(PRIOR)]
    weight = np.exp(target.log_density(prior, load(prior)))
    weight /= weight.sum()
    assert (weight == 0.0).any() and np.isfinite(chains.density).all()
    assert space.allowed(chains.points).all() and ((chains.points >= 0) & (chains.points <= 1)).all()
    exact = weight @ prior
    error = np.sqrt(weight @ (prior - exact) ** 2 * (1 / 400 + (weight**2).sum()))
    apart = (chains.points.mean(axis=0) - exact) / error
    assert np.abs(apart).max() < 4.0 and np.sqrt(np.mean(apart**2)) < 1.5
    assert chains.points[:, 22:].std(axis=0).mean() == pytest.approx(12**-0.5, rel=0.03)
    middle = weight @ load(prior)
    assert load(chains.points).std() == pytest.approx(np.sqrt(weight @ (load(prior) - middle) ** 2)[0], rel=0.15)
    assert chains.density == pytest.approx(target.log_density(chains.points, load(chains.points)))


def test_the_tilt_ends_where_too_few_starts_would_count() -> None:
    chance = np.random.default_rng(1).normal(0, 3, 1000)
    tilt = tilt_of(chance, 100.0, 1.0)
    weights = np.exp(tilt * chance)
    assert 0.0 < tilt < 1.0 and weights.sum() ** 2 / (weights**2).sum() == pytest.approx(100.0, rel=1e-6)
    assert tilt_of(chance / 100, 100.0, 1.0) == 1.0


def test_the_loop_finds_worlds_inside_every_band_on_seeds_that_did_not_choose_them(found: Waves) -> None:
    kept = found.ensemble
    assert found.reason == "enough" and found.done and len(kept.worlds) >= 40
    assert found.waves[-1].share > 20 * len(truly_inside(found)) / len(PRIOR)
    for place, band in enumerate(found.bands):
        assert band.holds(kept.values[:, place]).all()
    assert len(np.unique(kept.points, axis=0)) == len(kept.points)
    assert np.abs(kept.values - outcomes(kept.points)).mean(axis=0) == pytest.approx(NOISE * 0.4, rel=0.4)
    assert found.luck is not None and np.sqrt(found.luck) == pytest.approx(NOISE, rel=0.2)
    assert kept.weight.mean() == pytest.approx(1.0) and kept.weight.std() > 0.0


def test_only_what_bands_narrow_is_narrowed(found: Waves) -> None:
    kept, inside = found.ensemble.points, truly_inside(found)
    assert kept[:, ACTING:].std(axis=0).mean() == pytest.approx(12**-0.5, rel=0.06)
    assert load(kept).std() == pytest.approx(load(inside).std(), rel=0.35)
    assert load(kept).std() < 0.5 * load(PRIOR).std()


def test_the_volume_left_falls_and_the_truth_is_never_refused(found: Waves) -> None:
    volumes = [wave.volume for wave in found.waves]
    assert volumes == sorted(volumes, reverse=True) and volumes[-1] < 0.6
    looked_at = (found.judgements[: place + 1] for place in range(len(volumes)))
    apart = [implausibility(each, found.prior, found.prior_features) for each in looked_at]
    assert [(each <= REFUSED).mean() for each in apart] == pytest.approx(volumes)
    truth = TRUTH[None]
    assert all(each.of(truth, load(truth))[0][0] <= REFUSED for each in found.judgements)


def test_the_first_wave_is_the_prior_and_points_inside_are_run_again_with_fresh_seeds() -> None:
    waves = Waves([Band("first", 0.5, 1.0)], 3, 1, Options(per_wave=40, waves=2, prior=100))
    batch = waves.propose()
    assert batch is not None and batch.stage == "explore" and batch.seeds == (0,)
    assert all(np.bincount((column * 40).astype(int)).max() == 1 for column in batch.points.T)
    first = batch.points[:, :1]
    waves.learn(batch.points, first[:, None, :])
    again = waves.propose()
    assert again is not None and again.stage == "confirm" and again.seeds == (1, 2, 3, 4)
    assert again.worlds.tolist() == np.flatnonzero(first[:, 0] >= 0.5).tolist()
    # on fresh seeds the first is just inside on average, the second just outside, and the third failed once
    values = np.full((len(again.points), 4, 1), 0.7)
    values[0, :, 0], values[1, :, 0], values[2, 0, 0] = (0.1, 0.1, 0.9, 1.0), (0.9, 0.9, 0.1, 0.0), np.nan
    assert not waves.done
    waves.learn(again.points, values)
    assert set(again.worlds) - set(waves.ensemble.worlds) == {again.worlds[1], again.worlds[2]}
    assert waves.waves[0].inside == len(again.points) and waves.waves[0].kept == len(again.points) - 2


def test_what_is_proposed_follows_from_the_seed_and_what_was_learned(found: Waves) -> None:
    again = matched(TRUTH, waves=2)
    assert again.reason == "waves" and len(again.runs.points) == 120
    assert np.array_equal(again.runs.points, found.runs.points[:120])
    assert np.array_equal(again.runs.weight, found.runs.weight[:120])
    assert not np.array_equal(Waves(found.bands, INPUTS, 2, found.options, load).prior, found.prior)


def test_runs_that_were_not_asked_for_are_not_learned() -> None:
    waves = Waves([Band("first", 0.5)], 3, 1, Options(per_wave=30, prior=50))
    batch = waves.propose()
    assert batch is not None and waves.propose() is batch
    with pytest.raises(ValueError, match="not the points"):
        waves.learn(batch.points[::-1], np.zeros((30, 1, 1)))
    with pytest.raises(ValueError, match="points, seeds and bands"):
        waves.learn(batch.points, np.zeros((30, 2, 1)))


def test_a_band_that_nothing_reaches_ends_the_waves_and_is_seen_to_be_the_one() -> None:
    bands = [Band("reached", -9.0, 9.0), Band("far", 99.0, 100.0), Band("low", high=-99.0)]
    waves = Waves(bands, 4, 1, Options(per_wave=40, waves=9, prior=100, blocks=1, steps=3))
    while (batch := waves.propose()) is not None:
        rng = np.random.default_rng(len(waves.waves))
        waves.learn(batch.points, batch.points[:, None, :3] + rng.normal(0, 0.1, (len(batch.points), 1, 3)))
    assert waves.reason == "stalled" and len(waves.waves) == 4
    assert waves.waves[-1].alone.tolist() == [1.0, 0.0, 0.0] and len(waves.ensemble.worlds) == 0
    assert waves.waves[-1].cut > REFUSED  # told, not widened in silence


@pytest.mark.slow
def test_of_twenty_known_worlds_the_posterior_covers_the_truth() -> None:
    truths = np.random.default_rng(11).random((20, INPUTS))
    covered, of_load = [], 0
    for seed, truth in enumerate(truths):
        waves = matched(truth, seed, wanted=60)
        kept = waves.ensemble.points
        if len(kept) < 10:  # a truth in a corner: not covered
            continue
        low, high = np.quantile(kept, (0.05, 0.95), axis=0, method="weibull")
        covered.append((truth >= low) & (truth <= high))
        ends = np.quantile(load(kept), (0.05, 0.95), method="weibull")
        of_load += bool(ends[0] <= load(truth[None])[0, 0] <= ends[1])
    assert of_load >= 18
    assert len(covered) >= 18 and np.mean(covered) == pytest.approx(0.9, abs=0.04)
