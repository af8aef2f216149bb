"""Which runs are wanted next, decided as results come in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from experiments.design.plan import Plan, Point
from experiments.design.tasks import Finished, Task

__all__ = ["Agenda", "Batches", "Fixed", "Outcomes", "Queue", "Remaining", "agenda_of"]

Outcomes = Mapping[str, float | None]


class Agenda(ABC):
    """Hands out runs and learns from them.

    What it hands out is a pure function of what it learned about each run, never of the order in which it learned:
    the same study on any number of processes, or resumed, asks for the same runs.
    """

    @property
    @abstractmethod
    def points(self) -> Sequence[Point]:
        """Points of the design known so far."""

    @property
    @abstractmethod
    def planned(self) -> int:
        """Runs known to be wanted so far, given out or not."""

    @property
    @abstractmethod
    def ready(self) -> int:
        """Runs that could be taken now."""

    @abstractmethod
    def take(self, most: int) -> list[Task]:
        """Return the next runs, at most so many; none where all are given out or results are awaited."""

    @abstractmethod
    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """Learn that a run ended, with its outcomes or, where it failed, None."""


class Queue(Agenda):
    """An agenda with a queue of the runs that could be taken now.

    Parameters
    ----------
    points : sequence of Point
    tasks : iterable of Task
        In the order in which they are wanted.
    """

    def __init__(self, points: Sequence[Point] = (), tasks: Iterable[Task] = ()) -> None:
        self._points, self._planned = points, 0
        self._ready: deque[Task] = deque()
        self.want(tasks)

    @property
    def points(self) -> Sequence[Point]:
        """See `Agenda.points`."""
        return self._points

    @property
    def planned(self) -> int:
        """See `Agenda.planned`."""
        return self._planned

    @property
    def ready(self) -> int:
        """See `Agenda.ready`."""
        return len(self._ready)

    def take(self, most: int) -> list[Task]:
        """See `Agenda.take`."""
        return [self._ready.popleft() for _ in range(min(most, len(self._ready)))]

    def want(self, tasks: Iterable[Task]) -> None:
        """Put further runs into the queue."""
        before = len(self._ready)
        self._ready.extend(tasks)
        self._planned += len(self._ready) - before


class Fixed(Queue):
    """All runs are known beforehand."""

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`; nothing depends on it."""


class Batches(Queue):
    """Hands out a batch of runs and waits for all of it before the next one is decided.

    Parameters
    ----------
    plan : Plan
    planned : int
        Runs that all batches together are expected to want.
    """

    def __init__(self, plan: Plan, planned: int) -> None:
        self._wanted: list[Point] = []
        super().__init__(self._wanted)
        self._plan, self._planned = plan, planned
        self._replicates = plan.study.replicates.first
        self._outcomes: dict[tuple[int, int], Outcomes | None] = {}
        self._awaited = 0

    def want_points(self, points: Sequence[Point]) -> None:
        """Put every replicate of points into the batch."""
        self._wanted.extend(points)
        tasks = [self._plan.task(point, replicate) for replicate in range(self._replicates) for point in points]
        self._ready.extend(tasks)
        self._awaited += len(tasks)

    def learn(self, task: Task, outcomes: Outcomes | None) -> None:
        """See `Agenda.learn`."""
        self._outcomes[task.point, task.replicate] = outcomes
        self._awaited -= 1
        if self._awaited == 0:
            self.end_batch()

    @abstractmethod
    def end_batch(self) -> None:
        """Decide on the next batch, from the outcomes of those before; nothing is wanted after the last one."""


class Remaining(Queue):
    """An agenda without the runs that are on disk already: these it learns, and does not hand out.

    Parameters
    ----------
    agenda : Agenda
    known : callable
        Returns the outcomes of a run that is on disk, else None.
    """

    def __init__(self, agenda: Agenda, known: Callable[[Task], Outcomes | None]) -> None:
        super().__init__()
        self._agenda, self._known = agenda, known
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
