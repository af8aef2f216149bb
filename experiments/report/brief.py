"""What a comparison was of, and who carries the work under it: sections of its report, for lay readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.blocks import Block, Bullets, Notice, Paragraph, Table
from experiments.messages import Language, current_language, msg
from experiments.report.differences import named_units, unit_table
from experiments.stats import Interval, mean_interval, paired_difference
from experiments.stats.comparison import FEW, Comparison
from experiments.stats.series import LEVELS, RegimeSeries

if TYPE_CHECKING:
    from model import Scenario


def title_of(comparison: Comparison) -> str:
    """Return what the report is about."""
    if len(comparison.others) == 1:
        return msg("brief_title_two", after=comparison.names[comparison.others[0]], before=comparison.first)
    return msg("brief_title_many", count=len(comparison.regimes))


def cautions(base: Mapping[str, Any], pairs: int) -> Iterator[Block]:
    """Yield a warning where the district is smaller than the real one, and where there are few pairs."""
    scale = base.get("demand", {}).get("scale", 1.0)
    if scale < 1.0:
        yield Notice(msg("brief_scaled", percent=f"{100 * scale:.3g}"))
    if pairs < FEW:
        yield Notice(msg("brief_few", count=pairs, pairs=FEW))


HOURS = 24


def setting(bases: Sequence[Mapping[str, Any]], titles: Sequence[str], names: Sequence[str]) -> Iterator[Block]:
    """Yield district, time limits, and in what each set of rules differs from an earlier one.

    Args:
        bases: Every value of each set of rules, as `Scenario.resolved` returns them.
        titles, names: What each set is called in full, and in passing.
    """
    base, run = bases[0], bases[0]["run"]
    counts = {name: len(base.get(name, ())) for name in ("streets", "departments")}
    days = {name: run[f"{name}_days"] for name in ("window", "warm_up", "follow_up")}
    yield Paragraph(msg("brief_setting", **counts, **days, first=names[0]))
    if limits := base.get("deadlines"):
        hours = {name: f"{HOURS * limits[name]:.3g}" for name in ("emergency", "utilities")}
        yield Paragraph(msg("brief_limits", **hours, **{name: f"{limits[name]:.3g}" for name in ("normal", "complex")}))
    yield Bullets(tuple(_differences(_scenarios(bases), titles, names)))


def _scenarios(bases: Sequence[Mapping[str, Any]]) -> list[Scenario]:
    from model import scenario_of

    return [scenario_of(base) for base in bases]


def _differences(scenarios: Sequence[Scenario], titles: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Yield a line a set of rules: what is different from the earlier one that it is most like."""
    from model import changes

    yield msg("brief_first", regime=titles[0])
    for place, after in enumerate(scenarios[1:], 1):
        nearest = min(range(place), key=lambda earlier: len(changes(scenarios[earlier], scenarios[place])))
        yield _line(titles[place], names[nearest] if nearest else "", changes(scenarios[nearest], after), after)


AT_MOST = 4
"""So few values are told in the sentence itself."""


def _line(title: str, like: str, found: Sequence[Any], after: Scenario) -> str:
    """Return what differs; `like` names the earlier set that is meant, "" where that is the first."""
    if not found and after.stages:
        dates = (msg("brief_date", day=stage.day, rules=stage.regime, streets=len(stage.streets))
                 for stage in after.stages)  # fmt: skip
        return msg("brief_dated", regime=title, dates=msg("list_join").join(dates))
    if not found:
        return msg("brief_same_as", regime=title, like=like) if like else msg("brief_same", regime=title)
    parts = [each.sentence(_zh()) for each in found] if len(found) <= AT_MOST else _instruments(found)
    key = "brief_differs_like" if like else "brief_differs"
    return msg(key, regime=title, like=like, parts=msg("headline_join").join(parts), count=len(found))


def _instruments(found: Sequence[Any]) -> list[str]:
    """Return the titles of the instruments that differ, in the order of the article, and how much else."""
    from model import INSTRUMENTS

    rows = {each.row for each in found}
    named = [
        msg("brief_instrument", row=each.row, title=each.title_zh if _zh() else each.title_en)
        for each in INSTRUMENTS
        if each.row in rows
    ]
    known = {each.row for each in INSTRUMENTS}
    rest = sum(each.row not in known for each in found)
    return [*named, *([msg("brief_others", count=rest)] if rest else [])]


def _zh() -> bool:
    return current_language() is Language.ZH


