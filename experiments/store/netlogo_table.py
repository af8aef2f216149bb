"""Tables of NetLogo's BehaviorSpace: a study's runs written as one, the cells of any read."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput, raise_if_any
from experiments.store.files import whole
from experiments.store.opened import OpenStudy
from model import needs

if TYPE_CHECKING:
    import pandas as pd

RUN, STEP, SEED, REGIME = "[run number]", "[step]", "random-seed", "regime"


def write_table(study: str | Path | OpenStudy, path: str | Path) -> Path:
    """Write the runs of a study as BehaviorSpace writes its table: six lines of heading, then a row a run.

    The columns are the run's number, the regime, what is set, what varies, the seed, the last day as step, and the
    outcomes; an undefined outcome is empty.

    Returns:
        The path.

    Raises:
        WrongInput: If there is no study.
    """
    opened = study if isinstance(study, OpenStudy) else OpenStudy(study)
    varied = [name for name in opened.varied if name in opened.study.parameters]
    names = {"days": STEP, "seed": SEED}
    fixed = {key: value for key, value in opened.study.set.items() if isinstance(value, bool | int | float | str)}
    runs = opened.runs.assign(**fixed)
    columns = [REGIME, *fixed, *varied, "seed", "days", *opened.outcomes]
    lines = [*_heading(opened), [RUN, *(names.get(name, name) for name in columns)]]
    rows = runs[columns].astype(object).itertuples(index=False, name=None)
    lines += [[number, *row] for number, row in enumerate(rows, start=1)]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([map(_written, line) for line in lines])
    with whole(Path(path)) as file:
        file.write(text.getvalue().encode())
    return Path(path)


def _heading(opened: OpenStudy) -> Iterator[list[Any]]:
    started = datetime.fromisoformat(opened.manifest["started"])
    version = opened.manifest["packages"]["whistle-abm"]
    yield [f"BehaviorSpace results (Whistle {version})", "Table version 2.0"]
    yield [opened.folder.name]
    yield [opened.study.name]
    yield [f"{started:%m/%d/%Y %H:%M:%S}:{started.microsecond // 1000:03d} {started:%z}"]
    yield ["min-pxcor", "max-pxcor", "min-pycor", "max-pycor"]
    yield [0, 0, 0, 0]


def _written(value: Any) -> str:
    """Return a value as NetLogo writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)


def read_table(path: str | Path) -> pd.DataFrame:
    """Return the rows of a BehaviorSpace table, with or without its heading, as a DataFrame.

    Numbers and switches are what they are; an empty cell is NaN.

    Raises:
        WrongInput: If it is no table.
    """
    needs("notebook", "tables for pandas", "pandas")
    import pandas as pd

    names, rows = cells_of(Path(path))
    return pd.DataFrame([[literal(cell) for cell in row] for row in rows], columns=names)


def cells_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, and the cells of each row."""
    lines = [line for line in csv.reader(text_of(path).splitlines(), skipinitialspace=True) if line]
    start = next((place for place, line in enumerate(lines) if line[0] == RUN), 0)
    names, rows = lines[start] if lines else [], lines[start + 1 :]
    if not names or not rows:
        raise WrongInput([f"{path}: expected a line of names and one row or more, got {len(lines)} lines."])
    raise_if_any(
        f"{path}: row {number}: expected {len(names)} values, got {len(row)}."
        for number, row in enumerate(rows, start=1)
        if len(row) != len(names)
    )
    return names, rows


def text_of(path: Path) -> str:
    """Return what stands in a file; raises `WrongInput` where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput([f"{path}: expected a file in UTF-8, got {error}."]) from error


def literal(text: str) -> Any:
    """Return what a literal of NetLogo stands for."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    try:
        return float(text) if text else math.nan
    except ValueError:
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
