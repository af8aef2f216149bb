"""What a run tells of kinds of problem is the same as what it tells of all, and as its cases tell."""

from __future__ import annotations

import numpy as np
import pytest

from model import Record, load_scenario, simulate

SHORT = {"demand.scale": 0.03, "run.warm_up_days": 30, "run.window_days": 60, "run.follow_up_days": 40}


@pytest.fixture(scope="module", params=["inverted", "flattened"])
def record(request: pytest.FixtureRequest) -> Record:
    return simulate(load_scenario(request.param, overrides=SHORT), 1, cases=True)


def test_kinds_add_up_to_the_outcomes_of_all(record: Record) -> None:
    kinds, outcomes = record.kinds, record.outcomes
    reported = kinds["reported"].sum()
    assert kinds["waiting"].sum() / reported == outcomes["backlog_end"]
    assert kinds["closed_30"].sum() / reported == outcomes["closure_rate_30d"]
    due, closed = (kinds[f"own_{what}"] + kinds[f"offered_{what}"] for what in ("due", "closed"))
    assert closed.sum() / due.sum() == outcomes["closure_rate"]
    assert kinds["in_time"][due > 0].tolist() == (closed / np.maximum(due, 1))[due > 0].tolist()
    by_kind = record.histograms["closures_by_kind"]
    assert by_kind.sum(axis=1).tolist() == kinds["closures"].tolist()
    days = record.histograms["closures"][:-1].reshape(-1, 8).sum(axis=1)
    assert by_kind[:, :-1].sum(axis=0).tolist() == days.tolist()


def test_half_of_a_kind_are_closed_when_its_cases_say_so(record: Record) -> None:
    """Cases still open, given up or found too late stand among the reported, and none among the closed."""
    cases, reached = record.cases or {}, 0
    end, least = cases["born"] + 40, 30
    for code, reported, days in zip(
        *(record.kinds[name] for name in ("code", "reported", "days_to_half")), strict=True
    ):
        mine = (cases["kind"] == code) & (cases["reported"] <= end - least)
        assert mine.sum() == reported
        lasted = np.sort((cases["closed"] - cases["reported"])[mine & (cases["closed"] <= end)])
        half = int(np.ceil(reported / 2))
        assert np.isnan(days) == (len(lasted) < half or not reported)
        if not np.isnan(days):
            reached += 1
            assert abs(days - lasted[half - 1]) <= 1 / 8
    assert 0 < reached < len(record.kinds["code"])
