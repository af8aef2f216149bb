"""Panels, shocks and answers on real runs; every sentence and figure in both languages."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib
import numpy as np
import pytest

from experiments.charts import event_study as figures
from experiments.charts.style import figure_style
from experiments.design.reforms import (
    HEARD,
    RECORDED,
    Shock,
    adoption_days,
    dated,
    everywhere,
    lost_street_hours,
    nowhere,
    recording_burden,
    saturation_arms,
    somewhere,
    surge,
)
from experiments.messages import Language, in_language
from experiments.stats.bias import Truth, Worlds, bias_map, one_truth, truth
from experiments.stats.did import staggered
from experiments.stats.panel import NEVER, Panel, PanelReduction, trials_of
from experiments.stats.recovery import recovery
from experiments.stats.saturation import saturation
from experiments.studies import bias_map as bias_study
from experiments.studies import event_study as pilot_study
from experiments.studies import recovery as recovery_study
from experiments.studies import saturation as saturation_study
from experiments.studies.bias_map import joint_share, joint_times
from experiments.studies.recovery import open_cases
from experiments.studies.saturation import saturated
from model import Record, Scenario, load_scenario, simulate
from tests.experiments.panels import one_of, total
from tests.support import hand_set

SMALL = {"demand.scale": 0.02}
DAY = 300
LANGUAGES = pytest.mark.parametrize("language", list(Language))


def small(settings: dict[str, object] | None = None, regime: str = "inverted") -> Scenario:
    """Return a scenario at 1:50."""
    return load_scenario(regime, district=hand_set(), overrides={**SMALL, **(settings or {})})


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    """Return truths of three real pilots."""
    base = small()
    codes = [street.code for street in base.world.streets]
    reduce = PanelReduction.of(base, anchor_day=DAY)
    ones = []
    for arm in saturation_arms(codes, "rules_only", DAY, 3, levels=[0.5]):
        scenarios = [small(nowhere()), small(arm.settings), small(everywhere("rules_only", DAY))]
        panels = [reduce.panel(simulate(each, arm.replicate, cases=True)) for each in scenarios]
        adoption = adoption_days(scenarios[1], panels[0].streets)
        ones.append(one_truth(Worlds(panels[0], panels[1], panels[2], adoption), "closure_rate", base=-2, washout=1))
    return [truth("closure_rate", ones)]


@pytest.mark.parametrize("regime", ["pilot_2018", "n02", "r12"])
def test_a_panel_adds_up_to_the_outcomes_of_its_run(regime: str) -> None:
    scenario = small({"citizens.feedback": 0.5}, regime)
    record = simulate(scenario, 3, cases=True)
    panel = PanelReduction.of(scenario, anchor_day=270).panel(record)
    assert total(panel, "closure_rate") == record.outcomes["closure_rate"]
    assert total(panel, "closure_rate_30d") == record.outcomes["closure_rate_30d"]
    assert panel.sums["closed"].sum() == record.kinds["closures"].sum()
    assert list(panel.first_day[panel.whole]) == list(range(180, 540, 30))


def test_a_panel_of_fine_steps_counts_the_classes_that_a_day_cannot_resolve() -> None:
    scenario = load_scenario("inverted", district="tiny", overrides={"run.steps_per_day": 24})
    record = simulate(scenario, 3, cases=True)
    assert total(PanelReduction.of(scenario).panel(record), "closure_rate") == record.outcomes["closure_rate"]


def test_a_panel_survives_being_kept_and_read() -> None:
    scenario = small()
    reduce = PanelReduction.of(scenario, anchor_day=283)
    record = simulate(scenario, 3, cases=True)
    kept = reduce(record)
    assert all(array.ndim == 1 for array in kept.values())
    panel = Panel.from_arrays(kept)
    assert panel.first_day[0] == 180 and 283 in panel.first_day and panel.edges[-1] == 545
    assert np.array_equal(panel.share("closure_rate"), reduce.panel(record).share("closure_rate"), equal_nan=True)
    assert panel.whole.sum() == 11


def test_a_panel_made_for_other_deadlines_is_refused() -> None:
    reduce = PanelReduction.of(small({"deadlines.normal": 9.0}))
    with pytest.raises(ValueError, match="differ from those the run counted"):
        reduce.panel(simulate(small(), 3, cases=True))
    with pytest.raises(ValueError, match="kept no cases"):
        reduce.panel(simulate(small(), 3))


def first_difference(one: Record, two: Record) -> int:
    """Return the first day on which any daily series differs."""
    return min(int(np.flatnonzero(one.daily[name] != two.daily[name])[0]) for name in one.daily
               if (one.daily[name] != two.daily[name]).any())  # fmt: skip


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_a_surge_changes_nothing_before_its_day_and_brings_what_it_says(regime: str) -> None:
    base = small(regime=regime)
    shock = surge(base, [9], 0.5)
    without, with_it = (simulate(small(each, regime), 1) for each in (shock.without, shock.with_it))
    assert first_difference(without, with_it) == shock.day == 274
    assert np.array_equal(without.daily["open"], simulate(base, 1).daily["open"])
    month = slice(shock.day, shock.until)
    extra = with_it.daily["born"][month].sum() - without.daily["born"][month].sum()
    assert extra == pytest.approx(0.5 * without.daily["born"].sum() * 31 / 605, rel=0.1)


@pytest.mark.parametrize(("make", "days"), [(lost_street_hours, 30.0), (recording_burden, 0.1)])
def test_lost_hours_begin_on_their_day_and_lengthen_queues(
    make: Callable[[Scenario, int, float], Shock], days: float
) -> None:
    larger: dict[str, object] = {"demand.scale": 0.1}  # below, most streets hold nobody whose hours could be lost
    shock = make(small(larger), DAY, days)
    without, with_it = (simulate(small({**each, **larger}), 1) for each in (shock.without, shock.with_it))
    assert first_difference(without, with_it) >= DAY
    assert with_it.daily["open"][DAY:].mean() > 1.005 * without.daily["open"][DAY:].mean()


def test_dated_shocks_are_those_of_the_scenario_against_none() -> None:
    shocks = [{"code": "more", "day": 300, "days": 20, "demand": 2.0}, {"code": "fewer", "day": 280, "days": 9_000}]
    own: dict[str, object] = {"shocks": shocks}
    base = small(own)
    shock = dated(base)
    assert (shock.day, shock.until) == (280, 605)
    assert simulate(small(own | shock.without), 1).outcomes == simulate(small(), 1).outcomes
    assert first_difference(*(simulate(small(own | each), 1) for each in (shock.without, shock.with_it))) == 300
    late: dict[str, object] = {"shocks": [{"code": "late", "day": 605}]}
    for settings in (None, late):
        with pytest.raises(ValueError, match="expected shocks that begin within 605 days"):
            dated(small(settings))


def test_shocks_know_the_strengths_of_the_regimes_that_they_use() -> None:
    assert load_scenario("r02").law.opinion.heard == HEARD
    assert load_scenario("n15").law.recording.share == RECORDED


def test_a_surge_that_comes_twice_or_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="occurs twice"):
        surge(small(), [1], 0.5)
    for months, extra in (([8, 10], 0.5), ([12], 0.5), ([9], 0.0)):
        with pytest.raises(ValueError, match="expected consecutive months 0-11"):
            surge(small(), months, extra)


def test_twice_the_joint_cases_are_twice_as_many() -> None:
    base = small()
    assert joint_share(small(joint_times(base, 2.0))) == pytest.approx(2 * joint_share(base), rel=0.01)


def test_several_dates_are_read_from_the_stages() -> None:
    codes = [street.code for street in small().world.streets]
    dates = [somewhere("rules_only", day, part)["dates"][0] for day, part in ((300, codes[:10]), (390, codes[5:20]))]
    scenario = small({"dates": dates, "durability.in_law": 1.0})
    days = adoption_days(scenario, codes)
    assert [int((days == day).sum()) for day in (300, 390, NEVER)] == [10, 10, 23]
    record = simulate(scenario, 2, cases=True)
    panel = PanelReduction.of(scenario, anchor_day=300).panel(record)
    found = staggered(trials_of([panel], "closure_rate_30d", days)[0])
    assert found.overall.value is not None and found.overall.value > 0.0
    assert {start for start, _ in found.cells} == {4, 7}
    one = one_truth(Worlds(panel, panel, None, days), "closure_rate_30d")
    assert one.group_time == found.overall
    assert any("Group-time averages" in line for line in pilot_study.sentences(truth("closure_rate_30d", [one, one])))


@LANGUAGES
def test_pilots_are_told_and_drawn(truths: list[Truth], language: Language) -> None:
    with in_language(language), matplotlib.rc_context(figure_style()):
        words = list(pilot_study.sentences(truths[0]))
        assert len(words) >= 4
        for figure in (figures.events_beside_truth(truths[0]), figures.forest(truths[0])):
            figure.draw_without_rendering()


def test_pilots_gain_in_the_model(truths: list[Truth]) -> None:
    found = truths[0]
    assert found.on_reformed.mean is not None and found.on_reformed.mean > 0.0
    for one in found.one_by_one:
        assert one.bias == pytest.approx(one.drift - one.on_others + one.timing)
        assert not one.reformed_by_period[one.relative < -2].any()


@LANGUAGES
def test_saturation_recovery_and_bias_are_told_and_drawn(language: Language) -> None:
    base = small()
    reduce = PanelReduction.of(base, anchor_day=DAY)
    arms = saturation_arms([street.code for street in base.world.streets], "rules_only", DAY, 2, levels=[0.0, 0.5, 1.0])
    runs = [(arm, simulate(small(arm.settings), arm.replicate, cases=True)) for arm in arms]
    reduced = [saturated(reduce.panel(record), "closure_rate", arm, DAY) for arm, record in runs]
    found = saturation("closure_rate", reduced)
    none, all_of_them = (np.stack([open_cases(record)["daily_open"] for arm, record in runs if arm.level == level])
                         for level in (0.0, 1.0))  # fmt: skip
    recovered = [recovery("inverted", all_of_them, none, DAY, 400)]
    ones = [(load, joint, one_of(0.2 + luck, 0.1 * load, True)) for load in (0.6, 0.8) for joint in (0.1, 0.2)
            for luck in (0.0, 0.01)]  # fmt: skip
    mapped = bias_map("closure_rate", ones)
    with in_language(language), matplotlib.rc_context(figure_style()):
        sentences = [*saturation_study.sentences(found), *recovery_study.sentences(recovered, {}),
                     *bias_study.sentences(mapped)]  # fmt: skip
        assert len(sentences) >= 8
        for figure in (figures.saturation_lines(found), figures.excess_backlog(recovered, {"inverted": "a"}),
                       figures.bias_heat(mapped)):  # fmt: skip
            figure.draw_without_rendering()
