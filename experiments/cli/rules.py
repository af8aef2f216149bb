"""`whistle rules`: the rules that a file of own rules can replace, and a file to start from."""

from __future__ import annotations

import dataclasses

import typer

from experiments.blocks import Table
from experiments.cli import options
from experiments.cli.terminal import guarded, print_json
from experiments.console import show
from experiments.errors import WrongInput
from experiments.messages import Language, msg


@guarded
def rules(
    names: options.RuleNames = None,
    numbers: options.OwnNumbers = False,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
) -> None:
    """List the rules that --rules can replace; with names: print a file of own rules that begins with these."""
    from model import ConfigError, replaceable_rules, starting_file

    if names or numbers:
        try:
            typer.echo(starting_file(names or (), numbers), nl=False)
        except ConfigError as error:
            raise WrongInput(error.problems) from error
        return
    known = replaceable_rules()
    if as_json:
        print_json({"rules": [dataclasses.asdict(each) for each in known]})
        return
    rows: list[tuple[str, ...]] = []
    for file in dict.fromkeys(each.file for each in known):
        rows.append((file,))
        rows += [
            (each.signature, f"{each.sentence} {each.more}".strip().replace("\n", " "),
             " ".join(each.phases) or msg("rules_before", lang), " ".join(each.callers))
            for each in known if each.file == file
        ]  # fmt: skip
    header = tuple(msg(f"rules_{name}", lang) for name in ("signature", "sentence", "phases", "callers"))
    show(Table(header, tuple(rows), msg("rules_title", lang, count=len(known)), msg("rules_note", lang), words=4))
