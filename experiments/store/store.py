"""A study on disk, which can be killed at any moment and resumed.

A shard of `runs/` and its companion in `series/` carry one chunk; see `RunSink.put`.
"""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from experiments.design.plan import Finished, Outcomes, Task, digest
from experiments.errors import WrongInput
from experiments.store.files import TEMPORARY, now, replace_text
from experiments.store.shards import IDENTITY, RunSink, read_shard, run_rows, run_schema, shard_name, write_shard

FAILED = "-failed.parquet"  # ending of shards of failed runs, which are dropped and run again when the study is resumed


class Study:
    """The folder of a study, `OUT/<name>-<hash8>`; `say` hears what was found damaged."""

    def __init__(self, folder: Path, outcomes: Sequence[str], say: Callable[[str], None]) -> None:
        self.folder, self.outcomes, self._say = folder, tuple(outcomes), say

    def open_for_writing(self) -> None:
        """Clear what a killed writer left, set damaged shards aside, and forget failures so that they run again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clear_unfinished()
        for failed in self._parts("runs", f"*{FAILED}"):
            failed.unlink()
        (self.folder / "failures.jsonl").unlink(missing_ok=True)
        for shard in self._parts("runs"):
            self._check(shard)
        for series in self._parts("series"):
            if not (self.folder / "runs" / series.name).exists():
                series.unlink()

    def clear_unfinished(self) -> None:
        """Remove the files that killed writers left half-written."""
        for unfinished in self.folder.rglob(f"*{TEMPORARY}"):
            unfinished.unlink(missing_ok=True)

    def _parts(self, kind: str, pattern: str = "part-*.parquet") -> list[Path]:
        return sorted((self.folder / kind).glob(pattern))

    def _check(self, shard: Path) -> None:
        """Set a shard aside that is damaged, or whose series are."""
        for path in (shard, self.folder / "series" / shard.name):
            try:
                columns = read_shard(path).column_names if path.exists() else IDENTITY.names
                problem = "" if set(IDENTITY.names) <= set(columns) else "it has no column 'key'"
            except (OSError, pa.ArrowException) as error:
                problem = str(error).splitlines()[0]
            if problem:
                aside = self.folder / "damaged" / f"{shard.stem}-{digest(now())[:6]}.parquet"
                aside.parent.mkdir(exist_ok=True)
                shard.replace(aside)
                self._say(f"{path}: truncated or damaged ({problem}). Moved to {aside.parent}; its runs are repeated.")
                return

    def known(self) -> Callable[[Task], Outcomes | None]:
        """Return a function that gives the outcomes of a run that is complete here, else None."""
        runs, series = self.runs(), self._identities("series")
        found = {(row["key"], row["point"]): row for row in runs.select(["key", "point", *self.outcomes]).to_pylist()}

        def outcomes_of(task: Task) -> Outcomes | None:
            row = found.get((task.key, task.point))
            without_series = task.series and (task.key, task.point) not in series
            without_events = task.events and not (self.folder / "events" / f"{task.key}.parquet").exists()
            if row is None or without_series or without_events:
                return None
            return {name: row[name] for name in self.outcomes}

        return outcomes_of

    def _identities(self, kind: str) -> set[tuple[str, int]]:
        parts = [part.to_pydict() for part in self._read(kind, ["key", "point"])]
        return {(key, point) for part in parts for key, point in zip(part["key"], part["point"], strict=True)}

    def record(self, finished: Sequence[Finished], sink: RunSink, command: Callable[[Task], str]) -> None:
        """Write what the worker has not written itself, and record what failed with the command that repeats it."""
        sink.put([done for done in finished if done.result is not None and not done.stored])
        failed = [done for done in finished if done.result is None]
        if failed:
            with (self.folder / "failures.jsonl").open("a", encoding="utf-8") as lines:
                for done in failed:
                    line = {**done.task.identity, "command": command(done.task), "traceback": done.error, "time": now()}
                    lines.write(json.dumps(line, ensure_ascii=False) + "\n")
                lines.flush()
                os.fsync(lines.fileno())
            write_shard(self.folder / "runs" / shard_name(failed, FAILED), run_rows(failed, self.outcomes))

    def runs(self) -> pa.Table:
        """Return the table of runs that ended well, in the order of point and replicate."""
        return self._table("runs", run_schema(self.outcomes))

    def series(self) -> pa.Table:
        """Return the series of runs that ended well, in the order of point and replicate."""
        return self._table("series", IDENTITY)

    def failures(self) -> list[dict[str, Any]]:
        path = self.folder / "failures.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def _read(self, kind: str, columns: Sequence[str] | None = None) -> list[pa.Table]:
        """Return the shards of runs that ended well."""
        tables = []
        for path in self._parts(kind):
            if path.name.endswith(FAILED):
                continue
            try:
                tables.append(read_shard(path, columns))
            except (OSError, pa.ArrowException) as error:
                words = f"{path}: is damaged ({error}). Delete it, then run whistle resume {self.folder}."
                raise WrongInput([words]) from error
        return tables

    def _table(self, kind: str, schema: pa.Schema) -> pa.Table:
        table = pa.concat_tables([schema.empty_table(), *self._read(kind)], promote_options="default")
        return _once(table.sort_by([("point", "ascending"), ("replicate", "ascending")]))

    def count(self) -> int:
        return len(self._identities("runs"))

    def progress(self, planned: int) -> dict[str, int]:
        return {"planned": planned, "done": self.count(), "failed": len(self.failures())}

    def runs_hash(self) -> str:
        return digest(self.runs().drop_columns("seconds").to_pydict())

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(manifest, ensure_ascii=False, indent=1, default=lambda array: array.tolist())
        replace_text(self.folder / "manifest.json", text + "\n")


def _once(table: pa.Table) -> pa.Table:
    """Return a sorted table without repetitions: a run made twice, as when its series were lost, counts once."""
    if table.num_rows < 2:
        return table
    point, replicate = (table.column(name).combine_chunks() for name in ("point", "replicate"))
    again = pc.and_(*(pc.equal(column[1:], column[:-1]) for column in (point, replicate)))
    if not pc.any(again).as_py():
        return table
    return table.filter(pa.concat_arrays([pa.array([True]), pc.invert(again)]))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a study.

    Raises:
        WrongInput: If the folder is not a study.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongInput([f"{folder}: expected the folder of a study, found no manifest.json in it."]) from error
    except ValueError as error:
        raise WrongInput([f"{path}: is damaged ({error}). Delete it and repeat the study's command."]) from error
    if not isinstance(manifest, dict) or "request" not in manifest:
        raise WrongInput([f"{path}: expected the manifest of a study, got something else. Name the folder of a study."])
    return manifest
