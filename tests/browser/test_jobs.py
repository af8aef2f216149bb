"""A comparison of the page: run, watched, cancelled, cleared away."""

from __future__ import annotations

import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from experiments.messages import Language
from experiments.page import kept
from experiments.page.briefs import Brief, Briefs
from experiments.page.jobs import Drawing, Finished, Job, Order, Progress, finished
from experiments.page.kept import KEPT, keep
from experiments.page.package import Package

SHORT = {"demand.scale": "0.02", "run.warm_up_days": "20", "run.window_days": "40"}
LONG = {"demand.scale": "1"}
CHANGED = Package("inverted", (("assessment.street_weight", 0.7),))


def _order(settings: dict[str, str], pairs: int) -> Order:
    return Order((Package("inverted"), CHANGED), pairs, 1, settings)


def _until(holds: Callable[[], bool], seconds: float = 240) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_a_comparison_tells_its_numbers_first_and_draws_a_brief_in_the_language_that_is_asked_for() -> None:
    shown: list[Progress] = []
    job = Job(_order(SHORT, 3), shown.append)
    job.start()
    job.join(300)
    assert not job.is_alive()
    assert shown[-1] == Progress("done", 6, 6), shown[-1]
    assert [each.done for each in shown] == sorted(each.done for each in shown)
    done = finished(job.token)
    assert done is not None and done.study == job.study
    folder = done.results
    assert {each.name for each in folder.iterdir()} == {"data.zip"}
    drawing = Drawing(done, Language.ZH, shown.append)
    drawing.start()
    drawing.join(300)
    assert shown[-1].phase == "drawn" and done.drawn(Language.ZH) and not done.drawn(Language.EN)
    assert {each.name for each in folder.iterdir()} == {"data.zip", "zh"}
    assert "按期" in (folder / "zh" / "report.html").read_text(encoding="utf-8")
    assert (folder / "zh" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "zh" / "report.docx").read_bytes().startswith(b"PK")
    assert any(name.endswith(".svg") for name in zipfile.ZipFile(folder / "zh" / "figures.zip").namelist())
    briefs, order = Briefs(), done.order
    briefs.shown.set({"card": Brief(order, Language.ZH, Progress("done"), job.token)})
    briefs.start("card", order, Language.ZH)  # runs nothing anew
    _until(lambda: bool(briefs.shown.value["card"].files), 60)
    assert set(briefs.shown.value["card"].files) == {"report.html", "report.pdf", "report.docx"}
    names = zipfile.ZipFile(folder / "data.zip").namelist()
    assert any(name.endswith("tables/differences.csv") for name in names) and "rules/inverted_changed.yaml" in names
    job.close()  # as the page does on its way; whoever has the link finds the result
    _until(lambda: not any(each.name == "whistle-clear" for each in threading.enumerate()), 60)
    assert finished(job.token) == done and (folder / "data.zip").exists()


def test_so_many_results_are_kept_and_older_ones_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_KEPT", {})
    folders = [TemporaryDirectory() for _ in range(KEPT + 2)]
    for place, folder in enumerate(folders):
        keep(Finished(str(place), folder, _order(SHORT, 1), Path(folder.name) / "study"))
    assert [Path(folder.name).exists() for folder in folders] == [False, False, *[True] * KEPT]
    assert finished("1") is None and finished("2") is not None
    for folder in folders:
        folder.cleanup()


def test_a_comparison_that_is_cancelled_ends_and_is_cleared_away() -> None:
    shown: list[Progress] = []
    job = Job(_order(LONG, 500), shown.append)
    job.start()
    _until(lambda: bool(shown) and shown[-1].phase == "running" and job.study is not None)
    study = job.study
    assert study is not None
    job.cancel()
    job.join(60)
    assert not job.is_alive()
    assert shown[-1].phase == "cancelled"
    job.close()
    _until(lambda: not study.exists(), 60)


def test_two_comparisons_take_turns_and_one_that_waits_can_be_cancelled() -> None:
    first, second = list[Progress](), list[Progress]()
    running, waiting = Job(_order(LONG, 500), first.append), Job(_order(LONG, 500), second.append)
    running.start()
    _until(lambda: bool(first) and first[-1].phase == "running")
    waiting.start()
    _until(lambda: bool(second) and second[-1].phase == "waiting")
    waiting.cancel()
    waiting.join(30)
    assert not waiting.is_alive() and second[-1].phase == "cancelled"
    running.close()
    waiting.close()
    running.join(60)
    assert not running.is_alive()


def test_a_comparison_that_fails_says_why() -> None:
    shown: list[Progress] = []
    job = Job(_order({"demand.scale": "-1"}, 3), shown.append)
    job.start()
    job.join(120)
    assert not job.is_alive()
    assert shown[-1].phase == "failed" and "expected" in shown[-1].trouble
    assert not list(Path(job._folder).glob("out/*"))
    job.close()
