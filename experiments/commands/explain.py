"""`whistle explain`: a regime in plain words, or the difference of two, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from experiments.commands.guard import guarded, print_json, show
from experiments.commands.options import District, Instruments, Json, Lang, MaybeRegime, Settings
from experiments.errors import WrongInput
from experiments.words import Language, speaking, spoken, word

if TYPE_CHECKING:
    from rich.table import Table

    from model import Scenario
    from model.explain import Duty, PoolLoad

__all__ = ["explain"]

SECONDS_PER_PROBLEM, SECONDS_PER_IDLE_STEP = 1.3e-6, 7.5e-8
"""Of a run on one core: a problem with all that follows from it, and one unit's step without any (measured)."""

NAMED, CLAIMS = 5, 4
"""Pools and claims named; --json gives all."""


@guarded
def explain(
    regime: MaybeRegime = None,
    other: MaybeRegime = None,
    instruments: Instruments = False,
    district: District = "chaoyang",
    settings: Settings = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Say what a regime is: its rules, dates, duty list, offered load, cost of a run; or how two differ."""
    from experiments.scenarios import load_all, parse_overrides

    with speaking(lang):
        if instruments and regime is not None:
            raise WrongInput([f"explain: got the regime {regime} and --instruments; give one of them."])
        if instruments:
            _tell_instruments(as_json)
            return
        if regime is None:
            raise WrongInput(["explain: got no regime; name one (or two), or ask for --instruments."])
        named = [regime] if other is None else [regime, other]
        scenarios = load_all(named, district, parse_overrides(settings or ()))
        facts = _facts(scenarios)
        print_json(facts) if as_json else show(*_told(scenarios))


def _facts(scenarios: list[Scenario]) -> dict[str, Any]:
    """Return everything as plain values."""
    import dataclasses

    from model import PHASE_WORDS, changes, dates_of, duty_list, offered_load

    subject, before = scenarios[-1], _law_before(scenarios)
    origins = subject.origins()
    return {
        "regime": subject.name,
        "against": scenarios[0].name if len(scenarios) > 1 else "before the reform",
        "differences": [
            dataclasses.asdict(each) | {"origin": origins.get(each.key, ""), "sentence": each.sentence(_zh())}
            for each in changes(before, subject.law)
        ],
        "dates": dates_of(subject),
        "phases": {name: words[_zh()] for name, words in PHASE_WORDS.items()},
        "duties": [dataclasses.asdict(each) for each in duty_list(subject)],
        "load": [dataclasses.asdict(each) | {"load": each.load} for each in offered_load(subject)],
        "cost": _cost(subject),
    }


def _zh() -> bool:
    return spoken() is Language.ZH


def _law_before(scenarios: list[Scenario]) -> Any:
    from model import load_scenario

    return scenarios[0].law if len(scenarios) > 1 else load_scenario("base").law


def _cost(scenario: Scenario) -> dict[str, Any]:
    """Return problems, and seconds on one core, of a run: an estimate."""
    world, run = scenario.world, scenario.run
    days = run.warm_up_days + run.window_days + run.follow_up_days
    requests = world.demand.requests_per_year * world.demand.scale / 365.0
    problems = requests * days * sum(kind.share / (1.0 - kind.hidden) for kind in world.kinds)
    units = 3 * len(world.streets) + 2 * len(world.departments)
    seconds = problems * SECONDS_PER_PROBLEM + days * run.steps_per_day * units * SECONDS_PER_IDLE_STEP
    return {"days": days, "problems": round(problems), "seconds": round(seconds, 2)}


def _told(scenarios: list[Scenario]) -> Iterator[Any]:
    """Yield lines and tables."""
    from model import PHASE_WORDS, changes, duty_list, offered_load

    subject = scenarios[-1]
    title = subject.title.zh if _zh() else subject.title.en
    yield f"{subject.name}: {title}"
    found, origins = changes(_law_before(scenarios), subject.law), subject.origins()
    if len(scenarios) > 1:
        yield word("explain_against", before=scenarios[0].title.zh if _zh() else scenarios[0].name)
    elif found:
        yield word("explain_changes")
    yield from (f"  {each.row}  {each.sentence(_zh())}  ({origins.get(each.key, '')})" for each in found)
    if not found:
        yield "  " + word("explain_same" if len(scenarios) > 1 else "explain_nothing")
    yield from _dates(subject)
    yield word("explain_phases")
    yield from (f"  {n}. {words[_zh()]}" for n, words in enumerate(PHASE_WORDS.values(), 1))
    yield _duties(duty_list(subject), {unit.code: unit.title for unit in subject.world.departments})
    yield from _loads(offered_load(subject))
    yield word("explain_cost", **_cost(subject))


def _dates(scenario: Scenario) -> Iterator[str]:
    from model import dates_of

    for each in dates_of(scenario):
        lasting = "explain_lasts" if each["in_law"] >= 1.0 else "explain_fades"
        yield word("explain_date", **each | {"regime": _named(each["regime"])}) + word(lasting, **each)


def _named(regime: str) -> str:
    """Return the Chinese title of a shipped regime where Chinese is spoken; else its name."""
    from model import ConfigError, load_scenario

    try:
        return load_scenario(regime).title.zh if _zh() else regime
    except ConfigError:  # a file beside the one that names it
        return regime


def _duties(duties: list[Duty], titles: Mapping[str, Any]) -> Table:
    from rich.table import Table

    table = Table(title=word("explain_duties"), caption=word("explain_zones"))
    for key in ("explain_kind", "explain_zone", "explain_street", "explain_claims"):
        table.add_column(word(key), overflow="fold")
    for each in sorted(duties, key=lambda duty: ("no man's land", "contested", "heartland").index(duty.zone)):
        claims = word("list_join").join(
            f"{getattr(titles[code], spoken())} {size:.2f}" for code, size in each.claims[:CLAIMS]
        )
        name = each.title_zh if _zh() else each.title_en
        table.add_row(name, word(f"zone_{each.zone}"), f"{each.street:.2f}", claims)
    return table


def _loads(loads: list[PoolLoad]) -> Iterator[str]:
    yield word("explain_load")
    for level in ("street", "department", "city"):
        here = [each for each in loads if each.level == level and each.hours > 0.0]
        if not here:
            continue
        mean = sum(each.work for each in here) / sum(each.hours for each in here)
        over = sorted((each for each in here if (each.load or 0.0) > 1.0), key=lambda each: -(each.load or 0.0))
        names = [f"{each.title_zh if _zh() else each.title_en} {each.load:.2f}" for each in over[:NAMED]]
        flagged = word("explain_over", count=len(over), names=word("list_join").join(names)) if over else ""
        yield "  " + word("explain_level", level=word(f"level_{level}"), mean=f"{mean:.2f}", pools=len(here)) + flagged
    yield word("explain_left_out")


def _tell_instruments(as_json: bool) -> None:
    from experiments.instruments import found
    from experiments.instruments_table import instruments_table

    print_json(found()) if as_json else show(instruments_table(found()))
