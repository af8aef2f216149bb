"""simulate(scenario, seed) → Record: the one pure call that every experiment makes."""

import collections
import contextlib
import gc
import importlib.metadata
import platform
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiler.reach import TOOLS
from model.config.scenario import Scenario
from model.engine import compiled
from model.engine.compiled import advance, fingerprint, replaced_in_memory
from model.engine.scoring import (
    ANSWERS,
    BINS_PER_DAY,
    CLOSED_IN_TIME,
    DROPS,
    DUE,
    FOUND_BY,
    MOST_PASSES,
    PASSES,
)
from model.engine.tables import DAILY, Tables, begin, grow, lay_out, leave
from model.errors import raise_if_any
from model.layout import build_state
from model.outcomes.definitions import compute
from model.outcomes.own import needs_cases, own_outcomes, taken
from model.outcomes.record import UNIT_MEASURES, Record, Totals, days_until
from model.own import OwnRules, in_force
from model.plans import Blueprint
from model.rng import seed_problems
from model.terms import TICKS_PER_DAY, Channel, Level, Step

_RUNNING = ("born", "reported", "closed", "cosmetic", "passes", "done", "dropped")
_KIND_COUNTS = ("reported", "closed_30", "waiting", "own_due", "own_closed", "offered_due", "offered_closed")
_CASE_TIMES = ("born", "reported", "declared", "closed", "dropped", "reopened", "repeated", "responded")


class _Ready(NamedTuple):
    """A scenario ready to run: its blueprint, and the tables that every run copies."""

    scenario: Scenario
    plan: Blueprint
    template: Tables


_RECENT: collections.deque[_Ready] = collections.deque(maxlen=8)


def _ready(scenario: Scenario) -> _Ready:
    """Return a scenario ready to run, from the few most recent ones where it is the same object."""
    if not any(ready.scenario is scenario for ready in _RECENT):
        raise_if_any(list(taken(scenario.own)))
        with in_force(scenario.own):
            plan = build_state(scenario.law, scenario.habits, scenario.world, scenario.stages)
            _RECENT.append(_Ready(scenario, plan, lay_out(plan, scenario.habits, scenario.world)))
    return next(ready for ready in _RECENT if ready.scenario is scenario)


def blueprint_of(scenario: Scenario) -> Blueprint:
    """Return the district of a scenario before its first day."""
    return _ready(scenario).plan


def prepare(scenario: Scenario) -> None:
    """Draw up the district and compile (or load) the day, so that runs that follow are fast.

    Raises:
        ConfigError: For own rules that cannot be compiled, with the line.
    """
    tables = tables_at_start(scenario, 0)
    collecting = gc.isenabled()
    gc.disable()  # compiling makes millions of objects that stay: a tenth of its time goes into looking at them
    try:
        advance(tables, 0, scenario.own)
    finally:
        if collecting:
            gc.enable()


def check_run(scenario: Any, seed: Any) -> None:
    """Raise ConfigError for another scenario or seed than a run can have, before anything is done."""
    ready = isinstance(scenario, Scenario)
    wrong = [] if ready else [f"scenario: expected a Scenario, as load_scenario returns it, got {scenario!r}."]
    raise_if_any([*wrong, *seed_problems(seed)])


def simulate(scenario: Scenario, seed: int, *, cases: bool = False, events: bool = False) -> Record:
    """Run a scenario once.

    Args:
        scenario: World, law and length of the run.
        seed: Random seed, from 0 to 2⁶⁴ − 1: with the same seed the same problems arise under every law.
        cases, events: Keep the settled cases of the cohort; keep the event history.

    Returns:
        A pure function of scenario, seed and code.

    Raises:
        ConfigError: For another scenario or seed than these.
    """
    check_run(scenario, seed)
    tables = run_tables(scenario, seed, cases=cases, history=events)
    record = record_of(scenario, seed, tables, cases=cases)
    leave(tables)
    return record


def run_tables(scenario: Scenario, seed: int, *, cases: bool = False, history: bool = False) -> Tables:
    """Return the engine's tables after the last day."""
    tables = tables_at_start(scenario, seed, cases=cases, history=history)
    return advance_until(tables, int(tables.districts[0].steps), scenario.own)


