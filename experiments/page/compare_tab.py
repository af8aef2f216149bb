"""The Compare tab: which packages, progress, results, downloads."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import solara

from experiments.blocks import Block, Heading, Paragraph
from experiments.messages import Language, in_language, msg, running_text, template
from experiments.page.jobs import BRIEFS, LAST_FILE, Command, Drawing, Finished, Job, Order, Progress, finished
from experiments.page.log_job import Learned, learned
from experiments.page.package import MINE, PAIRS, Choice
from experiments.page.rules_tab import presets
from experiments.page.state import State
from experiments.page.view import view

if TYPE_CHECKING:
    from experiments.studies.compare import CompareResults

_TEXTS = ("hint", "add", "remove", "package", "numbers", "basis", "pairs", "start", "cancel", "take", "old",
          "district", "draw")  # fmt: skip


class Comparing:
    """The comparison of one tab, which goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._job: Command | None = None
        self.progress = solara.reactive(Progress())
        self.found = solara.reactive(finished(state.result.value))
        gone = bool(state.result.value) and self.found.value is None
        self.trouble = solara.reactive("compare_gone" if gone else "")
        if gone:
            state.result.set("")

    def choose(self, change: Callable[[Choice], Choice]) -> None:
        """Change what is compared; nonsense changes nothing."""
        self.trouble.set("")
        with contextlib.suppress(ValueError, TypeError):
            self._state.choice.set(change(self._state.choice.value))

    def order(self) -> Order:
        choice = self._state.choice.value
        packages = choice.packages(self._state.package.value)
        own = self.learned if choice.learned else None
        return Order(packages, choice.pairs, self._state.seed.value, {}, own.path if own else None)

    @property
    def learned(self) -> Learned | None:
        """The district that was learned from a log, where there is one."""
        return learned(self._state.learned.value)

    def start(self, *_: Any) -> None:
        """Compare, from the beginning; the last result stays until there is another."""
        if self.progress.value.busy:
            return
        order = self.order()
        if len(order.packages) < 2 or len(set(order.packages)) < len(order.packages):
            self.trouble.set("compare_twice")
            return
        self.trouble.set("")
        self.close()
        job = self._job = Job(order, lambda progress: self._show(progress, job.token))
        job.start()

    def draw(self, *_: Any) -> None:
        """Draw the brief of the comparison that is shown, in the language that is spoken."""
        found = self.found.value
        if found is not None and not self.progress.value.busy:
            self._job = Drawing(found, self._state.language.value, self.progress.set)
            self._job.start()

    def _show(self, progress: Progress, token: str) -> None:
        if progress.phase == "done":
            self.found.set(finished(token))
            self._state.result.set(token)
        self.progress.set(progress)

    def cancel(self, *_: Any) -> None:
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Stop it and remove it; a finished result is kept for its link."""
        if self._job is not None:
            self._job.close()


@solara.component
def CompareTab(state: State, comparing: Comparing) -> None:
    """Show two to four packages side by side."""
    language, choice = state.language.value, state.choice.value
    progress, found, trouble = comparing.progress.value, comparing.found.value, comparing.trouble.value
    drawn = found is not None and found.drawn(language)
    blocks = solara.use_memo(lambda: _blocks(found, language) if found else [], [found, language, drawn])

    def changed(name: str) -> Callable[[Any], None]:
        return lambda value: comparing.choose(lambda choice: dataclasses.replace(choice, **{name: value}))

    own = comparing.learned
    files = {name: f"{language}/" for name in (*reversed(BRIEFS), LAST_FILE) if drawn} | {"data.zip": ""}
    with in_language(language):
        mine = msg("compare_mine", title=state.package.value.title()[language])
        view("compare")(
            words={name: template(f"compare_{name}") for name in _TEXTS}, places=list(choice.names),
            options=[{"code": MINE, "name": mine}, *presets(language)], pairs=choice.pairs,
            all_pairs=[{"count": each, "name": msg("compare_times", count=each)} for each in PAIRS],
            can_draw=found is not None and not drawn,
            on_learned=choice.learned and own is not None,
            districts=[msg("compare_chaoyang"), own.shown[str(language)]["title"]] if own else [],
            busy=progress.busy, share=progress.done / progress.planned if progress.planned else 0.0,
            progress="" if progress.phase == "idle" else
            msg(f"compare_phase_{progress.phase}", done=progress.done, planned=progress.planned),
            trouble=running_text([msg(trouble) if trouble else "", progress.trouble]).strip(),
            files=[{"address": f"/whistle/results/{found.token}/{place}{name}", "file": name,
                    "name": msg(f"compare_file_{name}")} for name, place in files.items() if found],
            old=bool(found) and found.order != comparing.order(),
            event_choose=lambda given: comparing.choose(lambda choice: choice.put(**given)),
            event_set_pairs=changed("pairs"), event_draw=comparing.draw,
            event_set_learned=lambda on: changed("learned")(bool(on)),
            event_start=comparing.start, event_cancel=comparing.cancel,
        )  # fmt: skip
        if found is not None:
            view("blocks")(blocks=blocks, main=False)


def _blocks(found: Finished, language: Language) -> list[dict[str, Any]]:
    """Return what was compared, the sections of its report that fit a page, and its figures."""
    from experiments.store.opened import OpenStudy
    from experiments.studies.compare import CompareResults

    results = CompareResults(OpenStudy(found.study))
    drawn = found.study / "figures" / ("zh" if language is Language.ZH else "")
    start = f"/whistle/results/{found.token}/{language}/figures"
    with in_language(language):
        images = [(chart.name, chart.image("")) for chart in results.charts() if chart.on_page]
        return [block.to_dict() for block in _sections(results)] + [
            dataclasses.replace(image, alt=image.caption).to_dict() | {"address": f"{start}/{name}.svg"}
            for name, image in images if (drawn / f"{name}.svg").exists()
        ]  # fmt: skip


def _sections(results: CompareResults) -> Iterator[Block]:
    yield Heading(results.title())
    yield Paragraph(msg("compare_of", names=msg("list_join").join(results.titles.values()), pairs=results.pairs))
    yield from results.cautions()
    for name in ("doubt", "kinds", "table", "steps", "work"):
        blocks = list(results.sections[name]())
        if blocks:
            yield Heading(msg(f"brief_{name}"))
            yield from blocks
