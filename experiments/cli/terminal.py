"""How commands end: exit codes, errors in words on standard error, JSON alone on standard output."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import Any, ParamSpec

import typer

from experiments.errors import Interrupted, Unwritable, WrongInput

SOME_FAILED, IMPRECISE, INTERRUPTED = 1, 3, 130
CODES = {Unwritable: SOME_FAILED, WrongInput: 2, Interrupted: INTERRUPTED}

Arguments = ParamSpec("Arguments")


def guarded(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn wrong input into exit code 2 and an interruption into 130, both explained on standard error."""

    @functools.wraps(command)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> None:
        from model import MissingExtra, show_progress

        try:
            show_progress(None if options.get("quiet") else _compiling)
            command(*arguments, **options)
        except (WrongInput, Unwritable, Interrupted) as error:
            print_error(str(error))
            raise typer.Exit(next(code for kind, code in CODES.items() if isinstance(error, kind))) from error
        except MissingExtra as error:
            print_error(str(error))
            raise typer.Exit(CODES[WrongInput]) from error
        except KeyboardInterrupt as error:
            print_error("Interrupted. All finished runs are kept.")
            raise typer.Exit(INTERRUPTED) from error

    return run


def _compiling(number: int, total: int) -> None:
    """Say that a phase of the day is compiled, which happens once and takes seconds."""
    print_error(f"compiling {number} of {total} phases …")


def print_error(text: str) -> None:
    """Print a line on standard error, unwrapped, so that commands in it can be copied."""
    typer.echo(text, err=True)


def print_json(value: dict[str, Any]) -> None:
    """Print one object on standard output; NaN would not be JSON and is an error."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, default=lambda array: array.tolist())
    sys.stdout.write(text + "\n")
