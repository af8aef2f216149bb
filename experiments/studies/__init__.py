"""Kinds of study, one a file; a file that is put here is found, with its command, its schema and its documentation."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput

if TYPE_CHECKING:
    from pydantic import BaseModel

    from experiments.kinds import Kind

__all__ = ["OPTIONS", "help_of", "kind_of", "kinds", "study_schema"]


@cache
def kinds() -> tuple[str, ...]:
    """Return the names of all kinds, in the order of the alphabet."""
    return tuple(sorted(each.name for each in pkgutil.iter_modules(__path__) if not each.ispkg))


def kind_of(experiment: str) -> Kind:
    """Return the kind of an experiment, which is imported when it is asked for.

    Raises:
        WrongInput: For one that has no kind: runs that `make instruments` or `make expectations` measured.
    """
    if experiment not in kinds():
        raise WrongInput([f"experiment: expected {', '.join(kinds())}, got '{experiment}', which has no results."])
    kind: Kind = importlib.import_module(f"{__name__}.{experiment}").KIND
    return kind


def help_of(experiment: str) -> str:
    """Return the first line of what a kind's file says of itself, without importing it."""
    source = Path(__path__[0], f"{experiment}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


class _Options(Mapping[str, "type[BaseModel]"]):
    def __getitem__(self, experiment: str) -> type[BaseModel]:
        if experiment not in kinds():
            raise KeyError(experiment)
        return kind_of(experiment).options

    def __iter__(self) -> Iterator[str]:
        return iter(kinds())

    def __len__(self) -> int:
        return len(kinds())


OPTIONS: Mapping[str, type[BaseModel]] = _Options()  # form of the section `analysis` by experiment


def study_schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of study files, with the options of every experiment."""
    from experiments.design.studyfile import StudyFile

    made = StudyFile.model_json_schema()
    made["properties"] = {"extends": {"type": "string", "description": "Study that this one differs from."},
                          **made["properties"]}  # fmt: skip
    made["properties"]["experiment"]["enum"] = list(OPTIONS)
    made["required"] = []  # what is missing may stand in the study that is extended
    made["allOf"] = []
    for experiment in OPTIONS:
        form = OPTIONS[experiment].model_json_schema()
        made["$defs"] = {**made.get("$defs", {}), **form.pop("$defs", {})}
        form.pop("required", None)
        when = {"properties": {"experiment": {"const": experiment}}, "required": ["experiment"]}
        made["allOf"].append({"if": when, "then": {"properties": {"analysis": form}}})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
