"""A study's file: what it may say, and how it is told what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.design.designs import design_rows
from experiments.design.factors import Factor
from experiments.design.plan import Plan
from experiments.design.reading import Places, read_study, shipped_studies
from experiments.design.studyfile import DesignSpec, Spread, StudyFile
from experiments.errors import WrongInput
from experiments.studies import OPTIONS, kind_of

GOOD = """\
experiment: sweep
regimes: [inverted]
district: tiny
parameters:
  assessment.street_weight: {values: [0, 0.38, 1]}
  powers.delegated: {uniform: [0, 0.6], levels: 3}
replicates: {fixed: 2}
"""


def plan_of(text: str, folder: Path) -> Plan:
    """Lay out a study given as text."""
    path = folder / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    study, places = read_study(str(path), OPTIONS)
    return kind_of(study.experiment).lay_out(study, places).plan


def problems_of(text: str, folder: Path) -> list[str]:
    """Return what is wrong with a study, without the folder."""
    with pytest.raises(WrongInput) as caught:
        plan_of(text, folder)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_grid_goes_through_every_combination_under_one_luck(tmp_path: Path) -> None:
    plan = plan_of(GOOD, tmp_path)
    assert len(plan.points) == 9
    assert {point.block for point in plan.points} == {0}
    assert {(point.settings["assessment.street_weight"], point.settings["powers.delegated"]) for point in plan.points} \
        == {(weight, share) for weight in (0.0, 0.38, 1.0) for share in (0.0, 0.3, 0.6)}  # fmt: skip


def test_points_share_their_seeds_on_block_luck_and_none_on_independent_luck(tmp_path: Path) -> None:
    paired, own = plan_of(GOOD, tmp_path), plan_of(GOOD + "luck: independent\n", tmp_path)
    assert {task.seed for task in paired.tasks()} == {1, 2}
    assert len({task.seed for task in own.tasks()}) == 18


def test_a_seed_is_refused_with_its_line_before_any_run_where_the_last_run_would_have_none(tmp_path: Path) -> None:
    largest = 2**64 - 1
    assert max(task.seed for task in plan_of(GOOD + f"seed: {largest - 1}\n", tmp_path).tasks()) == largest
    (problem,) = problems_of(GOOD + f"seed: {largest}\n", tmp_path)
    assert problem.startswith(f"asked.yaml:8:1: seed: expected at most {largest - 1}, because this study")
    (problem,) = problems_of(GOOD + f"seed: {largest + 1}\n", tmp_path)
    assert problem.startswith("asked.yaml:8:1: seed: expected at most") and str(largest) in problem
    assert plan_of(GOOD + f"seed: {largest}\nluck: independent\n", tmp_path).tasks()


@pytest.mark.parametrize("name", ["screening_smoke", "robust_package_smoke", "calibrate_receipt_smoke", "saturation"])
def test_every_luck_block_that_a_study_may_come_to_has_its_seeds(name: str, tmp_path: Path) -> None:
    """Searches and calibrations decide as they go which blocks they take: room is kept for the last of them."""
    (problem,) = problems_of(f"extends: {name}\nseed: {2**64 - 1}\n", tmp_path)
    allowed = int(problem.partition("expected at most ")[2].partition(",")[0])
    plan = plan_of(f"extends: {name}\nseed: {allowed}\n", tmp_path)
    study = read_study(str(tmp_path / "asked.yaml"), OPTIONS)[0]
    agenda = kind_of(study.experiment).lay_out(study, Places()).agenda(tmp_path)
    first = max(task.seed for task in agenda.take(agenda.ready))
    assert allowed <= first <= 2**64 - 1 and plan.study.seed == allowed


def test_seeds_come_from_identity_not_from_the_order_of_the_file(tmp_path: Path) -> None:
    swapped = GOOD.replace("values: [0, 0.38, 1]", "values: [1, 0, 0.38]")
    seeds = [
        {(str(dict(task.values)), task.replicate): task.seed for task in plan_of(text, tmp_path).tasks()}
        for text in (GOOD, swapped)
    ]
    assert seeds[0] == seeds[1]


def test_the_key_of_a_varied_run_is_that_of_the_same_scenario_loaded_with_these_values(tmp_path: Path) -> None:
    plan = plan_of(GOOD, tmp_path)
    loaded = plan_of(
        GOOD.replace("replicates", "set: {run.window_days: 365}\nreplicates").replace(
            "values: [0, 0.38, 1]", "values: [0.38]"
        ),
        tmp_path,
    )
    keys = {task.key for task in plan.tasks()}
    assert {task.key for task in loaded.tasks()} <= keys


def test_bundles_move_several_values_at_once_and_lines_lie_between_two_ends(tmp_path: Path) -> None:
    text = GOOD.replace(
        "  powers.delegated: {uniform: [0, 0.6], levels: 3}",
        "  split: {between: [{staff.street: 0.2, staff.department: 0.65}, {staff.street: 0.3, staff.department: 0.55}],"
        " levels: 3}\n  powers: {bundles: {kept: {}, given: {powers.delegated: 0.6, placement.follow_powers: 1}}}",
    )
    settings = [point.settings for point in plan_of(text, tmp_path).points]
    assert len(settings) == 18
    halfway = [each for each in settings if each["staff.street"] == pytest.approx(0.25)]
    assert all(each["staff.department"] == pytest.approx(0.6) for each in halfway) and len(halfway) == 6
    assert sum("powers.delegated" in each and "placement.follow_powers" in each for each in settings) == 9


def test_everything_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    found = problems_of(
        """\
