"""Which runs are wanted next, decided as results come in."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from experiments.design.plan import Outcomes, Plan, Point, Task
from experiments.design.studyfile import Until
from experiments.stats.stopping import Reached, Rule, next_count, precisions, reached
from experiments.store.opened import OpenStudy


class Agenda:
    """Hands out runs and learns from them; this one knows all runs beforehand, in the order in which they are wanted.

    What an agenda hands out is a pure function of what it learned about each run, never of the order in which it
    learned: the same study on any number of processes, or resumed, asks for the same runs.

    Attributes:
        points: Of the design, as far as they are known.
        planned: Runs known to be wanted so far, given out or not.
    """

    points: Sequence[Point]

    def __init__(self, points: Sequence[Point] = (), tasks: Iterable[Task] = ()) -> None:
        self.points = points
        self._left = deque(tasks)
        self.planned = len(self._left)

    @property
    def ready(self) -> int:
        """Runs that could be taken now."""
        return len(self._left)

    def take(self, most: int) -> list[Task]:
        """Return the next runs, at most so many; none where all are given out or results are awaited."""
        return [self._left.popleft() for _ in range(min(most, len(self._left)))]

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """Learn that a run ended, with its outcomes or, where it failed, None."""


class Batches(Agenda, ABC):
    """Hands out a batch of runs and waits for all of it before the next one is decided.

    Args:
        planned: Runs that all batches together are expected to want.
    """

    def __init__(self, plan: Plan, planned: int) -> None:
        super().__init__()
        self._points: list[Point] = []
        self._plan, self.points, self.planned = plan, self._points, planned
        self._replicates = plan.study.replicates.first
        self._outcomes: dict[tuple[int, int], Outcomes | None] = {}
        self._awaited = 0

    def want_points(self, points: Sequence[Point]) -> None:
        self._points.extend(points)
        tasks = [self._plan.task(point, replicate) for replicate in range(self._replicates) for point in points]
        self._left.extend(tasks)
        self._awaited += len(tasks)

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        self._outcomes[task.point, task.replicate] = outcomes
        self._awaited -= 1
        if self._awaited == 0:
            self.end_batch()

    @abstractmethod
    def end_batch(self) -> None:
        """Decide on the next batch, from the outcomes of those before; nothing is wanted after the last one."""


class Remaining(Agenda):
    """An agenda without the runs that are on disk already: these it learns, and does not hand out.

    Args:
        known: Returns the outcomes of a run that is on disk, else None.
    """

    def __init__(self, agenda: Agenda, known: Callable[[Task], Outcomes | None]) -> None:
        super().__init__()
        self._agenda, self._known = agenda, known
        self.found = 0
        self._refill()

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        self._agenda.learn(task, outcomes)
        self._refill()

    def _refill(self) -> None:
        while tasks := self._agenda.take(self._agenda.ready):
            for task in tasks:
                outcomes = self._known(task)
                if outcomes is None:
                    self._left.append(task)
                else:
                    self.found += 1
                    self._agenda.learn(task, outcomes)
        self.points, self.planned = self._agenda.points, self._agenda.planned


class Sequential(Agenda):
    """Replicates in rounds, row by row of the design, until the intervals are narrow enough.

    The points of a row are run equally often; each round of it is decided by all results of the ones before.
    """

    def __init__(self, plan: Plan, until: Until) -> None:
        super().__init__(plan.points, plan.tasks())
        self._plan, self._rule = plan, _rule(until)
        self._rows: dict[int, list[Point]] = {}
        for point in plan.points:
            self._rows.setdefault(point.row, []).append(point)
        self._count = dict.fromkeys(self._rows, plan.study.replicates.first)
        self._awaited = {row: self._count[row] * len(points) for row, points in self._rows.items()}
        self._found: dict[tuple[int, int], Outcomes | None] = {}

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        row = self.points[task.point].row
        self._found[task.point, task.replicate] = outcomes
        self._awaited[row] -= 1
        if self._awaited[row] > 0:
            return
        points, count = self._rows[row], self._count[row]
        values = {
            (point.label, name): np.array(
                [(self._found[point.number, number] or {}).get(name) for number in range(count)], np.float64
            )
            for point in points
            for name in self._rule.outcomes
        }
        self._count[row] = next_count(self._rule, values)
        more = [self._plan.task(point, number) for number in range(count, self._count[row]) for point in points]
        self._awaited[row] = len(more)
        self._left.extend(more)
        self.planned += len(more)


def _rule(until: Until) -> Rule:
    return Rule(tuple(precisions(until.level, until.difference)), until.minimum, until.look_ahead, until.budget)


def agenda_of(plan: Plan) -> Agenda:
    """Return the agenda of a plan: all runs at once, or replicates until the intervals are narrow enough."""
    until = plan.study.replicates.until
    return Agenda(plan.points, plan.tasks()) if until is None else Sequential(plan, until)


def precision_missed(opened: OpenStudy) -> list[tuple[Reached, int | None]]:
    """Return each precision that was not reached within the budget, with its row where the design has several."""
    until = opened.study.replicates.until
    if until is None:
        return []
    rule = _rule(until)
    values = {outcome: opened.values(outcome) for outcome in rule.outcomes}
    several, found = len(opened.replicates) > 1, []
    for row, count in enumerate(opened.replicates):
        of_row = {
            (label, outcome): table[row, place, :count]
            for place, label in enumerate(opened.labels)
            for outcome, table in values.items()
        }
        found += [(each, row if several else None) for each in reached(rule, of_row) if not each.held]
    return found
