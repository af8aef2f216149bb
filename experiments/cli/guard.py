"""How commands end: exit codes, errors in words on standard error, JSON alone on standard output."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from experiments.cli.shadowed import check_packages
from experiments.errors import Interrupted, Unwritable, WrongInput

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "IMPRECISE", "INTERRUPTED", "SOME_FAILED", "WRONG_INPUT", "guarded", "print_json", "say_to",
]  # fmt: skip

SOME_FAILED, WRONG_INPUT, IMPRECISE, INTERRUPTED = 1, 2, 3, 130

Arguments = ParamSpec("Arguments")


def guarded(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn wrong input into exit code 2 and an interruption into 130, both explained on standard error."""

    @functools.wraps(command)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> None:
        try:
            check_packages()
            _show_compiling(quiet=bool(options.get("quiet")))
            command(*arguments, **options)
        except WrongInput as error:
            raise _exit(str(error), WRONG_INPUT) from error
        except Unwritable as error:
            raise _exit(str(error), SOME_FAILED) from error
        except Interrupted as error:
            raise _exit(str(error), INTERRUPTED) from error
        except KeyboardInterrupt as error:
            raise _exit("Interrupted. All finished runs are kept.", INTERRUPTED) from error

    return run


def _show_compiling(*, quiet: bool) -> None:
    from model import show_progress

    show_progress(None if quiet else _compiling)


def _compiling(number: int, total: int) -> None:
    """Say that a phase of the day is compiled, which happens once and takes seconds."""
    print(f"compiling {number} of {total} phases …", file=sys.stderr)


def _exit(words: str, code: int) -> typer.Exit:
    print(words, file=sys.stderr)
    return typer.Exit(code)


def print_json(value: dict[str, Any]) -> None:
    """Print one object on standard output; NaN would not be JSON and is an error."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, default=lambda array: array.tolist())
    sys.stdout.write(text + "\n")


def say_to() -> Console:
    """Return the console for progress and warnings: standard error."""
    from rich.console import Console

    return Console(stderr=True)
