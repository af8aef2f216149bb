"""The statistics of a calibration on models whose posterior is known in closed form."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

import model
from experiments.design.factors import Factor
from experiments.design.targets import CalibrateOptions, Target
from experiments.runner.calibration import Run, values_of
from experiments.runner.fitting import Optimum, Population, fit_of, truths_of
from experiments.stats.abc import (
    Proposal,
    distances,
    effective,
    quantile,
    resampled,
    weights_of,
    widening_for,
)
from experiments.stats.fit_checks import Recovered, check, luck_of, recovered
from experiments.stats.identifiability import best_estimates, correlations, estimates, profiles, with_pull

Model = Callable[[Mapping[str, Any]], Sequence[float]]

FIRST, SECOND = Factor("first", "uniform", 0.0, 10.0), Factor("second", "uniform", 0.0, 10.0)


def options(observed: Sequence[tuple[float, float]], **more: Any) -> CalibrateOptions:
    """Return options whose targets have these values and tolerances; their outcomes are never looked up."""
    targets = [
        {"name": f"t{place}", "outcome": f"o{place}", "value": value, "tolerance": tolerance}
        for place, (value, tolerance) in enumerate(observed)
    ]
    return CalibrateOptions(**{"targets": targets, "population": 300, "rounds": 5, **more})


def fitted(model: Model, factors: Sequence[Factor], asked: CalibrateOptions, seed: int = 1) -> Population:
    """Let the method propose, and answer with the model, until it ends."""
    search = fit_of(factors, asked, seed)
    while sets := search.propose():
        search.learn(np.array([model(values) for values in sets], dtype=np.float64))
    assert isinstance(search, Population)
    return search


def moments(search: Population, factor: str) -> tuple[float, float]:
    """Return mean and standard deviation of a parameter after the fit."""
    values = np.array([each[factor] for each in search.sets])
    weights = search.posterior().weights
    mean = float(np.average(values, weights=weights))
    return mean, float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def test_posterior_of_a_linear_model_has_the_mean_and_the_spread_of_theory() -> None:
    # two targets, 2 a + 1 = 9 ± 1 and a − b = 1 ± 0.5: normal, with these moments
    search = fitted(lambda v: (2 * v["first"] + 1, v["first"] - v["second"]), [FIRST, SECOND],
                    options([(9.0, 1.0), (1.0, 0.5)]))  # fmt: skip
    mean, spread = moments(search, "first")
    assert mean == pytest.approx(4.0, abs=0.08)
    assert spread == pytest.approx(0.5, rel=0.1)
    mean, spread = moments(search, "second")
    assert mean == pytest.approx(3.0, abs=0.1)
    assert spread == pytest.approx(np.hypot(0.5, 0.5), rel=0.1)
    posterior = search.posterior()
    assert posterior.widening == 1.0 and posterior.effective > 200
    found = correlations([FIRST, SECOND], search.sets, posterior.weights)
    assert found[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.06)


def test_luck_of_the_model_widens_the_posterior_as_it_should() -> None:
    luck = np.random.default_rng(7)
    search = fitted(lambda v: (v["first"] + luck.normal(0.0, 0.8),), [FIRST], options([(5.0, 0.6)], population=600))
    mean, spread = moments(search, "first")
    assert mean == pytest.approx(5.0, abs=0.1)
    assert spread == pytest.approx(np.hypot(0.8, 0.6), rel=0.1)


def test_a_parameter_that_nothing_depends_on_keeps_its_prior_and_is_not_identified() -> None:
    search = fitted(lambda v: (v["first"],), [FIRST, SECOND], options([(5.0, 0.5)]))
    known, unknown = estimates([FIRST, SECOND], search.sets, search.posterior().weights)
    assert known.verdict == "identified" and known.ratio == pytest.approx(0.5 / np.sqrt(100 / 12), rel=0.1)
    assert unknown.verdict == "not" and unknown.ratio == pytest.approx(1.0, abs=0.08)
    assert (unknown.low, unknown.high) == (pytest.approx(0.25, abs=0.25), pytest.approx(9.75, abs=0.25))


def test_only_the_sum_of_two_parameters_is_known_where_only_their_sum_matters() -> None:
    search = fitted(lambda v: (v["first"] + v["second"],), [FIRST, SECOND], options([(10.0, 0.4)]))
    weights = search.posterior().weights
    assert correlations([FIRST, SECOND], search.sets, weights)[0, 1] < -0.97
    assert {each.verdict for each in estimates([FIRST, SECOND], search.sets, weights)} == {"not"}


@pytest.mark.parametrize(
    "factor", [Factor("first", "triangular", 0.0, 10.0, 2.0), Factor("first", "loguniform", 0.1, 10.0)]
)
def test_weights_hold_for_a_prior_that_is_not_even(factor: Factor) -> None:
    search = fitted(lambda v: (v["first"],), [factor], options([(4.0, 2.0)], population=500))
    grid = np.array([factor.at((place + 0.5) / 20_000) for place in range(20_000)])
    likelihood = np.exp(-0.5 * ((grid - 4.0) / 2.0) ** 2)
    mean = float(np.average(grid, weights=likelihood))
    spread = float(np.sqrt(np.average((grid - mean) ** 2, weights=likelihood)))
    assert moments(search, "first") == (pytest.approx(mean, abs=0.1), pytest.approx(spread, rel=0.06))


def test_a_proposal_is_a_density_and_its_draws_follow_it() -> None:
    luck = np.random.default_rng(3)
    centres = luck.random((40, 2)) * [0.2, 1.0]  # at an edge, so that much is cut off
    proposal, drawn = Proposal.around(centres, np.full(40, 1 / 40), 4000, luck)
    everywhere = luck.random((40_000, 2))
    density = proposal.at(everywhere)
    assert float(density.mean()) == pytest.approx(1.0, abs=0.02)
    assert (drawn > 0).all() and (drawn < 1).all()
    for column in (0, 1):
        assert drawn[:, column].mean() == pytest.approx(np.average(everywhere[:, column], weights=density), abs=0.02)


def test_tolerances_are_widened_only_where_too_few_sets_would_count() -> None:
    search = fitted(lambda v: (v["first"],), [FIRST], options([(30.0, 0.1)], population=50, rounds=3))
    posterior = search.posterior()
    assert posterior.widening > 5.0  # the model gives 10 at most
    assert posterior.effective == pytest.approx(0.25 * len(search.sets), rel=0.01)
    far, alike = np.array([1.0, 2.0, 3.0, np.inf]), np.ones(4)
    assert widening_for(far, 2, alike, 1.0) == 1.0
    assert effective(weights_of(far, 2, alike, widening_for(far, 2, alike, 2.5))) == pytest.approx(2.5, abs=1e-6)


def test_too_few_effective_sets_give_no_verdict() -> None:
    search = fitted(lambda v: (v["first"],), [FIRST], options([(5.0, 0.5)], population=20, rounds=1))
    assert [each.verdict for each in estimates([FIRST], search.sets, search.posterior().weights)] == ["undecided"]


def test_a_set_that_fails_is_rejected_and_the_rest_is_fitted() -> None:
    def model(values: Mapping[str, Any]) -> Sequence[float]:
        return (values["first"] if values["first"] < 5.0 else float("nan"),)

    search = fitted(model, [FIRST], options([(5.0, 1.0)]))
    kept = [each["first"] for each, weight in zip(search.sets, search.posterior().weights, strict=True) if weight > 0]
    assert max(kept) < 5.0
    assert moments(search, "first")[0] == pytest.approx(5.0 - np.sqrt(2 / np.pi), abs=0.08)


def test_rounds_end_where_hardly_anything_comes_nearer() -> None:
    search = fitted(lambda v: (v["first"],), [FIRST], options([(5.0, 0.001)], rounds=9, least_accepted=0.9))
    assert len(search.rounds) == 2
    aims = [each.threshold for each in search.rounds]
    assert aims == sorted(aims, reverse=True) and search.rounds[1].accepted is not None


def test_nothing_is_proposed_after_a_round_in_which_every_set_failed() -> None:
    search = fitted(lambda v: (float("nan"),), [FIRST], options([(5.0, 1.0)]))
    assert len(search.rounds) == 1 and search.sample(10) == []


def test_distance_is_the_root_mean_square_in_tolerances() -> None:
    found = distances(np.array([[2.0, 2.0], [1.0, 0.0], [np.nan, 0.0]]), np.array([1.0, 0.0]), np.array([0.5, 2.0]))
    assert found.tolist() == [pytest.approx(np.sqrt((4 + 1) / 2)), 0.0, np.inf]
    aims = [Target(name=name, outcome=name, value=0.0, tolerance=1.0) for name in ("a", "b")]
    runs = [[Run({"a": 1.0, "b": 2.0}, {})], [Run({"a": 2.0, "b": None}, {})]]
    assert values_of(aims, runs)[0] == 1.5 and np.isnan(values_of(aims, runs)[1])
    assert np.isnan(values_of(aims, [[None]])).all()


def recovery(luck: float, truths: int = 300) -> Recovered:
    """Return what is recovered of the first parameter of a linear model with luck; the second does nothing."""
    generate = np.random.default_rng(6)
    quantiles = generate.random((800, 2))
    table = quantiles[:, :1] * 10.0 + generate.normal(0.0, luck, (800, 1))
    sets = truths_of([FIRST, SECOND], truths, 5)
    values = np.array([[each["first"]] for each in sets]) + generate.normal(0.0, luck, (truths, 1))
    found, unknown = recovered([FIRST, SECOND], (quantiles, table), (sets, values), np.array([1.0]), 0.3, 1)
    assert unknown.error == pytest.approx(1.0, abs=0.1)  # what knowing nothing gives
    assert unknown.correlation == pytest.approx(0.0, abs=0.15)
    assert unknown.coverage.mean == pytest.approx(0.95, abs=0.05) and unknown.evenness > 0.001
    return found


@pytest.mark.parametrize("luck", [0.0, 0.75])
def test_recovery_has_the_error_of_theory_and_covers_as_often_as_it_says(luck: float) -> None:
    found = recovery(luck)
    # tolerance and luck over the spread of the prior
    assert found.error == pytest.approx(np.hypot(1.0, luck) / np.sqrt(100 / 12), rel=0.12)
    assert found.correlation is not None and found.correlation > 0.8
    assert found.coverage.mean == pytest.approx(0.95, abs=0.03) and found.evenness > 0.001


def test_ranks_that_are_not_even_give_a_small_p() -> None:
    sets = truths_of([FIRST], 100, 5)
    values = np.array([[each["first"] + 1.0] for each in sets])  # all shifted, as no tolerance grants
    quantiles = np.random.default_rng(2).random((800, 1))
    table, truths = (quantiles, quantiles * 10.0), (sets, values)
    (found,) = recovered([FIRST], table, truths, np.array([0.5]), 0.3, 1)
    assert found.evenness < 1e-6


def test_recovery_says_nothing_from_too_few_runs() -> None:
    sets = truths_of([FIRST, SECOND], 20, 5)
    known = sets, np.array([[each["first"]] for each in sets])
    quantiles = np.random.default_rng(2).random((12, 2))
    assert recovered([FIRST, SECOND], (quantiles, quantiles[:, :1]), known, np.array([1.0]), 0.3, 1) == ()


def test_truths_drawn_from_the_prior_are_found_again_by_the_rounds_themselves() -> None:
    # a quadratic with luck: what is observed is one run of the truth, plus the error that the tolerances grant
    luck = np.random.default_rng(11)

    def model(values: Mapping[str, Any]) -> Sequence[float]:
        first, second = values["first"], values["second"]
        return (0.1 * first**2 + luck.normal(0.0, 0.4), first - 0.5 * second + luck.normal(0.0, 0.4))

    ranks, errors, inside = [], [], 0
    for number, truth in enumerate(truths_of([FIRST, SECOND], 40, 9)):
        observed = [(each + luck.normal(0.0, granted), granted) for each, granted in
                    zip(model(truth), (0.5, 0.3), strict=True)]  # fmt: skip
        asked = options(observed, population=120, rounds=3)
        search = fitted(model, [FIRST, SECOND], asked, number)
        values, weights = np.array([each["first"] for each in search.sets]), search.posterior().weights
        low, middle, high = (quantile(values, weights, share) for share in (0.025, 0.5, 0.975))
        inside += low <= truth["first"] <= high
        ranks.append(float(weights[values < truth["first"]].sum()))
        errors.append(middle - truth["first"])
    assert inside >= 34  # of 40 intervals of 95 %: fewer is luck once in three hundred times
    assert kstest(ranks, "uniform").pvalue > 0.01
    assert np.sqrt(np.mean(np.square(errors))) / np.sqrt(100 / 12) < 0.3


def test_known_values_of_the_district_itself_are_found_again_and_an_idle_one_is_not() -> None:
    # staff.load sets the staff of districts that do not count it; tiny does, so there it is idle. Tempers are luck, and
    # those of its four departments would hide what is looked for
    world = model.load_scenario("inverted", district="tiny", overrides={
        "acceptance.tempers": 0, "run.warm_up_days": 20, "run.window_days": 120, "run.follow_up_days": 40})  # fmt: skip
    factors = [Factor("acceptance.membership", "uniform", 1.0, 6.0), Factor("staff.load", "uniform", 0.5, 1.1)]
    seeds = itertools.count(1)

    def run(values: Mapping[str, Any]) -> Sequence[float]:
        outcomes = model.simulate(model.vary(world, values), next(seeds)).outcomes
        return [float(outcomes[name] or 0.0) for name in ("passed_share", "ping_pong_share")]

    for true in (2.0, 3.5, 5.0):
        observed = run({"acceptance.membership": true, "staff.load": 0.8})
        search = fitted(run, factors, options([(each, 0.02) for each in observed], population=60, rounds=3))
        found = estimates(factors, search.sets, search.posterior().weights)
        known, idle = with_pull(found, factors, search.rounds[0].sets, search.rounds[0].values)
        # knowing nothing gives 3.5 for all three
        assert known.low < true < known.high and known.middle == pytest.approx(true, abs=1.0)
        assert known.verdict != "not" and known.moves
        assert idle.verdict == "not" and not idle.moves


def test_what_is_held_out_changes_nothing_of_the_fit() -> None:
    def asked(value: float) -> CalibrateOptions:
        held = {"name": "held", "outcome": "held", "value": value, "tolerance": 0.01}
        return options([(5.0, 0.5)], held_out=[held], population=60, rounds=3)

    one, other = (fitted(lambda v: (v["first"], v["second"]), [FIRST, SECOND], asked(value)) for value in (1.0, 9.0))
    assert one.sets == other.sets
    assert one.posterior().weights.tolist() == other.posterior().weights.tolist()


def test_luck_of_a_mean_over_replicates_is_found_from_their_spread() -> None:
    luck = np.random.default_rng(4)
    values = luck.normal(0, 5, (400, 1)) + luck.normal(0, 3.0, (400, 4))
    assert luck_of(values) == pytest.approx(1.5, rel=0.1)
    assert luck_of(values[:, :1]) is None


def test_the_predictive_check_tells_covered_near_and_missed_apart() -> None:
    draws = np.linspace(0.0, 1.0, 101)
    some = np.where(np.arange(101) < 95, np.nan, draws)
    observed = {"in": (0.5, draws), "near": (1.5, draws), "far": (4.0, draws), "gone": (0.5, some)}
    found = [check(value, 1.0, given, None, np.array([0.2, 3.0])) for value, given in observed.values()]
    assert [each.verdict for each in found] == ["covered", "near", "missed", "undefined"]
    assert found[0].rank == pytest.approx(0.5) and found[0].p == 1.0
    assert found[2].rank == 1.0 and found[2].p == pytest.approx(2 / 102)
    assert (found[3].undefined, found[3].median) == (95, None)
    assert [each.beyond for each in found] == [False, False, True, False]  # no set of the fit gave as much as 4


def test_quantiles_and_draws_follow_the_weights() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.0, 0.5, 0.5])
    assert quantile(values, weights, 0.5) == pytest.approx(1.5)
    chosen = resampled(np.array([0.1, 0.0, 0.9]), 100, np.random.default_rng([1, 1]))
    assert np.bincount(chosen, minlength=3).tolist() == [10, 0, 90]


def test_optuna_finds_the_point_and_its_profile_the_interval_and_told_again_it_is_the_same() -> None:
    asked = options([(4.0, 0.5)], method="optuna", population=40, rounds=4)
    first, again = (Optimum([FIRST, SECOND], asked, 3) for _ in range(2))
    for search in (first, again):
        while sets := search.propose():
            search.learn(np.array([[each["first"]] for each in sets]))
    assert first.sets == again.sets and len(first.sets) == 160
    best, free = best_estimates([FIRST, SECOND], first.sets, first.distance, first.distance, 1)
    assert best.middle == pytest.approx(4.0, abs=0.05)
    assert (best.low, best.high) == (pytest.approx(4.0 - 0.98, abs=0.3), pytest.approx(4.0 + 0.98, abs=0.3))
    assert best.verdict == "identified" and free.ratio > best.ratio
    lucky, _ = best_estimates([FIRST, SECOND], first.sets, first.distance, first.distance / 2.0, 1)
    assert lucky.middle == best.middle and lucky.ratio == pytest.approx(2.0 * best.ratio, rel=0.2)
    assert first.sample(2) == [first.sample(1)[0]] * 2


def test_a_profile_keeps_the_best_of_each_part_of_the_prior() -> None:
    sets = [{"first": value} for value in (0.5, 0.6, 9.9)]
    (found,) = profiles([FIRST], sets, np.array([3.0, 2.0, 7.0]))
    assert found.best[0] == 2.0 and found.best[9] == 7.0 and np.isnan(found.best[1:9]).all()
    assert found.runs.tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]


def test_spread_of_a_parameter_even_in_its_logarithm_is_that_of_the_logarithm() -> None:
    factor = Factor("first", "loguniform", 0.1, 10.0)
    search = fitted(lambda v: (np.log(v["first"]),), [factor], options([(0.0, 0.3)]))
    (found,) = estimates([factor], search.sets, search.posterior().weights)
    assert found.ratio == pytest.approx(0.3 / (np.log(100) / np.sqrt(12)), rel=0.1)
    assert (found.low, found.middle, found.high) == (
        pytest.approx(np.exp(-0.588), rel=0.1), pytest.approx(1.0, rel=0.05), pytest.approx(np.exp(0.588), rel=0.1)
    )  # fmt: skip
