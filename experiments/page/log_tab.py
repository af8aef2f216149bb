"""The tab of a log of one's own: taken, measured, looked at, and a district learned from it."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

import solara

from experiments.logs import formats
from experiments.messages import Language, in_language, msg, template
from experiments.page.log_fields import Settings, command_of, fields_of, given, with_option
from experiments.page.log_job import LogJob, Message, learned
from experiments.page.log_process import Task
from experiments.page.state import State
from experiments.page.uploads import LARGEST_LOG, Uploads
from experiments.page.view import view
from experiments.runner import usable_processors

BUSY = ("reading", "measuring", "looking", "waiting", "learning", "writing")
MOST_LINES = 200  # of progress, the newest
Blocks = list[dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Log:
    """The log of a tab: its number, and its files' names and size together in bytes."""

    number: int
    names: tuple[str, ...]
    size: int


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was found in a log.

    Attributes:
        language, settings: In and under which.
        columns: As `whistle log FILE --columns --json` has them.
        values: To choose from, by option.
        sections: Blocks of the columns, the measures and the diagnosis.
        refused: Why no district can be learned from it.
    """

    language: Language
    settings: Settings
    columns: Sequence[Mapping[str, Any]] = ()
    values: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    sections: Mapping[str, Blocks] = dataclasses.field(default_factory=dict)
    refused: str | None = None

    def taking(self, message: Message, address: str) -> Seen:
        """Return it with what a process tells; pictures lie at an address."""
        what = message["what"]
        if what == "values":
            return dataclasses.replace(self, values={**self.values, message["option"]: message["values"]})
        if what not in ("columns", "measures", "diagnosis"):
            return self
        figures = _placed(message.get("figures", []), address, wide=what == "diagnosis")
        sections = {**self.sections, what: _with_figures(message["blocks"], figures)}
        columns = message.get("columns", self.columns)
        return dataclasses.replace(self, sections=sections, columns=columns, refused=message.get("refused"))


def _with_figures(blocks: Blocks, figures: Blocks) -> Blocks:
    """Return blocks with pictures before the first table."""
    at = next((place for place, each in enumerate(blocks) if each["kind"] == "table"), len(blocks))
    return [*blocks[:at], *figures, *blocks[at:]]


def _placed(figures: Sequence[Mapping[str, Any]], address: str, *, wide: bool) -> Blocks:
    return [{**each, "address": f"{address}/{each['address']}", "wide": wide} for each in figures]


@dataclasses.dataclass(frozen=True)
class Trouble:
    """What went wrong, in sentences, and whether in learning."""

    words: tuple[str, ...] = ()
    learning: bool = False


class Reading:
    """The log of one tab; what is done with it goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.uploads = Uploads()
        self._job: LogJob | None = None
        self._looks = 0
        self.log: solara.Reactive[Log | None] = solara.reactive(None)
        self.settings: solara.Reactive[Settings] = solara.reactive(dict[str, Any]())
        self.split = solara.reactive("")
        self.seen: solara.Reactive[Seen | None] = solara.reactive(None)
        self.phase = solara.reactive("idle")
        self.lines: solara.Reactive[tuple[str, ...]] = solara.reactive(())
        gone = bool(state.learned.value) and learned(state.learned.value) is None
        self.trouble = solara.reactive(Trouble())
        if gone:
            state.learned.set("")
            with in_language(state.language.value):
                self.trouble.set(Trouble((msg("own_log_gone"),)))

    @property
    def busy(self) -> bool:
        return self.phase.value in BUSY

    def take(self, number: Any, names: Any, size: Any) -> None:
        """Measure a log whose files have arrived; nonsense changes nothing."""
        if not (isinstance(number, int) and isinstance(names, list) and names and isinstance(size, int)):
            return
        if not all(isinstance(name, str) and (self.uploads.files(number) / name).is_file() for name in names):
            return
        self._end_job()
        self.uploads.keep_only(number)
        self.log.set(Log(number, tuple(names), size))
        self.settings.set({})
        self.split.set("")
        self.seen.set(None)
        self.look()

    def forget(self, *_: Any) -> None:
        """Remove the log; a district that was learned stays."""
        self._end_job()
        self.uploads.keep_only(None)
        self.log.set(None)
        self.seen.set(None)
        self.phase.set("idle")
        self.trouble.set(Trouble())

    def set_option(self, name: Any, value: Any) -> None:
        with contextlib.suppress(ValueError):
            self.settings.set(with_option(self.settings.value, name, value))

    def set_split(self, day: Any) -> None:
        with contextlib.suppress(ValueError, TypeError):
            self.split.set(day and str(date.fromisoformat(day)))

    def look(self, *_: Any) -> None:
        """Measure the log and look at it."""
        log, settings, language = self.log.value, self.settings.value, self._state.language.value
        if log is None or self.busy:
            return
        self._looks += 1
        place = f"look-{self._looks}"
        address = f"/whistle/results/{self.uploads.token}/{place}"
        before = self.seen.value
        known = before or Seen(language, settings)
        found = [dataclasses.replace(known, language=language, settings=settings, sections={}, refused=None)]

        def show(message: Message) -> None:
            found[0] = found[0].taking(message, address)
            if before is None or message["what"] == "ended":
                self.seen.set(found[0])
            self._show(message, learning=False)

        state = settings.get("state")
        task = self._task(log, settings, language, str(self.uploads.results / place))
        self._start(dataclasses.replace(task, state=state), show)

    def learn(self, *_: Any) -> None:
        """Learn a district from the log as it was measured last."""
        log, seen = self.log.value, self.seen.value
        if log is None or seen is None or self.busy:
            return
        task = self._task(log, seen.settings, self._state.language.value, "")
        task = dataclasses.replace(
            task, learn=True, split=self.split.value or None, district=self.district(log),
            jobs=usable_processors(),
        )  # fmt: skip
        self._start(task, lambda message: self._show(message, learning=True))

    def district(self, log: Log) -> str:
        """Return a name for the district of a log, beside its files."""
        name = PurePath(log.names[0]).name.partition(".")[0] or "log"
        taken = {each.casefold() for each in log.names}
        name = f"{name}-district"
        while name.casefold() in taken:
            name += "-"
        return name

    def _task(self, log: Log, settings: Settings, language: Language, out: str) -> Task:
        return Task(False, str(self.uploads.files(log.number)), log.names, given(settings), language, out)

    def _start(self, task: Task, show: Callable[[Message], None]) -> None:
        self._end_job()
        self.trouble.set(Trouble())
        self.lines.set(())
        self.phase.set("waiting" if task.learn else "reading")
        self._job = LogJob(task, self.uploads.room, show)
        self._job.start()

    def _show(self, message: Message, *, learning: bool) -> None:
        what = message["what"]
        if what in ("phase", "ended"):
            self.phase.set(message["phase"])
        elif what == "line":
            self.lines.set((*self.lines.value[1 - MOST_LINES :], message["words"]))
        elif what in ("wrong", "refused"):
            self.trouble.set(Trouble(tuple(message["problems"]), learning))
        elif what == "failed":
            self.trouble.set(Trouble((message["trouble"],), learning))
        elif what == "killed":
            with in_language(self._state.language.value):
                self.trouble.set(Trouble((msg("own_log_killed", code=message["code"]),), learning))
        elif what == "learned":
            self._state.learned.set(message["token"])

    def cancel(self, *_: Any) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.close()
            self._job = None

    def close(self) -> None:
        """Stop what goes on and remove the files; a district that was learned is kept for its link."""
        job = self._job
        self._end_job()

        def clear() -> None:
            if job is not None:
                job.join()
            self.uploads.close()

        threading.Thread(target=clear, daemon=True, name="whistle-clear").start()


