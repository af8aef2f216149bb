"""Which subsets of the instruments are run: all of them, or those along random orders of introduction."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from experiments.errors import WrongInput

__all__ = ["MOST_EXACT", "MOST_INSTRUMENTS", "Scheme", "Walk", "all_subsets", "members", "prefixes", "random_orders"]

MOST_EXACT = 12
"""Instruments of which all subsets are run: 4,096 subsets; one more doubles them."""

MOST_INSTRUMENTS = 62
"""Instruments whose subset is named by the bits of a 64-bit number."""


@dataclasses.dataclass(frozen=True)
class Walk:
    """Instruments introduced one after another, and in the reverse order, with one luck.

    Attributes
    ----------
    order : tuple of int
        Places of the instruments.
    masks : tuple of int
        Subsets to run, each once, ascending; bit i stands for instrument i.
    """

    order: tuple[int, ...]
    masks: tuple[int, ...]

    @property
    def orders(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The order and its reverse."""
        return self.order, self.order[::-1]


@dataclasses.dataclass(frozen=True)
class Scheme:
    """The runs of an attribution.

    Attributes
    ----------
    instruments : tuple of str
    replicates : int
        Lucks: of all subsets each, or of a walk each.
    walks : tuple of Walk
        One a replicate; empty where all subsets are run.
    interactions : bool
        Whether the runs hold what pairwise interactions need.
    """

    instruments: tuple[str, ...]
    replicates: int
    walks: tuple[Walk, ...] = ()
    interactions: bool = True

    @property
    def exact(self) -> bool:
        """Whether all subsets are run."""
        return not self.walks

    @property
    def whole(self) -> int:
        """The subset that holds every instrument."""
        return (1 << len(self.instruments)) - 1

    def masks(self, replicate: int) -> Sequence[int]:
        """Return the subsets that a replicate runs, ascending."""
        return range(self.whole + 1) if self.exact else self.walks[replicate].masks

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield subset and replicate of every run; runs of one replicate share their luck."""
        for replicate in range(self.replicates):
            for mask in self.masks(replicate):
                yield mask, replicate


def members(mask: int, instruments: Sequence[str]) -> tuple[str, ...]:
    """Return the instruments of a subset."""
    return tuple(name for place, name in enumerate(instruments) if mask >> place & 1)


def all_subsets(instruments: Sequence[str], replicates: int) -> Scheme:
    """Lay out all subsets, each with the same lucks.

    Parameters
    ----------
    instruments : sequence of str
        At most `MOST_EXACT`.
    replicates : int
        Lucks, 2 or more for an interval.

    Raises
    ------
    WrongInput
        For too many instruments, repeated ones or no replicate.
    """
    _check(instruments, replicates, MOST_EXACT, " For more, sample orders of introduction.")
    return Scheme(tuple(instruments), replicates)


def random_orders(
    instruments: Sequence[str], pairs: int, seed: int, *, interactions: bool = False, ends: bool = True
) -> Scheme:
    """Lay out random orders of introduction, each with its reverse (antithetic), each pair with a luck of its own.

    An instrument that comes early in an order comes late in its reverse, so that what it gains by company in the one it
    loses in the other. Orders are drawn uniformly and independently: estimates are unbiased, intervals over pairs hold.

    Parameters
    ----------
    instruments : sequence of str
        At most `MOST_INSTRUMENTS`.
    pairs : int
        Orders that are drawn; more of them keep those of fewer.
    seed : int
    interactions : bool
        Also the subsets in which two neighbours of an order are exchanged: with them pairwise interactions can be
        estimated, for about twice the runs.
    ends : bool
        Also every instrument alone and the whole without each; else only those that begin or end an order are known.

    Raises
    ------
    WrongInput
        For too many instruments, repeated ones or no pair.
    """
    _check(instruments, pairs, MOST_INSTRUMENTS, "")
    many = len(instruments)
    walks = []
    for pair in range(pairs):
        order = tuple(int(place) for place in np.random.default_rng([seed, pair]).permutation(many))
        walks.append(Walk(order, tuple(sorted(set(_needed(order, interactions, ends))))))
    return Scheme(tuple(instruments), pairs, tuple(walks), interactions)


def _needed(order: tuple[int, ...], interactions: bool, ends: bool) -> Iterator[int]:
    whole = (1 << len(order)) - 1
    for each in (order, order[::-1]):
        before = prefixes(each)
        yield from before
        if interactions:
            yield from (mask | 1 << after for mask, after in zip(before, each[1:], strict=False))
    if ends:
        yield from itertools.chain.from_iterable((1 << place, whole ^ 1 << place) for place in order)


def prefixes(order: Sequence[int]) -> list[int]:
    """Return the subset before each introduction, and the whole."""
    return list(itertools.accumulate((1 << place for place in order), initial=0))


def _check(instruments: Sequence[str], replicates: int, most: int, remedy: str) -> None:
    problems = []
    if not 1 <= len(instruments) <= most:
        problems.append(f"instruments: expected 1 to {most}, got {len(instruments)}.{remedy}")
    twice = sorted({name for name in instruments if list(instruments).count(name) > 1})
    problems += [f"instruments: expected '{name}' once, got it twice." for name in twice]
    if replicates < 1:
        problems.append(f"replicates: expected 1 or more, got {replicates}.")
    if problems:
        raise WrongInput(problems)
