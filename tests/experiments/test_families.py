"""Families of durations: planted parameters come back, under censoring and on a coarse clock."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from experiments.stats import families
from experiments.stats.families import FAMILIES, NORMAL, SMALLEST, Family, fit_families

PLANTED = {
    "lognormal": {"mean_log": 2.0, "sigma_log": 1.1},
    "weibull": {"shape": 0.7, "scale": 12.0},
    "gamma": {"shape": 2.5, "scale": 6.0},
    "exponential": {"mean": 9.0},
}


def in_scipy(family: Family) -> Any:
    """Return the distribution as scipy writes it."""
    values = family.parameters
    if family.name == "lognormal":
        return stats.lognorm(values["sigma_log"], scale=np.exp(values["mean_log"]))
    if family.name == "exponential":
        return stats.expon(scale=values["mean"])
    return {"weibull": stats.weibull_min, "gamma": stats.gamma}[family.name](values["shape"], scale=values["scale"])


def drawn(name: str, size: int = 20_000, seed: int = 1) -> NDArray[np.float64]:
    planted = in_scipy(Family(name, PLANTED[name], 0.0, 0.0))
    return np.asarray(planted.rvs(size, random_state=np.random.default_rng(seed)))


def fitted(name: str, found: tuple[Family, ...]) -> Family:
    return next(each for each in found if each.name == name)


@pytest.mark.parametrize("name", FAMILIES)
def test_planted_parameters_come_back_and_their_family_is_best(name: str) -> None:
    found = fit_families(drawn(name))
    assert fitted(name, found).parameters == pytest.approx(PLANTED[name], rel=0.04)
    # a Weibull or gamma of shape 1 is an exponential, and so as near as its one parameter more
    assert fitted(name, found).aic <= found[0].aic + 2.0
    assert [each.aic for each in found] == sorted(each.aic for each in found)


@pytest.mark.parametrize("name", FAMILIES)
def test_open_cases_do_not_shorten_the_fit(name: str) -> None:
    """Half of the cases are seen for a random time only: taking what was seen as the whole would be far off."""
    days = drawn(name)
    seen = np.random.default_rng(2).exponential(np.median(days) * 1.5, days.size)
    found = fit_families(np.minimum(days, seen), days <= seen)
    assert 0.3 < (days <= seen).mean() < 0.75
    assert fitted(name, found).parameters == pytest.approx(PLANTED[name], rel=0.06)
    wrong = fitted(name, fit_families(np.minimum(days, seen)))
    assert wrong.parameters != pytest.approx(PLANTED[name], rel=0.06)


@pytest.mark.parametrize("name", FAMILIES)
def test_whole_days_with_zeros_are_fitted_as_intervals(name: str) -> None:
    """A duration lies within half a day of what is written."""
    days = np.rint(drawn(name))
    assert (days == 0).any()
    assert fitted(name, fit_families(days, resolution=1.0)).parameters == pytest.approx(PLANTED[name], rel=0.04)


def test_the_likelihood_is_that_of_scipy() -> None:
    days, closed = np.array([0.5, 2.0, 3.5, 8.0, 20.0]), np.array([True, True, False, True, False])
    for each in fit_families(days, closed):
        frozen = in_scipy(each)
        expected = frozen.logpdf(days[closed]).sum() + frozen.logsf(days[~closed]).sum()
        assert each.log_likelihood == pytest.approx(expected, rel=1e-9)
        assert each.aic == pytest.approx(2 * len(each.parameters) - 2 * expected, rel=1e-9)


def test_on_a_clock_the_likelihood_is_that_of_the_steps() -> None:
    """Also where the step is so small against the duration that density times step stands for it."""
    days = np.array([0.0, 2.0, 4.0, 4.0, 30.0, 6_000.0])
    for each in fit_families(days, resolution=2.0):
        frozen = in_scipy(each)
        steps = np.log(frozen.cdf(days + 1.0) - frozen.cdf(np.maximum(days - 1.0, 0.0)))
        assert each.log_likelihood == pytest.approx(steps.sum(), rel=1e-5), each.name


def test_the_maximum_is_that_of_scipys_own_censored_fit() -> None:
    days = drawn("weibull", 800)
    closed = days < 15.0
    data = stats.CensoredData(uncensored=days[closed], right=np.full(int((~closed).sum()), 15.0))
    shape, _, scale = stats.weibull_min.fit(data, floc=0)
    found = fitted("weibull", fit_families(np.minimum(days, 15.0), closed))
    assert found.parameters == pytest.approx({"shape": shape, "scale": scale}, rel=1e-3)


def test_grouping_many_durations_moves_the_fit_by_almost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    days = drawn("gamma", 30_000)
    grouped = fitted("gamma", fit_families(days))
    monkeypatch.setattr(families, "BINS", 1 << 20)
    exact = fitted("gamma", fit_families(days))
    assert grouped.parameters == pytest.approx(exact.parameters, rel=1e-4)
    assert abs(grouped.log_likelihood - exact.log_likelihood) < 1.0


def test_one_case_of_a_century_does_not_hide_the_best_weibull() -> None:
    """From where moments put it the likelihood is flat: the search must still find its way to a wide Weibull."""
    days = np.append(np.rint(np.random.default_rng(1).lognormal(1.0, 1.0, 50)), 40_000.0)
    found = fitted("weibull", fit_families(days, resolution=1.0))
    assert found.parameters["shape"] == pytest.approx(0.33, abs=0.01)
    assert found.log_likelihood == pytest.approx(-183.0, abs=1.0)


@pytest.mark.parametrize("name", ["lognormal", "gamma", "exponential"])
def test_on_a_clock_the_fit_is_that_of_scipys_intervals(name: str) -> None:
    """Whole days with zeros, a third of the cases open: scipy censors both by intervals and from the right."""
    days = np.rint(drawn(name, 300))
    closed = days < np.quantile(days, 0.67)
    seen = np.minimum(days, days[~closed].min())
    ends = np.column_stack([np.maximum(seen[closed] - 0.5, 0.0), seen[closed] + 0.5])
    data: Any = stats.CensoredData(interval=ends, right=seen[~closed])
    free = {"lognormal": stats.lognorm, "gamma": stats.gamma, "exponential": stats.expon}[name].fit(data, floc=0)
    found = fitted(name, fit_families(seen, closed, resolution=1.0))
    expected = {"lognormal": (np.log(free[-1]), free[0]), "gamma": (free[0], free[-1]), "exponential": free[-1:]}[name]
    assert list(found.parameters.values()) == pytest.approx(list(expected), rel=2e-3)


def plain_fit(name: str, days: NDArray[np.float64], closed: NDArray[np.bool_], resolution: float) -> Family:
    """Fit as one would by hand: scipy's distributions, interval by interval, and its search without derivatives."""

    def likelihood(parameters: NDArray[np.float64]) -> float:
        frozen, low, high = in_scipy(named(parameters)), days - resolution / 2, days + resolution / 2
        # differences of tails and of shares below: of both the greater has lost fewer digits
        low = np.maximum(low, 0.0)
        share = np.maximum(frozen.cdf(high) - frozen.cdf(low), frozen.sf(low) - frozen.sf(high))
        known = np.log(share) if resolution > 0.0 else frozen.logpdf(days)
        return float(known[closed].sum() + frozen.logsf(days[~closed]).sum())

    def named(place: NDArray[np.float64]) -> Family:
        values = [place[0], np.exp(place[1])] if name == "lognormal" else np.exp(place)
        return Family(name, dict(zip(FAMILIES[name], map(float, values), strict=True)), 0.0, 0.0)

    middle = np.log(np.maximum(days, 0.25)).mean()
    place = {"lognormal": [middle, 0.0], "exponential": [middle]}.get(name, [0.0, middle])
    minimize: Any = optimize.minimize  # its stubs know no options of this method
    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000}
    for _ in range(2):
        with np.errstate(all="ignore"):
            found = minimize(lambda at: -likelihood(at), np.array(place), method="Nelder-Mead", options=options)
        place = found.x
    return Family(name, named(found.x).parameters, -found.fun, 0.0)


