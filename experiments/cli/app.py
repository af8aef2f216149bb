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
from experiments.cli.study import ALL, command_for, kinds_with_command

__all__ = ["app", "main"]

app = typer.Typer(
    name="whistle",
    help="Whistle: streets, departments and a district under rules that you can change. Nothing here is a forecast.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("compare")(compare)
for kind in (*kinds_with_command(), ALL):
    app.command(kind)(command_for(kind))
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
