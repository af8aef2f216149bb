"""The Compare tab: which packages, progress, results, downloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import solara

from experiments.blocks import Block, Bullets, Heading, Image, Paragraph
from experiments.messages import Language, in_language, msg, running_text, template
from experiments.page.jobs import Finished, Job, Order, Progress, finished
from experiments.page.package import MINE, PAIRS, SCALES, Choice
from experiments.page.rules_tab import presets
from experiments.page.state import State
from experiments.page.view import block_dicts, view

__all__ = ["CompareTab", "Comparing"]

FIGURES = ("summary", "closure_over_time", "workload_by_level", "passes_per_case", "hand_over_matrix", "streets",
           "departments")  # fmt: skip


class Comparing:
    """The comparison of one tab, which goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._job: Job | None = None
        self.progress = solara.reactive(Progress())
        self.found = solara.reactive(finished(state.result.value))
        gone = bool(state.result.value) and self.found.value is None
        self.trouble = solara.reactive("pack_gone" if gone else "")
        if gone:
            state.result.set("")

    def choose(self, given: Any) -> None:
        """Put a package at a place, or remove it."""
        self._choose(self._state.choice.value.put(given.get("place"), given.get("name")))

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
        return Order(packages, choice.pairs, self._state.seed.value, {"demand.scale": str(choice.scale)})

    def start(self, *_: Any) -> None:
        """Compare, from the beginning; the last result stays until there is another."""
        if self.progress.value.busy:
            return
        order = self.order()
        if len(order.packages) < 2 or len(set(order.packages)) < len(order.packages):
            self.trouble.set("pack_twice")
            return
        self.trouble.set("")
        self.close()
        job = Job(order, lambda progress: self._show(job, progress))
        self._job = job
        job.start()

    def _show(self, job: Job, progress: Progress) -> None:
        """Take the progress of a job; one that was ended meanwhile is ignored."""
        if job is not self._job:
            return
        if progress.phase == "done":
            self.found.set(finished(job.token))
            self._state.result.set(job.token)
        self.progress.set(progress)

    def cancel(self, *_: Any) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Stop it and remove it; a finished result is kept for its link."""
        if self._job is not None:
            self._job.close()
            self._job = None


@solara.component
def CompareTab(state: State, comparing: Comparing) -> None:
    """Show two to four packages side by side."""
    language, choice = state.language.value, state.choice.value
    progress, found = comparing.progress.value, comparing.found.value
    blocks = solara.use_memo(lambda: block_dicts(lambda: _blocks(found), language), [found, language])
    with in_language(language):
        view("compare")(
            words={name: template(f"pack_{name}") for name in _TEXTS}, places=list(choice.names),
            options=[{"code": MINE, "name": _mine(state)}, *presets(language)], pairs=choice.pairs,
            all_pairs=list(PAIRS), scale=choice.scale, scales=_scales(), busy=progress.busy,
            progress=_progress_text(progress), share=progress.done / progress.planned if progress.planned else 0.0,
            trouble=_trouble(comparing.trouble.value, progress),
            files=_files(found, language), old=bool(found) and found.order != comparing.order(),
            event_choose=comparing.choose, event_set_pairs=comparing.set_pairs, event_set_scale=comparing.set_scale,
            event_start=comparing.start, event_cancel=comparing.cancel,
        )  # fmt: skip
        if found is not None:
            view("blocks")(blocks=[*blocks, *_figures(found, language)], main=False)


def _mine(state: State) -> str:
    return msg("pack_mine", title=state.package.value.title()[str(state.language.value)])


def _scales() -> list[dict[str, Any]]:
    return [{"scale": scale, "name": msg("pack_full" if scale == 1.0 else "pack_part", percent=f"{100 * scale:.0f}")}
            for scale in SCALES]  # fmt: skip


def _progress_text(progress: Progress) -> str:
    if progress.phase == "idle":
        return ""
    return msg(f"pack_phase_{progress.phase}", done=progress.done, planned=progress.planned)


def _trouble(key: str, progress: Progress) -> str:
    return running_text([msg(key) if key else "", progress.trouble]).strip()


def _blocks(found: Finished | None) -> Iterator[Block]:
    """Yield what was compared, the headline, the table, the steps, and who does the work: as the brief does."""
    from experiments.store.opened import open_study
    from experiments.studies.comparing.brief.body import cautions, title
    from experiments.studies.comparing.brief.numbers import based
    from experiments.studies.comparing.brief.sentences import key_sentences
    from experiments.studies.comparing.brief.sheets import MAIN, difference_sheets
    from experiments.studies.comparing.brief.steps import steps
    from experiments.studies.comparing.brief.work import work
    from experiments.studies.comparing.compare import compare
    from model import OUTCOMES

    if found is None:
        return
    opened = open_study(found.study)
    comparison = compare(opened)
    scale = opened.manifest["bases"][0]["resolved"]["demand"]["scale"]
    yield Heading(title(comparison))
    yield Paragraph(msg("pack_of", names=msg("list_join").join(map(comparison.title, comparison.regimes)),
                         pairs=comparison.pairs, percent=f"{100 * scale:.0f}", seed=opened.study.seed))  # fmt: skip
    yield from cautions(opened, comparison)
    yield Heading(msg("brief_key"))
    yield Bullets(key_sentences(comparison, OUTCOMES), numbered=True)
    yield Paragraph(msg("brief_brackets", basis=based(comparison)))
    yield Heading(msg("brief_table"))
    yield from difference_sheets(comparison, OUTCOMES, MAIN)
    yield from steps(comparison, OUTCOMES)
    yield Heading(msg("pack_winners"))
    yield from work(opened, comparison, {})


def _figures(found: Finished, language: Language) -> list[dict[str, Any]]:
    """Return the figures, small multiples first."""
    drawn = found.study / "figures" / ("zh" if language is Language.ZH else "")
    start = f"/whistle/results/{found.token}/{language}/figures"
    pictures = [
        Image(name, msg(f"caption_{name}"), msg(f"caption_{name}")).to_dict() | {"address": f"{start}/{name}.svg"}
        for name in FIGURES
        if (drawn / f"{name}.svg").exists()
    ]
    return [Heading(msg("pack_figures")).to_dict(), *pictures]


def _files(found: Finished | None, language: Language) -> list[dict[str, str]]:
    if found is None:
        return []
    start = f"/whistle/results/{found.token}"
    places = {"report.pdf": f"{start}/{language}/report.pdf", "report.html": f"{start}/{language}/report.html",
              "figures.zip": f"{start}/{language}/figures.zip", "data.zip": f"{start}/data.zip"}  # fmt: skip
    return [{"address": address, "file": name, "name": msg(f"pack_file_{name}")} for name, address in places.items()]


_TEXTS = ("hint", "add", "remove", "package", "basis", "pairs", "scale", "start", "cancel", "take", "small", "old")
