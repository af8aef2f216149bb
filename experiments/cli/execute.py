"""From a study to its results: lay out, run, write tables, charts and the report, print."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli.terminal import IMPRECISE, SOME_FAILED, error_console, print_error, print_json
from experiments.console import show
from experiments.messages import Language, in_language, msg
from experiments.runner import Where

if TYPE_CHECKING:
    from experiments.design.reading import Places
    from experiments.design.studyfile import StudyFile
    from experiments.kinds import Kind, Layout, Results
    from experiments.store.opened import OpenStudy


@dataclasses.dataclass(frozen=True)
class Flags:
    """How a study is run and shown; none of it decides a number."""

    out: Path
    where: Where
    language: Language = Language.EN
    as_json: bool = False
    quiet: bool = False
    dry_run: bool = False


def execute_study(study: StudyFile, places: Places, flags: Flags) -> None:
    """Lay out a study and run it, or say what would be done."""
    from experiments.studies import kind_of

    kind = kind_of(study.experiment)
    layout = kind.lay_out(study, places)
    if flags.dry_run:
        with in_language(flags.language):
            announce(layout, flags)
    else:
        execute(kind, layout, flags)


def execute(kind: Kind, layout: Layout, flags: Flags) -> None:
    """Run what is missing of a study, write its results, and show them.

    Raises:
        typer.Exit: With code 1 if runs failed, which are listed on standard error; with 3 if the asked precision was
            not reached.
    """
    from experiments.store.opened import open_study

    with in_language(flags.language):
        folder = layout.run(flags.out, flags.where, error_console(), flags.quiet).folder
    opened = open_study(folder)
    imprecise = write_results(kind, opened, flags)
    for failure in opened.failures:
        last = (failure["traceback"] or "").strip().splitlines()[-1]
        print_error(f"Failed: {failure['command']}: {last}")
    if opened.failures:
        print_error(f"{len(opened.failures)} runs failed. Tracebacks are in failures.jsonl.")
        raise typer.Exit(SOME_FAILED)
    if imprecise:
        print_error("\n".join(imprecise))
        raise typer.Exit(IMPRECISE)


def write_results(kind: Kind, opened: OpenStudy, flags: Flags) -> list[str]:
    """Write tables, charts and report of a study, show its results, and return what was not precise enough."""
    from experiments.formatting import imprecise_text
    from experiments.report.writing import write_report
    from experiments.runner.agenda import precision_missed
    from experiments.store.files import csv_text, one_writer, replace_text
    from experiments.store.shards import write_shard

    with in_language(flags.language):
        results = kind.results(opened)
        with one_writer(opened.folder):
            for name, (header, rows) in results.tables().items():
                replace_text(opened.folder / "tables" / f"{name}.csv", csv_text(header, rows))
            text = json.dumps(results.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
            replace_text(opened.folder / "tables" / "answer.json", text + "\n")
            for name, table in results.ensembles().items():
                write_shard(opened.folder / name, table)
            drawn = _draw(results, opened.folder, flags.language)
            write_report(kind, opened, results, *drawn)
        if flags.as_json:
            print_json(results.as_json())
        else:
            show(*results.blocks(), msg("written_to", folder=opened.folder))
        return [imprecise_text(*each) for each in precision_missed(opened)]


def _draw(results: Results, folder: Path, language: Language) -> tuple[dict[str, Path], dict[str, str]]:
    """Write every chart as PNG and SVG into `figures/`, those in Chinese into `figures/zh/`.

    Returns:
        By name: the SVG file, and what it shows in words.
    """
    charts = tuple(results.charts())
    if not charts:
        return {}, {}
    from matplotlib import rc_context

    from experiments.charts.style import alt_of, save, style_for

    target, alts = folder / "figures" / ("zh" if language is Language.ZH else ""), dict[str, str]()
    with rc_context(style_for(language)):
        for chart in charts:
            figure = chart.draw()
            alts[chart.name] = alt_of(figure)
            save(figure, target, chart.name)
    return {name: target / f"{name}.svg" for name in alts}, alts


BYTES_A_RUN = 600  # of a row in a table of runs with all outcomes, compressed; measured
BYTES_A_DAY = 70  # of a run's daily series and what stands beside them, compressed; measured


def announce(layout: Layout, flags: Flags) -> None:
    """Say how many runs a study has, how long they take and how much disk; one run is made to know, none is kept."""
    plan = layout.plan
    folder = flags.out / plan.folder_name
    agenda = layout.agenda(folder)
    tasks = agenda.take(agenda.ready)
    seconds = 0.0
    if tasks:  # one in the middle of the study tells how long a run takes
        work = layout.work()
        work.prepare()
        start = time.perf_counter()
        work(tasks[len(tasks) // 2])
        seconds = time.perf_counter() - start
    runs = [plan.bases[task.base].scenario.run for task in tasks if task.series]
    days = sum(run.warm_up_days + run.window_days + run.follow_up_days for run in runs)
    until = plan.study.replicates.until
    facts: dict[str, Any] = {
        "study": str(folder),
        "experiment": plan.study.experiment,
        "regimes": plan.labels,
        "points": len(agenda.points),
        "replicates": plan.study.replicates.first,
        "planned": agenda.planned,
        "at_most": len(plan.points) * until.budget if until else agenda.planned,
        "seconds_a_run": round(seconds, 3),
        "seconds": round(seconds * agenda.planned / flags.where.jobs, 1),
        "megabytes": round((BYTES_A_RUN * len(tasks) + BYTES_A_DAY * days) / 1e6, 1),
    }
    if flags.as_json:
        print_json(facts)
        return
    more = msg("would_run_more", at_most=facts["at_most"]) if facts["at_most"] > facts["planned"] else ""
    counts = {name: facts[name] for name in ("points", "planned", "seconds_a_run", "megabytes")}
    show(msg("would_run", **counts, more=more, time=_duration(facts["seconds"]), jobs=flags.where.jobs,
             regimes=", ".join(plan.labels), folder=folder))  # fmt: skip


def _duration(seconds: float) -> str:
    """Return a duration in the largest unit that leaves a number of some size."""
    for size, key in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return msg(f"time_{key}", value=f"{seconds / size:.1f}")
    return msg("time_seconds", value=f"{seconds:.0f}")