def censored(size: int, share: float, resolution: float, seed: int) -> tuple[Any, Any, float]:
    """Return lognormal durations, seen until the day when so many are closed."""
    days = np.random.default_rng(seed).lognormal(1.5, 1.2, size)
    days = np.rint(days / resolution) * resolution if resolution else days
    until = np.sort(days)[int(size * share) - 1]
    return np.minimum(days, until), days <= until, resolution


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    ("days", "closed", "resolution"),
    [
        censored(120, 1.0, 0.0, 1),
        censored(120, 1.0, 1.0, 2),
        censored(120, 0.6, 1.0, 3),
        censored(120, 0.05, 0.01, 4),
        censored(5, 1.0, 0.0, 5),
        censored(6, 0.5, 0.1, 6),
        (np.array([1.0, 9.0]), np.array([True, True]), 1.0),
        (np.array([3.0, 50.0, 80.0, 7.0]), np.array([True, False, False, False]), 0.1),
    ],
    ids=["exact", "whole days", "censored", "nearly all open", "five", "three of six", "two", "one closed"],
)
def test_the_maximum_is_where_a_search_without_derivatives_finds_it(
    name: str, days: NDArray[np.float64], closed: NDArray[np.bool_], resolution: float
) -> None:
    expected = plain_fit(name, days, closed, resolution)
    found = fitted(name, fit_families(days, closed, resolution))
    assert found.parameters == pytest.approx(expected.parameters, rel=5e-5)
    assert found.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-6)


