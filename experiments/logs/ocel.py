"""Logs of objects and events (OCEL), from whatever file: which objects are cases, which are units; one row an event."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import raise_if_any
from experiments.logs import Contents, Place, Source, numbered
from experiments.logs.limits import Memory
from experiments.logs.options import LogOptions
from experiments.logs.tables import array_of, text_only
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

CASE_TYPES = (
    "case",
    "工单",
    "案件",
    "诉求",
    "事项",
    "ticket",
    "request",
    "incident",
    "complaint",
    "application",
    "order",
)
UNIT_TYPES = ("employee", "staff", "person", "worker", "officer", "team", "organisation", "organization", "office",
              "role", "主体", "人员", "科室", "机构")  # fmt: skip
"""Usual types of objects beside the usual names of columns, the more usual first."""

GROUP = ("group", "level")  # attributes of a unit that say to which kind of units it belongs
OWN = "run"  # type of the object that carries the facts of a run in the model's own logs
OBJECT_BYTES = 200  # that an object takes, at most; the text of its attributes comes on top
RELATION_BYTES = 16

Ints = NDArray[np.int64]
Values = Iterable[tuple[str, Any]]
"""Names and values of attributes."""


class ObjectLog:
    """Takes the objects and the events of a log in any order."""

    def __init__(self, source: Source) -> None:
        self.source, self.memory = source, Memory(source.wrong)
        self.numbers, self.types = dict[str, int](), list[str | None]()
        self.activities, self.times = list[Any](), list[Any]()
        self.of_objects = dict[str, dict[int, Any]]()  # by name of the attribute, then by number of the object
        self.of_events = dict[str, dict[int, Any]]()
        self._event_at, self._object_at = array("q"), array("q")
        self._words = dict[Any, Any]()

    def add_object(self, key: Any, kind: Any, values: Values) -> None:
        """Take an object; of an attribute that changes, the first value that is not empty."""
        number = self._number(key)
        self.types[number] = self._word(str(kind))
        for name, value in values:
            if value not in (None, ""):
                self.of_objects.setdefault(self._word(str(name)), {}).setdefault(number, self._word(value))

    def add_event(self, activity: Any, time: Any, values: Values, objects: Iterable[Any]) -> None:
        """Take an event with the ids of its objects."""
        number = len(self.activities)
        self.activities.append(self._word(activity))
        self.times.append(time)
        for name, value in values:
            self.of_events.setdefault(self._word(str(name)), {})[number] = self._word(value)
        for key in objects:
            self.add_relation(number, key)
        self.memory.take(OBJECT_BYTES)

    def add_relation(self, event: int, key: Any) -> None:
        """Take an object, by its id, of an event, by its number."""
        self._event_at.append(event)
        self._object_at.append(self._number(key))
        self.memory.take(RELATION_BYTES)

    def _number(self, key: Any) -> int:
        number = self.numbers.setdefault(text_only(str(key)), len(self.types))
        if number == len(self.types):
            self.types.append(None)
            self.memory.take(OBJECT_BYTES + len(str(key)))
        return number

    def _word(self, value: Any) -> Any:
        """Return a value, the same one for equal texts: they are few, and repeated often."""
        if not isinstance(value, str):
            return value if value is None or isinstance(value, bool | int | float) else text_only(str(value))
        self.memory.take(8)
        return self._words.setdefault(value, text_only(value))

    @cached_property
    def relations(self) -> tuple[Ints, Ints]:
        """Numbers of events, in their order, and of their objects, in the order in which they were taken."""
        events, objects = (np.array(each, np.int64) for each in (self._event_at, self._object_at))
        order = np.argsort(events, kind="stable")
        return events[order], objects[order]

    def contents(self, options: LogOptions, notes: list[str]) -> Contents:
        """Return the log with a row for each event of each case; WrongInput where it is not known what a case is."""
        if not self.activities:
            raise self.source.wrong("expected at least one event, got none.")
        case, unit = self._chosen(options, notes)
        flat = _OwnFlat(self, case, unit) if OWN in self.types and unit else _Flat(self, case, unit)
        flat.note(notes)
        columns = flat.columns()

        def read(wanted: Sequence[str]) -> tuple[pa.Table, Place]:
            import pyarrow as pa

            return pa.table({name: columns[name]() for name in wanted}), flat.place

        return Contents(list(columns), read)

    def _chosen(self, options: LogOptions, notes: list[str]) -> tuple[str, str | None]:
        """Return the types of cases and of units, which may be None where a column of the events says who acts."""
        from experiments.logs.words import recognised

        related = Counter(self.types[number] for number in np.unique(self.relations[1]).tolist())
        counts = {kind: count for kind, count in related.most_common() if kind is not None}
        listed = ", ".join(f"'{kind}' ({count:,})" for kind, count in counts.items()) or "no types"
        given = {"--case-type": options.case_type, "--unit-type": options.unit_type}
        raise_if_any(f"{flag}: {self.source.name} has no objects of type '{kind}' in its events; it has {listed}."
                     for flag, kind in given.items() if kind is not None and kind not in counts)  # fmt: skip
        case, unit = given.values()
        case = case or recognised("case", counts.keys() - {unit}, CASE_TYPES)
        unit = unit or recognised("unit", counts.keys() - {case}, UNIT_TYPES)
        rest = [kind for kind in counts if kind != unit]
        case = case or (rest[0] if len(rest) == 1 else None)
        if case is None:
            raise self.source.wrong(
                f"which objects are the cases? Its events have {listed}. Name one with --case-type."
            )
        if unit is None and options.unit is None and recognised("unit", self.of_events) is None:
            raise self.source.wrong(f"which objects are the units? Its events have {listed}. Name them with "
                                    "--unit-type, or a column of the events with --unit.")  # fmt: skip
        notes.append(msg("log_note_ocel" if unit else "log_note_ocel_case", case=case, unit=unit or ""))
        return case, unit


class _Flat:
    """A log of objects with a row for each event of each case.

    Attributes:
        event, case (arrays (rows,) of int): Numbers of the event and of the object that is its case.
    """

    def __init__(self, log: ObjectLog, case: str, unit: str | None) -> None:
        self.log, self.unit = log, unit
        self.kinds = dict.fromkeys(kind for kind in log.types if kind is not None)
        codes = {kind: code for code, kind in enumerate(self.kinds)}
        self._code = np.array([codes[kind] if kind is not None else -1 for kind in log.types], np.int64)
        self._codes = codes
        events, objects = log.relations
        of_case = self._code[objects] == codes[case]
        self.event, self.case = events[of_case], objects[of_case]
        self._place = numbered("event")

    def place(self, row: int) -> str:
        return self._place(int(self.event[row]))

    def note(self, notes: list[str]) -> None:
        """Add what is left out or counted twice."""
        size = len(self.log.activities)
        cases = np.bincount(self.event, minlength=size)
        if none := int((cases == 0).sum()):
            notes.append(msg("log_note_ocel_none", count=none, of=size))
        if several := int((cases > 1).sum()):
            notes.append(msg("log_note_ocel_several", count=several))
        if self.unit is not None:
            events, objects = self.log.relations
            units = np.bincount(events[self._code[objects] == self._codes[self.unit]], minlength=size)
            if several := int((units > 1).sum()):
                notes.append(msg("log_note_ocel_units", count=several))

    def columns(self) -> dict[str, Callable[[], pa.Array]]:
        """Return what makes each column: of events, of cases, and for each type the object of that type."""
        log = self.log
        found: dict[str, Callable[[], Any]] = {
            "case:concept:name": lambda: self._ids(self.case),
            "concept:name": lambda: array_of(log.activities).take(self.event),
            "time:timestamp": lambda: array_of(log.times).take(self.event),
        }
        if self.unit is not None:
            found["org:resource"] = partial(self._objects, self.unit)
            for name in GROUP:
                if self._has(name, self.unit):
                    found.setdefault("org:group", partial(self._of_unit, name))
        for name, values in log.of_events.items():
            found.setdefault(name, partial(self._values, values, self.event))
        for name, values in log.of_objects.items():
            if not values.keys().isdisjoint(self._cases):
                found.setdefault(f"case:{name}", partial(self._values, values, self.case))
        for kind in self.kinds:
            found.setdefault(kind, partial(self._objects, kind))
        return found

    @cached_property
    def _cases(self) -> set[int]:
        return set(np.unique(self.case).tolist())

    def _has(self, name: str, kind: str) -> bool:
        return any(self.log.types[number] == kind for number in self.log.of_objects.get(name, ()))

    def _values(self, values: Mapping[int, Any], numbers: Ints) -> pa.Array:
        """Return values, given by number, of the numbers of all rows."""
        return array_of(list(map(values.get, numbers.tolist())))

    def _first(self, kind: str) -> Ints:
        """Return the first object of a type of each row's event, −1 where there is none."""
        events, objects = self.log.relations
        of_kind = self._code[objects] == self._codes[kind]
        event, at = np.unique(events[of_kind], return_index=True)
        first = np.full(len(self.log.activities), -1)
        first[event] = objects[of_kind][at]
        return np.asarray(first[self.event])

    def _objects(self, kind: str) -> pa.Array:
        return self._ids(self._first(kind))

    def _of_unit(self, name: str) -> pa.Array:
        return self._values(self.log.of_objects[name], self._first(str(self.unit)))

    def _ids(self, numbers: Ints) -> pa.Array:
        import pyarrow as pa

        return pa.array(list(self.log.numbers), pa.string()).take(pa.array(numbers, mask=numbers < 0))


class _OwnFlat(_Flat):
    """A log of this model, with the columns that its other formats have: codes of units, and the facts of the run."""

    def columns(self) -> dict[str, Callable[[], pa.Array]]:
        found = super().columns()
        return {**found, OWN: self._facts, "org:resource": partial(self._codes_of_units, found["org:resource"])}

    def _facts(self) -> pa.Array:
        """Return the facts of the run with its first event alone."""
        facts = list(self.log.of_objects.get("facts", {}).values())[:1]
        return array_of([*facts, *[None] * (self.event.size - len(facts))])

    def _codes_of_units(self, ids: Callable[[], pa.Array]) -> pa.Array:
        import pyarrow.compute as pc

        from model.events import OF_UNIT

        return pc.replace_substring_regex(ids(), f"^{OF_UNIT}", "")
