"""OCEL 1.0 and 2.0 as JSON and as XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from experiments.logs import Contents, Format, Source
from experiments.logs.encodings import encoding_of
from experiments.logs.json_stream import elements, valid_json, whole_text
from experiments.logs.options import LogOptions
from experiments.logs.xml_stream import LONGEST_TAG, XmlStream

if TYPE_CHECKING:
    from experiments.logs.ocel import ObjectLog

TITLE = "OCEL"


def _json(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    from experiments.logs.ocel import ObjectLog

    log, text = ObjectLog(source), whole_text(source, encoding_of(source, options, notes))
    takers = {"events": _take_event, "objects": _take_object, "ocel:events": _take_old_event,
              "ocel:objects": _take_old_object}  # fmt: skip
    counts = dict.fromkeys(takers, 0)
    with valid_json(source, TITLE):
        for key, own, value in elements(text):
            if key not in takers:
                continue
            counts[key] += 1
            try:
                takers[key](log, own, value)
            except (KeyError, TypeError, AttributeError) as error:
                what = f"{key.removeprefix('ocel:').removesuffix('s')} {counts[key]}"
                lacks = f"lacks {error}" if isinstance(error, KeyError) else "is not as the standard has it"
                raise source.wrong(f"is not a complete {TITLE} file ({what} {lacks}). Export it again.") from error
    if not any(counts.values()):
        raise source.wrong(f"is not a complete {TITLE} file (it has neither events nor objects). Export it again.")
    return log.contents(options, notes)


def _take_event(log: ObjectLog, _own: str | None, event: Any) -> None:
    values = [(each["name"], each["value"]) for each in event.get("attributes", ())]
    objects = [each["objectId"] for each in event.get("relationships", ())]
    log.add_event(event["type"], event["time"], values, objects)


def _take_object(log: ObjectLog, _own: str | None, thing: Any) -> None:
    values = sorted(thing.get("attributes", ()), key=lambda each: str(each.get("time", "")))
    log.add_object(thing["id"], thing["type"], [(each["name"], each["value"]) for each in values])


def _take_old_event(log: ObjectLog, _own: str | None, event: Any) -> None:
    objects = event.get("ocel:omap") or [each["ocel:oid"] for each in event.get("ocel:typedOmap", ())]
    log.add_event(event["ocel:activity"], event["ocel:timestamp"], event.get("ocel:vmap", {}).items(), objects)


def _take_old_object(log: ObjectLog, own: str | None, thing: Any) -> None:
    if own is None:
        raise KeyError("ocel:oid")
    log.add_object(own, thing["ocel:type"], thing.get("ocel:ovmap", {}).items())


class _XmlReader(XmlStream):
    """Reads OCEL 2.0, and 1.0, where what an element means stands in its attribute `key`."""

    def __init__(self, source: Source) -> None:
        from experiments.logs.ocel import ObjectLog

        super().__init__(source)
        self.log = ObjectLog(source)
        self.inside: str | None = None  # which element, an event or an object, is being read
        self.known = dict[str, str]()  # its own attributes
        self.values = list[tuple[str, Any]]()
        self.objects, self.list = list[str](), ""
        self.letters: list[str] | None = None
        self.parser.CharacterDataHandler = self._take_letters
        self.parser.buffer_text = True

    def begin(self, name: str, pairs: dict[str, str]) -> None:
        if self.depth == 1 and name != "log":
            raise self.source.wrong(f"is not an {TITLE} log: expected <log> first, got <{name[:60]}>.")
        if self.inside is None:
            if self.depth == _ELEMENT and name in ("event", "object"):
                self.inside, self.known, self.values, self.objects, self.list = name, dict(pairs), [], [], ""
        elif name == "list":
            self.list = pairs.get("key", "")
        elif "key" in pairs:
            self._take_old(pairs["key"], pairs.get("value", ""))
        elif "object-id" in pairs and self.inside == "event":
            self.objects.append(pairs["object-id"])
        elif name == "attribute" and "name" in pairs:
            self.values.append((pairs["name"], pairs.get("value")))
            self.letters = []

    def _take_old(self, key: str, value: str) -> None:
        if not self.list:
            self.known.setdefault(key, value)
        elif self.list == "omap":
            self.objects.append(value)
        else:
            self.values.append((key, value))

    def _take_letters(self, letters: str) -> None:
        if self.letters is not None:
            self.letters.append(letters)
            if sum(map(len, self.letters)) > LONGEST_TAG:
                raise self.source.wrong(f"line {self.parser.CurrentLineNumber}: a value is longer than "
                                        f"{LONGEST_TAG:,} letters. Shorten it.")  # fmt: skip

    def end(self, name: str) -> None:
        if name == "attribute" and self.letters is not None:
            key, value = self.values[-1]
            self.values[-1] = (key, value or "".join(self.letters).strip())
            self.letters = None
        elif name == "list":
            self.list = ""
        elif self.depth == _ELEMENT and name == self.inside:
            self.inside = None
            self._take(name)

    def _take(self, name: str) -> None:
        known, line = self.known, self.parser.CurrentLineNumber
        try:
            if name == "object":
                self.log.add_object(known["id"], known["type"], self.values)
            else:
                time = known["time"] if "time" in known else known["timestamp"]
                self.log.add_event(known.get("type") or known["activity"], time, self.values, self.objects)
        except KeyError as error:
            raise self.source.wrong(f"line {line}: the {name} lacks {error}. Export the log again.") from error


_ELEMENT = 3  # depth of an event or an object: log, events, event


def _xml(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    reader = _XmlReader(source)
    for _ in reader.pieces():
        pass
    return reader.log.contents(options, notes)


def _looks_json(head: str) -> int:
    return 3 if re.match(r'\s*\{\s*"(objectTypes|eventTypes|objects|events|ocel:[\w-]+)"\s*:\s*[\[{]', head) else 0


def _looks_xml(head: str) -> int:
    return 3 if re.search(r"<(object-types|event-types|objects|events|global\s+scope=.(object|log).)", head) else 0


FORMATS = (
    Format("ocel", TITLE, (".jsonocel", ".json"), _json, gzip=True, looks=_looks_json),
    Format("ocel", TITLE, (".xmlocel", ".xml"), _xml, gzip=True, looks=_looks_xml),
)
