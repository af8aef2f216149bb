"""What an edit of one rule costs: how long until a changed model shows its first outcome."""

from __future__ import annotations

import ast
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.evidence.bench.clock import over_rounds
from experiments.evidence.bench.fresh import FirstRun, first_run

__all__ = ["copy_of_tree", "edit_rule", "editing"]

_ROOT = Path(__file__).resolve().parents[3]
_FOLDERS = ("model", "experiments", "configs")
_FILE, _RULE = "model/rules/accept.py", "relative_load"
_FACTOR = 0.99
"""What the edited rule multiplies its value by."""

Run = Callable[[Path, Path], FirstRun]


def editing(regime: str, district: str, scale: float, rounds: int, run: Run | None = None) -> dict[str, Any]:
    """Time a first run with nothing compiled, after the edit of one rule, and once more with nothing edited.

    Parameters
    ----------
    regime, district, scale
        What is run.
    rounds : int
        Each on a copy of the tree and an empty cache of its own.
    run : callable, optional
        Takes the folder of the code and that of the cache; a fresh process if not given.

    Returns
    -------
    dict
        `cold_seconds`, `edit_seconds`, `start_seconds`: from the start of the process to its outcomes;
        `compile_seconds`: the part of the cold start that compiles; `ratio_edit_cold`.

    Raises
    ------
    RuntimeError
        If the edited run gives the old numbers, or the repeated one others than the edited.
    """
    once: Run = run or (lambda home, cache: first_run(regime, district, scale, home, cache))
    seen = [_round(once) for _ in range(rounds)]
    return {
        **over_rounds("compile_seconds", [cold.compile_seconds for cold, _, _ in seen]),
        **over_rounds("cold_seconds", [cold.seconds for cold, _, _ in seen]),
        **over_rounds("edit_seconds", [edited.seconds for _, edited, _ in seen]),
        **over_rounds("start_seconds", [again.seconds for _, _, again in seen]),
        **over_rounds("ratio_edit_cold", [edited.seconds / cold.seconds for cold, edited, _ in seen]),
    }


def _round(run: Run) -> tuple[FirstRun, FirstRun, FirstRun]:
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as folder:
        home = copy_of_tree(_ROOT, Path(folder).resolve() / "tree")
        cache = home.with_name("cache")
        cold = run(home, cache)
        edit_rule(home / _FILE, _RULE)
        edited, again = run(home, cache), run(home, cache)
    if edited.outcomes == cold.outcomes:
        raise RuntimeError(f"an edit of {_FILE} changed no outcome: old numbers were served")
    if again.outcomes != edited.outcomes:
        raise RuntimeError("a repeated run gave other outcomes than the run before")
    return cold, edited, again


def copy_of_tree(root: Path, to: Path) -> Path:
    """Copy code and configurations, byte code included: what is cold is the engine alone."""
    for name in _FOLDERS:
        if (root / name).is_dir():  # an installed copy has its configurations inside the model
            shutil.copytree(root / name, to / name)
    return to


def edit_rule(path: Path, rule: str) -> None:
    """Multiply what a rule returns last by a number close to 1.

    Raises
    ------
    ValueError
        If the file has no such rule.
    """
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == rule and isinstance(node.body[-1], ast.Return):
            lines, returned = text.splitlines(keepends=True), node.body[-1]
            first, last = returned.lineno - 1, returned.end_lineno
            old = "".join(lines[first:last]).strip().removeprefix("return")
            lines[first:last] = [f"{' ' * returned.col_offset}return {_FACTOR} * ({old.strip()})\n"]
            path.write_text("".join(lines), encoding="utf-8")
            return
    raise ValueError(f"{path}: no rule {rule} that ends with what it returns")
