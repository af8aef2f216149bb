"""Difference-in-differences and event study, on panels whose effects are known."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.stats.bias import Worlds, one_truth, truth
from experiments.stats.did import did, event_study, negative_weight, staggered
from experiments.stats.panel import NEVER, Trial, trials_of
from tests.experiments.panels import PERIODS, START, STREETS, after, half, panel, paths, trial, worlds

DRAWS = 400


def noisy(seed: int, effect: float = 0.0, streets: int = 43) -> Trial:
    """Return a trial whose streets wander: their errors are correlated from period to period."""
    luck = np.random.default_rng(seed)
    wander = luck.normal(size=(streets, PERIODS)).cumsum(axis=1) * 0.3
    adopted = half(streets)
    return trial(paths(streets) + wander + luck.normal(size=(streets, PERIODS)) + effect * after(adopted), adopted)


def regression(values: NDArray[np.float64], columns: list[NDArray[np.float64]]) -> tuple[Any, Any]:
    """Return the last coefficients of a regression with dummies, and their clustered standard errors."""
    streets, periods = values.shape
    street, period = np.repeat(np.eye(streets), periods, axis=0), np.tile(np.eye(periods), (streets, 1))[:, 1:]
    x = np.hstack([street, period, np.stack([column.ravel() for column in columns], axis=1)])
    beta = np.linalg.lstsq(x, values.ravel(), rcond=None)[0]
    residual = values.ravel() - x @ beta
    scores = (x * residual[:, None]).reshape(streets, periods, -1).sum(axis=1)
    bread = np.linalg.pinv(x.T @ x)
    cells, known = streets * periods, len(columns) + periods
    scale = streets / (streets - 1) * (cells - 1) / (cells - known)
    covariance = scale * bread @ scores.T @ scores @ bread
    return beta[-len(columns) :], np.sqrt(np.diag(covariance)[-len(columns) :])


def test_without_spill_over_the_estimate_is_the_true_effect() -> None:
    one = one_truth(worlds(paths(), 0.2, 0.0, 0.3), "closure_rate")
    assert one.estimate.value == pytest.approx(0.2)
    assert one.on_reformed == pytest.approx(0.2)
    assert one.everywhere == pytest.approx(0.3)
    assert one.bias == pytest.approx(0.0)


def test_a_spill_over_biases_the_estimate_by_its_size_and_the_other_way() -> None:
    one = one_truth(worlds(paths(), 0.2, -0.05, 0.3), "closure_rate")
    assert one.estimate.value == pytest.approx(0.25)
    assert (one.bias, one.drift, one.timing) == (pytest.approx(0.05), pytest.approx(0.0), pytest.approx(0.0))
    assert one.on_others == pytest.approx(-0.05)


def test_the_parts_of_the_bias_add_up_whatever_the_worlds() -> None:
    luck = np.random.default_rng(3)
    random = [panel(luck.normal(size=(STREETS, PERIODS))) for _ in range(3)]
    adoption = worlds(paths(), 0.0, 0.0, 0.0).adoption
    one = one_truth(Worlds(random[0], random[1], random[2], adoption), "closure_rate")
    reformed, others = one.reformed_by_period, one.others_by_period
    early = (reformed - others)[:START].mean()
    assert one.timing == pytest.approx(-early)
    assert one.bias == pytest.approx(one.drift - one.on_others + one.timing)


def test_cases_that_live_into_the_reform_bias_the_estimate_until_their_period_is_washed_out() -> None:
    without = paths()
    effect = 0.2 * after(half())
    effect[half() == START, START - 1] = 0.1
    adoption = worlds(without, 0.0, 0.0, 0.0).adoption
    both = Worlds(panel(without), panel(without + effect), None, adoption)
    assert one_truth(both, "closure_rate").bias == pytest.approx(-0.1 / START)
    assert one_truth(both, "closure_rate", washout=1).bias == pytest.approx(0.0)
    events = event_study(trials_of([both.somewhere], "closure_rate", adoption)[0], base=-2)
    assert events.value(0) == pytest.approx(0.2)
    assert events.value(-1) == pytest.approx(0.1)


def test_the_estimate_and_its_error_are_those_of_the_regression_with_dummies() -> None:
    sample = noisy(1, effect=0.5)
    value, error = regression(sample.values, [sample.under])
    found = did(sample)
    assert found.value == pytest.approx(value[0])
    assert found.error == pytest.approx(error[0])


def test_with_several_dates_too_the_estimate_is_that_of_the_regression_with_dummies() -> None:
    adopted = np.array([3, 6, PERIODS] * 7)
    sample = dataclasses.replace(noisy(2, streets=21), adopted=adopted)
    value, error = regression(sample.values, [sample.under])
    found = did(sample)
    assert (found.value, found.error) == (pytest.approx(value[0]), pytest.approx(error[0]))


def test_the_event_study_is_that_of_the_regression_with_dummies() -> None:
    sample = noisy(3, effect=0.5)
    others = [period for period in range(PERIODS) if period != START - 1]
    treated = sample.treated[:, None].astype(float)
    values, errors = regression(sample.values, [treated * (np.arange(PERIODS) == period) for period in others])
    found = event_study(sample).estimates.values()
    assert [each.value for each in found] == pytest.approx(values)
    assert [each.error for each in found] == pytest.approx(errors)


def test_the_pre_trend_test_rejects_parallel_paths_as_rarely_as_it_says() -> None:
    rejected = [(event_study(noisy(seed)).pre_trend_p or 0.0) < 0.05 for seed in range(DRAWS)]
    assert 0.025 <= np.mean(rejected) <= 0.085


def test_the_pre_trend_test_sees_paths_that_part() -> None:
    sample = noisy(4)
    parting = sample.values + 1.0 * sample.treated[:, None] * np.arange(PERIODS)
    assert (event_study(dataclasses.replace(sample, values=parting)).pre_trend_p or 0.0) < 0.01


def test_the_pre_trend_test_looks_at_no_period_under_the_reform() -> None:
    assert event_study(noisy(8, effect=50.0)).pre_trend_p == pytest.approx(event_study(noisy(8)).pre_trend_p)


def test_the_clustered_interval_covers_as_often_as_it_says_though_streets_wander() -> None:
    holds = [did(noisy(seed, effect=0.3)).holds(0.3) for seed in range(DRAWS)]
    assert 0.92 <= np.mean(np.array(holds, dtype=float)) <= 0.98


def test_the_order_of_streets_does_not_matter() -> None:
    sample = noisy(5, effect=0.5)
    order = np.random.default_rng(0).permutation(len(sample.values))
    shuffled = dataclasses.replace(sample, values=sample.values[order], adopted=sample.adopted[order])
    for first, second in (
        (did(sample), did(shuffled)), (staggered(sample).overall, staggered(shuffled).overall),
    ):  # fmt: skip
        assert (first.value, first.error) == (pytest.approx(second.value), pytest.approx(second.error))
    assert event_study(sample).pre_trend_p == pytest.approx(event_study(shuffled).pre_trend_p)


def test_growing_effects_of_several_dates_mislead_two_way_effects_and_not_group_time_averages() -> None:
    adopted = np.where(np.arange(STREETS) < 9, 2, np.where(np.arange(STREETS) < 18, 6, PERIODS))
    since = np.arange(PERIODS) - adopted[:, None]
    effect = np.where(since >= 0, 1.0 + since, 0.0)
    sample = trial(paths() + effect, adopted)
    plain, careful = did(sample), staggered(sample)
    true = float(effect[since >= 0].mean())
    assert negative_weight(sample) > 0.0
    assert plain.value is not None and plain.value < 0.75 * true
    assert careful.overall.value == pytest.approx(true)
    assert [each.value for each in careful.since.values()] == pytest.approx([1.0 + k for k in range(8)])
    assert negative_weight(trial(paths(), half())) == 0.0


def test_group_time_averages_can_leave_out_periods_whose_cases_lived_into_the_reform() -> None:
    adopted = np.where(np.arange(STREETS) < 7, 3, np.where(np.arange(STREETS) < 14, 6, PERIODS))
    since = np.arange(PERIODS) - adopted[:, None]
    sample = trial(paths() + np.select([since >= 0, since == -1], [1.0, 0.4], 0.0), adopted)
    assert staggered(sample, lived_into=1).overall.value == pytest.approx(1.0)
    assert (staggered(sample).overall.value or 1.0) < 0.7


def test_with_two_periods_group_time_averages_are_the_difference_in_differences() -> None:
    sample = noisy(6, effect=0.4)
    two = dataclasses.replace(sample, values=sample.values[:, 3:5], adopted=np.where(sample.treated, 1, 2))
    two = dataclasses.replace(two, first_day=sample.first_day[3:5])
    assert staggered(two).overall.value == pytest.approx(did(two).value)


def test_streets_with_an_empty_cell_or_reformed_before_the_panel_are_left_out_and_named() -> None:
    values = paths()
    values[3, 2] = np.nan
    adoption = np.full(STREETS, NEVER)
    adoption[:3] = (START * 30, START * 30, 0)
    found = trials_of([panel(values)], "closure_rate", adoption)[0]
    assert found.left_out == ("street02", "street03")
    assert len(found.values) == STREETS - 2


def test_what_cannot_be_estimated_is_refused_in_words() -> None:
    adoption = np.full(STREETS, NEVER)
    adoption[0] = 100
    with pytest.raises(ValueError, match="within a period"):
        trials_of([panel(paths())], "closure_rate", adoption)
    with pytest.raises(ValueError, match="base period: expected -4 to -1, got 0"):
        event_study(noisy(7), base=0)
    with pytest.raises(ValueError, match="dates of reform: expected one, got 2"):
        event_study(trial(paths(), np.array([2, 5] * 10)))
    with pytest.raises(ValueError, match=r"streets: expected at least .* got 20 and 0"):
        did(trial(paths(), np.full(STREETS, START)))


def test_over_luck_the_bias_is_paired_and_coverage_counts_runs() -> None:
    ones = [one_truth(worlds(paths(seed=seed), 0.2 + 0.01 * seed, -0.05, 0.3), "closure_rate") for seed in range(6)]
    found = truth("closure_rate", ones)
    assert found.bias.mean == pytest.approx(0.05)
    assert found.bias.high == pytest.approx(0.05)  # the effect differs by luck, the bias does not
    assert found.on_reformed.high is not None and found.on_reformed.high > 0.23
    assert found.periods is not None
    assert found.periods[-1].on_reformed.mean == pytest.approx(0.225)
    plain = found.as_json()
    assert plain["runs"] == 6 and "one_by_one" not in plain
    assert plain["bias"] == {"mean": found.bias.mean, "ci_low": found.bias.low, "ci_high": found.bias.high}
    assert list(plain["periods"][0]) == ["period", "estimated", "on_reformed", "on_others"]


def test_coverage_is_of_the_effect_on_the_reformed_and_that_of_everywhere_stands_beside() -> None:
    luck = np.random.default_rng(9)
    samples = [paths(seed=seed) + 0.05 * luck.normal(size=(STREETS, PERIODS)) for seed in range(20)]
    found = truth("closure_rate", [one_truth(worlds(each, 0.2, 0.0, 0.6), "closure_rate") for each in samples])
    assert found.coverage.mean is not None and found.coverage.mean >= 0.8
    assert found.coverage_everywhere.mean == 0.0
    assert found.reported_error == pytest.approx(found.spread, rel=0.5)


def test_a_reform_that_no_period_precedes_has_no_estimate() -> None:
    """A third of the streets, so that means of streets and periods do not cancel to the last bit."""
    adopted = np.where(np.arange(STREETS) % 3 == 0, 0, PERIODS)
    with pytest.raises(ValueError, match="expected periods before and after it, got none on one side"):
        did(trial(paths(), adopted))
