"""The command line: one thin module a command."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line; see `experiments.cli.app`."""
    from experiments.cli.app import main as run

    run()
