"""Measure what the repository keeps of the model: `python -m experiments.evidence instruments changed`.

The targets of `make` that are called alike use it, and `make documents` shows what was measured.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.design.ensemble import USUAL
from experiments.errors import Interrupted, WrongInput
from experiments.evidence import (
    choices,
    expectations,
    front,
    installs,
    instruments,
    kept,
    known_worlds,
    learned_logs,
    scales,
)
from experiments.evidence.measuring import CHANGED, PARTS
from experiments.runner.progress import saying

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
        table.add_argument("--only", choices=PARTS, help="measure this part of the rows and leave the other as it is; "
                           "worlds are the first of configs/worlds/, a seed each")  # fmt: skip
        table.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the study")
        table.add_argument("--jobs", type=int, default=2, help="processes")
    for name in STUDIES:
        commands.add_parser(name, help=f"keep what a study of {name} found").add_argument("folder", type=Path)
    known = commands.add_parser("known_worlds", help="search for worlds that are known, and draw what is found of them")
    known.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the studies")
    known.add_argument("--jobs", type=int, default=2, help="processes")
    first = commands.add_parser("front", help="measure what the first page knows before anything is run")
    first.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the studies")
    first.add_argument("--jobs", type=int, default=2, help="processes")
    commands.add_parser("golden", help="write the golden outcomes")
    commands.add_parser("installs", help="weigh what each extra installs")
    chosen = commands.add_parser("choices", help="measure how the answer over worlds hangs on how they were made")
    chosen.add_argument("ensembles", nargs="*", metavar="NAME=FILE", help="tables of worlds that were made otherwise")
    chosen.add_argument("--worlds", type=int, default=USUAL, help="in each row")
    chosen.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the studies")
    chosen.add_argument("--jobs", type=int, default=2, help="processes")
    logs = commands.add_parser("learned_logs", help="learn districts from real logs and keep how each was foretold")
    logs.add_argument("logs", nargs="*", metavar="FILE", help="these alone; the others keep what was measured last")
    logs.add_argument("--data", type=Path, default=learned_logs.DATA, help="folder of the logs")
    logs.add_argument("--out", type=Path, default=Path("results"), help="parent folder of the districts")
    logs.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args(words)
    try:
        if options.what in TABLES:
            parts = [options.only] if options.only else PARTS
            TABLES[options.what].renew(options.rows, options.out, options.jobs, parts)
        elif options.what in STUDIES:
            STUDIES[options.what](options.folder)
        elif options.what == "choices":
            named = {name: Path(file) for name, _, file in (each.partition("=") for each in options.ensembles)}
            choices.keep_choices(options.out, named, options.worlds, options.jobs)
        elif options.what == "front":
            front.keep_front(options.out, options.jobs)
        elif options.what == "known_worlds":
            known_worlds.keep_known_worlds(options.out, options.jobs)
        elif options.what == "learned_logs":
            with saying(True) as say:
                learned_logs.keep_learned_logs(options.logs, options.data, options.out, options.jobs, say)
        elif options.what == "installs":
            installs.keep_installs()
        else:
            kept.keep_outcomes()
    except (WrongInput, Interrupted) as error:
        print(error, file=sys.stderr)
        return 130 if isinstance(error, Interrupted) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
