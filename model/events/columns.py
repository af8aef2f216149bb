"""The columns of an event log, by the usual names of process mining, and the facts of the run that travel with it."""

from __future__ import annotations

import binascii
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from model.config.scenario import Scenario
from model.engine.columns import PARTIES_AT, POWER_AT, REASON_AT, TRADE_AT, WITH_AT
from model.plans import Blueprint
from model.rules.accept import REASONS, Reason
from model.rules.trade import REFUSALS
from model.simulation import blueprint_of, demand_per_person
from model.terms import TICKS_PER_DAY, TRADED, Activity, Level, Trade

EPOCH = "2018-01-01T00:00:00.000"
"""Day 0 of every run, in UTC. The calendar is simulated; a tick is 100 ms of it, so times come back exactly."""

TICK_MS = 86_400_000 // TICKS_PER_DAY

_WORD, _KIND, _UNIT = (pa.dictionary(places, pa.string()) for places in (pa.int8(), pa.int16(), pa.int32()))
_TIME = pa.timestamp("ms", "UTC")
_COLUMNS: tuple[tuple[str, pa.DataType, str], ...] = (
    (
        "case:concept:name",
        pa.string(),
        "the case, or the request for people or powers, 16 hexadecimal digits; a linked repeat is a case of its own",
    ),
    ("concept:name", _WORD, "the activity"),
    ("time:timestamp", _TIME, "when, UTC, in a simulated calendar that begins on 2018-01-01"),
    ("org:resource", _UNIT, "code of the unit"),
    ("org:group", _WORD, "level of the unit"),
    ("lifecycle:transition", _WORD, "always complete"),
    ("phase", pa.int8(), "phase of the day, 1-10"),
    ("detail", pa.int32(), "what the activity says beside its unit; empty where it says nothing"),
    ("reason", _WORD, "why a unit passes the case on, refuses a request, or calls back: what weighs most against"),
    ("trade", _WORD, "what is asked for, lent or entrusted, with requests alone"),
    ("partner", _UNIT, "code of the other unit, with requests alone; empty where it is the district"),
    ("power", _KIND, "code of the kind of case whose power is offered or entrusted"),
    ("case:kind", _KIND, "code of the kind, with born and repeated"),
    ("case:parties", pa.int8(), "parties that the case needs, with born and repeated"),
    ("case:needs_power", pa.bool_(), "needs enforcement power, with born and repeated"),
    ("run", pa.string(), "facts of the run that its outcomes need (JSON), with the run's first event alone"),
)
COLUMNS = tuple((name, meaning) for name, _, meaning in _COLUMNS)  # name and meaning of every column
SCHEMA = pa.schema([(name, kind) for name, kind, _ in _COLUMNS])  # types of the columns, as they are written

TRADES = tuple(activity.name.lower() for activity in sorted(TRADED))
"""Names of the activities of requests, which are no cases."""

PLAIN_SCHEMA = pa.schema([pa.field(f.name, pa.string()) if pa.types.is_dictionary(f.type) else f for f in SCHEMA])
"""The same with words as plain strings."""

ACTIVITY_NAMES = tuple(activity.name.lower() for activity in Activity)

DETAILS: dict[Activity, str] = {
    Activity.REPORTED: "1: it came forward from the latent pool (S10); 0: not",
    Activity.SCREENED: "0: addressed rightly; 1: to a wrong unit; 2: rejected",
    Activity.PASSED: "1: evasive; 0: productive, as true membership rises; also where the district names the owner",
    Activity.SUPPORTED: "1: as it was asked for; 2: for half the term",
    Activity.DONE: "1: a linked repeat comes within the follow-up; 0: none",
}
"""What `detail` says, for the activities where it says something."""

SAID_BY: dict[str, frozenset[Activity]] = {
    "phase": frozenset(Activity),
    "detail": frozenset(DETAILS),
    "reason": frozenset({Activity.PASSED, Activity.REFUSED, Activity.CALLED_BACK}),
    "trade": frozenset(TRADED),
    "partner": frozenset(TRADED),
    "power": frozenset({Activity.REQUESTED, Activity.GRANTED}),
}
"""By column of an event beside case, activity, time and unit: the activities whose events may have it."""


