"""What the events do not say of their run, and measuring needs; it travels with the log's first event."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from model.config.scenario import Scenario
from model.simulation import blueprint_of, demand_per_person
from model.terms import TICKS_PER_DAY

__all__ = ["Facts"]


@dataclass(frozen=True)
class Facts:
    """The facts of one run.

    Attributes
    ----------
    regime : str
        Its name.
    seed : int or None
        Of the luck; None where only the scenario is known.
    limits : dict of str to int
        Ticks within which a case shall be closed, by code of its kind.
    uncounted : list of str
        Kinds whose limit does not count.
    streets : list of str
        Codes, in order.
    first, last : int
        Ticks at which the observed window begins and ends.
    follow_up : int
        Ticks for which a case is looked at.
    orphan_after : int
        Ticks without an owner after which a case is an orphan.
    demand_per_person : list of float
        By street, births a day.
    least_follow_up : int
        Ticks of its follow-up that must be left when a case that counts is reported; 30 days in older logs.
    """

    regime: str
    seed: int | None
    limits: dict[str, int]
    uncounted: list[str]
    streets: list[str]
    first: int
    last: int
    follow_up: int
    orphan_after: int
    demand_per_person: list[float]
    least_follow_up: int = 30 * TICKS_PER_DAY

    @classmethod
    def of(cls, scenario: Scenario, seed: int | None = None) -> Facts:
        """Return the facts of a scenario's run."""
        plan, run = blueprint_of(scenario), scenario.world.run
        first = run.warm_up_days * TICKS_PER_DAY
        return cls(
            regime=scenario.name,
            seed=seed,
            limits={kind.code: int(kind.limit) for kind in plan.kinds},
            uncounted=[kind.code for kind in plan.kinds if not kind.limit_counts],
            streets=[unit.code for unit in plan.units[: plan.streets]],
            first=first,
            last=first + run.window_days * TICKS_PER_DAY,
            follow_up=run.follow_up_days * TICKS_PER_DAY,
            orphan_after=round(scenario.law.letters.answer_within * TICKS_PER_DAY),
            demand_per_person=demand_per_person(plan).tolist(),
            least_follow_up=run.least_follow_up_days * TICKS_PER_DAY,
        )

    def text(self) -> str:
        """Return the facts as one line of JSON, which `read` takes back to the last bit."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Facts:
        """Return the facts that a log carries.

        Raises
        ------
        ValueError, TypeError
            For other text.
        """
        values: dict[str, Any] = json.loads(text)
        return cls(**values)
