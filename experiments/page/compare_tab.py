"""The Compare tab: which packages, how far it is, what was found, what can be taken away."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import solara

from experiments.blocks import Block, Heading, Paragraph
from experiments.messages import Language, current_language, in_language, msg, running_text, template
from experiments.page.jobs import Finished, Job, Order, Stand, finished
from experiments.page.package import MINE, PAIRS, SCALES, Choice
from experiments.page.rules_tab import presets
from experiments.page.state import DISTRICT, State
from experiments.page.telling import Told
from model import ConfigError

if TYPE_CHECKING:
    from experiments.studies.compare import CompareResults

__all__ = ["CompareTab", "Comparing"]


class Comparing:
    """The comparison of one tab, which goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._job: Job | None = None
        self.stand = solara.reactive(Stand())
        self.found = solara.reactive(finished(state.result.value))
        gone = bool(state.result.value) and self.found.value is None
        self.trouble = solara.reactive("pack_gone" if gone else "")
        if gone:
            state.result.set("")

    def choose(self, said: Any) -> None:
        """Put a package at a place, or take it away."""
        self._choose(self._state.choice.value.put(said.get("place"), said.get("name")))

    def set_pairs(self, pairs: Any) -> None:
        """Set the number of pairs."""
        self._choose(self._state.choice.value.with_pairs(pairs))

    def set_scale(self, scale: Any) -> None:
        """Set the share of Chaoyang's demand."""
        self._choose(self._state.choice.value.with_scale(scale))

    def _choose(self, choice: Choice) -> None:
        self.trouble.set("")
        self._state.choice.set(choice)

    def order(self) -> Order:
        """Return what would be compared now."""
        choice = self._state.choice.value
        packages = choice.packages(self._state.package.value)
        titles = tuple(each.title(each.scenario(DISTRICT)) for each in packages)
        return Order(packages, titles, choice.pairs, self._state.seed.value, {"demand.scale": str(choice.scale)})

    def start(self, *_: Any) -> None:
        """Compare, from the beginning; the last result stays until there is another."""
        if self.stand.value.busy:
            return
        order = self.order()
        if len(order.packages) < 2 or len(set(order.packages)) < len(order.packages):
            self.trouble.set("pack_twice")
            return
        self.trouble.set("")
        self.close()
        job = Job(order, lambda stand: self._show(job, stand))
        self._job = job
        job.start()

    def _show(self, job: Job, stand: Stand) -> None:
        """Take how far a job is; one that was ended meanwhile is let go."""
        if job is not self._job:
            return
        if stand.phase == "done":
            self.found.set(finished(job.token))
            self._state.result.set(job.token)
        self.stand.set(stand)

    def cancel(self, *_: Any) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Stop it and clear it away; a finished result is kept for its link."""
        if self._job is not None:
            self._job.close()
            self._job = None


@solara.component_vue("views/compare.vue")
def _Compare(
    words: Mapping[str, str], places: Sequence[Any], options: Sequence[Any], pairs: int, all_pairs: Sequence[int],
    scale: float, scales: Sequence[Any], busy: bool, progress: str, share: float, trouble: str, files: Sequence[Any],
    old: bool,
    event_choose: Callable[[Any], None], event_set_pairs: Callable[[Any], None], event_set_scale: Callable[[Any], None],
    event_start: Callable[[Any], None], event_cancel: Callable[[Any], None],
) -> None:  # fmt: skip
    """Draw the tab; everything that it says is given."""


@solara.component
def CompareTab(state: State, comparing: Comparing) -> None:
    """Show two to four packages side by side."""
    language, choice = state.language.value, state.choice.value
    stand, found = comparing.stand.value, comparing.found.value
    blocks = solara.use_memo(lambda: _blocks(found, language), [found, language])
    with in_language(language):
        _Compare(
            words={name: template(f"pack_{name}") for name in _SAID}, places=list(choice.names),
            options=[{"code": MINE, "name": _mine(state)}, *presets(language)], pairs=choice.pairs,
            all_pairs=list(PAIRS), scale=choice.scale, scales=_scales(), busy=stand.busy,
            progress=_progress(stand),
            share=stand.done / stand.planned if stand.planned else 0.0, trouble=_trouble(comparing, stand),
            files=_files(found, language), old=bool(found) and found.order != comparing.order(),
            event_choose=comparing.choose, event_set_pairs=comparing.set_pairs, event_set_scale=comparing.set_scale,
            event_start=comparing.start, event_cancel=comparing.cancel,
        )  # fmt: skip
        if found is not None:
            Told(blocks=blocks, main=False)


def _mine(state: State) -> str:
    package = state.package.value
    try:
        title = package.title(package.scenario(DISTRICT))[str(state.language.value)]
    except ConfigError:
        title = package.preset
    return msg("pack_mine", title=title)


def _scales() -> list[dict[str, Any]]:
    return [{"scale": scale, "name": msg("pack_full" if scale == 1.0 else "pack_part", percent=f"{100 * scale:.0f}")}
            for scale in SCALES]  # fmt: skip


def _progress(stand: Stand) -> str:
    return "" if stand.phase == "idle" else msg(f"pack_phase_{stand.phase}", done=stand.done, planned=stand.planned)


def _trouble(comparing: Comparing, stand: Stand) -> str:
    said = msg(comparing.trouble.value) if comparing.trouble.value else ""
    return running_text([said, stand.trouble]).strip()


def _blocks(found: Finished | None, language: Language) -> list[dict[str, Any]]:
    if found is None:
        return []
    with in_language(language):
        return list(_told(found))


def _told(found: Finished) -> Iterator[dict[str, Any]]:
    """Yield of what the result is, then the sections of its report that fit a page, then its figures."""
    from experiments.store.opened import open_study
    from experiments.studies.compare import CompareResults

    results = CompareResults(open_study(found.study))
    yield from (block.to_dict() for block in _sections(results))
    yield Heading(msg("pack_figures")).to_dict()
    language = current_language()
    drawn = found.study / "figures" / ("zh" if language is Language.ZH else "")
    start = f"/whistle/results/{found.token}/{language}/figures"
    for chart in results.charts():
        if chart.on_page and (drawn / f"{chart.name}.svg").exists():
            image = chart.image("")
            yield dataclasses.replace(image, alt=image.caption).to_dict() | {"address": f"{start}/{chart.name}.svg"}


SECTIONS = ("key", "table", "steps", "work")


def _sections(results: CompareResults) -> Iterator[Block]:
    scale = results.first_base["demand"]["scale"]
    yield Heading(results.title())
    yield Paragraph(msg("pack_of", names=msg("list_join").join(results.titles.values()), pairs=results.pairs,
                         percent=f"{100 * scale:.0f}", seed=results.opened.study.seed))  # fmt: skip
    yield from results.cautions()
    for name in SECTIONS:
        blocks = list(results.sections[name]())
        if blocks:
            yield Heading(msg(f"brief_{name}"))
            yield from blocks


def _files(found: Finished | None, language: Language) -> list[dict[str, str]]:
    if found is None:
        return []
    start = f"/whistle/results/{found.token}"
    places = {"report.pdf": f"{start}/{language}/report.pdf", "report.html": f"{start}/{language}/report.html",
              "figures.zip": f"{start}/{language}/figures.zip", "data.zip": f"{start}/data.zip"}  # fmt: skip
    return [{"address": address, "file": name, "name": msg(f"pack_file_{name}")} for name, address in places.items()]


_SAID = ("hint", "add", "remove", "package", "basis", "pairs", "scale", "start", "cancel", "take", "small", "old")
