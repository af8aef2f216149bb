"""`whistle run`: one run and its outcomes."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.blocks import Table
from experiments.cli.options import (
    Days,
    District,
    DryRun,
    Events,
    Jobs,
    Json,
    Lang,
    Out,
    Quiet,
    Regime,
    Seed,
    Settings,
    checked_seed,
)  # fmt: skip
from experiments.cli.terminal import SOME_FAILED, guarded, print_error, print_json
from experiments.console import show
from experiments.errors import WrongInput
from experiments.messages import Language, msg

if TYPE_CHECKING:
    from model import Record, Scenario

WINDOW = "run.window_days"
"""The key that --days sets."""


@guarded
def run(
    regime: Regime,
    days: Days = None,
    events: Events = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = Path("results"),
    district: District = "chaoyang",
    settings: Settings = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
) -> None:
    """Run one regime once and print its outcomes; --jobs and --out have nothing to do here."""
    from experiments.design.reading import load_all, parse_overrides

    checked_seed(seed)
    overrides = parse_overrides(settings or ()) | ({} if days is None else {WINDOW: days})
    target = _checked(events)
    scenario = load_all([regime], district, overrides)[0]
    if dry_run:
        _announce(scenario, seed, lang, as_json)
        return
    record, seconds, written = _simulated(scenario, seed, target, quiet)
    result = _result(scenario, seed, record, seconds)
    if target is not None:
        result["events"] = {"path": str(target), "count": written}
    if as_json:
        print_json(result)
        return
    show(_table(result, scenario.resolved()["run"]["follow_up_days"], lang))
    if target is not None:
        show(msg("events_written", lang, **result["events"]))


def _announce(scenario: Scenario, seed: int, language: Language, as_json: bool) -> None:
    plan = {"regime": scenario.name, "seed": seed, "planned": 1}
    print_json(plan) if as_json else show(msg("would_run_once", language, regime=scenario.name, seed=seed))


def _checked(events: Path | None) -> Path | None:
    """Return the path of an event log to be written, before anything runs."""
    if events is None:
        return None
    import model

    try:
        return model.check_log_path(events)
    except model.LogError as error:
        raise WrongInput([f"--events {error}"]) from error


def _simulated(scenario: Scenario, seed: int, events: Path | None, quiet: bool) -> tuple[Record, float, int]:
    import model

    if not quiet and sys.stderr.isatty():
        print_error("compiling if needed, then running …")
    try:
        model.prepare(scenario)
        start = time.perf_counter()
        record, written = model.log_run(scenario, seed, events) if events else (model.simulate(scenario, seed), 0)
        return record, time.perf_counter() - start, written
    except Exception as error:  # a failing run is reported, like one of a study
        traceback.print_exc()
        raise typer.Exit(SOME_FAILED) from error


def _result(scenario: Scenario, seed: int, record: Record, seconds: float) -> dict[str, Any]:
    from experiments.runner.worker import defined

    return {
        "regime": scenario.name,
        "seed": seed,
        "days": int(record.days),
        "cases": int(record.cases_total),
        "seconds": seconds,
        "outcomes": {name: defined(value) for name, value in record.outcomes.items()},
    }


def _table(result: dict[str, Any], follow_up: int, language: Language) -> Table:
    from experiments.formatting import by_theme, title, unit
    from model import OUTCOMES

    outcomes = result["outcomes"]
    header = tuple(msg(key, language) for key in ("outcome", "unit", "value"))
    rows: list[tuple[str, ...]] = []
    for theme, names in by_theme(outcomes).items():
        rows.append((msg(theme, language),))
        for name in names:
            shown = _value(name, outcomes, follow_up)
            rows.append((title(OUTCOMES[name], language), unit(OUTCOMES[name], language), shown))
    return Table(header, tuple(rows), msg("run_title", language, **{name: result[name] for name in TITLE}), words=2)


def _value(name: str, outcomes: dict[str, float | None], follow_up: int) -> str:
    from experiments.formatting import digits_of, number, outcome_of
    from experiments.stats.comparison import not_reached

    outcome = outcome_of(name)
    if outcome.censored and not_reached(name, outcomes):
        return f"> {follow_up}"
    return number(outcomes[name], outcome, digits_of(outcomes[name], outcome))


TITLE = ("regime", "seed", "days", "cases")
