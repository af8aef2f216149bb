"""The command `whistle`, and its smallest commands."""

import threading
import webbrowser
from collections.abc import Callable

import typer

from experiments.cli import options
from experiments.cli.district import check, new_district
from experiments.cli.fit import fit
from experiments.cli.log import log
from experiments.cli.regimes import explain, run, schema, show_config
from experiments.cli.rules import rules
from experiments.cli.studies import (
    command_for,
    compare,
    kinds_with_command,
    patterns,
    report,
    resume,
    status,
    worlds,
)
from experiments.cli.terminal import guarded, print_error, print_json
from experiments.console import error_console, show
from experiments.messages import Language, msg
from experiments.requests import ANY


@guarded
def explore(
    host: options.Host = "127.0.0.1",
    port: options.Port = None,
    no_open: options.NoOpen = False,
    lang: options.Lang = Language.ZH,
    real_names: options.RealNames = False,
) -> None:
    """Open the page: watch a district, change its rules, compare packages; works offline, nothing is sent anywhere."""
    from model import needs

    needs("page", "whistle explore")
    from experiments.page.serving import Served, free_port, serve, token_for

    served = Served(host, free_port(host, port), str(lang), token_for(host), real_names)

    def ready() -> None:
        print_error(msg("page_served", lang, address=served.address))
        if served.token:
            print_error(msg("page_served_token", lang, host=served.shown_host))
        if not no_open:
            # apart, since a browser in the terminal comes back only when it is left
            threading.Thread(target=webbrowser.open, args=(served.address,), daemon=True).start()

    serve(served, ready)


@guarded
def bench(
    district: options.District = "chaoyang",
    quick: options.QuickBench = False,
    experiments: options.OnlyStudies = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure speed, memory and compile time against the targets."""
    from experiments.evidence.bench import FULL, QUICK, measure, missed, notes, table

    console = error_console()
    say: Callable[[str], None] = (lambda _: None) if quiet else console.print
    results = measure(district, QUICK if quick else FULL, say, only_studies=experiments)
    if as_json:
        print_json(results)
    else:
        show(table(results), *missed(results), *([] if experiments else notes(results)))


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
for command in (
    worlds,
    patterns,
    run,
    rules,
    new_district,
    check,
    explain,
    log,
    fit,
    explore,
    show_config,
    schema,
    status,
    resume,
    report,
    bench,
):
    app.command(command.__name__.replace("_", "-"))(command)


def main() -> None:
    """Run the command line; the exit code is 0, 1 (runs failed), 2 (wrong input) or 130 (interrupted)."""
    app(prog_name="whistle")