def run_with_events(scenario: Scenario, seed: int, write: Callable[[NDArray[Any]], None]) -> Tables:
    """Return the engine's tables after the last day; its history goes to `write` piece by piece and is not kept."""
    tables = tables_at_start(scenario, seed, history=True)
    over = False
    while not over:
        over = advance(tables, int(tables.districts[0].steps), scenario.own)
        district = tables.districts[0]
        if over or district.history_used > 0:
            write(tables.history[: int(district.history_used)])
            district.history_used = 0
        else:
            tables = grow(tables)
    return tables


def phase_seconds(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run a scenario with each phase of its day timed; return by phase its seconds in the whole run."""
    return compiled.phase_seconds(tables_at_start(scenario, seed), scenario.own)[1]


def tables_at_start(scenario: Scenario, seed: int, *, cases: bool = False, history: bool = False) -> Tables:
    """Return the engine's tables before the first day; ConfigError for an invalid seed."""
    raise_if_any(seed_problems(seed))
    with in_force(scenario.own):
        return begin(_ready(scenario).template, seed, settled=cases or needs_cases(scenario.own), history=history)


def advance_until(tables: Tables, step: int, own: OwnRules | None = None) -> Tables:
    """Go on to this step and return the tables, some of them longer where a kernel lacked room."""
    while not advance(tables, step, own):
        tables = grow(tables)
    return tables


@cache
def _versions() -> dict[str, str]:
    """Return the versions of the package, where it is installed, and of what decides numbers beside it."""
    found = {"whistle-abm": "not installed"}
    for tool in ("whistle-abm", *TOOLS):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[tool] = importlib.metadata.version(tool)
    return found | {"python": platform.python_version()}


def provenance_of(scenario: Scenario, seed: int, interventions: Sequence[Any] = ()) -> dict[str, Any]:
    """Return whatever decides the numbers of a run; see `Record.provenance`."""
    told: dict[str, Any] = {
        "scenario": scenario.name,
        "district": scenario.district,
        "overrides": dict(scenario.overrides),
        "source_hash": scenario.source_hash,
        "seed": int(seed),
        "fingerprint": fingerprint(),
        "versions": dict(_versions()),
        "interventions": list(interventions),
        "rules": scenario.own.told(scenario.habits.own) if scenario.own else None,
    }
    if replaced := replaced_in_memory():
        told |= {"fingerprint": f"{fingerprint()} changed in memory", "replaced_in_memory": replaced}
    return told


def record_of(
    scenario: Scenario, seed: int, tables: Tables, interventions: Sequence[Any] = (), *, cases: bool = True
) -> Record:
    """Return what a run leaves, from its tables after the last day, and what was changed by hand on the way.

    The settled cases too, where they were kept.
    """
    plan = blueprint_of(scenario)
    district = tables.districts[0]
    daily = daily_series(tables, 0, len(tables.daily))
    run = scenario.world.run
    window = slice(run.warm_up_days, run.warm_up_days + run.window_days)
    totals = Totals(
        tally={name: tables.tallies[0][name].item() for name in tables.tallies.dtype.names},
        units={name: np.asarray(tables.units[name]) for name in tables.units.dtype.names},
        days=np.stack((tables.kind_days.sum(axis=0), tables.counts[DROPS, : district.last_bin + 1])),
        streets=tables.counts[[DUE, CLOSED_IN_TIME], : plan.streets].T,
        demand_per_person=demand_per_person(plan),
        closures=int(daily["closed"][window].sum()),
        window_days=run.window_days,
        steps_per_day=run.steps_per_day,
        bins_per_day=BINS_PER_DAY,
    )
    units, settled = _units(plan, tables), _cases(plan, tables) if district.settled_on else None
    measured = own_outcomes(scenario.own, {
        "cases": settled, "units": units, "days": {name: days[window] for name, days in daily.items()},
        "own": scenario.own_numbers,
    })  # fmt: skip
    return Record(
        outcomes=compute(totals) | measured,
        daily=daily,
        units=units,
        hand_overs=tables.hand_overs,
        hand_over_codes=[*(plan.units[plan.first_department + d].code for d in range(plan.departments)), "street"],
        histograms={
            "passes": tables.counts[PASSES, :MOST_PASSES],
            "closures": totals.days[0],
            "drops": totals.days[1],
            "due": totals.streets[:, 0],
            "closed_in_time": totals.streets[:, 1],
            "found_by_channel": tables.counts[FOUND_BY, : len(Channel) + 1],
            "answers": tables.counts[ANSWERS, :7],
            "closures_by_kind": _whole_days(tables.kind_days),
        },
        steps={
            "code": np.array([step.name.lower() for step in Step]),
            "taken": tables.step_counts[:, 0],
            "waited_days": tables.step_counts[:, 1] / TICKS_PER_DAY,
        },
        kinds=_kinds(plan, tables),
        cases=settled if cases else None,
        events=tables.history[: int(district.history_used)] if district.history_on else None,
        provenance=provenance_of(scenario, seed, interventions),
        days=len(tables.daily),
        cases_total=int(district.born),
    )


def daily_series(tables: Tables, first: int, until: int) -> dict[str, NDArray[Any]]:
    """Return the daily series of the days `first` … `until` − 1, counted from 0; these must be over."""
    before = tables.daily[first - 1 : first] if first else np.zeros_like(tables.daily[:1])
    running = np.diff(tables.daily[first:until], axis=0, prepend=before)
    columns = {
        name: running[:, at] if name in _RUNNING else tables.daily[first:until, at] for at, name in enumerate(DAILY)
    }
    units = {"hours": TICKS_PER_DAY, "balance": 1e6}
    return {name: days / units.get(name.partition("_")[0], 1) for name, days in columns.items()}


def _units(plan: Blueprint, tables: Tables) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {
        "code": np.array([unit.code for unit in plan.units]),
        "level": np.array([Level(unit.level).name.lower() for unit in plan.units]),
        "title_zh": np.array([unit.title_zh for unit in plan.units]),
        "title_en": np.array([unit.title_en for unit in plan.units]),
    }
    return columns | {name: np.asarray(measure.of(tables.units)) for name, measure in UNIT_MEASURES.items()}


def _whole_days(bins: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts (kinds, bins) by whole days; the last bin stays as it is."""
    days = bins[:, :-1].reshape(len(bins), -1, BINS_PER_DAY).sum(axis=2)
    return np.hstack((days, bins[:, -1:]))


def _kinds(plan: Blueprint, tables: Tables) -> dict[str, NDArray[Any]]:
    table = tables.kinds[: len(plan.kinds)]
    closures = tables.kind_days.sum(axis=1)
    n = np.maximum(closures, 1)
    mean = table["log_days"] / n
    spread = np.sqrt(np.maximum(table["log_days_squared"] / n - mean * mean, 0.0))
    due, in_time = (table[f"own_{what}"] + table[f"offered_{what}"] for what in ("due", "closed"))
    halves = [
        days_until(reported / 2, closed, BINS_PER_DAY)
        for reported, closed in zip(table["reported"].tolist(), tables.kind_days, strict=True)
    ]
    return {
        "code": np.array([kind.code for kind in plan.kinds]),
        "closures": closures,
        **{name: np.asarray(table[name]) for name in _KIND_COUNTS},
        "in_time": np.divide(in_time, due, out=np.full(len(plan.kinds), np.nan), where=due > 0),
        "days_to_half": np.array(halves, dtype=np.float64),
        "log_days_mean": mean,
        "log_days_sd": spread,
    }


def _cases(plan: Blueprint, tables: Tables) -> dict[str, NDArray[Any]]:
    rows = tables.settled[: int(tables.districts[0].settled_used)]
    columns: dict[str, NDArray[Any]] = {
        "key": np.asarray(rows["key"]),
        "street": np.array([unit.code for unit in plan.units])[rows["street"]],
        "kind": np.array([kind.code for kind in plan.kinds])[rows["kind"]],
    }
    for name in _CASE_TIMES:
        columns[name] = np.where(rows[name] < 0, np.nan, rows[name] / TICKS_PER_DAY)
    for name in ("work", "circulating", "ownerless"):
        columns[f"{name}_days"] = rows[name] / TICKS_PER_DAY
    for name in ("stake", "passes", "evasive", "attempts", "pressed", "parties"):
        columns[name] = np.asarray(rows[name])
    for name in ("needs_power", "offered", "whistled", "ping_pong", "was_hidden"):
        columns[name] = rows[name] > 0
    return columns


def demand_per_person(plan: Blueprint) -> NDArray[np.float64]:
    """Return births a day per person of a street as placed before any reform: the same under every law."""
    people = np.maximum(1.0, np.array(plan.streets_before, dtype=np.float64))
    return np.array([unit.demand for unit in plan.units[: plan.streets]]) / people
