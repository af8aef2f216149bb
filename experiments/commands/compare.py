"""`whistle compare`: the paired comparison of regimes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from experiments.commands.guard import SOME_FAILED, guarded, page_width, print_json, say_to, show
from experiments.commands.options import (
    CapacityNeutral,
    District,
    DryRun,
    Jobs,
    Json,
    Lang,
    Out,
    Pairs,
    Quiet,
    Regimes,
    Seed,
    Settings,
    StudyName,
)
from experiments.errors import WrongInput
from experiments.planning.plan import Plan, Request, make_plan
from experiments.words import Language, speaking, word

if TYPE_CHECKING:
    from experiments.comparing.compare import Comparison

__all__ = ["compare", "conduct"]

DEFAULT_REGIMES = ("inverted", "rules_only", "placement_only", "flattened")
"""The 2 × 2, so that nobody takes a gain of placement for a gain of rules."""

NEUTRAL = "staff.capacity_neutral=true"
"""The setting that --capacity-neutral stands for."""


@guarded
def compare(
    regimes: Regimes = None,
    pairs: Pairs = 30,
    study: StudyName = "compare",
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = Path("results"),
    district: District = "chaoyang",
    settings: Settings = None,
    capacity_neutral: CapacityNeutral = False,
    lang: Lang = Language.EN,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
) -> None:
    """Compare regimes on the same requests and the same luck; repeating the command goes on where it stopped."""
    from experiments.planning.scenarios import parse_overrides

    named = tuple(regimes or DEFAULT_REGIMES)
    _check(named, study)
    overrides = parse_overrides([*(settings or ()), *([NEUTRAL] if capacity_neutral else [])])
    plan = make_plan(Request(study, named, district, overrides, pairs, seed))
    if dry_run:
        with speaking(lang):
            _announce(plan, out, as_json)
    else:
        conduct(plan, out, jobs, lang, as_json, quiet)


def _check(regimes: tuple[str, ...], study: str) -> None:
    problems = []
    if len(regimes) < 2:
        problems.append(f"compare: got one regime ({regimes[0]}); allowed two or more.")
    if not re.fullmatch(r"[\w][\w.-]*", study):
        problems.append(f"--study {study}: got a name that is no folder's; allowed letters, digits, '_', '-', '.'.")
    if problems:
        raise WrongInput(problems)


def _announce(plan: Plan, out: Path, as_json: bool) -> None:
    folder, labels = out / plan.folder_name, [point.label for point in plan.points]
    facts = {"study": str(folder), "pairs": plan.request.pairs, "regimes": labels, "planned": len(plan.tasks)}
    counts = {"runs": len(plan.tasks), "pairs": plan.request.pairs}
    print_json(facts) if as_json else show(word("would_run", **counts, regimes=", ".join(labels), folder=folder))


def conduct(plan: Plan, out: Path, jobs: int | None, language: Language, as_json: bool, quiet: bool) -> None:
    """Run what is missing of a comparison, write its tables and figures, and print it.

    Raises
    ------
    typer.Exit
        With code 1 if runs failed; they are listed on standard error.
    """
    from experiments.comparing.compare import compare as compare_runs
    from experiments.comparing.compare import write_tables
    from experiments.disk.lock import one_writer
    from experiments.disk.provenance import usable_processors
    from experiments.figures import draw_all
    from experiments.running.executors import executor_for
    from experiments.running.run import carry_out
    from experiments.running.worker import Simulation
    from model import OUTCOMES

    work = Simulation(tuple(point.scenario for point in plan.points))
    workers = jobs or usable_processors()
    with speaking(language):
        study = carry_out(plan, out, work, lambda tasks: executor_for(workers, tasks), say_to(), quiet)
    with one_writer(study.folder):
        comparison = compare_runs(study, [point.label for point in plan.points])
        write_tables(comparison, study)
        draw_all(study, comparison, OUTCOMES, language)
    if as_json:
        print_json(comparison.as_json())
    else:
        with speaking(language):
            _tell(comparison, study.folder)
    _list_failures(study.failures())


def _tell(comparison: Comparison, folder: Path) -> None:
    """Print tables, headline and warnings in the language that is spoken."""
    from experiments.comparing.table import headline, tables, warnings
    from model import OUTCOMES

    show(*tables(comparison, OUTCOMES, page_width()), *headline(comparison, OUTCOMES))
    show(*warnings(comparison, OUTCOMES), word("written_to", folder=folder))


def _list_failures(failures: list[dict[str, str]]) -> None:
    if not failures:
        return
    for failure in failures:
        last = (failure["traceback"] or "").strip().splitlines()[-1]
        print_error(f"failed: {failure['command']}: {last}")
    raise typer.Exit(SOME_FAILED)


def print_error(words: str) -> None:
    """Print a line on standard error, unwrapped, so that commands in it can be copied."""
    typer.echo(words, err=True)
