"""The district as a Mesa model with its agents, stepped day by day by the compiled engine."""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from model.agents import DistrictAgent, UnitAgent, classes_of, has_own_step, reporter_problems
from model.arguments import DISTRICT, Rules, Seed, seed_of, setting_of, settings_of
from model.config.overrides import Overrides
from model.config.scenario import Scenario
from model.engine.tables import DAILY, Tables, packed, unpacked
from model.errors import ConfigError, nearest, noting, raise_if_any
from model.interventions import Intervention, applied, changes_of, planned
from model.outcomes.definitions import OUTCOMES
from model.outcomes.record import UNIT_MEASURES, Record
from model.shown import cut, html_table
from model.simulation import advance_until, blueprint_of, daily_series, record_of, tables_at_start
from model.terms import TICKS_PER_DAY, Deal, Level, Trade

_SNAPSHOT = {"code": str, "level": str, "queued": int, "backlog_days": float, "utilisation": float, "passed": int}
"""Properties of a unit in a snapshot; where one is None, the snapshot says not-a-number, which plots leave out."""


class DistrictModel(mesa.Model):
    """A district under a regime; a step is a day, and the steps together are exactly `simulate`.

    Args:
        scenario: A regime as `load_scenario` takes it, or a scenario that is already loaded.
        seed, rng: One of them: a whole number from 0 to 2⁶⁴ − 1 is the run's seed; a numpy Generator, a SeedSequence
            or a sequence of whole numbers gives one; without either it is a fresh one, kept in `seed`. Mesa's own
            generators get it too, but the model never draws from them.
        district, overrides, rules: As `load_scenario` takes them; with a loaded scenario no district can be given.
        agent_reporters: Properties of the units that the data collector notes every day, as `queued`; none unless
            named. (The district, and agents of other kinds that a subclass adds, have None there.)
        cases, events: Keep the settled cases; keep the event history; both for the record.
        agents: Classes of one's own by level ("street", "community", "team", "department", "city", "district"),
            subclasses of `StreetAgent` and so on. Where one has a `step`, it is called after each day.
        interventions: Changes by hand to make again, as the provenance of a record has them.
        **kwargs: Settings by their dotted keys, `**{"assessment.street_weight": 0.5}`: as `overrides`, for
            `mesa.batch_run` and for the controls of a page.

    Attributes:
        setting: World, law and length of the run. (The name `scenario` is Mesa's own from 3.5 on.)
        seed: The run's seed: `simulate(model.setting, model.seed)` is this run, unless `intervene` was called.
        district: The district as an agent.
        units: In the order of `record.units`; by level also `agents_by_type[DepartmentAgent]`.
        datacollector: Its model reporters are the daily series, by the names of `record.daily`; the outcomes, by
            theirs, on the last day (not-a-number before, and where undefined); and `seed`. All of these are
            attributes of the model by the same names, as reporters of one's own need them.
        today: The day that was simulated last, by the same names; empty before the first.
        interventions: What was changed by hand so far.
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

        Mesa's batches take lists of regimes and settings, each of their `iterations` a fresh seed, which is in its row
        (seeds of one's own: `"seed": [1, 2]` among the parameters, from Mesa 3.5 on `rng=[1, 2]`); Mesa's browser page
        takes any of these as its controls:

        >>> import mesa
        >>> rows = mesa.batch_run(
        ...     DistrictModel,
        ...     {"scenario": ["inverted", "flattened"], "district": "tiny", "run.window_days": 5,
        ...      "assessment.street_weight": [0.0, 0.38]},
        ...     display_progress=False)
        >>> sorted({(row["scenario"], row["assessment.street_weight"]) for row in rows if row["closure_rate"] >= 0.0})
        [('flattened', 0.0), ('flattened', 0.38), ('inverted', 0.0), ('inverted', 0.38)]
        >>> controls = {
        ...     "scenario": {"type": "Select", "value": "inverted", "values": ["inverted", "flattened"]},
        ...     "seed": {"type": "InputText", "value": 1},
        ...     "assessment.street_weight": {"type": "SliderFloat", "value": 0.4, "min": 0.0, "max": 1.0, "step": 0.1}}
        >>> from mesa.visualization import SolaraViz, make_plot_component
        >>> page = SolaraViz(  # in a file that `solara run FILE.py` shows
        ...     DistrictModel("inverted", seed=1, district="tiny"), components=[make_plot_component("open")],
        ...     model_params={**controls, "district": "tiny"})
    """

    def __init__(
        self, scenario: str | os.PathLike[str] | Scenario = "flattened", *, seed: Seed = None, rng: Seed = None,
        district: str = DISTRICT, overrides: Overrides | None = None, rules: Rules = None,
        agent_reporters: Iterable[str] = (),
        cases: bool = False, events: bool = False, agents: Mapping[str, type] | None = None,
        interventions: Iterable[Sequence[Any]] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        number, problems = seed_of(seed, rng)
        settings, wrong = settings_of(overrides, kwargs, _words())
        classes, unfit = classes_of(agents or {})
        names = list(agent_reporters)
        problems += wrong + unfit + reporter_problems(names, classes)
        with noting(problems):
            self.setting = setting_of(scenario, district, settings, rules)
        raise_if_any(problems)
        super().__init__(rng=number)
        self.seed = number
        self.plan = blueprint_of(self.setting)
        self._tables: Tables = tables_at_start(self.setting, self.seed, cases=cases, history=events)
        self._views: Tables | None = None
        self.days = len(self._tables.daily)
        self.today: dict[str, float] = {}
        self.interventions: list[Intervention] = []
        self.record: Record | None = None
        self._agents_made = 0
        self.units: tuple[UnitAgent, ...] = tuple(
            classes[Level(unit.level).name.lower()](self, row) for row, unit in enumerate(self.plan.units)
        )
        self.district: DistrictAgent = classes["district"](self)
        self.datacollector = _collector(names, self.setting.own.outcomes if self.setting.own else ())
        self._planned = planned(interventions, [unit.code for unit in self.plan.units], self.days)
        self._intervene_as_planned()

    @property
    def scenario(self) -> None:
        """None: this model has its `setting`, and Mesa's pages leave a `scenario` of theirs alone then."""
        return None

    @scenario.setter
    def scenario(self, _: Any) -> None:
        """Mesa gives every model a scenario of its own kind from 3.5 on."""

    @property
    def tables(self) -> Tables:
        """The engine's tables as they stand now, read-only; whatever is read of them stays live."""
        if self._views is None:
            self._views = Tables(*map(_read_only, self._tables))
        return self._views

    @property
    def day(self) -> int:
        """Days simulated so far."""
        district = self._tables.districts[0]
        return int(district.step) // int(district.steps_per_day)

    @property
    def outcomes(self) -> dict[str, float | None] | None:
        """The outcomes of the run after its last day, None before."""
        return self.record.outcomes if self.record else None

    def step(self) -> None:
        """One day, then the steps of agents of classes of one's own; after the last day nothing."""
        day = self.day
        if day == self.days:
            return
        until = (day + 1) * int(self._tables.districts[0].steps_per_day)
        self._take(advance_until(self._tables, until, self.setting.own))
        self.today = {name: values.item() for name, values in daily_series(self._tables, day, day + 1).items()}
        self._intervene_as_planned()
        for agent in (*self.units, self.district):
            if has_own_step(agent):
                agent.step()
        if day + 1 == self.days:
            self.running = False
            self.record = record_of(self.setting, self.seed, self._tables, self.interventions)
        self.datacollector.collect(self)

    def intervene(
        self, unit: str | UnitAgent, to: Mapping[str, Any] | None = None, *, by: Mapping[str, Any] | None = None,
        why: str = "",
    ) -> None:  # fmt: skip
        """Change a unit by hand, between two days; kept in `interventions` and in the record's provenance.

        The run goes on from there, and the same changes on the same days give the same run. People come from outside
        the district, or leave it, unless another unit loses or gains as many; everything else of the unit, and of the
        others, stays as it is. `model.CHANGEABLE` says which columns may be changed, within which bounds and to what
        effect. The rules are no columns: `dates` of a scenario change them.

        Args:
            unit: A unit of this model, or its code.
            to: New values by column, as `{"overwork": 0.0}`; work in person-days.
            by: What is added to columns, as `{"staff": +3}`.
            why: A reason, for the record.

        Raises:
            ConfigError: For an unknown unit or column, a value beyond its bounds, or a run that is over; nothing is
                changed then.
        """
        row = self._row_of(unit)
        plan = self.plan.units[row]
        changes = changes_of(self._tables, row, plan, to or {}, by or {})
        self._take(applied(self._tables, changes))
        self.interventions += [
            Intervention(self.day, plan.code, each.column, each.before, each.after, why) for each in changes
        ]

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
        return {name: np.array(UNIT_MEASURES[name].of(self._tables.units)) for name in names}

    def deals(self) -> list[dict[str, Any]]:
        """Return the requests that are open, the loans and the entrusted powers that run, the first asked for first.

        Each has trade (`Trade`), running, host and home (rows of `units`; host −1 is the district), kind (row; −1 where
        it is no power), persons, and days_left (of the term; 0 while it is open).
        """
        rows = self._tables.deals[: int(self._tables.districts[0]["deals_used"])]
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
        district = self._tables.districts[0]
        rows = self._tables.history[: int(district.history_used)].copy()
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

    def _row_of(self, unit: str | UnitAgent) -> int:
        """Return the row of a unit that may be changed now."""
        if self.record is not None:
            raise ConfigError([f"intervene: the run is over; its last day was day {self.days}."])
        if isinstance(unit, UnitAgent) and unit.model is self:
            return unit.row
        rows = {plan.code: row for row, plan in enumerate(self.plan.units)}
        if unit not in rows:
            named = unit if isinstance(unit, str) else repr(unit)
            raise ConfigError([f"intervene: unknown unit '{named}'{nearest(named, rows)}"])
        return rows[str(unit)]

    def _intervene_as_planned(self) -> None:
        for each in self._planned.get(self.day, ()):
            self.intervene(each.unit, {each.column: each.after}, why=each.why)

    def _take(self, tables: Tables) -> None:
        if tables is not self._tables:
            self._tables, self._views = tables, None

    def __getattr__(self, name: str) -> Any:
        """Return a series of the day or an outcome by its name: not-a-number before there is one."""
        if name in DAILY:
            return self.today.get(name, math.nan)
        if name in OUTCOMES:
            return math.nan if self.record is None else self.record.numbers().get(name, math.nan)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy is made of: tables without empty room; views would become tables of their own."""
        return {**self.__dict__, "_tables": packed(self._tables), "_views": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._tables = unpacked(self._tables)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]

    def __repr__(self) -> str:
        touched = f", changed by hand {len(self.interventions)} times" if self.interventions else ""
        return cut(
            f"<{type(self).__name__} {self.setting.name}, seed {self.seed}: day {self.day} of {self.days}{touched}>"
        )

    def _repr_html_(self) -> str:
        busiest = sorted(self.units, key=lambda unit: -unit.backlog_days)
        rows = [(unit.code, unit.title_en, unit.level, *(getattr(unit, name) for name in _SHOWN)) for unit in busiest]
        return html_table(repr(self)[1:-1], ("unit", "title", "level", *_SHOWN), rows)


_SHOWN = ("staff", "queued", "backlog_days", "utilisation", "passed")


def _collector(names: Iterable[str], own: Iterable[str]) -> mesa.DataCollector:
    """Return what notes the day, the outcomes and the seed of a model, and these properties of its units."""
    return mesa.DataCollector(
        model_reporters={name: name for name in (*DAILY, *OUTCOMES, *own, "seed")},
        agent_reporters={name: partial(_of_unit, name) for name in names} or None,
    )


def _of_unit(name: str, agent: mesa.Agent) -> Any:
    return getattr(agent, name, None) if isinstance(agent, UnitAgent) else None  # others a subclass may have added


def _read_only(table: NDArray[Any]) -> NDArray[Any]:
    view = table.view()
    view.flags.writeable = False
    return view


@cache
def _words() -> tuple[str, ...]:
    """Return the keywords of the model that are no settings."""
    return tuple(name for name in inspect.signature(DistrictModel).parameters if name != "kwargs")
