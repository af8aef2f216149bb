"""One small log of work orders in every format and encoding that offices have; `orders.xls` holds the same."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet

HEAD = ("工单编号", "时间", "承办单位", "环节", "类型")
ROWS = tuple(
    tuple(line.split(","))
    for line in """\
W1,2024-03-01 09:00,朝阳街道,受理,噪音
W1,2024-03-01 15:00,城管执法局,签收,噪音
W1,2024-03-04 10:00,朝阳街道,退回,噪音
W1,2024-03-09 16:00,朝阳街道,办结,噪音
W2,2024-03-02 10:30,朝阳街道,受理,占道
W2,2024-03-03 11:00,朝阳街道,办结,占道
W3,2024-03-14 08:00,河湾街道,受理,占道
W3,2024-03-15 09:00,公安分局,签收,占道
W3,2024-03-18 12:00,公安分局,办结,占道
W4,2024-03-15 14:00,河湾街道,受理,供水
W5,2024-03-16 08:00,河湾街道,受理,供水
W5,2024-03-17 08:30,水务局,签收,供水
W5,2024-03-19 08:00,住建委,签收,供水
W5,2024-03-21 08:00,水务局,签收,供水
W5,2024-03-28 08:00,水务局,办结,供水""".splitlines()
)
RIGHT = {"cases": 5, "events": 15, "units": 6, "handover_share": 0.6, "handovers_mean": 1.2, "ping_pong_share": 0.4,
         "open_cases": 1}  # fmt: skip
"""Counted by hand, a case being closed by 办结."""

Rows = tuple[tuple[str, ...], ...]


def csv_text(separator: str = ",", rows: Rows = ROWS) -> str:
    return "".join(separator.join(row) + "\n" for row in (HEAD, *rows))


def records() -> list[dict[str, str]]:
    return [dict(zip(HEAD, row, strict=True)) for row in ROWS]


def excel(rows: Rows = ROWS, *, title: str | None = None) -> bytes:
    """Return an Excel file whose second sheet holds the log, below a title where one is given."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["说明"])
    sheet = book.create_sheet("流转记录")
    if title is not None:
        sheet.append([title])
    sheet.append(HEAD)
    for case, when, *words in rows:
        sheet.append([case, datetime.fromisoformat(when), *words])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    table = pa.table({name: pa.array(column) for name, column in zip(HEAD, zip(*ROWS, strict=True), strict=True)})
    times = pa.array([datetime.fromisoformat(row[1]) for row in ROWS], pa.timestamp("us", "Asia/Shanghai"))
    units = table.column("承办单位").combine_chunks().dictionary_encode()
    pa.parquet.write_table(table.set_column(1, HEAD[1], times).set_column(2, HEAD[2], units), out)
    return out.getvalue()


def _objects() -> dict[str, tuple[str, str | None]]:
    """Return type and kind of every object by its id."""
    return {row[0]: ("工单", row[4]) for row in ROWS} | {row[2]: ("单位", None) for row in ROWS}


def ocel2() -> dict[str, Any]:
    start = "1970-01-01T00:00:00Z"
    return {
        "objectTypes": [{"name": "工单", "attributes": [{"name": "类型", "type": "string"}]},
                        {"name": "单位", "attributes": []}],
        "eventTypes": [{"name": name, "attributes": []} for name in dict.fromkeys(row[3] for row in ROWS)],
        "objects": [
            {"id": key, "type": kind, "attributes": [{"name": "类型", "time": start, "value": what}] if what else []}
            for key, (kind, what) in _objects().items()
        ],
        "events": [
            {"id": f"e{number}", "type": activity, "time": f"{when.replace(' ', 'T')}:00Z", "attributes": [],
             "relationships": [{"objectId": case, "qualifier": "case"}, {"objectId": unit, "qualifier": "by"}]}
            for number, (case, when, unit, activity, _) in enumerate(ROWS, 1)
        ],
    }  # fmt: skip


def ocel1() -> dict[str, Any]:
    return {
        "ocel:global-log": {"ocel:version": "1.0", "ocel:object-types": ["工单", "单位"]},
        "ocel:events": {
            f"e{number}": {"ocel:activity": activity, "ocel:timestamp": f"{when.replace(' ', 'T')}:00+00:00",
                           "ocel:omap": [case, unit], "ocel:vmap": {}}
            for number, (case, when, unit, activity, _) in enumerate(ROWS, 1)
        },
        "ocel:objects": {
            key: {"ocel:type": kind, "ocel:ovmap": {"类型": what} if what else {}}
            for key, (kind, what) in _objects().items()
        },
    }  # fmt: skip


def ocel2_xml() -> str:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n<object-types><object-type name="工单"/></object-types>\n',
        "<objects>\n",
    ]
    for key, (kind, what) in _objects().items():
        value = f'<attribute name="类型" time="1970-01-01T00:00:00Z">{what}</attribute>' if what else ""
        parts.append(f'<object id="{key}" type="{kind}"><attributes>{value}</attributes></object>\n')
    parts.append("</objects>\n<events>\n")
    for number, (case, when, unit, activity, _) in enumerate(ROWS, 1):
        related = "".join(f'<relationship object-id="{each}" qualifier="of"/>' for each in (case, unit))
        parts.append(f'<event id="e{number}" type="{activity}" time="{when.replace(" ", "T")}:00Z"><attributes/>'
                     f"<objects>{related}</objects></event>\n")  # fmt: skip
    return "".join([*parts, "</events>\n</log>\n"])