_TEXTS = ("hint", "drop", "choose", "files", "forget", "folder", "not_sent", "sending", "cancel", "columns",
          "columns_note", "more", "measure", "changed", "add", "remove", "command")  # fmt: skip
_LEARN_TEXTS = ("learn", "learn_title", "learn_hint", "split", "cancel", "progress", "take", "first_measure",
                "command", "report_language", "compare")  # fmt: skip


@solara.component
def LogTab(state: State, reading: Reading, compare: Callable[[], None]) -> None:
    """Take a log, show what it says, and learn a district from it; `compare` leads to the comparison on it."""
    language, seen, busy = state.language.value, reading.seen.value, reading.busy

    def speak() -> None:
        if seen is not None and seen.language is not language and not busy:
            reading.look()

    solara.use_effect(speak, [language, busy])
    with in_language(language):
        _taken(reading)
        sections = seen.sections if seen else {}
        if "measures" in sections:
            view("blocks")(blocks=[*sections["measures"], *sections.get("diagnosis", [])], main=False)
        if "diagnosis" in sections or learned(state.learned.value):
            _learning(state, reading, compare)
        if found := learned(state.learned.value):
            told = found.shown[str(language)]
            figures = _placed(told["figures"], f"/whistle/results/{found.token}/figures/{language}", wide=True)
            title = {"kind": "heading", "text": told["title"]}
            view("blocks")(blocks=[title, *_with_figures(told["blocks"], figures)], main=False)


