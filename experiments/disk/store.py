"""A study on disk, which can be killed at any moment and taken up again.

A shard of `runs/` and its companion in `series/` carry one chunk. The companion is written first: a chunk counts
as finished once its file in `runs/` stands under its final name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from experiments.disk.files import TEMPORARY, append_line, replace_text
from experiments.disk.provenance import now
from experiments.disk.shards import IDENTITY, read_shard, run_rows, run_schema, series_rows, write_shard
from experiments.errors import WrongInput
from experiments.planning.plan import Plan, digest
from experiments.running.executors import Finished

__all__ = ["Study", "read_manifest"]

FAILED = "-failed.parquet"
"""Ending of shards of failed runs, which are dropped and run again when the study is taken up."""


class Study:
    """The folder of a study.

    Parameters
    ----------
    folder : Path
        `OUT/<name>-<hash8>`.
    outcomes : sequence of str
        Columns of the table of runs.
    say : callable
        Told in words what was found damaged.
    """

    def __init__(self, folder: Path, outcomes: Sequence[str], say: Callable[[str], None]) -> None:
        self.folder = folder
        self.outcomes = tuple(outcomes)
        self._say = say

    def open_for_writing(self) -> None:
        """Clear what a killed writer left, set damaged shards aside, and forget failures so that they run again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for unfinished in self.folder.rglob(f"*{TEMPORARY}"):
            unfinished.unlink()
        for failed in self._parts("runs", f"*{FAILED}"):
            failed.unlink()
        (self.folder / "failures.jsonl").unlink(missing_ok=True)
        for shard in self._parts("runs"):
            self._check(shard)
        for series in self._parts("series"):
            if not (self.folder / "runs" / series.name).exists():
                series.unlink()

    def _parts(self, kind: str, pattern: str = "part-*.parquet") -> list[Path]:
        return sorted((self.folder / kind).glob(pattern))

    def _check(self, shard: Path) -> None:
        series = self.folder / "series" / shard.name
        for path in (shard, series):
            try:
                columns = read_shard(path).column_names
                problem = "" if set(IDENTITY.names) <= set(columns) else "it has no column 'key'"
            except (OSError, pa.ArrowException) as error:
                problem = str(error).splitlines()[0]
            if problem:
                self._set_aside(shard, path, problem)
                return

    def _set_aside(self, shard: Path, damaged: Path, problem: str) -> None:
        aside = self.folder / "damaged" / f"{shard.stem}-{digest(now())[:6]}.parquet"
        aside.parent.mkdir(exist_ok=True)
        shard.replace(aside)
        self._say(f"{damaged}: truncated or damaged ({problem}); set aside in {aside.parent}, its runs are run again.")

    def finished(self) -> set[tuple[str, int]]:
        """Return key and point of all runs that ended well; two points may have the same configuration."""
        runs = self.runs()
        return set(zip(runs.column("key").to_pylist(), runs.column("point").to_pylist(), strict=True))

    def add(self, finished: Sequence[Finished], command: Callable[[Finished], str]) -> None:
        """Write one chunk.

        Parameters
        ----------
        finished : sequence of Finished
            Runs that ended, well or not.
        command : callable
            Returns the line that repeats a run alone.
        """
        well = [done for done in finished if done.result is not None]
        failed = [done for done in finished if done.result is None]
        if well:
            name = f"part-{_name(well)}.parquet"
            write_shard(self.folder / "series" / name, series_rows(well))
            write_shard(self.folder / "runs" / name, run_rows(well, self.outcomes))
        if failed:
            for done in failed:
                self._record_failure(done, command(done))
            write_shard(self.folder / "runs" / f"part-{_name(failed)}{FAILED}", run_rows(failed, self.outcomes))

    def _record_failure(self, done: Finished, command: str) -> None:
        identity = {name: getattr(done.task, name) for name in IDENTITY.names}
        line = {**identity, "command": command, "traceback": done.error, "time": now()}
        append_line(self.folder / "failures.jsonl", json.dumps(line, ensure_ascii=False))

    def runs(self) -> pa.Table:
        """Return the table of runs that ended well, in the order of point and replicate."""
        return self._table("runs", run_schema(self.outcomes))

    def series(self) -> pa.Table:
        """Return the series of runs that ended well, in the order of point and replicate."""
        return self._table("series", IDENTITY)

    def failures(self) -> list[dict[str, Any]]:
        """Return the failed runs with traceback and command."""
        path = self.folder / "failures.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def _table(self, kind: str, schema: pa.Schema) -> pa.Table:
        parts = [_whole(path) for path in self._parts(kind) if not path.name.endswith(FAILED)]
        table = pa.concat_tables([schema.empty_table(), *parts], promote_options="default")
        return table.sort_by([("point", "ascending"), ("replicate", "ascending")])

    def started(self) -> str | None:
        """Return when the study was first started, None for a new one."""
        if not (self.folder / "manifest.json").exists():
            return None
        return str(read_manifest(self.folder)["started"])

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write what the study is and how far it is."""
        text = json.dumps(manifest, ensure_ascii=False, indent=1, default=lambda array: array.tolist())
        replace_text(self.folder / "manifest.json", text + "\n")

    def write_design(self, plan: Plan) -> None:
        """Write every planned run with all its parameters; its luck block is the replicate, common to all points."""
        from experiments.disk.shards import parameter_rows

        parameters = [parameter_rows(point.resolved) for point in plan.points]
        rows = [
            {"row": row, **{name: getattr(task, name) for name in IDENTITY.names}, "luck_block": task.replicate}
            | parameters[task.point]
            for row, task in enumerate(plan.tasks)
        ]
        write_shard(self.folder / "design.parquet", _mixed_table(rows))


def _name(finished: Iterable[Finished]) -> str:
    return digest(sorted(done.task.key for done in finished))[:16]


def _mixed_table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Build a table; a column whose values have several types becomes JSON text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        kinds = {type(value) for value in values if value is not None}
        if kinds == {int, float}:
            values = [None if value is None else float(value) for value in values]
        elif len(kinds) > 1:
            values = [json.dumps(value, ensure_ascii=False) for value in values]
        columns[name] = pa.array(values)
    return pa.table(columns)


def _whole(path: Path) -> pa.Table:
    try:
        return read_shard(path)
    except (OSError, pa.ArrowException) as error:
        raise WrongInput([f"{path}: damaged ({error}); delete it and run `whistle resume` on its study."]) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a study.

    Raises
    ------
    WrongInput
        If the folder is not a study.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongInput([f"{folder}: no study here (no manifest.json); allowed: the folder of a study."]) from error
    except ValueError as error:
        raise WrongInput([f"{path}: damaged ({error}); allowed: the folder of a study."]) from error
    if not isinstance(manifest, dict) or "request" not in manifest:
        raise WrongInput([f"{path}: not the manifest of a study; allowed: the folder of a study."])
    return manifest
