"""Small logs that can be counted by hand, in every format, and where the real ones lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from experiments.cli.app import app

REAL = Path(__file__).parents[3] / "shared" / "reference" / "data"

# The real logs are other people's and not passed on with the project: where they lie beside it, their tests run.
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"the real logs are not shipped; they would lie in {REAL}")

HEAD = "case,unit,time,activity\n"
ROWS = """\
b,y,2024-01-03T00:00:00,ask
a,x,2024-01-01T00:00:00,open
a,x,2024-01-01T12:00:00,work
b,x,2024-01-01T00:00:00,open
b,x,2024-01-05T00:00:00,close
c,x,2024-01-01T00:00:00,open
c,z,2024-01-02T00:00:00,work
"""
"""a: one unit, half a day; b: x, y, x, 4 days; c: x, z, 1 day. The rows are out of order."""

IN_ORDER = "".join(sorted(ROWS.splitlines(keepends=True), key=lambda row: (row[0], row.split(",")[2])))


def written(folder: Path, text: str | bytes = HEAD + ROWS, name: str = "log.csv") -> Path:
    """Write a log and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def xes_of(text: str = HEAD + IN_ORDER, inside: str = "") -> str:
    """Return a log as XES; `inside` stands before the traces."""
    rows = [line.split(",") for line in text.splitlines()[1:]]
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<log xmlns="http://www.xes-standard.org/">\n', inside]
    for case in dict.fromkeys(row[0] for row in rows):
        parts.append(f'<trace>\n<string key="concept:name" value="{case}"/>\n')
        parts += [
            f'<event>\n<string key="org:resource" value="{unit}"/>\n<date key="time:timestamp" value="{time}Z"/>\n'
            f'<string key="concept:name" value="{activity}"/>\n</event>\n'
            for of, unit, time, activity in rows
            if of == case
        ]
        parts.append("</trace>\n")
    return "".join([*parts, "</log>\n"])


def table_of(text: str = HEAD + ROWS) -> pa.Table:
    """Return a log as an Arrow table with real time stamps."""
    return pa.csv.read_csv(pa.BufferReader(text.encode("utf-8")))


def log(*arguments: object) -> Result:
    """Run `whistle log`."""
    return CliRunner().invoke(app, ["log", *map(str, arguments)], catch_exceptions=False)


def answer(*arguments: object) -> dict[str, Any]:
    """Run `whistle log --json` and return its object."""
    result = log(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(*arguments: object) -> str:
    """Run `whistle log`, which must refuse, and return what it says."""
    result = log(*arguments, "--json")
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    return result.stderr
