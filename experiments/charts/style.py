"""What all figures share: colours, sizes, words that fit, saving."""

import dataclasses
import importlib
import io
import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.colours import QUIET, SERIES, SIGNED, UNSIGNED, VERDICT, of_regime
from experiments.console import in_notebook
from experiments.fonts import ALL, BOLD, FAMILY, whole_font
from experiments.messages import Language, current_language, msg
from experiments.store.files import whole

SCREEN = 110  # dots an inch of a picture beside text on a screen

MARKERS = ("s", "o", "^", "D", "v", "P")
LINES = ("solid", "solid", (0, (5, 1.5)), (0, (6, 1.5, 1, 1.5)), (0, (1, 1)))
HATCHES = ("", "", "///", "...", "xxx")
"""By place of a regime, which are not told apart by colour alone."""

AMOUNTS = LinearSegmentedColormap.from_list("levels", UNSIGNED)
VERDICTS = LinearSegmentedColormap.from_list("verdicts", VERDICT)
CHANGES = LinearSegmentedColormap.from_list("changes", SIGNED)
"""Scales of colours: of amounts, of what is better above zero, of what is neither better nor worse on either side."""

GUIDE: Any = {"color": QUIET, "linewidth": 0.9, "linestyle": (0, (4, 2))}  # of a line that helps to read the others

WIDTH, HEIGHT = 6.6, 8.9
"""Inches of a printed page that a figure may fill, so that its points are points on paper."""

HEAD_SIZE, LABEL_SIZE, SMALL = 10.5, 9.0, 8.5
"""Of titles, of the words along an axis, and of everything else, in points; nothing is smaller."""

EM_WIDTH = {Language.EN: 0.6, Language.ZH: 1.02}
"""Widths of a bold letter in sizes of its font; a Chinese character is a square and may end a line anywhere."""

STYLE: Any = {
    "font.size": LABEL_SIZE,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": "0.6",
    "axes.linewidth": 0.7,
    "xtick.color": "0.3",
    "ytick.color": "0.3",
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "legend.title_fontsize": SMALL,
    "svg.hashsalt": "whistle",
}
"""In force while figures are drawn and saved. The salt makes SVG files of equal figures equal."""


def figure_style() -> Any:
    """Return the style in force while figures are drawn: `STYLE` in the face of page and brief.

    Raises:
        WrongInput: If the package that carries the face is missing.
    """
    return {**STYLE, "font.family": [*_registered(), "DejaVu Sans"]}


