"""The stopping rule: what it asks for, and that its intervals still cover."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.stats.stopping import Precision, Rule, Values, next_count, precisions, reached

LEVEL = Precision("x", 0.25, relative=False, of="level")
Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def sequential(rule: Rule, stream: Callable[[int], Values]) -> int:
    """Return how many replicates the rule ends with, given a function from a count to the first values."""
    count = next_count(rule, stream(0))
    while (wanted := next_count(rule, stream(count))) != count:
        count = wanted
    return count


def one(values: NDArray[np.float64]) -> Callable[[int], Values]:
    return lambda count: {("a", "x"): values[:count]}


def test_constant_values_stop_after_the_look_ahead() -> None:
    assert sequential(Rule((LEVEL,), 20, 5, 200), one(np.full(200, 3.0))) == 25


def test_values_that_never_settle_end_with_the_budget() -> None:
    values = np.random.default_rng(1).normal(0, 50, 400)
    assert sequential(Rule((LEVEL,), 20, 5, 90), one(values)) == 90


def test_a_mean_of_zero_never_reaches_a_share_of_itself() -> None:
    values = np.tile([1.0, -1.0], 200)
    rule = Rule((Precision("x", 0.05, relative=True, of="level"),), 20, 5, 60)
    assert sequential(rule, one(values)) == 60
    assert not reached(rule, one(values)(60))[0].held


def test_an_undefined_outcome_ends_with_the_budget_and_is_told() -> None:
    rule = Rule((LEVEL,), 20, 5, 40)
    assert sequential(rule, one(np.full(200, np.nan))) == 40
    (found,) = reached(rule, one(np.full(200, np.nan))(40))
    assert (found.half_width, found.held, found.replicates) == (None, False, 0)


def test_the_count_depends_on_the_values_alone_and_grows_by_half_at_most() -> None:
    values, rule = np.random.default_rng(2).normal(0, 2, 2000), Rule((LEVEL,), 20, 5, 2000)
    counts = [25]
    while (wanted := next_count(rule, one(values)(counts[-1]))) != counts[-1]:
        counts.append(wanted)
    assert all(after <= 1.5 * before + 6 for before, after in itertools.pairwise(counts))
    assert sequential(rule, one(values)) == counts[-1]
    known = one(values)(counts[-1])[("a", "x")]
    half = 1.97 * known.std(ddof=1) / np.sqrt(known.size)
    assert half < 0.25 < 1.3 * half  # enough, and not much more


def test_the_precision_holds_for_all_that_is_looked_ahead() -> None:
    values, rule = np.random.default_rng(3).normal(0, 1.2, 500), Rule((LEVEL,), 20, 5, 500)
    count = sequential(rule, one(values))
    for first in range(count - 5, count + 1):
        assert reached(rule, one(values)(first))[0].held


def test_differences_are_paired() -> None:
    luck = np.random.default_rng(4)
    common = luck.normal(0, 30, 200)
    values = {("a", "x"): common, ("b", "x"): common + 1 + luck.normal(0, 0.3, 200)}
    rule = Rule((Precision("x", 0.25, relative=False, of="difference"),), 20, 5, 200)

    def stream(count: int) -> Values:
        return {name: row[:count] for name, row in values.items()}

    assert sequential(rule, stream) == 25
    level = Rule((LEVEL,), 20, 5, 200)
    assert sequential(level, stream) == 200


def test_half_widths_in_percent_are_shares_of_the_mean() -> None:
    assert precisions({"x": "5 %"}, {"y": 0.1}) == [
        Precision("x", 0.05, True, "level"),
        Precision("y", 0.1, False, "difference"),
    ]


def normal(luck: np.random.Generator, count: int) -> NDArray[np.float64]:
    return luck.normal(0.0, 1.0, count)


def skewed(luck: np.random.Generator, count: int) -> NDArray[np.float64]:
    """A closure rate's kind of luck: a lognormal's shape, centred."""
    return np.asarray(np.exp(luck.normal(0.0, 0.45, count)) - np.exp(0.45**2 / 2))


def paired(luck: np.random.Generator, count: int) -> NDArray[np.float64]:
    """A difference on paired luck: most of what both have in common is gone."""
    common = luck.normal(0.0, 3.0, count)
    return (common + luck.normal(0.0, 0.7, count)) - (common + luck.normal(0.0, 0.7, count))


def coverage(draw: Draw, rule: Rule, times: int) -> float:
    """Return how often the interval with which the rule ends holds the true mean of zero."""
    luck, covered = np.random.default_rng(20), 0
    for _ in range(times):
        values = draw(luck, rule.budget)
        known = values[: sequential(rule, one(values))]
        half = np.ptp(_t_interval(known)) / 2
        covered += abs(known.mean()) <= half
    return covered / times


def _t_interval(values: NDArray[np.float64]) -> NDArray[np.float64]:
    from experiments.stats import mean_interval

    interval = mean_interval(values)
    return np.array([interval.low, interval.high])


def wanted(draw: Draw, replicates: int) -> float:
    """Return the half-width that so many replicates give on average."""
    values = draw(np.random.default_rng(1), 200_000)
    return float(2.0 * values.std() / np.sqrt(replicates))


@pytest.mark.parametrize("draw", [normal, skewed, paired])
@pytest.mark.parametrize(
    ("replicates", "times"), [(35, 1000), pytest.param(30, 8000, marks=pytest.mark.slow),
                              pytest.param(80, 6000, marks=pytest.mark.slow)]
)  # fmt: skip
def test_intervals_at_the_end_of_the_rule_cover_as_promised(draw: Draw, replicates: int, times: int) -> None:
    precision = Precision("x", wanted(draw, replicates), relative=False, of="level")
    assert coverage(draw, Rule((precision,), 20, 5, 300), times) >= 0.92


def test_without_minimum_and_look_ahead_they_do_not() -> None:
    precision = Precision("x", wanted(normal, 35), relative=False, of="level")
    assert coverage(normal, Rule((precision,), 2, 0, 300), 600) < 0.92