@pytest.mark.parametrize("standard", [NORMAL, SMALLEST])
def test_derivatives_of_the_likelihood_are_those_of_its_differences(standard: Any) -> None:
    days = np.array([0.0, 1.0, 4.0, 4.0, 60.0, 3_000.0, 9.0, 20.0])
    cases = families._Cases(days, np.arange(days.size) < 6, 1.0)
    place, step = np.array([0.6, 1.1]), 1e-5
    _, gradient, hessian = standard.log_likelihood(cases, place)
    for which, nudge in enumerate(step * np.eye(2)):
        ahead, behind = (standard.log_likelihood(cases, place + sign * nudge) for sign in (1, -1))
        assert gradient[which] == pytest.approx((ahead[0] - behind[0]) / (2 * step), rel=1e-6)
        assert hessian[which] == pytest.approx((ahead[1] - behind[1]) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("days", [np.zeros(9), np.full(9, 3.0), np.append(np.full(9, 3.0), [50.0, 80.0])])
def test_closed_cases_of_one_length_are_as_good_as_certain(days: NDArray[np.float64]) -> None:
    """No width within the clock's step is better than another: all of them lie in one interval."""
    closed = np.arange(days.size) < 9
    for each in fit_families(days, closed, 1.0):
        assert np.isfinite(list(each.parameters.values())).all()
        assert each.log_likelihood == pytest.approx(plain_fit(each.name, days, closed, 1.0).log_likelihood, abs=1e-4)


def test_ten_thousand_alike_and_one_of_a_century_still_have_a_weibull() -> None:
    """Its tail at the start is e^-10⁵, far below the smallest number."""
    days = np.append(np.ones(10_000), 40_000.0)
    found = fitted("weibull", fit_families(days, resolution=1.0))
    assert found.parameters == pytest.approx({"shape": 0.684, "scale": 1.110}, abs=1e-3)


def test_survival_and_density_belong_together() -> None:
    each = Family("lognormal", PLANTED["lognormal"], 0.0, 0.0)
    days = np.linspace(0.01, 60.0, 60_000)
    mass = np.trapezoid(each.density(days), days)
    assert mass == pytest.approx(float(each.survival(days[0]) - each.survival(days[-1])), abs=1e-4)


@pytest.mark.parametrize(
    ("days", "closed", "resolution", "words"),
    [
        ([1.0, -2.0], None, 0.0, "negative or undefined"),
        ([1.0, np.nan], None, 0.0, "negative or undefined"),
        ([1.0, 2.0], [False, False], 0.0, "expected some closed cases"),
        ([0.0, 2.0], None, 0.0, "none of 0 days under resolution 0"),
        ([2.0, 2.0], None, 0.0, "closed cases of different lengths"),
        ([1.0, 2.0], [True], 0.0, "expected one equal length"),
        ([1.0, 2.0], None, -1.0, "resolution: expected 0 days or more, got -1.0"),
    ],
)
def test_durations_without_a_fit_are_told(
    days: list[float], closed: list[bool] | None, resolution: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        fit_families(days, closed, resolution)
