"""The command `whistle`."""

from __future__ import annotations

import typer

from experiments.cli.bench import bench
from experiments.cli.compare import compare
from experiments.cli.explore import explore
from experiments.cli.log import log
from experiments.cli.patterns import patterns
from experiments.cli.regimes import explain, schema, show_config
from experiments.cli.run import run
from experiments.cli.studies import ANY, command_for, kinds_with_command, report, resume, status

app = typer.Typer(
    name="whistle",
    help="Whistle: streets, departments and a district under rules that you can change. Nothing here is a forecast.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("compare")(compare)
for kind in (*kinds_with_command(), ANY):
    app.command(kind)(command_for(kind))
for command in (patterns, run, explain, log, explore, show_config, schema, status, resume, report, bench):
    app.command(command.__name__.replace("_", "-"))(command)


def main() -> None:
    """Run the command line; the exit code is 0, 1 (runs failed), 2 (wrong input) or 130 (interrupted)."""
    app(prog_name="whistle")


if __name__ == "__main__":
    main()
