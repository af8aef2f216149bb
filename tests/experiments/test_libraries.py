"""Estimators that are written here find what others' libraries find; `library_results.py` says which."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.stats.cases import kaplan_meier
from experiments.stats.did import Estimate, did, event_study
from experiments.stats.panel import PERIOD_DAYS, Trial
from experiments.stats.prim import columns_of, peel
from experiments.stats.shapley import Scheme, effects_of

THEIRS: dict[str, Any] = json.loads(Path(__file__).with_name("library_results.json").read_text(encoding="utf-8"))


def trial_of(panel: dict[str, Any]) -> Trial:
    values = np.array(panel["values"])
    return Trial(values, np.array(panel["adopted"]), np.arange(values.shape[1]) * PERIOD_DAYS)


def numbers(each: Estimate) -> list[float | None]:
    return [each.value, each.error, each.low, each.high, each.p]


@pytest.mark.parametrize("panel", THEIRS["panels"], ids=["one date", "ten periods", "several dates"])
def test_difference_in_differences_is_that_of_pyfixest(panel: dict[str, Any]) -> None:
    assert numbers(did(trial_of(panel))) == pytest.approx(panel["did"], rel=1e-10)


@pytest.mark.parametrize("panel", THEIRS["panels"][:2], ids=["one date", "ten periods"])
def test_an_event_study_is_that_of_pyfixest(panel: dict[str, Any]) -> None:
    found = event_study(trial_of(panel)).estimates
    assert [numbers(found[period]) for period in sorted(found)] == [
        pytest.approx(each, rel=1e-10) for each in panel["event_study"]
    ]


@pytest.mark.parametrize("game", THEIRS["games"], ids=lambda game: f"{len(game['shapley'])} players")
def test_shapley_values_and_interactions_are_those_of_shapiq(game: dict[str, Any]) -> None:
    scheme = Scheme(tuple("abcdef"[: len(game["shapley"])]), 1)
    found = effects_of(scheme, [dict(enumerate(game["worth"]))], [0])
    assert found.interactions is not None
    assert found.shapley[0] == pytest.approx(game["shapley"], rel=1e-10)
    pairs = [found.interactions[0, first, second] for first, second, _ in game["pairs"]]
    assert pairs == pytest.approx([each for _, _, each in game["pairs"]], rel=1e-10)


def test_boxes_are_peeled_as_by_the_ema_workbench() -> None:
    """Where several cuts are as good, another may be taken; theirs also cuts on where nothing is gained."""
    same = 0
    for box in THEIRS["boxes"]:
        columns = columns_of(dict(zip("abcd", np.array(box["inputs"]).T.tolist(), strict=True)))
        path = np.array(
            [(each.coverage, each.density, each.mass) for _, each in peel(columns, np.array(box["sought"]))]
        )
        theirs = np.array([box["coverage"], box["density"], box["mass"]]).T
        same += len(path) <= len(theirs) and np.allclose(path, theirs[: len(path)])
        assert balance(path) >= 0.98 * balance(theirs)
    assert same >= 11, f"{same} of {len(THEIRS['boxes'])} paths"


def balance(path: Any) -> float:
    """Return the best harmonic mean of coverage and density on a path."""
    return float(np.max(2 * path[:, 0] * path[:, 1] / (path[:, 0] + path[:, 1])))


@pytest.mark.parametrize("cases", THEIRS["survival"], ids=["first", "second", "third"])
def test_days_to_closure_are_those_of_lifelines(cases: dict[str, Any]) -> None:
    found = kaplan_meier(cases["days"], cases["closed"])
    open_still = dict(zip(cases["times"], cases["open"], strict=True))
    assert found.share.tolist() == pytest.approx([open_still[day] for day in found.days.tolist()], rel=1e-12)
