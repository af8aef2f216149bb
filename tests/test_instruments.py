"""Instruments: at its neutral value each is as if it were absent, and together they are the whole reform."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from model.claims import Instrument
from model.config.files import names
from model.config.scenario import Scenario, load_scenario
from model.config.topics import topics
from model.instruments import CONDITIONS, INSTRUMENTS
from model.outcomes.definitions import OUTCOMES
from model.parameter import declarations, is_topic
from model.policy import Law
from model.simulation import run_tables
from tests.support import alike, history_of, same, short

CLAIMS = (*CONDITIONS, *INSTRUMENTS)

BESIDE: dict[str, dict[str, Any]] = {
    "R1": {"acceptance.stake": 9.0, "effort.elasticity": 2.0, "effort.dilution": 2.0},
    "R2": {"opinion.work": 40.0},
    "R3": {"coordination.presses_per_day": 1, "acceptance.pressure": 6.0, "coordination.wrong_desk": 0.9},
    "R4": {"acceptance.appointment": 9.0},
    "R5": {"stationing.street_time": 0.9},
    "R6": {"stationing.street_time": 0.9, "acceptance.stationed": 5.0, "triage.team_backlog": 9.0},
    "R7": {"staffing.by_area": 0.4, "staffing.by_communities": 0.1, "staffing.townships": True,
           "staffing.period_days": 7, "streets.east.social_units": 9, "streets.north.social_units": 900},
    "R8a": {"routing.clarity_gain": 0.9, "duty_list.hours_follow": 1.0},
    "R10": {"whistle.reach": 0.5, "whistle.accuracy": 0.2, "whistle.meeting_work": 1.0, "triage.readiness": 9.0,
            "triage.joint": 9.0, "triage.urgency": 9.0, "whistle.analysis_days": 9.0, "whistle.pilot_share": 0.5,
            "routing.astray": 0.0,
            "triage.waiting": 9.0, "triage.withdrawing": 9.0, "whistle.sources_per_day": 1, "whistle.source_days": 3.0,
            "whistle.asked_again": 0.5, "whistle.analyses_per_day": 1, "whistle.unready": 0.5,
            "whistle.sendings_per_day": 1, "whistle.sending_days": 3.0, "whistle.lost": 0.5,
            "whistle.meetings_per_day": 1, "whistle.reporting_days": 3.0, "whistle.wrong_place": 0.5},
    "R11": {"closed_loop.call_back_days": 20.0, "closed_loop.absence_cost": 5.0, "closed_loop.call_back_work": 1.0,
            "closed_loop.detection": 0.1, "closing.cosmetic_checked": 9.0, "closed_loop.call_backs_per_day": 1},
    "R12, its channels": {"hearing.hotline_volume": 20.0, "hearing.hotline_delay": 30.0,
                          "hearing.media_accuracy": -1.0},
    "N1": {"skill.generalist_speed": 1.5, "closing.reversal_generalist": 0.9, "placement.follow_powers": 1.0},
    "N2": {"citizens.inspection_gain": 9.0, "citizens.inspection_work": 1.0},
    "N3": {"acceptance.budget": 9.0},
    "N6": {"levels.down": 0.0},
    "N7b": {"citizens.member_hours": 900.0, "citizens.member_part": 1.0, "citizens.member_reserve": 20.0,
            "citizens.member_tiring": 0.0, "citizens.member_memory": 1.0},
    "N11": {"committee.days": 20.0, "committee.work": 1.0, "committee.readiness": -9.0, "committee.truer": 1.0},
    "N13": {"durability.half_life_days": 3.0},
    "N14": {"acceptance.reward": 9.0},
    "N15": {"recording.work": 1.0, "closing.recorded_detection": 1.0},
    "G1": {"member_units.intercept": 9.0, "member_units.worth": 9.0, "member_units.asking_work": 1.0},
    "E1": {"triage.ranking": 9.0, "closing.cosmetic_ranking": 9.0, "sending_down.ranking": 1.0},
    "T1": {"office.people": 0, "office.press_work": 5.0, "office.decision_work": 5.0, "steering.focus": 1.0,
           "steering.focus_share": 1.0, "steering.quota_gap": 0.0},
    "T2": {"trade.term_days": 1, "trade.salary_follows": 1.0, "lending.queue_days": 0.0, "lending.programme_days": 0.0,
           "lending.readiness": 9.0, "lending.look_days": 1},
    "T3": {"trade.responsibility_follows": 1.0, "trade.staff_follows": 1.0, "entrusting.readiness": 9.0,
           "entrusting.fear": 1.0, "entrusting.caution": 1.0},
    "S10": {"demand.latent": 5.0, "demand.latent_work": 2.0},
    "rule 9": {"learning.memory": 0.9},
}  # fmt: skip
"""What belongs to an instrument and must not matter while the instrument itself is neutral."""


def scenario(regime: str, **overrides: Any) -> Scenario:
    return short(load_scenario(regime, district="tiny", overrides=overrides), 60, warm_up=10)


def neutral(instrument: Instrument) -> dict[str, Any]:
    """Return the neutral values of an instrument: those before the reform."""
    keys = (key.split(".") for key in instrument.topics)
    return {f"{topic}.{name}": getattr(getattr(Law(), topic), name) for topic, name in keys}


def test_every_claim_has_its_own_row_its_observable_and_words_in_both_languages() -> None:
    assert len({each.row for each in CLAIMS}) == len({each.title_en for each in CLAIMS}) == len(CLAIMS)
    for each in CLAIMS:
        assert each.outcome in OUTCOMES
        assert each.title_en.isascii() and each.means_en.isascii() and each.means_en.endswith(".")
        assert all("一" <= text[0] <= "鿿" for text in (each.title_zh, each.means_zh)) and each.means_zh.endswith("。")


def test_every_row_that_a_wrong_is_answered_by_or_a_parameter_serves_is_there() -> None:
    """An instrument cannot be lost: the declarations of its parameters name its row."""
    rows = {each.row.rstrip("abc") for each in CLAIMS}
    served = {known.row for topic in topics().values() if is_topic(topic) for _, known in declarations(topic)}
    assert {row.rstrip("abc") for row in served if re.fullmatch(r"[RNETGP]\d+[abc]?", row)} <= rows
    assert {row for each in CONDITIONS for row in each.answered_by} <= {each.row for each in INSTRUMENTS}


def test_every_instrument_has_its_regime_and_what_must_stand_beneath_it() -> None:
    for each in INSTRUMENTS:
        assert {each.regime, *each.beneath} <= set(names("regime"))


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.row)
def test_its_regime_turns_this_instrument_and_no_other(instrument: Instrument) -> None:
    turned = load_scenario(instrument.regime, district="tiny")
    changed = {
        f"{topic.name}.{field.name}"
        for topic in dataclasses.fields(Law)
        for field in dataclasses.fields(getattr(Law(), topic.name))
        if getattr(getattr(turned.law, topic.name), field.name) != getattr(getattr(Law(), topic.name), field.name)
    }
    assert changed
    assert changed <= set(instrument.values)
    for key, value in instrument.values.items():
        topic, name = key.split(".")
        assert getattr(getattr(turned.law, topic), name) == value


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.row)
def test_its_parameters_say_which_row_they_serve(instrument: Instrument) -> None:
    """Its own, if it has any; one that changes parameters of other instruments has none."""
    own = {row for row in map(row_of, instrument.values) if row == instrument.row.rstrip("abc")}
    rows = {each.row.rstrip("abc") for each in (CLAIMS if not own else [instrument])}
    assert {row_of(key) for key in instrument.values} <= rows


def row_of(key: str) -> str:
    """Return the row that a parameter is declared to serve; N4a and N4b are one."""
    topic, name = key.split(".")
    rows = {field.name: known.row for field, known in declarations(type(getattr(Law(), topic)))}
    return rows[name].rstrip("abc")


def test_the_whole_reform_with_every_instrument_neutral_is_the_district_before_it() -> None:
    values = {key: value for each in INSTRUMENTS for key, value in neutral(each).items()}
    flattened = load_scenario("flattened", district="tiny", overrides=values)
    assert flattened.law == load_scenario("inverted", district="tiny").law
    before, after = (run_tables(scenario(name, **values), 3, history=True) for name in ("inverted", "flattened"))
    assert same(before, after) == []
    assert alike(history_of(before), history_of(after))


@pytest.mark.parametrize("row", BESIDE)
def test_what_belongs_to_an_instrument_does_nothing_while_it_is_neutral(row: str) -> None:
    plain = run_tables(scenario("inverted"), 6, history=True)
    beside = run_tables(scenario("inverted", **BESIDE[row]), 6, history=True)
    assert same(plain, beside, but=("units",)) == []
    assert alike(history_of(plain), history_of(beside))
    counted = [name for name in plain.units.dtype.names if name.endswith("_ticks")]
    assert all(alike(plain.units[name], beside.units[name]) for name in counted)


@pytest.mark.parametrize("instrument", [each for each in INSTRUMENTS if not each.dated], ids=lambda each: each.row)
def test_its_regime_changes_something_over_what_must_stand_beside_it(instrument: Instrument) -> None:
    """The counterpart of neutrality: otherwise an instrument that is wired to nothing would pass.

    What is dated begins after so short a run: `tests/test_eras.py`.
    """
    values = dict(instrument.values)
    beneath = instrument.beneath[0] if instrument.beneath else "inverted"
    merged = {} if instrument.row != "N4a" else {"departments.environment.sector": "order"}
    if instrument.row == "R7":
        values["placement.moved_to_streets"] = 0.3  # the tiny district has too few posts for less
    before = run_tables(scenario(beneath, **merged), 6)
    after = run_tables(scenario(beneath, **merged, **values), 6)
    assert same(before, after) != []


@pytest.mark.parametrize("row", ["S1", "R", "E0", "N4d"])
def test_an_instrument_has_a_row_of_the_reform_of_the_proposals_or_beside_the_article(row: str) -> None:
    with pytest.raises(ValueError, match=f"expected R, N, T, G or E and a number, got '{row}'"):
        dataclasses.replace(INSTRUMENTS[0], row=row)
