"""One row a case, with a time and a unit for each step: the steps, as given or guessed, and the rows as events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.errors import raise_if_any
from experiments.logs.values import MISSING, plain_of
from experiments.logs.words import plain

STEP = "step"  # column of the events that holds the name of the step

_UNITS = {
    "receives": ("受理单位", "登记单位", "上报单位", "立案单位", "属地街道", "所属街道", "所属街乡", "属地单位",
                 "街道", "街乡", "街乡镇", "镇街", "乡镇", "属地", "receiving unit", "receiving department",
                 "opened by group", "intake office"),
    "holds": ("主办单位", "承办单位", "处置单位", "责任单位", "办理单位", "处理单位", "主责单位", "牵头单位",
              "承办部门", "主办部门", "处置部门", "责任部门", "办理部门", "处理部门", "responsible unit",
              "responsible department", "handling unit", "handling department", "assignment group", "assigned group",
              "assigned department", "department", "agency"),
    "closes": ("办结单位", "结案单位", "完成单位", "closed by group", "closing department"),
}  # fmt: skip
"""Columns of units in a case's row, by what they do."""

_STAGES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("来电时间", "诉求时间", "反映时间", "投诉时间", "上报时间", "受理时间", "登记时间", "创建时间", "立案时间",
      "建单时间", "created", "created at", "opened", "opened at", "received at", "reported at"), ("receives", "holds")),
    (("派单时间", "派遣时间", "分派时间", "分派日期", "转办时间", "交办时间", "转派时间", "下派时间", "移交时间",
      "dispatched at", "assigned at", "assigned date"), ("holds",)),
    (("签收时间", "接单时间", "响应时间", "到场时间", "accepted at", "acknowledged at"), ("holds",)),
    (("处置时间", "处理时间", "办理时间", "反馈时间", "答复时间", "回复时间", "responded at", "resolved at"),
     ("holds",)),
    (("办结时间", "结案时间", "完结时间", "完成时间", "办理完成时间", "处置完成时间", "归档时间", "closed", "closed at",
      "closed date", "completed at"), ("closes", "holds", "receives")),
)  # fmt: skip
"""Columns of times in a case's row in the order of the process, and which units they may belong to."""

_TIME_END = r"(时间|日期|timestamp|datetime|time|date|at|on)$"
_UNIT_END = r"(单位|部门|机构|科室|unit|department|dept|agency|team|group)(名称|name)?$"


@dataclass(frozen=True)
class Step:
    """A step of a case: the column of its time, and those of its unit, of which the first that is filled counts."""

    time: str
    units: tuple[str, ...]

    @property
    def name(self) -> str:
        """What happens in it: 办结 of 办结时间."""
        return re.sub("(时间|日期)$", "", self.time) or self.time


@dataclass(frozen=True)
class Stacked:
    """Events made of the rows of cases.

    Attributes:
        table: Its columns are those that every event of a case shares, then time, unit and step.
        rows (array (events,) of int): The row of each event.
        without_unit: Steps with a time whose unit is empty.
        empty: Rows that have no step at all.
    """

    table: pa.Table
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    without_unit: int
    empty: int


def given_steps(text: str) -> tuple[Step, ...]:
    """Return steps given as `time:unit|unit,time:unit`; WrongInput for what is no step."""
    steps, problems = [], []
    for part in filter(None, map(str.strip, re.split("[,，;；]", text))):
        time, _, units = part.replace("：", ":").rpartition(":")
        found = tuple(filter(None, map(str.strip, units.split("|"))))
        if not time.strip() or not found:
            problems.append(f"--steps: expected TIME:UNIT with the names of two columns, got '{part}'. Alternatives of "
                            "the unit stand behind '|', steps behind commas.")  # fmt: skip
        steps.append(Step(time.strip(), found))
    if len(steps) < 2:
        problems.append(f"--steps: expected at least two steps, TIME:UNIT,TIME:UNIT, got '{text}'.")
    raise_if_any(problems)
    return tuple(steps)


def guessed_steps(present: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps that columns have by their usual names; none where fewer than two units take part."""
    known = {plain(name): name for name in reversed(present)}
    by_stem = {re.sub(_UNIT_END, "", key): name for key, name in known.items() if re.search(_UNIT_END, key)}
    units = {part: tuple(known[key] for name in names if (key := plain(name)) in known)
             for part, names in _UNITS.items()}  # fmt: skip
    steps = []
    for times, parts in _STAGES:
        for name in (known[key] for each in times if (key := plain(each)) in known):
            own = by_stem.get(re.sub(_TIME_END, "", plain(name)))
            found = (*((own,) if own else ()), *(unit for part in parts for unit in units[part][:1]))
            steps.append(Step(name, tuple(dict.fromkeys(found))))
    steps = [step for step in steps if step.units] if steps else _numbered(known, by_stem)
    return tuple(steps) if len(steps) > 1 and len({unit for step in steps for unit in step.units}) > 1 else ()


def _numbered(known: dict[str, str], by_stem: dict[str, str]) -> list[Step]:
    """Return steps whose columns of time and unit differ by that word alone, in the order of the columns."""
    times = {re.sub(_TIME_END, "", key): name for key, name in reversed(known.items()) if re.search(_TIME_END, key)}
    return [Step(name, (by_stem[stem],)) for stem, name in times.items() if stem in by_stem]


def closes(step: Step) -> bool:
    """Tell whether a step that was guessed is one that closes its case."""
    return plain(step.time) in map(plain, _STAGES[-1][0])


def _filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column in which cells that stand for nothing are empty."""
    values = plain_of(column)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return values
    words = pc.utf8_trim_whitespace(values.cast(pa.large_string()))
    nothing = pc.is_in(pc.utf8_lower(words), pa.array(MISSING, words.type))
    return pc.if_else(nothing, pa.scalar(None, words.type), words)


def stacked(table: pa.Table, steps: Sequence[Step], shared: Sequence[str], time: str, unit: str) -> Stacked:
    """Return the steps of cases as events, row by row and within a row in the order of the steps.

    Args:
        table: One row a case.
        shared: Columns that every event of a case has.
        time, unit: What the columns of times and units are to be called.
    """
    times = [_filled(table.column(step.time)) for step in steps]
    if len({each.type for each in times}) > 1:
        times = [each.cast(pa.large_string()) for each in times]
    units = [pc.coalesce(*(_filled(table.column(name)).cast(pa.large_string()) for name in step.units))
             for step in steps]  # fmt: skip
    timed, placed = (np.array([np.asarray(pc.is_valid(each)) for each in columns]) for columns in (times, units))
    kept = timed & placed
    count, rows = len(steps), table.num_rows
    order = np.arange(count * rows).reshape(count, rows).T.ravel()
    order = order[kept.ravel()[order]]
    at, taken = order % rows, pa.array(order)
    columns = {name: table.column(name).take(pa.array(at)) for name in shared}
    for name, parts in ((time, times), (unit, units)):
        columns[name] = pa.chunked_array([chunk for part in parts for chunk in part.chunks], parts[0].type).take(taken)
    columns[STEP] = pa.DictionaryArray.from_arrays(pa.array(order // rows), [step.name for step in steps])
    return Stacked(pa.table(columns), at, int((timed & ~placed).sum()), int((~kept.any(axis=0)).sum()))
