"""Which column plays which role: as the user says, else recognised by usual names; and the columns that are read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from experiments.errors import raise_if_any
from experiments.logs import Contents, Place, Source
from experiments.logs.options import LogOptions, flag_of, quoted
from experiments.logs.sources import opened_log
from model import nearest

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
    "kind": (
        "case:kind", "case:type", "case:category", "kind", "case type", "category", "request type", "service type",
        "complaint type", "type", "类型", "诉求类型", "问题类别",
    ),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
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

OPTIONAL = ("activity", "kind", "lifecycle", "case_start", "case_end", "deadline")
"""Roles that may be left empty, even where a column has a usual name."""

OF_EVENTS = (
    "activity",
    "lifecycle",
    "closed_by",
    "work",
    "case_start",
    "case_end",
)  # options that mean nothing for a case table
NOTHING = "none"  # what the user says where an optional role is to have no column
MOST_NAMES, LONGEST_NAME = 40, 60  # of columns in a message
REPEATED = 0.05  # share of rows beyond which repeated cases are no accident: rows are events then
OWN = "run"  # column of the model's own logs that carries the facts of the run


@dataclass(frozen=True)
class Mapped:
    """Columns by role.

    Attributes:
        guessed: Roles whose column was recognised by its name.
        table: Whether a row is a case, not an event.
        others: Further columns that might name units.
    """

    columns: dict[str, str]
    guessed: tuple[str, ...]
    table: bool
    others: tuple[str, ...]


def map_columns(present: Sequence[str], options: LogOptions, as_events: bool = False) -> Mapped:
    """Return the column of every role, given those of the file.

    A row is an event where this is said, even if the columns look like those of a case table.

    Raises:
        WrongInput: With every column that was named and is not there, is there twice, or is needed and was not found.
    """
    plain = {_plain(name): name for name in reversed(present)}
    usual = {role: [plain[_plain(name)] for name in names if _plain(name) in plain] for role, names in GUESSES.items()}
    guesses = {role: found[0] for role, found in usual.items() if found}
    table = not as_events and _is_table(options, guesses)
    needed = ("start", "end") if table else ("case", "unit", "time")
    wanted = (*needed, "case", "unit", "kind", "deadline") if table else (*needed, *OPTIONAL)
    named = options.columns()
    if table and options.time is not None:
        named.setdefault("start", options.time)
    columns, guessed, problems = dict[str, str](), [], list[str]()
    for role in dict.fromkeys((*wanted, "state")):
        if named.get(role) == NOTHING and role in OPTIONAL and NOTHING not in present:
            continue
        if role in named:
            columns[role] = named[role]
            if named[role] not in present:
                near = nearest(named[role], list(present)[:MOST_NAMES])
                listed = f" It has {_listed(present)}." if "did you mean" in near else ""
                problems.append(f"{flag_of(role)}: {options.path} has no column '{named[role]}'{near}{listed}")
        elif role in guesses and not (role == "case_end" and (options.closed_by or options.state)):
            columns[role] = guesses[role]
            guessed.append(role)
        elif role in needed:
            problems.append(f"{options.path}: no column recognised as {role} among {_listed(present)}. Name it with "
                            f"{flag_of(role)} COLUMN.")  # fmt: skip
    unused = [role for role in OF_EVENTS if getattr(options, role)] if table else []
    problems += [f"{flag_of(role)}: {options.path} is read as a case table (one row per case), which has no events. "
                 "Leave out the flag, or name the time of events with --time." for role in unused]  # fmt: skip
    problems += [f"{options.path}: has {list(present).count(name)} columns named '{name}'. Rename all but one."
                 for name in dict.fromkeys(columns.values()) if list(present).count(name) > 1]  # fmt: skip
    raise_if_any(problems)
    units = {_plain(name) for name in GUESSES["unit"]}
    likely = (name for name in dict.fromkeys(present)
              if _plain(name) in units or re.search(r"(?i)\borg|organi[sz]ation", name))  # fmt: skip
    return Mapped(columns, tuple(guessed), table, tuple(name for name in likely if name != columns.get("unit")))


def recognised(role: str, names: Iterable[str], more: Sequence[str] = ()) -> str | None:
    """Return the name that is the most usual one for a role, or one of those given beside; None: none is usual."""
    plain = {_plain(name): name for name in names}
    return next((plain[each] for each in map(_plain, (*GUESSES[role], *more)) if each in plain), None)


def _is_table(options: LogOptions, guesses: Mapping[str, str]) -> bool:
    """A case table has no activities and no time of events; who names --start or --end has one."""
    if options.start is not None or options.end is not None:
        return True
    if "start" not in guesses or "end" not in guesses or options.activity or "activity" in guesses:
        return False
    return options.time == guesses["start"] or (options.time is None and "time" not in guesses)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _listed(present: Sequence[str]) -> str:
    shown = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in present[:MOST_NAMES]]
    more = f" and {len(present) - MOST_NAMES} more" if len(present) > MOST_NAMES else ""
    return quoted(shown) + more if shown else "none"


@dataclass(frozen=True)
class Raw:
    """Columns of a log as they are in the file.

    Attributes:
        own: Whether it has the columns of the model's own logs, which are then read as well.
    """

    source: Source
    mapped: Mapped
    table: pa.Table
    place: Place
    own: bool

    def column(self, role: str) -> pa.ChunkedArray:
        return self.table.column(self.mapped.columns[role])


def read_raw(options: LogOptions, notes: list[str]) -> Raw:
    """Read the columns that are needed of a log; WrongInput if it cannot be read, or one is nested or not there."""
    with opened_log(options, notes) as (source, contents):
        return _raw(source, contents, options)


def _raw(source: Source, contents: Contents, options: LogOptions, as_events: bool = False) -> Raw:
    mapped, own = map_columns(contents.columns, options, as_events), tuple[str, ...]()
    if OWN in contents.columns:  # the model is imported for no other log
        from model.events import NEEDED, TRADES

        own = NEEDED if set(NEEDED) <= set(contents.columns) else ()
    roles = {role: mapped.columns[role] for role in ("case", "unit", "time", "start") if role in mapped.columns}
    raise_if_any(f"{name}: has no column '{column}' ({role}), which the other files have. Name it alike, or leave the "
                 "file out." for name, columns in contents.files for role, column in roles.items()
                 if column not in columns)  # fmt: skip
    table, place = contents.read(list(dict.fromkeys([*mapped.columns.values(), *own])))
    odd = [each for each in table.schema if pa.types.is_nested(each.type) or pa.types.is_binary(each.type)]
    text = "expected text, numbers or times, got"
    raise_if_any(f"{options.path}: column '{each.name}': {text} {each.type}." for each in odd)
    if own:  # requests for people and powers are no cases
        about = pc.invert(pc.is_in(table.column("concept:name").cast(pa.string()), pa.array(TRADES)))
        rows, of_file = pc.indices_nonzero(about), place
        table, place = table.filter(about), lambda row: of_file(rows[row].as_py())
    raw = Raw(source, mapped, table, place, bool(own))
    cases = pc.drop_null(raw.column("case")) if mapped.table and "case" in mapped.columns else ()
    if len(cases) == 0 or len(cases) - pc.count_distinct(cases).as_py() <= REPEATED * len(cases):
        return raw
    if options.start is None and options.end is None and options.time is not None:
        return _raw(source, contents, options, as_events=True)
    dates = quoted(mapped.columns[role] for role in ("start", "end"))
    raise options.wrong(
        f"with {dates} it is read as a case table (one row per case), but some cases of '{mapped.columns['case']}' "
        "span several rows. If each row is an event, name its time with --time; if each row is a case, name another "
        "--case."
    )
