"""The district's calendar: for every step and phase, what comes up, in the order it was entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.reference.things import Case, Entry, Slot
from model.terms import Event, Phase

__all__ = ["Calendar"]


class Calendar:
    """Entries by step and phase.

    Parameters
    ----------
    steps, step_ticks : int
        Steps of the run; ticks of a step.
    """

    def __init__(self, steps: int, step_ticks: int) -> None:
        self.steps = steps
        self.step_ticks = step_ticks
        self.pages: defaultdict[tuple[Phase, int], list[Entry]] = defaultdict(list)

    def enter(
        self, phase: Phase, what: Event, case: Case, when: int, *, earliest: int, slot: Slot | None = None
    ) -> bool:
        """Enter what comes up at `when` (ticks), not before step `earliest`; False beyond the end of the run."""
        step = max(when // self.step_ticks, earliest)
        if step >= self.steps:
            return False
        asking = slot.asking if slot is not None else 0
        self.pages[phase, step].append(Entry(what, case, max(when, step * self.step_ticks), slot, asking))
        return True

    def due(self, phase: Phase, step: int) -> Iterator[Entry]:
        """Yield what comes up, with what is entered for the same step meanwhile."""
        yield from self.pages[phase, step]
        del self.pages[phase, step]

    def put_off(self, phase: Phase, step: int, entries: list[Entry]) -> None:
        """Move entries of a step before what the next one holds."""
        self.pages[phase, step + 1][:0] = entries
