"""The options of `whistle log`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from experiments.errors import WrongInput, raise_if_any


def _option(metavar: str, help_text: str, default: Any = None) -> Any:
    return field(default=default, metadata={"metavar": metavar, "help": help_text})


def _column(help_text: str) -> Any:
    return _option(COLUMN, help_text)


ORDERS = DAY_FIRST, MONTH_FIRST = "day-first", "month-first"  # what --time-format may say of 1/2/2024
COLUMN = "COLUMN"  # what stands in the help for the value of an option that names a column
STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class LogOptions:
    """The flags of `whistle log` by name, with their help; None is what the user leaves to be guessed or unused.

    Attributes:
        paths: One file, folder or archive, or several that make up one log; `STANDARD_INPUT` alone is what is piped in.
    """

    paths: tuple[Path, ...]
    case: str | None = _column("Column of the case; recognised by its name unless given, like the other columns.")
    unit: str | None = _column("Column of the unit: a person, a team, an organisation.")
    time: str | None = _column("Column of the time of an event.")
    activity: str | None = _column("Column of the activity; 'none': no such column.")
    kind: str | None = _column("What sort of case it is, known when it arrives; 'none': no such column.")
    lifecycle: str | None = _column("Whether an event starts or completes its activity; 'none': all are completed.")
    steps: str | None = _option(
        "TIME:UNIT,…", "In a row a case: the columns of the time and the unit of each step; the last closes the case."
    )
    start: str | None = _column("When the case begins, one row a case; or the step, one row a step.")
    end: str | None = _column("When the case or the step ends; empty while it is open.")
    case_start: str | None = _column("When the case begins; 'none': with its first event.")
    case_end: str | None = _column("When the case ends, empty while it is open; 'none': with its last event.")
    deadline: str | None = _column("When the case is due; 'none': --limit holds for all cases.")
    state: str | None = _column("State of the case after an event.")
    closed_by: tuple[str, ...] = _option("ACTIVITY", "An activity that closes a case; repeatable.", ())
    closed_state: tuple[str, ...] = _option("STATE", "A state of a closed case; repeatable.", ())
    work: tuple[str, ...] = _option("ACTIVITY", "An activity that is work, for the circulating time; repeatable.", ())
    limit: float | None = _option("DAYS", "Days within which a case without a deadline should be closed.")
    before: str | None = _option("DATE", "Only cases that began before this date.")
    after: str | None = _option("DATE", "Only cases that began on this date or later.")
    separator: str | None = _option("CHARACTER", "Separator of a CSV file; default: recognised.")
    encoding: str | None = _option("NAME", "Encoding of a text, such as gb18030; default: recognised.")
    time_format: str | None = _option(
        "FORMAT", f"{DAY_FIRST}, {MONTH_FIRST} or a format such as '%d.%m.%y %H:%M'; default: by the whole column."
    )
    time_zone: str | None = _option("NAME", "Zone of times that name none, such as Asia/Shanghai; default: UTC.")
    drop_duplicates: bool = _option("", "Count identical events once.", False)
    hide_units: bool = _option("", "Call units by numbers, the largest 'unit 1'; people are never named.", False)
    sheet: str | None = _option("NAME", "Sheet of an Excel file; default: the one with a case, a unit and a time.")
    case_type: str | None = _option("TYPE", "In OCEL: type of the objects that are cases.")
    unit_type: str | None = _option("TYPE", "In OCEL: type of the objects that are units.")

    @classmethod
    def of(cls, log: str | Path | Sequence[str | Path], given: Mapping[str, Any]) -> LogOptions:
        """Return options of a log, one path or several, given by name; lists may be one word, and None is the default.

        Raises:
            WrongInput: For unknown names and values of another type.
        """
        from model import one_of

        kinds = {each.name: str(each.type) for each in fields(cls)[1:]}
        raise_if_any(f"columns: unknown '{name}'; expected {one_of(sorted(kinds))}." for name in given
                     if name not in kinds)  # fmt: skip
        values: dict[str, Any] = {
            name: (value,) if isinstance(value, str) and "tuple" in kinds[name] else value
            for name, value in given.items()
            if value is not None
        }
        raise_if_any(f"columns: {name}: expected {_EXPECTED[kinds[name]][0]}, got {given[name]!r}."
                     for name, value in values.items() if not _EXPECTED[kinds[name]][1](value))  # fmt: skip
        paths = (log,) if isinstance(log, str | Path) else log
        return cls(
            tuple(map(Path, paths)),
            **values | {name: tuple(each) for name, each in values.items() if isinstance(each, list)},
        )

    @property
    def path(self) -> Path:
        """The log as messages name it: its path, or the first of its paths and how many there are."""
        first = Path("standard input") if self.paths == (STANDARD_INPUT,) else self.paths[0]
        return first if len(self.paths) == 1 else first.with_name(f"{first.name} and {len(self.paths) - 1} more")

    def columns(self) -> dict[str, str]:
        """Return the columns that the user names, by role."""
        roles = (each.name for each in fields(self) if each.metadata.get("metavar") == COLUMN)
        return {role: getattr(self, role) for role in roles if getattr(self, role) is not None}

    def wrong(self, problem: str) -> WrongInput:
        return WrongInput([f"{self.path}: {problem}"])

    def check(self) -> None:
        """Raise WrongInput with everything in which the options are wrong or contradict one another."""
        raise_if_any(self._problems())

    def _problems(self) -> Iterable[str]:
        if self.time and (self.start or self.end):
            yield ("--time: cannot be combined with --start or --end, between which a case or a step lasts. When a "
                   "case begins and ends beside its events: --case-start, --case-end.")  # fmt: skip
        if bool(self.state) != bool(self.closed_state):
            yield "--state: needs --closed-state VALUE, the states of a closed case, and the reverse. Give both."
        closing = {"--closed-by": self.closed_by, "--state": self.state, "--case-end": self.case_end}
        ways = [flag for flag, given in closing.items() if given]
        if len(ways) > 1:
            yield f"expected one of {', '.join(ways)}, got {len(ways)}: only one can say when a case closes."
        if self.limit is not None and not (math.isfinite(self.limit) and self.limit > 0):
            yield f"--limit: expected a number of days above 0, got {self.limit}."
        if self.separator is not None and (len(self.separator) != 1 or self.separator in '"\r\n'):
            yield f"--separator: expected one character, such as ';' or a tab, got {self.separator!r}."
        if self.encoding is not None and not accepts("".encode, self.encoding):
            yield f"--encoding: expected a name such as utf-8, latin-1 or gb18030, got '{self.encoding}'."
        if self.time_zone is not None and not accepts(ZoneInfo, self.time_zone):
            yield f"--time-zone: expected a name such as UTC or Asia/Shanghai, got '{self.time_zone}'."
        if self.time_format is not None and (problem := format_problem(self.time_format)):
            yield f"--time-format: {problem}"
        for flag, value in (("--before", self.before), ("--after", self.after)):
            if value is not None and not accepts(datetime.fromisoformat, value):
                yield f"{flag}: expected a date such as 2014-01-01 or 2014-01-01T12:00+08:00, got '{value}'."


_EXPECTED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str | None": ("a word", lambda value: isinstance(value, str)),
    "float | None": ("a number of days", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "tuple[str, ...]": (
        "a word", lambda value: isinstance(value, list | tuple) and all(isinstance(each, str) for each in value),
    ),
}  # fmt: skip


def flag_of(name: str) -> str:
    """Return the flag of an option."""
    return f"--{name.replace('_', '-')}"


def accepts(parse: Callable[[str], Any], text: str) -> bool:
    """Tell whether a function takes a text without an error."""
    try:
        parse(text)
    except (LookupError, ValueError, OSError):
        return False
    return True


def format_problem(form: str) -> str | None:
    """Return in words why a format of times is none."""
    if form in ORDERS:
        return None
    try:
        datetime.strptime(datetime(2000, 1, 31, tzinfo=UTC).strftime(form), form)
    except (ValueError, re.error) as error:
        return f"expected {', '.join(ORDERS)} or a strftime format, got '{form}' ({error})."
    return None


def instant(text: str, zone: str | None) -> int:
    """Return a date or time as microseconds since 1970 UTC; one without a zone is in the zone given, or UTC."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def quoted(names: Iterable[str]) -> str:
    """Return names in quotes, with commas."""
    return ", ".join(f"'{name}'" for name in names)
