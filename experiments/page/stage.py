"""The stage of the District tab: where units are drawn, and what never changes while days pass."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.messages import Language, in_language, msg, running_text

if TYPE_CHECKING:
    from model import Scenario

WIDTH, HEIGHT = 620.0, 600.0  # of the field in which streets are drawn, in its own units
FIELD = np.array([WIDTH, HEIGHT])
MARGIN = 34.0
ROUNDS = 400
GAP = 3.0
PULL = 0.02  # share of the way that a circle is drawn back to its true place in each round
Array = NDArray[np.float64]


def placed(places: Sequence[tuple[float | None, float | None]], radii: Sequence[float]) -> Array:
    """Return where circles stand, as (units, 2), given places as latitude and longitude in degrees.

    A Dorling cartogram (Dorling 1996): each circle begins at its true place, an equirectangular projection scaled into
    the field, north up, and gives way until none overlaps.
    """
    degrees = np.array(places, dtype=np.float64)
    flat = np.column_stack([degrees[:, 1] * np.cos(np.radians(degrees[:, 0].mean())), -degrees[:, 0]])
    low, high = flat.min(axis=0), flat.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    factor = ((FIELD - 2 * MARGIN) / extent).min()
    true: Array = (flat - (low + high) / 2) * factor + FIELD / 2
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
        at = np.clip(at, edge, FIELD - edge)
    return at


COLOURS = ("#bfd3e6", "#9ebcda", "#8c96c6", "#8c6bb1", "#88419d", "#6e016b")
"""BuPu of ColorBrewer (Harrower & Brewer 2003), light to dark: told apart with every common colour blindness;
the palest is left out, since white stands for no value."""

UNKNOWN = "#ffffff"  # where there is nothing to measure
BREAKS: dict[str, tuple[float, ...]] = {
    "backlog": (0.2, 0.5, 1.0, 2.0, 5.0),
    "workload": (0.5, 0.7, 0.85, 0.95, 0.999),
    "closure": (0.2, 0.35, 0.5, 0.65, 0.8),
}
"""Bounds between colours; the dark end is what asks for attention: long queues, full hours, little closed."""

TURNED = ("closure",)  # measures of which little asks for attention
RADII = 10.0, 30.0  # of the circles of the least and the most peopled street
COLUMN, TOP, ROW = 700.0, 34.0, 19.0  # where departments stand in a column, in units of the field


def stage_of(scenario: Scenario, language: Language) -> dict[str, Any]:
    """Return places, names and sizes of streets and departments, in the order of the unit table's rows."""
    world = scenario.world

    def name(each: Any) -> str:
        return str(getattr(each.title, language))

    most = max(street.population for street in world.streets)
    radii = [max(RADII[0], RADII[1] * math.sqrt(street.population / most)) for street in world.streets]
    known = all(street.lat is not None and street.lon is not None for street in world.streets)
    if known:
        at = placed([(street.lat, street.lon) for street in world.streets], radii)
    else:
        columns, numbers = max(1, round(math.sqrt(len(radii) * WIDTH / HEIGHT))), np.arange(len(radii))
        rows = max(1, -(-len(radii) // columns))
        at = np.column_stack([numbers % columns + 0.5, numbers // columns + 0.5]) * FIELD / (columns, rows)
    streets: list[dict[str, Any]] = [
        {"row": row, "name": name(street), "x": round(float(x), 1), "y": round(float(y), 1), "r": round(radius, 1)}
        for row, (street, (x, y), radius) in enumerate(zip(world.streets, at, radii, strict=True))
    ]
    departments: list[dict[str, Any]] = [
        {"row": 3 * len(streets) + place, "name": named, "x": COLUMN, "y": TOP + ROW * place}
        for place, named in enumerate(getattr(each.named(world.run), language) for each in world.departments)
    ]
    ground, column = ([(each["x"], each["y"]) for each in group] for group in (streets, departments))
    spots = [*ground, *ground, *ground, *column, *((x + 322.0, y) for x, y in column)]  # of each row of the unit table
    with in_language(language):
        note = running_text(map(msg, ("district_cartogram" if known else "district_schematic", "brief_names")))
    return {
        "streets": streets, "departments": departments, "width": COLUMN + 330.0, "field": WIDTH, "field_height": HEIGHT,
        "height": max(HEIGHT, TOP + ROW * len(departments)), "spots": spots,
        "office": {"x": COLUMN, "y": TOP + ROW * (len(departments) + 0.6)},  # of the district
        "kinds": [name(each) for each in world.kinds], "note": note,
    }  # fmt: skip


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
    between = (msg("district_between", low=low, high=high) for low, high in itertools.pairwise(shown))
    ranges = [msg("district_below", high=shown[0]), *between, msg("district_from", low=shown[-1])]
    colours = COLOURS[::-1] if measure in TURNED else COLOURS
    named = [{"colour": colour, "words": words} for colour, words in zip(colours, ranges, strict=True)]
    return [*named, {"colour": UNKNOWN, "words": msg("district_unknown")}]