@cache
def _registered() -> tuple[str, str]:
    """Make both weights known to matplotlib; return their name, and that of letters which the bold one lacks."""
    for path in (whole_font(), BOLD):
        font_manager.fontManager.addfont(path)
    known = font_manager.fontManager.ttflist
    (all_letters,) = {entry for entry in known if entry.fname == str(whole_font())}
    known += [dataclasses.replace(all_letters, name=ALL, weight=weight) for weight in (400, 700)]
    return FAMILY, ALL


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, NDArray[Any]]:
    """Return a figure, in inches, no wider than a printed page, and its axes as a rows × columns array."""
    figure = Figure(figsize=(min(width, WIDTH), min(height, HEIGHT)), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def one_panel(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of so many inches, and its only axes."""
    figure, grid = new_figure(width, height)
    return figure, grid[0, 0]


def panels(count: int, width: float, height: float, columns: int = 3) -> tuple[Figure, list[Axes]]:
    """Return a figure of so many panels, of some inches each, and their axes; the rest of the last row is empty.

    They stand in fewer columns where they would be narrower than seven tenths of what is asked for.
    """
    columns = min(columns, 2 if count == 4 else count, int(WIDTH / (0.7 * width))) or 1
    rows = -(-count // columns) or 1
    figure, grid = new_figure(WIDTH, height * rows + 1.0, rows, columns)
    for axes in grid.flat[count:]:
        axes.set_visible(False)
    return figure, list(grid.flat[:count])


def colour(place: int) -> str:
    """Return the colour of the regime at this place of the comparison."""
    return of_regime(place)


def series(place: int) -> str:
    """Return the colour of what stands at this place and is no regime."""
    return SERIES[place % len(SERIES)]


def marker(place: int) -> str:
    """Return the mark of what stands at this place."""
    return MARKERS[place % len(MARKERS)]


def dashes(place: int) -> Any:
    """Return the line style of what stands at this place."""
    return LINES[place % len(LINES)]


def hatching(place: int) -> str:
    """Return what fills the bars of what stands at this place, beside its colour."""
    return HATCHES[place % len(HATCHES)]


def verdicts(direction: int) -> Colormap:
    """Return the scale of differences of an outcome: blue where they are for the better, if there is a better side."""
    return {1: VERDICTS, -1: VERDICTS.reversed()}.get(direction, CHANGES)


def clean(axes: Axes, grid: str = "y") -> None:
    """Remove the frame that carries no information; faint lines along one axis help to read values."""
    axes.spines[["top", "right"]].set_visible(False)
    (axes.yaxis if grid == "y" else axes.xaxis).grid(True, color="0.92", linewidth=0.7)
    axes.set_axisbelow(True)


def fold(words: str, inches: float, size: float) -> str:
    """Break words into lines that fit a width, at a size of the font in points."""
    return textwrap.fill(words, max(8, int(inches * 72.0 / (size * EM_WIDTH[current_language()]))))


def alt_of(figure: Figure) -> str:
    """Return title and panels, then what stands along the axes; each once, without breaks of lines."""
    titles = [axes.get_title(side) for axes in figure.axes for side in ("left", "center", "right")]
    across = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
    words, axes = (
        msg("headline_join").join(dict.fromkeys(" ".join(each.split()) for each in found if each.strip()))
        for found in ([figure.get_suptitle(), *titles], across)
    )
    return msg("report_alt", words=words, axes=axes) if axes else msg("report_alt_plain", words=words)


def note_below(figure: Figure, handles: Sequence[Any], columns: int = 4, note_key: str = "chance_only") -> None:
    """Put a legend below all axes, headed by what the intervals mean and that nothing is a forecast.

    It has as many columns, up to `columns`, as fit the width of the figure.
    """
    title = fold(msg(note_key), figure.get_figwidth(), SMALL)
    note: dict[str, Any] = {"title": title}
    for fewer in range(columns, 0, -1):
        legend = figure.legend(handles=handles, loc="outside lower center", ncols=fewer, **note)
        if fewer == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()


def head(figure: Figure, words: str) -> None:
    """Put the title of the figure at its upper left; a long one is broken."""
    broken = fold(words, figure.get_figwidth(), HEAD_SIZE)
    figure.suptitle(broken, x=0.01, ha="left", fontweight="bold", fontsize=HEAD_SIZE)


def finished(
    figure: Figure, words: str, handles: Sequence[Any] = (), columns: int = 4, note_key: str = "chance_only"
) -> Figure:
    """Return a figure with its title above and its legend below: done last, but for names of points."""
    head(figure, words)
    note_below(figure, handles, columns, note_key)
    return figure


FORMS: Any = {"png": {"Software": None}, "svg": {"Date": None}}
"""Metadata of figures' files by ending: without the date that would make equal figures differ."""


def save(figure: Figure, folder: Path, name: str, endings: Iterable[str] = FORMS) -> None:
    """Write a figure as PNG, at 200 dots an inch, and SVG."""
    for ending in endings:
        with whole(folder / f"{name}.{ending}") as sink:
            figure.savefig(sink, format=ending, dpi=200, metadata=FORMS[ending])


def settled(figure: Figure) -> Figure:
    """Return a figure whose every part has been made in the style in force; a notebook shows it as a picture."""
    if in_notebook():
        importlib.import_module("matplotlib_inline.backend_inline")  # teaches IPython to show figures
    figure.draw_without_rendering()
    return figure


def png_of(figure: Figure) -> bytes:
    """Return a figure as a PNG file for a screen."""
    sink = io.BytesIO()
    figure.savefig(sink, format="png", dpi=SCREEN, metadata=FORMS["png"])
    return sink.getvalue()
