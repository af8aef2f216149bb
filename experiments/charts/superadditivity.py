"""Charts of a whole against the sum of its parts."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.charts import marks
from experiments.charts.style import finished, one_panel
from experiments.colours import BEFORE, DARKER, PACKAGE, QUIET
from experiments.design.naming import Names
from experiments.formatting import Measured, decimals, mean_text, number, plus_minus, scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.superadditivity import Superadditivity, gain
from model import OUTCOMES

RAISES, LOWERS, SUM, WHOLE = PACKAGE, BEFORE, "0.55", DARKER
ROW = 0.4  # height of an instrument in inches


def whole_and_sum(found: Superadditivity, names: Names) -> Figure:
    """Draw what each instrument does alone, end to end, to the level that they add up to; below it that of the whole.

    Levels of a share below 0 and above 100 % are shaded: no sum can be reached there.
    """
    outcome = OUTCOMES[found.outcome]
    ranked = sorted(found.alone.items(), key=lambda part: -abs(part[1].mean or 0.0))
    figure, axes = one_panel(8.4, ROW * (len(ranked) + 3) + 1.6)
    level = (found.none.mean or 0.0) * scale(outcome)
    for at, (_, effect) in enumerate(ranked, 1):
        level = _step(axes, at, effect, level, outcome)
    last = len(ranked) + 1
    ends = ((0, found.none, SUM), (last, found.sum_level, SUM), (last + 1, found.all, WHOLE))
    for at, reached, shade in ends:
        marks.interval_dot(axes, at, reached, scale(outcome), color=shade, marker="s", markersize=7, linewidth=1.3)
        marks.value_beside(axes, at, f"{mean_text(reached, outcome)} {unit(outcome)}")
    if outcome.unit == "share":
        _shade_unreachable(axes)
    called = [msg("attribution_none_level"), *(names.of(name) for name, _ in ranked)]
    marks.named_rows(axes, [*called, msg("superadditivity_sum_level"), msg("superadditivity_all_level")])
    axes.set_xlabel(unit(outcome), color=QUIET)
    difference = f"{plus_minus(found.difference, outcome)} {unit(outcome, difference=True)}"
    legend = [
        Patch(color=RAISES, label=msg("superadditivity_raises")),
        Patch(color=LOWERS, label=msg("superadditivity_lowers")),
        marks.sample(msg("superadditivity_gap", difference=difference), WHOLE, "s", linestyle=""),
    ]
    return finished(figure, msg("superadditivity_figure", title=title(outcome)), legend)


def _step(axes: Axes, at: int, effect: Interval, level: float, outcome: Measured) -> float:
    """Draw the effect of an instrument alone from a level on, and return the level after it."""
    width = (effect.mean or 0.0) * scale(outcome)
    style: Any = {"height": 0.62, "color": RAISES if width >= 0 else LOWERS, "alpha": 0.75}
    axes.plot([level, level], [at - 1, at], color="0.7", linewidth=0.7, zorder=0)
    marks.bar(axes, at, effect, scale(outcome), level, **style)
    marks.value_beside(axes, at, f"{plus_minus(effect, outcome)} {unit(outcome, difference=True)}")
    return level + width


def _shade_unreachable(axes: Axes) -> None:
    """Shade levels that no share has, where they are in view."""
    low, high = axes.get_xlim()
    for start, end in ((low, min(0.0, high)), (max(100.0, low), high)):
        if end > start:
            axes.axvspan(start, end, color="0.9", linewidth=0, zorder=-1)
    axes.set_xlim(low, high)


def pair_map(found: Superadditivity, names: Names) -> Figure:
    """Draw the interactions of all pairs as a heat map, as gains; those that are not clear in grey."""
    outcome = OUTCOMES[found.outcome]
    called = {name: names.of(name) for name in found.alone}
    cells = {}
    for pair in found.pairs:
        value = gain(pair.interaction, outcome.direction)
        if value.mean is not None:
            words = number(value.mean, outcome, decimals(value, outcome), sign=True)
            cells[pair.first, pair.second] = (value.mean * scale(outcome), words, pair.clear)
    key = "superadditivity_gain" if outcome.direction else "attribution_difference"
    label = msg(key, unit=unit(outcome, difference=True))
    figure = marks.pair_matrix(cells, called, list(called), label, signed=True)
    legend = [Patch(color=QUIET, label=msg("attribution_unclear_pair"))]
    words = msg("superadditivity_map" if outcome.direction else "superadditivity_map_neither", title=title(outcome))
    return finished(figure, words, legend)
