"""A sweep over plausible worlds: every place with its range over them, and old answers where there is one world."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.collections import PolyCollection
from typer.testing import Result

from experiments import open_study
from experiments.charts.sweep import lines
from experiments.design.ensemble import table_of
from experiments.messages import MESSAGES
from experiments.stats.by_world import ByWorld
from experiments.stats.curves import peak_over_worlds
from experiments.store.opened import OpenStudy
from experiments.studies import kind_of, kinds
from experiments.studies.sweep import SweepResults
from model import OUTCOMES, in_world, load_scenario, simulate
from tests.experiments.test_peaks import ALONG, X, curve
from tests.experiments.test_worlds import some_worlds, whistle

WEIGHT, SHOWN = "assessment.street_weight", ("closure_rate", "passes_per_case")
SWEEP = f"""\
experiment: sweep
regimes: [inverted, flattened]
parameters: {{{WEIGHT}: {{values: [0, 0.38, 1]}}}}
replicates: {{fixed: 7}}
analysis: {{mark: 0.38, outcomes: [closure_rate, passes_per_case]}}
set: {{run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}}
district: tiny
"""
WORLDS = 4  # of which the last has one seed, the others two


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the study and a table of worlds."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    pq.write_table(table_of(some_worlds(6), {}), folder / "some.parquet")
    return folder


def asked(folder: Path, out: Path, *words: object) -> Result:
    where = ("--out", out, "--ensemble", folder / "some.parquet", "--quiet")
    return whistle("sweep", folder / "sweep.yaml", *where, *(words if "--jobs" in words else (*words, "--jobs", 1)))


def answered(folder: Path, out: Path, *words: object) -> tuple[dict[str, Any], OpenStudy]:
    done = asked(folder, out, *words, "--json")
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer, open_study(answer["study"])


@pytest.fixture(scope="module")
def over_worlds(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], OpenStudy]:
    return answered(folder, tmp_path_factory.mktemp("out"), "--worlds", WORLDS)


def by_world(opened: OpenStudy, outcome: str, regime: str, x: float) -> np.ndarray[Any, Any]:
    """Return an outcome by replicate, straight from the rows of the runs."""
    runs = opened.runs
    own = runs[(runs["regime"] == regime) & (runs[WEIGHT] == x)].sort_values("replicate")
    return own[outcome].to_numpy()


def of_worlds(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([np.mean(values[world::WORLDS]) for world in range(WORLDS)])


@pytest.mark.parametrize("outcome", SHOWN)
def test_every_place_has_the_doubt_of_its_stored_runs(
    over_worlds: tuple[dict[str, Any], OpenStudy], outcome: str
) -> None:
    answer, opened = over_worlds
    assert answer["worlds"] == WORLDS
    direction, checked = OUTCOMES[outcome].direction, 0
    for told in (each for each in answer["curves"] if each["outcome"] == outcome):
        for point in told["points"]:
            own, first, marked = (by_world(opened, outcome, regime, x) for regime, x in (
                (told["regime"], point["x"]), ("inverted", point["x"]), (told["regime"], 0.38)))  # fmt: skip
            parts = {"level": own, "change": own - marked}
            if told["regime"] == "flattened":
                parts["difference"] = own - first
            for part, values in parts.items():
                found, means = point["doubt"][part], of_worlds(values)
                ends = [found[end] for end in ("low", "median", "high")]
                assert ends == pytest.approx(np.quantile(means, [0.05, 0.5, 0.95]), abs=1e-12)
                better = None if part == "level" else float(np.mean(means * direction > 0.0))
                assert (found["better"], found["worlds"], found["undefined"]) == (better, WORLDS, 0)
                assert found["luck_half_width"] is not None
                assert point[part]["mean"] == pytest.approx(np.mean(values), abs=1e-12)
                checked += 1
    assert checked == 3 * 2 + 3 * 3


def test_the_first_regime_has_no_difference_from_itself(over_worlds: tuple[dict[str, Any], OpenStudy]) -> None:
    found = over_worlds[0]["curves"][0]["points"][0]["doubt"]["difference"]
    assert (found["median"], found["worlds"], found["undefined"]) == (None, 0, WORLDS)


def test_places_and_regimes_share_luck_and_world(over_worlds: tuple[dict[str, Any], OpenStudy]) -> None:
    opened = over_worlds[1]
    assert {(row["replicate"], row["seed"]) for row in opened.table.to_pylist()} == {(at, 1 + at) for at in range(7)}
    overrides = {"run.warm_up_days": 20, "run.window_days": 60, "run.follow_up_days": 40, WEIGHT: 1}
    for regime, replicate in (("inverted", 5), ("flattened", 5)):
        scenario = in_world(
            load_scenario(regime, district="tiny", overrides=overrides), some_worlds(6)[replicate % WORLDS]
        )
        once = simulate(scenario, 1 + replicate).outcomes["closure_rate"]
        assert once == by_world(opened, "closure_rate", regime, 1.0)[replicate]


def test_the_same_sweep_on_two_processes(
    over_worlds: tuple[dict[str, Any], OpenStudy], folder: Path, tmp_path: Path
) -> None:
    two = answered(folder, tmp_path, "--worlds", WORLDS, "--jobs", 2)
    assert two[1].runs_hash == over_worlds[1].runs_hash
    assert two[0]["curves"] == over_worlds[0]["curves"]


def test_in_the_reference_the_answer_is_the_one_without_worlds(folder: Path, tmp_path: Path) -> None:
    reference, first = answered(folder, tmp_path / "reference", "--worlds", "reference")
    plain = whistle("sweep", folder / "sweep.yaml", "--out", tmp_path, "--jobs", 1, "--quiet", "--json")
    answer = json.loads(plain.stdout)
    assert open_study(answer["study"]).runs_hash == first.runs_hash
    assert reference | {"study": ""} == answer | {"study": ""}
    assert "worlds" not in answer and set(answer["curves"][0]) == {"outcome", "regime", "by", "points", "peak"}
    assert set(answer["curves"][0]["points"][0]) == {"x", "runs", "level", "change", "difference"}


def test_each_world_that_is_asked_for_is_looked_at(folder: Path, tmp_path: Path) -> None:
    text = SWEEP.replace("fixed: 7", "fixed: 2")
    (folder / "few.yaml").write_text(text, encoding="utf-8")
    (folder / "said.yaml").write_text(f"worlds: 5\n{text}", encoding="utf-8")
    flags = ("--ensemble", folder / "some.parquet", "--dry-run", "--json", "--out", tmp_path)
    for name, words, replicates in (
        ("few", ("--worlds", 5), 5), ("said", (), 5), ("said", ("--worlds", 3), 3), ("few", ("--worlds", 1), 2),
        ("few", (), 2), ("sweep", ("--worlds", 5), 7),
    ):  # fmt: skip
        told = json.loads(whistle("study", folder / f"{name}.yaml", *flags, *words).stdout)
        assert told["replicates"] == replicates, (name, words)


def test_tables_and_sentences_tell_the_worlds_and_no_interval_of_runs(folder: Path, tmp_path: Path) -> None:
    english, chinese = (asked(folder, tmp_path, "--worlds", WORLDS, "--lang", lang) for lang in ("en", "zh"))
    told = " ".join(english.stdout.split())
    assert "range of nine in ten worlds (5–95 %)" in told and f"nine in ten of {WORLDS} plausible worlds" in told
    assert "九成情形" in chinese.stdout
    for place, words in enumerate((english.stdout, chinese.stdout)):
        assert "".join(MESSAGES["chance_only"][place].split())[:20] not in "".join(words.split())


def test_the_band_of_the_figure_is_the_range_of_worlds(over_worlds: tuple[dict[str, Any], OpenStudy]) -> None:
    answer, opened = over_worlds
    figure = lines(SweepResults(opened).sweep, "difference")
    band = next(each for each in figure.axes[0].collections if isinstance(each, PolyCollection))
    at_start = [height for x, height in np.asarray(band.get_paths()[0].vertices).tolist() if x == 0.0]
    found = next(each for each in answer["curves"] if each["regime"] == "flattened")["points"][0]["doubt"]["difference"]
    assert (min(at_start), max(at_start)) == pytest.approx((100 * found["low"], 100 * found["high"]))
    assert (
        "".join(figure.legends[0].get_title().get_text().split())[:40]
        == ("".join(MESSAGES["worlds_note"].english.split())[:40])
    )
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert any(f"nine in ten of {WORLDS} plausible worlds" in label for label in labels)
    assert MESSAGES["worlds_mark_luck"].english in labels


ONE_WORLD = [name for name in kinds() if kind_of(name).seeds_a_world == 0 and kind_of(name).example]


@pytest.mark.parametrize("name", ONE_WORLD)
def test_a_kind_of_one_world_refuses_more_once(name: str, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(f"experiment: {name}\n{kind_of(name).example}", encoding="utf-8")
    for words in (("--worlds", 3), ("--ensemble", folder / "some.parquet")):
        done = whistle("study", path, *words, "--dry-run")
        assert done.exit_code == 2
        assert done.stderr.count("expected") == 1 and f"A {name} study speaks of one world" in done.stderr


def test_some_kind_speaks_of_one_world_and_takes_the_reference(tmp_path: Path) -> None:
    assert "phase" in ONE_WORLD and not {"sweep", "attribute", "compare"} & set(ONE_WORLD)
    path = tmp_path / "one.yaml"
    path.write_text(f"experiment: phase\n{kind_of('phase').example}", encoding="utf-8")
    assert whistle("phase", path, "--worlds", "reference", "--dry-run").exit_code == 0
    wrong = whistle("phase", path, "--worlds", "none", "--dry-run")
    assert wrong.exit_code == 2 and "--worlds: expected a number from 1, or reference, got 'none'" in wrong.stderr


def test_replicates_are_gathered_by_world() -> None:
    replicates = ByWorld([0, 1, 2, 0, 1], -1)
    expected = np.array([[1, 5], [2, np.nan], [3, np.nan]])
    assert np.array_equal(replicates.table([1, 2, 3, 5, np.nan]), expected, equal_nan=True)
    found = replicates.doubt([1, -2, 3, 5, np.nan])
    assert (found.median, found.better, found.worlds) == (3.0, pytest.approx(1 / 3), 3)
    level = replicates.level([1, -2, 3, 5, np.nan])
    assert (level.median, level.better, level.clear) == (3.0, None, None)


@pytest.mark.parametrize(
    ("shape", "direction", "where", "best"),
    [
        (1 - (X - 0.4) ** 2 * 8, 1, "inside", 0.4),
        ((X - 0.6) ** 2 * 8, -1, "inside", 0.6),
        (X * 2, 1, "high end", 1.0),
        (X * 2, -1, "low end", 0.0),
    ],
)
def test_the_best_place_over_worlds_is_found_in_half_of_them(
    shape: np.ndarray[Any, Any], direction: int, where: str, best: float
) -> None:
    values = curve(shape, 40)
    found = peak_over_worlds(ALONG, values, ByWorld([at % 20 for at in range(40)], direction))
    assert found is not None and (found.where, found.x) == (where, best)
    ends = [each for each in (found.above_low, found.above_high) if each]
    assert len(ends) == (2 if where == "inside" else 1)
    assert all(each.better == 1.0 and each.worlds == 10 for each in ends)


def test_a_place_that_is_best_only_in_the_worlds_that_found_it_is_no_best_place() -> None:
    values = np.zeros((6, 20))
    values[2, ::2], values[2, 1::2] = 1.0, -1.0  # in the second half of the worlds it is the worst
    found = peak_over_worlds(ALONG, values, ByWorld(range(20), 1))
    assert found is not None and (found.x, found.where) == (0.4, "flat")
    assert found.above_low is not None and (found.above_low.median, found.above_low.better) == (-1.0, 0.0)


def test_few_worlds_have_no_best_place() -> None:
    values = curve(1 - (X - 0.4) ** 2 * 8, 40)
    assert peak_over_worlds(ALONG, values, ByWorld([at % 11 for at in range(40)], 1)) is None
    values[2] = np.nan
    assert peak_over_worlds(ALONG, values, ByWorld(range(40), 1)) is None
