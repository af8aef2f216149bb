"""The District tab: a district is watched day by day."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import solara

from experiments.page.district_text import charts, moving, staged, still
from experiments.page.state import DISTRICT, State
from experiments.page.watch import MEASURES, SPEEDS, Picture, Watch, watched

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["DistrictTab", "Watching"]

BETWEEN_CHARTS = 0.5
"""Seconds between two drawings of the charts; the map moves faster."""


class Watching:
    """The district of one tab, which goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._watch: Watch | None = None
        self.picture = solara.reactive(Picture())
        self.charted = solara.reactive(Picture())
        self.speed = solara.reactive(SPEEDS[2])
        self.measure = solara.reactive(MEASURES[0])
        self.selected: solara.Reactive[int | None] = solara.reactive(None)
        self._drawn = 0.0

    def scenario(self) -> Scenario:
        """Return the scenario that is running."""
        return watched(self._state.running.value.package.scenario(DISTRICT))

    def start(self, play: bool = False) -> None:
        """Begin the run anew under the rules as they are now, and let days pass where that is asked for."""
        self.close()
        self._state.running.set(self._state.asked)
        self.picture.set(Picture())
        self.charted.set(Picture())
        watch = Watch(self.scenario(), self._state.seed.value, lambda picture: self._show(watch, picture))
        self._watch = watch
        watch.speed(self.speed.value)
        watch.select(self.selected.value)
        watch.play(play)
        watch.start()

    def close(self) -> None:
        """End the run and free it."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def _show(self, watch: Watch, picture: Picture) -> None:
        """Take a picture; one of a run that was ended meanwhile is let go."""
        if watch is not self._watch:
            return
        self.picture.set(picture)
        now = time.monotonic()
        if not picture.playing or now - self._drawn > BETWEEN_CHARTS:
            self._drawn = now
            self.charted.set(picture)

    def play(self, on: bool) -> None:
        """Let days pass, or stop."""
        if self._watch is not None:
            self._watch.play(bool(on))

    def step(self, *_: Any) -> None:
        """One day."""
        if self._watch is not None:
            self._watch.step()

    def set_speed(self, days: Any) -> None:
        """Set how fast days pass."""
        if days in SPEEDS and self._watch is not None:
            self.speed.set(int(days))
            self._watch.speed(int(days))

    def set_measure(self, name: Any) -> None:
        """Set what units are coloured by."""
        if name in MEASURES:
            self.measure.set(str(name))

    def select(self, row: Any) -> None:
        """Tell of a unit."""
        if self._watch is not None and (
            row is None or (isinstance(row, int) and 0 <= row < len(self.picture.value.queued))
        ):
            self.selected.set(row)
            self._watch.select(row)

    def follow(self, on: Any) -> None:
        """Follow the newest case, or none."""
        if self._watch is not None:
            self._watch.follow(0 if on else None)


@solara.component_vue("views/district.vue")
def _District(
    words: Mapping[str, str], stage: Mapping[str, Any], frame: int, ready: bool, playing: bool, over: bool,
    trouble: str, day: str, today: Sequence[Any], speed: int, speeds: Sequence[Any], measure: str,
    measures: Sequence[Any],
    colours: Mapping[str, str], notes: Mapping[str, str], queued: Sequence[int], flows: Sequence[Any],
    legend: Sequence[Any], selected: int | None, unit: Any, followed: Any, result: Sequence[Any], charts: Sequence[Any],
    longest: Sequence[Any], terms: Sequence[Any],
    event_play: Callable[[Any], None], event_step: Callable[[Any], None], event_reset: Callable[[Any], None],
    event_set_speed: Callable[[Any], None], event_set_measure: Callable[[Any], None],
    event_select: Callable[[Any], None], event_follow: Callable[[Any], None],
) -> None:  # fmt: skip
    """Draw the tab; everything that it says is given."""


@solara.component
def DistrictTab(state: State, watching: Watching) -> None:
    """Show the district that runs."""
    language, running, measure = state.language.value, state.running.value, watching.measure.value
    picture, charted = watching.picture.value, watching.charted.value
    stage = solara.use_memo(lambda: staged(watching.scenario(), language), [language, running])
    _District(
        stage=stage, measure=measure, speed=watching.speed.value, selected=watching.selected.value,
        **solara.use_memo(lambda: still(stage, measure, language), [stage, measure, language]),
        **moving(stage, picture, measure, language),
        charts=solara.use_memo(lambda: charts(charted, language), [charted, language]),
        event_play=watching.play, event_step=watching.step, event_reset=lambda *_: watching.start(),
        event_set_speed=watching.set_speed, event_set_measure=watching.set_measure, event_select=watching.select,
        event_follow=watching.follow,
    )  # fmt: skip
