"""The components in this process: what they draw follows what is held, without a browser."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from experiments.evidence.instruments import CLAIMS
from experiments.messages import Language
from experiments.page.compare_tab import CompareTab, Comparing
from experiments.page.district_tab import DistrictTab, Watching
from experiments.page.jobs import Progress
from experiments.page.package import Package
from experiments.page.page import Header, LimitsTab
from experiments.page.rules_tab import RulesTab
from experiments.page.state import Link, State, parse_link
from tests.browser.conftest import Render


@pytest.fixture
def state() -> State:
    return State(Link(Language.EN))


def test_the_header_says_what_runs_and_switches_language_and_tab(state: State, render: Render) -> None:
    header = render(Header(state))
    assert not header.running  # at home nothing runs that has to be named
    state.tab.set("district")
    assert header.running.startswith("After the reform") and not header.pending
    header.vue_event_speak("zh")
    assert header.words["title"] == "吹哨报到" and "lang=zh" in header.link
    header.vue_event_open("rules")
    assert state.tab.value == "rules"
    state.package.set(Package("r01"))
    assert header.pending and "rules=r01" in header.link and "改革后" in header.running


def test_the_rules_tab_takes_what_is_allowed_and_tells_what_is_not(state: State, render: Render) -> None:
    started = []
    tab = render(RulesTab(state, lambda: started.append(True)))
    tab.vue_event_set_value({"key": "assessment.street_weight", "value": 60})
    assert state.package.value.values == (("assessment.street_weight", 0.6),)
    assert "street_weight: 0.6" in tab.file["text"] and len(tab.changes) == 1
    for wrong in (900, "x", None, float("nan"), True):
        tab.vue_event_set_value({"key": "assessment.street_weight", "value": wrong})
        assert tab.wrong == "assessment.street_weight" and tab.trouble
        assert len(state.package.value.values) == 1
    assert tab.can_undo
    tab.vue_event_put_back("")
    assert state.package.value == Package("flattened") and not tab.trouble and not tab.wrong
    tab.vue_event_undo(None)
    assert state.package.value.values == (("assessment.street_weight", 0.6),)
    tab.vue_event_undo(None)
    assert state.package.value == Package("flattened") and not tab.can_undo
    tab.vue_event_choose("no such regime")
    assert state.package.value.preset == "flattened"
    tab.vue_event_choose("r10")
    tab.vue_event_take({"content": "extends: r99\n", "name": "我的.yaml"})
    assert tab.trouble[0].startswith("我的.yaml:1:") and not tab.wrong
    tab.vue_event_take({"content": "extends: r01\nassessment: {street_weight: 0.9}\n"})
    assert state.package.value == Package("r01", (("assessment.street_weight", 0.9),))
    tab.vue_event_set_seed(-3)
    assert state.seed.value == 1
    tab.vue_event_start(None)
    assert started


def test_the_compare_tab_holds_two_to_four_packages_and_says_how_far_it_is(state: State, render: Render) -> None:
    comparing = Comparing(state)
    tab = render(CompareTab(state, comparing))
    assert tab.places == ["inverted", "flattened"]
    tab.vue_event_choose({"place": 2, "name": "r01"})
    tab.vue_event_choose({"place": 3, "name": "mine"})
    tab.vue_event_choose({"place": 4, "name": "r02"})
    assert tab.places == ["inverted", "flattened", "r01", "mine"]
    tab.vue_event_choose({"place": 1, "name": ""})
    assert tab.places == ["inverted", "r01", "mine"]
    tab.vue_event_choose({"place": 1, "name": "inverted"})
    tab.vue_event_start(None)
    assert "different packages" in tab.trouble and not tab.busy
    tab.vue_event_set_pairs(30)
    link = state.link.query()
    assert not tab.trouble and "pairs=30" in link and "compare=inverted%2Cinverted" in link
    comparing.progress.set(Progress("running", 3, 10))
    assert tab.busy and tab.progress == "3 of 10 runs done" and tab.share == 0.3


def test_a_result_that_is_no_longer_kept_is_said_to_be_gone(render: Render) -> None:
    state = State(Link(Language.EN, "compare", result="long ago"))
    tab = render(CompareTab(state, Comparing(state)))
    assert "no longer kept" in tab.trouble and "result" not in state.link.query()


def test_the_header_says_what_of_an_address_was_not_understood(render: Render) -> None:
    state = State(*parse_link("lang=en&pairs=7"))
    header = render(Header(state))
    assert "pairs=7" in header.misread
    header.vue_event_dismiss(None)
    assert not header.misread


@pytest.mark.parametrize("language", list(Language))
def test_a_value_of_a_list_in_an_address_is_told_as_any_other(language: Language, render: Render) -> None:
    state = State(*parse_link(f"lang={language}&set=%7B%22kinds.noise.stake%22%3A0.9%7D"))
    assert render(Header(state)).misread


def test_the_limits_tab_has_every_claim_in_both_languages(state: State, render: Render) -> None:
    for language in Language:
        state.language.set(language)
        blocks = render(LimitsTab(state)).blocks
        assert max(len(block["rows"]) for block in blocks if block["kind"] == "table") == len(CLAIMS)
        assert any(block["kind"] == "notice" for block in blocks)


def test_the_district_tab_shows_the_run_and_ends_it(state: State, render: Render) -> None:
    watching = Watching(state)
    tab = render(DistrictTab(state, watching))
    assert not tab.ready and tab.day
    watching.start()
    try:
        _until(lambda: bool(tab.ready))
        tab.vue_event_step(None)
        _until(lambda: tab.frame == 1)
        tab.vue_event_select(0)
        _until(lambda: bool(tab.unit))
        for wrong in ("x", -1, 10**9, 1.5):
            tab.vue_event_select(wrong)
        assert tab.selected == 0
        tab.vue_event_set_speed(7)
        tab.vue_event_set_measure("no such")
        assert (tab.speed, tab.measure) == (5, "backlog")
    finally:
        watching.watch.close()


def _until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.05)
