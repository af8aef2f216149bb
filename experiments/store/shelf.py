"""Where finished runs are put: by each worker that sees the study's folder, else by the one who asked for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from experiments.design.keys import digest
from experiments.design.tasks import Finished
from experiments.store.lock import token_of
from experiments.store.shards import run_rows, series_rows, write_shard

__all__ = ["Shelf", "shard_name"]


@dataclasses.dataclass(frozen=True)
class Shelf:
    """A study's folder as a worker knows it.

    Attributes
    ----------
    folder : Path
    outcomes : tuple of str
        Columns of the table of runs.
    token : str
        Word that the writer of the study has left in its lock.
    """

    folder: Path
    outcomes: tuple[str, ...]
    token: str

    def in_sight(self) -> bool:
        """Tell whether this process sees the very folder that the study's writer holds."""
        return token_of(self.folder) == self.token

    def put(self, finished: Sequence[Finished]) -> list[Finished]:
        """Write the runs that ended well as one shard and return all, those without their series.

        The series are written first: a chunk counts as finished once its file in `runs/` stands under its final name.
        """
        well = [done for done in finished if done.result is not None]
        if well:
            name = shard_name(well)
            kept = [done for done in well if done.result is not None and done.result.series]
            if kept:
                write_shard(self.folder / "series" / name, series_rows(kept))
            write_shard(self.folder / "runs" / name, run_rows(well, self.outcomes))
        return [done if done.result is None else done.put_away() for done in finished]


def shard_name(finished: Iterable[Finished], ending: str = ".parquet") -> str:
    """Return the name of a shard: a hash of the runs in it."""
    identities = sorted((done.task.key, done.task.point) for done in finished)
    return f"part-{digest(identities)[:16]}{ending}"
