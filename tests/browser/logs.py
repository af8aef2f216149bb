"""Small logs as offices export them, and what drops them on the page."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEADER = ("工单编号", "承办单位", "操作时间", "环节", "诉求类型", "承办人")
ROWS = [
    (f"W{number}", unit, f"2024年3月{day}日 {9 + number}:30", step, ("噪音", "占道")[number % 2], "张三")
    for number in range(1, 7)
    for unit, day, step in (
        ("河湾街道", number, "受理"), ("城管执法局", number + 3, "派单"),
        ("河湾街道" if number % 2 else "公安分局", number + 9, "办结" if number < 5 else "退回"),
    )
]  # fmt: skip
"""Six cases with a hand-over or two each, of which four are closed by 办结."""

AMBIGUOUS = "case,unit,time\na,x,1/2/2024 9:00\na,y,3/2/2024 10:00\nb,x,2/3/2024 8:00\n"


def gb18030() -> bytes:
    """Return the log as a CSV file of a Chinese Windows."""
    return "\n".join(map(",".join, (HEADER, *ROWS))).encode("gb18030")


def workbook() -> bytes:
    """Return the log as an Excel file whose first sheet is something else."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["说明"])
    sheet = book.create_sheet("流转记录")
    for row in (HEADER, *ROWS):
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


def drop(page: Page, *paths: Path) -> None:
    """Drop files on the page, as who drags them there does."""
    files = [[path.name, base64.b64encode(path.read_bytes()).decode("ascii")] for path in paths]
    page.evaluate(
        """files => {
          const held = new DataTransfer();
          for (const [name, text] of files)
            held.items.add(new File([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))], name));
          document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true }));
        }""",
        files,
    )
