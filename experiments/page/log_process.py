"""A process that reads a log for the page, or learns a district from it, and tells in lines of JSON how far it is.

The task is the first line of standard input, which stays open as long as somebody wants the answer.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.blocks import Block, Bullets, Heading, Paragraph, Table
from experiments.errors import WrongInput
from experiments.logs.options import LogOptions
from experiments.messages import Language, in_language, msg

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.kinds import Results
    from experiments.learning.fitting import Asked, Fitted, Looked
    from experiments.logs.reading import WholeLog
    from experiments.logs.results import LogResults

BEHIND_THE_PAGE = 5  # niceness: whoever uses other tabs comes first
MOST_VALUES = 500  # of a column, offered to choose from
Tell = Callable[..., None]  # takes what it is about, and its values by name


@dataclass(frozen=True)
class Task:
    """What the page wants of a log.

    Attributes:
        learn: Whether a district is learned; else the log is measured and looked at.
        folder, names: Of the log's files.
        options: Flags of `whistle log` by name.
        state: Column whose values are offered as states of a closed case.
        split: Date on which the last part of the log begins.
        out: Folder of pictures, or of what is learned.
        district: Name of the folder of a district, in that of the files until it is complete.
        jobs: Processes for learning.
    """

    learn: bool
    folder: str
    names: Sequence[str]
    options: Mapping[str, Any]
    language: Language
    out: str
    state: str | None = None
    split: str | None = None
    district: str = ""
    jobs: int = 1

    @classmethod
    def of(cls, text: str) -> Task:
        """Return a task from its JSON."""
        values = json.loads(text)
        return cls(**values | {"language": Language(values["language"])})

    def text(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def asked(self) -> Asked:
        """Return it as `whistle fit` has it; the files lie in the current folder."""
        from experiments.learning.fitting import Asked

        log = LogOptions.of(list(self.names), self.options)
        return Asked(log, Path(self.district), self.split, self.jobs)


def carry_out(task: Task, tell: Tell) -> None:
    """Do what the page wants; what is wrong with a log is told in the sentences of the command line."""
    before = Path.cwd()
    os.chdir(task.folder)  # messages name the files as their owner does
    try:
        with in_language(task.language):
            (_learn if task.learn else _look)(task, tell)
    except WrongInput as error:
        tell("wrong", problems=list(error.problems))
    finally:
        os.chdir(before)


def _look(task: Task, tell: Tell) -> None:
    from experiments.logs.overview import overview_of
    from experiments.logs.reading import read_whole

    tell("phase", phase="reading")
    asked = task.asked()
    overview = overview_of(asked.log)
    _, (shown,) = _parted(overview.blocks())
    rows = [] if overview.shape is None else [Paragraph(msg(f"log_rows_are_{overview.shape}"))]
    tell("columns", columns=overview.as_json()["columns"], blocks=_plain((shown, *rows)))
    if task.state is not None:
        tell("values", option="closed_state", values=_states(asked.log, task.state))
    notes = list[str]()
    log = read_whole(asked.log, notes)
    tell("values", option="closed_by", values=_activities(log))
    tell("phase", phase="measuring")
    _measure(log, notes, Path(task.out), tell)
    tell("phase", phase="looking")
    _diagnose(asked, log, notes, Path(task.out), tell)


def _states(options: LogOptions, column: str) -> list[str]:
    from experiments.logs.sources import opened_log
    from experiments.logs.values import coded

    with opened_log(options, []) as (_, contents):
        if column not in contents.columns:
            return []
        codes, names = coded(contents.read([column])[0].column(column))
    return _offered(column, codes, names)


def _activities(log: WholeLog) -> list[str]:
    if "activity" not in log.events.columns:
        return []
    name = log.raw.mapped.columns.get("activity", "")
    return _offered(name, log.events.columns["activity"], log.events.names["activity"])


def _offered(column: str, codes: Any, names: pa.Array) -> list[str]:
    """Return the names of a column, the most frequent first; none of people."""
    import numpy as np

    from experiments.logs.people import holds_people

    words: list[str] = names.to_pylist()
    if holds_people(column, words):
        return []
    count = np.bincount(codes[codes >= 0], minlength=len(words))
    return [words[place] for place in np.argsort(-count, kind="stable")[:MOST_VALUES] if count[place]]


def _measure(log: WholeLog, notes: Sequence[str], out: Path, tell: Tell) -> None:
    from experiments.logs.measuring import measured_of
    from experiments.logs.results import LogResults

    results = LogResults(measured_of(log, notes))
    sentences, tables = _parted(results.blocks())
    title, *_ = [each.caption for each in tables]
    blocks: list[Block] = [Heading(title), Bullets(tuple(sentences))]
    tell("measures", blocks=_plain([*blocks, *_tables_of(results, tables)]), figures=_figures(results, out))


def _parted(blocks: Iterable[Block | str]) -> tuple[list[str], list[Table]]:
    """Return sentences and tables apart."""
    found = list(blocks)
    return [each for each in found if isinstance(each, str)], [each for each in found if isinstance(each, Table)]


def _tables_of(results: LogResults, tables: Sequence[Table]) -> Iterator[Block]:
    """Yield the tables, the first without its caption, which is the heading, and how the log was read."""
    first, *others = tables
    yield replace(first, caption=msg("own_log_measures"))
    yield from others
    yield Heading(msg("own_log_notes"))
    yield Bullets(tuple(results.log.notes))


def _diagnose(asked: Asked, log: WholeLog, notes: Sequence[str], out: Path, tell: Tell) -> None:
    from functools import partial

    from experiments.kinds import Chart
    from experiments.learning.diagnosis import picture
    from experiments.learning.fitting import looked_at, refusal
    from experiments.learning.results import closing_text, diagnosis_blocks

    looked = looked_at(asked, log, notes)
    drawn = partial(picture, asked.log.path.name, looked.paths, looked.diagnosis)
    why = refusal(looked)
    heading, *found = diagnosis_blocks(looked)
    blocks = [heading, Paragraph(closing_text(looked)), *found]
    tell("diagnosis", blocks=_plain(blocks), figures=_drawn([Chart("diagnosis", drawn)], out), refused=why)


def _figures(results: Results, out: Path) -> list[dict[str, Any]]:
    return _drawn(list(results.charts()), out)


def _drawn(charts: Sequence[Any], out: Path) -> list[dict[str, Any]]:
    """Draw charts as SVG into a folder; return each as a block of the page, without the address of the folder."""
    from matplotlib import rc_context

    from experiments.charts.style import alt_of, figure_style, save

    found = []
    with rc_context(figure_style()):
        for chart in charts:
            figure = chart.draw()
            save(figure, out, chart.name, ("svg",))
            found.append(chart.image(alt_of(figure)).to_dict() | {"address": f"{chart.name}.svg", "caption": ""})
    return found


def _learn(task: Task, tell: Tell) -> None:
    from experiments.fitted import FitFindings, Refused
    from experiments.learning.results import refusal_blocks

    tell("phase", phase="learning")
    asked = task.asked()
    try:
        found = FitFindings(asked, task.language, lambda words: tell("line", words=words))
    except Refused as refused:
        tell("refused", blocks=_plain(refusal_blocks(refused.looked)), problems=list(refused.problems))
        return
    tell("phase", phase="writing")
    shown = {str(each): _told(found.fitted, asked, each, Path(task.out), task.language) for each in Language}
    tell("learned", shown=shown)


def _told(fitted: Fitted, asked: Asked, language: Language, out: Path, first: Language) -> dict[str, Any]:
    """Return what was learned in a language: blocks, but for the diagnosis, which stands above them; the picture."""
    from experiments.learning.fitting import look
    from experiments.learning.results import FitResults, diagnosis_blocks

    with in_language(language):
        looked: Looked = fitted.looked if language is first else look(asked)  # findings are in words
        results = FitResults(replace(fitted, looked=looked))
        known = list(diagnosis_blocks(looked))
        blocks = [Paragraph(each) if isinstance(each, str) else each for each in results.blocks()]
        charts = [each for each in results.charts() if each.on_page]
        figures = _drawn(charts, out / "figures" / str(language))
        return {"title": results.title(), "blocks": _plain(each for each in blocks if each not in known),
                "figures": figures}  # fmt: skip


def _plain(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    return [each.to_dict() for each in blocks]


def main() -> None:
    """Carry out the task on standard input; end with whoever gave it."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer

    def tell(what: str, **values: Any) -> None:
        print(json.dumps({"what": what, **values}, ensure_ascii=False), file=out, flush=True)

    with os.fdopen(os.dup(0), "rb", buffering=0) as given:
        task = Task.of(given.readline().decode("utf-8"))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if os.name == "posix":
        os.nice(BEHIND_THE_PAGE)
    try:
        carry_out(task, tell)
    except Exception as error:  # shown on the page instead of dying unseen
        tell("failed", trouble=f"{type(error).__name__}: {error}")
        sys.exit(1)


def _end_with_parent() -> None:
    while os.read(0, 1):
        continue
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
