"""A record as it is shown: in a few lines, as a small table, as data frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from model.errors import ConfigError, nearest
from model.outcomes.definitions import OUTCOMES
from model.shown import cut, frame, html_table, number
from model.terms import TICKS_PER_DAY, Activity

if TYPE_CHECKING:
    from model.outcomes.record import Record
    from model.shown import DataFrame

_FIRST = 10  # outcomes in a record's short text


def headline(record: Record) -> str:
    """Return what was run, in one line."""
    said = record.provenance
    by_hand = f", changed by hand {touched} times" if (touched := len(said.get("interventions", ()))) else ""
    return f"{said.get('scenario')}, seed {said.get('seed')}: {record.days} days, {record.cases_total} cases{by_hand}"


def text_of(record: Record) -> str:
    """Return a record in a few lines: what was run, and its first outcomes."""
    known = [name for name in OUTCOMES if name in record.outcomes]
    lines = [f"  {name:28} {number(record.outcomes[name]):>10}  {OUTCOMES[name].unit}" for name in known[:_FIRST]]
    rest = f"  … and {len(known) - _FIRST} more outcomes: .outcomes, .to_frame()"
    return "\n".join(map(_line, [f"Record({headline(record)})", *lines, rest]))


def _line(text: str) -> str:
    return text if len(text) <= 110 else text[:109] + "…"


def html_of(record: Record) -> str:
    """Return a record as a small table of its outcomes."""
    known = [OUTCOMES[name] for name in OUTCOMES if name in record.outcomes]
    rows = [(each.name, each.title_en, record.outcomes[each.name], each.unit) for each in known]
    return html_table(cut(headline(record)), ("outcome", "title", "value", "unit"), rows)


def outcomes_frame(record: Record) -> DataFrame:
    """Return the outcomes by name: value (not-a-number where undefined), unit, title, title in Chinese."""
    known = [OUTCOMES[name] for name in record.outcomes]
    return frame(
        {
            "outcome": [each.name for each in known],
            "value": np.array(list(record.numbers().values()), np.float64),
            "unit": [each.unit for each in known],
            "title": [each.title_en for each in known],
            "title_zh": [each.title_zh for each in known],
        },
        "outcome",
    )


def frame_of(record: Record, what: str) -> DataFrame:
    """Return a part of a record as a data frame; ConfigError for an unknown one, or one that was not kept."""
    if what not in TABLES:
        raise ConfigError([f"to_frame: unknown table {what!r}{nearest(str(what), TABLES)}"])
    if what in ("cases", "events") and getattr(record, what) is None:
        raise ConfigError([f"to_frame: the run kept no {what}; run it with {what}=True."])
    return TABLES[what](record)


def _daily(record: Record) -> DataFrame:
    return frame({"day": np.arange(1, record.days + 1), **record.daily}, "day")


def _events(record: Record) -> DataFrame:
    rows: Any = record.events
    codes = np.array([*record.units["code"].tolist(), ""], dtype=object)  # the last one stands for nobody, row −1
    names = np.array([activity.name.lower() for activity in Activity], dtype=object)
    return frame({
        "day": rows["when"] / TICKS_PER_DAY, "key": rows["key"], "activity": names[rows["activity"]],
        "unit": codes[rows["unit"]], "phase": rows["phase"], "detail": rows["detail"],
    })  # fmt: skip


TABLES: dict[str, Callable[[Record], DataFrame]] = {
    "outcomes": outcomes_frame,
    "daily": _daily,
    "units": lambda record: frame(record.units, "code"),
    "cases": lambda record: frame(record.cases or {}, "key"),
    "events": _events,
    "kinds": lambda record: frame(record.kinds, "code"),
    "steps": lambda record: frame(record.steps, "code"),
}
"""The parts of a record that are data frames, by name."""
