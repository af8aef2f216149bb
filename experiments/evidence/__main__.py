"""Measure what the repository keeps of the model: `python -m experiments.evidence instruments changed`.

The targets of `make` that are called alike use it, and `make documents` shows what was measured.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.errors import Interrupted, WrongInput
from experiments.evidence import expectations, instruments, kept, known_worlds, scales
from experiments.evidence.measuring import CHANGED

TABLES = {"instruments": instruments.MEASURED, "expectations": expectations.MEASURED}
STUDIES = {"patterns": kept.keep_patterns, "scales": scales.keep_scales}  # kept of the study in a folder


def main(words: Sequence[str]) -> int:
    """Measure what is named, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m experiments.evidence", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    for name in TABLES:
        table = commands.add_parser(name, help=f"measure {name} on paired seeds")
        table.add_argument("rows", nargs="*", metavar="ROW", help=f"measure these alone; {CHANGED}: those not measured "
                           "as they are defined now; the others keep what was measured last")  # fmt: skip
        table.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the study")
        table.add_argument("--jobs", type=int, default=2, help="processes")
    for name in STUDIES:
        commands.add_parser(name, help=f"keep what a study of {name} found").add_argument("folder", type=Path)
    known = commands.add_parser("known_worlds", help="search for worlds that are known, and draw what is found of them")
    known.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the studies")
    known.add_argument("--jobs", type=int, default=2, help="processes")
    commands.add_parser("golden", help="write the golden outcomes")
    options = parser.parse_args(words)
    try:
        if options.what in TABLES:
            TABLES[options.what].renew(options.rows, options.out, options.jobs)
        elif options.what in STUDIES:
            STUDIES[options.what](options.folder)
        elif options.what == "known_worlds":
            known_worlds.keep_known_worlds(options.out, options.jobs)
        else:
            kept.keep_outcomes()
    except (WrongInput, Interrupted) as error:
        print(error, file=sys.stderr)
        return 130 if isinstance(error, Interrupted) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
