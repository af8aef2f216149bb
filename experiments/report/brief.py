"""What a comparison was of, and who carries the work under it: sections of its report, for lay readers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.blocks import Block, Bullets, Notice, Paragraph, Table
from experiments.formatting import SHARE, number, over_worlds, plus_minus
from experiments.messages import Language, current_language, msg
from experiments.report.differences import named_units, unit_table
from experiments.stats import Interval, mean_interval, paired_difference
from experiments.stats.comparison import FEW, Comparison
from experiments.stats.series import LEVELS, RegimeSeries, ratio
from model import INSTRUMENTS, Scenario


def cautions(base: Mapping[str, Any], comparison: Comparison) -> Iterator[Block]:
    """Yield a warning where the district is smaller than the real one, and where there are few pairs."""
    scale = base.get("demand", {}).get("scale", 1.0)
    if scale < 1.0:
        yield Notice(msg("brief_scaled", percent=f"{100 * scale:.3g}"))
    if comparison.untold:
        yield Notice(msg("brief_untold", count=len(comparison.untold), all=len(comparison.outcomes)))
    if (count := comparison.worlds or comparison.pairs) < FEW:
        yield Notice(over_worlds("brief_few", comparison.worlds, count=count, pairs=FEW))


def platform_behind(title: str, base: Mapping[str, Any], wait: float | None) -> Iterator[Notice]:
    """Yield a warning where whistles wait longer at the platform than a letter may take."""
    letters = base.get("letters", {})
    letter = letters.get("transit_days", 0.0) + letters.get("answer_within", 0.0)
    if letters and wait is not None and wait > letter:
        yield Notice(msg("platform_behind", regime=title, days=f"{wait:.1f}", letter=f"{letter:g}"))


def setting(bases: Sequence[Mapping[str, Any]], titles: Sequence[str], names: Sequence[str]) -> Iterator[Block]:
    """Yield district, time limits, and in what each set of rules differs from an earlier one.

    Args:
        bases: Every value of each set of rules, as `Scenario.resolved` returns them.
        titles, names: What each set is called in full, and in passing.
    """
    from model import changes, scenario_of

    base, run = bases[0], bases[0]["run"]
    counts = {name: len(base.get(name, ())) for name in ("streets", "departments")}
    days = {name: run[f"{name}_days"] for name in ("window", "warm_up", "follow_up")}
    yield Paragraph(msg("brief_setting", **counts, **days, first=names[0]))
    if limits := base.get("deadlines"):
        times = {"emergency": 24, "utilities": 24, "normal": 1, "complex": 1}  # the urgent ones are told in hours
        yield Paragraph(msg("brief_limits", **{name: f"{each * limits[name]:.3g}" for name, each in times.items()}))
    lines, scenarios = [msg("brief_first", regime=titles[0])], [scenario_of(each, own=False) for each in bases]
    for place, after in enumerate(scenarios[1:], 1):
        found = [changes(before, after) for before in scenarios[:place]]
        nearest = min(range(place), key=lambda earlier: len(found[earlier]))
        lines.append(_line(titles[place], names[nearest] if nearest else "", found[nearest], after))
    yield Bullets(tuple(lines))


def _line(title: str, like: str, found: Sequence[Any], after: Scenario) -> str:
    """Return what differs; `like` names the earlier set that is meant, "" where that is the first."""
    if not found and after.stages:
        dates = (msg("brief_date", day=stage.day, rules=stage.regime, streets=len(stage.streets))
                 for stage in after.stages)  # fmt: skip
        return msg("brief_dated", regime=title, dates=msg("list_join").join(dates))
    if not found:
        return msg("brief_same_as", regime=title, like=like) if like else msg("brief_same", regime=title)
    parts = [each.sentence(_zh()) for each in found] if len(found) <= 4 else _instruments(found)
    key = "brief_differs_like" if like else "brief_differs"
    return msg(key, regime=title, like=like, parts=msg("headline_join").join(parts), count=len(found))


def _instruments(found: Sequence[Any]) -> list[str]:
    """Return the titles of the instruments that differ, in the order of the article, and how much else."""
    titles = {each.row: each.title_zh if _zh() else each.title_en for each in INSTRUMENTS}
    rows = [each.row for each in found]
    named = [msg("brief_instrument", row=row, title=title) for row, title in titles.items() if row in rows]
    rest = sum(row not in titles for row in rows)
    return [*named, *([msg("brief_others", count=rest)] if rest else [])]


def _zh() -> bool:
    return current_language() is Language.ZH


def value_tables(bases: Sequence[Mapping[str, Any]], titles: Sequence[str]) -> Iterator[Block]:
    """Yield every value that differs from the first set of rules on the first day, a table a set.

    What the tables of earlier sets list already is told by their names.
    """
    from model import changes, scenario_of

    first, *others = (scenario_of(each, own=False) for each in bases)
    listed = dict[str, tuple[tuple[str, str], ...]]()
    for title, other in zip(titles[1:], others, strict=True):
        every = tuple((each.row, each.sentence(_zh())) for each in changes(first, other))
        within = [name for name, rows in listed.items() if rows and set(rows) <= set(every)]
        told = {row for name in within for row in listed[name]}
        left = tuple(row for row in every if row not in told)
        if within:
            key = "brief_values_more" if left else "brief_values_together"
            yield Paragraph(msg(key, regime=title, others=msg("list_join").join(within)))
        if left:
            yield Table((msg("brief_row"), msg("brief_value")), left, title, words=2)
        listed[title] = every


def work(comparison: Comparison, series: Sequence[RegimeSeries]) -> Iterator[Block]:
    """Yield hours by level, open cases, how many units do more or less, and which ones most."""
    if len(series) == len(comparison.regimes):
        yield _hours(series, comparison)
        yield from _open_cases(series, comparison)
        yield from lent_and_got(comparison, series)
    yield Paragraph(msg("brief_neutral" if comparison.neutral else "brief_volunteers"))
    if comparison.units:
        yield from unit_table(comparison)
        yield Notice(msg("brief_names"))
        for regime in comparison.others[:3]:
            yield from named_units(comparison, regime)


def _hours(series: Sequence[RegimeSeries], comparison: Comparison) -> Table:
    """Return hours used of hours held by level, a column a regime; levels that hold none are left out."""
    rows = []
    for level in LEVELS:
        means = [mean_interval(each.workload(level)).mean for each in series]
        shares = [msg("undefined") if mean is None else f"{mean:.1f}" for mean in means]
        rows += [(msg(f"level_{level}"), *shares)] if set(means) != {None} else []
    return Table((msg("brief_level_of"), *comparison.names.values()), tuple(rows), msg("brief_hours"))


def _open_cases(series: Sequence[RegimeSeries], comparison: Comparison) -> Iterator[Block]:
    """Yield open cases in the first and in the last four weeks that are observed; nothing of a shorter time.

    A district that falls behind ever further is no steady comparison.
    """
    parts, days = [], 28
    for each in series:
        if each.window >= 2 * days:
            observed = each.daily["open"][:, each.warm_up : each.warm_up + each.window]
            first, last = observed[:, :days].mean(axis=1), observed[:, -days:].mean(axis=1)
            change = msg(f"brief_open_{_direction(paired_difference(first, last).interval)}")
            shown = {"first": f"{first.mean():,.0f}", "last": f"{last.mean():,.0f}", "change": change}
            parts.append(msg("brief_open_of", regime=comparison.names[each.regime], **shown))
    if parts:
        yield Paragraph(msg("brief_open", parts=msg("headline_join").join(parts)))


def _direction(change: Interval) -> str:
    if change.low is None or change.high is None:
        return "one"
    if change.low > 0.0:
        return "more"
    return "fewer" if change.high < 0.0 else "same"


SIDES = ("lent", "even", "got")  # of streets: more person-days lent than got, as many, or more got


def lent_and_got(comparison: Comparison, series: Sequence[RegimeSeries]) -> Iterator[Table]:
    """Yield the closure of streets by whether they lent or got more, a table a regime under which people move.

    Beside it stands that of the same streets under the first regime, on the same problems.
    """
    first = series[0]
    for each in series:
        if "lent_days" in each.units and each.units["lent_days"].any():
            rows = tuple(_lent_and_got(first, each, side) for side in SIDES)
            names = {"regime": comparison.names[each.regime], "before": comparison.first}
            header = ("of", "streets", "lent", "got", "closure", "before", "difference")
            yield Table(
                tuple(msg(f"loans_column_{name}", **names) for name in header),
                tuple(row for row in rows if row), msg("loans_caption", **names), msg("loans_note", **names),
            )  # fmt: skip


def _lent_and_got(first: RegimeSeries, series: RegimeSeries, side: str) -> tuple[str, ...]:
    """Return a row of the table, () where no street is on this side in any run; means over runs."""
    pairs = [pair for pair in series.replicates if pair in first.replicates]
    here, before = (np.searchsorted(each.replicates, pairs) for each in (series, first))
    streets = series.units["level"][0] == "street"
    lent, got = (series.units[name][here][:, streets] for name in ("lent_days", "guest_days"))
    chosen = (lent > got, lent == got, lent < got)[SIDES.index(side)]
    some = chosen.any(axis=1)
    if not some.any():
        return ()
    closed = [_closure(*pair, chosen)[some] for pair in ((series, here), (first, before))]
    count = chosen.sum(axis=1)
    days = [(each * chosen)[some].sum(axis=1) / count[some] for each in (lent, got)]
    change = paired_difference(closed[1], closed[0]).interval
    levels = [number(float(each.mean()) if np.isfinite(each).all() else None, SHARE, 1) for each in closed]
    return (msg(f"loans_{side}"), f"{count.mean():.1f}", *(f"{each.mean():,.0f}" for each in days), *levels,
            plus_minus(change, SHARE))  # fmt: skip


def _closure(series: RegimeSeries, rows: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share closed in time of what fell due in chosen streets (runs × streets), by run."""
    due, closed = ((series.histograms[name][rows] * chosen).sum(axis=1) for name in ("due", "closed_in_time"))
    return ratio(closed, due)


