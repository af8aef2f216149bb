"""The description of the model is the model: its processes, its rules, its parameters."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from model.behaviour import Habits
from model.config.topics import topics
from model.engine.day import PHASES
from model.parameter import hints, is_topic
from model.policy import Law

ROOT = Path(__file__).parents[1]
ODD = (ROOT / "paper" / "odd.md").read_text(encoding="utf-8")
RULES = sorted(path for path in (ROOT / "model" / "rules").glob("*.py") if path.name != "__init__.py")

KEYS = {f"{name}.{key}" for name, topic in topics().items() if is_topic(topic) for key in hints(topic)}


def _section(file: Path) -> str:
    """Return the submodel that names a file of rules."""
    found = re.search(rf"### 7\.\d+ [^\n]*`model/rules/{file.name}`\)\n(.*?)(?=\n##)", ODD, re.DOTALL)
    assert found, f"no submodel names {file.name}"
    return found[1]


def test_the_processes_are_those_of_a_day_in_their_order() -> None:
    assert tuple(re.findall(r"^\| \d+ \| `(\w+)` \|", ODD, re.MULTILINE)) == PHASES


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_a_submodel_has_the_rules_of_its_file(file: Path) -> None:
    told = re.findall(r"^\| `(\w+)` \|", _section(file), re.MULTILINE)
    functions = [
        node.name for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    assert sorted(told) == sorted(functions)


def test_parameters_that_are_named_are_declared() -> None:
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", ODD))
    assert {key for key in named if not key.endswith((".md", ".py"))} <= KEYS


@pytest.mark.parametrize("holder", [Habits, Law], ids=lambda holder: holder.__name__)
def test_every_parameter_of_behaviour_and_of_law_is_described(holder: type) -> None:
    fields = [field.name for field in dataclasses.fields(holder) if field.name in topics()]
    declared = {f"{name}.{key}" for name in fields for key in hints(topics()[name])}
    assert {key for key in declared if f"`{key}`" not in ODD} == set()


def test_every_command_of_what_was_verified_names_files_that_are_there() -> None:
    for command in re.findall(r"`pytest ([^`]+)`", ODD):
        for path in command.split():
            assert (ROOT / path).exists(), path
