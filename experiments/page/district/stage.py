"""What does not move while a district runs: where units stand, what they are called, what colours mean."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from experiments.messages import Language, current_language, msg, running_text
from experiments.page.district.cartogram import HEIGHT, WIDTH, placed

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["BREAKS", "COLOURS", "UNKNOWN", "colour_of", "legend", "stage_of"]

COLOURS = ("#bfd3e6", "#9ebcda", "#8c96c6", "#8c6bb1", "#88419d", "#6e016b")
"""BuPu of ColorBrewer (Harrower & Brewer 2003), light to dark: told apart with every common colour blindness;
its palest is left out, for white means that there is nothing to measure."""

UNKNOWN = "#ffffff"
"""Where there is nothing to measure."""

BREAKS: dict[str, tuple[float, ...]] = {
    "backlog": (0.2, 0.5, 1.0, 2.0, 5.0),
    "workload": (0.5, 0.7, 0.85, 0.95, 0.999),
    "closure": (0.2, 0.35, 0.5, 0.65, 0.8),
}
"""Bounds between colours; the dark end is what asks for attention: long queues, full hours, little closed."""

TURNED = ("closure",)
"""Measures of which little asks for attention."""

RADII = 10.0, 30.0
"""Of the circles of the least and the most peopled street."""

COLUMN, TOP, ROW = 700.0, 34.0, 19.0
"""Where departments stand in a column, in units of the field."""


def stage_of(scenario: Scenario) -> dict[str, Any]:
    """Return places, names and sizes of streets and departments, in the order of the unit table's rows."""
    world = scenario.world
    people = [street.population for street in world.streets]
    most = max(people)
    radii = [max(RADII[0], RADII[1] * math.sqrt(each / most)) for each in people]
    at, true = placed([_place(street) for street in world.streets], radii)
    streets = [
        {"row": row, "name": _name(street), "x": round(float(x), 1), "y": round(float(y), 1), "r": round(radius, 1)}
        for row, (street, (x, y), radius) in enumerate(zip(world.streets, at, radii, strict=True))
    ]
    first = 3 * len(streets)
    departments = [
        {"row": first + place, "name": _name(each), "x": COLUMN, "y": TOP + ROW * place}
        for place, each in enumerate(world.departments)
    ]
    height = max(HEIGHT, TOP + ROW * len(departments))
    return {
        "streets": streets, "departments": departments, "width": COLUMN + 330.0, "field": WIDTH, "field_height": HEIGHT,
        "height": height,
        "spots": _spots(streets, departments), "true": true, "kinds": [_name(each) for each in world.kinds],
        "note": running_text(map(msg, ("watch_cartogram" if true else "watch_schematic", "brief_names"))),
    }  # fmt: skip


def _place(street: Any) -> tuple[float, float] | None:
    return (street.lat, street.lon) if street.lat is not None and street.lon is not None else None


def _name(unit: Any) -> str:
    return str(unit.title.zh if current_language() is Language.ZH else unit.title.en)


def _spots(streets: list[dict[str, Any]], departments: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Return where lines of each row of the unit table begin and end: a street's communities and team are its own."""
    ground = [(each["x"], each["y"]) for each in streets]
    column = [(each["x"], each["y"]) for each in departments]
    return [*ground, *ground, *ground, *column, *((x + 322.0, y) for x, y in column)]


def colour_of(measure: str, value: float | None) -> str:
    """Return the colour of a value."""
    if value is None:
        return UNKNOWN
    place = sum(value >= each for each in BREAKS[measure])
    return COLOURS[len(COLOURS) - 1 - place if measure in TURNED else place]


def legend(measure: str) -> list[dict[str, str]]:
    """Return colours with what they mean."""
    percent = measure != "backlog"
    shown = [f"{100 * each:.0f}" if percent else f"{each:g}" for each in BREAKS[measure]]
    ranges = [msg("watch_below", high=shown[0])]
    ranges += [msg("watch_between", low=low, high=high) for low, high in itertools.pairwise(shown)]
    ranges += [msg("watch_from", low=shown[-1])]
    colours = COLOURS[::-1] if measure in TURNED else COLOURS
    named = [{"colour": colour, "words": words} for colour, words in zip(colours, ranges, strict=True)]
    return [*named, {"colour": UNKNOWN, "words": msg("watch_unknown")}]
