"""What of a log is left out, or kept though in doubt: one table."""

from dataclasses import asdict, dataclass
from typing import Any

DONE = {
    "step_without_unit": "dropped", "case_without_step": "dropped", "without_case": "dropped",
    "without_time": "dropped", "without_unit": "dropped", "without_start": "dropped", "duplicates_kept": "kept",
    "duplicates_dropped": "dropped", "step_backwards": "kept", "other_dates": "dropped", "after_closing": "kept",
    "begun_before": "kept", "open": "open", "backwards": "no_duration",
}  # fmt: skip
"""What is done with each."""


@dataclass(frozen=True)
class Dropped:
    """A reason, and how many events and cases it concerns; None where it is not about them.

    Attributes:
        what: One of `DONE`.
        events: Rows where a row is an event.
        cases: Of dropped events, the cases that are left without any.
    """

    what: str
    events: int | None = None
    cases: int | None = None

    @property
    def done(self) -> str:
        return DONE[self.what]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"done": self.done}
