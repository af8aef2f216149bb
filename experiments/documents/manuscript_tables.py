"""Tables of the manuscript that are made from declarations, and from what was measured of every claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiments.errors import WrongInput
from experiments.evidence.instruments import CLAIMS, MEASURED, SIDES, before, beside, verdict
from model import OUTCOMES, PHASE_WORDS, Instrument, declared_at, load_scenario, offered_load


def declared() -> Iterator[tuple[str, Any]]:
    """Yield name and content of each table."""
    yield "outcomes", list(_outcomes())
    yield "claims", list(_claims())
    yield "parameters", list(_parameters())
    yield "kinds", list(_kinds())
    yield "district", _district()


def _outcomes() -> Iterator[dict[str, Any]]:
    for name, each in OUTCOMES.items():
        yield {"name": name, "title": each.title_en, "unit": each.unit, "direction": each.direction,
               "formula": each.formula, "means": each.means_en}  # fmt: skip


def _claims() -> Iterator[dict[str, Any]]:
    """Yield every row of the article, what is turned, where it should show, and what was measured there."""
    measured = MEASURED.rows()
    for each in CLAIMS:
        row, values = measured.get(each.row), before(each)
        if row is None:
            raise WrongInput([f"{each.row}: not measured as declared now; run `make instruments IDS=changed`."])
        yield {
            "row": each.row, "title": each.title_en, "outcome": each.outcome, "direction": each.direction,
            "beside": list(beside(each)), "by_construction": isinstance(each, Instrument) and each.by_construction,
            "keys": [{"key": key, "before": values[key], "after": after} for key, after in each.values.items()],
            **{side: row[side] | {"verdict": verdict(each, row, side)} for side in SIDES},
        }  # fmt: skip


def _parameters() -> Iterator[dict[str, Any]]:
    """Yield every single number and switch of law, habits and world: its value before the reform, its declaration."""
    for topic, values in load_scenario("inverted").resolved().items():
        if not isinstance(values, dict) or topic == "title":
            continue
        for name, value in values.items():
            known = declared_at(f"{topic}.{name}")
            yield {"key": f"{topic}.{name}", "value": value, "unit": known.unit, "bounds": known.bounds,
                   "meaning": known.meaning, "source": known.source, "row": known.row}  # fmt: skip


def _kinds() -> Iterator[dict[str, Any]]:
    """Yield every kind of problem with the numbers that tell most about it; times in days."""
    scenario = load_scenario("inverted")
    limits = scenario.resolved()["deadlines"]
    for each in scenario.world.kinds:
        yield {"title": each.title.en, "share": each.share, "hidden": each.hidden, "enforcement": each.enforcement,
               "joint": each.joint, "work": each.work_days, "waiting": each.waiting_days,
               "deadline": limits[each.deadline]}  # fmt: skip


def _district() -> dict[str, Any]:
    """Return sizes of the shipped district, and what every level holds and is offered before and after the reform."""
    scenario = load_scenario("inverted")
    world, run = scenario.world, scenario.run
    return {
        "streets": len(world.streets), "departments": len(world.departments), "kinds": len(world.kinds),
        "communities": sum(street.communities for street in world.streets),
        "requests": world.demand.requests_per_year, "phases": len(PHASE_WORDS),
        "days": {"warm_up": run.warm_up_days, "window": run.window_days, "follow_up": run.follow_up_days},
        "instrument_pairs": MEASURED.found()["pairs"],
        "load": {regime: dict(_loads(regime)) for regime in ("inverted", "flattened")},
    }  # fmt: skip


def _loads(regime: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield by level the expected work over the hours held."""
    pools = offered_load(load_scenario(regime), 0)
    for level in dict.fromkeys(each.level for each in pools):
        here = [each for each in pools if each.level == level and each.hours > 0]
        hours = sum(each.hours for each in here)
        if not here:
            continue
        yield level, {"pools": len(here), "hours": hours, "load": sum(each.work for each in here) / hours}
