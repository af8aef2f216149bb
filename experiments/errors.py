"""What a command may report to its user instead of a traceback."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Interrupted", "Unwritable", "WrongInput"]


class WrongInput(Exception):
    """The user asked for something that cannot be done; nothing was written.

    Attributes
    ----------
    problems : tuple of str
        Each says where, what is wrong and what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Interrupted(Exception):
    """The user stopped a study; everything finished is kept."""


class Unwritable(Exception):
    """The study's folder could not be written any more; everything finished is kept."""