def value_tables(bases: Sequence[Mapping[str, Any]], titles: Sequence[str]) -> Iterator[Table]:
    """Yield every value that differs from the first set of rules on the first day, a table a set."""
    from model import changes

    first, *others = _scenarios(bases)
    for title, other in zip(titles[1:], others, strict=True):
        rows = tuple((each.row, each.sentence(_zh())) for each in changes(first, other))
        if rows:
            yield Table((msg("brief_row"), msg("brief_value")), rows, title, words=2)


MOST_NAMED = 3
"""Of so many sets beside the first the greatest winners and losers are named."""


def work(comparison: Comparison, series: Sequence[RegimeSeries]) -> Iterator[Block]:
    """Yield hours by level, open cases, how many units do more or less, and which ones most."""
    if len(series) == len(comparison.regimes):
        yield _hours(series, comparison)
        yield from _open_cases(series, comparison)
    yield Paragraph(msg("brief_neutral" if comparison.neutral else "brief_volunteers"))
    if comparison.units:
        yield from unit_table(comparison)
        yield Notice(msg("brief_names"))
        for regime in comparison.others[:MOST_NAMED]:
            yield from named_units(comparison, regime)


def _hours(series: Sequence[RegimeSeries], comparison: Comparison) -> Table:
    """Return hours used of hours held by level, a column a regime; levels that hold none are left out."""
    rows = [(msg(f"level_{level}"), *(_percent(each, level) for each in series)) for level in LEVELS]
    held = tuple(row for row in rows if set(row[1:]) != {msg("undefined")})
    return Table((msg("brief_level_of"), *comparison.names.values()), held, msg("brief_hours"))


def _percent(series: RegimeSeries, level: str) -> str:
    values = series.workload(level)
    mean = mean_interval(values).mean if np.isfinite(values).any() else None
    return msg("undefined") if mean is None else f"{mean:.1f}"


DAYS = 28
"""Four weeks, so that weekdays do not show."""


def _open_cases(series: Sequence[RegimeSeries], comparison: Comparison) -> Iterator[Block]:
    """Yield open cases in the first and in the last four weeks that are observed; nothing of a shorter time.

    A district that falls behind ever further is no steady comparison.
    """
    parts = [_change_of_open(each, comparison.names[each.regime]) for each in series if each.window >= 2 * DAYS]
    if parts:
        yield Paragraph(msg("brief_open", parts=msg("headline_join").join(parts)))


def _change_of_open(series: RegimeSeries, name: str) -> str:
    start, end = series.warm_up, series.warm_up + series.window
    first, last = (series.daily["open"][:, days].mean(axis=1) for days in (slice(start, start + DAYS),
                                                                           slice(end - DAYS, end)))  # fmt: skip
    change = msg(f"brief_open_{_direction(paired_difference(first, last).interval)}")
    return msg("brief_open_of", regime=name, first=f"{first.mean():,.0f}", last=f"{last.mean():,.0f}", change=change)


def _direction(change: Interval) -> str:
    if change.low is None or change.high is None:
        return "one"
    if change.low > 0.0:
        return "more"
    return "fewer" if change.high < 0.0 else "same"


NAMED = 3
"""Paths of hand-overs that are named."""


def busiest_paths(comparison: Comparison, series: Sequence[RegimeSeries]) -> Iterator[Block]:
    """Yield who hands over to whom most often; nothing where the study kept no series."""
    if len(series) == len(comparison.regimes):
        yield Bullets(tuple(_paths(each, comparison.names[each.regime]) for each in series if each.hand_overs.any()))


def _paths(series: RegimeSeries, regime: str) -> str:
    flows = series.hand_overs
    shares = 100 * flows / flows.sum()
    names = [series.titles.get(code, msg("back_to_street")) for code in series.codes]
    order = np.argsort(flows, axis=None)[::-1][:NAMED]
    paths = [
        msg("brief_flow", source=names[row], target=names[column], share=f"{shares[row, column]:.0f}")
        for row, column in zip(*np.unravel_index(order, flows.shape), strict=True)
    ]
    back = 100 * flows[:-1, -1].sum() / flows.sum()
    return msg("brief_flows", regime=regime, paths=msg("headline_join").join(paths), back=f"{back:.0f}")


def warm_up_note(series: Sequence[RegimeSeries]) -> Iterator[str]:
    """Yield, where series were kept, by which day each regime settles, against the warm-up."""
    if not series:
        return
    settled = {each.label: each.settled() for each in series}
    parts = [
        msg("warm_up_never", regime=regime) if day is None else msg("warm_up_day", regime=regime, day=day)
        for regime, day in settled.items()
    ]
    enough = all((day := settled[each.label]) is not None and day <= each.warm_up for each in series)
    days = max(each.warm_up for each in series)
    yield msg("warm_up_enough" if enough else "warm_up_short", days=days, parts=msg("list_join").join(parts))
