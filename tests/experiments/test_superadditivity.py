"""Whether the whole is more than the sum: by hand, by what is said of it, and by a study of a tiny district."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import ttest_1samp
from typer.testing import CliRunner

from experiments import open_study
from experiments.blocks import Table
from experiments.charts.style import figure_style
from experiments.charts.superadditivity import pair_map, whole_and_sum
from experiments.cli.app import app
from experiments.design.naming import Names
from experiments.design.plan import bases_of
from experiments.design.reading import read_study
from experiments.errors import WrongInput
from experiments.messages import MESSAGES, Language, in_language
from experiments.runner.run import Layout
from experiments.stats import Interval, holm
from experiments.stats.superadditivity import Superadditivity, gain, log_odds, subsets, superadditivity
from experiments.studies import OPTIONS, kind_of
from experiments.studies.superadditivity import alone_table, pair_blocks, sentences, whole_table
from model import INSTRUMENTS
from tests.experiments.test_indices_shown import words_of

BOTH = list(Language)
THREE = ("R1", "R3", "R8")
ALONE = (0.1, 0.05, -0.02)
PAIRS = {(0, 1): 0.06, (0, 2): 0.0, (1, 2): -0.05}
ALL_THREE = -0.03

Floats = NDArray[np.float64]


def game(subset: tuple[int, ...]) -> float:
    """Return a value whose interactions are known: of the first two, of the last two, and of all three."""
    value = 0.4 + sum(ALONE[place] for place in subset)
    value += sum(extra for pair, extra in PAIRS.items() if set(pair) <= set(subset))
    return value + (ALL_THREE if len(subset) == 3 else 0.0)


def played(spread: float = 0.01, replicates: int = 8) -> Floats:
    """Return runs of the game: luck shifts the level, and stretches effects a little."""
    rng = np.random.default_rng(5)
    shift, stretch = 0.05 * rng.normal(size=replicates), 1.0 + spread * rng.normal(size=replicates)
    return np.array([0.4 + shift + (game(each) - 0.4) * stretch for each in subsets(3)])


def one(values: Floats, outcome: str = "closure_rate", names: tuple[str, ...] = THREE) -> Superadditivity:
    return superadditivity(names, {outcome: values})[0]


def test_none_each_alone_all_pairs_and_the_whole_are_run_once() -> None:
    assert subsets(3) == [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    assert subsets(2) == [(), (0,), (1,), (0, 1)]
    assert len(subsets(13)) == 1 + 13 + 78 + 1


def test_a_known_interaction_is_found_by_hand() -> None:
    found = one(played(0.0))
    assert found.whole.mean == pytest.approx(sum(ALONE) + sum(PAIRS.values()) + ALL_THREE)
    assert found.sum.mean == pytest.approx(sum(ALONE))
    assert found.difference.mean == pytest.approx(sum(PAIRS.values()) + ALL_THREE)
    assert (found.of_pairs.mean, found.beyond.mean) == pytest.approx((sum(PAIRS.values()), ALL_THREE))
    assert [each.mean for each in found.alone.values()] == pytest.approx(ALONE)
    interactions = {(pair.first, pair.second): pair.interaction.mean for pair in found.pairs}
    assert interactions == pytest.approx({("R1", "R3"): 0.06, ("R1", "R8"): 0.0, ("R3", "R8"): -0.05})
    assert found.sum_level.mean == pytest.approx((found.none.mean or 0.0) + sum(ALONE))


def test_two_instruments_by_hand_with_interval_and_p() -> None:
    values = np.array([[0.5, 0.6, 0.4], [0.6, 0.72, 0.5], [0.55, 0.65, 0.45], [0.7, 0.83, 0.61]])
    found, extra = one(values, names=("R1", "R3")), np.array([0.05, 0.06, 0.06])  # both − one − other + none
    test = ttest_1samp(extra, 0.0)
    low, high = test.confidence_interval(0.95)
    assert [found.difference.mean, found.difference.low, found.difference.high] == pytest.approx(
        [extra.mean(), low, high]
    )
    assert found.p_holm == pytest.approx(test.pvalue)
    (pair,) = found.pairs
    assert pair.interaction == found.difference and pair.p_holm == found.p_holm
    assert found.beyond == Interval(0.0, 0.0, 0.0)
    assert [each.mean for each in pair.added] == pytest.approx([(0.15 + 0.18 + 0.16) / 3, (0.1 + 0.11 + 0.11) / 3])


def test_what_adds_up_has_a_difference_of_exactly_zero() -> None:
    values = np.array([0.3 + sum(0.1 * (1 + place) for place in each) + np.arange(8) / 70 for each in subsets(4)])
    found = one(values, names=("R1", "R3", "R8", "R10"))
    assert found.difference == found.of_pairs == found.beyond == Interval(0.0, 0.0, 0.0)
    assert found.verdict(1) == "unclear" and {pair.together(1) for pair in found.pairs} == {"unclear"}


def test_p_is_adjusted_over_outcomes_and_within_each_over_pairs() -> None:
    rng = np.random.default_rng(2)
    values = {name: rng.normal(size=(8, 12)) for name in ("closure_rate", "satisfaction", "passes_per_case")}
    found = superadditivity(THREE, values)
    raw = [float(ttest_1samp(each[7] - each[1:4].sum(axis=0) + 2 * each[0], 0.0).pvalue) for each in values.values()]
    assert [each.p_holm for each in found] == pytest.approx(holm(raw))
    first = values["closure_rate"] - values["closure_rate"][0]
    apart = [first[4] - first[1] - first[2], first[5] - first[1] - first[3], first[6] - first[2] - first[3]]
    adjusted = holm([float(ttest_1samp(each, 0.0).pvalue) for each in apart])
    assert [pair.p_holm for pair in found[0].pairs] == pytest.approx(adjusted)


def test_where_less_is_better_less_is_a_gain() -> None:
    values = played()
    assert (one(values).verdict(1), one(values).verdict(-1)) == ("less", "more")
    assert gain(Interval(0.2, 0.1, 0.4), -1) == Interval(-0.2, -0.4, -0.1)
    assert gain(Interval(None), -1) == Interval(None) and gain(Interval(0.2), -1) == Interval(-0.2)
    fallen = 1.0 - values  # the same changes downwards: of neither, what goes further is more
    assert (one(values).verdict(0), one(fallen).verdict(0), one(fallen).verdict(1)) == ("less", "less", "more")
    up, _, down = one(values).pairs
    assert (up.together(1), up.together(-1)) == ("strengthen", "weaken")
    assert down.together(-1) == "strengthen"


def test_who_undoes_whom_is_who_harms_beside_the_other_and_not_alone() -> None:
    rng = np.random.default_rng(3)
    luck = 0.001 * rng.normal(size=(4, 12))
    values = np.array([[0.4], [0.5], [0.42], [0.45]]) + 0.02 * rng.normal(size=12) + luck
    (pair,) = one(values, names=("R1", "R3")).pairs
    assert pair.together(1) == "undo" and pair.undoing(1) == ("R3", "R1")
    assert pair.together(0) == "weaken"  # nothing is harmed where neither more nor less is better
    harmful = values - np.array([[0.0], [0.0], [0.1], [0.1]])  # the second harms alone as well
    (pair,) = one(harmful, names=("R1", "R3")).pairs
    assert pair.together(1) == "weaken" and pair.undoing(1) is None


def test_a_replicate_with_a_hole_is_left_out_whole_and_without_any_nothing_is_told() -> None:
    values = played()
    holed = values.copy()
    holed[5, 2] = math.nan
    found = one(holed)
    assert (found.replicates, found.dropped) == (7, 1)
    assert found.difference == one(np.delete(values, 2, axis=1)).difference
    nothing = one(np.full((8, 3), np.nan))
    assert (nothing.replicates, nothing.verdict(1), nothing.idle) == (0, "undefined", False)
    assert one(values[:, :1]).verdict(1) == "few"
    assert len(list(sentences(nothing, None))) == 2
    json.dumps(nothing.as_json(1), allow_nan=False)


def saturated(*levels: float) -> Floats:
    luck = 0.002 * np.random.default_rng(4).normal(size=(4, 20))
    return np.array(levels)[:, None] + luck


def test_near_the_end_of_a_scale_points_and_log_odds_may_differ() -> None:
    values = saturated(0.8, 0.9, 0.9, 0.97)
    points, odds = (one(each, names=("R1", "R3")) for each in (values, log_odds(values)))
    assert odds.difference.mean == pytest.approx(math.log(0.97 / 0.03) - 2 * math.log(9) + math.log(4), abs=0.05)
    assert (points.verdict(1), odds.verdict(1)) == ("less", "more")
    assert points.room == "little"
    assert one(saturated(0.8, 0.95, 0.95, 0.97), names=("R1", "R3")).room == "none"
    assert one(saturated(0.4, 0.5, 0.5, 0.6), names=("R1", "R3")).room == "enough"
    assert np.isnan(log_odds(np.array([0.0, 1.0, 1.2, -0.1]))).all()
    for language in BOTH:
        with in_language(language):
            told = "\n".join(sentences(points, odds))
        for key in ("room_little", "odds_other"):
            assert _opening(key, language) in told
        with in_language(language):
            told = "\n".join(sentences(one(saturated(0.8, 0.95, 0.95, 0.97), names=("R1", "R3")), odds))
        assert {Language.EN: "which no share can reach", Language.ZH: "不可能超出"}[language] in told


def _opening(key: str, language: Language) -> str:
    """Return the longest part of a sentence without places to fill in."""
    words: str = MESSAGES[f"superadditivity_{key}"][BOTH.index(language)]
    return max((part.partition("}")[2] or part for part in words.split("{")), key=len)


@pytest.mark.parametrize("language", BOTH)
def test_everything_that_may_be_found_is_said_in_both_languages(language: Language) -> None:
    up = saturated(0.4, 0.5, 0.5, 0.7)
    down = saturated(0.4, 0.5, 0.5, 0.52)
    said = {
        "more": ("closure_rate", up), "less": ("closure_rate", down),
        "loss_more": ("backlog_end", down), "loss_less": ("backlog_end", up),
        "neither_more": ("workload_street", up), "neither_less": ("workload_street", down),
        "unclear": ("closure_rate", saturated(0.4, 0.5, 0.5, 0.6)),
        "neither_unclear": ("workload_street", saturated(0.4, 0.5, 0.5, 0.6)),
        "floor": ("passes_per_case", saturated(0.4, 0.1, 0.1, 0.05)),
        "nothing": ("closure_rate", np.tile(np.linspace(0.4, 0.5, 9), (4, 1))),
        "untold": ("closure_rate", up[:, :1]),
        "odds_undefined": ("closure_rate", np.maximum(saturated(-0.1, 0.5, 0.5, 0.7), 0.0)),
    }  # fmt: skip
    with in_language(language):
        for key, (outcome, values) in said.items():
            found = one(values, outcome, ("R1", "R3"))
            odds = one(log_odds(values), outcome, ("R1", "R3"))
            told = "\n".join(sentences(found, None if key == "floor" else odds))
            assert _opening(key, language) in told, key
            table = whole_table([found], {outcome: odds})
            assert len(table.rows) == 1 and len(alone_table([found], Names({})).rows) == 4
            list(pair_blocks(found, Names({})))


@pytest.mark.parametrize("language", BOTH)
def test_pairs_stand_in_their_order_and_figures_name_them(language: Language) -> None:
    found = one(played())
    with in_language(language), mpl.rc_context(figure_style()):
        table, *told = pair_blocks(found, Names({}))
        assert isinstance(table, Table)
        assert [row[0][:2] + row[1][:2] for row in table.rows] == ["R1R3", "R3R8"]
        assert {Language.EN: "1 clearly strengthen", Language.ZH: "1 对明确相互增强"}[language] in str(told[0])
        figures: list[Figure] = [draw(found, Names({})) for draw in (whole_and_sum, pair_map)]
        for figure in figures:
            assert {Language.EN: "R8 duty list", Language.ZH: "R8 职责清单"}[language] in words_of(figure)


def test_levels_that_no_share_has_are_shaded() -> None:
    def shaded(values: Floats) -> bool:
        axes = whole_and_sum(one(values, names=("R1", "R3")), Names({})).axes[0]
        return any(getattr(patch, "get_x", float)() >= 100.0 - 1e-9 for patch in axes.patches)

    assert shaded(saturated(0.8, 0.95, 0.95, 0.97)) and not shaded(saturated(0.4, 0.5, 0.5, 0.6))


SMALL = """\
experiment: superadditivity
regimes: [inverted, flattened]
replicates: {fixed: 2}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""


