"""Foretelling a log: its normal form, measures, rivals, replay, the pool; no threshold is tested on real logs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from experiments.learning.bare_queue import Rates, bare_queue
from experiments.learning.foretelling import Discrepancy, foretell, origins_in, period_length
from experiments.learning.measures import (
    CLOSINGS,
    HANDED,
    LATE,
    LEFT,
    MEAN,
    MEASURES,
    MEDIAN,
    TOP,
    Periods,
    in_parts,
    measure,
    periods_from,
    text_of,
)
from experiments.learning.paths import NEVER, Courses, Paths
from experiments.learning.pool import LAST, MECHANISM, REPLAY, YESTERDAY, Pooled, Watched, learn_weights
from experiments.learning.replay import HABITS, Habit, Replay
from experiments.learning.rivals import last_period, oracle, yesterday
from experiments.learning.trial import Setting, replaying, trial
from experiments.stats.crps import crps, quantiles
from experiments.stats.intervals import Floats
from tests.experiments.offices import office, paths_from

AT = {name: place for place, name in enumerate(MEASURES)}


def three_cases() -> Paths:
    """Return a case that comes back, one that stays and is open, one that is handed over after the horizon of tests."""
    return paths_from(
        [(0.0, 9.0, [(0.0, 0), (2.0, 1), (5.0, 0), (9.0, 0)]), (1.0, np.nan, [(1.0, 1)]),
         (12.0, 30.0, [(12.0, 0), (25.0, 2), (30.0, 2)])], units=3, horizon=40.0,
    )  # fmt: skip


def test_courses_know_hand_overs_who_makes_them_and_what_comes_back() -> None:
    courses = Courses.of(three_cases())
    assert courses.closed.tolist() == [9.0, NEVER, 18.0]
    assert courses.passed.tolist() == [[2.0, 5.0], [NEVER, NEVER], [13.0, NEVER]]
    assert courses.passer.tolist() == [[0, 1], [-1, -1], [0, -1]]
    assert courses.back.tolist() == [[False, True], [False, False], [False, False]]


def test_what_was_known_at_a_moment_has_nothing_later() -> None:
    known = three_cases().until(6.0)
    assert len(known) == 2
    assert not known.closed.any()
    assert known.time.max() < 6.0
    assert known.horizon == 6.0
    assert Courses.of(known).passed[0].tolist() == [2.0, 5.0]


def test_measures_are_those_of_the_definition() -> None:
    paths = three_cases()
    periods = Periods(np.array([0.0, 10.0, 20.0]), 20.0, 8.0, 3)
    values = measure(paths.start, Courses.of(paths), periods)
    first, second = values
    assert first[AT[HANDED]] == 0.5
    assert first[AT[MEAN]] == 1.0
    assert first[AT[MEDIAN]] == np.median([9.0, 19.0])
    assert first[AT[LATE]] == 1.0  # nine days, and open: both for more than eight
    assert second[AT[HANDED]] == 0.0  # handed over only after the horizon
    assert second[AT[LATE]] == 1.0  # still open at the end of eight days
    assert first[AT[CLOSINGS]], second[AT[CLOSINGS]] == (1.0, 0.0)
    assert first[AT[TOP]] == 0.5
    assert np.isnan(first[AT[LEFT]])  # no stock


def test_the_stock_runs_off() -> None:
    paths = three_cases()
    values = measure(paths.start, Courses.of(paths), Periods(np.array([8.0, 10.0, 35.0]), 40.0, 8.0, 3))
    assert values[:, AT[LEFT]].tolist() == [0.5, 0.5]


def test_whole_periods_are_told_as_dates() -> None:
    periods = periods_from(365.0, 10.0, 398.0, 5.0, 2)
    assert len(periods) == 3
    assert text_of(periods.edges, 2) == "1971-01-21/1971-01-31"


def test_parts_make_up_the_whole() -> None:
    found = in_parts(lambda part: np.full((part, 1, 1), float(part)), 25, 1_000_000)
    assert found.ravel().tolist() == [10.0] * 20 + [5.0] * 5


@pytest.mark.parametrize("weighted", [False, True])
def test_crps_is_the_integral_of_its_definition(*, weighted: bool) -> None:
    rng = default_rng(3)
    values, came = rng.normal(size=40), 0.3
    weights = rng.random(40) if weighted else None
    share = np.full(40, 1 / 40) if weights is None else weights / weights.sum()
    grid = np.linspace(-6.0, 6.0, 48_001)
    below = (share[None, :] * (values[None, :] <= grid[:, None])).sum(axis=1)
    integral = np.trapezoid((below - (grid >= came)) ** 2, grid)
    assert crps(values, came, weights) == pytest.approx(integral, abs=1e-3)


def test_quantiles_of_a_weighted_sample_hold_their_share() -> None:
    assert quantiles(np.array([3.0, 1.0, 2.0]), np.array([0.1, 0.5, 0.95]), np.array([1.0, 1.0, 8.0])).tolist() == [
        1.0, 2.0, 3.0,
    ]  # fmt: skip


def test_yesterday_is_what_past_periods_showed() -> None:
    known = office(default_rng(1), days=800).until(600.0)
    said = yesterday(known, Periods(np.array([600.0, 690.0]), 780.0, 20.0, len(known.units)))[0]
    periods = Periods(np.array([400.0, 490.0]), 580.0, 20.0, len(known.units))
    there = measure(known.start, Courses.of(known), periods)[0]
    assert said[AT[HANDED]].min() <= there[AT[HANDED]] <= said[AT[HANDED]].max()
    assert all(np.isfinite(each).all() for each in said)


def test_the_last_period_knows_nothing_older() -> None:
    rng = default_rng(2)
    calm, busy = office(rng, days=300, hand_over=0.0), office(rng, days=300, hand_over=0.9, begin=300.0)
    known = paths_from([*calm.cases(), *busy.cases()], len(calm.units), 600.0)
    said = last_period(known, Periods(np.array([600.0, 690.0]), 780.0, 20.0, 4), rng, 50)[0]
    assert said[AT[HANDED]].mean() > 0.7


def test_replay_foretells_a_steady_office_without_bias() -> None:
    whole = office(default_rng(5), days=1400)
    known = whole.until(1000.0)
    periods = periods_from(1000.0, 90.0, whole.horizon, 20.0, len(whole.units))
    start = whole.start[(whole.start >= 1000.0) & (whole.start < periods.edges[-1])]
    said = Replay(known, Habit(np.inf, np.inf), default_rng(1)).forecast(start, periods, 200)
    came = measure(whole.start, Courses.of(whole), periods)
    for name in (HANDED, MEAN, LATE, CLOSINGS):
        missed = said[..., AT[name]].mean(axis=0) - came[:, AT[name]]
        spread = said[..., AT[name]].std(axis=0)
        assert np.nanmax(np.abs(missed) / spread) < 4.0, name


def test_replay_continues_the_stock_by_its_age() -> None:
    """Cases that are open close 10 days after arrival without exception: the stock is gone ten days later."""
    cases = [(float(day), day + 10.0, [(float(day), 0), (day + 10.0, 0)]) for day in range(200)]
    known = paths_from(cases, 1, 210.0).until(150.5)
    periods = Periods(np.array([150.5, 155.0, 161.0]), 165.0, 12.0, 1)
    said = Replay(known, Habit(np.inf, np.inf), default_rng(1)).forecast(np.empty(0), periods, 20)
    assert said[:, 1, AT[LEFT]].max() == 0.0
    assert 0.0 < said[:, 0, AT[LEFT]].mean() < 1.0


def test_what_fades_forgets_the_far_past() -> None:
    rng = default_rng(4)
    calm, busy = office(rng, days=600, hand_over=0.1), office(rng, days=200, hand_over=0.9, begin=600.0)
    known = paths_from([*calm.cases(), *busy.cases()], 4, 800.0)
    start, periods = np.arange(800.0, 860.0), Periods(np.array([800.0, 860.0]), 900.0, 20.0, 4)

    def handed(memory: float) -> float:
        said = Replay(known, Habit(memory, np.inf), default_rng(1)).forecast(start, periods, 60)
        return float(said[..., AT[HANDED]].mean())

    assert handed(60.0) > handed(np.inf) + 0.2


def test_a_memoryless_office_is_foretold_by_the_bare_queue_and_its_rates_are_found() -> None:
    whole = office(default_rng(6), days=1400, memoryless=True)
    known = whole.until(1000.0)
    rates = Rates.of(known)
    assert rates.closes == pytest.approx(np.full(4, 0.1), rel=0.25)
    assert rates.passes == pytest.approx(np.full(4, 0.1), rel=0.25)
    periods = periods_from(1000.0, 90.0, whole.horizon, 20.0, 4)
    start = whole.start[(whole.start >= 1000.0) & (whole.start < periods.edges[-1])]
    said = bare_queue(known, start, periods, default_rng(1), 100)
    came = measure(whole.start, Courses.of(whole), periods)
    for name in (HANDED, MEAN, MEDIAN):
        assert said[..., AT[name]].mean() == pytest.approx(np.nanmean(came[:, AT[name]]), rel=0.2), name


def test_nobody_does_better_than_the_oracle() -> None:
    whole = office(default_rng(7), days=1400)
    one = trial(whole, 1000.0, Setting(90.0, 20.0, 4, 1), {REPLAY: replaying(Habit(np.inf, 1.0), 1)})
    scores = {name: np.mean([crps(each.said[name], each.came) for _, each in one.watched([name]) if
                             each.measure == MEAN]) for name in ("oracle", REPLAY, "queue", LAST)}  # fmt: skip
    assert min(scores, key=lambda name: scores[name]) == "oracle"
    assert oracle(whole, one.periods, default_rng(1), 5).shape == (5, 4, len(MEASURES))


def watched(rng: Generator, good: str) -> list[Watched]:
    """Return forecasts of which one is right and the others are too high."""
    found = []
    for _ in range(30):
        came = float(rng.normal())
        said = {
            name: rng.normal(0.0 if name == good else 4.0, 1.0, 100) for name in (MECHANISM, REPLAY, LAST, YESTERDAY)
        }
        found.append(Watched(MEAN, said, came))
    return found


@pytest.mark.parametrize("good", [MECHANISM, REPLAY])
def test_weight_goes_to_who_was_right(good: str) -> None:
    weights = learn_weights(watched(default_rng(8), good))
    assert weights.members[int(weights.of(MEAN).argmax())] == good
    assert weights.of(MEAN).sum() == pytest.approx(1.0)
    assert weights.of("never watched") is weights.whole


def test_a_pool_is_the_mixture_of_what_is_said() -> None:
    weights = learn_weights(watched(default_rng(9), REPLAY))
    said = {REPLAY: np.zeros(50), MECHANISM: np.ones(10), LAST: np.empty(0), YESTERDAY: np.full(5, 2.0)}
    pooled = Pooled.of(said, weights, MEAN)
    assert pooled.weights.sum() == pytest.approx(1.0)
    assert pooled.values.size == 65
    low, high = pooled.interval()
    assert (low, high) == (0.0, 2.0)


def test_the_mechanism_is_put_right_by_what_it_missed() -> None:
    whole = office(default_rng(10), days=1400)

    def too_high(known: Paths, start: Floats, periods: Periods, draws: int) -> Floats:
        said = Replay(known, Habit(np.inf, np.inf), default_rng(1)).forecast(start, periods, draws)
        said[..., AT[MEAN]] *= 3.0
        return said

    trials = [trial(whole.until(1100.0), origin, Setting(90.0, 20.0, 3, 1), {MECHANISM: too_high})
              for origin in (500.0, 600.0, 700.0)]  # fmt: skip
    discrepancy = Discrepancy.of(trials)
    assert discrepancy.shift[AT[MEAN]] < -0.3
    said = trials[0].said[MECHANISM]
    right = discrepancy.added(said, 1)
    came = trials[0].came[0, AT[MEAN]]
    assert crps(right[0][AT[MEAN]], came) < crps(said[0][AT[MEAN]], came)
    assert min(each.min() for each in right[0] if each.size) >= 0.0


def test_the_last_part_is_foretold_from_the_first_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after the split moves no forecast, only what is compared with it."""
    monkeypatch.setattr("experiments.learning.foretelling.HABITS", HABITS[:4])
    monkeypatch.setattr("experiments.learning.trial.DRAWS", 60)
    whole = office(default_rng(11), days=500)
    setting = Setting(40.0, 20.0, 2, 1)
    later = whole.start >= 350.0
    other = paths_from(
        [case if not after else (case[0], np.nan, case[2][:1]) for case, after in
         zip(whole.cases(), later, strict=True)], 4, whole.horizon,
    )  # fmt: skip
    one, two = (foretell(each, 350.0, setting, None, lambda _: None) for each in (whole, other))
    assert one.weights.whole == pytest.approx(two.weights.whole)
    for mine, theirs in zip(one.last.said[REPLAY][0], two.last.said[REPLAY][0], strict=True):
        assert mine == pytest.approx(theirs)
    assert not np.array_equal(one.last.came, two.last.came, equal_nan=True)
    assert len(one.inner) >= 5
    assert max(each.periods.horizon for each in one.inner) <= 350.0


def test_origins_lie_inside_and_periods_hold_enough_cases() -> None:
    whole = office(default_rng(12), days=1000)
    known = whole.until(700.0)
    length = period_length(known)
    assert length is not None
    assert all(0.0 < each < 700.0 - length for each in origins_in(known, length))
    assert period_length(known.of(np.arange(len(known)) % 60 == 0)) is None
