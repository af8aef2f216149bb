"""`whistle show-config` and `whistle schema`: what a regime is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.guard import guarded, print_json
from experiments.cli.options import District, Json, Lang, Regime, Settings
from experiments.console import show
from experiments.messages import Language, msg

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["schema", "show_config"]

LONGEST = 60
"""Characters of a value in the table; longer ones are shown in full by --json."""


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
        show(_table(scenario.name, resolved, origins, lang))


def _table(name: str, resolved: Mapping[str, Any], origins: Mapping[str, str], language: Language) -> Table:
    from rich.table import Table

    table = Table(*(msg(heading, language) for heading in ("key", "value", "origin")), title=name)
    for key, value in leaves(resolved):
        table.add_row(key, _short(value), origins.get(key, ""))
    return table


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


OfStudies = Annotated[bool, typer.Option("--study", help="Of studies' files.")]


@guarded
def schema(study: OfStudies = False) -> None:
    """Print the JSON schema of configuration files, or of studies' files, for editors."""
    if study:
        from experiments.studies import study_schema

        print_json(study_schema())
        return
    import model

    print_json(model.schema())
