"""`python -m experiments.documents.manuscript`: typesets `paper/paper.pdf` from `paper/record/` (`make paper`).

`--record OUT` first makes the record anew from the folders of finished studies in OUT; `--commands` prints the commands
that carry these studies out (`make record`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.documents.manuscript import PAPER, RECORD
from experiments.documents.manuscript.record import gather
from experiments.documents.manuscript.studies import command, quoted
from experiments.documents.manuscript.typesetting import typeset
from experiments.errors import WrongInput


def main(words: Sequence[str]) -> int:
    """Gather, typeset, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m experiments.documents.manuscript", description=__doc__)
    parser.add_argument("--record", type=Path, metavar="OUT", help="make the record anew from the studies in OUT")
    parser.add_argument("--commands", action="store_true", help="only print the commands that make these studies")
    asked = parser.parse_args(words)
    if asked.commands:
        print(*map(command, quoted()), sep="\n")
        return 0
    try:
        if asked.record:
            gather(asked.record, RECORD, quoted())
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 2
    _tell_age()
    typeset(PAPER / "paper.pdf")
    return 0


def _tell_age() -> None:
    """Say where the record was made by another version of the model, or under other tools, than are here."""
    from model import fingerprint

    made_by = {json.loads((RECORD / f"{name}.json").read_text(encoding="utf-8"))["fingerprint"] for name in quoted()}
    if made_by != {fingerprint()}:
        versions = ", ".join(sorted(made_by))
        print(
            f"The record was made by version {versions} of the model; here is {fingerprint()} (its code, Python, "
            "numba, numpy). `make record` carries the studies out anew.",
            file=sys.stderr,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
