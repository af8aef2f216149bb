"""Citizens wait; some give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import rng
from model.reference.books import settle
from model.reference.things import Case
from model.rules import feedback
from model.terms import Activity, Decision

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["give_up", "lost_patience"]


def lost_patience(model: PlainDistrict, case: Case, when: int) -> bool:
    """Tell whether the citizen has given up by now; noticed when somebody takes the case up."""
    return feedback.gives_up(model.habits, case.waited_days(when), rng.draw(case.key, Decision.PATIENCE, 0))


def give_up(model: PlainDistrict, case: Case, when: int) -> None:
    """The citizen has given up: the case is gone."""
    case.dropped = when
    model.note(when, case, Activity.DROPPED, case.street)
    case.release_slots()
    settle(model, case)
    model.totals["open"] -= 1
    model.totals["dropped"] += 1
    model.forget(case)
