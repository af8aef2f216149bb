"""`python -m experiments.evidence.patterns FOLDER` keeps what a study of the patterns found for every report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from experiments.errors import WrongInput
from experiments.report.frame import FOUND
from experiments.store.files import replace_text
from experiments.store.opened import open_study
from experiments.studies import kind_of
from model import shipped_root

__all__ = ["keep"]


def keep(folder: Path) -> None:
    """Write verdicts, number of runs and the fingerprint of the model's code among what is shipped.

    Raises
    ------
    WrongInput
        Where the folder holds another kind of study, or one without the bare queue.
    """
    opened = open_study(folder)
    if opened.study.experiment != "patterns" or not opened.study.analysis.get("null", True):
        raise WrongInput([f"{folder}: expected a study of `whistle patterns` with its bare queue, got another kind."])
    answer = kind_of("patterns").results(opened).as_json()
    told = ("id", "title", "role", "verdict", "credit", "null_verdict")
    kept = {
        "fingerprint": opened.manifest["fingerprint"],
        "pairs": answer["pairs"],
        "patterns": [{name: each[name] for name in told} for each in answer["patterns"]],
    }
    replace_text(shipped_root() / FOUND, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    try:
        keep(Path(sys.argv[1]))
    except WrongInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
