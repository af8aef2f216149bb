"""The studies that the manuscript quotes: which, by which command, and where they lie."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.documents.manuscript import PAPER

if TYPE_CHECKING:
    from experiments.design.plan import Plan

__all__ = ["Quoted", "command", "folder_of", "quoted", "told"]

PATTERNS = "patterns"
"""The one study that is no file: it is asked for by a command of its own."""

FACTS = ("fingerprint", "seed", "done", "failed", "runs_hash", "code")
ASKED = ("experiment", "regimes", "set", "replicates", "parameters", "analysis")

Quoted = Mapping[str, Sequence[str]]
"""By name of a study: the figures that are shown."""


def quoted() -> Quoted:
    """Return the studies that the manuscript quotes, each with the figures that it shows."""
    from model import read_yaml

    return read_yaml(PAPER / "studies.yaml").values


def command(name: str) -> str:
    """Return how a study is carried out, without the folder that it is put in."""
    return "whistle patterns" if name == PATTERNS else f"whistle study {name}"


def folder_of(name: str, out: Path) -> Path | None:
    """Return the folder of a finished study as it would be made now, None where there is none."""
    from experiments.store.store import read_manifest

    folder = out / _plan(name).folder_name
    if not (folder / "tables" / "answer.json").is_file():
        return None
    return folder if read_manifest(folder).get("ended") else None


def _plan(name: str) -> Plan:
    from experiments.design.reading import Places, read_study
    from experiments.studies import OPTIONS, kind_of
    from experiments.studies.facts.asked import patterns_study
    from experiments.studies.facts.options import PatternOptions
    from experiments.studies.facts.reading import patterns_file, read_patterns

    if name == PATTERNS:
        study, places = patterns_study(PatternOptions(patterns=read_patterns(patterns_file()))), Places()
    else:
        study, places = read_study(name, OPTIONS)
    return kind_of(study.experiment).lay_out(study, places).plan


def told(name: str, folder: Path) -> dict[str, Any]:
    """Return what is kept of a finished study: its question, how it was asked, provenance and answer."""
    from experiments.design.naming import Names
    from experiments.store.opened import open_study

    opened = open_study(folder)
    manifest, spreads = opened.manifest, opened.study.parameters
    request = manifest["request"]
    names = {each: Names(spreads).of(each) for each in spreads}
    words = {each: request[each]["en"] for each in ("title", "question") if each in request}
    asked = {each: request.get(each) for each in ASKED}
    facts = {each: manifest[each] for each in FACTS}
    answer = json.loads((folder / "tables" / "answer.json").read_text(encoding="utf-8"))
    answer.pop("study", None)  # where it lay on this machine
    return {"study": folder.name, "command": command(name), **words, **asked, "names": names, **facts, "answer": answer}
