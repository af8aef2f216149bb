"""Figures and tables of a log on disk, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from experiments.errors import WrongInput
from experiments.logs.answer import as_json, tables_of
from experiments.logs.asked import Asked
from experiments.logs.measuring import Measured
from experiments.messages import current_language
from experiments.store.files import csv_text, replace_text

__all__ = ["written"]

BLOCK = 1 << 20


def written(found: Measured, asked: Asked, out: Path) -> Path:
    """Write `answer.json`, tables and figures into a folder of their own, named by the log and what was asked of it.

    Returns
    -------
    Path
        The folder; one of the same name, which held the same answer, is replaced.

    Raises
    ------
    WrongInput
        If the parent folder cannot be written.
    """
    folder = out / f"log-{found.name}-{_key(asked)[:8]}"
    try:
        with _whole(folder) as unfinished:
            replace_text(unfinished / "answer.json", _json(found))
            for name, (header, rows) in tables_of(found).items():
                replace_text(unfinished / "tables" / f"{name}.csv", csv_text(header, rows))
            _draw(found, unfinished / "figures")
    except OSError as error:
        raise WrongInput(
            [f"--out {out}: is not writable ({error.strerror or error}). Choose another folder."]
        ) from error
    return folder


def _key(asked: Asked) -> str:
    """Return the hash of the log's bytes, the flags that decide numbers, and the language."""
    digest = hashlib.sha256()
    with asked.path.open("rb") as stream:
        while piece := stream.read(BLOCK):
            digest.update(piece)
    digest.update(repr((astuple(asked)[1:], str(current_language()))).encode("utf-8"))
    return digest.hexdigest()


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder beside that takes the name at the end, or goes."""
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        unfinished.mkdir(parents=True)
        yield unfinished
        if folder.exists():
            shutil.rmtree(folder)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _json(found: Measured) -> str:
    return json.dumps(as_json(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _draw(found: Measured, folder: Path) -> None:
    from matplotlib import rc_context

    from experiments.charts.style import save, style_for
    from experiments.logs.figures import figures_of

    with rc_context(style_for(current_language())):
        for name, draw in figures_of(found).items():
            save(draw(), folder, name)
