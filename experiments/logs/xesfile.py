"""XES (IEEE 1849): columns of events and traces, cut out of whole arrays of tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.source import Source
from experiments.logs.tags import tags_of

__all__ = ["read_xes", "xes_columns"]

DEEPEST = 100
"""Nesting of elements."""

LOOKED_AT = 20_000
"""Events whose keys are taken as those of the file, unless a column that was asked for is not among them."""

_LOG, _TRACE, _INSIDE_TRACE, _INSIDE_EVENT = 1, 2, 3, 4
"""Depths of elements."""

_USUAL = r'^[^\s/>]+ key="(?P<key>[^"]*)" value="(?P<value>[^"]*)" ?/?>$'
_TAG = r"""[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>"""
_PAIR = re.compile(r"""([^\s=<]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_CONTAINERS = ("event", "trace", "log")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

Ints = NDArray[np.int64]


@dataclass
class _Kinds:
    """Distinct tags of a piece of the file.

    Attributes
    ----------
    step : array
        +1 opens an element, −1 ends one, 0 does both or neither.
    is_element, is_event, is_trace, is_log : array of bool
    tags : pa.Array
        Without the text behind them.
    """

    step: Ints
    is_element: NDArray[np.bool_]
    is_event: NDArray[np.bool_]
    is_trace: NDArray[np.bool_]
    is_log: NDArray[np.bool_]
    tags: pa.Array

    @classmethod
    def of(cls, tags: pa.Array) -> _Kinds:
        def says(found: Any) -> NDArray[np.bool_]:
            return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)

        tags = _bare(tags)
        ends = says(pc.starts_with(tags, "/"))
        opens = ~ends & ~says(pc.ends_with(tags, "/>"))
        event, trace, log = (says(pc.match_substring_regex(tags, rf"^{name}[\s/>]")) for name in _CONTAINERS)
        return cls(opens.astype(np.int64) - ends, ~ends, event, trace, log, tags)


def _bare(tags: pa.Array) -> pa.Array:
    """Return tags without the text that stands behind them."""
    trimmed = pc.utf8_rtrim_whitespace(tags)
    odd = np.asarray(pc.invert(pc.match_substring_regex(trimmed, f"^/?{_TAG}$")))
    if not odd.any():
        return trimmed
    cut = [re.match(f"/?{_TAG}", tag) for tag in trimmed.filter(pa.array(odd)).to_pylist()]
    bare = pa.array([each[0] if each else "" for each in cut], pa.string())
    return pc.replace_with_mask(trimmed, pa.array(odd), bare)


class _Place:
    """Where in the file the next piece begins, and which elements of a piece are what."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.depth = 0
        self.in_trace = self.in_event = False
        self.events = self.traces = self.loose = 0

    def enter(self, codes: Ints, kinds: _Kinds) -> _Found:
        """Return the attributes of events and traces in a piece, and move on behind it."""
        after = self.depth + np.cumsum(kinds.step[codes])
        chosen = np.flatnonzero(kinds.is_element[codes])
        code = codes[chosen]
        depth = after[chosen] + (kinds.step[code] == 0)
        self._check(code, depth, kinds)
        in_trace = _last(kinds.is_trace[code], depth == _TRACE, self.in_trace)
        begins = (depth == _INSIDE_TRACE) & kinds.is_event[code] & in_trace
        in_event = _last(begins, depth <= _INSIDE_TRACE, self.in_event)
        event = self.events - 1 + np.cumsum(begins)
        trace = self.traces - 1 + np.cumsum((depth == _TRACE) & kinds.is_trace[code])
        self.loose += int(((depth == _TRACE) & kinds.is_event[code]).sum())
        of_event = (depth == _INSIDE_EVENT) & in_event
        of_trace = (depth == _INSIDE_TRACE) & in_trace & ~begins
        if chosen.size:
            self.in_trace, self.in_event = bool(in_trace[-1]), bool(in_event[-1])
            self.events, self.traces = int(event[-1]) + 1, int(trace[-1]) + 1
        self.depth = int(after[-1]) if after.size else self.depth
        return _Found(code[of_event], event[of_event], code[of_trace], trace[of_trace], trace[begins])

    def _check(self, code: Ints, depth: Ints, kinds: _Kinds) -> None:
        wrong = np.flatnonzero((depth == _LOG) & ~kinds.is_log[code])
        if wrong.size:
            tag = kinds.tags[int(code[wrong[0]])].as_py()[:60]
            raise WrongInput([f"{self.source.path}: is not an XES log: expected <log> first, got <{tag}."])
        if depth.size and depth.max() > DEEPEST:
            raise WrongInput(
                [f"{self.source.path}: is not an XES log: elements are nested more than {DEEPEST} levels deep."]
            )


@dataclass
class _Found:
    """Attributes in a piece: code of the tag and number of the event or trace; and the trace of each new event."""

    event_code: Ints
    event: Ints
    trace_code: Ints
    trace: Ints
    trace_of: Ints


def _last(values: NDArray[np.bool_], where: NDArray[np.bool_], before: bool) -> NDArray[np.bool_]:
    """Return at each place the value at the last place where the condition held; `before` where it did not yet."""
    at = np.maximum.accumulate(np.where(where, np.arange(where.size), -1))
    return np.where(at >= 0, values[at], before)


def _pieces(source: Source, place: _Place) -> Any:
    for tags in tags_of(source):
        coded = tags.dictionary_encode()
        codes = coded.indices.to_numpy().astype(np.int64)
        kinds = _Kinds.of(coded.dictionary)
        yield place.enter(codes, kinds), kinds.tags


def xes_columns(source: Source, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of events, and of traces with `case:` before them.

    Parameters
    ----------
    source : Source
    asked : sequence of str
        Columns named by the user: where one is not among the keys of the first events, all events are looked at.
    """
    place, keys = _Place(source), dict[str, None]()
    for found, tags in _pieces(source, place):
        for prefix, code in (("case:", found.trace_code), ("", found.event_code)):
            keys |= {prefix + key: None for key in _keys_of(tags.take(pa.array(np.unique(code))))}
        if place.events >= LOOKED_AT and set(asked) <= set(keys):
            break
    return tuple(keys)


def _keys_of(tags: pa.Array) -> list[str]:
    return [str(key) for key in pc.unique(_parted(tags)[0]).to_pylist() if key is not None]


def _parted(tags: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return key and value of tags; null where a tag has none."""
    parts = pc.extract_regex(tags, _USUAL)
    key, value = pc.struct_field(parts, "key"), pc.struct_field(parts, "value")
    odd = np.flatnonzero(~np.asarray(key.is_valid()))
    if odd.size:
        pairs = [_pairs(tags[int(at)].as_py()) for at in odd]
        mask = np.zeros(len(tags), np.bool_)
        mask[odd] = True
        key, value = (
            pc.replace_with_mask(column, pa.array(mask), pa.array([pair.get(name) for pair in pairs], pa.string()))
            for name, column in (("key", key), ("value", value))
        )
    return _plain(key), _plain(value)


def _distinct(codes: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the codes that occur, of so many, and the place of each code among them; without sorting."""
    there = np.bincount(codes, minlength=size) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def _pairs(tag: str) -> dict[str, str]:
    """Return the attributes of one tag, whatever their order and quotes."""
    return {name: double or single for name, double, single in _PAIR.findall(tag)}


def _plain(words: pa.Array) -> pa.Array:
    """Put characters in the place of references such as `&amp;`."""
    escaped = np.asarray(pc.fill_null(pc.match_substring(words, "&"), False))
    if not escaped.any():
        return words
    plain = [_REFERENCE.sub(_character, msg) for msg in words.filter(pa.array(escaped)).to_pylist()]
    return pc.replace_with_mask(words, pa.array(escaped), pa.array(plain, pa.string()))


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    return _NAMED[name] if name else chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


class _Column:
    """Values of one key, with the number of the event or trace that has them."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.numbers: list[Ints] = []
        self.values: list[pa.Array] = []

    def take(self, keys: pa.Array, values: pa.Array, at: Ints, numbers: Ints) -> None:
        """Take this key's values; `at` are the places of the tags among the keys and values."""
        is_mine = np.asarray(pc.fill_null(pc.equal(keys, self.key), False))[at]
        self.numbers.append(numbers[is_mine])
        self.values.append(values.take(pa.array(at[is_mine])))

    def whole(self, count: int) -> pa.ChunkedArray:
        """Return the column of all events or traces; null where the key is not there."""
        numbers = np.concatenate(self.numbers) if self.numbers else np.zeros(0, np.int64)
        place = np.full(count, -1, dtype=np.int64)
        place[numbers] = np.arange(numbers.size)
        values = pa.chunked_array(self.values, pa.string())
        return values.take(pa.array(place, mask=place < 0))


def read_xes(source: Source, columns: Sequence[str]) -> tuple[pa.Table, int]:
    """Read columns by their keys, those of traces with `case:` before them.

    Returns
    -------
    pa.Table, int
        The columns as text; and how many events stand outside of all traces and are left out.
    """
    of_traces = [_Column(name.removeprefix("case:")) for name in columns if name.startswith("case:")]
    of_events = [_Column(name) for name in columns if not name.startswith("case:")]
    place, trace_of = _Place(source), []
    for found, tags in _pieces(source, place):
        trace_of.append(found.trace_of)
        for chosen, code, number in (
            (of_events, found.event_code, found.event), (of_traces, found.trace_code, found.trace),
        ):  # fmt: skip
            distinct, at = _distinct(code, len(tags))
            keys, values = _parted(tags.take(pa.array(distinct)))
            for column in chosen:
                column.take(keys, values, at, number)
    whole = {column.key: column.whole(place.events) for column in of_events}
    trace = np.concatenate(trace_of) if trace_of else np.zeros(0, np.int64)
    for column in of_traces:
        whole[f"case:{column.key}"] = column.whole(place.traces).take(pa.array(trace))
    return pa.table(whole), place.loose
