"""What the user asks of a log: columns, what closes a case, which cases count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from experiments.errors import WrongInput

__all__ = ["Asked", "instant"]


@dataclass(frozen=True)
class Asked:
    """The flags of `whistle log`; names are those of the flags.

    Attributes
    ----------
    case, unit, time, activity, start, end, case_start, case_end, deadline, state : str or None
        Columns by name; None: guessed from usual names, or not used.
    closed_by, closed_state, work : tuple of str
        Activities that close a case; states that a closed case has; activities that are work.
    limit : float or None
        Days within which a case shall be closed.
    before, after : str or None
        Cases that began before, or not before, this date.
    separator, encoding : str or None
        Of a CSV file; None: guessed, and UTF-8.
    time_format, time_zone : str or None
        How times are written (as of `strftime`); where times without a zone were taken, default UTC.
    drop_duplicates : bool
        Whether events that agree in case, activity, unit and time count once.
    """

    path: Path
    case: str | None = None
    unit: str | None = None
    time: str | None = None
    activity: str | None = None
    start: str | None = None
    end: str | None = None
    case_start: str | None = None
    case_end: str | None = None
    deadline: str | None = None
    state: str | None = None
    closed_by: tuple[str, ...] = ()
    closed_state: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    limit: float | None = None
    before: str | None = None
    after: str | None = None
    separator: str | None = None
    encoding: str | None = None
    time_format: str | None = None
    time_zone: str | None = None
    drop_duplicates: bool = False

    def check(self) -> None:
        """Raise WrongInput with everything in which the flags contradict themselves or one another."""
        problems = [*self._of_columns(), *self._of_values(), *self._of_dates()]
        if problems:
            raise WrongInput(problems)

    def _of_columns(self) -> list[str]:
        problems = []
        if self.time and (self.start or self.end):
            problems.append("--time: cannot be combined with --start or --end, which are for case tables (one row per "
                            "case). In an event log use --case-start and --case-end.")  # fmt: skip
        if bool(self.state) != bool(self.closed_state):
            problems.append(
                "--state: needs --closed-state VALUE, the states of a closed case, and the reverse. Give both."
            )
        ways = [flag for flag, given in (("--closed-by", self.closed_by), ("--state", self.state),
                                         ("--case-end", self.case_end)) if given]  # fmt: skip
        if len(ways) > 1:
            problems.append(f"expected one of {', '.join(ways)}, got {len(ways)}: only one can say when a case closes.")
        return problems

    def _of_values(self) -> list[str]:
        problems = []
        if self.limit is not None and not (math.isfinite(self.limit) and self.limit > 0):
            problems.append(f"--limit: expected a number of days above 0, got {self.limit}.")
        if self.separator is not None and (len(self.separator) != 1 or self.separator in '"\r\n'):
            problems.append(f"--separator: expected one character, such as ';' or a tab, got {self.separator!r}.")
        if self.encoding is not None and not _known_encoding(self.encoding):
            problems.append(f"--encoding: expected a name such as utf-8, latin-1 or gb18030, got '{self.encoding}'.")
        if self.time_zone is not None and not _known_zone(self.time_zone):
            problems.append(f"--time-zone: expected a name such as UTC or Asia/Shanghai, got '{self.time_zone}'.")
        return problems

    def _of_dates(self) -> list[str]:
        return [
            f"{flag}: expected a date such as 2014-01-01 or 2014-01-01T12:00+08:00, got '{value}'."
            for flag, value in (("--before", self.before), ("--after", self.after))
            if value is not None and not _is_date(value)
        ]


def instant(text: str, zone: str | None) -> int:
    """Return a date or time as microseconds since 1970 UTC; one without a zone stands in the zone given, or UTC."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    gone = when - datetime(1970, 1, 1, tzinfo=UTC)
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _known_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return True


def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
