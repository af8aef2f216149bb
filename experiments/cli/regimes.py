"""`whistle run`, `explain`, `show-config`, `schema`: one regime, what it is made of, and one run of it."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.blocks import Table
from experiments.cli import options
from experiments.cli.terminal import SOME_FAILED, guarded, print_error, print_json
from experiments.console import show
from experiments.errors import WrongInput
from experiments.messages import Language, in_language, msg
from experiments.requests import DISTRICT, checked_rules, checked_seed

if TYPE_CHECKING:
    from model import Record, Scenario

LONGEST = 60  # characters of a value in the table; longer ones are shown in full by --json
WINDOW = "run.window_days"  # the key that --days sets


@guarded
def run(
    regime: options.Regime,
    days: options.Days = None,
    events: options.Events = None,
    world: options.WorldNumber = None,
    ensemble: options.Ensemble = None,
    seed: options.Seed = 1,
    jobs: options.Jobs = None,
    out: options.Out = Path("results"),
    district: options.District = DISTRICT,
    settings: options.Settings = None,
    rules: options.Rules = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    dry_run: options.DryRun = False,
) -> None:
    """Run one regime once and print its outcomes; --jobs and --out have nothing to do here."""
    import model
    from experiments.design.ensemble import numbered_world
    from experiments.design.reading import load_all, parse_overrides
    from experiments.report.brief import platform_behind
    from experiments.runner.worker import defined

    checked_seed(seed)
    overrides = parse_overrides(settings or ()) | ({} if days is None else {WINDOW: days})
    try:
        target = None if events is None else model.check_log_path(events)
    except model.LogError as error:
        raise WrongInput([f"--events {error}"]) from error
    scenario = load_all([regime], district, overrides, checked_rules(rules))[0]
    if world is not None:
        scenario = model.in_world(scenario, numbered_world(world, ensemble, district))
    named: dict[str, Any] = {"regime": scenario.name, "seed": seed}
    if dry_run:
        print_json(named | {"planned": 1}) if as_json else show(msg("would_run_once", lang, **named))
        return
    record, seconds, written = _simulated(scenario, seed, target, quiet)
    named |= {"days": int(record.days), "cases": int(record.cases_total)}
    outcomes = {name: defined(value) for name, value in record.outcomes.items()}
    told = {"path": str(target), "count": written}
    if as_json:
        print_json(named | {"seconds": seconds, "outcomes": outcomes} | ({"events": told} if target else {}))
        return
    with in_language(lang):
        follow_up = scenario.resolved()["run"]["follow_up_days"]
        header = tuple(msg(key) for key in ("outcome", "unit", "value"))
        show(Table(header, tuple(_rows(outcomes, follow_up)), msg("run_title", **named), words=2))
        show(*platform_behind(scenario.name, scenario.resolved(), outcomes.get("whistle_wait_days")))
        if target is not None:
            show(msg("events_written", **told))


def _simulated(scenario: Scenario, seed: int, events: Path | None, quiet: bool) -> tuple[Record, float, int]:
    """Return the run, its seconds and the events written."""
    import model

    if not quiet and sys.stderr.isatty():
        print_error("compiling if needed, then running …")
    try:
        model.prepare(scenario)
        start = time.perf_counter()
        record, written = model.log_run(scenario, seed, events) if events else (model.simulate(scenario, seed), 0)
        return record, time.perf_counter() - start, written
    except model.ConfigError as error:
        raise WrongInput(error.problems) from error
    except Exception as error:  # a failing run is reported, like one of a study
        traceback.print_exc()
        raise typer.Exit(SOME_FAILED) from error


def _rows(outcomes: dict[str, float | None], follow_up: int) -> Iterator[tuple[str, ...]]:
    """Yield title, unit and value of each outcome, by theme."""
    from experiments.formatting import by_theme, digits_of, number, outcome_of, title, unit
    from experiments.stats.comparison import not_reached

    for theme, names in by_theme(outcomes).items():
        yield (msg(theme),)
        for name in names:
            outcome, value = outcome_of(name), outcomes[name]
            late = outcome.censored and not_reached(name, outcomes)
            shown = f"> {follow_up}" if late else number(value, outcome, digits_of(value, outcome))
            yield title(outcome), unit(outcome), shown


@guarded
def explain(
    regime: options.MaybeRegime = None,
    other: options.MaybeRegime = None,
    instruments: options.Instruments = False,
    district: options.District = DISTRICT,
    settings: options.Settings = None,
    rules: options.Rules = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
) -> None:
    """Say what a regime is: what it changes, dates, duty list, offered load, cost of a run; or how two differ."""
    if instruments and regime is not None:
        raise WrongInput([f"explain: expected a regime or --instruments, got both ({regime})."])
    if regime is None and not instruments:
        raise WrongInput(["explain: expected one or two regimes, or --instruments, got neither."])
    with in_language(lang):
        if regime is None:
            from experiments.evidence.instruments import MEASURED, table

            print_json(MEASURED.found()) if as_json else show(table())
            return
        from experiments.design.reading import load_all, parse_overrides
        from experiments.report.explained import explained, facts
        from model import load_scenario

        named = [regime] if other is None else [regime, other]
        scenarios = load_all(named, district, parse_overrides(settings or ()), checked_rules(rules))
        subject, against = scenarios[-1], scenarios[0] if len(scenarios) > 1 else None
        before = against or load_scenario("base", district=district)
        print_json(facts(subject, before, against)) if as_json else show(*explained(subject, before, against))


@guarded
def show_config(
    regime: options.MaybeRegime = None,
    ranges: options.Ranges = False,
    district: options.District = DISTRICT,
    settings: options.Settings = None,
    rules: options.Rules = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
) -> None:
    """Show every value of a regime with the file and line it came from, or the range of every number nobody knows."""
    if ranges:
        _show_ranges(lang, as_json)
        return
    if regime is None:
        raise WrongInput(["show-config: expected a regime, or --ranges, got neither."])
    from experiments.design.reading import load_all, parse_overrides

    scenario = load_all([regime], district, parse_overrides(settings or ()), checked_rules(rules))[0]
    resolved, origins = scenario.resolved(), scenario.origins()
    if as_json:
        print_json({"regime": scenario.name, "values": resolved, "origins": origins})
    else:
        header = tuple(msg(heading, lang) for heading in ("key", "value", "origin"))
        rows = tuple((key, _short(value), origins.get(key, "")) for key, value in leaves(resolved))
        show(Table(header, rows, scenario.name, words=3))


def _show_ranges(lang: Language, as_json: bool) -> None:
    """Show what a world samples: the free numbers with their ranges and sources."""
    from model import free_numbers

    known = free_numbers()
    if as_json:
        print_json({"free": [{**vars(each), "scale": each.scale} for each in known]})
        return
    zh = lang is Language.ZH
    names = ("number", "prior", "scale", "meaning", "source")
    rows = tuple(
        (each.key, f"{each.low:g} – {each.high:g} {each.unit}", msg(f"scale_{each.scale}", lang),
         each.zh if zh else each.meaning, each.told) for each in known
    )  # fmt: skip
    show(Table(tuple(msg(f"worlds_{name}", lang) for name in names), rows, msg("ranges_title", lang, count=len(known))))


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a nested configuration with its dotted key."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=lambda array: array.tolist())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@guarded
def schema(study: options.OfStudies = False) -> None:
    """Print the JSON schema of configuration files, or of studies' files, for editors."""
    if study:
        from experiments.studies import study_schema

        print_json(study_schema())
    else:
        import model

        print_json(model.schema())
