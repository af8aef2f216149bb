"""The command `whistle`."""

from __future__ import annotations

import typer

from experiments.cli.bench import bench
from experiments.cli.compare import compare
from experiments.cli.explain import explain
from experiments.cli.explore import explore
from experiments.cli.log import log
from experiments.cli.patterns import patterns
from experiments.cli.run import run
from experiments.cli.show_config import schema, show_config
from experiments.cli.studies import report, resume, status
from experiments.cli.study import command_for

__all__ = ["app", "main"]

app = typer.Typer(
    name="whistle",
    help="Whistle: streets, departments and a district under rules that you can change. Nothing here is a forecast.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("compare")(compare)
STUDIES = {
    "sweep": "One or two parameters of a study: a line with its band, or a map.",
    "sensitivity": "What matters most: Morris, Sobol and a second opinion, beside a dummy and the noise of luck.",
    "attribute": "Which instrument does the work: Shapley values and interactions over paired luck.",
    "search": "Packages of instruments for many objectives across uncertain worlds.",
    "discover": "Under which conditions a regime fails or wins.",
    "calibrate": "Which values of unknown parameters agree with what was observed, and which cannot be told.",
    "study": "Any study, whatever its kind.",
}
for name, help_text in STUDIES.items():
    app.command(name)(command_for(name, help_text))
app.command("patterns")(patterns)
app.command("run")(run)
app.command("explain")(explain)
app.command("log")(log)
app.command("explore")(explore)
app.command("show-config")(show_config)
app.command("schema")(schema)
app.command("status")(status)
app.command("resume")(resume)
app.command("report")(report)
app.command("bench")(bench)


def main() -> None:
    """Run the command line; the exit code is 0, 1 (runs failed), 2 (wrong input) or 130 (interrupted)."""
    app(prog_name="whistle")


if __name__ == "__main__":
    main()
