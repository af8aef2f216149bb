"""The District tab: a district is watched day by day."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import solara

from experiments.page.district_text import charts, moving, still
from experiments.page.stage import stage_of
from experiments.page.state import State
from experiments.page.view import view
from experiments.page.watch import MEASURES, SPEEDS, Orders, Picture, Watch, watched

if TYPE_CHECKING:
    from model import Scenario

BETWEEN_CHARTS = 0.5
"""Seconds between two drawings of the charts; the map moves faster."""


class Watching:
    """The district of one tab, which goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.picture = solara.reactive(Picture())
        self.charted = solara.reactive(Picture())
        self.speed = solara.reactive(SPEEDS[2])
        self.measure = solara.reactive(MEASURES[0])
        self.selected: solara.Reactive[int | None] = solara.reactive(None)
        self.watch = Watch(self.scenario(), state.seed.value, self._show, Orders())  # not begun
        self._drawn = 0.0

    def scenario(self) -> Scenario:
        return watched(self._state.running.value.package.scenario())

    def start(self, play: bool = False) -> None:
        """Start the run again under the rules as they are now, and let days pass at once where asked."""
        self.watch.close()
        self._state.running.set(self._state.link)
        self.picture.set(Picture())
        self.charted.set(Picture())
        orders = Orders(play, self.speed.value, self.selected.value)
        self.watch = Watch(self.scenario(), self._state.seed.value, self._show, orders)
        self.watch.start()

    def _show(self, picture: Picture) -> None:
        self.picture.set(picture)
        now = time.monotonic()
        if not picture.playing or now - self._drawn > BETWEEN_CHARTS:
            self._drawn = now
            self.charted.set(picture)

    def set_speed(self, days: Any) -> None:
        if days in SPEEDS:
            self.speed.set(int(days))
            self.watch.order(speed=int(days))

    def set_measure(self, name: Any) -> None:
        if name in MEASURES:
            self.measure.set(str(name))

    def select(self, row: Any) -> None:
        """Describe a unit, or none."""
        if row is None or (isinstance(row, int) and 0 <= row < len(self.picture.value.queued)):
            self.selected.set(row)
            self.watch.order(selected=row)


@solara.component
def DistrictTab(state: State, watching: Watching) -> None:
    """Show the district that runs."""
    language, running, measure = state.language.value, state.running.value, watching.measure.value
    picture, charted = watching.picture.value, watching.charted.value
    stage = solara.use_memo(lambda: stage_of(watching.scenario(), language), [language, running])
    view("district")(
        stage=stage, measure=measure, speed=watching.speed.value, selected=watching.selected.value,
        **solara.use_memo(lambda: still(stage, measure, language), [stage, measure, language]),
        **moving(stage, picture, measure, language),
        charts=solara.use_memo(lambda: charts(charted, language), [charted, language]),
        event_play=lambda on: watching.watch.order(playing=bool(on)),
        event_step=lambda *_: watching.watch.order(steps=1), event_reset=lambda *_: watching.start(),
        event_set_speed=watching.set_speed, event_set_measure=watching.set_measure, event_select=watching.select,
        event_follow=lambda on: watching.watch.order(followed=0 if on else None),
    )  # fmt: skip
