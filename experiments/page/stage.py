"""The stage of the District tab: where units are drawn, and what never changes while days pass."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.colours import PAPER, RAMP
from experiments.messages import Language, in_language, msg, running_text

if TYPE_CHECKING:
    from model import Scenario

WIDTH, HEIGHT = 620.0, 720.0  # of the field in which streets are drawn, in its own units
NARROW = 360.0, 560.0  # of the field on a telephone, on which a unit is about a pixel
MARGIN = 34.0
ROUNDS = 400
GAP = 3.0
PULL = 0.02  # share of the way that a circle is drawn back to its true place in each round
Array = NDArray[np.float64]


def placed(
    places: Sequence[tuple[float | None, float | None]], radii: Sequence[float], field: tuple[float, float]
) -> Array:
    """Return where circles stand in a field, as (units, 2), given places as latitude and longitude in degrees.

    A Dorling cartogram (Dorling 1996): each circle begins at its true place, an equirectangular projection scaled into
    the field, north up, and gives way until none overlaps.
    """
    degrees = np.array(places, dtype=np.float64)
    flat = np.column_stack([degrees[:, 1] * np.cos(np.radians(degrees[:, 0].mean())), -degrees[:, 0]])
    low, high = flat.min(axis=0), flat.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    size = np.array(field)
    factor = ((size - 2 * MARGIN) / extent).min()
    true: Array = (flat - (low + high) / 2) * factor + size / 2
    around = np.asarray(radii, np.float64)[:, None]
    at = true.copy()
    least = around + around.T + GAP
    np.fill_diagonal(least, 0.0)
    edge = around + 2.0
    for round_ in range(ROUNDS):
        at += PULL * (1.0 - round_ / ROUNDS) * (true - at)
        between = at[:, None, :] - at[None, :, :]
        far = np.sqrt((between**2).sum(axis=2))
        short = np.maximum(0.0, least - far)
        away = between / np.where(far > 0.0, far, 1.0)[:, :, None]
        at += 0.25 * (short[:, :, None] * away).sum(axis=1)
        at = np.clip(at, edge, size - edge)
    return at


UNKNOWN = PAPER  # where there is nothing to measure
BREAKS: dict[str, tuple[float, ...]] = {
    "backlog": (0.2, 0.5, 1.0, 2.0, 5.0),
    "workload": (0.5, 0.7, 0.85, 0.95, 0.999),
    "closure": (0.2, 0.35, 0.5, 0.65, 0.8),
}
"""Bounds between colours; the dark end is what asks for attention: long queues, full hours, little closed."""

TURNED = ("closure",)  # measures of which little asks for attention
RADII = 16.0, 30.0  # of the circles of the least and the most peopled street: wide enough to be hit
COLUMNS = {  # of departments, one below the other: where names, bars and numbers begin, the first row, its height
    "wide": {"x": 680.0, "bar": 900.0, "end": 1030.0, "top": 44.0, "row": 25.0, "width": 1090.0},
    "narrow": {"x": 0.0, "bar": 190.0, "end": 312.0, "top": 620.0, "row": 26.0, "width": 360.0},
}


Place = tuple[float | None, float | None, int]  # of a street: latitude and longitude in degrees, residents


def fields_of(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return the fields of a wide and a narrow screen: width, height, and x, y and radius of each street."""
    return _fields(tuple((each.lat, each.lon, each.population) for each in scenario.world.streets))


@functools.lru_cache(8)
def _fields(places: tuple[Place, ...]) -> dict[str, dict[str, Any]]:
    most = max(population for _, _, population in places)
    radii = [max(RADII[0], RADII[1] * math.sqrt(population / most)) for _, _, population in places]
    fields = {}
    for name, (width, height) in {"wide": (WIDTH, HEIGHT), "narrow": NARROW}.items():
        at = _spots(places, radii, (width, height))
        spots = [(round(float(x), 1), round(float(y), 1), round(r, 1)) for (x, y), r in zip(at, radii, strict=True)]
        fields[name] = {"width": width, "height": height, "spots": spots}
    return fields


def located(scenario: Scenario) -> bool:
    """Return whether it is known where every street is."""
    return all(street.lat is not None and street.lon is not None for street in scenario.world.streets)


def _spots(places: Sequence[Place], radii: Sequence[float], field: tuple[float, float]) -> Array:
    if all(lat is not None and lon is not None for lat, lon, _ in places):
        return placed([(lat, lon) for lat, lon, _ in places], radii, field)
    columns, numbers = max(1, round(math.sqrt(len(radii) * field[0] / field[1]))), np.arange(len(radii))
    rows = max(1, -(-len(radii) // columns))
    return np.asarray(np.column_stack([numbers % columns + 0.5, numbers // columns + 0.5]) * field / (columns, rows))


def stage_of(scenario: Scenario, language: Language) -> dict[str, Any]:
    """Return names and places of streets and departments, in the order of the unit table's rows."""
    world = scenario.world

    def name(each: Any) -> str:
        return str(getattr(each.title, language))

    streets = [{"row": row, "name": name(street)} for row, street in enumerate(world.streets)]
    departments = [
        {"row": 3 * len(streets) + place, "name": str(getattr(each.named(world.run), language))}
        for place, each in enumerate(world.departments)
    ]
    with in_language(language):
        note = running_text(
            map(msg, ("district_cartogram" if located(scenario) else "district_schematic", "brief_names"))
        )
    return {
        "streets": streets, "departments": departments, "fields": fields_of(scenario), "columns": COLUMNS,
        "kinds": [name(each) for each in world.kinds], "note": note,
    }  # fmt: skip


def nice(most: float) -> int:
    """Return the end of an axis that holds a number of requests: 1, 2 or 5 times a power of ten, at least 10."""
    size = max(10, int(10.0 ** math.floor(math.log10(max(1.0, most)))))
    return next(step * size for step in (1, 2, 5, 10) if step * size >= most)


def colour_of(measure: str, value: float | None) -> str:
    """Return the colour of a value."""
    if value is None:
        return UNKNOWN
    place = sum(value >= each for each in BREAKS[measure])
    return RAMP[len(RAMP) - 1 - place if measure in TURNED else place]


def legend(measure: str) -> list[dict[str, str]]:
    """Return colours with what they mean."""
    percent = measure != "backlog"
    shown = [f"{100 * each:.0f}" if percent else f"{each:g}" for each in BREAKS[measure]]
    between = (msg("district_between", low=low, high=high) for low, high in itertools.pairwise(shown))
    ranges = [msg("district_below", high=shown[0]), *between, msg("district_from", low=shown[-1])]
    colours = RAMP[::-1] if measure in TURNED else RAMP
    named = [{"colour": colour, "words": words} for colour, words in zip(colours, ranges, strict=True)]
    return [*named, {"colour": UNKNOWN, "words": msg("district_unknown")}]
