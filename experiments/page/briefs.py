"""The briefs of the cards of a tab, each drawn when somebody asks for it, in the language that is spoken then."""

from __future__ import annotations

import dataclasses
from typing import Any

import solara

from experiments.messages import Language
from experiments.page.jobs import BRIEFS, Command, Drawing, Job, Order, Progress, finished


@dataclasses.dataclass(frozen=True)
class Brief:
    """How far the brief of a card is, and what there is to take away."""

    order: Order
    language: Language
    progress: Progress
    token: str = ""

    @property
    def files(self) -> dict[str, str]:
        """Address of each file by its name, once they are drawn."""
        if self.progress.phase != "drawn":
            return {}
        return {name: f"/whistle/results/{self.token}/{self.language}/{name}" for name in BRIEFS}


class Briefs:
    """The briefs of one tab; every method returns at once."""

    def __init__(self) -> None:
        self.shown = solara.reactive(dict[str, Brief]())
        self._under_way: dict[str, Command] = {}

    def start(self, card: str, order: Order, language: Language) -> None:
        """Run a card's comparison, unless it has been run, and draw its brief."""
        known = self.shown.value.get(card)
        if known is not None and known.progress.busy:
            return
        done = finished(known.token) if known is not None and known.order == order else None
        if done is not None:
            return self._draw(card, order, language, done.token)

        def show(progress: Progress) -> None:
            self._put(card, Brief(order, language, progress, job.token))
            if progress.phase == "done":
                self._draw(card, order, language, job.token)

        job = Job(order, show)
        self._begin(card, job)

    def _draw(self, card: str, order: Order, language: Language, token: str) -> None:
        done = finished(token)
        if done is not None:
            self._begin(card, Drawing(done, language, lambda now: self._put(card, Brief(order, language, now, token))))

    def _begin(self, card: str, command: Command) -> None:
        self._under_way[card] = command
        command.start()

    def _put(self, card: str, brief: Brief) -> None:
        self.shown.set({**self.shown.value, card: brief})

    def cancel(self, card: Any) -> None:
        """End the brief of a card."""
        if card in self._under_way:
            self._under_way[card].cancel()

    def close(self) -> None:
        """End all of them; finished comparisons are kept for a while."""
        for command in self._under_way.values():
            command.close()
