"""R7, dynamic quotas: who gives, who takes, and that nobody is emptied."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from model.reference.periods import reallocate
from model.terms import TICKS_PER_DAY

LAW = SimpleNamespace(
    staffing=SimpleNamespace(dynamic=0.5, townships=True, gap_days=1.0),
    office=SimpleNamespace(attention=1.0, decision_work=0.1),
)


class Street:
    """A street as the rule sees it: its people, its queue, the work that came to it in the period."""

    def __init__(self, staff: int, waiting_days: float, came: int) -> None:
        self.staff, self.experts, self.moved, self.township, self.law = staff, 0, 0, False, LAW
        self.waiting, self.period_asked = int(waiting_days * staff * TICKS_PER_DAY), came

    @property
    def own_people(self) -> int:
        """Its generalists, none of whom is on loan."""
        return self.staff - self.experts

    def backlog_days(self) -> float:
        """Return the work in its queue in days of its people."""
        return self.waiting / (self.staff * TICKS_PER_DAY)


def _after(*streets: Street, hours: int = 10**9) -> list[int]:
    office = SimpleNamespace(asked=0, left=hours)
    model: Any = SimpleNamespace(streets=list(streets), newest=LAW, office=office, count=lambda *_: None)
    reallocate(model)
    return [street.staff for street in streets]


def test_people_come_from_where_least_work_came_and_not_from_where_the_queue_is_empty_today() -> None:
    assert _after(Street(10, 0.0, 900), Street(10, 0.5, 100), Street(10, 6.0, 950)) == [10, 2, 18]


def test_no_more_move_than_the_office_has_hours_to_decide() -> None:
    assert _after(Street(10, 0.0, 900), Street(10, 0.5, 100), Street(10, 6.0, 950), hours=1) == [10, 9, 11]


def test_a_street_with_an_empty_queue_keeps_the_people_whom_its_work_needs() -> None:
    assert _after(Street(4, 0.0, 400), Street(20, 9.0, 1000)) == [4, 20]


def test_a_long_queue_where_little_comes_is_no_reason() -> None:
    assert _after(Street(10, 0.0, 500), Street(10, 3.0, 400)) == [10, 10]


STREETS = st.lists(
    st.tuples(st.integers(1, 40), st.floats(0.0, 60.0), st.integers(0, 10**7)), min_size=1, max_size=12
)  # fmt: skip


@given(STREETS)
def test_nobody_is_lost_and_no_giver_is_left_with_more_work_a_person_than_a_taker(rows: list[Any]) -> None:
    streets = [Street(*row) for row in rows]
    before = sum(street.staff for street in streets)
    after = _after(*streets)
    assert sum(after) == before and min(after) >= 1
    loads = [street.period_asked / street.staff for street in streets]
    gave = [load for street, load in zip(streets, loads, strict=True) if street.moved < 0]
    took = [load for street, load in zip(streets, loads, strict=True) if street.moved > 0]
    assert not gave or max(gave) <= max(took)
