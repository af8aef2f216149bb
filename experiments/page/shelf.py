"""The shelf: what a user has kept, on disk, so that it survives the server; one user's is never shown to another.

A user is whoever holds a random key, which the browser keeps. The file of a shelf is named by the key's hash, so that
neither its name nor its content gives the key away.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import secrets
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.page.package import Package
from experiments.store.files import replace_text
from model import ConfigError

MOST_CARDS = 24  # of a user
MOST_BYTES = 200_000  # of a shelf
MOST_SHELVES = 2_000  # of a server; those not used for longest are removed
LONGEST_NAME = 60
_KEY = re.compile(r"[0-9a-f]{32,64}")
_WRITING = threading.Lock()  # two tabs of one user


def state_home() -> Path:
    """Return the folder of what users keep: `WHISTLE_STATE`, or where the system has such files."""
    if given := os.environ.get("WHISTLE_STATE"):
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "whistle"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "whistle" / "state"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "whistle"


@dataclasses.dataclass(frozen=True)
class Card:
    """A package that was kept, and what was found of it.

    Attributes:
        name: That the user gave.
        package, base: Its rules, and those with which it was compared.
        closure: Requests of 100 closed in time under base and package, median over worlds.
        better, worlds: In how many of the worlds that were run it closes more.
        date: Day on which it was kept, as YYYY-MM-DD.
        fingerprint: Of the model's code that gave the numbers.
    """

    name: str
    package: Package
    base: Package
    closure: tuple[float | None, float | None]
    better: int
    worlds: int
    date: str
    fingerprint: str
    code: str = dataclasses.field(default_factory=lambda: secrets.token_hex(6))

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Card:
        """Return a card from its JSON; a `KeyError`, a `TypeError`, a `ValueError` or a `ConfigError` for none."""
        before, after = (None if each is None else float(each) for each in found["closure"])
        names = {name: str(found[name]) for name in ("name", "date", "fingerprint", "code")}
        return cls(package=_package(found["package"]), base=_package(found["base"]), closure=(before, after),
                   better=int(found["better"]), worlds=int(found["worlds"]), **names)  # fmt: skip


def _package(found: Mapping[str, Any]) -> Package:
    package = Package(str(found["preset"]), tuple((str(key), value) for key, value in found["values"]))
    package.scenario()  # one that this version does not know is refused
    return package


class Shelf:
    """The cards of one user, the newest first.

    Attributes:
        damaged: Where a file was put aside that could not be read; "" where there was none.
        unwritable: Why the last change could not be kept on disk; "" where it was.
    """

    def __init__(self, key: str, home: Path | None = None) -> None:
        if not _KEY.fullmatch(key):
            raise ValueError(f"expected a key of 32 to 64 hexadecimal digits, got {key[:LONGEST_NAME]!r}.")
        folder = (home or state_home()) / "shelves"
        self._path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.json"
        self.damaged = self.unwritable = ""
        self.cards = self._read()

    @property
    def full(self) -> bool:
        """Whether there is no room for another card."""
        return len(self.cards) >= MOST_CARDS

    def keep(self, card: Card) -> None:
        """Put a card in front; one too many, or too large, is refused with a `ValueError`."""
        with _WRITING:
            cards = (dataclasses.replace(card, name=card.name.strip()[:LONGEST_NAME]), *self._read())
            if len(cards) > MOST_CARDS or len(_text(cards)) > MOST_BYTES:
                raise ValueError(card.name)
            self._write(cards)

    def remove(self, code: str) -> None:
        """Take a card away."""
        with _WRITING:
            self._write(tuple(card for card in self._read() if card.code != code))

    def _read(self) -> tuple[Card, ...]:
        """Return what is on disk; a file that cannot be read is put aside, and told."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError):
            return self._put_aside()
        try:
            return tuple(Card.of(each) for each in json.loads(text)["cards"])
        except (ConfigError, KeyError, TypeError, ValueError, AttributeError):
            return self._put_aside()

    def _put_aside(self) -> tuple[Card, ...]:
        aside = self._path.with_suffix(f".damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        with contextlib.suppress(OSError):
            self._path.replace(aside)
            self.damaged = aside.name
        return ()

    def _write(self, cards: tuple[Card, ...]) -> None:
        self.cards, self.unwritable = cards, ""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_text(self._path, _text(cards))
            _remove_oldest(self._path.parent)
        except OSError as error:
            self.unwritable = str(error.strerror or error)


def _text(cards: Sequence[Card]) -> str:
    return json.dumps({"cards": [card.as_json() for card in cards]}, ensure_ascii=False, indent=1) + "\n"


def _remove_oldest(folder: Path) -> None:
    """Remove the shelves that were not used for longest, where there are too many."""
    found = [(path.stat().st_mtime, path) for path in folder.iterdir() if path.is_file()]
    for _, path in sorted(found)[: max(0, len(found) - MOST_SHELVES)]:
        path.unlink(missing_ok=True)
