"""What the model reports when it is given wrong input."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["ConfigError"]


class ConfigError(Exception):
    """A configuration cannot be used; all its problems are told at once.

    Attributes
    ----------
    problems : list of str
        One line each: where, what is wrong, what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return the problems, one a line."""
        return "\n".join(self.problems)
