"""How scenarios, records and models show themselves, briefly and as tables and frames; where numbers came from."""

from __future__ import annotations

import dataclasses
import json
import math
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import (
    OUTCOMES,
    ConfigError,
    DistrictModel,
    Scenario,
    declared_at,
    fingerprint,
    load_scenario,
    scenario_of,
    simulate,
    vary,
)
from model.config.shown import frame_of
from model.outcomes.record import Record
from model.outcomes.shown import TABLES
from model.shown import MOST_ROWS, html_table
from model.terms import TICKS_PER_DAY, Activity
from tests.support import tiny

ROOT = Path(__file__).parents[1]
SETTINGS: dict[str, Any] = {"assessment.street_weight": 0.5, "demand.scale": np.float64(0.02), "run.window_days": 9}


@pytest.fixture(scope="module")
def whole() -> Record:
    """Return the record of a short run of the whole district, with everything kept."""
    return simulate(load_scenario("inverted", overrides=SETTINGS), 3, cases=True, events=True)


def looks_short(thing: Any) -> bool:
    lines = repr(thing).splitlines()
    return 0 < len(lines) <= 15 and max(map(len, lines)) <= 120


def test_everything_shows_itself_briefly(whole: Record) -> None:
    long = {f"kinds.{kind}.stake": 0.5 for kind in load_scenario("inverted").codes_of("kinds")}
    for overrides in (None, SETTINGS, long):
        assert looks_short(load_scenario("flattened", overrides=overrides))
    assert looks_short(load_scenario("pilot_2018")) and looks_short(whole)
    model = DistrictModel("campaign", seed=1)
    for each in (model, model.district, *model.units):
        assert looks_short(each)
    assert "inverted" in repr(whole) and "seed 3" in repr(whole) and "inverted" in repr(load_scenario("inverted"))


@pytest.mark.parametrize("name", ["scenario", "record", "model"])
def test_a_notebook_shows_a_small_table(whole: Record, name: str) -> None:
    made: Any = {"scenario": load_scenario("inverted"), "record": whole, "model": DistrictModel("inverted", seed=1)}[
        name
    ]
    html = made._repr_html_()
    assert html.count("<table>") == html.count("</table>") == 1
    assert 3 < html.count("<tr>") <= MOST_ROWS + 1 and len(html) < 10_000


def test_what_a_table_shows_is_escaped_and_its_other_rows_are_counted() -> None:
    html = html_table("<b>", ("a", "b"), [("<script>", math.nan)] * (MOST_ROWS + 3))
    assert "<script>" not in html and "&lt;script&gt;" in html and "<td>–</td>" in html and "… and 3 more rows" in html


def test_outcomes_as_a_frame_have_units_titles_and_no_none(whole: Record) -> None:
    frame = whole.to_frame()
    assert list(frame.index) == list(whole.outcomes) and frame["value"].dtype == np.float64
    undefined = [name for name, value in whole.outcomes.items() if value is None]
    assert undefined and list(frame.index[frame["value"].isna()]) == undefined
    assert list(frame.loc["closure_rate", ["unit", "title"]]) == ["share", OUTCOMES["closure_rate"].title_en]


def test_numbers_are_what_samplers_take_and_outcomes_what_json_takes(whole: Record) -> None:
    values = np.array([list(whole.numbers().values())] * 2)
    assert values.dtype == np.float64 and np.isnan(values).any()
    assert {name: None if math.isnan(value) else value for name, value in whole.numbers().items()} == whole.outcomes
    assert json.loads(json.dumps(whole.outcomes, allow_nan=False)) == whole.outcomes


def test_every_part_of_a_record_is_a_frame(whole: Record) -> None:
    assert whole.cases is not None and whole.events is not None
    lengths = {name: len(whole.to_frame(name)) for name in TABLES}
    assert lengths == {
        "outcomes": len(whole.outcomes), "daily": whole.days, "units": len(whole.units["code"]),
        "cases": len(whole.cases["key"]), "events": len(whole.events), "kinds": 16, "steps": 7,
    }  # fmt: skip
    assert whole.to_frame("daily").loc[whole.days, "open"] == whole.daily["open"][-1]
    code = whole.units["code"][70]
    assert whole.to_frame("units").loc[code, "received"] == whole.units["received"][70]


