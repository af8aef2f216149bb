"""The district as a Mesa model with its agents, stepped day by day by the compiled engine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from model.config.overrides import Overrides
from model.config.scenario import Scenario, load_scenario
from model.engine.ledger import backlog_days
from model.engine.tables import DAILY
from model.errors import ConfigError, one_of, raise_if_any
from model.outcomes.record import UNIT_MEASURES, Record, ratio
from model.plans import UnitPlan
from model.rng import seed_problems
from model.simulation import advance_until, blueprint_of, daily_series, record_of, tables_at_start
from model.terms import TICKS_PER_DAY, Deal, Level, Trade

_backlog_days = getattr(backlog_days, "py_func", backlog_days)  # the same formula, called from Python


def _measure(name: str) -> property:
    """Return a property that reads a measure from the unit's row whenever it is asked for."""
    of, meaning = UNIT_MEASURES[name]

    def read(unit: UnitAgent) -> Any:
        return of(unit.columns).item()

    return property(read, doc=f"{meaning[0].upper()}{meaning[1:]}.")


class UnitAgent(mesa.Agent):
    """A unit of government as it stands now; all measures of `record.units` are properties of it.

    Every property reads the engine's table, at `row`, when it is asked for; nothing is copied, so an agent is as
    good before the first day and after the last one as between. Counters and hours run in the window.
    """

    model: DistrictModel

    def __init__(self, model: DistrictModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def columns(self) -> Any:
        """Its row of the engine's table (`model.engine.rows.UNITS`), not a copy."""
        return self.model.tables.units[self.row]

    @property
    def plan(self) -> UnitPlan:
        """What was fixed about it before the first day."""
        return self.model.plan.units[self.row]

    @property
    def code(self) -> str:
        """Its code in the configuration; of a street's communities `street/communities`, of its team `street/team`."""
        return self.plan.code

    @property
    def title_zh(self) -> str:
        """Its name in Chinese."""
        return self.plan.title_zh

    @property
    def title_en(self) -> str:
        """Its name in English."""
        return self.plan.title_en

    @property
    def level(self) -> str:
        """Its level: street, community, team, department or city."""
        return Level(self.plan.level).name.lower()

    @property
    def queued(self) -> int:
        """Slots waiting or in service."""
        return int(self.columns["queued"])

    @property
    def backlog_days(self) -> float:
        """Work in its queue, in days of all its people."""
        return float(_backlog_days(self.columns))

    @property
    def utilisation(self) -> float | None:
        """Hours used ÷ held in the window; None before it has held any."""
        return ratio(self.hours_used, self.hours_held)

    @property
    def share_passed(self) -> float | None:
        """Slots passed on ÷ received in the window; None before it has received any."""
        return ratio(self.passed, self.received)


for _name in UNIT_MEASURES:
    setattr(UnitAgent, _name, _measure(_name))


class StreetAgent(UnitAgent):
    """A street or township office."""


class CommunityAgent(UnitAgent):
    """The communities of a street, one pool."""


class TeamAgent(UnitAgent):
    """The platform team of a street: people stationed by departments."""


class DepartmentAgent(UnitAgent):
    """A department of the district."""


class CityAgent(UnitAgent):
    """The city's counterpart of a department."""


class DistrictAgent(mesa.Agent):
    """The district itself: its office decides what is pressed, who owns, which posts move, which requests are granted.

    Every property reads the engine's tables when it is asked for; counters run in the window.
    """

    model: DistrictModel

    @property
    def people(self) -> float:
        """People of its office: its own, and streets' people on loan."""
        district = self.model.tables.districts[0]
        return float(district["office_day"] / TICKS_PER_DAY + district["office_guests"])

    @property
    def attention_left(self) -> float:
        """Person-days that its office has left today; below 0 it is in debt (where its attention is limited)."""
        return float(self.model.tables.districts[0]["attention_left"] / TICKS_PER_DAY)

    @property
    def hours_used(self) -> float:
        """Person-days that its decisions have taken in the window."""
        return float(self.model.tables.tallies[0]["district_ticks"] / TICKS_PER_DAY)

    @property
    def pressed(self) -> int:
        """Times that it pressed a case in the window."""
        return int(self.model.tables.tallies[0]["pressed"])

    @property
    def owned(self) -> int:
        """Cases of which it named the owner in the window."""
        return int(self.model.tables.tallies[0]["owned"])

    @property
    def looks_at(self) -> tuple[str, ...]:
        """Codes of the streets at which it looks this month."""
        units = self.model.tables.units
        return tuple(self.model.plan.units[row].code for row in np.flatnonzero(units["in_focus"]))


AGENTS: dict[Level, type[UnitAgent]] = {
    Level.STREET: StreetAgent, Level.COMMUNITY: CommunityAgent, Level.TEAM: TeamAgent,
    Level.DEPARTMENT: DepartmentAgent, Level.CITY: CityAgent,
}  # fmt: skip
"""The kind of agent of each level."""

_DISTRICT = "chaoyang"
_SNAPSHOT = {"code": str, "level": str, "queued": int, "backlog_days": float, "utilisation": float, "passed": int}
"""Properties of a unit in a snapshot; where one is None, the snapshot says not-a-number, which plots leave out."""


class DistrictModel(mesa.Model):
    """A district under a regime; a step is a day, and the steps together are exactly `simulate`.

    Args:
        scenario: A regime as `load_scenario` takes it, or a scenario that is already loaded. (From Mesa 3.5 on its
            browser page hands its own scenario to a parameter of this name on reset: a subclass for a page calls it
            otherwise.)
        seed: Random seed, from 0 to 2⁶⁴ − 1; Mesa's own generators get it too, but the model never draws from them.
        district, overrides: As `load_scenario` takes them; with a loaded scenario neither can be given.
        agent_reporters: Properties of the units that the data collector notes every day, as `queued`; none unless
            named. (The district, and agents of other kinds that a subclass adds, have None there.)
        cases, events: Keep the settled cases; keep the event history; both for the record.

    Attributes:
        setting: World, law and length of the run. (The name `scenario` is Mesa's own from 3.5 on.)
        district: The district as an agent.
        units: In the order of `record.units`; by level also `agents_by_type[DepartmentAgent]`.
        datacollector: Its model reporters are the daily series, by the names of `record.daily`.
        today: The day that was simulated last, by the same names; empty before the first.
        record: What `simulate` returns, after the last day.
        days: Length of the run; after the last day `running` is False and a step does nothing.

    Raises:
        ConfigError: With every problem found in the input.

    Example:
        A subclass adds its own step to the day and can end a run early:

        >>> from model import DistrictModel
        >>> class UntilOverloaded(DistrictModel):
        ...     def step(self):
        ...         super().step()
        ...         if max(unit.backlog_days for unit in self.units) > 30.0:
        ...             self.running = False
        >>> model = UntilOverloaded("inverted", seed=1, district="tiny", overrides={"run.window_days": 60})
        >>> model.run_model()
        >>> model.day <= model.days and len(model.datacollector.get_model_vars_dataframe()) == model.day
        True
        >>> worst = max(model.units, key=lambda unit: unit.backlog_days)
        >>> worst.level in ("street", "team", "department")
        True
    """

    def __init__(
        self, scenario: str | os.PathLike[str] | Scenario = "flattened", *, seed: int = 1, district: str = _DISTRICT,
        overrides: Overrides | None = None, agent_reporters: Iterable[str] = (), cases: bool = False,
        events: bool = False,
    ) -> None:  # fmt: skip
        names = list(agent_reporters)
        _check(seed, names)
        self.setting = _setting(scenario, district, overrides)
        super().__init__(rng=int(seed))
        self.seed = int(seed)
        self.plan = blueprint_of(self.setting)
        self.tables = tables_at_start(self.setting, self.seed, cases=cases, history=events)
        self.days = len(self.tables.daily)
        self.today: dict[str, float] = {}
        self.record: Record | None = None
        self._agents_made = 0
        self.units = tuple(AGENTS[Level(unit.level)](self, row) for row, unit in enumerate(self.plan.units))
        self.district = DistrictAgent(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_of_today, name) for name in DAILY},
            agent_reporters={name: partial(_of_unit, name) for name in names} or None,
        )

    @property
    def day(self) -> int:
        """Days simulated so far."""
        district = self.tables.districts[0]
        return int(district.step) // int(district.steps_per_day)

    @property
    def outcomes(self) -> dict[str, float | None] | None:
        """The outcomes of the run after its last day, None before."""
        return self.record.outcomes if self.record else None

    def step(self) -> None:
        """One day; after the last one nothing."""
        day = self.day
        if day == self.days:
            return
        self.tables = advance_until(
            self.tables, (day + 1) * int(self.tables.districts[0].steps_per_day), self.setting.own
        )
        self.today = {name: values.item() for name, values in daily_series(self.tables, day, day + 1).items()}
        if day + 1 == self.days:
            self.running = False
            self.record = record_of(self.setting, self.seed, self.tables)
        self.datacollector.collect(self)

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return what units look like now, as arrays (units,) to plot.

        These are code, level, queued (slots), backlog_days, utilisation (share of hours held in the window;
        not-a-number where it holds none), passed (slots passed on in the window).
        """
        return {
            name: np.array([getattr(unit, name) for unit in self.units], dtype=kind) for name, kind in _SNAPSHOT.items()
        }

    def figures(self, *names: str) -> dict[str, NDArray[Any]]:
        """Return measures of all units at once, as arrays (units,) by the names of `record.units`."""
        return {name: np.array(UNIT_MEASURES[name].of(self.tables.units)) for name in names}

    def deals(self) -> list[dict[str, Any]]:
        """Return the requests that are open, the loans and the entrusted powers that run, the first asked for first.

        Each has trade (`Trade`), running, host and home (rows of `units`; host −1 is the district), kind (row; −1 where
        it is no power), persons, and days_left (of the term; 0 while it is open).
        """
        rows = self.tables.deals[: int(self.tables.districts[0]["deals_used"])]
        return [
            {"trade": Trade(int(row["trade"])), "running": int(row["state"]) == Deal.RUNNING,
             "days_left": max(0.0, float(row["until"]) / TICKS_PER_DAY - self.day),
             **{name: int(row[name]) for name in ("host", "home", "kind", "persons")}}
            for row in rows
        ]  # fmt: skip

    def take_events(self) -> dict[str, NDArray[Any]]:
        """Return what happened since the last call, and forget it; the model must be made with `events=True`.

        Arrays in the order of events: key (of the case), activity (`Activity`), unit (row of `units`, −1 for nobody),
        day (with its fraction), detail (see `model.events`). The record's events lack it then.
        """
        district = self.tables.districts[0]
        rows = self.tables.history[: int(district.history_used)].copy()
        district.history_used = 0
        columns = {name: rows[name] for name in ("key", "activity", "unit", "detail")}
        return columns | {"day": rows["when"] / TICKS_PER_DAY}

    def register_agent(self, agent: Any) -> None:
        """Take an agent in and number it, as newer versions of Mesa do.

        Mesa 3.3 numbers agents by a register that keeps every model ever made in memory.
        """
        super().register_agent(agent)
        self._agents_made += 1
        agent.unique_id = self._agents_made
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def _of_today(name: str, model: DistrictModel) -> float:
    return model.today[name]


def _of_unit(name: str, agent: mesa.Agent) -> Any:
    return getattr(agent, name) if isinstance(agent, UnitAgent) else None  # others are agents that a subclass added


def _setting(scenario: Any, district: str, overrides: Overrides | None) -> Scenario:
    if isinstance(scenario, str | os.PathLike):
        return load_scenario(str(scenario), district=district, overrides=overrides)
    if not isinstance(scenario, Scenario):
        raise ConfigError([f"scenario: expected a regime's name, a path or a Scenario, got {scenario!r}."])
    raise_if_any([
        f"{name}: expected nothing, because the scenario is already loaded, got {given!r}."
        for name, given, free in (("district", district, _DISTRICT), ("overrides", overrides, None))
        if given != free
    ])  # fmt: skip
    return scenario


def _check(seed: Any, reporters: list[str]) -> None:
    problems = seed_problems(seed)
    known = sorted(name for name, value in vars(UnitAgent).items() if isinstance(value, property))
    problems += [f"agent_reporters: expected {one_of(known)}, got {name!r}." for name in reporters if name not in known]
    raise_if_any(problems)
