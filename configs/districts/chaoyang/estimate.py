"""Estimate the residents and areas of Chaoyang's units that no public table at hand gives.

Run `python configs/districts/chaoyang/estimate.py` to print them. The method is described in README.md beside this
file; the known values are read from streets.yaml, where an estimate's evidence starts with "estimate:".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from model import read_yaml

__all__ = ["areas", "populations", "read_streets"]

RESIDENTS = 3_452_460
"""Of the district, census of 2020."""
AREA = 470.8
"""Of the district, km²."""
RESIDENTS_2010 = {
    "110105001": 34_692, "110105002": 39_999, "110105003": 61_588, "110105004": 35_394, "110105043": 64_074,
    "110105005": 80_249,
}  # fmt: skip
"""By unit code, census of 2010; a better predictor than communities where it is known."""
CLASSES = (
    (146_221, 190_000, 2), (100_001, 146_219, 10), (62_468, 99_999, 14), (50_000, 62_466, 6), (16_801, 49_999, 8),
)  # fmt: skip
"""Fewest and most residents, and how many units: 13 above 100,000, 21 from 50,000, 9 below, cut further by three ranks.

Wangjing (146,220) is 3rd, Donghu (62,467) 28th, Shoudu Jichang (16,800) 43rd and last. 190,000 is an assumption.
"""
STEEPNESS = 2.0
"""How sharply the residents of a class follow the predictor (assumption, range 1-4)."""

Street = dict[str, Any]


def read_streets(path: Path) -> list[Street]:
    """Return the streets of a district file."""
    streets: list[Street] = read_yaml(path).values["streets"]
    return streets


def populations(streets: Sequence[Street]) -> dict[str, int]:
    """Return the estimated residents by code of the units whose residents are not known; with the known they add up.

    Each is set by rank into a class of size and, within it, by its predictor times a factor common to all.
    """
    known, unknown = _split(streets, "population")
    predictor = _resident_predictor(known, unknown)
    ranked = sorted(unknown, key=lambda street: (-predictor[street["code"]], street["code"]))
    places = iter(ranked)
    classed = [
        (next(places)["code"], lowest, highest)
        for lowest, highest, size in CLASSES
        for _ in range(size - sum(lowest <= street["population"] <= highest for street in known))
    ]
    missing = RESIDENTS - sum(street["population"] for street in known)

    def with_factor(factor: float) -> list[float]:
        return [_within(lowest, highest, factor * predictor[code]) for code, lowest, highest in classed]

    exact = with_factor(_solve(lambda factor: sum(with_factor(factor)) - missing))
    return dict(zip((code for code, _, _ in classed), _whole(exact, missing), strict=True))


def areas(streets: Sequence[Street]) -> dict[str, float]:
    """Return the estimated areas (km², to 0.01) by code of units without a known area; with the known they add up."""
    known, unknown = _split(streets, "area_km2")
    community, village = _per_community_and_village(known, [street["area_km2"] for street in known])
    raw = [community * street["communities"] + village * street["villages"] for street in unknown]
    missing = round(100 * (AREA - sum(street["area_km2"] for street in known)))
    hundredths = _whole([part * missing / sum(raw) for part in raw], missing)
    return {street["code"]: part / 100 for street, part in zip(unknown, hundredths, strict=True)}


def _split(streets: Sequence[Street], field: str) -> tuple[list[Street], list[Street]]:
    unknown = [street for street in streets if street["evidence"][field].startswith("estimate:")]
    return [street for street in streets if street not in unknown], unknown


def _resident_predictor(known: Sequence[Street], unknown: Sequence[Street]) -> dict[str, float]:
    community, village = _per_community_and_village(known, [street["population"] for street in known])
    both = [street for street in known if street["code"] in RESIDENTS_2010]
    growth = sum(street["population"] for street in both) / sum(RESIDENTS_2010[street["code"]] for street in both)
    return {
        street["code"]: growth * RESIDENTS_2010[street["code"]]
        if street["code"] in RESIDENTS_2010
        else community * street["communities"] + village * street["villages"]
        for street in unknown
    }


def _per_community_and_village(known: Sequence[Street], values: Sequence[float]) -> tuple[float, float]:
    """Return the two factors that predict `values` from communities and villages best (least squares, no constant)."""
    rows = [(street["communities"], street["villages"]) for street in known]
    cc, cv, vv = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    cy, vy = (sum(row[i] * value for row, value in zip(rows, values, strict=True)) for i in (0, 1))
    determinant = cc * vv - cv * cv
    return (cy * vv - vy * cv) / determinant, (vy * cc - cy * cv) / determinant


def _within(lowest: float, highest: float, predicted: float) -> float:
    """Return a number between the ends of a class, halfway for a prediction at their geometric mean."""
    odds = math.pow(predicted / math.sqrt(lowest * highest), STEEPNESS)
    return lowest + (highest - lowest) * odds / (1.0 + odds)


def _solve(excess: Callable[[float], float]) -> float:
    """Return the factor at which a growing function is zero, by bisection."""
    low, high = 0.01, 100.0
    if excess(low) > 0.0 or excess(high) < 0.0:
        raise ValueError("the classes of size cannot hold the residents that are left")
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if excess(middle) < 0.0 else (low, middle)
    return low


def _whole(exact: Sequence[float], total: int) -> list[int]:
    """Return whole numbers that add up, the remainder given to the largest fractions."""
    whole = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in order[: total - sum(whole)]:
        whole[i] += 1
    return whole


def main() -> None:
    """Print code, English title, residents and area; a dash stands for a known value."""
    streets = read_streets(Path(__file__).with_name("streets.yaml"))
    residents, sizes = populations(streets), areas(streets)
    for street in streets:
        code = street["code"]
        print(code, street["title"]["en"], residents.get(code, "-"), sizes.get(code, "-"), sep="\t")


if __name__ == "__main__":
    main()
