"""A study is the same however it was executed, and damage is found."""

from __future__ import annotations

import dataclasses
import errno
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from experiments.design.designs import Row
from experiments.design.plan import Finished, Plan, digest, make_plan
from experiments.design.studyfile import Titles
from experiments.errors import Unwritable, WrongInput
from experiments.runner import Where
from experiments.runner.agenda import Agenda
from experiments.runner.executors import Executor, InProcess
from experiments.runner.progress import Stop
from experiments.runner.run import Layout
from experiments.runner.worker import Simulation
from experiments.store.files import one_writer, whole
from experiments.store.opened import OpenStudy
from experiments.store.shards import RunSink
from experiments.store.store import Study, read_manifest

Planned = Callable[..., Plan]


class Shuffled:
    """Executes the tasks backwards, in chunks of another size."""

    def execute(self, work: Simulation, sink: RunSink | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`."""
        backwards = agenda.take(agenda.ready)[::-1]
        for start in range(0, len(backwards), 5):
            yield from InProcess().execute(work, sink, Agenda((), backwards[start : start + 5]), stop)


class StopsAfter:
    """Is killed, as far as the study can see, after some runs."""

    def __init__(self, runs: int) -> None:
        self._runs = runs

    def execute(self, work: Simulation, sink: RunSink | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`."""
        for task in agenda.take(self._runs):
            yield from InProcess().execute(work, sink, Agenda((), [task]), stop)
        raise RuntimeError("killed")


@dataclasses.dataclass(frozen=True)
class By(Where):
    """Says which executor it shall be."""

    chosen: Executor | None = None

    def executor(self, tasks: int) -> Executor:
        """See `Where.executor`."""
        return self.chosen or super().executor(tasks)


def _run(plan: Plan, out: Path, executor: Executor | None = None, words: Console | None = None) -> Study:
    layout = Layout(plan)
    return layout.run(out, By(1, chosen=executor), words or Console(stderr=True), quiet=True)


def table_hash(study: Study) -> str:
    """Hash the table of runs without the one column that may differ."""
    return digest([study.runs().drop_columns("seconds").to_pylist(), study.series().to_pylist()])


def test_order_of_execution_leaves_no_trace(planned: Planned, tmp_path: Path) -> None:
    plain, shuffled = (_run(planned(), tmp_path / name, how) for name, how in (("a", None), ("b", Shuffled())))
    assert table_hash(plain) == table_hash(shuffled)


def test_study_taken_up_again_equals_an_uninterrupted_one(planned: Planned, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="killed"):
        _run(planned(), tmp_path / "a", StopsAfter(5))
    resumed, plain = (_run(planned(), tmp_path / name) for name in ("a", "b"))
    assert table_hash(resumed) == table_hash(plain)


def test_finished_runs_are_not_run_again(planned: Planned, tmp_path: Path) -> None:
    _run(planned(), tmp_path)
    _run(planned(), tmp_path, StopsAfter(0))


def test_a_finished_study_takes_the_words_of_its_file_as_it_is_now(planned: Planned, tmp_path: Path) -> None:
    plan = planned()
    before = read_manifest(_run(plan, tmp_path).folder)
    titled = plan.study.model_copy(update={"title": Titles(zh="新名", en="Another name")})
    after = read_manifest(_run(dataclasses.replace(plan, study=titled), tmp_path, StopsAfter(0)).folder)
    assert after["request"]["title"] == {"zh": "新名", "en": "Another name"}
    assert after | {"request": before["request"]} == before


def test_there_is_one_row_for_each_replicate_and_regime(planned: Planned, tmp_path: Path) -> None:
    rows = _run(planned(pairs=4), tmp_path).runs().select(["replicate", "regime"]).to_pylist()
    assert len(rows) == 8 == len({(row["replicate"], row["regime"]) for row in rows})


def test_undefined_outcomes_are_null(planned: Planned, tmp_path: Path) -> None:
    column = _run(planned(), tmp_path).runs().column("never_defined")
    assert column.null_count == len(column) > 0


@pytest.mark.parametrize("kind", ["runs", "series"])
@pytest.mark.parametrize("damage", ["truncated", "empty", "flipped"])
def test_damaged_shard_is_set_aside_in_words_and_run_again(
    planned: Planned, tmp_path: Path, kind: str, damage: str
) -> None:
    study = _run(planned(), tmp_path)
    before = table_hash(study)
    shard = sorted((study.folder / kind).glob("*.parquet"))[0]
    _damage(shard, damage)
    words = Console(record=True, file=io.StringIO(), width=400)
    assert table_hash(_run(planned(), tmp_path, words=words)) == before
    said = words.export_text()
    assert shard.name in said and "Moved to" in said
    assert list((study.folder / "damaged").iterdir())


def _damage(shard: Path, damage: str) -> None:
    content = bytearray(shard.read_bytes())
    if damage == "flipped":
        start = len(content) // 8  # a stretch, as of a bad block: one byte may fall into padding
        content[start : start + 64] = bytes(byte ^ 0xFF for byte in content[start : start + 64])
    kept = {"truncated": len(content) * 2 // 3, "empty": 0, "flipped": len(content)}[damage]
    shard.write_bytes(bytes(content[:kept]))


def test_unfinished_file_of_a_killed_writer_is_removed(planned: Planned, tmp_path: Path) -> None:
    study = _run(planned(), tmp_path)
    left = study.folder / "runs" / "part-x.parquet.tmp"
    left.write_bytes(b"half")
    _run(planned(), tmp_path)
    assert not left.exists()


def test_series_without_its_runs_is_removed(planned: Planned, tmp_path: Path) -> None:
    study = _run(planned(), tmp_path)
    before = table_hash(study)
    for shard in (study.folder / "runs").iterdir():
        shard.unlink()
    assert table_hash(_run(planned(), tmp_path, Shuffled())) == before


def test_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    with (
        one_writer(tmp_path),
        pytest.raises(WrongInput, match=rf"process {os.getpid()} on \S+ since \d"),
        one_writer(tmp_path, patience=0.2),
    ):
        pass


def test_lock_is_free_again_after_its_writer(tmp_path: Path) -> None:
    for _ in range(2):
        with one_writer(tmp_path, patience=0.0):
            pass


def test_failing_run_is_recorded_and_the_others_go_on(planned: Planned, tmp_path: Path) -> None:
    study = _run(planned(fail_seed=3), tmp_path)
    failures = study.failures()
    assert [(failure["regime"], failure["seed"]) for failure in failures] == [("inverted", 3), ("flattened", 3)]
    assert "asked to fail" in failures[0]["traceback"]
    assert failures[0]["command"] == "whistle run inverted --seed 3 --district chaoyang --set fake.fail_seed=3"
    assert study.runs().num_rows == 10


def test_failed_runs_stand_once_on_disk_however_often_they_are_tried(planned: Planned, tmp_path: Path) -> None:
    for _ in range(2):
        study = _run(planned(fail_seed=3), tmp_path)
    shards = pa.concat_tables(
        [pa.parquet.read_table(path) for path in (study.folder / "runs").iterdir()], promote_options="default"
    )
    assert sorted(shards.column("status").to_pylist()) == ["failed"] * 2 + ["ok"] * 10
    assert len(study.failures()) == 2


def test_key_depends_on_what_decides_the_numbers_only(planned: Planned) -> None:
    keys = {task.key for plan in (planned(), planned(pairs=3), planned(pairs=3, seed=4)) for task in plan.tasks()}
    assert len(keys) == 12
    assert planned(seconds=0.1).tasks()[0].key not in keys


def test_design_has_every_point_with_its_parameters(planned: Planned, tmp_path: Path) -> None:
    plan = planned(pairs=2)
    design = pa.parquet.read_table(_run(plan, tmp_path).folder / "design.parquet")
    assert design.column("luck_block").to_pylist() == [0, 0]
    assert design.column("run.window_days").to_pylist() == [30] * 2


def test_tables_on_disk_give_the_same_values_in_whatever_order_their_rows_stand(
    planned: Planned, tmp_path: Path
) -> None:
    asked = planned()
    rows = [Row(number, number, {"strength": 10 * number}, {}) for number in range(3)]
    study = _run(make_plan(asked.study, asked.bases, (), rows), tmp_path)
    before, rng = OpenStudy(study.folder), np.random.default_rng(1)
    values, runs, series = before.values("closure_rate"), before.runs, before.arrays_by_run()
    assert values.shape == (3, 2, 6) and len(np.unique(values)) == values.size
    for shard in study.folder.rglob("*.parquet"):
        table = pq.read_table(shard)
        assert table.num_rows > 3
        pq.write_table(table.take(rng.permutation(table.num_rows)), shard)
    after = OpenStudy(study.folder)
    np.testing.assert_array_equal(after.values("closure_rate"), values)
    assert after.factor("strength") == before.factor("strength") == [0, 10, 20]
    assert after.replicates == before.replicates == [6] * 3
    pd.testing.assert_frame_equal(after.runs, runs)
    assert list(after.arrays_by_run()) == list(series)
    np.testing.assert_equal(after.arrays_by_run(), series)


def _run_while_failing(plan: Plan, out: Path, failing: str, number: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a plan while writing fails after the first shard, and return what the user is told."""
    import experiments.store.shards as shards

    written = []

    def write(path: Path) -> Any:
        written.append(path)
        if len(written) > 3:
            raise OSError(number, os.strerror(number), str(path))
        return whole(path)

    with monkeypatch.context() as patched:
        patched.setattr(shards, failing, write)
        with pytest.raises(Unwritable) as caught:
            _run(plan, out, Shuffled())
    return str(caught.value)


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only")])
def test_a_disk_that_fills_up_is_told_and_nothing_is_lost(
    planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    said = _run_while_failing(planned(), tmp_path / "a", "whole", number, monkeypatch)
    assert words in said and "All finished runs are kept" in said and "repeat the command" in said
    resumed, plain = (_run(planned(), tmp_path / name) for name in ("a", "b"))
    assert table_hash(resumed) == table_hash(plain)


def test_a_run_made_twice_counts_once(planned: Planned, tmp_path: Path) -> None:
    study = _run(planned(), tmp_path, Shuffled())
    before, count = study.runs_hash(), study.count()
    for series in (study.folder / "series").iterdir():
        series.unlink()  # its runs are made again, into other shards
    again = _run(planned(), tmp_path)
    assert (again.runs_hash(), again.count()) == (before, count)
    assert len(list((again.folder / "runs").iterdir())) > 1


def test_workers_write_only_where_they_see_the_folder_of_the_study(tmp_path: Path) -> None:
    with one_writer(tmp_path) as token:
        assert RunSink(tmp_path, (), token).reachable()
        assert not RunSink(tmp_path, (), "another").reachable()
        assert not RunSink(tmp_path / "elsewhere", (), token).reachable()


def test_a_study_whose_seeds_were_kept_as_signed_numbers_is_read_and_gone_on_with(
    tmp_path: Path, planned: Planned
) -> None:
    """As every version before this one kept them."""
    with pytest.raises(RuntimeError):
        _run(planned(), tmp_path, StopsAfter(3))
    for shard in tmp_path.rglob("part-*.parquet"):
        table = pq.read_table(shard)
        at = table.schema.get_field_index("seed")
        pq.write_table(table.set_column(at, "seed", table.column(at).cast(pa.int64())), shard)
    study = _run(planned(), tmp_path)
    assert study.runs_hash() == _run(planned(), tmp_path / "anew").runs_hash()
    assert study.runs().schema.field("seed").type == study.series().schema.field("seed").type == pa.uint64()