def test_events_as_a_frame_say_units_and_activities_by_name(whole: Record) -> None:
    frame, rows = whole.to_frame("events"), whole.events
    assert rows is not None
    assert (frame["day"] == rows["when"] / TICKS_PER_DAY).all() and (frame["key"] == rows["key"]).all()
    assert frame["activity"].tolist() == [Activity(number).name.lower() for number in rows["activity"]]
    codes = whole.units["code"].tolist()
    assert frame["unit"].tolist() == [codes[row] if row >= 0 else "" for row in rows["unit"]]


def test_frames_that_cannot_be_had_are_told(inverted: Scenario) -> None:
    record = simulate(inverted, 1)
    with pytest.raises(ConfigError, match=r"to_frame: unknown table 'unit'; did you mean 'units'\?"):
        record.to_frame("unit")
    for name in ("cases", "events"):
        with pytest.raises(ConfigError, match=f"the run kept no {name}; run it with {name}=True"):
            record.to_frame(name)


def test_a_scenario_as_a_frame_has_every_value_with_origin_and_unit() -> None:
    scenario = load_scenario("flattened", overrides=SETTINGS)
    frame = scenario.to_frame()
    assert list(frame.loc["assessment.street_weight", ["value", "origin"]]) == [0.5, "--set"]
    assert frame.loc["run.window_days", "unit"] == declared_at("run.window_days").unit == "days"
    for topic in ("streets", "departments", "kinds"):
        for code in scenario.codes_of(topic):
            assert f"{topic}.{code}.title.zh" in frame.index
    assert str(frame.loc["kinds.parking.share", "origin"]).startswith("configs/districts/chaoyang/kinds.yaml:")
    assert frame.index.is_unique and (frame["unit"] != "").mean() > 0.9
    law = {
        f"{topic}.{key}"
        for topic, values in scenario.resolved().items()
        if topic in ("whistle", "letters")
        for key in values
    }
    assert law and law <= set(frame.index)
    assert frame_of(tiny("pilot_2018")).index.is_unique


def version_of(name: str) -> str:
    """Return the version of a package; a tree that is not installed has none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def test_provenance_says_all_that_decides_the_numbers(inverted: Scenario, whole: Record) -> None:
    scenario = load_scenario("inverted", overrides=SETTINGS)
    assert whole.provenance == {
        "scenario": "inverted", "district": "chaoyang", "overrides": SETTINGS, "source_hash": scenario.source_hash,
        "seed": 3, "fingerprint": fingerprint(), "interventions": [], "rules": None,
        "versions": {**{name: version_of(name) for name in ("whistle-abm", "numpy", "numba", "llvmlite")},
                     "python": platform.python_version()},
    }  # fmt: skip
    assert json.loads(json.dumps(whole.provenance)) == whole.provenance
    seeded: Any = np.uint64(2**64 - 1)
    assert json.dumps(simulate(tiny("inverted", 3), seeded).provenance["seed"]) == str(2**64 - 1)
    model = DistrictModel("inverted", seed=3, **SETTINGS)
    model.run_model()
    assert model.record is not None and model.record.provenance == whole.provenance


def test_provenance_has_settings_however_they_are_given() -> None:
    listed = load_scenario(
        "inverted", district="tiny", overrides=iter(["assessment.street_weight=0.5", "run.window_days=3"])
    )
    assert listed.overrides == {"assessment.street_weight": 0.5, "run.window_days": 3} and listed.district == "tiny"
    varied = vary(load_scenario("inverted", district="tiny", overrides=["run.window_days=9"]), {"run.window_days": 4})
    assert simulate(varied, 1).provenance["overrides"] == {"run.window_days": 4}
    stored = scenario_of(listed.resolved())  # no file is read, and no setting laid over one
    assert (stored.district, stored.overrides, stored.law) == ("", {}, listed.law)


def test_where_values_come_from_is_no_part_of_what_a_scenario_is() -> None:
    given = load_scenario("inverted", district="tiny", overrides={"run.window_days": 3})
    assert "overrides" not in given.resolved()
    assert given == load_scenario("inverted", district="tiny", overrides=["run.window_days=3"])
    assert dataclasses.replace(given, district="", overrides={}) == given


def test_neither_simulating_nor_showing_loads_pandas() -> None:
    code = (
        "import sys; from model import load_scenario, simulate; "
        "record = simulate(load_scenario('inverted', district='tiny'), 1); repr(record); record._repr_html_(); "
        "print('pandas' in sys.modules); record.to_frame(); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
