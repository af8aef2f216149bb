"""Reading a YAML file of a given form: everything that is wrong with it at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from experiments.design.reading import Places, complaint
from experiments.errors import WrongInput

__all__ = ["read_form"]

Form = TypeVar("Form", bound=BaseModel)


def read_form(path: Path, form: type[Form], problems_of: Callable[[Form, Places], Iterable[str]]) -> Form:
    """Read a file and check what its form cannot say.

    Parameters
    ----------
    path : Path
    form : type
        What the file must be.
    problems_of : callable
        Yields what is wrong with a file whose form is right.

    Raises
    ------
    WrongInput
        With every problem found.
    """
    from model import ConfigError, read_yaml

    try:
        sheet = read_yaml(path)
    except ConfigError as error:
        raise WrongInput(error.problems) from error
    places, problems = Places([sheet]), list(sheet.problems)
    try:
        read = form(**sheet.values)
    except ValidationError as error:
        # a list whose entries are all wrong is not short, though pydantic says so
        details = [detail for detail in error.errors() if detail["type"] != "too_short" or not detail["input"]]
        raise WrongInput([*problems, *(complaint(detail, form, places) for detail in details)]) from error
    problems += problems_of(read, places)
    if problems:
        raise WrongInput(problems)
    return read
