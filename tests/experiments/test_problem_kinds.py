"""Which kinds of problem gain: over worlds and pairs, where half are never closed, and as drawn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.colors import to_hex
from matplotlib.text import Text

from experiments.charts.kinds import kinds_slopes
from experiments.charts.style import SMALL, figure_style, settled
from experiments.colours import WORSE
from experiments.messages import Language, in_language, msg
from experiments.report.kinds import kind_tables
from experiments.stats.kinds import DAYS, KindFound, faster_first, kinds_found
from experiments.stats.series import RegimeSeries

FOLLOW_UP, REPORTED = 60, 1000
KINDS = {"noise": (20.0, 10.0), "parking": (12.0, 12.0), "trade": (10.0, 15.0), "building": (np.nan, np.nan),
         "rental": (np.nan, 40.0)}  # fmt: skip
"""Days until half are closed, before and after, in the typical world."""


def series_of(side: int, worlds: int, spread: float = 0.0) -> RegimeSeries:
    """Return series of two runs a world, or of eight in one; the difference goes the other way in a share of them."""
    runs = 2 * worlds or 8
    turned = np.arange(runs) % max(worlds, 1) < spread * worlds
    luck = np.linspace(-0.1, 0.1, runs) * (1 + side)
    days = np.array([np.where(turned, each[1 - side], each[side]) + luck for each in KINDS.values()]).T
    share = np.where(np.isnan(days), 300, 900 - 10 * np.nan_to_num(days)).astype(int)
    counts = {"reported": np.full_like(share, REPORTED), "closed_30": share, "waiting": REPORTED - share}
    halves = {f"{who}_{what}": share if what == "closed" else np.full_like(share, REPORTED)
              for who in ("own", "offered") for what in ("due", "closed")}  # fmt: skip
    return RegimeSeries(
        regime=("before", "after")[side], label="", warm_up=0, window=1, replicates=np.arange(runs), daily={},
        histograms={}, units={}, titles={}, codes=[], hand_overs=np.zeros((0, 0)), reported=np.ones(runs),
        worlds=worlds, kinds={"code": np.array([list(KINDS)] * runs), DAYS: days, **counts, **halves},
        kind_titles={code: (f"{code}-zh", code, code) for code in KINDS}, follow_up=FOLLOW_UP,
    )  # fmt: skip


def found_of(worlds: int, spread: float = 0.0) -> dict[str, KindFound]:
    sides = [series_of(side, worlds, spread) for side in (0, 1)]
    return {each.code: each for each in kinds_found(sides, range(len(sides[0].replicates)))}


@pytest.mark.parametrize("worlds", [0, 20])
def test_a_kind_gains_loses_or_does_neither(worlds: int) -> None:
    found = found_of(worlds)
    assert [each.verdict for each in found.values()] == ["gains", "none", "loses", "none", "gains"]
    assert [each.clearly for each in found.values()] == [1, 0, -1, 0, 1]
    assert found["noise"].measured[DAYS].told.mean == pytest.approx(-10.0)
    assert found["noise"].measured["in_time"].told.mean == pytest.approx(0.1)
    assert [each.code for each in faster_first(found.values(), "after")][-1] == "trade"


def test_where_half_are_never_closed_days_end_with_the_follow_up() -> None:
    found = found_of(20)
    building, rental = found["building"], found["rental"]
    assert not building.before[DAYS].reached and not building.after[DAYS].reached
    assert building.before[DAYS].beyond == 1.0 and building.measured[DAYS].told.mean == 0.0
    assert not rental.before[DAYS].reached and rental.after[DAYS].reached
    assert rental.measured[DAYS].told.mean == pytest.approx(40.0 - FOLLOW_UP)


@pytest.mark.parametrize(("spread", "verdict"), [(0.1, "gains"), (0.15, "none")])
def test_nine_worlds_in_ten_must_agree(spread: float, verdict: str) -> None:
    assert found_of(20, spread)["noise"].verdict == verdict


def test_what_a_study_from_before_did_not_keep_is_left_out() -> None:
    sides = [series_of(side, 20) for side in (0, 1)]
    old: Any = SimpleNamespace(**{**vars(sides[0]), "kinds": {}})
    assert kinds_found([old, sides[1]], range(40)) == ()


@pytest.mark.parametrize("language", list(Language))
def test_the_figure_marks_what_is_no_faster_and_what_is_not_reached(language: Language) -> None:
    comparison: Any = SimpleNamespace(
        kinds=tuple(found_of(20).values()), regimes=("before", "after"), others=("after",), first="Before",
        names={"before": "Before", "after": "After"}, follow_up={"after": FOLLOW_UP}, worlds=20, basis="20",
    )  # fmt: skip
    with in_language(language), rc_context(figure_style()):
        figure = settled(kinds_slopes(comparison))
        (axes,) = figure.axes
        rows = {label.get_text(): to_hex(label.get_color()) for label in axes.get_yticklabels()}
        assert [code for code, shade in rows.items() if shade == WORSE] == ["parking", "building", "trade"]
        assert [text.get_text() for text in axes.texts if text.get_text()] == [
            *[msg("kinds_no_faster")] * 2, msg("kinds_slower")
        ]  # fmt: skip
        assert axes.get_xticklabels()[-1].get_text() == "> 60"
        assert min(float(text.get_fontsize()) for text in figure.findobj(Text) if text.get_text()) >= SMALL
        (table,) = kind_tables(comparison)
    cells = {row[0]: row[4] for row in table.rows}
    assert cells["building"] == "> 60 → > 60 °" and cells["rental"] == "> 60 → 40"
