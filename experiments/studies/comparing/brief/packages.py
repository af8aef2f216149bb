"""What sets of rules are made of, in words: which instruments differ from the first, and every value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments.blocks import Table
from experiments.messages import Language, current_language, msg
from experiments.studies.comparing.brief.sheets import value_sheet
from experiments.studies.comparing.compare import Comparison

if TYPE_CHECKING:
    from experiments.store.opened import OpenStudy
    from model import Scenario

__all__ = ["differences_in_words", "value_sheets"]

FEW = 4
"""So few values are told in the sentence itself."""


def differences_in_words(opened: OpenStudy, comparison: Comparison) -> Iterator[str]:
    """Yield a line a regime: what is different from the earlier one that it is most like."""
    scenarios = _scenarios(opened)
    yield msg("brief_first", regime=comparison.title(comparison.regimes[0]))
    for place, regime in enumerate(comparison.regimes[1:], 1):
        nearest = min(range(place), key=lambda earlier: len(_changes(scenarios[earlier], scenarios[place])))
        before = comparison.short(comparison.regimes[nearest]) if nearest else ""
        yield _line(comparison.title(regime), before, scenarios[nearest], scenarios[place])


def _changes(before: Scenario, after: Scenario) -> Sequence[Any]:
    from model import changes

    return changes(before, after)


def _scenarios(opened: OpenStudy) -> list[Scenario]:
    from model import scenario_of

    return [scenario_of(base["resolved"]) for base in opened.manifest["bases"]]


def _line(title: str, like: str, before: Scenario, after: Scenario) -> str:
    """Return what differs; `like` names the earlier set that is meant, "" where that is the first."""
    found = _changes(before, after)
    if not found and after.stages:
        return msg("brief_dated", regime=title, dates=msg("list_join").join(_dates(after)))
    if not found:
        return msg("brief_same_as", regime=title, like=like) if like else msg("brief_same", regime=title)
    parts = [each.sentence(_zh()) for each in found] if len(found) <= FEW else _instruments(found)
    key = "brief_differs_like" if like else "brief_differs"
    return msg(key, regime=title, like=like, parts=msg("headline_join").join(parts), count=len(found))


def _dates(scenario: Scenario) -> Iterator[str]:
    for stage in scenario.stages:
        yield msg("brief_date", day=stage.day, rules=stage.regime, streets=len(stage.streets))


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


def value_sheets(opened: OpenStudy, comparison: Comparison) -> Iterator[Table]:
    """Yield every value that differs from the first regime, a table a regime."""
    first, *others = _scenarios(opened)
    for regime, scenario in zip(comparison.regimes[1:], others, strict=True):
        sheet = value_sheet(first, scenario, comparison.title(regime))
        if sheet.rows:
            yield sheet
