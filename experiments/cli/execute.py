"""From a study to its answer: lay out, carry out, write tables and figures, tell."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from experiments.cli.guard import IMPRECISE, SOME_FAILED, print_json, say_to
from experiments.console import show
from experiments.messages import Language, in_language, msg
from experiments.runner import Where

if TYPE_CHECKING:
    from experiments.design.reading import Places
    from experiments.design.studyfile import StudyFile
    from experiments.kinds import Kind, Layout, Results
    from experiments.store.opened import OpenStudy

__all__ = ["Flags", "execute", "execute_study", "write_results"]


@dataclasses.dataclass(frozen=True)
class Flags:
    """How a study is carried out and told; none of it decides a number."""

    out: Path
    where: Where
    language: Language = Language.EN
    as_json: bool = False
    quiet: bool = False
    dry_run: bool = False


def execute_study(study: StudyFile, places: Places, flags: Flags) -> None:
    """Lay out a study and carry it out, or say what would be done."""
    from experiments.studies import kind_of

    kind = kind_of(study.experiment)
    layout = kind.lay_out(study, places)
    if flags.dry_run:
        from experiments.cli.announcing import announce

        with in_language(flags.language):
            announce(layout, flags)
    else:
        execute(kind, layout, flags)


def execute(kind: Kind, layout: Layout, flags: Flags) -> None:
    """Run what is missing of a study, write its tables and figures, and tell its answer.

    Raises
    ------
    typer.Exit
        With code 1 if runs failed, which are listed on standard error; with 3 if the asked precision was not reached.
    """
    from experiments.store.opened import open_study

    with in_language(flags.language):
        folder = layout.run(flags.out, flags.where, say_to(), flags.quiet).folder
    opened = open_study(folder)
    imprecise = write_results(kind, opened, flags)
    _list_failures(opened.failures)
    if imprecise:
        for words in imprecise:
            print_error(words)
        raise typer.Exit(IMPRECISE)


def write_results(kind: Kind, opened: OpenStudy, flags: Flags) -> list[str]:
    """Write tables and figures of a study, tell its answer, and return what was not precise enough, in words."""
    from experiments.formatting import imprecise_text
    from experiments.report.writing import write_report
    from experiments.runner.agenda import precision_missed
    from experiments.store.files import one_writer

    with in_language(flags.language):
        results = kind.results(opened)
        with one_writer(opened.folder):
            _write_tables(results, opened.folder)
            drawn = _draw(results, opened.folder, flags.language)
            write_report(opened, results, *drawn)
        if flags.as_json:
            print_json(results.as_json())
        else:
            show(*results.blocks(), msg("written_to", folder=opened.folder))
        return [imprecise_text(*each) for each in precision_missed(opened)]


def _write_tables(results: Results, folder: Path) -> None:
    from experiments.store.files import csv_text, replace_text

    for name, (header, rows) in results.tables().items():
        replace_text(folder / "tables" / f"{name}.csv", csv_text(header, rows))
    text = json.dumps(results.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
    replace_text(folder / "tables" / "answer.json", text + "\n")


def _draw(results: Results, folder: Path, language: Language) -> tuple[dict[str, Path], dict[str, str]]:
    """Write every figure as PNG and SVG into `figures/`, those in Chinese into `figures/zh/`.

    Returns
    -------
    files, alts : dict
        By name: the SVG file, and what it shows in words.
    """
    charts = tuple(results.charts())
    if not charts:
        return {}, {}
    from matplotlib import rc_context

    from experiments.charts.alt import alt_of
    from experiments.charts.style import save, style_for

    target, alts = folder / "figures" / ("zh" if language is Language.ZH else ""), dict[str, str]()
    with rc_context(style_for(language)):
        for chart in charts:
            figure = chart.draw()
            alts[chart.name] = alt_of(figure)
            save(figure, target, chart.name)
    return {name: target / f"{name}.svg" for name in alts}, alts


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
