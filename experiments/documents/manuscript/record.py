"""From folders of finished studies to the record that the manuscript quotes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from experiments.documents.manuscript.declared import declared
from experiments.documents.manuscript.studies import Quoted, command, folder_of, told
from experiments.errors import WrongInput
from experiments.store.files import replace_text

__all__ = ["gather"]


def gather(out: Path, record: Path, studies: Quoted) -> None:
    """Keep the answers and figures of finished studies, and the tables that are made from declarations.

    Parameters
    ----------
    out : Path
        Parent folder of the studies.
    record : Path
        Where they are kept; what was there goes.
    studies : mapping

    Raises
    ------
    WrongInput
        With the command for each study that is missing or was made by another version of the model; nothing is kept.
    """
    folders = {name: folder_of(name, out) for name in studies}
    missing = [f"{command(name)} --out {out}" for name, folder in folders.items() if folder is None]
    if missing:
        raise WrongInput([f"The manuscript needs: {line}" for line in missing])
    shutil.rmtree(record, ignore_errors=True)
    record.mkdir(parents=True)
    for name, folder in folders.items():
        assert folder is not None
        _write(record / f"{name}.json", told(name, folder))
        for figure in studies[name]:
            shutil.copyfile(folder / "figures" / f"{figure}.svg", record / f"{name}_{figure}.svg")
    for name, table in declared():
        _write(record / f"{name}.json", table)


def _write(path: Path, content: Any) -> None:
    replace_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
