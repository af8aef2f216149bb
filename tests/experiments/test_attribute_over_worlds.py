"""An attribution over plausible worlds: every instrument with its range, and old answers where there is one world."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from typer.testing import Result

from experiments import open_study
from experiments.charts import indices
from experiments.charts.style import figure_style
from experiments.design.ensemble import table_of
from experiments.design.naming import Names
from experiments.messages import MESSAGES, Language, in_language
from experiments.stats.attribution import Attribution, attribute
from experiments.stats.by_world import ByWorld
from experiments.stats.shapley import Scheme, effects_of, random_orders
from experiments.store.opened import OpenStudy
from experiments.studies.attribute import world_sentences, world_tables
from tests.experiments.test_attribution import NAMES, noisy
from tests.experiments.test_indices_shown import words_of
from tests.experiments.test_worlds import some_worlds, whistle

ATTRIBUTE = """\
experiment: attribute
regimes: [inverted, flattened]
replicates: {fixed: 7}
analysis: {instruments: [R1, R3], outcomes: [closure_rate, passes_per_case]}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
WORLDS = 4  # of which the last has one seed, the others two


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the study and a table of worlds."""
    folder = tmp_path_factory.mktemp("attribute")
    (folder / "attribute.yaml").write_text(ATTRIBUTE, encoding="utf-8")
    pq.write_table(table_of(some_worlds(6), {}), folder / "some.parquet")
    return folder


def asked(folder: Path, out: Path, *words: object) -> Result:
    where = ("--out", out, "--ensemble", folder / "some.parquet", "--quiet")
    jobs = () if "--jobs" in words else ("--jobs", 1)
    return whistle("attribute", folder / "attribute.yaml", *where, *words, *jobs)


def answered(folder: Path, out: Path, *words: object) -> tuple[dict[str, Any], OpenStudy]:
    done = asked(folder, out, *words, "--json")
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer, open_study(answer["study"])


@pytest.fixture(scope="module")
def over_worlds(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], OpenStudy]:
    return answered(folder, tmp_path_factory.mktemp("out"), "--worlds", WORLDS)


def of_worlds(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([np.mean(values[world::WORLDS]) for world in range(WORLDS)])


def test_every_instrument_has_the_doubt_of_its_stored_runs(over_worlds: tuple[dict[str, Any], OpenStudy]) -> None:
    answer, opened = over_worlds
    values = opened.values("closure_rate")[:, 0]  # subsets: none, R1, R3, both
    none, first, second, both = values
    effects = {
        "shapley": [(first - none + both - second) / 2, (second - none + both - first) / 2],
        "alone": [first - none, second - none],
        "left_out": [both - second, both - first],
    }
    for side, rows in effects.items():
        for told, row in zip(answer[side], rows, strict=True):
            found, means = told["doubt"], of_worlds(row)
            assert [found[end] for end in ("low", "median", "high")] == pytest.approx(
                np.quantile(means, [0.05, 0.5, 0.95]), abs=1e-12
            )
            assert found["better"] == np.mean(means > 0.0)
            assert (found["worlds"], found["undefined"]) == (WORLDS, 0)
            assert found["luck_half_width"] is not None
            assert told["value"] == pytest.approx(np.mean(row), abs=1e-12)
    sizes = np.abs([of_worlds(row) for row in effects["shapley"]])
    assert [told["largest"] for told in answer["shapley"]] == [np.mean(sizes.argmax(axis=0) == at) for at in (0, 1)]
    assert answer["worlds"] == WORLDS
    assert answer["doubt"]["total"]["median"] == pytest.approx(np.median(of_worlds(both - none)))
    assert answer["doubt"]["none"]["median"] == pytest.approx(np.median(of_worlds(none)))
    joint = of_worlds(both - first - second + none)
    assert answer["interactions"][0]["doubt"]["median"] == pytest.approx(np.median(joint), abs=1e-12)


def test_less_is_better_where_the_outcome_says_so(over_worlds: tuple[dict[str, Any], OpenStudy]) -> None:
    answer, opened = over_worlds
    passes = answer["others"][0]
    none, *_, both = opened.values("passes_per_case")[:, 0]
    assert passes["outcome"] == "passes_per_case"
    assert passes["doubt"]["total"]["better"] == np.mean(of_worlds(both - none) < 0.0)


def test_subsets_share_luck_and_world(over_worlds: tuple[dict[str, Any], OpenStudy]) -> None:
    opened = over_worlds[1]
    assert {(row["replicate"], row["seed"]) for row in opened.table.to_pylist()} == {(at, 1 + at) for at in range(7)}
    assert [world["effort.fatigue"] for world in opened.worlds] == [
        world["effort.fatigue"] for world in some_worlds(WORLDS)
    ]


def test_the_same_attribution_on_two_processes(
    over_worlds: tuple[dict[str, Any], OpenStudy], folder: Path, tmp_path: Path
) -> None:
    two = answered(folder, tmp_path, "--worlds", WORLDS, "--jobs", 2)
    assert two[1].runs_hash == over_worlds[1].runs_hash
    assert two[0] | {"study": ""} == over_worlds[0] | {"study": ""}


def test_in_the_reference_the_answer_is_the_one_without_worlds(folder: Path, tmp_path: Path) -> None:
    reference, first = answered(folder, tmp_path / "reference", "--worlds", "reference")
    plain = whistle("attribute", folder / "attribute.yaml", "--out", tmp_path, "--jobs", 1, "--quiet", "--json")
    answer = json.loads(plain.stdout)
    assert open_study(answer["study"]).runs_hash == first.runs_hash
    assert reference | {"study": ""} == answer | {"study": ""}
    assert not {"worlds", "doubt"} & set(answer)
    assert set(answer["shapley"][0]) == {"instrument", "value", "ci_low", "ci_high", "p", "clear", "share"}
    assert set(answer["alone"][0]) == {"instrument", "value", "ci_low", "ci_high", "replicates"}


def test_the_sentences_begin_with_the_worlds(folder: Path, tmp_path: Path) -> None:
    english, chinese = (asked(folder, tmp_path, "--worlds", WORLDS, "--lang", lang) for lang in ("en", "zh"))
    told = " ".join(english.stdout.split())
    assert f"over {WORLDS} plausible worlds" in told and f"nine in ten of {WORLDS} plausible worlds" in told
    assert f"{WORLDS} 种合理情形" in chinese.stdout
    for place, words in enumerate((english.stdout, chinese.stdout)):
        assert "".join(MESSAGES["chance_only"][place].split())[:20] not in "".join(words.split())


def played(scheme: Scheme, worlds: int, hole: tuple[int, int] | None = None) -> Attribution:
    """Divide a noisy game among its players; each replicate is of the world of its number modulo `worlds`."""
    runs = list(scheme.runs())
    values = [math.nan if run == hole else noisy(*run) for run in runs]
    replicates = ByWorld([at % worlds for at in range(scheme.replicates)], 1)
    return attribute(scheme, "closure_rate", [mask for mask, _ in runs], [at for _, at in runs], values, replicates)


def test_a_world_without_a_complete_replicate_is_counted_as_undefined() -> None:
    scheme = Scheme(NAMES, 6)
    found, whole = played(scheme, 6, (6, 2)), played(scheme, 6)
    doubt = found.contributions[0].doubts["shapley"]
    assert (found.dropped, found.worlds, doubt.worlds, doubt.undefined) == ((2,), 6, 5, 1)
    assert whole.contributions[0].doubts["shapley"].undefined == 0
    halves = played(scheme, 3, (6, 1)).contributions[0].doubts["shapley"]
    assert (halves.worlds, halves.undefined) == (3, 0)
    known = [{mask: noisy(mask, at) for mask in scheme.masks(at)} for at in range(6)]
    rows = effects_of(scheme, known, range(6)).shapley[:, 0]
    left = [np.mean(rows[[0, 3]]), rows[4], np.mean(rows[[2, 5]])]  # of the second world only its second replicate
    assert (halves.low, halves.median, halves.high) == pytest.approx(tuple(np.quantile(left, [0.05, 0.5, 0.95])))


def test_shapley_values_sum_to_the_total_in_the_mean_and_shares_of_the_largest_to_one() -> None:
    found = played(random_orders(NAMES, 8, 0, interactions=True), 4)
    assert found.gap == pytest.approx(0.0, abs=1e-12)
    assert sum(each.largest or 0.0 for each in found.contributions) == pytest.approx(1.0)
    assert found.interactions is not None and all(pair.doubt is not None for pair in found.interactions)
    null = found.contributions[3].doubts["shapley"]
    assert (null.median, null.low, null.high, null.better) == (0.0, 0.0, 0.0, 0.0)
    assert not found.contributions[3].settled


def test_an_effect_that_is_clear_in_the_mean_is_open_where_worlds_differ_in_its_sign() -> None:
    scheme, tilts = Scheme(("R1", "R3"), 12), np.linspace(-0.02, 0.2, 12)
    runs = list(scheme.runs())
    values = [0.3 + 0.4 * (mask & 1) + tilts[at] * (mask >> 1) for mask, at in runs]
    found = attribute(
        scheme, "closure_rate", [mask for mask, _ in runs], [at for _, at in runs], values, ByWorld(range(12), 1)
    )
    tilted = found.contributions[1]
    assert tilted.clear and not tilted.settled and found.contributions[0].settled
    doubt = tilted.doubts["shapley"]
    assert doubt.better == pytest.approx(np.mean(tilts > 0.0)) and doubt.clear is None
    steps = [step for step in indices.waterfall(found, Names({})).axes[0].patches if isinstance(step, Rectangle)]
    assert [to_rgba(step.get_facecolor())[3] == 0.0 for step in steps] == [False, True]


@pytest.mark.parametrize("language", list(Language))
def test_words_and_figures_over_worlds_name_their_number_and_what_is_open(language: Language) -> None:
    found, place = played(Scheme(NAMES, 12), 12), list(Language).index(language)
    with in_language(language), mpl.rc_context(figure_style()):
        told = list(world_sentences(found, Names({})))
        tables = list(world_tables(found, Names({})))
        figures = [draw(found, Names({})) for draw in
                   (indices.waterfall, indices.instrument_pairs, indices.alone_and_last)]  # fmt: skip
        for words in map(words_of, figures):
            assert {Language.EN: "12 plausible worlds", Language.ZH: "12 种合理情形"}[language] in words
            assert MESSAGES["worlds_note"][place][:12] in words and MESSAGES["chance_only"][place][:12] not in words
    assert {Language.EN: "of 12 plausible worlds", Language.ZH: "12 种合理情形"}[language] in told[0]
    assert any({Language.EN: "contains zero: R8", Language.ZH: "包含零）：R8"}[language] in line for line in told)
    assert [len(table.rows) for table in tables] == [5, 4]
    steps = [step for step in figures[0].axes[0].patches if isinstance(step, Rectangle)]
    hollow = [to_rgba(step.get_facecolor())[3] == 0.0 for step in steps]
    assert hollow == [not each.settled for each in found.ranked] and True in hollow and False in hollow
