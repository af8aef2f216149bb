"""The answer of the home tab: numbers that do not jump while worlds come in, and what is said of them."""

from __future__ import annotations

import dataclasses

import pytest

from experiments.messages import Language, in_language
from experiments.page import answer, live
from experiments.page.live import Seen
from experiments.page.package import BEFORE, Package
from experiments.page.world_runs import InWorld
from experiments.stats.ensemble import CLOSURE

COUNT = 20


def _side(closed: float, waiting: float = 0.1) -> dict[int, InWorld]:
    """Return a package in worlds whose levels lie far apart."""
    outcomes = dict(zip(CLOSURE, (closed, closed + 0.1, waiting), strict=True))
    return {
        world: InWorld({name: value + 0.02 * (world - 10) for name, value in outcomes.items()}, (0.5,), (20.0,), (0.4,))
        for world in range(COUNT)
    }


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "order", lambda: tuple(range(COUNT)))
    monkeypatch.setattr(live, "order", lambda: tuple(range(COUNT)))
    monkeypatch.setattr(answer, "nearest", lambda side: _side(0.5) if side else None)
    monkeypatch.setattr(answer, "outdated", lambda seen: False)


def _seen(after: dict[int, InWorld]) -> Seen:
    return Seen(BEFORE, Package(), _side(0.3, 0.2), after, COUNT, "running" if len(after) < COUNT else "done")


@pytest.mark.parametrize("done", [1, 3, 11, COUNT])
def test_a_number_stands_still_while_worlds_come_in(done: int) -> None:
    whole = _side(0.6)
    seen = _seen({world: whole[world] for world in range(done)})
    with in_language(Language.EN):
        first = answer.rulers(seen)[0]
    assert first["before"] == pytest.approx(29.0) and first["after"] == pytest.approx(59.0)
    assert len(first["worlds"]) == done and first["estimate"] == (done < COUNT)


@pytest.mark.parametrize("language", list(Language))
def test_a_sentence_has_one_pair_of_numbers_and_says_first_that_the_three_disagree(language: Language) -> None:
    with in_language(language):
        better = answer.headline(_seen(_side(0.6)))
        mixed = answer.headline(_seen(_side(0.6, 0.4)))
        so_far = answer.headline(_seen({0: _side(0.6)[0]}))
        nothing = answer.headline(_seen({}))
    assert "59" in better["text"] and "29" in better["text"]
    assert mixed["text"].index({"en": "disagree", "zh": "说法不一"}[language]) < mixed["text"].index("59")
    assert "59" in so_far["text"] and so_far["text"] != better["text"] and nothing["text"]


def test_a_kind_that_is_no_quicker_is_told_and_one_that_is_closed_at_last_gains_most() -> None:
    assert answer._gain(20.0, 10.0) == 10.0
    assert answer._gain(20.0, 19.5) == 0.0 == answer._gain(None, None)
    assert answer._gain(None, 40.0) > answer._gain(300.0, 1.0) > 0.0 > answer._gain(40.0, None)
    assert answer.shown_pair(0.2, 0.9) == ("0", "1") and answer.shown_pair(7.61, 7.64) == ("7.6", "7.6")
    assert answer.shown_pair(47.6, 48.4) == ("47.6", "48.4")


def test_what_is_undefined_is_told_as_such() -> None:
    seen = _seen({world: dataclasses.replace(each, outcomes={}) for world, each in _side(0.6).items()})
    with in_language(Language.EN):
        assert answer.rulers(seen)[0]["after"] is None
        assert answer.headline(seen)["sign"] == "undefined"
        assert all(each["after"] == "–" for each in answer.measures(seen))
