"""`whistle fit` from log to files: what it leaves, refuses and never leaves; the mechanism is a stand-in here."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.random import default_rng
from typer.testing import CliRunner, Result

from experiments import fit, open_study
from experiments.cli.app import app
from experiments.design.ensemble import MARK, ensemble_of_district, read_ensemble, table_of
from experiments.errors import WrongInput
from experiments.learning.measures import MEASURES, Periods
from experiments.learning.paths import Paths
from experiments.learning.replay import HABITS, Habit, Replay
from experiments.learning.results import measure_title
from experiments.messages import Language, in_language
from experiments.store.files import one_writer
from model import free_numbers
from tests.experiments.offices import office

FILES = [
    "district.yaml",
    "figures",
    "fit.json",
    "report.docx",
    "report.html",
    "report.pdf",
    "units.csv",
    "worlds.parquet",
]
KEYS = ["cases", "units", "kinds", "learned", "diagnosis", "held_out", "geometric", "coverage", "weights",
        "district", "worlds"]  # fmt: skip
ROW = {"measure", "period", "observed", "low", "high", "inside", "crps", "crps_mechanism", "crps_yesterday",
       "crps_last", "crps_queue", "crps_replay"}  # fmt: skip


BELIEVED = {"en": ("foretells better than yesterday", "Do not use"), "zh": ("机制优于照搬以往的指标", "请勿采用")}


class Stand:
    """A mechanism that replays, and says twice as many hand-overs."""

    @classmethod
    def learn(cls, *_: Any, **__: Any) -> Stand:
        return cls()

    def foretell(self, known: Paths, start: Any, periods: Periods, draws: int) -> Any:
        said = Replay(known, Habit(np.inf, np.inf), default_rng(1)).forecast(start, periods, draws)
        said[..., MEASURES.index("handovers_mean")] *= 2.0
        return said

    def worlds(self) -> list[dict[str, float]]:
        return [{each.key: float(each.low) for each in free_numbers()}]

    def told(self) -> dict[str, Any]:
        return {"runs": 7, "effective": 3.0, "widened": 1.0, "cases": 10, "measures": []}

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        (folder / "district.yaml").write_text("title: {en: A, zh: 甲}\n", encoding="utf-8")
        pq.write_table(table_of(self.worlds(), about), folder / "worlds.parquet")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.learning.fitting.Mechanism", Stand)
    monkeypatch.setattr("experiments.learning.foretelling.HABITS", HABITS[:4])
    monkeypatch.setattr("experiments.learning.trial.DRAWS", 40)


def log(path: Path, *, cut: bool = False) -> Path:
    """Write a log of an office; `cut`: of the closed cases alone."""
    paths = office(default_rng(4), days=500)
    with path.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.writer(sink)
        rows.writerow(["case", "time", "unit", "activity"])
        for number, (_, end, events) in enumerate(paths.cases()):
            if cut and not np.isfinite(end):
                continue
            for place, (time, unit) in enumerate(events):
                closes = np.isfinite(end) and place == len(events) - 1
                when = np.datetime64("2022-01-01") + np.timedelta64(round(time * 86_400), "s")
                rows.writerow([f"c{number}", when, f"bureau {unit}", "closed" if closes else "work"])
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["fit", *map(str, words), "--closed-by", "closed"])


def test_a_district_is_left_with_its_test(tmp_path: Path) -> None:
    done = run(log(tmp_path / "log.csv"), "--out", tmp_path / "office", "--json")
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer)[: len(KEYS)] == KEYS
    assert sorted(each.name for each in (tmp_path / "office").iterdir() if each.name[0] != ".") == FILES
    assert json.loads((tmp_path / "office" / "fit.json").read_text("utf-8")) == answer
    assert all(set(row) >= ROW for row in answer["held_out"])
    assert {row["measure"] for row in answer["held_out"]} == set(MEASURES)
    inside = [row["inside"] for row in answer["held_out"]]
    assert answer["coverage"] == pytest.approx(np.mean(inside))
    by_measure = {name: [row for row in answer["held_out"] if row["measure"] == name] for name in MEASURES}
    ratios = [np.mean([row["crps"] for row in rows]) / np.mean([row["crps_yesterday"] for row in rows])
              for rows in by_measure.values()]  # fmt: skip
    assert answer["geometric"]["pool"] == pytest.approx(np.exp(np.mean(np.log(ratios))))
    assert set(answer["geometric"]) == {"pool", "mechanism", "last", "queue", "replay", "oracle"}
    assert answer["geometric"]["oracle"] < answer["geometric"]["pool"] < answer["geometric"]["queue"]
    assert sum(answer["weights"][name] for name in ("mechanism", "replay", "last", "yesterday")) == pytest.approx(1.0)
    assert len(answer["learned"]["origins"]) >= 5
    assert "inner origin 6" in done.stderr  # progress


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_page_says_what_closes_a_case_and_how_far_the_mechanism_is_to_be_believed(
    tmp_path: Path, lang: str
) -> None:
    found = fit(log(tmp_path / "log.csv"), tmp_path / "office", closed_by="closed", lang="zh" if lang == "zh" else "en")
    first, *others = found.sentences()
    assert "closed" in first
    assert found.headline in others
    useful, useless = ([line for line in others if word in line] for word in BELIEVED[lang])
    no_better = set(found.answer["no_better_than_yesterday"])
    assert 0 < len(no_better) < len(MEASURES)
    with in_language(Language(lang)):
        for measure in MEASURES:
            line = (useless if measure in no_better else useful)[0]
            assert measure_title(measure) in line, measure
    assert set(found.figures) == {"foretold", "diagnosis"}
    html = (tmp_path / "office" / "report.html").read_text("utf-8")
    assert found.headline in html


def test_the_worlds_carry_the_mark(tmp_path: Path) -> None:
    found = fit(log(tmp_path / "log.csv"), tmp_path / "office", closed_by="closed")
    mark = read_ensemble(tmp_path / "office" / "worlds.parquet").about[MARK]
    assert mark == {"log": "log.csv", "no_better": found.answer["no_better_than_yesterday"]}


def test_every_study_of_marked_worlds_says_what_not_to_use(tmp_path: Path) -> None:
    shipped = ensemble_of_district("chaoyang")
    assert shipped is not None
    mark = {"log": "log.csv", "no_better": ["closings"]}
    pq.write_table(table_of(read_ensemble(shipped).worlds[:2], {MARK: mark}), tmp_path / "worlds.parquet")
    done = CliRunner().invoke(app, [
        "compare", "inverted", "flattened", "--district", "tiny", "--worlds", "2", "--pairs", "3", "--jobs", "1",
        "--ensemble", str(tmp_path / "worlds.parquet"), "--out", str(tmp_path), "--quiet",
        "--set", "run.warm_up_days=5", "--set", "run.window_days=20",
    ])  # fmt: skip
    assert done.exit_code == 0, done.stderr
    told = "no better than yesterday: cases closed in the period. Do not use these differences for those."
    assert told in " ".join(done.stdout.split())
    (folder,) = tmp_path.glob("compare-*")
    assert told in (folder / "report.html").read_text("utf-8")
    assert open_study(folder).answer["learned"] == mark


def test_a_log_cut_by_closing_date_is_refused_with_its_diagnosis_and_nothing_is_left(tmp_path: Path) -> None:
    done = run(log(tmp_path / "log.csv", cut=True), "--out", tmp_path / "office")
    assert done.exit_code == 2
    assert "cut by closing date" in done.stdout
    last = done.stderr.strip().splitlines()[-1]
    assert "cut by closing date" in last
    assert "Export all cases" in last
    assert sorted(each.name for each in tmp_path.iterdir()) == ["log.csv"]
    as_json = run(tmp_path / "log.csv", "--out", tmp_path / "office", "--json")
    assert as_json.exit_code == 2
    answer = json.loads(as_json.stdout)
    assert answer["refused"]
    assert answer["diagnosis"][0].keys() == {"what", "where", "words"}


def test_a_log_in_which_nothing_is_handed_over_is_refused(tmp_path: Path) -> None:
    rows = log(tmp_path / "log.csv").read_text(encoding="utf-8")
    one = tmp_path / "one.csv"
    one.write_text(re.sub(r"bureau \d", "bureau", rows), encoding="utf-8")
    done = run(one, "--out", tmp_path / "office")
    assert done.exit_code == 2
    assert "hardly any case is handed over: 0 of" in done.stderr
    assert "every step" in done.stderr


def test_a_corrected_table_of_units_is_used_and_kept(tmp_path: Path) -> None:
    source = log(tmp_path / "log.csv")
    fit(source, tmp_path / "office", closed_by="closed")
    table = tmp_path / "office" / "units.csv"
    lines = table.read_text("utf-8-sig").splitlines()
    row = lines[1].split(",")
    table.write_text("\n".join([lines[0], ",".join([row[0], "department", "9", *row[3:]]), *lines[2:]]), "utf-8")
    again = fit(source, tmp_path / "office", closed_by="closed")
    changed = next(each for each in again.fitted.units if each.name == row[0])
    assert (changed.level, changed.people) == ("department", 9)
    assert f"{row[0]},department,9" in table.read_text("utf-8-sig")


def wrong(source: Path, out: Path, **flags: Any) -> str:
    with pytest.raises(WrongInput) as caught:
        fit(source, out, closed_by="closed", **flags)
    return str(caught.value)


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path) -> None:
    source, out = log(tmp_path / "log.csv"), tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("dear", "utf-8")
    assert "letter.txt" in wrong(source, out)
    assert [each.name for each in out.iterdir()] == ["letter.txt"]
    assert "got a file" in wrong(source, out / "letter.txt")


def test_a_split_outside_of_the_log_is_refused_in_words(tmp_path: Path) -> None:
    assert "2031" in wrong(log(tmp_path / "log.csv"), tmp_path / "office", split="2031-01-01")
    assert "--split" in wrong(tmp_path / "log.csv", tmp_path / "office", split="soon")
    assert not (tmp_path / "office").exists()


def test_two_at_once_in_one_folder_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.learning.fitting.one_writer", partial(one_writer, patience=0.1))
    (tmp_path / "office").mkdir()
    with one_writer(tmp_path / "office"):
        assert "is being written by" in wrong(log(tmp_path / "log.csv"), tmp_path / "office")


def test_nothing_is_left_of_a_fit_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    source = log(tmp_path / "log.csv")
    monkeypatch.setattr(Stand, "write", fails)
    done = run(source, "--out", tmp_path / "office")
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["log.csv"]
