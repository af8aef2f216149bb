"""The map of streets: what a package changes in each, in words, colours and a table."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.colours import PAPER, WORSE
from experiments.messages import Language
from experiments.page.stage import NARROW, fields_of
from experiments.page.streets import COLOURS, GAINS, colour_of_gain, street_map
from model import load_scenario
from tests.browser.conftest import Render


@pytest.mark.parametrize("language", list(Language))
def test_every_street_says_both_values_and_the_change(language: Language, render: Render) -> None:
    scenario = load_scenario("flattened", district="tiny")
    count = len(scenario.world.streets)
    drawn = render(
        street_map(scenario, [0.48, None, *[0.4] * (count - 2)], [0.62, 0.5, *[0.2] * (count - 2)], language)
    )
    first, unknown, worse = drawn.streets[:3]
    assert (first["before"], first["after"], first["change"]) == ("48", "62", "+14")
    assert (unknown["before"], unknown["change"], unknown["colour"]) == ("–", "–", PAPER)
    assert worse["change"] == "−20" and worse["colour"] == WORSE
    assert len(drawn.legend) == len(COLOURS) + 1 and all(each["words"] for each in drawn.legend)


def test_only_a_loss_is_orange_and_a_larger_gain_is_darker() -> None:
    assert colour_of_gain(-GAINS[0]) == WORSE
    assert [colour_of_gain(each) for each in (0.0, *GAINS)] == list(COLOURS)


def test_on_a_telephone_a_circle_can_be_hit() -> None:
    at = np.array(fields_of(load_scenario("base"))["narrow"]["spots"])
    far = np.hypot(*(at[:, None, :2] - at[None, :, :2]).transpose(2, 0, 1)) + 1e9 * np.eye(len(at))
    assert far.min() >= 24 and at[:, 2].min() * 2 >= 24  # a unit is a pixel
    assert (at[:, :2] <= NARROW).all()
