"""What a command reports to its user instead of a traceback."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any


class WrongInput(Exception):
    """The command cannot do what it was given; nothing was written.

    Attributes:
        problems: Each says where, what is wrong and what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Interrupted(Exception):
    """The user stopped a study; everything finished is kept."""


class Unwritable(Exception):
    """The study's folder could not be written any more; everything finished is kept."""


def raise_if_any(problems: Iterable[str]) -> None:
    """Raise `WrongInput` if there is any problem, each said once."""
    found = list(dict.fromkeys(problems))
    if found:
        raise WrongInput(found)


def collect_errors(*parts: Callable[[], Any]) -> list[Any]:
    """Return what each part returns, or raise `WrongInput` with the problems of all parts."""
    results, problems = [], list[str]()
    for part in parts:
        try:
            results.append(part())
        except WrongInput as error:
            problems += error.problems
    raise_if_any(problems)
    return results
