"""From a study to its answer: lay out, carry out, write tables and figures, tell."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from experiments.commands.guard import IMPRECISE, SOME_FAILED, print_json, say_to, show
from experiments.running.where import Where
from experiments.words import Language, speaking, word

if TYPE_CHECKING:
    from experiments.disk.opened import OpenStudy
    from experiments.kinds import Answer, Kind, Layout
    from experiments.planning.reading import Places
    from experiments.planning.studyfile import StudyFile

__all__ = ["Flags", "answered", "conduct", "conduct_study"]


@dataclasses.dataclass(frozen=True)
class Flags:
    """How a study is carried out and told; none of it decides a number."""

    out: Path
    where: Where
    language: Language = Language.EN
    as_json: bool = False
    quiet: bool = False
    dry_run: bool = False


def conduct_study(study: StudyFile, places: Places, flags: Flags) -> None:
    """Lay out a study and carry it out, or say what would be done."""
    from experiments.kinds import kind_of

    kind = kind_of(study.experiment)
    layout = kind.lay_out(study, places)
    if flags.dry_run:
        from experiments.commands.announcing import announce

        with speaking(flags.language):
            announce(layout, flags)
    else:
        conduct(kind, layout, flags)


def conduct(kind: Kind, layout: Layout, flags: Flags) -> None:
    """Run what is missing of a study, write its tables and figures, and tell its answer.

    Raises
    ------
    typer.Exit
        With code 1 if runs failed, which are listed on standard error; with 3 if the asked precision was not reached.
    """
    from experiments.disk.opened import open_study
    from experiments.kinds.carrying import carry_out_layout

    with speaking(flags.language):
        folder = carry_out_layout(layout, flags.out, flags.where, say_to(), flags.quiet).folder
    opened = open_study(folder)
    imprecise = answered(kind, opened, flags)
    _list_failures(opened.failures)
    if imprecise:
        for words in imprecise:
            print_error(words)
        raise typer.Exit(IMPRECISE)


def answered(kind: Kind, opened: OpenStudy, flags: Flags) -> list[str]:
    """Write tables and figures of a study, tell its answer, and return what was not precise enough, in words."""
    from experiments.disk.lock import one_writer
    from experiments.report.writing import write_report
    from experiments.running.precision import not_reached

    with speaking(flags.language):
        answer = kind.answer(opened)
        with one_writer(opened.folder):
            _write_tables(answer, opened.folder)
            drawn = _draw(answer, opened.folder, flags.language)
            write_report(opened, answer, *drawn)
        if flags.as_json:
            print_json(answer.as_json())
        else:
            show(*answer.told(), word("written_to", folder=opened.folder))
        return not_reached(opened)


def _write_tables(answer: Answer, folder: Path) -> None:
    from experiments.disk.files import csv_text, replace_text

    for name, (header, rows) in answer.tables().items():
        replace_text(folder / "tables" / f"{name}.csv", csv_text(header, rows))
    text = json.dumps(answer.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
    replace_text(folder / "tables" / "answer.json", text + "\n")


def _draw(answer: Answer, folder: Path, language: Language) -> tuple[dict[str, Path], dict[str, str]]:
    """Write every figure as PNG and SVG into `figures/`, those in Chinese into `figures/zh/`.

    Returns
    -------
    files, alts : dict
        By name: the SVG file, and what it shows in words.
    """
    figures = answer.figures()
    if not figures:
        return {}, {}
    from matplotlib import rc_context

    from experiments.figures.alt import alt_of
    from experiments.figures.style import save, style_for

    target, alts = folder / "figures" / ("zh" if language is Language.ZH else ""), dict[str, str]()
    with rc_context(style_for(language)):
        for name, draw in figures.items():
            figure = draw()
            alts[name] = alt_of(figure)
            save(figure, target, name)
    return {name: target / f"{name}.svg" for name in figures}, alts


def _list_failures(failures: list[dict[str, str]]) -> None:
    if not failures:
        return
    for failure in failures:
        last = (failure["traceback"] or "").strip().splitlines()[-1]
        print_error(f"Failed: {failure['command']}: {last}")
    print_error(f"{len(failures)} runs failed. Tracebacks are in failures.jsonl.")
    raise typer.Exit(SOME_FAILED)


def print_error(words: str) -> None:
    """Print a line on standard error, unwrapped, so that commands in it can be copied."""
    typer.echo(words, err=True)
