"""The 2 × 2, winners and losers, and Chinese figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.ft2font import FT2Font

from experiments.fonts import whole_font
from experiments.messages import MESSAGES, Language, current_language, in_language, msg
from experiments.stats.comparison import ORDERS, PARTS, split_outcomes
from experiments.stats.intervals import mean_interval
from experiments.studies.compare import find_cross
from model import OUTCOMES, load_scenario
from tests.experiments.test_real_model import TINY, whistle

CROSS = ("inverted", "rules_only", "placement_only", "flattened")


def resolved(*names: str) -> dict[str, dict[str, Any]]:
    return {name: load_scenario(name, district="tiny").resolved() for name in names}


def test_the_two_factors_are_recognised_by_what_the_regimes_say() -> None:
    assert find_cross(resolved(*CROSS)) == CROSS
    assert find_cross(resolved("inverted", "flattened", "r01", "placement_only", "rules_only")) == CROSS


@pytest.mark.parametrize("names", [("inverted", "flattened"), ("inverted", "r01", "r03"), ("r01", "r03", "r06", "r08")])
def test_without_the_four_regimes_there_is_no_split(names: tuple[str, ...]) -> None:
    assert find_cross(resolved(*names)) is None


def test_the_parts_add_up_to_the_whole_pair_by_pair() -> None:
    luck = np.random.default_rng(1)
    values = {name: {"closure_rate": luck.normal(size=12)} for name in CROSS}
    cross = find_cross(resolved(*CROSS))
    assert cross is not None
    split = split_outcomes(values, cross, mean_interval)["closure_rate"]
    means = {part: interval.mean for part, interval in split.items() if interval.mean is not None}
    assert set(means) == {*PARTS, *ORDERS}
    assert means["placement"] + means["rules"] + means["interaction"] == pytest.approx(means["whole"])
    assert means["placement"] + means["rules_after_placement"] == pytest.approx(means["whole"])
    assert means["rules"] + means["placement_after_rules"] == pytest.approx(means["whole"])


def test_every_character_that_a_figure_may_print_is_in_the_font() -> None:
    known = set(FT2Font(str(whole_font())).get_charmap())
    texts = [each.chinese for each in MESSAGES.values()] + [outcome.title_zh for outcome in OUTCOMES.values()]
    world = load_scenario("inverted").world
    texts += [*(street.title.zh for street in world.streets), *(unit.title.zh for unit in world.departments)]
    texts += [load_scenario(name, district="tiny").title.zh for name in CROSS]
    missing = {letter for text in texts for letter in text if ord(letter) not in known and not letter.isspace()}
    assert missing == set()


def test_a_language_is_spoken_inside_and_not_after() -> None:
    with in_language(Language.ZH):
        assert msg("regime") == "制度"
    assert current_language() is Language.EN
    assert msg("regime") == "regime"


def test_a_comparison_in_chinese_names_regimes_units_and_both_kinds_of_closure(tmp_path: Path) -> None:
    done = whistle("compare", *TINY, "--pairs", "3", "--jobs", "1", "--lang", "zh", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    for words in ("赋权下沉", "人员配置", "上报办结率", "不是对真实地区的预测", "人员数为假设", "未结"):
        assert words in done.stdout
    (study,) = tmp_path.iterdir()
    assert {path.suffix for path in (study / "figures" / "zh").iterdir()} == {".png", ".svg"}


def test_capacity_neutral_is_another_study_that_says_so(tmp_path: Path) -> None:
    flags = ("--pairs", "2", "--jobs", "1", "--out", str(tmp_path))
    done = whistle("compare", "inverted", "r12", *TINY, *flags, "--capacity-neutral")
    assert done.returncode == 0, done.stderr
    assert "capacity-neutral" in done.stdout
    (study,) = tmp_path.iterdir()
    manifest = json.loads((study / "manifest.json").read_text("utf-8"))
    assert all(base["resolved"]["staff"]["capacity_neutral"] is True for base in manifest["bases"])
