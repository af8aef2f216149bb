"""A study run to its end in this process."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from rich.console import Console

from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.runner import Where


def run_study(out: Path, study: StudyFile) -> Path:
    """Return the folder of a finished study."""
    kind = import_module(f"experiments.studies.{study.experiment}").KIND
    return Path(kind.lay_out(study, Places()).run(out, Where(1), Console(stderr=True), quiet=True).folder)
