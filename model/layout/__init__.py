"""The district before its first day, as plain objects: units, kinds and claims, era by era.

The engine copies these into its tables and the agents of the reference start from them, so both begin alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.behaviour import Habits
from model.config.timeline import Stage
from model.effects import put_in_force
from model.eras import Era, eras_of
from model.layout.kinds import kinds_under, mix_of_kinds
from model.layout.merging import merge_people, successors
from model.layout.plans import Blueprint, Claim, EraPlan, KindPlan, UnitPlan
from model.layout.units import Standing, units_of
from model.placement import Ground, place
from model.policy import Law
from model.world import World

__all__ = ["Blueprint", "Claim", "EraPlan", "KindPlan", "UnitPlan", "draw_up"]


def build_state(law: Law, habits: Habits, world: World, stages: Sequence[Stage] = ()) -> Blueprint:
    """Return the district of this world under this law, and under what begins later."""
    codes, run = [street.code for street in world.streets], world.run
    eras = eras_of(law, stages, codes, run.warm_up_days + run.window_days + run.follow_up_days)
    chances, season = mix_of_kinds(world)
    ground = Ground(world, habits)
    plans, first_row = list[EraPlan](), 0
    for era in eras:
        plans.append(_era(era, first_row, ground))
        first_row += len(era.laws)
    departments = [department.code for department in world.departments]
    return Blueprint(
        eras=tuple(plans),
        streets=len(codes),
        departments=len(departments),
        chances=chances,
        season=season,
        transfers=[[unit.hands_over.get(code, 0.0) for code in departments] for unit in world.departments],
        streets_before=tuple(ground.before.streets),
    )


def _era(era: Era, first_row: int, ground: Ground) -> EraPlan:
    world, habits = ground.world, ground.habits
    laws = tuple(put_in_force(law, habits) for law in era.laws)
    into = successors(laws[-1], world)
    by_street = tuple(laws[row] for row in era.law_of)
    placed = merge_people(place(by_street, ground), into)
    rows = tuple(first_row + row for row in era.law_of)
    standing = Standing(by_street, rows, first_row + len(laws) - 1, placed, into, ground.work.programmes)
    return EraPlan(
        day=era.day,
        laws=laws,
        units=units_of(standing, habits, world),
        kinds=tuple(kinds_under(law, habits, world, into) for law in laws),
        covers=[[row[s] > 0 for row in placed.stationed] for s in range(len(by_street))],
        placed=placed,
    )
