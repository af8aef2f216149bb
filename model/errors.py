"""The error for wrong input, and the words of its messages."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches


class ConfigError(Exception):
    """A configuration cannot be used; all its problems are reported at once.

    Attributes:
        problems: One line each: where, what is wrong, what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return the problems, one a line."""
        return "\n".join(self.problems)


def raise_if_any(problems: Sequence[str]) -> None:
    """Raise `ConfigError` if there is any problem."""
    if problems:
        raise ConfigError(problems)


@contextmanager
def noting(problems: list[str]) -> Iterator[None]:
    """Note the problems of what cannot be done, and go on behind it."""
    try:
        yield
    except ConfigError as error:
        problems += error.problems


def one_of(known: Iterable[str]) -> str:
    """Return what is expected where only some words are: "one of a, b", or the only one."""
    words = list(known)
    return f"one of {', '.join(words)}" if len(words) > 1 else "".join(words) or "none"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean …?" or, when nothing is near, what is expected."""
    words = list(known)
    near = get_close_matches(word, words, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; expected {one_of(words)}."


def span(low: float, high: float, unit: str) -> str:
    """Return bounds with their unit: "1 to 30 days", "0 to 1 (share)"."""
    counted = unit.split("/", maxsplit=1)[0].endswith("s") and " " not in unit
    return f"{low:,.10g} to {high:,.10g} {unit if counted else f'({unit})'}"
