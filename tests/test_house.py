"""The house stays readable: sizes of files and functions, imports that point down."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = sorted(path for package in ("model", "experiments") for path in (ROOT / package).rglob("*.py"))


def functions() -> Iterator[tuple[str, int]]:
    """Yield every function with the lines of its body, its docstring left out."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines


def test_files_are_small() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
    assert statistics.median(sizes.values()) <= 170
    assert len(sizes) <= 440


def test_rooms_are_few_and_flat() -> None:
    for package, most in (("model", 10), ("experiments", 13)):
        rooms = {path.parent.relative_to(ROOT / package) for path in FILES if (ROOT / package) in path.parents}
        assert len(rooms - {Path()}) <= most, rooms
        assert all(len(room.parts) <= 1 for room in rooms), rooms


def test_contributing_names_only_what_is_there() -> None:
    named = re.findall(
        r"`([\w./-]+/[\w./-]*|[\w./-]+\.(?:md|py|po|toml|yaml))`", (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    )
    places = (ROOT, ROOT / "paper" / "docs" / "en" / "how-to")
    assert len(named) > 20
    assert {name for name in named if not any((place / name).exists() for place in places)} == set()


def test_functions_are_small() -> None:
    sizes = dict(functions())
    assert statistics.median(sizes.values()) <= 12
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    long = {name: size for name, size in sizes.items() if size > 40}
    assert len(long) <= 0.05 * len(sizes), long


MOST_PARAMETERS = 6
OF_ANY_TYPE = {
    "columns.column": "what is declared has the type that stands before it",
    "columns.table": "what is declared has the type that stands before it",
    "columns.columns_of": "mypy does not take a class for something that can be remembered by",
    "columns.record_type": "the same",
    "columns.topic_type": "topics of a law or of habits have no type in common",
    "district.uncompiled": "tables are declared above it",
    "district.shown": "tables are declared above it",
    "district.__init__": "tables are declared above it",
    "district.__getattr__": "a column of whatever type",
    "district.__setattr__": "a column of whatever type",
    "tables._padded": "arrays of records",
    "tables._topics": "arrays of records",
    "tables._eras": "arrays of records",
    "tables._kinds": "arrays of records",
    "tables._units": "arrays of records",
    "tables._powers": "arrays of records",
    "tables._copy": "arrays of records",
    "tables._district": "arrays of records",
}
"""Functions of the engine that cannot say a type, and why."""


def engine_functions() -> Iterator[tuple[str, list[ast.arg], list[str]]]:
    """Yield every function of the engine with its parameters and with its types as they are written."""
    for path in (ROOT / "model" / "engine").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                given = node.args
                named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
                named += [one for one in (given.vararg, given.kwarg) if one is not None]
                types = [one.annotation for one in named] + [node.returns]
                yield f"{path.stem}.{node.name}", named, [ast.unparse(one) for one in types if one is not None]


def test_functions_of_the_engine_take_few_things_and_say_their_types() -> None:
    found = list(engine_functions())
    assert len(found) > 150
    assert {name: len(parameters) for name, parameters, _ in found if len(parameters) > MOST_PARAMETERS} == {}
    assert {name for name, _, types in found if "Any" in types} == set(OF_ANY_TYPE)


def test_imports_point_down() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
