"""`whistle explain`, `show-config` and `schema`: what a regime is made of, before anything runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from experiments.blocks import Table
from experiments.cli.options import District, Instruments, Json, Lang, MaybeRegime, Regime, Settings
from experiments.cli.terminal import guarded, print_json
from experiments.console import show
from experiments.errors import WrongInput
from experiments.messages import Language, in_language, msg

LONGEST = 60
"""Characters of a value in the table; longer ones are shown in full by --json."""

OfStudies = Annotated[bool, typer.Option("--study", help="Of studies' files.")]


@guarded
def explain(
    regime: MaybeRegime = None,
    other: MaybeRegime = None,
    instruments: Instruments = False,
    district: District = "chaoyang",
    settings: Settings = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Say what a regime is: what it changes, dates, duty list, offered load, cost of a run; or how two differ."""
    if instruments and regime is not None:
        raise WrongInput([f"explain: expected a regime or --instruments, got both ({regime})."])
    if regime is None and not instruments:
        raise WrongInput(["explain: expected one or two regimes, or --instruments, got neither."])
    with in_language(lang):
        if regime is None:
            _explain_instruments(as_json)
        else:
            _explain([regime] if other is None else [regime, other], district, settings or [], as_json)


def _explain(regimes: list[str], district: str, settings: list[str], as_json: bool) -> None:
    from experiments.design.reading import load_all, parse_overrides
    from experiments.report.explained import explained, facts
    from model import load_scenario

    scenarios = load_all(regimes, district, parse_overrides(settings))
    subject, against = scenarios[-1], scenarios[0] if len(scenarios) > 1 else None
    before = against or load_scenario("base", district=district)
    print_json(facts(subject, before, against)) if as_json else show(*explained(subject, before, against))


def _explain_instruments(as_json: bool) -> None:
    from experiments.evidence.instruments import MEASURED, table

    print_json(MEASURED.found()) if as_json else show(table())


@guarded
def show_config(
    regime: Regime,
    district: District = "chaoyang",
    settings: Settings = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Show every value of a regime with the file and line it came from."""
    from experiments.design.reading import load_all, parse_overrides

    scenario = load_all([regime], district, parse_overrides(settings or ()))[0]
    resolved, origins = scenario.resolved(), scenario.origins()
    if as_json:
        print_json({"regime": scenario.name, "values": resolved, "origins": origins})
    else:
        header = tuple(msg(heading, lang) for heading in ("key", "value", "origin"))
        rows = tuple((key, _short(value), origins.get(key, "")) for key, value in leaves(resolved))
        show(Table(header, rows, scenario.name, words=3))


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
def schema(study: OfStudies = False) -> None:
    """Print the JSON schema of configuration files, or of studies' files, for editors."""
    if study:
        from experiments.studies import study_schema

        print_json(study_schema())
    else:
        import model

        print_json(model.schema())
