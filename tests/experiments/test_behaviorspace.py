"""Tables and experiments of NetLogo's BehaviorSpace, read and written."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from experiments import open_study
from experiments.behaviorspace import read_experiment, read_table, write_table
from experiments.connectors import evaluate
from experiments.errors import WrongInput
from model import to_yaml
from tests.experiments.run_study import run_study

EXPERIMENTS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE experiments SYSTEM "behaviorspace.dtd">
<experiments>
  <experiment name="weight, whistle" repetitions="2" sequentialRunOrder="true" runMetricsEveryStep="false">
    <setup>setup</setup>
    <go>go</go>
    <timeLimit steps="0"/>
    <metric>closure_rate</metric>
    <metric>emergency_closure_rate</metric>
    <enumeratedValueSet variable="regime"><value value="&quot;inverted&quot;"/><value value="&quot;flattened&quot;"/>
    </enumeratedValueSet>
    <steppedValueSet variable="assessment.street_weight" first="0" step="0.1" last="0.3"/>
    <enumeratedValueSet variable="whistle.in_force"><value value="true"/><value value="false"/></enumeratedValueSet>
    <enumeratedValueSet variable="run.window_days"><value value="40"/></enumeratedValueSet>
    <enumeratedValueSet variable="demand.scale"><value value="0.2"/></enumeratedValueSet>
  </experiment>
  <experiment name="new" repetitions="1" sequentialRunOrder="true" runMetricsEveryStep="false">
    <metrics><metric>passes_per_case</metric></metrics>
    <constants><enumeratedValueSet variable="demand.scale"><value value="0.2"/></enumeratedValueSet></constants>
    <subExperiments>
      <subExperiment>
        <enumeratedValueSet variable="acceptance.load"><value value="0.5"/><value value="1"/></enumeratedValueSet>
        <enumeratedValueSet variable="routing.noise"><value value="0.1"/></enumeratedValueSet>
      </subExperiment>
      <subExperiment>
        <enumeratedValueSet variable="acceptance.load"><value value="3"/></enumeratedValueSet>
        <steppedValueSet variable="routing.noise" first="0.3" step="-0.1" last="0.2"/>
      </subExperiment>
    </subExperiments>
  </experiment>
</experiments>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.xml"
    path.write_text(EXPERIMENTS, encoding="utf-8")
    return path


def _problems(error: pytest.ExceptionInfo[WrongInput]) -> str:
    return "\n".join(error.value.problems)


def test_an_experiment_is_a_sweep_in_the_order_of_netlogo(file: Path) -> None:
    found = read_experiment(file, "weight, whistle")
    assert len(found.rows) == 2 * 4 * 2 and found.repetitions == 2
    study = found.study(district="tiny", seed=3)
    assert study.name == "weight_whistle" and study.regimes == ("inverted", "flattened") and study.seed == 3
    spreads = {name: spread.values for name, spread in study.parameters.items() if spread is not None}
    assert spreads["assessment.street_weight"] == (0, 0.1, 0.2, 0.3) and spreads["whistle.in_force"] == (True, False)
    assert study.set == {"run.window_days": 40, "demand.scale": 0.2} and study.replicates.fixed == 2
    assert study.design.kind == "grid" and study.outcomes == ("closure_rate", "emergency_closure_rate")


def test_sub_experiments_of_newer_files_are_a_list_of_rows(file: Path) -> None:
    study = read_experiment(file, "new").study(district="tiny")
    wanted = [(0.5, 0.1), (1, 0.1), (3, 0.3), (3, 0.2)]
    assert [tuple(row.values()) for row in study.design.rows] == wanted and study.design.kind == "list"
    assert study.outcomes == ("passes_per_case",) and study.regimes == ("flattened",)


def test_a_model_holds_its_experiments_too(file: Path) -> None:
    model = file.with_suffix(".nlogo")
    model.write_text(f"to go\nend\n@#$#@#$#@\n{EXPERIMENTS.split(chr(10), 2)[2]}@#$#@#$#@\n", encoding="utf-8")
    assert read_experiment(model, "new") == read_experiment(file, "new").__class__(
        **{**vars(read_experiment(file, "new")), "where": f"{model}: new"}
    )


def test_a_study_goes_out_as_a_table_and_comes_back_as_the_same_study(file: Path, tmp_path: Path) -> None:
    study = read_experiment(file, "weight, whistle").study(district="tiny", seed=7)
    folder = run_study(tmp_path, study)
    path = write_table(folder, tmp_path / "weight_whistle.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith('"BehaviorSpace results (Whistle ') and lines[0].endswith(',"Table version 2.0"')
    assert re.fullmatch(r'"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d:\d{3} [+-]\d{4}"', lines[3])
    assert lines[4:6] == ['"min-pxcor","max-pxcor","min-pycor","max-pycor"', '"0","0","0","0"']
    assert lines[6] == (
        '"[run number]","regime","run.window_days","demand.scale","assessment.street_weight","whistle.in_force",'
        '"random-seed","[step]","closure_rate","emergency_closure_rate"'
    )
    assert len(lines) == 7 + 2 * 4 * 2 * 2 and lines[7].startswith('"1","inverted","40","0.2","0","true","7","')
    table, runs = read_table(path), open_study(folder).runs
    assert np.array_equal(table["closure_rate"], runs["closure_rate"]) and table["emergency_closure_rate"].isna().all()
    assert table["whistle.in_force"].dtype == bool and table["random-seed"].tolist() == runs["seed"].tolist()
    assert read_experiment(path).study(district="tiny") == study
    assert to_yaml(study.to_dict())


def test_any_list_of_points_can_be_run(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("acceptance.load,whistle.in_force\n0.5,true\n3.5,true\n3.5,false\n", encoding="utf-8")
    study = read_experiment(path).study(district="tiny", set={"run.window_days": 40})
    assert [tuple(row.values()) for row in study.design.rows] == [(0.5, True), (3.5, True), (3.5, False)]
    found = evaluate(read_table(path), district="tiny", set={"run.window_days": 40, "run.warm_up_days": 20})
    assert len(set(found)) == 3


def test_everything_that_cannot_be_used_is_said_at_once(file: Path) -> None:
    def wrong(**changes: str) -> str:
        text = EXPERIMENTS
        for old, new in changes.items():
            text = text.replace({"metric": "<metric>closure_rate<", "key": '"assessment.street_weight"',
                                 "regime": "quot;flattened&", "go": "<go>go</go>", "limit": 'steps="0"',
                                 "step": 'step="0.1"', "values": '<value value="40"/>'}[old], new)  # fmt: skip
        file.write_text(text, encoding="utf-8")
        with pytest.raises(WrongInput) as error:
            read_experiment(file, "weight, whistle").study(district="tiny")
        return _problems(error)

    said = wrong(metric="<metric>closure_rat<", key='"assessment.street_wait"', regime="quot;flatened&")
    assert "did you mean 'closure_rate'?" in said and "did you mean 'street_weight'?" in said
    assert "did you mean 'flattened'?" in said and said.count(f"{file}: weight, whistle") >= 3
    said = wrong(go="<exitCondition>ticks > 3</exitCondition>", limit='steps="90"', step='step="0"', values="")
    for words in ("exitCondition: expected nothing", "run.window_days says", "steps from first to last",
                  "run.window_days: expected one value or more"):  # fmt: skip
        assert words in said, words


def test_which_experiment_is_meant_must_be_said(file: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"expected experiment 'nev'; did you mean 'new'\?"):
        read_experiment(file, "nev")
    with pytest.raises(WrongInput, match="expected one of weight, whistle, new"):
        read_experiment(file)
    other = tmp_path / "other.xml"
    other.write_text("<experiments><experiment></experiments>", encoding="utf-8")
    with pytest.raises(WrongInput, match="expected experiments as XML"):
        read_experiment(other)
    other.write_text("<model/>", encoding="utf-8")
    with pytest.raises(WrongInput, match="expected an experiment, got none"):
        read_experiment(other)


def test_rows_that_a_study_cannot_repeat_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"

    def said(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(WrongInput) as error:
            read_experiment(path).study(district="tiny")
        return _problems(error)

    assert "regime: expected the same rows" in said("regime,acceptance.load\ninverted,1\nflattened,2\n")
    assert "expected seeds one after the other" in said("random-seed,acceptance.load\n1,1\n9,1\n1,2\n9,2\n")
    assert "row 2: expected 2 values, got 1" in said("acceptance.load,routing.noise\n1,0.2\n1\n")
    assert "expected at most 3 variables" in said(
        "acceptance.load,routing.noise,acceptance.stake,acceptance.blame\n1,0.1,1,1\n2,0.2,2,2\n"
    )
    assert "expected a line of names" in said("acceptance.load\n")
