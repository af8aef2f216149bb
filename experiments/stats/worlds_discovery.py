"""Scenario discovery in plausible worlds: some hundred inputs, of which a simple rule names three at most."""

import dataclasses
from collections.abc import Sequence

from experiments.stats.discovery import Discovery, grow_tree, trouble_of
from experiments.stats.intervals import Bools
from experiments.stats.prim import Column
from experiments.stats.turning import Ints, deal, simple_rule


def discover_in_worlds(
    condition: str, columns: Sequence[Column], sought: Bools, undefined: int, seed: int, worlds: Ints
) -> Discovery:
    """Look for the conditions under which the cases sought, an array of bool (points,), occur in plausible worlds.

    All points serve to find the rule, and folds of worlds to judge it: see `simple_rule`. Where it does not hold on
    worlds that were not used to find it there is none, and no tree either.

    Args:
        condition: In words.
        columns: Inputs of the points: the study's own parameters, and every free number of the world.
        sought: By point.
        undefined: Points left out before.
        seed: Deals the worlds to folds.
        worlds: Number of the world of each point.
    """
    start = Discovery(condition, tuple(columns), sought, undefined, trouble_of(sought), in_worlds=True)
    if start.trouble:
        return start
    folds = deal(sought, seed, worlds)
    rule = simple_rule(columns, sought, folds, worlds)
    judged = {each.name: getattr(rule, each.name) for each in dataclasses.fields(rule)}
    leaves = () if rule.trouble else tuple(grow_tree(columns, sought, folds))
    return dataclasses.replace(start, **judged, leaves=leaves)
