"""The command line: thin commands over everything below."""

__all__ = ["main"]


def main() -> None:
    """Run the command line; see `experiments.cli.app`."""
    from experiments.cli.app import main as run

    run()
