"""Generators of the documents that the repository carries; `make documents` writes them."""

from collections.abc import Iterable, Sequence

__all__ = ["table"]


def table(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    head, *body = (f"| {' | '.join(words)} |" for words in (columns, *rows))
    return "\n".join([head, "|" + "---|" * len(columns), *body, ""])
