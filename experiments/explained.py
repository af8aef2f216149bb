"""A regime in plain sentences: what it changes, when, who is responsible for what, how full everyone is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from experiments.words import Language, spoken, word

if TYPE_CHECKING:
    from rich.table import Table

    from model import Scenario
    from model.explain import Change, Duty, PoolLoad

__all__ = ["cost", "last_start", "told", "zh"]

SECONDS_PER_PROBLEM, SECONDS_PER_IDLE_STEP = 1.3e-6, 7.5e-8
"""Of a run on one core: a problem with all that follows from it, and one unit's step without any (measured)."""

NAMED, CLAIMS = 5, 4
"""Pools and claims named; --json gives all."""


def zh() -> bool:
    """Tell whether Chinese is spoken."""
    return spoken() is Language.ZH


def cost(scenario: Scenario) -> dict[str, Any]:
    """Return problems, and seconds on one core, of a run: an estimate."""
    world, run = scenario.world, scenario.run
    days = run.warm_up_days + run.window_days + run.follow_up_days
    requests = world.demand.requests_per_year * world.demand.scale / 365.0
    problems = requests * days * sum(kind.share / (1.0 - kind.hidden) for kind in world.kinds)
    units = 3 * len(world.streets) + 2 * len(world.departments)
    seconds = problems * SECONDS_PER_PROBLEM + days * run.steps_per_day * units * SECONDS_PER_IDLE_STEP
    return {"days": days, "problems": round(problems), "seconds": round(seconds, 2)}


def last_start(scenario: Scenario) -> int:
    """Return the day on which the last of a regime's rules begin; 0 where nothing has a date."""
    return max((stage.day for stage in scenario.stages), default=0)


def told(before: Scenario, subject: Scenario, *, alone: bool) -> Iterator[Any]:
    """Yield lines and tables: a regime against that before the reform (`alone`), or against another."""
    from model import PHASE_WORDS, changes, duty_list, idle, offered_load

    yield _named(subject)
    found = changes(before, subject)
    yield word("explain_changes") if alone else word("explain_against", before=_named(before))
    yield from _changes(found, subject.origins())
    if not found:
        yield "  " + word("explain_nothing" if alone and subject.stages else "explain_same")
    for each in idle(subject):
        yield word("explain_idle", row=each.row, beneath=word("list_join").join(each.beneath))
    yield from _dates(subject) if alone else _dates_of_both(before, subject)
    yield word("explain_phases")
    yield from (f"  {n}. {words[zh()]}" for n, words in enumerate(PHASE_WORDS.values(), 1))
    for day in sorted({0, last_start(subject)}):
        yield _duties(duty_list(subject, day), {unit.code: unit.title for unit in subject.world.departments}, day)
        yield from _loads(offered_load(subject, day), day)
    yield word("explain_left_out")
    yield word("explain_cost", **cost(subject))


def _named(scenario: Scenario) -> str:
    return f"{scenario.name}: {scenario.title.zh if zh() else scenario.title.en}"


def _changes(found: list[Change], origins: Mapping[str, str]) -> Iterator[str]:
    for part in ("law", "world", "habits"):
        here = [each for each in found if each.part == part]
        if here:
            yield f" {word(f'explain_{part}')}"
        yield from (f"  {each.row}  {each.sentence(zh())}  ({origins.get(each.key, '')})" for each in here)


def _dates_of_both(before: Scenario, subject: Scenario) -> Iterator[str]:
    for each in (before, subject):
        yield from (word("explain_side", regime=each.name, line=line) for line in _dates(each))


def _dates(scenario: Scenario) -> Iterator[str]:
    from model import dates_of

    for each in dates_of(scenario):
        lasting = "explain_lasts" if each["in_law"] >= 1.0 else "explain_fades"
        yield word("explain_date", **each | {"regime": _title(each["regime"])}) + word(lasting, **each)


def _title(regime: str) -> str:
    """Return the Chinese title of a shipped regime where Chinese is spoken; else its name."""
    from model import ConfigError, load_scenario

    try:
        return load_scenario(regime).title.zh if zh() else regime
    except ConfigError:  # a file beside the one that names it
        return regime


def _duties(duties: list[Duty], titles: Mapping[str, Any], day: int) -> Table:
    from rich.table import Table

    table = Table(title=word("explain_duties", day=day), caption=word("explain_zones"))
    for key in ("explain_kind", "explain_zone", "explain_street", "explain_claims"):
        table.add_column(word(key), overflow="fold")
    for each in sorted(duties, key=lambda duty: ("no man's land", "contested", "heartland").index(duty.zone)):
        claims = word("list_join").join(
            f"{getattr(titles[code], spoken())} {size:.2f}" for code, size in each.claims[:CLAIMS]
        )
        name = each.title_zh if zh() else each.title_en
        table.add_row(name, word(f"zone_{each.zone}"), f"{each.street:.2f}", claims)
    return table


def _loads(loads: list[PoolLoad], day: int) -> Iterator[str]:
    yield word("explain_load", day=day)
    for level in ("street", "department", "city"):
        here = [each for each in loads if each.level == level and each.hours > 0.0]
        if not here:
            continue
        mean = sum(each.work for each in here) / sum(each.hours for each in here)
        over = sorted((each for each in here if (each.load or 0.0) > 1.0), key=lambda each: -(each.load or 0.0))
        names = [f"{each.title_zh if zh() else each.title_en} {each.load:.2f}" for each in over[:NAMED]]
        flagged = word("explain_over", count=len(over), names=word("list_join").join(names)) if over else ""
        yield "  " + word("explain_level", level=word(f"level_{level}"), mean=f"{mean:.2f}", pools=len(here)) + flagged
