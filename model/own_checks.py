"""What can be wrong with a file of own rules, told before anything is compiled."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import math
from collections.abc import Iterator
from inspect import isclass, isfunction
from types import FunctionType, ModuleType
from typing import Any

from model import portable_math
from model import rules as shipped
from model.errors import nearest, one_of, span
from model.own_syntax import NUMBERS
from model.parameter import declared, hints

_BUILTINS = ("abs", "bool", "enumerate", "float", "int", "len", "max", "min", "range", "round", "zip")
_OF_MATH = ("sqrt", "floor", "ceil", "inf", "nan", "fabs", "isfinite", "isnan")
"""Functions of `math` that give the same bits on every machine."""

_KINDS = (float, int, bool)


def named_wrongly(name: str) -> str:
    """Return what is wrong with a public function that is no rule, with the nearest name."""
    several = [known for known in shipped.REPLACEABLE if known.endswith(f"_{name}")]
    twice = [known for known in several if known.partition("_")[2] == name]
    if twice:
        return f"more than one rule is called '{name}': expected {one_of(twice)}."
    return f"unknown rule '{name}'{nearest(name, shipped.REPLACEABLE)} `whistle rules` lists what can be replaced."


def signature_wrong(name: str, function: FunctionType) -> Iterator[str]:
    """Yield how a function's parameters differ from those of the rule that it replaces."""
    rule, own = inspect.signature(shipped.REPLACEABLE[name]), inspect.signature(function)
    plain = all(
        each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and each.default is inspect.Parameter.empty
        for each in own.parameters.values()
    )
    if list(own.parameters) != list(rule.parameters) or not plain:
        expected, got = (", ".join(map(str, each.parameters.values())) for each in (_bare(rule), _bare(own)))
        yield f"{name}: expected the parameters ({expected}), got ({got}). `whistle rules {name}` prints them."


def _bare(signature: inspect.Signature) -> inspect.Signature:
    """Return a signature without annotations."""
    empty = inspect.Parameter.empty
    return signature.replace(parameters=[each.replace(annotation=empty) for each in signature.parameters.values()])


def declared_wrongly(numbers: Any, file: str, most: int) -> Iterator[str]:
    """Yield what is wrong with the class that declares own numbers."""
    if numbers is None:
        return
    if not (isclass(numbers) and dataclasses.is_dataclass(numbers)):
        yield f"{file}: {NUMBERS}: expected a class with @dataclass above it, got {numbers!r}."
        return
    fields = dataclasses.fields(numbers)
    if len(fields) > most:
        yield f"{file}: {NUMBERS}: expected at most {most} numbers, got {len(fields)}."
    for field in fields:
        where, known, kind = f"{file}: {NUMBERS}.{field.name}", declared(field), hints(numbers)[field.name]
        default: Any = field.default
        if known is None:
            yield f"{where}: expected parameter(default, unit=…, bounds=…, meaning=…, zh=…), got no declaration."
        elif kind not in _KINDS:
            yield f"{where}: expected float, int or bool, got {getattr(kind, '__name__', kind)}."
        elif kind is not bool and known.bounds is None:
            yield f"{where}: expected bounds=(lowest, highest), got none."
        elif known.bounds and not known.bounds[0] <= default <= known.bounds[1]:
            yield f"{where}: expected a default of {span(*known.bounds, known.unit)}, got {default!r}."


def calls_forbidden(function: FunctionType, text: str, file: str, module: ModuleType) -> Iterator[str]:
    """Yield what a rule does that would not give the same bits compiled and plain, or that cannot be compiled."""
    for node in ast.walk(_tree_of(function, text)):
        where = f"{file}:{getattr(node, 'lineno', function.__code__.co_firstlineno)}: {function.__name__}:"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            yield f"{where} x ** y differs between machines; write portable_math.power(x, y), or x * x."
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield f"{where} expected imports at the top of the file, got one inside a function."
        elif isinstance(node, ast.Call):
            problem = _call_problem(node.func, vars(module))
            if problem:
                yield f"{where} {problem}"


def _tree_of(function: FunctionType, text: str) -> ast.AST:
    names = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return next(node for node in names if node.name == function.__name__)


def _call_problem(called: ast.expr, names: dict[str, Any]) -> str:
    """Return why something may not be called in a rule; "" where it may."""
    word = ast.unparse(called)
    if isinstance(called, ast.Name):
        if called.id not in names:
            return "" if called.id in _BUILTINS else _forbidden(word)
        found = names[called.id]
    elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in names:
        found = getattr(names[called.value.id], called.attr, None)
    else:
        return _forbidden(word)
    if isfunction(found) and (_is_shipped(found) or found.__module__ == names["__name__"]):
        return ""
    if found is not None and found in [getattr(math, name) for name in _OF_MATH]:
        return ""
    if getattr(found, "__module__", "") == "math" and hasattr(portable_math, getattr(found, "__name__", "")):
        return f"{word} differs between machines; write portable_math.{found.__name__}."
    return _forbidden(word)


def _is_shipped(function: FunctionType) -> bool:
    return function.__module__ == portable_math.__name__ or function.__module__.startswith(f"{shipped.__name__}.")


def _forbidden(word: str) -> str:
    return (
        f"'{word}' may not be called in a rule: expected {one_of(_BUILTINS)}, functions of this file, of model.rules "
        "or of model.portable_math, and math.sqrt, floor, ceil. Chance comes as a parameter named draw."
    )
