"""What a report says of people and powers on loan: only where somebody trades, and what counting by hand gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib
import numpy as np
import pytest

from experiments.charts.series import LOANS, loans_over_time
from experiments.charts.style import figure_style
from experiments.messages import Language, in_language
from experiments.report.brief import lent_and_got
from experiments.stats.series import ON_LOAN, RegimeSeries
from experiments.store.opened import OpenStudy
from experiments.studies.compare import CompareResults
from tests.experiments.test_real_model import whistle

DAYS = 40


def series_of(regime: str, lent: list[list[int]], got: list[list[int]], closed: list[list[int]]) -> RegimeSeries:
    """Return series of two runs of four streets, in each of which 100 cases fell due, and a department."""
    level = np.array([["street"] * 4 + ["department"]] * 2)
    units = {"level": level} | {
        name: np.hstack([np.array(values), np.zeros((2, 1), int)])
        for name, values in (("lent_days", lent), ("guest_days", got))
    }
    out = float(bool(np.sum(lent)))
    daily = {name: np.full((2, DAYS), out) for name in ON_LOAN} | {
        name: np.full((2, DAYS), 1.0) for name in ("staff_street", "balance_street")
    }
    histograms = {"due": np.full((2, 4), 100.0), "closed_in_time": np.array(closed, dtype=float)}
    return RegimeSeries(
        regime=regime, label=regime, warm_up=10, window=20, replicates=np.array([0, 1]), daily=daily,
        histograms=histograms, units=units, titles={}, codes=[], hand_overs=np.zeros((0, 0)), reported=np.ones(2),
    )  # fmt: skip


@pytest.fixture
def pair() -> tuple[RegimeSeries, RegimeSeries]:
    """Return a regime without trade, and one in which the first streets lend, the third gets, the last does neither."""
    none = [[0] * 4] * 2
    return (
        series_of("still", none, none, [[50, 50, 40, 80]] * 2),
        series_of("moving", [[30, 10, 5, 0]] * 2, [[0, 0, 45, 0]] * 2, [[45, 49, 46, 80]] * 2),
    )


@pytest.mark.parametrize("language", list(Language))
def test_streets_that_lent_stand_beside_themselves_without_trade(
    pair: tuple[RegimeSeries, RegimeSeries], language: Language
) -> None:
    comparison: Any = SimpleNamespace(names={"still": "Still", "moving": "Moving"}, first="Still")
    with in_language(language):
        (table,) = lent_and_got(comparison, pair)
    assert [row[1:6] for row in table.rows] == [
        ("2.0", "20", "0", "47.0", "50.0"),
        ("1.0", "0", "0", "80.0", "80.0"),
        ("1.0", "5", "45", "46.0", "40.0"),
    ]
    assert [row[6].split(" ")[0] for row in table.rows] == ["-3.0", "+0.0", "+6.0"]
    assert len({len(row) for row in (table.header, *table.rows)}) == 1
    assert "Moving" in table.caption and "Still" in table.note


def test_where_nobody_trades_there_is_no_table(pair: tuple[RegimeSeries, RegimeSeries]) -> None:
    comparison: Any = SimpleNamespace(names={"still": "Still"}, first="Still")
    assert not list(lent_and_got(comparison, pair[:1]))
    assert [each.trades for each in pair] == [False, True]
    old = replace(pair[0], daily={}, units={"level": pair[0].units["level"]})  # kept before there was trade
    assert not old.trades and not list(lent_and_got(comparison, [old]))


@pytest.mark.parametrize("language", list(Language))
def test_the_figure_has_a_panel_for_each_series_and_a_line_for_each_regime(
    pair: tuple[RegimeSeries, RegimeSeries], language: Language
) -> None:
    with in_language(language), matplotlib.rc_context(figure_style()):
        figure = loans_over_time(pair)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == len(LOANS) and all(len(axes.get_lines()) == 2 for axes in shown)


@pytest.mark.parametrize(("second", "trades"), [("trading", True), ("rules_only", False)])
def test_only_a_comparison_in_which_somebody_trades_has_them(tmp_path: Path, second: str, trades: bool) -> None:
    eager = ("lending.queue_days=0.05", "lending.readiness=2", "lending.programme_days=0.2")
    days = ("run.warm_up_days=0", "run.window_days=60", "run.follow_up_days=40")
    done = whistle(
        "compare", "flattened", second, "--district", "tiny", "--pairs", "2", "--jobs", "1", "--quiet",
        "--out", str(tmp_path), *(word for each in (*eager, *days) for word in ("--set", each)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    study = next(tmp_path.glob("compare-*"))
    assert (study / "figures" / "loans_over_time.png").exists() is trades
    found = CompareResults(OpenStudy(study))
    tables = [
        each for each in found.sections["work"]() if getattr(each, "caption", "").startswith("Closure by whether")
    ]
    assert len(tables) == trades