experiment: sweep
regimes: [invertd]
set: {demand.scal: 1}
parameters:
  assessment.street_weigth: {values: [0, 1]}
  powers.delegated: {uniform: [0, 2], levels: 3}
  staff.load: {uniform: [0.7, 0.8]}
outcomes: [closure_rat]
""",
        tmp_path,
    )
    assert [problem.split(" ")[0] for problem in found] == [
        "asked.yaml:2:11:", "asked.yaml:3:1:", "asked.yaml:5:3:", "asked.yaml:6:3:", "asked.yaml:7:3:",
        "asked.yaml:8:12:",
    ]  # fmt: skip
    assert "did you mean 'inverted'?" in found[0]
    assert "expected 0 to 1" in found[3] and "expected levels" in found[4]


def without(section: str) -> str:
    """Return the good study without one of its sections."""
    if section == "parameters":
        return "experiment: sweep\nregimes: [inverted]\ndistrict: tiny\n"
    return "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{section}:"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("replicates: {fixed: 0}", "expected at least 1"),
        ("replicates: {fixed: 2, until: {level: {closure_rate: 0.1}}}", "either fixed or until"),
        ("replicates: {until: {level: {closure_rate: -1}}}", "a number above 0"),
        ("replicates: {until: {level: {closure_rate: 'x %'}}}", "as '5 %'"),
        ("replicates: {until: {level: {closure_rate: 0.1}, budget: 26, minimum: 30}}", "minimum + look_ahead = 35"),
        ("replicates: {until: {difference: {closure_rate: 0.1}}}", "expected two or more regimes"),
        ("design: {kind: sobol, blocks: 48}", "a power of two, such as 32 or 64, got 48"),
        ("design: {kind: morris, levels: 5}", "levels: expected an even number, got 5"),
        (
            "design: {kind: morris, trajectories: 10, candidates: 3}",
            "candidates: expected at least 10, the number",
        ),
        ("design: {kind: list}", "rows: expected one or more"),
        ("luk: block", "did you mean 'luck'?"),
        ("analysis: {marc: 1}", "did you mean 'mark'?"),
        ("parameters: {powers.delegated: {uniform: [0.5, 0.1], levels: 2}}", "low before high"),
        ("parameters: {powers.delegated: {uniform: [0, 1], values: [1]}}", "expected one of"),
        ("parameters: {staff.load: {loguniform: [0, 1], levels: 3}}", "logarithm"),
        ("parameters: {assessment.indicators: {uniform: [5, 10], levels: 2}}", "expected integer"),
        ("parameters: {whistle.in_force: {uniform: [0, 1], levels: 2}}", "a switch"),
        ("parameters: {closure_rate: {bundles: {a: {}}}}", "which every table has as a column"),
        ("parameters: {dummy: {bundles: {a: {}}}}", "which every table has as a column"),
        ("parameters: {staff.load: {values: [0.7]}, staff.load: {values: [0.8]}}", "staff.load"),
        ("parameters: {a: {bundles: {b: {powers.delegated: 7}}}}", "powers.delegated"),
        ("set: {powers.delegated: 0.5}", "to be set once"),
    ],
)
def test_wrong_input_gets_one_clear_error(line: str, words: str, tmp_path: Path) -> None:
    found = problems_of(f"{without(line.partition(':')[0])}{line}\n", tmp_path)
    assert len(found) == 1 and words in found[0], found
    assert found[0].startswith("asked.yaml:")


def test_a_search_takes_no_parameter_for_a_column_of_its_own(tmp_path: Path) -> None:
    bundles = "{world: {bundles: {a: {powers.delegated: 0.1}, b: {powers.delegated: 0.2}}}}"
    (problem,) = problems_of(f"extends: robust_package_smoke\nparameters: {bundles}\n", tmp_path)
    assert problem.startswith("asked.yaml:2:14: parameters.world: expected another name, got 'world'")


def test_a_study_may_extend_another_and_says_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "below.yaml").write_text(GOOD, encoding="utf-8")
    plan = plan_of(
        "extends: below.yaml\nreplicates: {fixed: 3}\nparameters: {powers.delegated: {values: [0]}}\n", tmp_path
    )
    assert (len(plan.points), len(plan.tasks())) == (3, 9)


def test_paths_are_found_beside_the_file_that_says_them(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    said = GOOD.replace("[inverted]", "[./mine.yaml]").replace("tiny", "./town.yaml")
    (tmp_path / "below" / "below.yaml").write_text(said, encoding="utf-8")
    (tmp_path / "asked.yaml").write_text("extends: below/below.yaml\nregimes: [./other.yaml]\n", encoding="utf-8")
    study, _ = read_study(str(tmp_path / "asked.yaml"), OPTIONS)
    assert study.regimes == (str(tmp_path / "other.yaml"),)
    assert study.district == str(tmp_path / "below" / "town.yaml")


def test_an_error_in_an_extended_study_is_told_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "below.yaml").write_text(GOOD.replace("powers.delegated", "powers.delegate"), encoding="utf-8")
    (problem,) = problems_of("extends: below.yaml\nreplicates: {fixed: 3}\n", tmp_path)
    assert problem.startswith("below.yaml:6:3:")


def test_a_study_that_extends_itself_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of("extends: asked.yaml\n", tmp_path)
    assert "extends" in problem


@pytest.mark.parametrize("name", sorted(shipped_studies()))
def test_every_shipped_study_can_be_laid_out(name: str) -> None:
    study, places = read_study(name, OPTIONS)
    layout = kind_of(study.experiment).lay_out(study, places)
    assert layout.plan.bases and study.title is not None and study.question is not None


@given(
    low=st.floats(-5, 5), width=st.floats(0.1, 9), share=st.floats(0, 0.999999), mode=st.floats(0, 1),
    shape=st.sampled_from(["uniform", "triangular"]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_values_stay_within_their_bounds_and_rise_with_the_share(
    low: float, width: float, share: float, mode: float, shape: Literal["uniform", "triangular"]
) -> None:
    factor = Factor("x", shape, low, low + width, low + mode * width)
    rounding = 1e-9 * (abs(low) + width)
    assert low - rounding <= factor.at(share / 2) <= factor.at(share) + rounding <= low + width + 2 * rounding


def test_integers_and_words_are_drawn_equally_often() -> None:
    whole = Factor("n", "integer", 1, 4, whole=True)
    words = Factor("w", "categorical", choices=("a", "b", "c", "d"))
    shares = [(place + 0.5) / 400 for place in range(400)]
    for factor, values in ((whole, (1, 2, 3, 4)), (words, ("a", "b", "c", "d"))):
        drawn = [factor.at(share) for share in shares]
        assert [drawn.count(value) for value in values] == [100] * 4


def test_a_latin_hypercube_visits_every_slice_once_and_each_row_has_its_own_luck() -> None:
    factors = (Factor("x", "uniform", 0.0, 1.0), Factor("y", "uniform", 0.0, 1.0))
    rows = design_rows(DesignSpec(kind="lhs", points=50), factors, 3)
    for name in ("x", "y"):
        assert sorted(int(row.factors[name] * 50) for row in rows) == list(range(50))
    assert [row.block for row in rows] == list(range(50))


def test_a_study_made_of_plain_values_is_the_same_study() -> None:
    study = StudyFile(
        experiment="sweep", regimes=("inverted",), parameters={"a.b": Spread(values=(1, 2.5, "x"))}, seed=4
    )
    assert StudyFile(**study.to_dict()) == study
    assert Places()("a", "b") == "a.b: "
