"""A regime in words: what it changes and when, its duty list, the load of every pool, the cost of a run."""

import dataclasses
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from experiments.blocks import Block, Bullets, Heading, Paragraph, Table
from experiments.messages import Language, current_language, msg
from experiments.stats.series import LEVELS
from model import PHASE_WORDS, ConfigError, Scenario, changes, dates_of, era_days, idle_instruments, load_scenario
from model.explain.load import Duty, PoolLoad, StepLoad, adopted, duty_list, offered_load, whistle_steps


def facts(subject: Scenario, before: Scenario, against: Scenario | None) -> dict[str, Any]:
    """Return everything as plain values; `against` is the other regime of a difference, else None."""
    origins, days = subject.origins(), era_days(subject)
    return {
        "regime": subject.name,
        "against": "before the reform" if against is None else against.name,
        "differences": [
            dataclasses.asdict(each) | {"origin": origins.get(each.key, ""), "sentence": each.sentence(_zh())}
            for each in changes(before, subject)
        ],
        "idle": [dataclasses.asdict(each) for each in idle_instruments(subject)],
        "dates": dates_of(subject),
        "dates_against": [] if against is None else dates_of(against),
        "phases": {name: words[_zh()] for name, words in PHASE_WORDS.items()},
        **_era(subject, 0),
        "last": {"day": days[-1], **_era(subject, -1)} if len(days) > 1 else None,
        "cost": _cost(subject),
    }


def _zh() -> bool:
    return current_language() is Language.ZH


def _era(scenario: Scenario, era: int) -> dict[str, Any]:
    return {
        "duties": [dataclasses.asdict(each) for each in duty_list(scenario, era)],
        "entries": [dataclasses.asdict(each) for each in adopted(scenario, era)],
        "load": [dataclasses.asdict(each) | {"load": each.load} for each in offered_load(scenario, era)],
        "steps": [dataclasses.asdict(each) | {"load": each.load} for each in whistle_steps(scenario, era)],
    }


def _cost(scenario: Scenario) -> dict[str, Any]:
    """Return problems, and seconds on one core, of a run: an estimate."""
    world, run = scenario.world, scenario.run
    days = run.warm_up_days + run.window_days + run.follow_up_days
    requests = world.demand.requests_per_year * world.demand.scale / 365.0
    problems = requests * days * sum(kind.share / (1.0 - kind.hidden) for kind in world.kinds)
    units = 3 * len(world.streets) + 2 * len(world.departments)
    # measured: a problem with all that follows from it, and one unit's step without any
    seconds = problems * 1.3e-6 + days * run.steps_per_day * units * 7.5e-8
    return {"days": days, "problems": round(problems), "seconds": round(seconds, 2)}


def explained(subject: Scenario, before: Scenario, against: Scenario | None) -> Iterator[Block]:
    """Yield a regime in words, or its difference from another one (`against`)."""
    yield Heading(_title(subject))
    yield Heading(msg("explain_changes") if against is None else msg("explain_against", before=_title(against)))
    yield from _changes(subject, before, against)
    yield Bullets(tuple(
        msg("explain_idle", row=each.row, title=_named(each), needs=msg("list_join").join(map(_titled, each.needs)))
        for each in idle_instruments(subject)
    ))  # fmt: skip
    if against is None:
        yield _dates(subject)
    elif against.stages or subject.stages:
        for scenario in (against, subject):
            yield Heading(msg("explain_dates_of", regime=_title(scenario)), level=3)
            yield _dates(scenario) if scenario.stages else Paragraph(msg("explain_no_dates"))
    yield Heading(msg("explain_phases"))
    yield Bullets(tuple(words[_zh()] for words in PHASE_WORDS.values()), numbered=True)
    # the first era and, where something begins on a date, the last one, each with its first day
    days = era_days(subject)
    ends = [(0, days[0]), (-1, days[-1])][: len(days)]
    shown = None
    for era, day in ends:
        duties = duty_list(subject, era)
        yield Paragraph(msg("explain_duties_same", day=day)) if duties == shown else _duty_table(subject, duties, day)
        yield from _entries(subject, era, day) if duties != shown else ()
        shown = duties
    for era, day in ends:
        yield Heading(msg("explain_load", day=day))
        yield Bullets(tuple(_loads(offered_load(subject, era))))
        yield from _step_table(whistle_steps(subject, era), day)
    yield Paragraph(msg("explain_left_out"))
    yield Paragraph(msg("explain_cost", **_cost(subject)))


