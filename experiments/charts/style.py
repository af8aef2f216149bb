"""What all figures share: colours, sizes, words that fit, saving."""

import dataclasses
import importlib
import io
import textwrap
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from matplotlib import font_manager, patheffects
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from experiments.colours import QUIET, SERIES, SIGNED, UNSIGNED, VERDICT, of_regime
from experiments.console import in_notebook
from experiments.errors import WrongInput
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

HEAD_SIZE, NOTE_SIZE, LABEL_SIZE = 10.5, 7.5, 9.0
"""Of titles, of the note that heads a legend and of the words along an axis, in points."""

EM_WIDTH = {Language.EN: 0.62, Language.ZH: 1.05}
"""Widths of a bold letter in sizes of its font; a Chinese character is a square and may end a line anywhere."""

STYLE: Any = {
    "font.size": LABEL_SIZE,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": "0.6",
    "axes.linewidth": 0.7,
    "xtick.color": "0.3",
    "ytick.color": "0.3",
    "legend.frameon": False,
    "svg.hashsalt": "whistle",
}
"""In force while figures are drawn and saved. The salt makes SVG files of equal figures equal."""


def style_for(language: Language) -> Any:
    """Return the style in force for a language; names may be Chinese in English too, for which a font is given by path.

    Raises:
        WrongInput: If the package that carries the font is missing.
    """
    fonts = [_registered(chinese_font()), "DejaVu Sans"]
    return {**STYLE, "font.family": fonts if language is Language.ZH else fonts[::-1]}


def chinese_font() -> Path:
    """Return the file of Noto Sans SC that comes with the package zhplot, which is not imported."""
    spec = find_spec("zhplot")
    path = Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise WrongInput(
            ["Chinese figures: package 'zhplot', which provides their font, not found. Reinstall Whistle."]
        )
    return path


def _registered(path: Path) -> str:
    """Make a font file known to matplotlib and return its name.

    There is one weight only: it is named bold as well, so that matplotlib does not look for another file;
    `save` thickens what shall be bold.
    """
    known = font_manager.fontManager.ttflist
    if not any(entry.fname == str(path) for entry in known):
        font_manager.fontManager.addfont(path)
        known.append(dataclasses.replace(known[-1], weight="bold"))
    return str(font_manager.FontProperties(fname=path).get_name())


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, NDArray[Any]]:
    """Return a figure, in inches, and its axes as a rows × columns array."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def one_panel(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of so many inches, and its only axes."""
    figure, grid = new_figure(width, height)
    return figure, grid[0, 0]


def panels(count: int, width: float, height: float, columns: int = 3) -> tuple[Figure, list[Axes]]:
    """Return a figure of so many panels, of so many inches each, and their axes; the rest of the last row is empty."""
    columns = min(columns, 2 if count == 4 else count) or 1
    rows = -(-count // columns) or 1
    figure, grid = new_figure(max(8.0, width * columns), height * rows + 1.0, rows, columns)
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
    title = fold(msg(note_key), figure.get_figwidth(), NOTE_SIZE)
    note: dict[str, Any] = {"title": title, "title_fontsize": NOTE_SIZE, "fontsize": 8}
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
    if current_language() is Language.ZH:
        _thicken(figure)
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
    if current_language() is Language.ZH:
        _thicken(figure)
    sink = io.BytesIO()
    figure.savefig(sink, format="png", dpi=SCREEN, metadata=FORMS["png"])
    return sink.getvalue()


def _thicken(figure: Figure) -> None:
    """Draw the outline of bold text as well, for the Chinese font has no bold file."""
    for text in figure.findobj(Text):
        if text.get_fontweight() == "bold":
            outline = patheffects.Stroke(linewidth=0.3, foreground=text.get_color())
            text.set_path_effects([outline, patheffects.Normal()])
