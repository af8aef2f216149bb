"""OCEL 2.0 as an SQLite file: tables of events and objects, of their relations, and one for each type."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from experiments.logs import Contents, Format, Source
from experiments.logs.options import LogOptions, quoted

if TYPE_CHECKING:
    from experiments.logs.ocel import ObjectLog

TABLES = ("event", "object", "event_object", "event_map_type", "object_map_type")
LONGEST_VALUE = 1 << 24  # bytes
LOCKED_FOR = 2.0  # seconds that a file in use is waited for
LONGEST_READING = 600.0  # seconds after which reading is given up
ROW_BYTES = 400  # that a row takes, about
STEPS = 100_000  # of SQLite's machine between two looks at the clock

Row = dict[str, Any]


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    from experiments.logs.ocel import ObjectLog

    with _connected(source) as database:
        _check(source, database)
        log = ObjectLog(source)
        _take_objects(log, database)
        _take_events(log, database)
    return log.contents(options, notes)


@contextmanager
def _connected(source: Source) -> Iterator[sqlite3.Connection]:
    """Open a file for reading only; WrongInput where it is damaged, in use, or takes too long."""
    mode, ends = f"{source.path.absolute().as_uri()}?mode=ro{_left_behind(source.path)}", monotonic() + LONGEST_READING
    try:
        with closing(sqlite3.connect(mode, uri=True, timeout=LOCKED_FOR)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            database.set_progress_handler(lambda: monotonic() > ends, STEPS)
            yield database
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where a name in the file is no text
        reason = str(error)[:120]
        if "locked" in reason or "busy" in reason:
            raise source.wrong("is in use by another program. Close it there, or read a copy.") from error
        if "interrupted" in reason:
            raise source.wrong(
                f"takes longer than {LONGEST_READING:.0f} s to read. Export a shorter period."
            ) from error
        raise source.wrong(f"the SQLite file is damaged or truncated ({reason}). Export it again.") from error


def _left_behind(path: Path) -> str:
    """Return how to open a file that keeps its changes beside it, and has none there: without writing beside it."""
    with path.open("rb") as stream:
        beside = stream.read(20)[18:] == b"\x02\x02"
    return "&immutable=1" if beside and not Path(f"{path}-wal").exists() else ""


def _check(source: Source, database: sqlite3.Connection) -> None:
    """Raise WrongInput where tables are missing, or anything but plain tables is there, which could compute."""
    kinds = database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    odd = [str(name) for kind, name, sql in kinds
           if kind not in ("table", "index") or str(sql).upper().startswith("CREATE VIRTUAL")]  # fmt: skip
    tables = [str(name) for kind, name, _ in kinds if kind == "table"]
    odd += [
        name
        for name in tables
        if any(each[6] > 0 for each in database.execute(f"PRAGMA table_xinfo({_as_name(name)})"))
    ]
    if odd:
        raise source.wrong(f"contains views, triggers or computed columns ({quoted(odd[:5])}), which no OCEL file has. "
                           "Export it again as plain tables.")  # fmt: skip
    if missing := [each for each in TABLES if each not in tables]:
        raise source.wrong(f"is not a complete OCEL file (it has no table {quoted(missing)}). Export it again; tables "
                           "of another form can be exported as CSV.")  # fmt: skip


def _take_objects(log: ObjectLog, database: sqlite3.Connection) -> None:
    for kind, rows in _typed(log, database, "object"):
        rows.sort(key=lambda each: str(each.get("ocel_time") or ""))
        for row in rows:
            log.add_object(row["ocel_id"], kind, _values(row))
    for key, kind in database.execute("SELECT ocel_id, ocel_type FROM object"):
        log.add_object(_text(log, key), _text(log, kind), ())


def _take_events(log: ObjectLog, database: sqlite3.Connection) -> None:
    """Take events as their own table lists them, with what the tables of their types say of them."""
    known = {row["ocel_id"]: row for _, rows in _typed(log, database, "event") for row in rows}
    numbers = dict[str, int]()
    for key, kind in database.execute("SELECT ocel_id, ocel_type FROM event ORDER BY rowid"):
        row = known.get(_text(log, key), {})
        numbers[_text(log, key)] = len(numbers)
        log.add_event(_text(log, kind), row.get("ocel_time"), _values(row), ())
    for event, thing in database.execute("SELECT ocel_event_id, ocel_object_id FROM event_object ORDER BY rowid"):
        if _text(log, event) not in numbers:
            raise log.source.wrong(f"is not a complete OCEL file (no event '{event}', which table event_object names).")
        log.add_relation(numbers[_text(log, event)], _text(log, thing))


def _typed(log: ObjectLog, database: sqlite3.Connection, what: str) -> Iterator[tuple[str, list[Row]]]:
    """Yield the types of events, or of objects, with the rows of their tables."""
    for kind, end in database.execute(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type").fetchall():
        cursor = database.execute(f"SELECT * FROM {_as_name(f'{what}_{end}')}")
        names = [each[0] for each in cursor.description]
        if "ocel_id" not in names:
            raise log.source.wrong(f"is not a complete OCEL file (table '{what}_{end}' has no column ocel_id).")
        rows = []
        for row in cursor:
            log.memory.take(ROW_BYTES)
            rows.append({name: _plain(log, name, value) for name, value in zip(names, row, strict=True)})
        yield _text(log, kind), rows


def _values(row: Row) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in row.items() if not name.startswith("ocel_")]


def _text(log: ObjectLog, value: Any) -> str:
    return str(_plain(log, "", value))


def _plain(log: ObjectLog, name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        raise log.source.wrong(f"column '{name or 'ocel_id'}' holds bytes that are no text. Export it again.")
    return str(value) if name == "ocel_id" else value


def _as_name(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


FORMATS = (Format("ocel", "OCEL", (".sqlite", ".sqlite3", ".db"), _contents, magic=(b"SQLite format 3\0",)),)