def laid_out(folder: Path, text: str) -> Layout:
    path = folder / "sums.yaml"
    path.write_text(text, encoding="utf-8")
    study, places = read_study(str(path), OPTIONS)
    return kind_of("superadditivity").lay_out(study, places)


def test_without_a_list_the_rows_of_the_reform_in_which_the_regimes_differ_are_run(tmp_path: Path) -> None:
    plan = laid_out(tmp_path, SMALL).plan
    rows = [factor.name for factor in plan.factors]
    assert {f"R{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13)} <= set(rows)
    assert len(plan.points) == len(subsets(len(rows)))
    assert set(plan.points[0].factors.values()) == {"off"} and set(plan.points[-1].factors.values()) == {"on"}
    assert plan.points[0].configuration == plan.bases[0].configuration({})


def test_all_on_is_the_second_regime_itself(tmp_path: Path) -> None:
    layout = laid_out(tmp_path, SMALL)
    _, reform = bases_of(layout.plan.study)
    assert layout.plan.points[-1].configuration == reform.configuration({})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[inverted, flattened]", "[inverted]", "sums.yaml:2:1: regimes: expected two"),
        ("{fixed: 2}", "{fixed: 1}", "sums.yaml:3:1: replicates: expected fixed: 2 or more"),
        ("{fixed: 2}", "{fixed: 2}\nluck: independent", "luck: expected block, got independent"),
        ("{fixed: 2}", "{fixed: 2}\nparameters: {staff.load: {}}", "parameters.*expected none"),
        ("{fixed: 2}", "{fixed: 2}\nanalysis: {instruments: [R1]}", "expected two or more, because one is no sum"),
        ("{fixed: 2}", "{fixed: 2}\nanalysis: {instruments: [R1, R99]}", "unknown instrument 'R99'"),
        ("{fixed: 2}", "{fixed: 2}\nanalysis: {instruments: [R1, R1, R3]}", "expected 'R1' once"),
        ("{fixed: 2}", "{fixed: 2}\nanalysis: {instruments: [R1, N1]}", "got 'N1'.*the same in both"),
        ("{fixed: 2}", "{fixed: 2}\nanalysis: {outcomes: [closure]}", "outcomes.*closure"),
        ("flattened", "r02", "expected two or more of R1 to R13 in which the regimes differ, got 1"),
    ],
)
def test_wrong_input_is_told_with_its_place(old: str, new: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "sums.yaml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    done = CliRunner().invoke(app, ["superadditivity", str(path), "--out", str(tmp_path), "--dry-run"])
    assert done.exit_code == 2
    assert re.search(words, done.stderr, re.DOTALL), done.stderr
    assert "Traceback" not in done.stderr


def test_keys_that_two_instruments_turn_are_told_and_parts_of_others_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {each.row: each for each in INSTRUMENTS}
    part = dataclasses.replace(known["R3"], row="R3a", values={"coordination.convene": 0.8})
    whole = dataclasses.replace(known["R3"], parts=("R3a",))
    made = [known["R1"], part, whole]
    monkeypatch.setattr("experiments.studies.superadditivity.INSTRUMENTS", made)
    rows = [factor.name for factor in laid_out(tmp_path, SMALL).plan.factors]
    assert rows == ["R1", "R3"]
    monkeypatch.setattr("model.INSTRUMENTS", made)
    with pytest.raises(WrongInput, match=r"'coordination.convene' to be turned once, got it from 'R3a' and 'R3'"):
        laid_out(tmp_path, SMALL + "analysis: {instruments: [R3a, R3]}\n")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("{fixed: 2}", "{fixed: 1}\nanalysis: {instruments: [R99, R1]}")
    path = tmp_path / "sums.yaml"
    path.write_text(text.replace("flattened", "flattend"), encoding="utf-8")
    done = CliRunner().invoke(app, ["superadditivity", str(path), "--dry-run"])
    assert all(words in done.stderr for words in ("flattend", "R99", "expected fixed"))


def test_a_dry_run_says_how_many_runs_the_shipped_study_makes(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["superadditivity", "more_than_the_sum_smoke", "--dry-run", "--json"])
    facts = json.loads(done.stdout)
    assert (facts["points"], facts["planned"]) == (1 + 5 + 10 + 1, 20 * 17)


def test_the_answer_is_that_of_the_runs_on_disk(tmp_path: Path) -> None:
    text = SMALL.replace("{fixed: 2}", "{fixed: 3}\nanalysis: {instruments: [R1, R3]}")
    path = tmp_path / "sums.yaml"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["study", str(path), "--out", str(tmp_path), "--jobs", "1", "--json", "--quiet"])
    answer = json.loads(done.stdout)
    (folder,) = (each for each in tmp_path.iterdir() if each.is_dir())
    opened = open_study(folder)
    values = opened.values("closure_rate")[:, 0]
    whole, singles = values[-1] - values[0], values[1:3] - values[0]
    assert answer["whole"]["mean"] == pytest.approx(whole.mean())
    assert answer["difference"]["mean"] == pytest.approx((whole - singles.sum(axis=0)).mean())
    on = list(zip(opened.factor("R1"), opened.factor("R3"), strict=True))
    for name, alone in (("R1", ("on", "off")), ("R3", ("off", "on"))):
        (told,) = (each for each in answer["alone"] if each["instrument"] == name)
        assert told["value"] == pytest.approx((values[on.index(alone)] - values[0]).mean())
    assert answer["pairs"][0]["instruments"] == ["R1", "R3"]
    assert answer["log_odds"]["outcome"] == "closure_rate" and "burden.entry_gate" in answer["not_turned"]