def ocel1_xml() -> str:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n',
        '<global scope="event"><string key="activity" value="x"/></global>\n<events>\n',
    ]
    for number, (case, when, unit, activity, _) in enumerate(ROWS, 1):
        related = "".join(f'<string key="object-id" value="{each}"/>' for each in (case, unit))
        parts.append(
            f'<event><string key="id" value="e{number}"/><string key="activity" value="{activity}"/>'
            f'<date key="timestamp" value="{when.replace(" ", "T")}:00+00:00"/><list key="omap">{related}</list>'
            '<list key="vmap"><string key="note" value="n"/></list></event>\n'
        )
    parts.append("</events>\n<objects>\n")
    for key, (kind, what) in _objects().items():
        value = f'<string key="类型" value="{what}"/>' if what else ""
        own = f'<string key="id" value="{key}"/><string key="type" value="{kind}"/>'
        parts.append(f'<object>{own}<list key="ovmap">{value}</list></object>\n')
    return "".join([*parts, "</objects>\n</log>\n"])


def sqlite(path: Path) -> None:
    """Write the log as an SQLite file of OCEL 2.0."""
    ends = {name: f"T{number}" for number, name in enumerate(dict.fromkeys(row[3] for row in ROWS))}
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);"
            "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);"
            "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);"
            "CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);"
            "CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);"
            "CREATE TABLE object_Order (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, 类型 TEXT);"
            "CREATE TABLE object_Unit (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT);"
            + "".join(f"CREATE TABLE event_{end} (ocel_id TEXT, ocel_time TIMESTAMP);" for end in ends.values())
        )
        base.executemany("INSERT INTO event_map_type VALUES (?, ?)", ends.items())
        base.executemany("INSERT INTO object_map_type VALUES (?, ?)", [("工单", "Order"), ("单位", "Unit")])
        for key, (kind, what) in _objects().items():
            base.execute("INSERT INTO object VALUES (?, ?)", (key, kind))
            start = (key, "1970-01-01 00:00:00", None)
            base.execute("INSERT INTO object_Order VALUES (?, ?, ?, ?)", (*start, what)) if what else base.execute(
                "INSERT INTO object_Unit VALUES (?, ?, ?)", start
            )
        for number, (case, when, unit, activity, _) in enumerate(ROWS, 1):
            base.execute("INSERT INTO event VALUES (?, ?)", (f"e{number}", activity))
            base.execute(f"INSERT INTO event_{ends[activity]} VALUES (?, ?)", (f"e{number}", f"{when}:00"))
            for key in (case, unit):
                base.execute("INSERT INTO event_object VALUES (?, ?, '')", (f"e{number}", key))
        base.commit()


def sqlite_bytes(folder: Path) -> bytes:
    path = folder / "made.sqlite"
    path.unlink(missing_ok=True)
    sqlite(path)
    made = path.read_bytes()
    path.unlink()
    return made


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def xes() -> str:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n'
    ]
    for case in dict.fromkeys(row[0] for row in ROWS):
        parts.append(f'<trace><string key="concept:name" value="{case}"/>\n')
        parts += [
            f'<event><string key="concept:name" value="{activity}"/><string key="org:resource" value="{unit}"/>'
            f'<date key="time:timestamp" value="{when.replace(" ", "T")}:00+00:00"/></event>\n'
            for of, when, unit, activity, _ in ROWS
            if of == case
        ]
        parts.append("</trace>\n")
    return "".join([*parts, "</log>\n"])


def _lines() -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records())


FILES: dict[str, Callable[[Path], bytes]] = {
    "plain.csv": lambda _: csv_text().encode(),
    "marked.csv": lambda _: csv_text().encode("utf-8-sig"),
    "chinese.csv": lambda _: csv_text().encode("gb18030"),
    "wide.csv": lambda _: csv_text().encode("utf-16"),
    "wide-unmarked.csv": lambda _: csv_text("\t").encode("utf-16-le"),
    "told.csv": lambda _: ("sep=;\r\n" + csv_text(";").replace("\n", "\r\n")).encode("gb18030"),
    "tabs.tsv": lambda _: csv_text("\t").encode(),
    "bars.txt": lambda _: csv_text("|").encode(),
    "carets.txt": lambda _: csv_text("^").encode(),
    "packed.csv.gz": lambda _: gzip.compress(csv_text().encode()),
    "orders.xlsx": lambda _: excel(),
    "titled.xlsx": lambda _: excel(title="2024年3月工单流转台账"),
    "orders.xls": lambda _: (Path(__file__).parent / "orders.xls").read_bytes(),
    "orders.parquet": lambda _: parquet(),
    "orders.xes": lambda _: xes().encode(),
    "orders.xes.gz": lambda _: gzip.compress(xes().encode()),
    "orders.jsonl": lambda _: _lines().encode(),
    "orders.ndjson": lambda _: _lines().encode("gb18030"),
    "records.json": lambda _: json.dumps(records(), ensure_ascii=False, indent=1).encode(),
    "inside.json": lambda _: json.dumps({"total": 15, "data": records()}).encode(),
    "ocel2.json": lambda _: json.dumps(ocel2(), ensure_ascii=False).encode(),
    "ocel2.jsonocel.gz": lambda _: gzip.compress(json.dumps(ocel2()).encode()),
    "ocel1.jsonocel": lambda _: json.dumps(ocel1(), indent=1).encode(),
    "ocel2.xml": lambda _: ocel2_xml().encode(),
    "ocel1.xmlocel": lambda _: ocel1_xml().encode(),
    "ocel2.sqlite": sqlite_bytes,
    "months.zip": lambda _: zipped({"台账/3月上.csv": csv_text(rows=ROWS[:6]).encode(),
                                    "台账/3月下.xlsx": excel(ROWS[6:]), "__MACOSX/._x.csv": b"\0",
                                    "readme.md": b"# read me"}),
}  # fmt: skip
"""By name of the file: what makes its bytes, given a folder for passing files."""
