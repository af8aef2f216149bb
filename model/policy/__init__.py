"""The rules in force: one topic a class, every value an instrument of the reform.

The defaults are the district before the reform, so a regime file states only what it changes.
"""

from dataclasses import dataclass, field

from model.policy.incentives import (
    Assessment,
    Channels,
    ClosedLoop,
    Durability,
    Participation,
    Party,
    Ranking,
    Recording,
)
from model.policy.people import Burden, DutyList, Opinion, Placement, Powers, Staffing, Stationing, Structure
from model.policy.procedures import Committee, Coordination, Grids, Letters, Levels, Whistle
from model.policy.trading import Office, Trade

__all__ = [
    "Assessment", "Burden", "Channels", "ClosedLoop", "Committee", "Coordination", "Durability", "DutyList", "Grids",
    "Law", "Letters", "Levels", "Office", "Opinion", "Participation", "Party", "Placement", "Powers", "Ranking",
    "Recording", "Staffing", "Stationing", "Structure", "Trade", "Whistle",
]  # fmt: skip


@dataclass(frozen=True)
class Law:
    """All rules in force; each topic is a section of a regime file."""

    placement: Placement = field(default_factory=Placement)
    stationing: Stationing = field(default_factory=Stationing)
    staffing: Staffing = field(default_factory=Staffing)
    structure: Structure = field(default_factory=Structure)
    powers: Powers = field(default_factory=Powers)
    duty_list: DutyList = field(default_factory=DutyList)
    burden: Burden = field(default_factory=Burden)
    opinion: Opinion = field(default_factory=Opinion)
    assessment: Assessment = field(default_factory=Assessment)
    ranking: Ranking = field(default_factory=Ranking)
    coordination: Coordination = field(default_factory=Coordination)
    letters: Letters = field(default_factory=Letters)
    whistle: Whistle = field(default_factory=Whistle)
    committee: Committee = field(default_factory=Committee)
    levels: Levels = field(default_factory=Levels)
    grids: Grids = field(default_factory=Grids)
    closed_loop: ClosedLoop = field(default_factory=ClosedLoop)
    recording: Recording = field(default_factory=Recording)
    durability: Durability = field(default_factory=Durability)
    participation: Participation = field(default_factory=Participation)
    channels: Channels = field(default_factory=Channels)
    party: Party = field(default_factory=Party)
    office: Office = field(default_factory=Office)
    trade: Trade = field(default_factory=Trade)
