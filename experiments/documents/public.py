"""The list of everything public: names in Python, commands, outcomes."""

from __future__ import annotations

import importlib
from inspect import isclass, isfunction, unwrap
from typing import get_origin

from experiments.documents import table
from experiments.messages import Language
from experiments.studies import kinds
from model import OUTCOMES

_HEADS = {
    Language.EN: (
        "Names of `{}`",
        "name",
        "what it is",
        "Commands",
        "Kinds of study",
        "Outcomes",
        "a constant",
        "a type",
    ),
    Language.ZH: ("`{}` 的名称", "名称", "说明（英文）", "命令", "研究类型", "指标", "常量", "类型"),
}


def public_names(language: Language) -> str:
    """Return the public names of both packages with what they are, and those of commands, kinds and outcomes."""
    of, name, what, *lists, constant, kind = _HEADS[language]
    parts = []
    for package in ("model", "experiments"):
        rows = ((f"`{each}`", _said(package, each) or (kind if _is_type(package, each) else constant))
                for each in _sorted(package))  # fmt: skip
        parts.append(f"## {of.format(package)}\n\n{table((name, what), rows)}")
    for title, names in zip(lists, (commands(), kinds(), OUTCOMES), strict=True):
        parts.append(f"## {title}\n\n{', '.join(f'`{each}`' for each in names)}\n")
    return "\n".join(parts)


def _sorted(package: str) -> list[str]:
    """Return the public names of a package, constants last."""
    names: list[str] = importlib.import_module(package).__all__
    return sorted(names, key=lambda each: (each.isupper(), each.lower()))


def _said(package: str, name: str) -> str:
    """Return the first line of what a class or function says of itself, "" for anything else."""
    each = unwrap(getattr(importlib.import_module(package), name))
    return (each.__doc__ or "").split("\n")[0].replace("|", "·") if isclass(each) or isfunction(each) else ""


def _is_type(package: str, name: str) -> bool:
    return get_origin(getattr(importlib.import_module(package), name)) is not None


def commands() -> list[str]:
    """Return the commands of `whistle`."""
    import typer

    from experiments.cli.app import app

    return list(getattr(typer.main.get_command(app), "commands", {}))
