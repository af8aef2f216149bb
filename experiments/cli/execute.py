"""What commands do with a study: say what would be done, or run it and print what it found."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli.terminal import IMPRECISE, SOME_FAILED, print_error, print_json
from experiments.console import show
from experiments.errors import collect_errors
from experiments.messages import Language, in_language, msg

if TYPE_CHECKING:
    from experiments.kinds import Layout
    from experiments.requests import Request
    from experiments.result import Result
    from experiments.runner import Where


@dataclasses.dataclass(frozen=True)
class Flags:
    """How a study is run and shown; none of it decides a number."""

    out: Path
    language: Language = Language.EN
    as_json: bool = False
    quiet: bool = False
    dry_run: bool = False
    illustrated: bool = True


def execute_study(
    request: Callable[[], Request], where: Callable[[], Where], flags: Flags,
    check: Callable[[Layout], None] = lambda _: None,
) -> None:  # fmt: skip
    """Lay out the study that is asked for and run it, or say what would be done; `check` may refuse the layout."""
    from experiments.execution import How, carry_out, lay_out

    asked, place = collect_errors(request, where)
    layout = lay_out(asked)
    check(layout)
    if flags.dry_run:
        with in_language(flags.language):
            announce(layout, place, flags)
    else:
        how = How(place, flags.out, flags.language, flags.quiet, flags.illustrated)
        show_result(carry_out(layout, how), as_json=flags.as_json)


def show_result(result: Result, *, as_json: bool) -> None:
    """Print what a study found.

    Raises:
        typer.Exit: With code 1 if runs failed, which are listed on standard error; with 3 if the asked precision was
            not reached.
    """
    print_result(result, as_json=as_json)
    for failure in result.failures:
        last = (failure["traceback"] or "").strip().splitlines()[-1]
        print_error(f"Failed: {failure['command']}: {last}")
    if result.failures:
        print_error(f"{len(result.failures)} runs failed. Tracebacks are in failures.jsonl.")
        raise typer.Exit(SOME_FAILED)
    if result.imprecise:
        print_error("\n".join(result.imprecise))
        raise typer.Exit(IMPRECISE)


def print_result(result: Result, *, as_json: bool) -> None:
    """Print a study's answer, or its tables and sentences."""
    from experiments.report.frame import mark

    if as_json:
        print_json(result.answer)
        return
    with in_language(result.language):
        learned = mark(result)
        show(*([learned] if learned else []), *result.results().blocks(), msg("written_to", folder=result.folder))


BYTES_A_RUN = 600  # of a row in a table of runs with all outcomes, compressed; measured
BYTES_A_DAY = 70  # of a run's daily series and what stands beside them, compressed; measured


def announce(layout: Layout, where: Where, flags: Flags) -> None:
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
        "seconds": round(seconds * agenda.planned / where.jobs, 1),
        "megabytes": round((BYTES_A_RUN * len(tasks) + BYTES_A_DAY * days) / 1e6, 1),
    }
    if flags.as_json:
        print_json(facts)
        return
    more = msg("would_run_more", at_most=facts["at_most"]) if facts["at_most"] > facts["planned"] else ""
    counts = {name: facts[name] for name in ("points", "planned", "seconds_a_run", "megabytes")}
    show(msg("would_run", **counts, more=more, time=_duration(facts["seconds"]), jobs=where.jobs,
             regimes=", ".join(plan.labels), folder=folder))  # fmt: skip


def _duration(seconds: float) -> str:
    """Return a duration in the largest unit that leaves a number of some size."""
    for size, key in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return msg(f"time_{key}", value=f"{seconds / size:.1f}")
    return msg("time_seconds", value=f"{seconds:.0f}")
