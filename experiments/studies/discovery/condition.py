"""What counts as failing or winning, in words that a study's file can say."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Condition", "parse_condition"]

SIGNS: dict[str, Callable[..., NDArray[np.bool_]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

_TERM = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*")


@dataclass(frozen=True)
class Condition:
    """One or more comparisons of outcomes with numbers, all of which must hold."""

    terms: tuple[tuple[str, str, float], ...]

    @property
    def outcomes(self) -> list[str]:
        """Outcomes that it names, each once."""
        return list(dict.fromkeys(name for name, _, _ in self.terms))

    def holds(self, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        """Return where it holds; nowhere where an outcome is undefined.

        Parameters
        ----------
        values : mapping of arrays (points,)
            By outcome.
        """
        parts = [SIGNS[sign](values[name], bound) for name, sign, bound in self.terms]
        held: NDArray[np.bool_] = np.logical_and.reduce(parts)
        return held


def parse_condition(text: str, known: Sequence[str]) -> Condition | str:
    """Return a condition as "closure_rate < 0 and passes_per_case > 0.1", or in words what is wrong with it.

    Parameters
    ----------
    text : str
    known : sequence of str
        Names of outcomes.
    """
    terms = []
    for part in text.split(" and "):
        found = _TERM.fullmatch(part)
        if found is None:
            return f"expected NAME < NUMBER (or <=, >, >=), joined by 'and', got '{part.strip()}'."
        name, sign, bound = found.groups()
        if name not in known:
            return f"expected one of the outcomes kept ({', '.join(known)}), got '{name}'."
        terms.append((name, sign, float(bound)))
    return Condition(tuple(terms))
