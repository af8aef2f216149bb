"""The command `whistle`."""

from __future__ import annotations

import typer

from experiments.commands.bench import bench
from experiments.commands.compare import compare
from experiments.commands.explain import explain
from experiments.commands.run import run
from experiments.commands.show_config import schema, show_config
from experiments.commands.studies import resume, status

__all__ = ["app", "main"]

app = typer.Typer(
    name="whistle",
    help="Whistle: streets, departments and a district under rules that you can change. Nothing here is a forecast.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("compare")(compare)
app.command("run")(run)
app.command("explain")(explain)
app.command("show-config")(show_config)
app.command("schema")(schema)
app.command("status")(status)
app.command("resume")(resume)
app.command("bench")(bench)


def main() -> None:
    """Run the command line; the exit code is 0, 1 (runs failed), 2 (wrong input) or 130 (interrupted)."""
    app(prog_name="whistle")


if __name__ == "__main__":
    main()
