"""The rules that a file of own rules can replace: what each says, who calls it, and a file to start from."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, cast

from model.compiler.reach import symbol
from model.engine.compiled import phase_functions
from model.errors import ConfigError
from model.own_checks import named_wrongly
from model.rules import REPLACEABLE

_ROOT = Path(__file__).parents[1]
_CALLING = ("engine/*.py", "rules/*.py", "layout.py", "effects.py", "placement.py", "plans.py")
"""Files in which rules are called when a district is laid out and run."""


@dataclasses.dataclass(frozen=True)
class RuleTold:
    """A replaceable rule.

    Attributes:
        name: Under which a file of own rules defines it.
        file: Where it stands.
        signature: Parameters and what it returns, as Python writes them.
        sentence: What it returns, in one sentence, with its unit.
        more: What its docstring says beyond: units of its parameters, sources.
        callers: Functions that call it, as "engine.answers.answer".
        phases: Phases of the day in which it works; none: when the district is laid out.
    """

    name: str
    file: str
    signature: str
    sentence: str
    more: str
    callers: tuple[str, ...]
    phases: tuple[str, ...]


def replaceable_rules() -> tuple[RuleTold, ...]:
    """Return every rule that can be replaced, in the order of the files."""
    callers, phases = _callers(), _phases()
    return tuple(_told(name, rule, callers, phases) for name, rule in REPLACEABLE.items())


def _told(
    name: str, rule: Callable[..., Any], callers: Mapping[str, Sequence[str]], phases: Mapping[str, Sequence[str]]
) -> RuleTold:
    sentence, _, more = (inspect.getdoc(rule) or "").partition("\n")
    where = symbol(cast(FunctionType, rule))
    file = f"{rule.__module__.replace('.', '/')}.py"
    called = tuple(callers.get(where, ()))
    return RuleTold(name, file, _signature(name, rule), sentence, more.strip(), called, tuple(phases.get(where, ())))


def _signature(name: str, rule: Callable[..., Any]) -> str:
    return f"{name}{inspect.signature(rule)}".replace("typing.", "").replace(": Any", "")


@cache
def _phases() -> dict[str, tuple[str, ...]]:
    """Return the phases of the day in which each function is called, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    phases = {symbol(phase): phase.__name__ for phase in phase_functions()}
    for place, name in phases.items():
        reached, waiting = set[str](), [place]
        while waiting:
            here = waiting.pop()
            reached.add(here)
            waiting += [each for each in _calls().get(here, ()) if each not in reached and each not in phases]
        for each in reached:
            found[each] = (*found.get(each, ()), name)
    return found


@cache
def _callers() -> dict[str, tuple[str, ...]]:
    """Return the functions that call each function, without the package's name."""
    found: dict[str, tuple[str, ...]] = {}
    for caller, called in _calls().items():
        for each in called:
            found[each] = (*found.get(each, ()), caller.removeprefix("model."))
    return found


@cache
def _calls() -> dict[str, tuple[str, ...]]:
    """Return what each function of the model calls; both by the place where they can be imported from."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(path for pattern in _CALLING for path in _ROOT.glob(pattern)):
        module = ".".join((_ROOT.name, *path.relative_to(_ROOT).with_suffix("").parts))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        meant = dict(_meanings(tree))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        holders = [(module, tree.body), *((f"{module}.{node.name}", node.body) for node in classes)]
        for within, body in holders:
            for node in body:
                if isinstance(node, ast.FunctionDef):
                    found[f"{within}.{node.name}"] = tuple(sorted(set(_called_in(node, module, meant))))
    return found


def _meanings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that a file imports from a module, with the place where it stands."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from ((each.name, f"{node.module}.{each.name}") for each in node.names)


def _called_in(node: ast.FunctionDef, module: str, meant: Mapping[str, str]) -> Iterator[str]:
    """Yield the functions that a function calls: its module's, those imported, those of modules that it imports."""
    for called in (each.func for each in ast.walk(node) if isinstance(each, ast.Call)):
        if isinstance(called, ast.Name):
            yield meant.get(called.id, f"{module}.{called.id}")
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            yield f"{meant.get(called.value.id, called.value.id)}.{called.attr}"


_NUMBERS = '''

@dataclass(frozen=True)
class Own:
    """Numbers of these rules: set by --set own.strength=0.5, in a sweep or in a regime's file."""

    # a rule reads habits.own.strength, or law.own.strength where it is given the law
    strength: float = parameter(1.0, unit="1", bounds=(0.0, 10.0), meaning="What it means.", zh="含义")


@outcome(unit="share", direction=-1, title_en="passed on twice or more", title_zh="退转两次以上的比例")
def passed_twice(cases):
    """Share of settled cases that were passed on twice or more."""
    return (cases["passes"] >= 2).mean() if len(cases["passes"]) else None
'''
_FOR_NUMBERS = (
    "from dataclasses import dataclass", "from model import outcome", "from model.parameter import parameter",
)  # fmt: skip


def starting_file(names: Sequence[str], numbers: bool = False) -> str:
    """Return the text of a file of own rules that says just what the shipped ones say.

    Args:
        names: Of the rules in it, names of `REPLACEABLE`.
        numbers: Whether it shows how own numbers and outcomes are declared.

    Raises:
        ConfigError: For unknown rules, with the nearest name.
    """
    wrong = [named_wrongly(name) for name in names if name not in REPLACEABLE]
    if wrong:
        raise ConfigError(wrong)
    rules = [cast(FunctionType, REPLACEABLE[name]) for name in names]
    lines, functions = set(_FOR_NUMBERS if numbers else ()), []
    for name, rule in zip(names, rules, strict=True):
        text, needed = _in_a_file_of_its_own(name, rule)
        functions.append(text)
        lines |= needed
    plain = sorted(line for line in lines if not line.startswith(("from model", "import model")))
    groups = ["\n".join(plain), "\n".join(sorted(lines - set(plain)))]
    heading = f'"""Own rules: {", ".join(names) or "numbers and outcomes"}."""'
    parts = [heading, *(group for group in groups if group)]
    return "\n\n".join(parts) + "\n" + (_NUMBERS if numbers else "") + "".join(f"\n\n{each}\n" for each in functions)


def _in_a_file_of_its_own(name: str, rule: FunctionType) -> tuple[str, set[str]]:
    """Return the text of a rule that names what its file holds by that file, and the imports that this needs."""
    source = textwrap.dedent(inspect.getsource(rule)).rstrip()
    tree = ast.parse(source)
    imported = dict(_imports(inspect.getfile(rule)))
    file = rule.__module__.rpartition(".")[2]
    lines, needed = source.splitlines(), set[str]()
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    for node in sorted(used, key=lambda each: (each.lineno, each.col_offset), reverse=True):
        if node.id in imported:
            needed.add(imported[node.id])
        elif node.id in rule.__globals__ and node.id not in rule.__code__.co_varnames:
            needed.add(f"from model.rules import {file}")
            line = lines[node.lineno - 1].encode()
            lines[node.lineno - 1] = (line[: node.col_offset] + f"{file}.".encode() + line[node.col_offset :]).decode()
    text = "\n".join(lines).replace(f"def {rule.__name__}(", f"def {name}(", 1)
    return text, needed


def _imports(path: str) -> Iterator[tuple[str, str]]:
    """Yield each name that a file imports, with the line that imports it alone."""
    for node in ast.parse(Path(path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from ((each.name, f"import {each.name}") for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((each.name, f"from {node.module} import {each.name}") for each in node.names)
