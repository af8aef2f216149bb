"""Whatever decides what is compiled is in its key, and nothing else: every function of the day is edited in turn.

Nothing is compiled here. Whom a function calls is read from its text, apart from `Reach`, which looks at live objects.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import numpy as np
import pytest

from model import portable_math, terms
from model.compiler.program import Program
from model.compiler.reach import Function, Reach
from model.engine import compiled, day
from model.rules import RULES, accept

LOOP = cast(FunctionType, day.advance)
STAND_INS = compiled._STAND_INS
ROOTS = (*compiled.phase_functions(), LOOP)


def keys(known: Mapping[FunctionType, Function] | None = None) -> dict[str, str]:
    """Return the key of each phase, and of the loop, as everything is now; `known` need not be looked at again."""
    program = Program.__new__(Program)
    program.reach, program._ground = Reach(STAND_INS), b""
    program.reach._seen.update(known or {})
    program._phases = frozenset(compiled.phase_functions())
    return {root.__name__: program._key(root) for root in ROOTS}


def changed(before: dict[str, str], *again: FunctionType) -> set[str]:
    """Return whose keys have changed; where some functions are given, only these are looked at again."""
    known = {one: seen for one, seen in looked_at().items() if one not in again} if again else None
    return {name for name, key in keys(known).items() if key != before[name]}


@functools.cache
def looked_at() -> Mapping[FunctionType, Function]:
    """Return what `Reach` says of every function of the day, before any edit."""
    reach = Reach(STAND_INS)
    reach.everything(LOOP)
    return reach._seen


@functools.cache
def tree(function: FunctionType) -> ast.FunctionDef:
    """Return the text of a function, parsed."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(node, ast.FunctionDef)
    return node


@functools.cache
def modules_named(function: FunctionType) -> tuple[ModuleType, ...]:
    """Return the modules that the text of a function names."""
    names = (node.id for node in ast.walk(tree(function)) if isinstance(node, ast.Name))
    found = (function.__globals__.get(name) for name in names)
    return tuple(one for one in found if isinstance(one, ModuleType))


def callees(function: FunctionType) -> Iterator[tuple[FunctionType, bool]]:
    """Yield what the text of a function calls, and what it might: names that a module it names defines too."""
    words = [node for node in ast.walk(tree(function)) if isinstance(node, ast.Name | ast.Attribute)]
    space = function.__globals__
    modules = modules_named(function)
    for msg in words:
        if isinstance(msg, ast.Name):
            found = [(space.get(msg.id), True)]
            found += [(vars(one).get(msg.id), False) for one in modules]
        else:
            named = space.get(msg.value.id) if isinstance(msg.value, ast.Name) else None
            found = [(vars(one).get(msg.attr), one is named) for one in modules]
            found.append((space.get(msg.attr), False))
        for callee, certain in found:
            if isinstance(callee, FunctionType) and callee.__module__.startswith("model."):
                yield STAND_INS.get(callee, callee), certain


@functools.cache
def reached(root: FunctionType, certain: bool) -> frozenset[FunctionType]:
    """Return what a root calls, certainly or perhaps, without the phases that are compiled apart."""
    found, waiting = set(), [root]
    while waiting:
        function = waiting.pop()
        if function not in found:
            found.add(function)
            waiting += [callee for callee, sure in callees(function) if (sure or not certain) and callee not in ROOTS]
    return frozenset(found)


def reaching(function: FunctionType, certain: bool) -> set[str]:
    return {root.__name__ for root in ROOTS if function in reached(root, certain)}


class Edit(ast.NodeTransformer):
    """The last number becomes another one, or the last sum a difference, or the last comparison another."""

    def __init__(self, node: ast.AST) -> None:
        numbers_ = [n for n in ast.walk(node) if isinstance(n, ast.Constant) and type(n.value) in (int, float)]
        others = [n for n in ast.walk(node) if isinstance(n, ast.Compare | ast.BinOp | ast.Attribute)]
        self.at = (numbers_ or others or [None])[-1]

    def visit(self, node: ast.AST) -> Any:
        if node is not self.at:
            return self.generic_visit(node)
        if isinstance(node, ast.Constant):
            return ast.Constant(cast(float, node.value) + 1)
        if isinstance(node, ast.Compare):
            return ast.Compare(node.left, [ast.NotEq()], node.comparators)
        if isinstance(node, ast.Attribute):
            return ast.Attribute(node.value, f"{node.attr}_", node.ctx)
        assert isinstance(node, ast.BinOp)
        return ast.BinOp(node.left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), node.right)


def compiled_file(function: FunctionType, edit: Callable[[ast.FunctionDef], object]) -> CodeType:
    """Return the code that a function has in its file after an edit; Python compiles a file as a whole."""
    file = ast.parse(Path(function.__code__.co_filename).read_text(encoding="utf-8"))
    (node,) = (one for one in file.body if isinstance(one, ast.FunctionDef) and one.name == function.__name__)
    edit(node)
    whole = compile(ast.fix_missing_locations(file), function.__code__.co_filename, "exec", dont_inherit=True)
    (code,) = (one for one in whole.co_consts if isinstance(one, CodeType) and one.co_name == function.__name__)
    return code


def other(node: ast.FunctionDef) -> None:
    """Edit one place of a function."""
    edit = Edit(node)
    if edit.at is None:
        node.body.insert(0, ast.parse("abs(1)").body[0])
    edit.visit(node)


