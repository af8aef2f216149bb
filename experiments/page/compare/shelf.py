"""Finished comparisons, kept for who has the link until newer ones push them out or the server ends."""

from __future__ import annotations

import atexit
import dataclasses
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from experiments.page.package import Package

__all__ = ["KEPT", "Finished", "Order", "finished", "keep", "new_room"]

KEPT = 24
"""So many of the newest results are kept, some three megabytes each."""


@dataclasses.dataclass(frozen=True)
class Order:
    """What is compared.

    Attributes
    ----------
    packages : tuple of Package
        The first is what the others are compared with.
    titles : tuple of dict
        Title of each by language.
    pairs, seed : int
    settings : dict
        Over every package.
    """

    packages: tuple[Package, ...]
    titles: tuple[Mapping[str, str], ...]
    pairs: int
    seed: int
    settings: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Finished:
    """What a comparison left.

    Attributes
    ----------
    token : str
        Under which it is kept; who does not know it sees nothing.
    order : Order
    study, results : Path
        Folder of the study, and of what can be taken away.
    """

    token: str
    order: Order
    study: Path
    results: Path


_KEPT: OrderedDict[str, tuple[Finished, Path]] = OrderedDict()
_TURN = threading.Lock()
_ROOMS = list[Path]()


def new_room() -> Path:
    """Return an empty folder that is gone when the server has ended."""
    with _TURN:
        if not _ROOMS:
            _ROOMS.append(Path(tempfile.mkdtemp(prefix="whistle-")))
            atexit.register(shutil.rmtree, _ROOMS[0], ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=_ROOMS[0]))


def keep(done: Finished, room: Path) -> None:
    """Keep a result, whose room is cleared away when it is pushed out."""
    with _TURN:
        _KEPT[done.token] = done, room
        old = [_KEPT.popitem(last=False)[1][1] for _ in range(len(_KEPT) - KEPT)]
    for each in old:
        shutil.rmtree(each, ignore_errors=True)


def finished(token: str) -> Finished | None:
    """Return what is kept under a token, None where there is nothing (any more)."""
    with _TURN:
        found = _KEPT.get(token)
    return found[0] if found else None