def busiest_paths(comparison: Comparison, series: Sequence[RegimeSeries]) -> Iterator[Block]:
    """Yield who hands over to whom most often; nothing where the study kept no series."""
    if len(series) == len(comparison.regimes):
        yield Bullets(tuple(_paths(each, comparison.names[each.regime]) for each in series if each.hand_overs.any()))


def _paths(series: RegimeSeries, regime: str) -> str:
    flows = series.hand_overs
    shares = 100 * flows / flows.sum()
    names = [series.titles.get(code, msg("back_to_street")) for code in series.codes]
    order = np.argsort(flows, axis=None)[::-1][:3]
    paths = [
        msg("brief_flow", source=names[row], target=names[column], share=f"{shares[row, column]:.0f}")
        for row, column in zip(*np.unravel_index(order, flows.shape), strict=True)
    ]
    back = 100 * flows[:-1, -1].sum() / flows.sum()
    return msg("brief_flows", regime=regime, paths=msg("headline_join").join(paths), back=f"{back:.0f}")


def warm_up_note(series: Sequence[RegimeSeries]) -> Iterator[str]:
    """Yield, where series were kept, by which day each regime settles, against the warm-up."""
    if series:
        settled = [(each, each.settled()) for each in series]
        parts = [msg("warm_up_never" if day is None else "warm_up_day", regime=each.label, day=day)
                 for each, day in settled]  # fmt: skip
        enough = all(day is not None and day <= each.warm_up for each, day in settled)
        days = max(each.warm_up for each in series)
        yield msg("warm_up_enough" if enough else "warm_up_short", days=days, parts=msg("list_join").join(parts))
