"""Replicates until the intervals are narrow enough, row by row of the design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.plan import Plan, Point
from experiments.design.replicates import Until
from experiments.design.tasks import Task
from experiments.runner.agenda import Outcomes, Queue
from experiments.stats.stopping import Rule, next_count, precisions

__all__ = ["Sequential", "rule_of"]


class _Group:
    """The points of one row of the design, which are run equally often."""

    def __init__(self, points: Sequence[Point], first: int) -> None:
        self.points = points
        self.count = first
        self.awaited = first * len(points)
        self._found: dict[tuple[str, int], Outcomes | None] = {}

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        self.awaited -= 1
        self._found[task.regime, task.replicate] = outcomes

    def values(self, names: Sequence[str]) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Return the values so far in the order of the replicates, by regime and outcome; NaN where undefined."""
        return {
            (point.label, name): np.array(
                [_value(self._found.get((point.label, replicate)), name) for replicate in range(self.count)]
            )
            for point in self.points
            for name in names
        }


def _value(outcomes: Outcomes | None, name: str) -> float:
    value = outcomes.get(name) if outcomes else None
    return float("nan") if value is None else value


def rule_of(until: Until) -> Rule:
    """Return the rule that a study's file asks for."""
    asked = tuple(precisions(until.level, until.difference))
    return Rule(asked, until.minimum, until.look_ahead, until.budget)


class Sequential(Queue):
    """Hands out replicates in rounds; each round is decided by all results of the ones before it.

    Parameters
    ----------
    plan : Plan
    until : Until
        The precision asked for.
    """

    def __init__(self, plan: Plan, until: Until) -> None:
        super().__init__(plan.points, plan.tasks())
        self._plan = plan
        self._rule = rule_of(until)
        first = plan.study.replicates.first
        rows: dict[int, list[Point]] = {}
        for point in plan.points:
            rows.setdefault(point.row, []).append(point)
        self._groups = {row: _Group(points, first) for row, points in rows.items()}

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`."""
        group = self._groups[self.points[task.point].row]
        group.learn(task, outcomes)
        if group.awaited == 0:
            self._extend(group)

    def _extend(self, group: _Group) -> None:
        count = next_count(self._rule, group.values(self._rule.outcomes))
        more: list[Any] = [
            self._plan.task(point, replicate) for replicate in range(group.count, count) for point in group.points
        ]
        group.count, group.awaited = count, len(more)
        self.want(more)
