"""`whistle log`: a real event log under the measures that the model applies to itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.terminal import guarded, print_error, print_json
from experiments.console import show
from experiments.logs import formats_text
from experiments.logs.options import LogOptions, flag_of
from experiments.messages import Language, in_language, msg

if TYPE_CHECKING:
    from experiments.findings import Findings


@guarded
def log(
    path: list[Path],
    out: options.LogOut = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.NoNotes = False,
    columns: options.LogColumns = False,
    **given: Any,
) -> None:
    """Measure a real event log: hand-overs, ping-pong, days with open cases, who passes on, arrivals, lateness."""
    from experiments.log_and_worlds import LogFindings
    from experiments.logs.options import LogOptions

    if columns:
        _show_columns(LogOptions.of(path, given), lang, as_json=as_json)
        return
    found = LogFindings(LogOptions.of(path, given), lang, out)
    tell(found, () if quiet else found.notes, as_json=as_json)
    if found.folder is not None and not as_json:
        show(msg("log_written", lang, folder=found.folder))


def tell(found: Findings, notes: Iterable[str], *, as_json: bool) -> None:
    """Print the notes of a log on standard error, then what was found."""
    for each in notes:
        print_error(each)
    if as_json:
        print_json(found.answer)
        return
    with in_language(found.language):
        show(*found.results().blocks())


def _show_columns(given: LogOptions, lang: Language, *, as_json: bool) -> None:
    from experiments.logs.overview import overview_of

    with in_language(lang):
        found = overview_of(given)
        if as_json:
            print_json(found.as_json())
        else:
            show(*found.blocks())


_KINDS = {"tuple[str, ...]": list[str] | None, "str | None": str | None, "float | None": float | None, "bool": bool}


def of_log(command: Callable[..., None]) -> Signature:
    """Return the signature of a command that takes a log: its files, a flag for each of their options, its own."""
    return Signature(list(_parameters(command)))


def _parameters(command: Callable[..., None]) -> Iterator[Parameter]:
    described = typer.Argument(help=f"An event log: {formats_text()}; a folder, a .zip, or several files make up one; "
                               "'-' is standard input.", metavar="FILE…", show_default=False)  # fmt: skip
    yield Parameter("path", Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[list[Path], described])
    for each in fields(LogOptions)[1:]:
        flag = typer.Option(flag_of(each.name), show_default=False, help=each.metadata["help"],
                            metavar=each.metadata["metavar"] or None)  # fmt: skip
        default = None if each.default == () else each.default
        yield Parameter(each.name, Parameter.KEYWORD_ONLY, annotation=Annotated[_KINDS[str(each.type)], flag],
                        default=default)  # fmt: skip
    own = [each for name, each in signature(command, eval_str=True).parameters.items() if name not in ("path", "given")]
    yield from (each.replace(kind=Parameter.KEYWORD_ONLY) for each in own)


vars(log)["__signature__"] = of_log(log)