def _named(each: Any) -> str:
    """Return the title of a kind, a unit or an instrument."""
    return str(each.title_zh if _zh() else each.title_en)


def _title(scenario: Scenario) -> str:
    return msg("named", title=getattr(scenario.title, current_language()), name=scenario.name)


def _titled(regime: str) -> str:
    """Return title and code of a shipped regime; of any other the code."""
    try:
        return _title(load_scenario(regime))
    except ConfigError:  # a file beside the one that names it
        return regime


def _changes(subject: Scenario, before: Scenario, against: Scenario | None) -> Iterator[Block]:
    origins, found = subject.origins(), changes(before, subject)
    for group, members in groupby(found, lambda each: each.group):
        yield Heading(msg(f"group_{group}"), level=3)
        lines = (f"{each.row:<4}{each.sentence(_zh())}  ({origins.get(each.key, '')})" for each in members)
        yield Bullets(tuple(lines))
    if not found:
        same = "explain_same" if before.stages == subject.stages else "explain_same_first"
        yield Paragraph(msg("explain_nothing" if against is None else same))


def _dates(scenario: Scenario) -> Bullets:
    lines = []
    for each in dates_of(scenario):
        lasting = msg("explain_lasts" if each["in_law"] >= 1.0 else "explain_fades", **each)
        lines.append(msg("explain_date", **each | {"regime": _titled(each["regime"])}) + lasting)
    return Bullets(tuple(lines))


def _duty_table(scenario: Scenario, duties: list[Duty], day: int) -> Table:
    spoken = current_language()
    titles = {unit.code: str(getattr(unit.named(scenario.run), spoken)) for unit in scenario.world.departments}
    zones = ("no man's land", "contested", "heartland")
    header = tuple(msg(f"explain_{column}") for column in ("kind", "zone", "street", "claims"))
    rows = tuple(
        (_named(each), msg(f"zone_{each.zone}"), f"{each.street:.2f}",
         msg("list_join").join(f"{titles[claim.code]} {claim.membership:.2f}" for claim in each.claims[:4]))
        for each in sorted(duties, key=lambda duty: zones.index(duty.zone))
    )  # fmt: skip
    return Table(header, rows, msg("explain_duties", day=day), msg("explain_zones"), words=4)


def _entries(scenario: Scenario, era: int, day: int) -> Iterator[Block]:
    """Yield the entries that the duty list adds or takes off, if any are adopted."""
    found = adopted(scenario, era)
    if found:
        yield Heading(msg("explain_entries", day=day), level=3)
        yield Bullets(tuple(
            msg("explain_entry", title=_named(each), before=f"{each.before:.2f}", after=f"{each.after:.2f}")
            for each in found
        ))  # fmt: skip


def _step_table(steps: list[StepLoad], day: int) -> Iterator[Table]:
    """Yield the steps of the whistle; nothing where none of them has anything to do."""
    if any(each.volume > 0.0 for each in steps):
        columns = ("step", "step_capacity", "step_days", "step_error", "step_volume", "step_load")
        header = tuple(msg(f"explain_{column}") for column in columns)
        rows = tuple(
            (_named(each), msg("explain_no_limit") if each.capacity is None else f"{each.capacity:,.6g}",
             f"{each.delay:g}", f"{100 * each.error:.3g} %", f"{each.volume:,.0f}",
             msg("undefined") if each.load is None else f"{each.load:.2f}")
            for each in steps
        )  # fmt: skip
        yield Table(header, rows, msg("explain_steps", day=day), msg("explain_steps_note"), words=1)


def _loads(loads: list[PoolLoad]) -> Iterator[str]:
    """Yield the range of each level, and all pools above 1."""
    for level in LEVELS:
        here = [(each.load, each) for each in loads if each.level == level and each.load is not None]
        here.sort(key=lambda pair: -pair[0])
        if not here:
            continue
        mean = sum(each.work for _, each in here) / sum(each.hours for _, each in here)
        sizes = {"mean": f"{mean:.2f}", "least": f"{here[-1][0]:.2f}", "most": f"{here[0][0]:.2f}"}
        names = [f"{_named(each)} {load:.2f}" for load, each in here if load > 1.0]
        flagged = msg("explain_over", count=len(names), names=msg("list_join").join(names)) if names else ""
        yield msg("explain_level", level=msg(f"level_{level}"), pools=len(here), **sizes) + flagged
