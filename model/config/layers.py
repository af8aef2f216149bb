"""Sheets laid over each other; every value knows who gave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from model.config.yamlfile import KeyPath, Sheet

__all__ = ["Layers"]


@dataclass
class Layers:
    """Values with the sheet that gave each; a later sheet goes over an earlier one.

    Attributes
    ----------
    values : dict
        Entries by topic; lists of units whole.
    owners : dict
        The sheet that gave a value, by (topic, key) or, for lists, (topic,).
    patches : dict
        Who changed something inside a list, by path.
    """

    values: dict[str, Any] = field(default_factory=dict)
    owners: dict[KeyPath, Sheet] = field(default_factory=dict)
    patches: dict[KeyPath, str] = field(default_factory=dict)

    def lay(self, sheet: Sheet) -> None:
        """Put a sheet on top."""
        for topic, entries in sheet.values.items():
            if isinstance(entries, dict):
                self.values[topic] = self.values.get(topic, {}) | entries
                self.owners |= {(topic, key): sheet for key in entries}
            else:
                self.values[topic] = entries
                self.owners[(topic,)] = sheet

    def patch(self, topic: str, entry: int, changes: dict[str, Any], by: str) -> None:
        """Change values of one entry of a list, mappings key by key; other scenarios share it, so it is copied."""
        entries = list(self.values[topic])
        entries[entry] = self._over(entries[entry], changes, (topic, entry), by)
        self.values[topic] = entries

    def _over(self, before: dict[str, Any], changes: dict[str, Any], path: KeyPath, by: str) -> dict[str, Any]:
        after = dict(before)
        for key, value in changes.items():
            if isinstance(value, dict):
                after[key] = self._over(before.get(key, {}), value, (*path, key), by)
            else:
                after[key] = value
                self.patches[(*path, key)] = by
        return after

    def place(self, path: KeyPath) -> str:
        """Return where a value was given, or the nearest thing of its topic; "" if nothing was."""
        for length in range(len(path), 2, -1):
            if path[:length] in self.patches:
                return self.patches[path[:length]]
        below = [by for keys, by in self.patches.items() if len(path) > 2 and keys[: len(path)] == path]
        if below:
            return below[0]
        owner = self.owners.get(path[:2]) or self.owners.get(path[:1])
        if owner is not None:
            return owner.place(path)
        near = [sheet for keys, sheet in self.owners.items() if keys[0] == path[0]]
        return near[-1].place(path[:1]) if near else ""
