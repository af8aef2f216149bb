"""The list of phases says what the compiled day does."""

from __future__ import annotations

import ast
from pathlib import Path

from model.engine import day


def test_a_step_makes_the_nine_calls_in_the_order_of_the_list() -> None:
    tree = ast.parse(Path(day.__file__).read_text(encoding="utf-8"))
    (advance,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "advance")
    (loop,) = (node for node in advance.body if isinstance(node, ast.While))
    calls = [node.value for node in loop.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    assert tuple(ast.unparse(call.func) for call in calls) == ("begin_step", *day.PHASES)
