"""What a study would do: runs, time and disk, before anything is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from experiments.cli.guard import print_json
from experiments.console import show
from experiments.messages import msg

if TYPE_CHECKING:
    from experiments.cli.execute import Flags
    from experiments.design.plan import Task
    from experiments.kinds import Layout

__all__ = ["announce"]

BYTES_A_RUN = 600
"""Of a row in a table of runs with all outcomes, compressed; measured."""

BYTES_A_DAY = 70
"""Of a run's daily series and what stands beside them, compressed; measured."""


def announce(layout: Layout, flags: Flags) -> None:
    """Say how many runs a study has, how long they take and how much disk; one run is made to know, none is kept."""
    plan = layout.plan
    folder = flags.out / plan.folder_name
    agenda = layout.agenda(folder)
    tasks = agenda.take(agenda.ready)
    seconds = _seconds_a_run(layout, tasks)
    facts: dict[str, Any] = {
        "study": str(folder),
        "experiment": plan.study.experiment,
        "regimes": plan.labels,
        "points": len(agenda.points),
        "replicates": plan.study.replicates.first,
        "planned": agenda.planned,
        "at_most": _at_most(layout, agenda.planned),
        "seconds_a_run": round(seconds, 3),
        "seconds": round(seconds * agenda.planned / flags.where.jobs, 1),
        "megabytes": round(sum(_bytes(layout, task) for task in tasks) / 1e6, 1),
    }
    print_json(facts) if flags.as_json else show(_told(facts, flags.where.jobs))


def _at_most(layout: Layout, planned: int) -> int:
    until = layout.plan.study.replicates.until
    return len(layout.plan.points) * until.budget if until else planned


def _seconds_a_run(layout: Layout, tasks: list[Task]) -> float:
    """Return the wall time of a run in the middle of the study, measured."""
    from experiments.runner.worker import Simulation

    plan = layout.plan
    if not tasks:
        return 0.0
    work = Simulation(tuple(base.scenario for base in plan.bases), plan.outcomes, layout.reduction)
    work.prepare()
    start = time.perf_counter()
    work(tasks[len(tasks) // 2])
    return time.perf_counter() - start


def _bytes(layout: Layout, task: Task) -> float:
    run = layout.plan.bases[task.base].scenario.run
    days = run.warm_up_days + run.window_days + run.follow_up_days
    return BYTES_A_RUN + (BYTES_A_DAY * days if task.series else 0)


def _told(facts: dict[str, Any], jobs: int) -> str:
    more = msg("would_run_more", at_most=facts["at_most"]) if facts["at_most"] > facts["planned"] else ""
    counts = {name: facts[name] for name in ("points", "planned", "seconds_a_run", "megabytes")}
    return msg(
        "would_run",
        **counts,
        more=more,
        time=_time(facts["seconds"]),
        jobs=jobs,
        regimes=", ".join(facts["regimes"]),
        folder=facts["study"],
    )


def _time(seconds: float) -> str:
    """Return a duration in the largest unit that leaves a number of some size."""
    for size, key in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return msg(f"time_{key}", value=f"{seconds / size:.1f}")
    return msg("time_seconds", value=f"{seconds:.0f}")
