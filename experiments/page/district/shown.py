"""Everything that the District tab says, from a picture: plain values in the language that is spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.formatting import shown_in
from experiments.messages import Language, in_language, msg, template
from experiments.page.district.ledger import DAYS_TO_CLOSE
from experiments.page.district.pictures import MEASURES, Picture
from experiments.page.district.stage import colour_of, legend, stage_of
from experiments.page.district.told import (
    case_told,
    charts_told,
    hints,
    longest_told,
    outcomes_told,
    unit_told,
)
from experiments.page.district.watch import SPEEDS

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["charts", "moving", "staged", "still"]


def staged(scenario: Scenario, language: Language) -> dict[str, Any]:
    """Return where everything stands and what it is called."""
    with in_language(language):
        return stage_of(scenario)


def still(stage: Mapping[str, Any], measure: str, language: Language) -> dict[str, Any]:
    """Return what stays the same while days pass: words, speeds, measures, what colours mean."""
    with in_language(language):
        counts = {name: len(stage[name]) for name in ("streets", "departments")}
        words = {name: template(f"watch_{name}") for name in _SAID}
        words |= {"map": msg("watch_map", **counts), "day": msg("watch_time")}
        return {"words": words, "speeds": _speeds(), "measures": _measures(), "legend": legend(measure),
                "terms": [(msg(f"watch_term_{name}"), msg(f"watch_term_{name}_means", days=DAYS_TO_CLOSE))
                          for name in _TERMS]}  # fmt: skip


def moving(stage: Mapping[str, Any], picture: Picture, measure: str, language: Language) -> dict[str, Any]:
    """Return what changes with every picture."""
    names = {each["row"]: each["name"] for group in ("streets", "departments") for each in stage[group]}
    with in_language(language):
        return {
            "frame": picture.day, "ready": bool(picture.queued), "playing": picture.playing, "over": picture.over,
            "trouble": msg("watch_broken", why=picture.trouble) if picture.trouble else "",
            "day": _day(picture), "today": _today(picture), **_units(picture, measure, [*names]),
            "queued": list(picture.queued), "flows": [list(each) for each in picture.flows],
            "unit": unit_told(picture, names, len(stage["streets"])),
            "longest": longest_told(picture, names),
            "followed": case_told(picture, _all_names(stage, names), stage["kinds"]),
            "result": outcomes_told(picture, shown_in("headline")),
        }  # fmt: skip


def charts(picture: Picture, language: Language) -> list[dict[str, Any]]:
    """Return the live charts."""
    with in_language(language):
        return charts_told(picture)


def _all_names(stage: Mapping[str, Any], names: Mapping[int, str]) -> dict[int, str]:
    """Return names of all rows: a street's communities and team are named by the street, a city unit by its own."""
    streets, departments = len(stage["streets"]), len(stage["departments"])
    named = {row: names[row] for row in range(streets)}
    for group, key in ((1, "community"), (2, "team")):
        named |= {group * streets + row: f"{names[row]} · {msg(f'watch_line_{key}')}" for row in range(streets)}
    first = 3 * streets
    named |= {first + place: names[first + place] for place in range(departments)}
    city = {
        first + departments + place: f"{names[first + place]} · {msg('watch_line_city')}"
        for place in range(departments)
    }
    return named | city


def _units(picture: Picture, measure: str, rows: Sequence[int]) -> dict[str, Any]:
    if not picture.queued:
        return {"colours": {}, "notes": {}}
    values, told = picture.measures[measure], hints(picture)
    return {
        "colours": {str(row): colour_of(measure, values[row]) for row in rows},
        "notes": {str(row): told[row] for row in rows},
    }


def _day(picture: Picture) -> str:
    if not picture.queued:
        return "" if picture.trouble else msg("watch_preparing")
    return msg("watch_over") if picture.over else msg("watch_day", day=picture.day, days=picture.days)


def _today(picture: Picture) -> list[tuple[str, str]]:
    names = {"reported": "reported", "closed": "closed", "passes": "passed", "open": "open"}
    return [(msg(f"watch_{key}_today"), f"{picture.today.get(name, 0):,.0f}") for name, key in names.items()]


def _speeds() -> list[dict[str, Any]]:
    return [{"days": days, "name": msg("watch_days_a_second", count=days)} for days in SPEEDS]


def _measures() -> list[dict[str, str]]:
    return [{"code": name, "name": msg(f"watch_measure_{name}")} for name in MEASURES]


_SAID = ("play", "pause", "step", "reset", "speed", "colour", "streets", "departments", "choose", "nobody", "today",
         "did_nothing", "case", "follow", "unfollow", "no_case", "result", "longest", "nobody_waits", "terms",
         "all_units", "first", "named", "in_unit",
         "today_note")  # fmt: skip

_TERMS = ("case", "street", "department", "whistle", "open", "queue", "closed", "passed", "hours", "balance", "weight")
