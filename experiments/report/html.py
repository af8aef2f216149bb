"""The report as one page of HTML that needs nothing else: no script, no font, no link, figures within."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from experiments.blocks import Document

__all__ = ["html_of"]

HERE = Path(__file__).parent


def html_of(document: Document, figures: Mapping[str, Path]) -> str:
    """Return the page.

    Parameters
    ----------
    document : Document
    figures : mapping
        SVG file of each figure by name.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["embedded"] = lambda name: _embedded(figures[name])
    style = (HERE / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(document=document, style=style)


def _embedded(path: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