def _taken(reading: Reading) -> None:
    log, seen, settings, trouble = reading.log.value, reading.seen.value, reading.settings.value, reading.trouble.value
    most = LARGEST_LOG // 1_000_000
    phase = reading.phase.value
    view("log")(
        words={name: template(f"own_log_{name}") for name in _TEXTS}
        | {"formats": msg("own_log_formats", formats=_formats()), "stays": msg("own_log_stays", most=most),
           "too_large": msg("own_log_too_large", most=most)},
        address=f"/whistle/logs/{reading.uploads.token}/", largest=LARGEST_LOG,
        names=list(log.names) if log else [], size=_size_text(log.size) if log else "",
        busy=reading.busy, progress="" if phase == "idle" else msg(f"own_log_phase_{phase}"),
        trouble=[] if trouble.learning else list(trouble.words),
        columns=list(seen.sections.get("columns", [])) if seen else [],
        fields=fields_of(settings, seen.columns, seen.values) if seen and seen.columns else [],
        changed=bool(seen) and seen is not None and given(seen.settings) != given(settings),
        command=command_of("log", log.names, settings) if log else "",
        event_taken=lambda found: reading.take(found.get("log"), found.get("names"), found.get("size")),
        event_forget=reading.forget, event_cancel=reading.cancel, event_measure=reading.look,
        event_set_option=lambda found: reading.set_option(found.get("name"), found.get("value")),
    )  # fmt: skip


def _formats() -> str:
    return msg("list_join").join(dict.fromkeys(each.title for each in formats()))


def _size_text(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000)):,} kB"


def _learning(state: State, reading: Reading, compare: Callable[[], None]) -> None:
    log, seen, found = reading.log.value, reading.seen.value, learned(state.learned.value)
    trouble, phase, split = reading.trouble.value, reading.phase.value, reading.split.value
    refused = seen.refused if seen else None
    at_work = phase in ("waiting", "learning", "writing")
    name = reading.district(log) if log else ""
    options = ["--out", name, *(["--split", split] if split else [])]
    view("learn")(
        words={name: template(f"own_log_{name}") for name in _LEARN_TEXTS},
        ready=bool(seen) and not reading.busy and (refused is None or bool(split))
        and seen is not None and given(seen.settings) == given(reading.settings.value),
        changed=seen is not None and given(seen.settings) != given(reading.settings.value),
        refused="" if refused is None or split else msg("own_log_refused", why=refused),
        split=split, at_work=at_work, progress=msg(f"own_log_phase_{phase}") if at_work else "",
        lines=list(reading.lines.value), trouble=list(trouble.words) if trouble.learning else [],
        command=command_of("fit", log.names, seen.settings, *options) if log and seen else "",
        files=_files(found) if found else [], in_other_language=bool(found) and found is not None
        and found.language != str(state.language.value),
        event_learn=reading.learn, event_cancel=reading.cancel, event_set_split=reading.set_split,
        event_compare=lambda *_: compare(),
    )  # fmt: skip


def _files(found: Any) -> list[dict[str, str]]:
    start = f"/whistle/results/{found.token}"
    reports = [{"address": f"{start}/{found.district}/{name}", "file": name, "name": msg(f"own_log_file_{name}")}
               for name in found.reports]  # fmt: skip
    packed = f"{found.district}.zip"
    return [*reports, {"address": f"{start}/{packed}", "file": packed, "name": msg("own_log_file_district")}]
