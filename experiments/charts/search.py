"""A search: what must be given up for what, what packages consist of, how far behind the best they are."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.charts import marks
from experiments.charts.style import AMOUNTS, LABEL_SIZE, WIDTH, finished, fold, marker, one_panel, panels, series
from experiments.colours import INK, PACKAGE, QUIET
from experiments.design.factors import Factor
from experiments.design.naming import Names, shown_name
from experiments.design.objectives import Objective
from experiments.formatting import scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.pareto import Judged
from model import OUTCOMES, Outcome

ACROSS = 3  # panels side by side of what packages do
TRIED, REFERENCE = "0.8", INK  # colours of packages that were only tried, and of reference regimes


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The judged packages, and the worth of all that were tried (packages, objectives), NaN where a run failed.

    `factors` are those of a package, `fresh` the number of worlds that judged, `titles` those of the references by
    label and language; `plausible` says that the worlds are those of an ensemble: median and 90 % range over them are
    drawn, not a mean with its interval.
    """

    objectives: Sequence[Objective]
    factors: Sequence[Factor]
    judged: Sequence[Judged]
    tried: NDArray[np.float64]
    fresh: int
    names: Names
    titles: Mapping[str, Mapping[str, str]]
    plausible: bool = False

    def shown(self, each: Judged) -> str:
        """Return what a package or a reference is called in the language in use."""
        return each.name if each.package else self.called(each.name)

    def called(self, reference: str) -> str:
        """Return what a reference is called in the language in use."""
        return shown_name(reference, self.titles.get(reference, {}))

    def worth(self, each: Judged, objective: Objective) -> Interval:
        """Return what is drawn of a package's worth: of the worst tenth of worlds its mean alone."""
        if self.plausible and objective.over == "mean":
            return each.worlds[objective.key].drawn
        return each.worth[objective.key]

    def regret(self, each: Judged, objective: Objective) -> Interval:
        return each.behind[objective.key].drawn if self.plausible else each.regret[objective.key]

    @property
    def doubted(self) -> list[Outcome]:
        """Outcomes of which it is told what packages do against the first reference."""
        keys = dict.fromkeys(key for each in self.judged for key in each.doubt)
        return [OUTCOMES[key] for key in keys if key in OUTCOMES]

    @property
    def note(self) -> str:
        """Key of what is said below a figure with intervals."""
        return "worlds_note" if self.plausible else "chance_only"

    @property
    def packages(self) -> list[Judged]:
        """Judged packages, without the references."""
        return [each for each in self.judged if each.package]


def trade_offs(judgement: Judgement) -> Figure:
    """Draw each two objectives, up to six pairs: all packages tried, and those judged with their intervals."""
    pairs = list(itertools.combinations(range(len(judgement.objectives)), 2))[:6]
    figure, grid = panels(len(pairs), 4.0, 3.8)
    points = [_trade_off(axes, judgement, pair) for axes, pair in zip(grid, pairs, strict=True)]
    tried = marks.sample(msg("search_tried"), TRIED, "o", linestyle="none")
    judged = [marks.sample(judgement.shown(each), *_look(place, each), linestyle="none")
              for place, each in enumerate(judgement.judged)]  # fmt: skip
    key = "search_trade_worlds" if judgement.plausible else "search_trade"
    finished(figure, msg(key, fresh=judgement.fresh), [tried, *judged], note_key=judgement.note)
    for axes, names in zip(grid, points, strict=True):
        marks.name_points(axes, names)
    return figure


def _trade_off(axes: Axes, judgement: Judgement, pair: tuple[int, int]) -> dict[marks.Place, str]:
    """Draw one panel and return the names of its points by place."""
    first, second = (judgement.objectives[place] for place in pair)
    factors = (scale(OUTCOMES[first.outcome]), scale(OUTCOMES[second.outcome]))
    x, y = (judgement.tried[:, pair] * factors).T
    axes.scatter(x, y, s=6, color=TRIED, linewidths=0)
    names: dict[marks.Place, str] = {}
    for place, each in enumerate(judgement.judged):
        shade, mark = _look(place, each)
        style = {"color": shade, "fmt": mark, "markersize": 5 if each.package else 9, "elinewidth": 0.9}
        at = marks.cross(axes, judgement.worth(each, first), judgement.worth(each, second), factors, **style)
        names.setdefault(at, judgement.shown(each))
    across, up = (fold(_axis(each), 2.7, LABEL_SIZE) for each in (first, second))
    marks.titled(axes, "", across, up)
    return names


