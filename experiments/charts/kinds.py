"""A figure of which kinds of problem gain: days until half are really closed, before and after."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.marks import named_rows, sample
from experiments.charts.style import SMALL, WIDTH, head, one_panel
from experiments.colours import BEFORE, LIGHTER, LINE, PACKAGE, QUIET, WORSE
from experiments.formatting import over_worlds
from experiments.messages import msg
from experiments.stats.comparison import Comparison
from experiments.stats.kinds import DAYS, KindFound, Level, faster_first

ROW = 0.2  # inches of a kind


def kinds_slopes(comparison: Comparison, regime: str = "") -> Figure:
    """Draw for each kind the days until half are really closed, under the first regime and under another one.

    Args:
        regime: The other one; the last where not given.

    Returns:
        Kinds that are clearly closed sooner come first, then those of which that is not clear, the greatest gain first
        in each, then slower ones. Thin lines are what is told around each point: the 90 % range
        over worlds, or the interval. Hollow points at the right end stand for what is not reached within the follow-up.
    """
    regime = regime or comparison.regimes[-1]
    found = [each for each in faster_first(comparison.kinds, regime) if DAYS in each.measured]
    figure, axes = one_panel(WIDTH, ROW * len(found) + 1.25)
    axes.axvline(comparison.follow_up[regime], color=LINE, linewidth=0.9)
    for at, each in enumerate(found):
        _row(axes, at, each, comparison.worlds)
    named_rows(axes, [each.title for each in found], size=SMALL)
    for label, each in zip(axes.get_yticklabels(), found, strict=True):
        label.set_color(WORSE if not_faster(each) else "black")
    axes.spines["left"].set_visible(False)
    _days(axes, comparison.follow_up[regime])
    axes.set_xlabel(msg("kinds_axis"), fontsize=SMALL, color=QUIET)
    handles = [
        sample(comparison.first, BEFORE, "o"), sample(comparison.names[regime], PACKAGE, "o"),
        sample(msg("kinds_beyond", days=comparison.follow_up[regime]), QUIET, "o", markerfacecolor="white"),
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="outside lower center", ncols=3, fontsize=SMALL, title_fontsize=SMALL,
        title=over_worlds("kinds_note", comparison.worlds),
    )  # fmt: skip
    head(figure, msg("kinds_figure"))
    return figure


def _days(axes: Axes, follow_up: int) -> None:
    """Mark the days up to the follow-up, whose end stands for all that is later; right of it is room for words."""
    places = np.linspace(0, follow_up, 5)
    axes.set_xticks(places, [*(f"{place:.0f}" for place in places[:-1]), f"> {follow_up}"], fontsize=SMALL)
    axes.set_xlim(0.0, 1.45 * follow_up)
    axes.spines["bottom"].set_bounds(0.0, follow_up)


def not_faster(found: KindFound) -> bool:
    """Tell whether half of a kind are closed no sooner in the median of what is known."""
    return found.clearly < 0 or found.faster <= 0.0


def _row(axes: Axes, at: int, found: KindFound, worlds: int) -> None:
    before, after = found.before[DAYS], found.after[DAYS]
    shade = WORSE if not_faster(found) else PACKAGE
    ends = [level.middle for level in (before, after)]
    axes.plot(ends, [at] * 2, color=shade, linewidth=2.2 if found.clearly else 0.9, zorder=2)
    _point(axes, at, before, BEFORE, BEFORE, -0.24)
    _point(axes, at, after, shade, LIGHTER if shade == PACKAGE else WORSE, 0.24)
    words = _words(found, worlds)
    axes.text(1.035 * found.follow_up, at, words, fontsize=SMALL, va="center", color=shade if words else QUIET)


def _point(axes: Axes, at: int, level: Level, shade: str, pale: str, shift: float) -> None:
    """Draw a level, hollow where half are not reached, with what is told around it as a thin line beside it."""
    told = level.told
    if told.low is not None and told.high is not None:
        axes.plot([told.low, told.high], [at + shift] * 2, color=pale, linewidth=0.7, alpha=0.6, zorder=1)
    face = shade if level.reached else "white"
    axes.plot(level.middle, at, "o", color=shade, markerfacecolor=face, markersize=5.5, zorder=3, clip_on=False)


def _words(found: KindFound, worlds: int) -> str:
    """Return what is said beside a row: nothing where it is clearly faster."""
    left = found.measured[DAYS].doubt
    if found.clearly:
        return "" if found.clearly > 0 else msg("kinds_slower")
    if not_faster(found):
        return msg("kinds_no_faster")
    if left is None:
        return msg("kinds_unclear")
    return msg("kinds_faster_in", count=round((left.better or 0.0) * left.worlds), all=worlds)
