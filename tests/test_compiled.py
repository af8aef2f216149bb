"""The engine compiled, as plain Python and by numba's public ways is one engine, and obeys rules replaced in memory."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import pytest

from model import fingerprint
from model.engine import compiled
from model.reference import simulate_reference
from model.rules import RULES, accept, jurisdiction
from model.simulation import run_tables
from tests.differences import engine_lines, figures_that_differ
from tests.processes import HOME, printed
from tests.support import alike, history_of, tiny
from tests.test_reach import compiled_file, tree

HASHES = """
import hashlib, sys
import numpy as np
from model.simulation import run_tables
from tests.support import history_of, tiny

def bits(table):
    if table.dtype.names is None:
        return table.tobytes()
    return b"".join(bits(table[name]) for name in table.dtype.names)  # what lies between columns is no content

for regime in sys.argv[1:]:
    tables = run_tables(tiny(regime, days=6, follow_up=6), 5, history=True)
    lines = history_of(tables)
    parts = [bits(getattr(tables, name)) for name in tables._fields if name != "history"]
    print(regime, len(lines), hashlib.sha256(b"".join([bits(lines), *parts])).hexdigest())
"""

CONTRASTED = ("inverted", "flattened", "worst_case")


@pytest.fixture(scope="module")
def hashes() -> str:
    return printed(HASHES, *CONTRASTED)


def test_compiled_is_plain_python_to_the_last_bit_of_every_table(hashes: str) -> None:
    assert printed(HASHES, *CONTRASTED, WHISTLE_PLAIN="1") == hashes
    assert len({line.split()[2] for line in hashes.splitlines()}) == len(CONTRASTED)


@pytest.mark.slow
def test_the_fallback_is_the_same_to_the_last_bit_of_every_table(hashes: str) -> None:
    """All is compiled at once, which takes a minute."""
    assert printed(HASHES, *CONTRASTED, WHISTLE_COMPILER="numba") == hashes


def test_another_process_has_the_same_history(hashes: str) -> None:
    regime, lines, _ = hashes.splitlines()[0].split()
    assert len(history_of(run_tables(tiny(regime, days=6, follow_up=6), 5, history=True))) == int(lines)


def half(backlog_days: float, reference: float) -> float:
    return 0.5 * backlog_days / (backlog_days + reference)


def run() -> Any:
    return run_tables(tiny("inverted", days=20, follow_up=6), 5, history=True)


def test_a_rule_replaced_in_memory_is_the_rule_of_the_engine_and_gone_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = run()
    with monkeypatch.context() as patch:
        patch.setattr(accept, "relative_load", half)
        after = run()
        scenario = tiny("inverted", days=20, follow_up=6)
        reference = simulate_reference(scenario, 5, history=True)
        assert engine_lines(after) == list(reference.history)
        assert figures_that_differ(after, reference) == []
        assert set(compiled.program(after).functions_compiled) <= {"tests.test_compiled.half", *callers()}
    assert not alike(history_of(before), history_of(after))
    again = run()
    assert alike(history_of(before), history_of(again))
    assert compiled.program(again).functions_compiled == []


def callers() -> set[str]:
    """Return the functions of the engine in whose text the rule stands."""
    found = {
        f"model.engine.{path.stem}.{node.name}"
        for path in (HOME / "model" / "engine").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and "accept.relative_load(" in ast.unparse(node)
    }
    assert found
    return found


@pytest.mark.slow
def test_a_cold_start_with_a_rule_replaced_leaves_nothing_to_later_processes(hashes: str, tmp_path: Path) -> None:
    patched = "from model.rules import accept\naccept.relative_load = lambda days, reference: 0.25\n"
    cold = str(tmp_path / "cold")
    assert printed(patched + HASHES, *CONTRASTED, WHISTLE_CACHE=cold) != hashes
    assert printed(HASHES, *CONTRASTED, WHISTLE_CACHE=cold) == hashes


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    for folder in ("model", "configs"):
        shutil.copytree(HOME / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    ask = "from model import fingerprint; print(fingerprint())"
    assert printed(ask, home=tmp_path) == fingerprint()
    rule = tmp_path / "model/rules/accept.py"
    rule.touch()
    assert printed(ask, home=tmp_path) == fingerprint()
    rule.write_text(rule.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert printed(ask, home=tmp_path) != fingerprint()


def otherwise(node: ast.FunctionDef) -> None:
    """What a rule returns last becomes nine tenths of it, or its contrary."""
    last = node.body[-1]
    assert isinstance(last, ast.Return) and last.value is not None
    of_truth = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
    last.value = (
        ast.UnaryOp(ast.Not(), last.value) if of_truth else ast.BinOp(ast.Constant(0.9), ast.Mult(), last.value)
    )


def effects(regime: str) -> tuple[list[Any], list[str]]:
    """Return the history of engine and reference, which is one, and where their figures differ."""
    scenario = tiny(regime, days=10, follow_up=6)
    tables, reference = run_tables(scenario, 5, history=True), simulate_reference(scenario, 5, history=True)
    assert engine_lines(tables) == list(reference.history)
    return engine_lines(tables), figures_that_differ(tables, reference)


@pytest.mark.slow
def test_whatever_rule_is_edited_the_engine_obeys_as_the_reference_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule with a number or a truth for its answer; `test_own_rules` shows that each is felt.

    But for `sooner`, which the engine has in place of comparing two `race`s, as the reference does.
    """
    rules = [
        cast(FunctionType, rule)
        for rule in RULES
        if rule is not jurisdiction.sooner and tree(cast(FunctionType, rule)).returns is not None
        if ast.unparse(cast(ast.expr, tree(cast(FunctionType, rule)).returns)) in ("float", "bool")
    ]
    before = {regime: effects(regime)[0] for regime in ("flattened", "worst_case")}
    for rule in rules:
        with monkeypatch.context() as patch:
            patch.setattr(rule, "__code__", compiled_file(rule, otherwise))
            for regime in before:
                assert effects(regime)[1] == [], (rule.__name__, regime)
    assert {regime: effects(regime)[0] for regime in before} == before
