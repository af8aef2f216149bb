"""Keys that name everything that decides a run's numbers, and nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["DECIDES_NOTHING", "Configuration", "digest"]

DECIDES_NOTHING = ("name", "title", "extends")
"""Entries of a resolved configuration that name it without deciding any number."""


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, as 64 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    """Turn what JSON does not know, as arrays and dataclasses, into what it knows."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"The configuration contains a {type(value).__name__}, which has no canonical form")


class Configuration:
    """A resolved configuration whose hash under other values is found without building it anew.

    Parameters
    ----------
    resolved : mapping
        Every value, nested; lists of units hold mappings with a `code`.
    """

    def __init__(self, resolved: Mapping[str, Any]) -> None:
        self._topics = {name: entries for name, entries in resolved.items() if name not in DECIDES_NOTHING}
        self._digests = {name: digest(entries) for name, entries in self._topics.items()}

    def with_values(self, values: Mapping[str, Any]) -> str:
        """Return the hash with values set by dotted path."""
        changed = dict(self._digests)
        for topic in {path.partition(".")[0] for path in values}:
            entries = self._topics.get(topic, {})
            for path, value in values.items():
                if path.partition(".")[0] == topic:
                    entries = _with(entries, path.split(".")[1:], value)
            changed[topic] = digest(entries)
        return digest(changed)


def _with(entries: Any, path: list[str], value: Any) -> Any:
    """Return nested entries with the value at a path; the entries themselves stay as they are."""
    if not path:
        return value
    if isinstance(entries, list | tuple):
        return [_with(entry, path[1:], value) if entry.get("code") == path[0] else entry for entry in entries]
    inner = _with(entries.get(path[0], {}), path[1:], value)
    # a whole number where the configuration holds a fraction is that fraction
    if isinstance(entries.get(path[0]), float) and isinstance(inner, int) and not isinstance(inner, bool):
        inner = float(inner)
    return {**entries, path[0]: inner}
