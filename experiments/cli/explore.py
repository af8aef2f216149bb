"""`whistle explore`: the page in the browser."""

from __future__ import annotations

import threading
import webbrowser
from typing import Annotated

import typer

from experiments.cli.options import Lang
from experiments.cli.terminal import guarded
from experiments.messages import Language, msg

Host = Annotated[
    str, typer.Option("--host", help="Address to bind to; anything but loopback lets others on the network in.")
]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Default: a free one.", show_default=False)]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")]


@guarded
def explore(host: Host = "127.0.0.1", port: Port = None, no_open: NoOpen = False, lang: Lang = Language.ZH) -> None:
    """Open the page: watch a district, change its rules, compare packages; works offline, nothing is sent anywhere."""
    from experiments.page.serving import Served, free_port, serve

    served = Served(host, free_port(host, port), str(lang))

    def ready() -> None:
        typer.echo(msg("page_served", lang, address=served.address), err=True)
        if not no_open:
            # apart, since a browser in the terminal comes back only when it is left
            threading.Thread(target=webbrowser.open, args=(served.address,), daemon=True).start()

    serve(served, ready)
