"""What is kept of real logs, and the tables that the documentation makes of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.documents import learned as pages
from experiments.errors import WrongInput
from experiments.evidence.learned_logs import LOGS, RealLog, foretold_row, keep_learned_logs, measured
from experiments.learning.foretelling import Foretold, foretell
from experiments.learning.measures import Periods
from experiments.learning.paths import Paths
from experiments.learning.pool import MECHANISM, MEMBERS
from experiments.learning.replay import HABITS
from experiments.learning.scores import POOL, Scores
from experiments.learning.trial import Setting, replaying
from experiments.messages import Language
from experiments.stats.intervals import Floats
from tests.experiments.offices import office

Row = dict[str, Any]


def quiet(_: str) -> None:
    pass


def far_too_many(known: Paths, start: Floats, periods: Periods, draws: int) -> Floats:
    """Foretell twice of everything and a half more, a mechanism of no use."""
    return replaying(HABITS[0], 1)(known, start, periods, draws) * 2.0 + 0.5


@pytest.fixture(scope="module")
def foretold() -> Foretold:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.learning.foretelling.HABITS", HABITS[:3])
        patch.setattr("experiments.learning.trial.DRAWS", 60)
        whole = office(np.random.default_rng(5), days=500)
        return foretell(whole, 350.0, Setting(40.0, 20.0, 3, 1), far_too_many, quiet)


@pytest.fixture(scope="module")
def rows(foretold: Foretold, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """A log that was learned and one that was refused, as they are kept."""
    log = cut_by_closing(tmp_path_factory.mktemp("logs"))
    refused = measured(log, tmp_path_factory.getbasetemp(), Path("nowhere"), 1, quiet)
    said = {language: {**each, "refused": None} for language, each in refused["said"].items()}
    ensemble = {"runs": 900, "effective": 40.0, "widened": 1.0}
    learned = {**refused, "said": said, **foretold_row(foretold), "worlds": 100, "ensemble": ensemble}
    return {LOGS[0].file: learned, LOGS[3].file: refused}


def cut_by_closing(folder: Path) -> RealLog:
    """Write a log that has no case open at its end."""
    cases = [each for each in office(np.random.default_rng(3), days=700).cases() if np.isfinite(each[1])]
    lines = [f"{number},{np.datetime64('2024-01-01T00:00') + np.timedelta64(round(1440 * time), 'm')},unit {unit}"
             for number, (_, _, events) in enumerate(cases) for time, unit in events]  # fmt: skip
    path = folder / "cut.csv"
    path.write_text("\n".join(["case,time,unit", *lines]) + "\n", encoding="utf-8")
    return RealLog(str(path), {"unit": "unit"})


def test_a_log_that_is_refused_keeps_the_reason_in_both_languages(rows: dict[str, Row]) -> None:
    refused = rows[LOGS[3].file]
    assert "geometric" not in refused
    assert "cut by closing date" in refused["said"]["en"]["refused"]
    assert "按办结日期" in refused["said"]["zh"]["refused"]
    assert refused["flags"] == "--unit unit"
    assert refused["said"]["en"]["findings"][0]["severe"]
    assert not Path("nowhere").exists()


def test_a_row_has_the_scores_of_the_last_part_and_what_the_pool_were_without_the_mechanism(foretold: Foretold) -> None:
    row, scores = foretold_row(foretold), Scores.of(foretold)
    assert row["geometric"][POOL] == pytest.approx(scores.geometric(POOL))
    assert row["geometric"][MECHANISM] > 1.0
    assert row["without"] != pytest.approx(row["geometric"][POOL], rel=1e-3)
    assert row["figures"] == len(scores.rows) == sum(each["figures"] for each in row["measures"].values())
    assert row["inside"] == sum(each["inside"] for each in row["held_out"])
    assert set(row["weights"]) == set(MEMBERS)
    assert len(row["origins"]) == len(foretold.inner)
    assert all(None not in each.values() for each in row["origins"])


@pytest.mark.parametrize("language", list(Language))
def test_the_tables_show_what_loses(rows: dict[str, Row], language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "read_measured", lambda _: {"logs": rows})
    text = pages.learned_tables(language)
    for file in rows:
        assert f"### {file}" in text
    row = rows[LOGS[0].file]
    assert f"**{row['geometric'][MECHANISM]:.2f}**" in text
    assert rows[LOGS[3].file]["said"][str(language)]["refused"] in text
    lost = sum(each[MECHANISM] >= 1.0 for each in row["measures"].values())
    assert lost > 0
    assert len(re.findall(r"\*\*\d", text)) >= lost
    tables = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    assert len(tables) == 5  # all logs; measures, what the mechanism adds, origins, what lies outside
    assert all(len({line.count("|") for line in each.splitlines()}) == 1 for each in tables)


def test_nothing_measured_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "read_measured", lambda _: {})
    assert "make learned-logs" in pages.learned_tables(Language.EN)


def test_logs_that_are_not_there_are_named_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as problem:
        keep_learned_logs(["hotline.csv", "receipt.csv.gz"], tmp_path, tmp_path, 1, quiet)
    assert "hotline.csv: no such log" in str(problem.value)
    assert f"{tmp_path / 'receipt.csv.gz'}: not there" in str(problem.value)
