"""Units of government as Mesa agents: views on the rows of the engine's unit table, without state of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from model.engine.ledger import backlog_days
from model.layout import UnitPlan
from model.outcomes.totals import ratio
from model.outcomes.units import TOLD
from model.terms import Level

if TYPE_CHECKING:
    from model.district import DistrictModel

__all__ = ["AGENTS", "CityAgent", "CommunityAgent", "DepartmentAgent", "StreetAgent", "TeamAgent", "UnitAgent"]

_backlog_days = getattr(backlog_days, "py_func", backlog_days)  # the same formula, called from Python


def _told(name: str) -> property:
    """Return a property that reads a figure off the unit's row at the moment it is asked for."""
    of, meaning = TOLD[name]

    def read(unit: UnitAgent) -> Any:
        return of(unit.columns).item()

    return property(read, doc=f"{meaning[0].upper()}{meaning[1:]}.")


class UnitAgent(mesa.Agent):
    """A unit of government as it stands now.

    Every property reads the engine's table when it is asked for; nothing is copied, so an agent is as
    good before the first day and after the last one as between. Counters and hours run in the window.

    Parameters
    ----------
    model : DistrictModel
        The district it belongs to.
    row : int
        Its row in the unit table.
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

    staff = _told("staff")
    balance = _told("balance")
    received = _told("received")
    accepted = _told("accepted")
    passed = _told("passed")
    expired = _told("expired")
    absent = _told("absent")
    worked = _told("worked")
    closed = _told("closed")
    overload_steps = _told("overload_steps")
    waiting = _told("waiting")
    shortfall = _told("shortfall")
    hours_held = _told("hours_held")
    hours_used = _told("hours_used")
    case_days = _told("case_days")
    meeting_days = _told("meeting_days")
    programme_days = _told("programme_days")
    sent_days = _told("sent_days")
    errand_days = _told("errand_days")
    saved_days = _told("saved_days")
    volunteer_days = _told("volunteer_days")
    asked_work = _told("asked_work")


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


AGENTS: dict[Level, type[UnitAgent]] = {
    Level.STREET: StreetAgent,
    Level.COMMUNITY: CommunityAgent,
    Level.TEAM: TeamAgent,
    Level.DEPARTMENT: DepartmentAgent,
    Level.CITY: CityAgent,
}
"""The kind of agent of each level."""
