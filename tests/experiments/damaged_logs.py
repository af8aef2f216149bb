"""Damaged logs of every format, from seeds; what reading them may lead to, and what it may not."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import resource
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import process_time

import experiments
from experiments.errors import WrongInput
from tests.experiments.order_logs import FILES

LONGEST = 3_000  # letters of what is said of a file
SLOWEST = 20.0  # seconds of work on a file
LARGEST = 1_500  # MB that a process may grow by

OWN_FAULT = re.compile(r"the (CSV|JSON lines|OCEL|XES) file is damaged or truncated \([A-Z]\w+: ")
"""What is said where a reader of ours raises what it should not; libraries may raise anything."""

Damage = Callable[[bytes, Random], bytes]


def cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content))]


def flipped(content: bytes, random: Random) -> bytes:
    found = bytearray(content)
    for _ in range(random.choice((1, 1, 3, 30))):
        found[random.randrange(len(found))] = random.randrange(256)
    return bytes(found)


def swapped(content: bytes, random: Random) -> bytes:
    first, second, third = sorted(random.randrange(len(content) + 1) for _ in range(3))
    return content[:first] + content[second:third] + content[first:second] + content[third:]


def inserted(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content) + 1)
    again = content[at : at + random.randrange(200)] * random.randrange(1, 9)
    odd = (b"\xff\xfe", b"\xc3", b"\0" * 9, b'"', b"\n", b"\r", b"\xef\xbb\xbf")
    piece = random.choice((random.randbytes(random.randrange(1, 40)), again, *odd))
    return content[:at] + piece + content[at:]


def removed(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + content[at + random.randrange(1, 300) :]


def recoded(content: bytes, random: Random) -> bytes:
    """Write all, or the rest from somewhere on, in another encoding."""
    with contextlib.suppress(UnicodeDecodeError):
        text, at = content.decode("utf-8"), 0
        at = random.choice((0, random.randrange(len(text))))
        other = random.choice(("gb18030", "utf-16", "utf-16-be", "big5", "shift_jis", "latin-1", "utf-7", "utf-32"))
        return text[:at].encode() + text[at:].encode(other, "replace")
    return flipped(content, random)


TOKENS = re.compile(rb'"[^"]*"|<[^>]*>|[{}\[\],:;|]|[^\s"<>{}\[\],:;|]+|\s+')
ODD = (
    b"null", b"true", b"{}", b"[]", b'""', b"1e999", b"-1", b"99999999999999999999", b"NaN", b'"\\ud800"', b"[[[[",
    b"<a>", b"</a>", b"<!DOCTYPE x>", b"&amp;", b"&#0;", b"0", b"9999-99-99", b"2024-02-30", b"0001-01-01T00:00:00Z",
    b"=1+1", b"#REF!", "办结".encode(), b"\xed\xa0\x80",
)  # fmt: skip


def edited(content: bytes, random: Random) -> bytes:
    """Leave out, double, exchange or replace words and signs."""
    found = TOKENS.findall(content)
    for _ in range(random.choice((1, 1, 2, 8))):
        if not found:
            return content
        at, other = random.randrange(len(found)), random.randrange(len(found))
        match random.randrange(4):
            case 0:
                del found[at]
            case 1:
                found.insert(at, found[other])
            case 2:
                found[at], found[other] = found[other], found[at]
            case _:
                found[at] = random.choice(ODD)
    return b"".join(found)


DAMAGES: tuple[Damage, ...] = (cut, flipped, swapped, inserted, removed, recoded, edited, edited, edited)


def inside(content: bytes, random: Random) -> bytes:
    """Damage what is packed, so that the damage gets past the check sums."""
    if content.startswith(b"\x1f\x8b"):
        return gzip.compress(random.choice(DAMAGES)(gzip.decompress(content), random))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        names = archive.namelist()
        chosen = random.choice(names)
        for name in names:
            held = archive.read(name)
            if name == chosen and random.random() < 0.1:
                continue
            changed.writestr(name, random.choice(DAMAGES)(held, random) if name == chosen and held else held)
    return out.getvalue()


STATEMENTS = (
    "DROP TABLE {table}", "DELETE FROM {table}", "UPDATE {table} SET {column} = NULL", "CREATE VIEW v AS SELECT 1",
    "UPDATE {table} SET {column} = x'ff00'", "UPDATE {table} SET {column} = CAST(x'c328' AS TEXT)",
    "UPDATE {table} SET {column} = 1e308", "ALTER TABLE {table} DROP COLUMN {column}",
    "ALTER TABLE {table} RENAME COLUMN {column} TO other", "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE {table} SET {column} = 'odd'",
)  # fmt: skip


def changed_tables(content: bytes, random: Random) -> bytes:
    """Change an SQLite file by a statement that it allows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.sqlite")
        path.write_bytes(content)
        with contextlib.closing(sqlite3.connect(path)) as base:
            tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            table = random.choice(tables)
            column = random.choice([each[1] for each in base.execute(f'PRAGMA table_info("{table}")')])
            with contextlib.suppress(sqlite3.Error):
                base.execute(random.choice(STATEMENTS).format(table=f'"{table}"', column=f'"{column}"'))
                base.commit()
        return path.read_bytes()


def damaged(seed: int, folder: Path) -> Path:
    """Write the damaged log of a seed; formats take turns."""
    random, name = Random(seed), list(FILES)[seed % len(FILES)]
    content = FILES[name](folder)
    if content.startswith((b"PK", b"\x1f\x8b")) and random.random() < 0.8:
        content = inside(content, random)
    elif content.startswith(b"SQLite") and random.random() < 0.5:
        content = changed_tables(content, random)
    else:
        content = random.choice(DAMAGES)(content, random)
    path = folder / random.choice((name, name, name, "export.dat"))
    path.write_bytes(content)
    return path


def problem_of(path: Path) -> str | None:
    """Return what is wrong with what reading a file leads to; None: it is measured, or refused in clear words."""
    began, printed = process_time(), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            found = experiments.log(path, closed_by="办结")
        json.dumps(found.answer, allow_nan=False)
    except WrongInput as error:
        for words in error.problems:
            if not words.strip() or "\n" in words or "Traceback" in words or len(words) > LONGEST:
                return f"said unclearly: {words[:400]!r}"
            if OWN_FAULT.search(words):
                return f"a reader of ours fails: {words[:400]!r}"
            if path.name not in words and "--" not in words:
                return f"does not name the file: {words[:400]!r}"
    except BaseException as error:  # whatever it is, it must not reach the user
        return f"{type(error).__name__}: {str(error)[:400]}"
    if printed.getvalue():
        return f"prints {printed.getvalue()[:400]!r}"
    took = process_time() - began
    return None if took < SLOWEST else f"took {took:.0f} s"


def problems_of(seeds: range) -> dict[int, str]:
    """Return the problems with the damaged logs of seeds, by seed."""
    found, before = dict[int, str](), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as outside:
        tempfile.tempdir = outside  # everything that reading leaves behind is seen here
        for seed in seeds:
            with tempfile.TemporaryDirectory() as folder:
                path = damaged(seed, Path(folder))
                if (problem := problem_of(path)) is not None:
                    found[seed] = f"{path.name}: {problem}"
                if [each.name for each in Path(folder).iterdir()] != [path.name]:
                    found[seed] = f"{path.name}: left files beside the log"
        tempfile.tempdir = None
        if left := list(Path(outside).iterdir()):
            found[seeds[-1]] = f"left {left}"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    if grown > LARGEST:
        found[seeds[0]] = f"the process grew by {grown} MB"
    return found