def told_otherwise(node: ast.FunctionDef) -> None:
    """Give a function another docstring, and blank lines or comments between its statements."""
    if ast.get_docstring(node) is not None:
        node.body[0] = ast.parse("'Something else.'").body[0]
    for at, statement in enumerate(node.body):
        ast.increment_lineno(statement, 7 * at)


FUNCTIONS = sorted(
    {function for root in ROOTS for function in reached(root, False)}
    | {cast(FunctionType, rule) for rule in RULES}
    | {one for one in vars(portable_math).values() if isinstance(one, FunctionType)},
    key=lambda function: (function.__module__, function.__name__),
)
"""Every function of the day, every rule, every function of `model/portable_math.py`."""


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    looked_at()
    return keys()


def test_functions_of_every_kind_are_edited() -> None:
    modules = {function.__module__ for function in FUNCTIONS}
    assert {
        "model.portable_math",
        "model.rng",
        "model.rules.accept",
        "model.engine.ledger",
        "model.engine.day",
    } <= modules
    assert len(FUNCTIONS) > 200
    assert {len(reaching(function, True)) for function in FUNCTIONS} >= {0, 1, 2, 5}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: f"{one.__module__[6:]}.{one.__name__}")
def test_an_edit_changes_the_keys_of_what_reaches_it_and_of_nothing_else(
    function: FunctionType, before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function, "__code__", compiled_file(function, told_otherwise))
    assert changed(before, function) == set()
    monkeypatch.setattr(function, "__code__", compiled_file(function, other))
    assert reaching(function, True) <= changed(before, function) <= reaching(function, False)


def test_an_edit_undone_has_the_old_keys(before: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    rule = cast(FunctionType, accept.relative_load)
    with monkeypatch.context() as patch:
        patch.setattr(rule, "__code__", compiled_file(rule, other))
        assert keys() != before
    assert keys() == before


def test_hardly_a_key_changes_in_vain() -> None:
    """Only where a name or an attribute is called like a function of this module, or of one that is named."""
    certain, perhaps = (sum(len(reaching(one, sure)) for one in FUNCTIONS) for sure in (True, False))
    assert certain < perhaps < 1.1 * certain


CONSTANTS = sorted(
    {
        (module, name)
        for function in FUNCTIONS
        for module in [sys.modules[function.__module__]]
        for name, value in vars(module).items()
        if isinstance(value, int | float | np.generic | np.ndarray) and name.isupper()
    },
    key=lambda one: (one[0].__name__, one[1]),
)


def naming(module: ModuleType, name: str, certain: bool) -> set[str]:
    """Return the roots that reach a function in whose text a name of the module stands, or may be meant."""

    def reads(function: FunctionType, msg: ast.AST) -> bool:
        if (msg.attr if isinstance(msg, ast.Attribute) else getattr(msg, "id", "")) != name:
            return False
        own = function.__module__ == module.__name__
        if isinstance(msg, ast.Attribute):
            stands = isinstance(msg.value, ast.Name) and function.__globals__.get(msg.value.id) is module
        else:
            stands = own
        return stands or (not certain and (own or module in modules_named(function)))

    found = {function for function in FUNCTIONS if any(reads(function, msg) for msg in ast.walk(tree(function)))}
    return {root for function in found for root in reaching(function, certain)}


@pytest.mark.parametrize(("module", "name"), CONSTANTS, ids=[f"{one.__name__[6:]}.{name}" for one, name in CONSTANTS])
def test_another_number_of_a_module_changes_the_keys_of_what_reads_it(
    module: ModuleType, name: str, before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    value = vars(module)[name]
    monkeypatch.setattr(module, name, value + type(value)(1) if not isinstance(value, np.ndarray) else value * 2.0)
    assert naming(module, name, True) <= changed(before) <= naming(module, name, False)


NAMES = ast.Name | ast.Attribute
MEMBERS = [
    (kind, member.name)
    for kind in vars(terms).values()
    if isinstance(kind, type) and issubclass(kind, IntEnum) and kind is not IntEnum
    for member in kind
]


def test_another_value_of_a_member_changes_the_keys_of_what_names_it(
    before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {one: {ast.unparse(msg) for msg in ast.walk(tree(one)) if isinstance(msg, NAMES)} for one in FUNCTIONS}
    named = 0
    for kind, member in MEMBERS:
        members = {one.name: one.value + 50 * (one.name == member) for one in kind}
        users = [one for one in FUNCTIONS if f"{kind.__name__}.{member}" in texts[one]]
        with monkeypatch.context() as patch:
            for module in {sys.modules[function.__module__] for function in FUNCTIONS}:
                if vars(module).get(kind.__name__) is kind:
                    patch.setattr(module, kind.__name__, cast(Any, terms.Term)(kind.__name__, members))
            of_kind = [one for one in FUNCTIONS if kind.__name__ in texts[one]]
            alike = [one for one in of_kind if any(text.endswith(f".{member}") for text in texts[one])]
            certain = {root for one in users for root in reaching(one, True)}
            perhaps = {root for one in alike for root in reaching(one, False)}
            assert certain <= changed(before, LOOP, *of_kind) <= perhaps, f"{kind.__name__}.{member}"
            named += bool(users)
    assert named > 30