def _axis(objective: Objective) -> str:
    outcome = OUTCOMES[objective.outcome]
    arrow = msg("search_more") if outcome.direction > 0 else msg("search_less")
    over = "" if objective.over == "mean" else f", {msg('search_worst')}"
    return f"{title(outcome)}{over} ({unit(outcome)}; {arrow})"


def _look(place: int, each: Judged) -> tuple[str, str]:
    """Return colour and mark of a package, or of a reference."""
    return (series(place), marker(place)) if each.package else (REFERENCE, "*")


def packages(judgement: Judgement) -> Figure:
    """Draw what each judged package consists of: grades from 0, off, to 1, on."""
    shown, factors = judgement.packages, judgement.factors
    grades = np.array([[_grade(factor, each.package[factor.name]) for each in shown] for factor in factors])
    figure, axes = one_panel(max(6.0, 0.62 * len(shown) + 3.5), 0.34 * len(factors) + 1.6)
    names = [judgement.names.of(factor.name) for factor in factors]
    image = marks.table_of_colours(axes, grades, [each.name for each in shown], names, cmap=AMOUNTS, vmin=0.0, vmax=1.0)
    for (row, column), grade in np.ndenumerate(grades):
        marks.in_cell(axes, column, row, f"{grade:.2f}", color="white" if grade > 0.6 else "0.2")
    figure.colorbar(image, ax=axes, label=msg("search_grade"), shrink=0.8)
    return finished(figure, msg("search_contents"))


def _grade(factor: Factor, value: Any) -> float:
    ends = [factor.place(each) for each in factor.choices] or [factor.low, factor.high]
    return (factor.place(value) - min(ends)) / (max(ends) - min(ends) or 1.0)


def regrets(judgement: Judgement) -> Figure:
    """Draw how far each judged package and reference is behind the best in the same world."""
    key = "search_regret_worlds" if judgement.plausible else "search_regret_figure"
    columns = [
        (OUTCOMES[objective.outcome], [judgement.regret(each, objective) for each in judgement.judged])
        for objective in judgement.objectives
    ]
    return _beside(judgement, columns, msg(key, fresh=judgement.fresh))


def doubts(judgement: Judgement) -> Figure:
    """Draw what each judged package and reference does against the first reference, over worlds."""
    columns = [(outcome, [_doubt(each, outcome) for each in judgement.judged]) for outcome in judgement.doubted]
    return _beside(judgement, columns, msg("search_doubt_figure", fresh=judgement.fresh))


def _doubt(each: Judged, outcome: Outcome) -> Interval:
    """Return the typical difference with its range; that of the first reference from itself is 0."""
    found = each.doubt.get(outcome.name)
    return found.interval if found else Interval(0.0)


def _beside(judgement: Judgement, columns: Sequence[tuple[Outcome, Sequence[Interval]]], heading: str) -> Figure:
    """Draw a panel an outcome, a row for each judged package and reference."""
    count, names = len(columns), [judgement.shown(each) for each in judgement.judged]
    figure, grid = panels(count, WIDTH / ACROSS, 0.22 * len(names) + 0.9, ACROSS)
    for place, (axes, (outcome, found)) in enumerate(zip(grid, columns, strict=True)):
        for at, (each, interval) in enumerate(zip(judgement.judged, found, strict=True)):
            style: Any = {"color": PACKAGE if each.package else REFERENCE, "markersize": 4.5, "linewidth": 1.5}
            marks.interval_dot(axes, at, interval, scale(outcome), **style)
        axes.set_title(fold(title(outcome), 1.7, LABEL_SIZE), fontsize=LABEL_SIZE)
        marks.named_rows(axes, names if place % ACROSS == 0 else [""] * len(names))
        marks.zero_line(axes)
        axes.set_xlabel(unit(outcome, difference=True), color=QUIET)
    return finished(figure, heading, note_key=judgement.note)
