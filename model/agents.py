"""The units of government and the district as Mesa agents: live readings of the engine's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import mesa
import numpy as np

from model.engine.ledger import backlog_days
from model.errors import nearest, one_of
from model.outcomes.record import UNIT_MEASURES, ratio
from model.plans import UnitPlan
from model.shown import cut
from model.terms import TICKS_PER_DAY, Level

_backlog_days = getattr(backlog_days, "py_func", backlog_days)  # the same formula, called from Python

MESAS = ("model", "unique_id", "pos", "row")
"""What an agent holds itself."""


class GovernmentAgent(mesa.Agent):
    """An agent whose state stands in the engine's tables: it reads them, and the engine acts for it.

    A class of one's own, given to the model as `agents={"street": MyStreet}`, may hold whatever it likes and has a
    `step`, which the model calls after each day. What Mesa lets other agents do and would be without effect here is
    refused.
    """

    model: Any

    def __init__(self, model: Any, row: int = 0) -> None:
        if getattr(model, "district", None) is not None:
            raise TypeError(f"{type(self).__name__}: the model makes its units itself; name a class in agents={{…}}.")
        super().__init__(model)
        self.row = row

    def step(self) -> None:
        """Refuse: the engine acts for all units; a step of the model is a day."""
        self._refuse("step", "a step of the model is a day of all units; write a class with a step of its own and name "
                             "it in DistrictModel(agents={…}), or call do() on agents of that class")  # fmt: skip

    def advance(self) -> None:
        """Refuse, as `step`."""
        self.step()

    def remove(self) -> None:
        """Refuse: a unit cannot leave its district; merge it by the rules, or take its people away."""
        self._refuse("remove", "the district keeps its units; a regime can merge them, "
                               "and DistrictModel.intervene can take people away")  # fmt: skip

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise TypeError(f"{type(self).__name__}.{what}: the engine's tables would not change; {instead}.")

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse what nobody would read; agents of classes of one's own may hold more."""
        known = getattr(type(self), name, None)
        if isinstance(known, property) and known.fset is None:
            raise AttributeError(
                f"{type(self).__name__}.{name} is read from the engine's tables; DistrictModel.intervene changes "
                f"what may be changed during a run."
            )
        if type(self).__module__ == __name__ and name not in MESAS and not name.startswith("_"):
            raise AttributeError(
                f"{type(self).__name__} has no attribute '{name}' that the rules read; give the model a class of your "
                f"own that has it: DistrictModel(agents={{…}})."
            )
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]


def _measure(name: str) -> property:
    """Return a property that reads a measure from the unit's row whenever it is asked for."""
    of, meaning = UNIT_MEASURES[name]

    def read(unit: UnitAgent) -> Any:
        return of(unit.columns).item()

    return property(read, doc=f"{meaning[0].upper()}{meaning[1:]}.")


class UnitAgent(GovernmentAgent):
    """A unit of government as it stands now; all measures of `record.units` are properties of it.

    Every property reads the engine's table, at `row`, when it is asked for; nothing is copied, so an agent is as
    good before the first day and after the last one as between. Counters and hours run in the window.
    """

    @property
    def columns(self) -> Any:
        """Its row of the engine's table (`model.engine.rows.UNITS`): live, and read-only."""
        return self.model.tables.units[self.row]

    @property
    def plan(self) -> UnitPlan:
        """What was fixed about it before the first day."""
        plan: UnitPlan = self.model.plan.units[self.row]
        return plan

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

    def __repr__(self) -> str:
        title = " ".join(dict.fromkeys((self.title_en, self.title_zh)))
        now = f"{self.columns['staff']} people, {self.queued} slots queued"
        return cut(f"<{type(self).__name__} {self.code}: {title}, {now}>")


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


class DistrictAgent(GovernmentAgent):
    """The district itself: its office decides what is pressed, who owns, which posts move, which requests are granted.

    Every property reads the engine's tables when it is asked for; counters run in the window.
    """

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

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.people:g} people in its office>"


AGENTS: dict[Level, type[UnitAgent]] = {
    Level.STREET: StreetAgent, Level.COMMUNITY: CommunityAgent, Level.TEAM: TeamAgent,
    Level.DEPARTMENT: DepartmentAgent, Level.CITY: CityAgent,
}  # fmt: skip
"""The kind of agent of each level."""

_BASES: dict[str, type[GovernmentAgent]] = {level.name.lower(): kind for level, kind in AGENTS.items()}
_BASES["district"] = DistrictAgent

PROPERTIES = tuple(sorted(name for name, value in vars(UnitAgent).items() if isinstance(value, property)))
"""What can be read of every unit."""


def classes_of(given: Mapping[str, type]) -> tuple[dict[str, type[GovernmentAgent]], list[str]]:
    """Return the class of agent by level, "district" among them, with classes of one's own; and what is wrong."""
    problems = []
    for level, kind in given.items():
        if level not in _BASES:
            problems.append(f"agents: unknown level {level!r}{nearest(str(level), _BASES)}")
        elif not (isinstance(kind, type) and issubclass(kind, _BASES[level])):
            problems.append(f"agents: {level}: expected a subclass of {_BASES[level].__name__}, got {kind!r}.")
    return {**_BASES, **given}, problems


def reporter_problems(names: Iterable[str], classes: Mapping[str, type]) -> list[str]:
    """Return which of the names are no property of the units; a class of one's own may have more than these."""
    own = any(kind.__module__ != __name__ for kind in classes.values())
    return [] if own else [
        f"agent_reporters: expected {one_of(PROPERTIES)}, got {name!r}." for name in names if name not in PROPERTIES
    ]  # fmt: skip


def has_own_step(agent: mesa.Agent) -> bool:
    """Tell whether an agent's class has a step of its own."""
    return type(agent).step is not GovernmentAgent.step
