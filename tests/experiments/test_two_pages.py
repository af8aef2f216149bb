"""The two pages before the annex of a comparison: what they say of findings of every kind, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.blocks import Block, Bullets, Heading, Notice, Table
from experiments.charts.closure import closure_at_a_glance, stacked
from experiments.formatting import beside, per_hundred
from experiments.front import Front, LeverKnown, Trial
from experiments.levers import LEVERS
from experiments.messages import Language, in_language, msg
from experiments.report import beforehand, glance, takeaway
from experiments.stats.answer import HEADLINE, Answer
from experiments.stats.comparison import Cross, compare
from experiments.stats.ensemble import CLOSURE
from tests.experiments.first_pages import numbers, told

LEVELS = {
    "closure_rate": 0.30, "closure_rate_30d": 0.60, "backlog_end": 0.10, "workload_street": 0.85,
    "workload_department": 0.75, "coordination_share": 0.04, "reopen_rate": 0.009,
}  # fmt: skip
BUSIER = {"workload_street": -0.10, "workload_department": 0.06, "coordination_share": 0.05, "reopen_rate": 0.003}
BETTER = {"closure_rate": 0.15, "closure_rate_30d": 0.06, "backlog_end": -0.03, **BUSIER}
WORSE = {name: -change for name, change in BETTER.items()}
MIXED = {**BETTER, "backlog_end": 0.04}
NOTHING = dict.fromkeys(LEVELS, 0.0)
CROSS = Cross("before", "rules", "people", "after")


class Given(NamedTuple):
    """A finding: the mean change by outcome, how far cases lie apart, and how many worlds or pairs there are."""

    changes: Mapping[str, float]
    spread: float
    cases: int
    worlds: bool = True
    regimes: tuple[str, ...] = ("before", "after")


FOUND = {
    "better": Given(BETTER, 0.02, 20),
    "worse": Given(WORSE, 0.02, 20),
    "mixed": Given(MIXED, 0.02, 20),
    "open": Given(BETTER, 0.9, 20),
    "same": Given(NOTHING, 0.0, 20),
    "few worlds": Given(BETTER, 0.02, 3),
    "many worlds": Given(BETTER, 0.2, 300),
    "four regimes": Given(BETTER, 0.02, 20, regimes=CROSS),
    "pairs": Given(BETTER, 0.02, 20, worlds=False),
    "open pairs": Given({**NOTHING, "closure_rate": 0.001}, 0.2, 20, worlds=False),
    "one pair": Given(BETTER, 0.02, 1, worlds=False),
}


def answer(given: Given) -> Answer:
    """Return what is found where every regime but the first changes outcomes as given."""
    values = {regime: _values(given, place) for place, regime in enumerate(given.regimes)}
    worlds = list(range(given.cases)) if given.worlds else []
    cross = CROSS if given.regimes == CROSS else None
    known: dict[str, Any] = {
        "pairs": given.cases, "names": {regime: regime.title() for regime in given.regimes}, "basis": "", "units": (),
        "follow_up": dict.fromkeys(given.regimes, 60), "neutral": False,
    }  # fmt: skip
    found = compare(values, cross, (), worlds, {**dict.fromkeys(LEVELS, 0), **CLOSURE}, **known)
    gaps = {name: values["after"][name] - values["before"][name] for name in LEVELS}
    return Answer(found, "after", cross, gaps)


def _values(given: Given, place: int) -> dict[str, NDArray[np.float64]]:
    luck = np.random.default_rng(7)
    apart = np.linspace(-0.02, 0.02, given.cases) if given.cases > 1 else np.zeros(1)
    start = {name: level + luck.permutation(apart) for name, level in LEVELS.items()}
    moved = luck.standard_normal((len(LEVELS), given.cases))
    moved -= np.median(moved, axis=1, keepdims=True)
    return {
        name: start[name] + (given.changes[name] + given.spread * move if place else 0.0)
        for name, move in zip(LEVELS, moved, strict=True)
    }


BASE = {"streets": range(43), "demand": {"requests_per_year": 756_000, "scale": 1.0}}


def pages(found: Answer, base: Mapping[str, Any] = BASE) -> Iterator[Block]:
    """Yield both pages of a comparison, without pictures."""
    alts = {"closure": "alt"}
    yield glance.about(base, "Chaoyang")
    yield from glance.warnings(found, base, failed=1, own_rules=True, learned="log.csv")
    yield from glance.picture(found, alts)
    yield from glance.others_table(found)
    yield from glance.three_sentences(found, glance.split_sentence(found))
    yield from glance.cost(found)
    yield from glance.turns(found, {}, ())
    yield from takeaway.who(found)
    yield from takeaway.which_kinds(found, alts)
    yield from takeaway.unknown()
    yield from takeaway.next_step(found, None)
    yield from takeaway.again("whistle compare before after")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", FOUND)
def test_a_sentence_holds_two_numbers_and_can_be_read_in_a_breath(name: str, language: Language) -> None:
    found = answer(FOUND[name])
    with in_language(language):
        every = [glance.headline(found), *told(pages(found), language)]
    for sentence in every:
        assert numbers(sentence) <= 2, sentence
        assert len(re.findall(r"[\u4e00-\u9fff]", sentence)) <= 40, sentence
        assert not re.search(r"±|\bp\b|百分点|percentage point", sentence), sentence


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", FOUND)
def test_how_far_to_trust_it_stands_on_the_first_page(name: str, language: Language) -> None:
    """Over worlds, in how many of them; else that only one was looked at; and where there are few, that there are."""
    given, found = FOUND[name], answer(FOUND[name])
    with in_language(language):
        said = " ".join(told(pages(found), language))
        assert (msg("glance_one_world") in said) != given.worlds
        if given.worlds:
            assert f"{given.cases}" in said
        assert bool(list(_warnings(found))) == (given.cases < 20)


def _warnings(found: Answer, base: Mapping[str, Any] = BASE) -> Iterator[Notice]:
    return glance.warnings(found, base, failed=0, own_rules=False, learned=None)


def headlines(name: str) -> Sequence[str]:
    found = answer(FOUND[name])
    with in_language(Language.ZH):
        chinese = glance.headline(found)
    return glance.headline(found), chinese


def test_the_headline_says_first_that_the_numbers_of_closure_disagree() -> None:
    english, chinese = headlines("mixed")
    assert english.index("more still wait") < english.index("of every hundred")
    assert chinese.index("期末还在等的增加") < chinese.index("每百件")
    assert headlines("better") == (
        "After: 45 of every hundred requests closed in time, up from 30",
        "After：每百件诉求，按期办结由 30 件增加到 45 件",
    )
    assert "down from" in headlines("worse")[0] and "减少" in headlines("worse")[1]


@pytest.mark.parametrize("name", ["open", "open pairs", "one pair"])
def test_what_cannot_be_told_is_never_called_no_difference(name: str) -> None:
    english, chinese = headlines(name)
    assert "too close to call" in english or "either way" in english
    assert "还不能下结论" in chinese or "说不准" in chinese
    with in_language(Language.ZH):
        said = "".join(told(pages(answer(FOUND[name])), Language.ZH))
    assert not re.search("无差异|没有差别|无明确差异", said)


def test_the_first_three_questions_are_answered_in_their_order() -> None:
    found = answer(FOUND["four regimes"])
    headings = [block.text for block in pages(found) if isinstance(block, Heading)]
    assert headings[:3] == ["In three sentences", "What it costs", "What would turn the answer"]
    assert "Rules alone bring closure in time to 45" in " ".join(told(pages(found), Language.EN))
    others, cost = (block for block in pages(found) if isinstance(block, Table))
    assert [row[0] for row in others.rows] == ["Rules", "People"] and others.rows[0][1:3] == ("20", "20")
    assert cost.rows[0][1:] == ("7.5", "8.1", "20") and cost.rows[-1][1] == "not counted"


@pytest.mark.parametrize("language", Language)
def test_what_was_measured_beforehand_is_told_in_short_sentences(language: Language) -> None:
    """What the reform leaves as it was is no instrument of it, however much it would do."""
    levers = {name: LeverKnown((0.0, 0.01, 0.02), (0.0, 0.005, 0.01), (), 0) for name in LEVERS}
    levers["moved"] = LeverKnown((0.0, 0.05, 0.09), (0.0, 0.031, 0.09), (), 54)
    levers["follow"] = LeverKnown((0.0, 0.06, 0.2), (0.0, 0.11, 0.2), ("delegated",), 140)
    levers["whistle_streets"] = LeverKnown((-0.02, -0.009, 0.0), (-0.03, -0.013, 0.0), (), 0)
    turn = Trial("delegated_nobody", "flattened", {}, False, {HEADLINE: [0.2, 0.3]}, {HEADLINE: [0.3, 0.4]}, 2, 2, -0.5)
    front = cast("Front", SimpleNamespace(levers=levers, turns=[turn]))
    with in_language(language):
        title = LEVERS["moved"].title()
        said = [*told([Bullets((beforehand.does(front), *beforehand.turns(front)))], language)]
    assert all(numbers(sentence) <= 2 for sentence in said)
    assert f"{title}" in said[1] and "5" in said[1] and f"{title}" in said[2] and "3" in said[2]
    assert ("nothing more" in said[3]) or ("一件也多办不成" in said[3])
    assert "25" in said[-1] and "35" in said[-1]


def test_a_smaller_district_is_not_to_be_quoted_and_another_district_is_named() -> None:
    found = answer(FOUND["better"])
    small = {**BASE, "demand": {"requests_per_year": 756_000, "scale": 0.05}}
    (warning,) = _warnings(found, small)
    assert "5 %" in warning.text and "do not quote" in warning.text
    assert not list(_warnings(found))
    assert "Not a forecast for tiny." in glance.about(BASE, "tiny").text


@pytest.mark.parametrize("name", ["better", "many worlds", "four regimes", "one pair", "same"])
def test_the_picture_has_a_bar_a_regime_and_a_dot_a_world(name: str) -> None:
    found = answer(FOUND[name])
    figure = closure_at_a_glance(found)
    bars, dots = figure.axes[:3], figure.axes[3:]
    assert all(len(axes.patches) == 2 * len(found.found.regimes) for axes in bars)
    assert all(len(np.asarray(axes.collections[0].get_offsets())) == min(found.cases, 40) for axes in dots)


def test_dots_keep_their_side_of_zero_and_stand_on_each_other() -> None:
    at, heights, _ = stacked(np.array([-0.001, 0.0, 0.001, 30.0, 30.0]))
    assert np.sign(at).tolist() == [-1.0, 0.0, 1.0, 1.0, 1.0]
    assert heights.tolist() == [1.0, 1.0, 1.0, 1.0, 2.0]


def test_numbers_beside_each_other_have_equal_decimals() -> None:
    assert beside(28.4, 49.2) == ("28", "49")
    assert beside(28.4, 28.1) == ("28.4", "28.1")
    assert beside(7.9, 8.0, 1) == ("7.9", "8.0")
    assert per_hundred(0.284) == "28" and per_hundred(0.004) == "0.4" and per_hundred(0.0) == "0"
