"""What a figure shows, from its own words, for those who cannot see it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.messages import msg

__all__ = ["alt_of"]


def alt_of(figure: Figure) -> str:
    """Return title and panels, then what stands along the axes."""
    titles = [figure.get_suptitle(), *(title for axes in figure.axes for title in _titles(axes))]
    across = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
    words, axes = _joined(titles), _joined(across)
    return msg("report_alt", words=words, axes=axes) if axes else msg("report_alt_plain", words=words)


def _titles(axes: Axes) -> list[str]:
    return [axes.get_title(loc) for loc in ("left", "center", "right")]


def _joined(words: list[str]) -> str:
    """Return what is said, once, without breaks of lines."""
    kept = dict.fromkeys(" ".join(each.split()) for each in words if each.strip())
    return msg("headline_join").join(kept)
