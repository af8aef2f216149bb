"""What is compared on the page: which packages, how many pairs, how large; as part of a link."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from experiments.page.package import Package

__all__ = ["MINE", "MOST", "PAIRS", "SCALES", "Choice"]

MOST = 4
PAIRS = (5, 10, 20, 30, 60)
SCALES = (1.0, 0.2, 0.05)
"""Shares of Chaoyang's demand, with as many people fewer."""

MINE = "mine"
"""Stands for the package that the Rules tab holds."""


@dataclasses.dataclass(frozen=True)
class Choice:
    """What the Compare tab holds.

    Attributes
    ----------
    names : tuple of str
        Shipped regimes, or `MINE`; the first is what the others are compared with.
    pairs : int
        One of `PAIRS`.
    scale : float
        One of `SCALES`.
    """

    names: tuple[str, ...] = ("inverted", "flattened")
    pairs: int = 20
    scale: float = SCALES[0]

    @classmethod
    def from_query(cls, said: Mapping[str, str]) -> Choice:
        """Return what the arguments of a link say; what they do not name is as usual.

        Raises
        ------
        ValueError
            For what is not allowed.
        """
        usual = cls()
        names = tuple(said["compare"].split(",")) if "compare" in said else usual.names
        pairs, scale = int(said.get("pairs", usual.pairs)), float(said.get("size", usual.scale))
        if not (1 <= len(names) <= MOST and all(map(_known, names)) and pairs in PAIRS and scale in SCALES):
            raise ValueError(said)
        return cls(names, pairs, scale)

    def query(self) -> dict[str, str]:
        """Return it as the arguments of a link; what is as usual is left out."""
        usual = Choice()
        named = {"compare": (",".join(self.names), self.names != usual.names),
                 "pairs": (str(self.pairs), self.pairs != usual.pairs),
                 "size": (f"{self.scale:g}", self.scale != usual.scale)}  # fmt: skip
        return {name: shown for name, (shown, differs) in named.items() if differs}

    def put(self, place: Any, name: Any) -> Choice:
        """Return it with a package at a place, or without one where the name is empty; nonsense changes nothing."""
        names = list(self.names)
        if name == "" and place in range(1, len(names)):
            names.pop(place)
        elif _known(name) and place in range(min(len(names), MOST - 1) + 1):
            names[place : place + 1] = [name]
        return dataclasses.replace(self, names=tuple(names))

    def with_pairs(self, pairs: Any) -> Choice:
        """Return it with so many pairs, if that is offered."""
        return dataclasses.replace(self, pairs=int(pairs)) if pairs in PAIRS else self

    def with_scale(self, scale: Any) -> Choice:
        """Return it at this size, if that is offered."""
        return dataclasses.replace(self, scale=float(scale)) if scale in SCALES else self

    def packages(self, mine: Package) -> tuple[Package, ...]:
        """Return what the names stand for."""
        return tuple(mine if name == MINE else Package(name) for name in self.names)


def _known(name: Any) -> bool:
    from model import shipped_regimes

    return name in (*shipped_regimes(), MINE)
