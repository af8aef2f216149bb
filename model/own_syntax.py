"""The text of a file of own rules: parsed, and spelled as the engine reads it.

The engine keeps own numbers in slots that every file shares, so that declaring one moves nothing else in memory:
`habits.own.fear` becomes its slot. A rule that answers with a number or a truth answers with just that type.
"""

from __future__ import annotations

import ast
from types import CodeType

from model import rules as shipped
from model.behaviour import SLOTS
from model.errors import ConfigError, nearest

NUMBERS = "Own"  # name of the class that declares own numbers
_OWN = "own"  # attribute of law and habits that holds them


def parsed(text: str, file: str) -> ast.Module:
    """Return the syntax tree of a file; ConfigError where it is no Python."""
    try:
        return ast.parse(text, file)
    except SyntaxError as error:
        where = f"{file}:{error.lineno or 1}:{error.offset or 1}"
        raise ConfigError([f"{where}: expected Python, got what is not: {error.msg}."]) from error
    except ValueError as error:  # a null byte
        raise ConfigError([f"{file}: expected Python, got what is not: {error}."]) from error


def spelled_for_the_engine(text: str, file: str) -> tuple[CodeType, list[str]]:
    """Return the compiled text with own numbers in their slots, and which numbers it reads that nobody declares."""
    tree = parsed(text, file)
    words = _Words(_declared(tree), file)
    after = ast.fix_missing_locations(words.visit(tree))
    return compile(after, file, "exec", dont_inherit=True), words.problems


def _declared(tree: ast.Module) -> dict[str, str]:
    """Return the type by name of what the class `Own` declares, in its order."""
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == NUMBERS)
    fields = (node for found in classes for node in found.body if isinstance(node, ast.AnnAssign))
    return {
        field.target.id: ast.unparse(field.annotation).strip("'\"")
        for field in fields if isinstance(field.target, ast.Name)
    }  # fmt: skip


class _Words(ast.NodeTransformer):
    """Writes slots for own numbers, and the type that a rule answers with around what it returns."""

    def __init__(self, declared: dict[str, str], file: str) -> None:
        self.slots = dict(zip(declared, SLOTS, strict=False))
        self.types = declared
        self.file, self.problems = file, list[str]()
        self._answers: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self._answers.append(_answer_of(node.name))
        self.generic_visit(node)
        self._answers.pop()
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        self.generic_visit(node)
        if node.value is not None and self._answers and self._answers[-1]:
            node.value = ast.Call(ast.Name(self._answers[-1], ast.Load()), [node.value], [])
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        inner = node.value
        if not (isinstance(inner, ast.Attribute) and inner.attr == _OWN):
            return node
        if node.attr not in self.slots:
            known = f"'{node.attr}'{nearest(node.attr, self.slots)}" if self.slots else (
                f"'{node.attr}'; declare it in a class {NUMBERS}: `whistle rules --numbers` prints one."
            )  # fmt: skip
            self.problems.append(f"{self.file}:{node.lineno}: unknown own number {known}")
            return node
        slot = ast.Attribute(inner, self.slots[node.attr], node.ctx)
        kind = self.types[node.attr]
        return ast.Call(ast.Name(kind, ast.Load()), [slot], []) if kind in ("int", "bool") else slot


def _answer_of(name: str) -> str:
    """Return the type that a rule answers with where that is a number or a truth; "" for anything else."""
    rule = shipped.REPLACEABLE.get(name)
    kind = rule.__annotations__.get("return") if rule else None
    return kind.__name__ if kind in (float, bool) else ""