@dataclass(frozen=True)
class Facts:
    """The facts of one run.

    Attributes:
        seed: None where only the scenario is known.
        limits: Ticks within which a case shall be closed, by code of its kind.
        uncounted: Kinds whose limit does not count.
        first, last: Ticks at which the observed window begins and ends.
        follow_up: Ticks for which a case is looked at.
        orphan_after: Ticks without an owner after which a case is an orphan.
        demand_per_person: By street, births a day.
        least_follow_up: Ticks of its follow-up that must be left when a case that counts is reported; 30 days in older
            logs.
    """

    regime: str
    seed: int | None
    limits: dict[str, int]
    uncounted: list[str]
    streets: list[str]
    first: int
    last: int
    follow_up: int
    orphan_after: int
    demand_per_person: list[float]
    least_follow_up: int = 30 * TICKS_PER_DAY

    @classmethod
    def of(cls, scenario: Scenario, seed: int | None = None) -> Facts:
        """Return the facts of a scenario's run."""
        plan, run = blueprint_of(scenario), scenario.world.run
        first = run.warm_up_days * TICKS_PER_DAY
        return cls(
            regime=scenario.name,
            seed=seed,
            limits={kind.code: int(kind.limit) for kind in plan.kinds},
            uncounted=[kind.code for kind in plan.kinds if not kind.limit_counts],
            streets=[unit.code for unit in plan.units[: plan.streets]],
            first=first,
            last=first + run.window_days * TICKS_PER_DAY,
            follow_up=run.follow_up_days * TICKS_PER_DAY,
            orphan_after=round(scenario.law.letters.answer_within * TICKS_PER_DAY),
            demand_per_person=demand_per_person(plan).tolist(),
            least_follow_up=run.least_follow_up_days * TICKS_PER_DAY,
        )

    def text(self) -> str:
        """Return the facts as one line of JSON, which `read` takes back to the last bit."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Facts:
        """Return the facts that a log carries; ValueError or TypeError for other text."""
        return cls(**json.loads(text))


def unpacked(detail: Any) -> tuple[Any, Any, Any]:
    """Return kind (row), parties and power of the detail of a birth; works on arrays."""
    return detail & ((1 << PARTIES_AT) - 1), (detail >> PARTIES_AT) & 0xF, (detail >> POWER_AT) & 1


def reason_of(detail: int) -> tuple[bool, Reason]:
    """Return whether a pass is evasive, and its reason, from the detail of the engine's history."""
    return bool(detail & 1), REASONS[detail >> REASON_AT]


@dataclass(frozen=True)
class Dealt:
    """What a line of history about a request says: rows of the other unit (−1 the district) and of the kind."""

    trade: Trade
    partner: int
    extra: int


def dealt(detail: int) -> Dealt:
    """Return what the detail of a request's line says; `extra` is a kind, a reason or the district's verdict."""
    return Dealt(Trade((detail >> TRADE_AT) & 0xF), (detail >> WITH_AT) - 1, detail & 0xFF)


def event_table(rows: Any, plan: Blueprint, run: str | None = None) -> pa.Table:
    """Return rows of the engine's history (`engine.rows.HistoryRow`) as a table with `COLUMNS`.

    `run` is the facts of the run, for the table that begins with its first event.
    """
    activity, unit = rows["activity"].astype(np.int8), rows["unit"].astype(np.int32)
    born = np.isin(activity, (Activity.BORN, Activity.REPEATED))
    kind, parties, power = unpacked(np.where(born, rows["detail"], 0))
    passed, reasoned = activity == Activity.PASSED, np.isin(activity, [*SAID_BY["reason"]])
    deal = np.isin(activity, [*TRADED])
    extra = np.where(deal, rows["detail"] & 0xFF, 0)
    detail = np.where(passed, rows["detail"] & 1, np.where(deal, extra, rows["detail"]))
    why = np.where(passed, rows["detail"] >> REASON_AT, len(REASONS) + extra)
    trade = np.where(deal, (rows["detail"] >> TRADE_AT) & 0xF, 0)
    partner = np.where(deal, (rows["detail"] >> WITH_AT) - 1, -1).astype(np.int32)
    of_power = deal & (trade == Trade.ENTRUSTING) & np.isin(activity, [*SAID_BY["power"]])
    says = np.isin(activity, [*SAID_BY["detail"]])
    levels = np.array([int(each.level) for each in plan.units], dtype=np.int8)
    millis = np.datetime64(EPOCH, "ms") + (rows["when"] * TICK_MS).astype("timedelta64[ms]")
    return pa.table({
        "case:concept:name": _hexadecimal(rows["key"]),
        "concept:name": _coded(activity, ACTIVITY_NAMES),
        "time:timestamp": pa.array(millis, _TIME),
        "org:resource": _coded(unit, [each.code for each in plan.units]),
        "org:group": _coded(levels[unit], [level.name.lower() for level in Level]),
        "lifecycle:transition": _coded(np.zeros(len(rows), np.int8), ["complete"]),
        "phase": pa.array(rows["phase"].astype(np.int8)),
        "detail": pa.array(detail.astype(np.int32), mask=~says),
        "reason": _coded(why.astype(np.int8), [each.name for each in (*REASONS, *REFUSALS)], ~reasoned),
        "trade": _coded(trade.astype(np.int8), [each.name.lower() for each in Trade], ~deal),
        "partner": _coded(partner, [each.code for each in plan.units], partner < 0),
        "power": _coded(extra.astype(np.int16), [each.code for each in plan.kinds], ~of_power),
        "case:kind": _coded(kind.astype(np.int16), [each.code for each in plan.kinds], ~born),
        "case:parties": pa.array(parties.astype(np.int8), mask=~born),
        "case:needs_power": pa.array(power.astype(np.bool_), mask=~born),
        "run": pa.array([run, *[None] * (len(rows) - 1)] if len(rows) else [], pa.string()),
    }, schema=SCHEMA)  # fmt: skip


def _coded(places: Any, names: Sequence[str], absent: Any = None) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=absent), pa.array(list(names)))


def _hexadecimal(keys: Any) -> pa.Array:
    digits = binascii.hexlify(np.ascontiguousarray(keys, dtype=">u8").tobytes())
    offsets = np.arange(0, len(digits) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(keys), pa.py_buffer(offsets.tobytes()), pa.py_buffer(digits))
