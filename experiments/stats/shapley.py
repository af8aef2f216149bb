"""Shapley values and interactions from runs of subsets: all of them, or those along random orders of introduction.

Subsets are numbers whose bit i says whether instrument i is in.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from experiments.errors import WrongInput
from experiments.stats.intervals import ROUNDING, Floats

MOST_EXACT, MOST_INSTRUMENTS = 12, 62
"""Instruments of which all subsets are run: 4,096; those whose subset is named by the bits of a 64-bit number."""


@dataclasses.dataclass(frozen=True)
class Scheme:
    """The runs of an attribution.

    Attributes:
        replicates: Random seeds: of all subsets each, or of an order of introduction and its reverse each.
        orders: Places of the instruments, an order a replicate; empty where all subsets are run.
        interactions: Whether subsets in which two neighbours of an order are exchanged are run too, which pairwise
            interactions need, for about twice the runs.

    Raises:
        WrongInput: For too many instruments, repeated ones or none.
    """

    instruments: tuple[str, ...]
    replicates: int
    orders: tuple[tuple[int, ...], ...] = ()
    interactions: bool = True

    def __post_init__(self) -> None:
        count, most = len(self.instruments), MOST_EXACT if self.exact else MOST_INSTRUMENTS
        twice = sorted({name for name in self.instruments if self.instruments.count(name) > 1})
        problems = [f"instruments: expected '{name}' once, got it twice." for name in twice]
        if not 1 <= count <= most:
            remedy = " For more, sample orders of introduction." if self.exact else ""
            problems.append(f"instruments: expected 1 to {most}, got {count}.{remedy}")
        if problems:
            raise WrongInput(problems)

    @property
    def exact(self) -> bool:
        return not self.orders

    @property
    def singles(self) -> list[int]:  # the subsets of one instrument
        return [1 << place for place in range(len(self.instruments))]

    @property
    def whole(self) -> int:  # the subset of all
        return sum(self.singles)

    def masks(self, replicate: int) -> Sequence[int]:
        """Return the subsets that a replicate runs, ascending.

        Of an order: those before each introduction, forwards and backwards, each alone, the whole without each.
        """
        if self.exact:
            return range(self.whole + 1)
        needed = {*self.singles, *(self.whole ^ bit for bit in self.singles)}
        for order in (self.orders[replicate], self.orders[replicate][::-1]):
            before = _prefixes(order)
            needed.update(before)
            if self.interactions:
                needed.update(mask | 1 << after for mask, after in zip(before, order[1:], strict=False))
        return sorted(needed)

    def runs(self) -> Iterator[tuple[int, int]]:
        yield from ((mask, replicate) for replicate in range(self.replicates) for mask in self.masks(replicate))


def _prefixes(order: Sequence[int]) -> list[int]:
    """Return the subset before each introduction, and the whole."""
    return list(itertools.accumulate((1 << place for place in order), initial=0))


def random_orders(instruments: Sequence[str], pairs: int, seed: int, *, interactions: bool = False) -> Scheme:
    """Return random orders of introduction, each with its reverse (antithetic), each pair with a seed of its own.

    What an instrument gains by company in an order it loses in the reverse. Orders are drawn uniformly and
    independently: estimates are unbiased, intervals over pairs hold. Those of fewer pairs are the first of more.
    """
    rngs = (np.random.default_rng([seed, pair]) for pair in range(pairs))
    orders = tuple(tuple(rng.permutation(len(instruments)).tolist()) for rng in rngs)
    return Scheme(tuple(instruments), pairs, orders, interactions)


@dataclasses.dataclass(frozen=True)
class Effects:
    """What each instrument does, by replicate, in the outcome's unit.

    Attributes:
        shapley (array (replicates, instruments)): Sums to whole minus none in every replicate.
        alone, left_out (array (replicates, instruments)): The instrument by itself minus none; the whole minus the
            whole without it.
        interactions (array (replicates, instruments, instruments)): The Shapley interaction index, symmetric; NaN where
            a replicate does not show a pair.
        none, whole (array (replicates,)): Levels.
    """

    shapley: Floats
    alone: Floats
    left_out: Floats
    interactions: Floats | None
    none: Floats
    whole: Floats


def effects_of(scheme: Scheme, values: Sequence[Mapping[int, float]], replicates: Sequence[int]) -> Effects:
    """Return what each instrument does, given the finite values by subset of some of the scheme's replicates.

    Along sampled orders the mean over replicates of `shapley` is unbiased (Castro 2009). Two neighbours in a uniform
    order have before them a subset whose size is uniform and, given its size, any: the weights of the interaction
    index; so its mean over the replicates that show it is unbiased too.
    """

    def level(mask: int) -> Floats:
        return np.array([known[mask] for known in values])

    def settled(effects: Floats) -> Floats:  # what is rounding is zero
        return np.where(np.abs(effects) <= least, 0.0, effects)

    none, whole, singles = level(0), level(scheme.whole), scheme.singles
    least = ROUNDING * max(abs(value) for known in values for value in known.values())
    if scheme.exact:
        shapley, interactions = _exact(np.array([level(mask) for mask in scheme.masks(0)]), singles)
    else:
        pairs = [(scheme.orders[replicate], known) for replicate, known in zip(replicates, values, strict=True)]
        shapley = np.array([_along(order, known) for order, known in pairs])
        interactions = np.array([_of_neighbours(order, known) for order, known in pairs if scheme.interactions])
    return Effects(
        shapley=settled(shapley),
        alone=settled(np.array([level(bit) - none for bit in singles]).T),
        left_out=settled(np.array([whole - level(scheme.whole ^ bit) for bit in singles]).T),
        interactions=settled(interactions) if scheme.interactions else None,
        none=none,
        whole=whole,
    )


def _exact(values: Floats, singles: Sequence[int]) -> tuple[Floats, Floats]:
    """Return Shapley values and interaction indices from values of all subsets, subsets × replicates.

    Shapley (1953): φ_i = Σ_S |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)) over subsets S without i.
    Grabisch and Roubens (1999): I_ij = Σ_S |S|! (n − |S| − 2)! / (n − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S))
    over S without i and j.
    """
    many = len(singles)
    interactions = np.full((values.shape[1], many, many), np.nan)
    for one, other in itertools.combinations(range(many), 2):
        pair = _average(values, (singles[one], singles[other]), many)
        interactions[:, one, other] = interactions[:, other, one] = pair
    return np.array([_average(values, (bit,), many) for bit in singles]).T, interactions


def _average(values: Floats, bits: tuple[int, ...], many: int) -> Floats:
    """Average the effect of a bit, or the joint one of two, over orders of introduction; by replicate."""
    subsets = np.arange(len(values))
    without = subsets[subsets & sum(bits) == 0]
    orders = many - len(bits) + 1
    weight = np.array([1 / (orders * math.comb(orders - 1, size)) for size in range(orders)])
    if len(bits) == 1:
        effects = values[without | bits[0]] - values[without]
    else:
        one, other = bits
        effects = values[without | one | other] - values[without | one] - values[without | other] + values[without]
    return np.asarray(weight[np.bitwise_count(without)] @ effects)


def _along(order: tuple[int, ...], known: Mapping[int, float]) -> Floats:
    """Return what each instrument adds when it comes, mean over an order and its reverse."""
    added = np.zeros(len(order))
    for each in (order, order[::-1]):
        added[list(each)] += np.diff([known[mask] for mask in _prefixes(each)]) / 2
    return added


def _of_neighbours(order: tuple[int, ...], known: Mapping[int, float]) -> Floats:
    """Return the joint effect of neighbours beyond their own, mean over an order and its reverse."""
    found = np.full((len(order), len(order)), np.nan)
    forwards, backwards = _prefixes(order), _prefixes(order[::-1])
    for place, (one, other) in enumerate(itertools.pairwise(order)):
        joint = 0.0
        for before in (forwards[place], backwards[len(order) - 2 - place]):
            first, second = before | 1 << one, before | 1 << other
            joint += (known[first | second] - known[first] - known[second] + known[before]) / 2
        found[one, other] = found[other, one] = joint
    return found
