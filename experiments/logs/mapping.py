"""Which column plays which role: as told by the user, else guessed from usual names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from model import nearest

__all__ = ["GUESSES", "Mapped", "map_columns"]

GUESSES: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case:concept:name", "case id", "case", "case number", "case no", "case key", "trace id", "ticket id", "ticket",
        "ticket number", "service request number", "service request id", "sr number", "request number", "request id",
        "incident id", "incident number", "unique key", "id", "案件编号", "案件号", "工单编号", "工单号", "诉求编号",
    ),
    "unit": (
        "org:resource", "resource", "unit", "department", "agency", "owner department", "responsible", "handler",
        "assigned to", "assignee", "user", "org:group", "group", "owner", "ward", "district", "承办单位", "处理单位",
        "部门", "单位", "街道", "街乡", "处理人",
    ),
    "time": (
        "time:timestamp", "timestamp", "complete timestamp", "completion timestamp", "event time", "time", "date time",
        "datetime", "complete time", "event date", "date", "时间", "发生时间", "处理时间",
    ),
    "activity": (
        "concept:name", "activity", "activity name", "event", "event name", "task", "action", "step", "活动", "环节",
        "操作",
    ),
    "start": (
        "created", "created date", "creation date", "created at", "opened", "open date", "opened at", "opened date",
        "start date", "start", "reported", "report date", "requested datetime", "受理时间", "创建时间", "登记时间",
    ),
    "end": (
        "completed", "completed date", "completion date", "completed at", "closed", "closed date", "closed at",
        "close date", "end date", "end", "resolved", "resolved at", "resolution date", "办结时间", "结案时间",
        "完成时间",
    ),
    "case_start": ("case:startdate", "case:start date", "case:start", "case start date", "case start", "case:created"),
    "case_end": ("case:enddate", "case:end date", "case:end", "case end date", "case end", "case:completed"),
    "deadline": ("case:deadline", "deadline", "case deadline", "due date", "due", "due at", "截止时间", "办理期限"),
}  # fmt: skip
"""Usual names by role, the more usual first; letters' case, spaces and signs do not matter."""

OPTIONAL = ("activity", "case_start", "case_end", "deadline")
"""Roles that may be left empty, even where a column has a usual name."""

NOTHING = "none"
"""What the user says where an optional role shall have no column."""


@dataclass(frozen=True)
class Mapped:
    """Columns by role.

    Attributes
    ----------
    columns : dict of str to str
        Of the roles that are there.
    guessed : tuple of str
        Roles whose column was guessed.
    table : bool
        Whether a row is a case, not an event.
    others : tuple of str
        Further columns that might name units.
    """

    columns: dict[str, str]
    guessed: tuple[str, ...]
    table: bool
    others: tuple[str, ...]


def map_columns(present: Sequence[str], asked: Asked, as_events: bool = False) -> Mapped:
    """Return the column of every role.

    Parameters
    ----------
    present : sequence of str
        Columns of the file.
    asked : Asked
    as_events : bool
        A row is an event, even if the columns look like those of a case table.

    Raises
    ------
    WrongInput
        With every column that was asked for and is not there, stands there twice, or is needed and was not found.
    """
    guesses = {role: _guess(role, present) for role in GUESSES}
    table = not as_events and _is_table(asked, guesses)
    needed = ("start", "end") if table else ("case", "unit", "time")
    wanted = (*needed, "case", "unit", "deadline") if table else (*needed, *OPTIONAL)
    columns, guessed, problems = {}, [], []
    for role in dict.fromkeys((*wanted, "state")):
        told, found = _told(role, asked), guesses.get(role)
        if told == NOTHING and role in OPTIONAL and NOTHING not in present:
            continue
        if told is not None:
            columns[role] = told
            problems += _not_there(role, told, present, asked)
        elif found is not None and not (role == "case_end" and (asked.closed_by or asked.state)):
            columns[role] = found
            guessed.append(role)
        elif role in needed:
            problems.append(_not_found(role, present, asked))
    problems += _unused(asked, table)
    problems += [f"{asked.path}: has {list(present).count(name)} columns named '{name}'. Rename all but one."
                 for name in dict.fromkeys(columns.values()) if list(present).count(name) > 1]  # fmt: skip
    if problems:
        raise WrongInput(problems)
    return Mapped(columns, tuple(guessed), table, _others(present, columns.get("unit")))


def _told(role: str, asked: Asked) -> str | None:
    """Return what the user named; in a case table, the time is that of the start."""
    told: str | None = getattr(asked, role)
    return asked.time if role == "start" and told is None else told


def _is_table(asked: Asked, guesses: Mapping[str, str | None]) -> bool:
    """A case table has no activities and no time of events; who names --start or --end has one."""
    if asked.start is not None or asked.end is not None:
        return True
    if guesses["start"] is None or guesses["end"] is None or (asked.activity or guesses["activity"]):
        return False
    return asked.time == guesses["start"] or (asked.time is None and guesses["time"] is None)


def _flag(role: str) -> str:
    return f"--{role.replace('_', '-')}"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _guess(role: str, present: Sequence[str]) -> str | None:
    names = {_plain(name): name for name in reversed(present)}
    return next((names[_plain(usual)] for usual in GUESSES[role] if _plain(usual) in names), None)


def _others(present: Sequence[str], unit: str | None) -> tuple[str, ...]:
    usual = {_plain(name) for name in GUESSES["unit"]}
    likely = [name for name in present if _plain(name) in usual or re.search(r"(?i)\borg|organi[sz]ation", name)]
    return tuple(name for name in dict.fromkeys(likely) if name != unit)


def _not_there(role: str, told: str, present: Sequence[str], asked: Asked) -> list[str]:
    if told in present:
        return []
    near = nearest(told, list(present)[:MOST_NAMES])
    listed = f" It has {_listed(present)}." if "did you mean" in near else ""
    return [f"{_flag(role)}: {asked.path} has no column '{told}'{near}{listed}"]


def _not_found(role: str, present: Sequence[str], asked: Asked) -> str:
    return f"{asked.path}: no column recognised as {role} among {_listed(present)}. Name it with {_flag(role)} COLUMN."


MOST_NAMES, LONGEST_NAME = 40, 60
"""Of columns in a message."""


def _listed(present: Sequence[str]) -> str:
    shown = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in present[:MOST_NAMES]]
    more = f" and {len(present) - MOST_NAMES} more" if len(present) > MOST_NAMES else ""
    return ", ".join(f"'{name}'" for name in shown) + more if shown else "none"


def _unused(asked: Asked, table: bool) -> list[str]:
    """Name flags that mean nothing for this kind of file."""
    if not table:
        return []
    given = {"--activity": asked.activity, "--closed-by": asked.closed_by, "--work": asked.work,
             "--case-start": asked.case_start, "--case-end": asked.case_end}  # fmt: skip
    return [f"{flag}: {asked.path} is read as a case table (one row per case), which has no events. Leave out "
            f"the flag, or name the time of events with --time." for flag, value in given.items() if value]  # fmt: skip
