"""The district of the reference: a step is ten calls in order; `simulate_reference` runs it and keeps a record."""

from dataclasses import dataclass
from typing import Any

import mesa

from model.own import in_force
from model.reference.answers import departments_answer
from model.reference.arrivals import demand_arrives
from model.reference.closing import results_show, supervision_presses
from model.reference.desk import platform_accepts, streets_triage
from model.reference.periods import new_eras, score, superiors_assign
from model.reference.scoring import settle
from model.reference.state import Model
from model.reference.trade import units_trade
from model.reference.work import units_work
from model.terms import Channel, Step

PHASES = (
    demand_arrives, superiors_assign, streets_triage, platform_accepts, departments_answer, units_work,
    supervision_presses, results_show, units_trade, score,
)  # fmt: skip
"""The ten phases of the day, in order."""


class ReferenceDistrict(Model):
    """One district as a Mesa model; parameters as of `Model`."""

    def step(self) -> None:
        """One step: the ten phases of the day in order."""
        self.open_step()
        new_eras(self)
        for self.phase, act in enumerate(PHASES, 1):
            act(self)
        self.now_step += 1
        if self.now_step == self.calendar.steps:
            for case in self.cases:
                settle(self, case)


@dataclass(frozen=True)
class ReferenceRecord:
    """What a run of the reference leaves; names as in the engine's tally, units and daily series.

    A line of `history` is (ticks, case key, activity, row of the unit, phase). `closures` are real ones by (row of the
    kind, bin of time since report), `drops` by that bin, `passes` cases offered by passes, `found_by` hidden ones found
    by channel, `kinds` cases by (name as in `Record.kinds`, row of the kind), `hand_overs` by (from, to), places of
    departments: one past the last is the street. `answers` are answers to letters by weekday, `steps` what each step of
    the whistle took and how long (ticks) that had waited, in the order of `Step`. `cases_total` counts problems born,
    linked repeats included.
    """

    history: list[tuple[int, int, int, int, int]]
    tally: dict[str, float]
    units: dict[str, list[float]]
    daily: list[dict[str, int]]
    closures: dict[tuple[int, int], int]
    drops: dict[int, int]
    passes: dict[int, int]
    found_by: dict[Channel | None, int]
    kinds: dict[tuple[str, int], int]
    hand_overs: dict[tuple[int, int], int]
    answers: dict[int, int]
    steps: list[list[int]]
    cases_total: int


_LEFT = (
    "staff", "moved", "queued", "waiting", "programmes", "sent_down", "errands", "overwork", "pressure", "involvement",
    "lent", "away", "guests", "seconded", "balance",
    "member_hours", "member_tired", "taken_over",
)  # fmt: skip


def simulate_reference(scenario: Any, seed: int, *, history: bool = False) -> ReferenceRecord:
    """Run the reference once; parameters as of `Model`. Histories and figures are the same as the engine's."""
    with in_force(getattr(scenario, "own", None)):
        model = ReferenceDistrict(scenario, seed, history=history)
        try:
            for _ in range(model.calendar.steps):
                model.step()
        finally:
            getattr(mesa.Agent, "_ids", {}).pop(model, None)  # Mesa 3.3 keeps every model alive through this
    books = model.books
    names = sorted({name for unit in model.units for name in unit.books})
    units: dict[str, list[float]] = {name: [unit.books[name] for unit in model.units] for name in names}
    units |= {name: [getattr(unit, name) for unit in model.units] for name in _LEFT}
    return ReferenceRecord(
        history=model.history or [],
        tally=dict(books.tally),
        units=units,
        daily=[dict(day) for day in model.daily],
        closures=dict(books.closures),
        drops=dict(books.drops),
        passes=dict(books.passes),
        found_by=dict(books.found_by),
        kinds=dict(books.kinds),
        hand_overs=dict(books.hand_overs),
        answers=dict(books.answers),
        steps=[[books.taken[step], books.waited[step]] for step in Step],
        cases_total=model.totals["born"],
    )
