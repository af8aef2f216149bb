"""Results that the page keeps for whoever knows their token, until newer ones replace them or the server ends."""

import dataclasses
import tempfile
from pathlib import Path

KEPT = 24  # newest results that are kept, some three megabytes each


@dataclasses.dataclass(frozen=True)
class Kept:
    """A result, which is shown to whoever knows its token.

    Attributes:
        folder: Of the job; removed when the result is evicted, or the server ends.
    """

    token: str
    folder: tempfile.TemporaryDirectory[str]

    @property
    def results(self) -> Path:
        """Folder of what can be downloaded."""
        return Path(self.folder.name) / "results"


_KEPT: dict[str, Kept] = {}


def keep(done: Kept) -> None:
    """Keep a result; the oldest ones are evicted and their folders removed."""
    _KEPT[done.token] = done
    while len(_KEPT) > KEPT:
        _KEPT.pop(next(iter(_KEPT))).folder.cleanup()


def kept(token: str) -> Kept | None:
    """Return the result that is kept under a token, None where there is none (any more)."""
    return _KEPT.get(token)
