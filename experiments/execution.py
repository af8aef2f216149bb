"""From a study that is asked for to its result: lay out, run, write tables, charts and report."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.console import error_console, in_notebook
from experiments.errors import Interrupted, Unwritable, WrongInput
from experiments.messages import Language, in_language
from experiments.report.writing import draw_charts, write_report
from experiments.result import Result
from experiments.runner import Where
from experiments.store.files import csv_text, one_writer, replace_text
from experiments.store.shards import write_shard
from experiments.studies import kind_of

if TYPE_CHECKING:
    from experiments.kinds import Layout
    from experiments.requests import Request


@dataclass(frozen=True)
class How:
    """How a study is carried out; none of it decides a number.

    Attributes:
        out: Parent folder of the study's; None: a temporary one, without figures and report.
        quiet: Whether no progress is shown.
        illustrated: Whether figures and report are written as well, which may take longer than the runs.
    """

    where: Where
    out: Path | None = None
    language: Language = Language.EN
    quiet: bool = False
    illustrated: bool = True


def lay_out(request: Request) -> Layout:
    """Lay out a study that is asked for; raises `WrongInput` with everything that is wrong."""
    return kind_of(request.study.experiment).lay_out(request.study, request.places)


def check_folder(folder: Path, layout: Layout) -> None:
    """Check that a folder is of the study as it would be run now.

    Raises:
        WrongInput: If code or configuration have changed.
    """
    wanted = layout.plan.folder_name
    if wanted != folder.absolute().name:
        raise WrongInput([
            f"{folder}: expected the folder name '{wanted}'. The code or configuration has changed since this study "
            "was started (or the folder was renamed), so no new runs can be added. Start a new study with the command "
            "that made it, or restore the folder's name."
        ])  # fmt: skip


def carry_out(layout: Layout, how: How) -> Result:
    """Run what is missing of a study, write what it found, and return it; runs that failed are told by the result.

    Raises:
        WrongInput, Unwritable, Interrupted: See `Layout.run`.
    """
    with in_language(how.language), _parent(how.out, layout.plan.folder_name) as (out, room):
        folder = layout.run(out, how.where, error_console(), how.quiet).folder
    result = Result(folder, how.language, room)
    write(result, illustrated=how.illustrated and how.out is not None)
    return result


_UNFINISHED: dict[str, tempfile.TemporaryDirectory[str]] = {}
"""Temporary folders of studies that were interrupted, by the names of the studies: the same call goes on in them."""


@contextmanager
def _parent(out: Path | None, study: str) -> Iterator[tuple[Path, tempfile.TemporaryDirectory[str] | None]]:
    """Give the parent folder of a study's: that asked for, or a temporary one.

    The latter stays if the study is interrupted, and goes if it cannot be run.
    """
    if out is not None:
        yield out, None
        return
    room = _UNFINISHED.pop(study, None) or tempfile.TemporaryDirectory(prefix="whistle-", ignore_cleanup_errors=True)
    try:
        yield Path(room.name), room
    except (Interrupted, KeyboardInterrupt, Unwritable):
        _UNFINISHED[study] = room
        raise
    except BaseException:
        room.cleanup()
        raise


def write(result: Result, *, illustrated: bool = True) -> None:
    """Write tables and, if it is illustrated, charts and report of a study into its folder."""
    folder, results = result.folder, result.results()
    with in_language(result.language), one_writer(folder):
        for name, (header, rows) in results.tables().items():
            replace_text(folder / "tables" / f"{name}.csv", csv_text(header, rows))
        text = json.dumps(results.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
        replace_text(folder / "tables" / "answer.json", text + "\n")
        for name, table in results.ensembles().items():
            write_shard(folder / name, table)
        if illustrated:
            own = "zh" if result.language is Language.ZH else ""
            write_report(result.kind, result, results, *draw_charts(results, folder / "figures" / own))


def shown(progress: bool | None) -> bool:
    """Tell whether progress is shown: as asked, else where somebody looks, in a terminal or a notebook."""
    return in_notebook() or sys.stderr.isatty() if progress is None else progress
