"""Who else finds problems and does the work: channels of participation, party members, member units (R12, N7b, G1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model import ConfigError, load_scenario, simulate
from model.config.scenario import Scenario
from model.simulation import record_of, run_tables
from model.terms import TICKS_PER_DAY, Channel, Level
from tests.support import alike, history_of, short

NAMES = [channel.name.lower() for channel in Channel]
LONG = {"days": 200, "warm_up": 0, "follow_up": 300}


def scenario(regime: str, /, **overrides: Any) -> Scenario:
    values = {key.replace("__", "."): value for key, value in overrides.items()}
    return short(load_scenario(regime, district="tiny", overrides=values), **LONG)


def open_alone(channel: str, regime: str = "inverted", /, **hearing: float) -> Scenario:
    """Return a regime with one channel fully open; nobody is heard otherwise, so that nothing else moves."""
    values = {f"hearing__{channel}_{key}": value for key, value in hearing.items()}
    opened = {f"channels__{channel}": 1.0, f"hearing__{channel}_volume": 3.0, "participation__strength": 0.0}
    return scenario(regime, **opened | values)


NOBODY_HEARD = scenario("inverted", participation__strength=0.0)


def found(given: Scenario) -> dict[str, np.ndarray[Any, Any]]:
    """Return key, kind, channel, birth and report of the hidden problems that were found."""
    tables = run_tables(given, 5, cases=True)
    rows = tables.settled[: int(tables.districts[0].settled_used)]
    rows = rows[(rows["was_hidden"] > 0) & (rows["reported"] >= 0)]
    return {name: rows[name] for name in ("key", "kind", "channel", "born", "reported")}


@pytest.mark.parametrize("channel", Channel, ids=lambda each: each.name.lower())
def test_a_channel_that_is_open_alone_finds_problems_and_no_other_does(channel: Channel) -> None:
    closed, opened = (simulate(each, 5) for each in (NOBODY_HEARD, open_alone(NAMES[channel])))
    by = opened.histograms["found_by_channel"]
    assert by[channel + 1] > 100 and by.sum() == by[0] + by[channel + 1]
    assert by.sum() > closed.histograms["found_by_channel"].sum()
    assert closed.histograms["found_by_channel"][1:].sum() == 0
    share = opened.outcomes["channel_found_share"]
    assert share is not None and closed.outcomes["channel_found_share"] == 0.0 < share
    more = [each.outcomes["hidden_found_share"] for each in (closed, opened)]
    assert more[0] is not None and more[1] is not None and more[0] < more[1]


@pytest.mark.parametrize("channel", Channel, ids=lambda each: each.name.lower())
def test_a_channel_has_a_mix_of_its_own(channel: Channel) -> None:
    mix = {
        f"kinds.{kind}.channels": dict.fromkeys(NAMES, 1.0 * (kind == "rubbish")) for kind in ("rubbish", "waste_oil")
    }
    cases = found(scenario("inverted", **mix | {f"channels.{NAMES[channel]}": 1.0}))
    through = cases["channel"] == channel
    assert through.sum() > 10 and set(cases["kind"][through]) == {0} and set(cases["kind"]) == {0, 2}


@pytest.mark.parametrize("channel", Channel, ids=lambda each: each.name.lower())
def test_a_channel_has_a_delay_of_its_own(channel: Channel) -> None:
    soon, late = (found(open_alone(NAMES[channel], delay=days)) for days in (0.0, 30.0))
    when = dict(zip(soon["key"].tolist(), soon["reported"].tolist(), strict=True))
    waits = late["reported"] - np.array([when[key] for key in late["key"].tolist()])
    through = late["channel"] == channel
    assert set(np.abs(waits[~through])) == {0}
    assert np.abs(waits[through] - 30 * TICKS_PER_DAY).max() < TICKS_PER_DAY  # a report waits for the next step


@pytest.mark.parametrize("channel", Channel, ids=lambda each: each.name.lower())
def test_a_channel_has_an_accuracy_of_its_own(channel: Channel) -> None:
    low, usual, high = (
        simulate(open_alone(NAMES[channel], "r10", accuracy=accuracy), 5).outcomes["whistle_accuracy"] or 0.0
        for accuracy in (-1.0, 0.0, 1.0)
    )
    assert 0.0 < low < usual < high


def test_a_kind_may_name_only_channels_that_there_are() -> None:
    with pytest.raises(ConfigError, match="unknown code 'hotlin'; did you mean 'hotline'"):
        scenario("inverted", **{"kinds.rubbish.channels": {"hotlin": 1.0}})
    with pytest.raises(ConfigError, match=r"channels\.media: expected 0 to 10, got 11"):
        scenario("inverted", **{"kinds.rubbish.channels": {"media": 11.0}})


CALLED: dict[str, Any] = {"levels__branches": 1.0, "citizens__member_part": 1.0}


def hours_of(given: Scenario, column: str) -> float:
    units = run_tables(given, 5).units
    return float(units[column].sum()) / TICKS_PER_DAY


def test_members_give_no_more_than_their_hours_and_the_less_the_more_they_tire() -> None:
    """Everything that they have is called for."""
    residents = sum(street.population for street in NOBODY_HEARD.world.streets)
    supply = residents / 1000.0 * 5.0 / 365.0 * (LONG["days"] + LONG["follow_up"])
    called = {"citizens__member_hours": 5.0, **CALLED}
    fresh, weary = (
        hours_of(scenario("inverted", citizens__member_tiring=tiring, **called), "member_ticks")
        for tiring in (0.0, 0.9)
    )
    assert 0.0 < weary < fresh <= supply


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_hours_that_are_only_booked_change_nothing(regime: str) -> None:
    neutral = {"staff__capacity_neutral": True, "member_units__asking_work": 0.0}
    alone = run_tables(scenario(regime, **neutral), 5, history=True)
    joined = run_tables(scenario(regime, party__member_units=1.0, **neutral, **CALLED), 5, history=True)
    assert alike(history_of(alone), history_of(joined))
    assert joined.units["member_ticks"].sum() > 0.0 and joined.units["member_unit_ticks"].sum() > 0.0
    assert alike(alone.units["case_ticks"], joined.units["case_ticks"])


def test_who_helps_takes_work_off_streets_and_communities_and_off_nobody_else() -> None:
    joined = run_tables(scenario("flattened", party__member_units=1.0, **CALLED), 5)
    helped = joined.units["member_ticks"] + joined.units["member_unit_ticks"]
    assert helped[joined.units["level"] > Level.COMMUNITY].sum() == 0.0
    assert all(helped[joined.units["level"] == level].sum() > 0.0 for level in (Level.STREET, Level.COMMUNITY))


def test_member_units_do_nothing_of_kinds_that_are_not_theirs() -> None:
    theirs = {f"kinds.{kind}.member_units": 0.0 for kind in ("rubbish", "waste_oil")}
    given = scenario("r13", **theirs | {"party.member_units": 1.0})
    assert hours_of(given, "member_unit_ticks") == 0.0
    plain = scenario("r13", **theirs)
    assert record_of(given, 5, run_tables(given, 5)).outcomes == record_of(plain, 5, run_tables(plain, 5)).outcomes
