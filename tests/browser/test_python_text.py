"""What the page shows as Python asks for what the page would run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments import api
from experiments.cli.app import app
from experiments.kinds import Layout
from experiments.messages import Language
from experiments.page.compare_tab import Comparing
from experiments.page.jobs import arguments_of
from experiments.page.package import Choice, Package, from_file
from experiments.page.page import Header
from experiments.page.python_text import comparison_text, district_text, python_of
from experiments.page.state import TABS, Link, State
from model import Scenario, shipped_regimes
from tests.browser.conftest import Render

CHANGED = Package("flattened").with_value("assessment.street_weight", 0.7 / 0.9).with_value("whistle.in_force", False)
MANY = CHANGED.with_value("whistle.answer_within", 5.0).with_value("coordination.owner_after_passes", 4)


def executed(text: str, monkeypatch: pytest.MonkeyPatch, room: Path) -> dict[str, Any]:
    """Return the names of a program after it ran; what it would simulate stays undone."""
    monkeypatch.chdir(room)
    monkeypatch.setattr("model.simulate", lambda scenario, seed: (scenario, seed))
    monkeypatch.setattr(api, "carry_out", lambda layout, how: SimpleNamespace(layout=layout, failures=[]))
    names: dict[str, Any] = {}
    exec(compile(text, "cell", "exec"), names)
    return names


@pytest.mark.parametrize("package", [Package("inverted"), CHANGED, MANY], ids=["preset", "changed", "many"])
def test_the_rules_as_python_are_the_rules_on_the_screen(
    package: Package, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    screen = Link(tab="rules", package=package, seed=7)
    names = executed(python_of(screen, Link()), monkeypatch, tmp_path)
    assert names["scenario"].resolved() == package.scenario().resolved()
    assert names["record"] == (names["scenario"], 7)


def test_the_district_as_python_is_the_one_that_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    screen, running = Link(tab="district", package=Package("r01")), Link(package=CHANGED, seed=3)
    names = executed(python_of(screen, running), monkeypatch, tmp_path)
    assert names["record"][0].resolved() == CHANGED.scenario().resolved() and names["record"][1] == 3


def decides(scenario: Scenario) -> dict[str, Any]:
    """Return all values of a scenario but what it is called."""
    return {name: value for name, value in scenario.resolved().items() if name not in ("name", "title")}


def on_the_page(state: State, monkeypatch: pytest.MonkeyPatch, room: Path) -> Layout:
    """Return the study that the page's own command would run."""
    found: list[Layout] = []
    monkeypatch.setattr("experiments.execution.carry_out", lambda layout, how: found.append(layout))
    CliRunner().invoke(app, arguments_of(Comparing(state).order(), room))
    return found[0]


@pytest.mark.parametrize("mine", [Package("r10"), CHANGED, MANY], ids=["preset", "changed", "many"])
def test_the_comparison_as_python_is_the_study_of_the_page(
    mine: Package, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = State(Link(Language.EN, "compare", mine, 5, Choice(("inverted", "mine", "r01"), 20)))
    plan = executed(python_of(state.link, Link()), monkeypatch, tmp_path)["result"].layout.plan
    assert plan.folder_name == on_the_page(state, monkeypatch, tmp_path).plan.folder_name
    packages = state.choice.value.packages(mine)
    wanted = [decides(package.scenario()) for package in packages]
    assert [decides(base.scenario) for base in plan.bases] == wanted
    assert (plan.study.seed, plan.study.replicates.fixed, len(plan.worlds)) == (5, 20, 10)


def test_whatever_the_preset_the_text_writes_the_file_of_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for preset in shipped_regimes():
        package = Package(preset, (("deadlines.normal", 11),))
        executed(comparison_text((Package("base"), package), 20, 1).split("result =")[0], monkeypatch, tmp_path)
        assert from_file((tmp_path / package.file()).read_bytes()) == package


@pytest.mark.parametrize("language", list(Language))
def test_the_header_shows_the_text_in_both_languages(language: Language, render: Render) -> None:
    state = State(Link(language, "rules", CHANGED, 7))
    header = render(Header(state))
    assert header.python == district_text(CHANGED, 7)
    assert header.words["python"] == {"en": "Python", "zh": "Python 代码"}[language]
    for tab in TABS:
        state.tab.set(tab)
        assert bool(header.python) == (tab not in ("log", "limits"))
