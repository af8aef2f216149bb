"""What a study of the stylised facts found, kept for every report."""

from __future__ import annotations

from pathlib import Path

from experiments.errors import WrongInput
from experiments.store.files import keep_measured
from experiments.store.opened import open_study
from experiments.studies import kind_of

KEPT = ("id", "title", "role", "verdict", "credit", "null_verdict")


def keep(folder: Path) -> None:
    """Keep verdicts, number of runs and the fingerprint of the model's code.

    Raises:
        WrongInput: Where the folder holds another kind of study, or one without the bare queue.
    """
    opened = open_study(folder)
    if opened.study.experiment != "patterns" or not opened.study.analysis.get("null", True):
        raise WrongInput([f"{folder}: expected a study of `whistle patterns` with its bare queue, got another kind."])
    found = kind_of("patterns").results(opened).as_json()
    patterns = [{name: each[name] for name in KEPT} for each in found["patterns"]]
    keep_measured(
        "patterns",
        {"fingerprint": opened.manifest["fingerprint"], "pairs": found["pairs"], "patterns": patterns},
    )
