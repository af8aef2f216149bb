"""Which runs are wanted next, decided as results come in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from experiments.design.plan import Plan, Point
from experiments.design.tasks import Finished, Task

__all__ = ["Agenda", "Fixed", "Remaining", "agenda_of"]

Outcomes = Mapping[str, float | None]


class Agenda(Protocol):
    """Hands out runs and learns from them.

    What it hands out is a pure function of what it learned about each run, never of the order in which it learned:
    the same study on any number of processes, or taken up again, asks for the same runs.
    """

    @property
    def points(self) -> Sequence[Point]:
        """Points of the design known so far."""

    @property
    def planned(self) -> int:
        """Runs known to be wanted so far, given out or not."""

    @property
    def ready(self) -> int:
        """Runs that could be taken now."""

    def take(self, most: int) -> list[Task]:
        """Return the next runs, at most so many; none where all are given out or results are awaited."""

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """Hear that a run ended, with its outcomes or, where it failed, None."""


class Fixed:
    """All runs are known beforehand.

    Parameters
    ----------
    points : sequence of Point
    tasks : sequence of Task
        In the order in which they are wanted.
    """

    def __init__(self, points: Sequence[Point], tasks: Sequence[Task]) -> None:
        self.points = points
        self.planned = len(tasks)
        self._left = deque(tasks)

    @property
    def ready(self) -> int:
        """See `Agenda.ready`."""
        return len(self._left)

    def take(self, most: int) -> list[Task]:
        """See `Agenda.take`."""
        return [self._left.popleft() for _ in range(min(most, len(self._left)))]

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`; nothing depends on it."""


class Remaining:
    """An agenda without the runs that lie on disk already: these it learns, and does not hand out.

    Parameters
    ----------
    agenda : Agenda
    known : callable
        Returns the outcomes of a run that lies on disk, else None.
    """

    def __init__(self, agenda: Agenda, known: Callable[[Task], Outcomes | None]) -> None:
        self._agenda = agenda
        self._known = known
        self._ready: deque[Task] = deque()
        self.found = 0
        self._refill()

    @property
    def points(self) -> Sequence[Point]:
        """See `Agenda.points`."""
        return self._agenda.points

    @property
    def planned(self) -> int:
        """See `Agenda.planned`."""
        return self._agenda.planned

    @property
    def ready(self) -> int:
        """See `Agenda.ready`."""
        return len(self._ready)

    def take(self, most: int) -> list[Task]:
        """See `Agenda.take`."""
        return [self._ready.popleft() for _ in range(min(most, len(self._ready)))]

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`."""
        self._agenda.learn(task, outcomes)
        self._refill()

    def hear(self, finished: Collection[Finished]) -> None:
        """Learn a chunk."""
        for done in finished:
            self._agenda.learn(done.task, done.result.outcomes if done.result else None)
        self._refill()

    def _refill(self) -> None:
        while tasks := self._agenda.take(self._agenda.ready):
            for task in tasks:
                outcomes = self._known(task)
                if outcomes is None:
                    self._ready.append(task)
                else:
                    self.found += 1
                    self._agenda.learn(task, outcomes)


def agenda_of(plan: Plan) -> Agenda:
    """Return the agenda of a plan: all runs at once, or replicates until the interval is narrow enough."""
    rule = plan.study.replicates.until
    if rule is None:
        return Fixed(plan.points, plan.tasks())
    from experiments.runner.until import Sequential

    return Sequential(plan, rule)
