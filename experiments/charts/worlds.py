"""Figures over worlds: differences as dots, worlds beside worlds, how they were found, what they show and narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.marks import even, named_rows, sample, titled, zero_line
from experiments.charts.style import AMOUNTS, SMALL, finished, fold, new_figure, one_panel, panels, verdicts
from experiments.colours import BEFORE, BETTER, NEITHER, PACKAGE, QUIET, WORSE
from experiments.formatting import SHARE, Quantity, labelled, outcome_of, scale, share_of_worlds, shown_in, title
from experiments.messages import Language, current_language, msg
from experiments.stats.comparison import Comparison
from experiments.stats.ensemble import CLOSURE
from experiments.stats.intervals import Floats

if TYPE_CHECKING:
    from model import FreeNumber, Outcome, Unknowns

DOTS = 20  # of a quantile dot plot: each stands for one in twenty worlds (Kay et al. 2016)
PANELS = 12  # free numbers, those narrowed most
LONG = 46  # letters of a row's name; more are left out


def _differences(comparison: Comparison, regime: str, name: str) -> Floats:
    """Return the difference from the first regime in every world where it is defined, in the unit shown."""
    gaps = comparison.by_world[regime][name] - comparison.by_world[comparison.regimes[0]][name]
    return np.asarray(gaps[np.isfinite(gaps)] * scale(outcome_of(name)))


def dots_of_worlds(comparison: Comparison) -> Figure:
    """Draw the headline differences over worlds: twenty dots each, median and 90 % range, and luck as a thin bar."""
    names = [name for name in shown_in("headline") if name in comparison.outcomes]
    rows, columns = len(names), len(comparison.others)
    figure, grid = new_figure(max(7.0, 4.2 * columns), 1.05 * rows + 1.3, rows, columns)
    for row, name in enumerate(names):
        for column, regime in enumerate(comparison.others):
            _dots(grid[row, column], outcome_of(name), comparison, regime)
        # one scale a row, so that regimes can be compared
        ends = np.array([axes.get_xlim() for axes in grid[row]])
        for axes in grid[row]:
            axes.set_xlim(ends[:, 0].min(), ends[:, 1].max())
        for axes in grid[row, 1:]:
            axes.set_title("", loc="left")
    for axes, regime in zip(grid[0] if columns > 1 else (), comparison.others, strict=False):
        axes.set_title(
            f"{comparison.names[regime]}\n{axes.get_title('left')}", loc="left", fontsize=SMALL, linespacing=1.5
        )
    known = {"before": comparison.first, "worlds": comparison.worlds}
    handles = [sample(msg("doubt_better"), BETTER, "o"), sample(msg("doubt_worse"), WORSE, "o"),
               sample(msg("worlds_mark_range"), "0.25", "|"), sample(msg("worlds_mark_luck"), QUIET)]  # fmt: skip
    return finished(figure, msg("worlds_dots", **known), handles, note_key="worlds_note")


def _dots(axes: Axes, outcome: Outcome, comparison: Comparison, regime: str) -> None:
    """Draw one difference: dots at its quantiles, stacked where they fall together."""
    values, found = _differences(comparison, regime, outcome.name), comparison.doubts[regime][outcome.name]
    zero_line(axes)
    axes.set_yticks([])
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.set_title(labelled(outcome, difference=True), loc="left", fontsize=SMALL)
    axes.set_ylim(-1.6, 8.5)
    if values.size < 2:
        return
    at = np.quantile(values, (np.arange(DOTS) + 0.5) / DOTS)
    low, high = min(at[0], 0.0), max(at[-1], 0.0)
    width = max(high - low, 1e-9) / 34.0
    place = np.round(at / width)
    heights = [int((place[:number] == place[number]).sum()) for number in range(DOTS)]
    toward = at * (outcome.direction or 0)
    shades = [BETTER if each > 0 else WORSE if each < 0 else NEITHER for each in toward]
    axes.scatter(place * width, heights, s=17, c=shades, linewidths=0)
    ends = np.quantile(values, [0.05, 0.5, 0.95])
    axes.plot(ends[[0, 2]], [-1.0, -1.0], color="0.25", linewidth=2.2, solid_capstyle="butt")
    axes.plot(ends[1], -1.0, "|", color="0.0", markersize=9, markeredgewidth=1.8)
    if found.luck_half_width is not None and found.median is not None:
        luck, middle = found.luck_half_width * scale(outcome), float(values.mean())
        axes.plot([middle - luck, middle + luck], [-1.45, -1.45], color=QUIET, linewidth=1.0)
    share = share_of_worlds(found.better if outcome.direction else None)
    if outcome.direction:
        axes.annotate(
            msg("worlds_better_in", share=share),
            (1.0, 1.0),
            xycoords="axes fraction",
            ha="right",
            va="top",
            fontsize=SMALL,
        )
    axes.set_xlim(low - 2 * width, high + 2 * width)


def strip_of_worlds(comparison: Comparison) -> Figure:
    """Draw every world as a column, sorted by what the last regime does to closure on time; a row a difference."""
    names = [name for name in CLOSURE if name in comparison.outcomes]
    last = comparison.others[-1]
    order = np.argsort(_effect(comparison, last, names[0]), kind="stable")
    figure, grid = new_figure(8.0, 0.42 * len(comparison.others) * len(names) + 0.55 * len(names) + 1.2, len(names))
    for axes, name in zip(grid[:, 0], names, strict=True):
        table = np.array([_effect(comparison, regime, name)[order] for regime in comparison.others])
        shades = even(table) | {"cmap": verdicts(outcome_of(name).direction)}
        mesh = axes.imshow(table, aspect="auto", interpolation="nearest", **shades)
        axes.grid(visible=False)
        figure.colorbar(mesh, ax=axes, pad=0.01, aspect=8)
        named_rows(axes, [comparison.names[regime] for regime in comparison.others])
        axes.set_xticks([])
        axes.grid(visible=False)
        titled(axes, labelled(outcome_of(name), difference=True))
    words = msg("worlds_strip", worlds=len(order), after=comparison.names[last], title=title(outcome_of(names[0])))
    return finished(figure, words, note_key="worlds_note")


def _effect(comparison: Comparison, regime: str, name: str) -> Floats:
    """Return the difference in every world, not-a-number where undefined, in the unit shown."""
    gaps = comparison.by_world[regime][name] - comparison.by_world[comparison.regimes[0]][name]
    return np.asarray(gaps * scale(outcome_of(name)))


def narrowed(numbers: Sequence[FreeNumber], worlds: Sequence[Unknowns], widths: Mapping[str, float]) -> Figure:
    """Draw what the patterns made of the numbers that they narrowed most: the range as grey, the worlds as bars."""
    shown = sorted(numbers, key=lambda each: widths[each.key])[:PANELS]
    figure, axes = panels(len(shown), 2.7, 1.25, columns=4)
    zh = current_language() is Language.ZH
    for each, number in zip(axes, shown, strict=True):
        values = [number.quantile(world[number.key]) for world in worlds]
        counts, edges = np.histogram(values, bins=12, range=(0.0, 1.0))
        each.axhspan(0.0, len(worlds) / 12.0, color="0.9", zorder=0)
        each.bar(edges[:-1], counts, np.diff(edges), align="edge", color=PACKAGE)
        each.set_xlim(0.0, 1.0)
        each.set_xticks([0.0, 0.5, 1.0], [f"{number.at(at):.3g}" for at in (0.0, 0.5, 1.0)])
        each.set_yticks([])
        each.spines[["left", "top", "right"]].set_visible(False)
        each.set_title(number.zh if zh and len(number.zh) <= 16 else number.key, fontsize=SMALL, loc="left")
    return finished(figure, msg("worlds_narrowed_figure", worlds=len(worlds)), note_key="worlds_note")


def inside_by_wave(waves: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Figure:
    """Draw which share of each wave lay inside the band of each check, and inside all of them at once.

    Args:
        titles: Of the checks in words, by the name that the waves know them by.
    """
    rows = [[100.0 * wave["bands"][name] for wave in waves] for name in titles]
    rows.append([100.0 * wave["inside"] / wave["explored"] for wave in waves])
    table = np.array(rows)
    figure, axes = one_panel(4.2 + 0.42 * len(waves), 0.3 * len(rows) + 1.4)
    axes.imshow(table, aspect="auto", cmap=AMOUNTS, vmin=0.0, vmax=140.0)
    for (row, column), share in np.ndenumerate(table):
        axes.text(column, row, f"{share:.0f}", ha="center", va="center", fontsize=SMALL)
    names = [f"{name.partition('.')[0]}  {_short(words)}" for name, words in titles.items()]
    named_rows(axes, [*names, msg("worlds_all_checks")])
    axes.axhline(len(rows) - 1.5, color="white", linewidth=3.0)
    axes.set_xticks(range(len(waves)), [str(place + 1) for place in range(len(waves))])
    axes.set_xlabel(msg("worlds_wave"))
    axes.grid(visible=False)
    return finished(figure, msg("worlds_inside_figure"), note_key="worlds_note")


def _short(words: str) -> str:
    kept = words[:LONG]
    return words if kept == words else f"{kept.rpartition(' ')[0] or kept} …"


def beside_bands(checks: Mapping[str, Mapping[str, Mapping[str, Any]]], titles: Mapping[str, str]) -> Figure:
    """Draw what the worlds show of every check beside the band of what was seen, what is held out first.

    Args:
        checks: By role, pattern and check, as `--json` has them.
        titles: Of the checks in words, with their units.
    """
    shown = [
        (role, f"{pattern} · {share_of_worlds(check['share'])} · {titles[name]}", check)
        for role in ("held_out", "matched")
        for pattern, found in checks[role].items()
        for name, check in found.items()
        if check["median"] is not None
    ]
    figure, grid = panels(len(shown), 3.0, 0.98)
    for axes, (role, words, check) in zip(grid, shown, strict=True):
        _beside(axes, check, PACKAGE if role == "held_out" else BEFORE)
        axes.set_title(fold(words, 2.0, SMALL), fontsize=SMALL, loc="left", weight="normal")
    handles = [sample(msg("worlds_held_out"), PACKAGE, "o"), sample(msg("worlds_matched"), BEFORE, "o"),
               sample(msg("worlds_band_seen"), "0.85", linewidth=8)]  # fmt: skip
    return finished(figure, msg("worlds_bands_figure"), handles, note_key="worlds_note")


def _beside(axes: Axes, check: Mapping[str, Any], colour: str) -> None:
    """Draw the middle 90 % of the worlds as a line, the typical one as a dot, over the band; open ends run out."""
    measured = SHARE if check["unit"] == "points" else Quantity(check["unit"])
    low, median, high = (check[name] * scale(measured) for name in ("low", "median", "high"))
    ends = [None if end is None else end * scale(measured) for end in check["band"]]
    known = [low, high, *(end for end in ends if end is not None)]
    margin = 0.12 * (max(known) - min(known)) or 1.0
    left, right = min(known) - margin, max(known) + margin
    axes.axvspan(left if ends[0] is None else ends[0], right if ends[1] is None else ends[1], color="0.87", linewidth=0)
    axes.plot([low, high], [0.0, 0.0], color=colour, linewidth=2.2, solid_capstyle="butt")
    axes.plot(median, 0.0, "o", color=colour, markersize=5)
    axes.set_xlim(left, right)
    axes.set_ylim(-1.0, 1.0)
    axes.set_yticks([])
    axes.spines[["left", "top", "right"]].set_visible(False)
