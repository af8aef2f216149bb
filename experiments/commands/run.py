"""`whistle run`: one run and its outcomes."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.commands.guard import SOME_FAILED, guarded, print_json, show
from experiments.commands.options import Days, District, DryRun, Jobs, Json, Lang, Out, Quiet, Regime, Seed, Settings
from experiments.words import Language, word

if TYPE_CHECKING:
    from rich.table import Table

    from model import Record, Scenario

__all__ = ["run"]

WINDOW = "run.window_days"
"""The key that --days sets."""


@guarded
def run(
    regime: Regime,
    days: Days = None,
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
    from experiments.scenarios import load_all, parse_overrides

    overrides = parse_overrides(settings or ()) | ({} if days is None else {WINDOW: days})
    scenario = load_all([regime], district, overrides)[0]
    if dry_run:
        _announce(scenario, seed, as_json)
        return
    record, seconds = _simulated(scenario, seed, quiet)
    result = _result(scenario, seed, record, seconds)
    print_json(result) if as_json else show(_table(result, lang))


def _announce(scenario: Scenario, seed: int, as_json: bool) -> None:
    plan = {"regime": scenario.name, "seed": seed, "planned": 1}
    print_json(plan) if as_json else show(f"would run {scenario.name} once with seed {seed}")


def _simulated(scenario: Scenario, seed: int, quiet: bool) -> tuple[Record, float]:
    import model

    if not quiet and sys.stderr.isatty():
        print("compiling if needed, then running …", file=sys.stderr)
    try:
        model.prepare(scenario)
        start = time.perf_counter()
        return model.simulate(scenario, seed), time.perf_counter() - start
    except Exception as error:  # a failing run is reported, like one of a study
        traceback.print_exc()
        raise typer.Exit(SOME_FAILED) from error


def _result(scenario: Scenario, seed: int, record: Record, seconds: float) -> dict[str, Any]:
    from experiments.worker import defined

    return {
        "regime": scenario.name,
        "seed": seed,
        "days": int(record.days),
        "cases": int(record.cases_total),
        "seconds": seconds,
        "outcomes": {name: defined(value) for name, value in record.outcomes.items()},
    }


def _table(result: dict[str, Any], language: Language) -> Table:
    from rich.table import Table

    from experiments.present import digits_of, number, title, unit
    from experiments.themes import by_theme
    from model import OUTCOMES

    table = Table(title=word("run_title", language, **{name: result[name] for name in TITLE}))
    table.add_column(word("outcome", language))
    table.add_column(word("value", language), justify="right")
    table.add_column(word("unit", language))
    for names in by_theme(result["outcomes"]).values():
        table.add_section()
        for name in names:
            outcome, value = OUTCOMES[name], result["outcomes"][name]
            shown = number(value, outcome, digits_of(value, outcome))
            table.add_row(title(outcome, language), shown, unit(outcome, language))
    return table


TITLE = ("regime", "seed", "days", "cases")
