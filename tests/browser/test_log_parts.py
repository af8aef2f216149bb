"""What the page does with a log, without a browser: fields, files, processes, what is kept."""

from __future__ import annotations

import asyncio
import dataclasses
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import solara
from starlette.requests import Request

from experiments import fitted
from experiments.blocks import Notice
from experiments.learning import results
from experiments.learning.fitting import look
from experiments.learning.results import diagnosis_blocks
from experiments.logs.options import LogOptions
from experiments.messages import Language, in_language, msg
from experiments.page import kept, uploads
from experiments.page.compare_tab import CompareTab, Comparing
from experiments.page.jobs import arguments_of
from experiments.page.log_fields import OPTIONS, command_of, fields_of, given, kind_of, with_option
from experiments.page.log_job import Learned, LogJob, learned
from experiments.page.log_process import Task, carry_out
from experiments.page.log_tab import LogTab, Reading
from experiments.page.package import Choice
from experiments.page.serving import _log
from experiments.page.state import Link, State, parse_link
from experiments.page.uploads import TooLarge, Uploads, uploads_of
from tests.browser.conftest import Render
from tests.browser.logs import gb18030, written


def _awaited(what: Any) -> Any:
    """Await in a thread of its own: Playwright has a loop in this one."""

    async def run() -> Any:
        return await what

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result()


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for each in pieces:
        yield each


def _until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.mark.parametrize("language", list(Language))
def test_every_option_of_the_command_is_a_field_with_its_flag(language: Language) -> None:
    columns: list[dict[str, Any]] = [{"name": "工单编号", "role": "case"}, {"name": "单位", "role": None}]
    with in_language(language):
        fields = {each["name"]: each for each in fields_of({"unit": "单位"}, columns, {"closed_by": ["办结"]})}
    assert set(fields) == set(OPTIONS) and len({each["label"] for each in fields.values()}) == len(OPTIONS)
    assert fields["closed_by"]["flag"] == "--closed-by" and fields["closed_by"]["choices"][0]["code"] == "办结"
    assert "工单编号" in fields["case"]["choices"][0]["name"] and fields["unit"]["value"] == "单位"
    assert "none" in [each["code"] for each in fields["kind"]["choices"]]
    assert "none" not in [each["code"] for each in fields["case"]["choices"]]
    assert {kind_of(name) for name in OPTIONS} == {"column", "list", "number", "text", "date", "switch"}


def test_settings_are_options_of_the_log_and_nonsense_is_none() -> None:
    settings: Any = {}
    right: list[tuple[str, Any]] = [
        ("unit", "x"),
        ("closed_by", ["a", "b"]),
        ("limit", 5),
        ("hide_units", True),
        ("state", "s"),
    ]
    for name, value in right:
        settings = with_option(settings, name, value)
    wrong: list[tuple[Any, Any]] = [
        ("unit", 3), ("closed_by", "a"), ("limit", float("nan")), ("limit", True), ("paths", "x"),
        ("hide_units", "yes"), ("unit", "x" * 1000), (None, None),
    ]  # fmt: skip
    for name, value in wrong:
        with pytest.raises(ValueError, match=str(name)):
            with_option(settings, name, value)
    options = LogOptions.of("x.csv", given(settings))
    assert (options.unit, options.closed_by, options.limit, options.state) == ("x", ("a", "b"), 5, None)
    assert with_option(with_option(settings, "unit", ""), "closed_by", []) == {
        "limit": 5,
        "hide_units": True,
        "state": "s",
    }
    said = command_of("log", ["my log.csv"], settings)
    assert said == "whistle log 'my log.csv' --unit x --closed-by a --closed-by b --limit 5 --hide-units"


def test_files_lie_in_a_folder_that_goes_with_the_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Uploads()
    _awaited(held.take(1, "工单.csv", _pieces(b"a,", b"b")))
    assert (held.files(1) / "工单.csv").read_bytes() == b"a,b"
    for name in ("../x", "", "a/b", "x\n", "a" * 300):
        with pytest.raises(ValueError, match="expected the name of a file"):
            _awaited(held.take(1, name, _pieces(b"x")))
    monkeypatch.setattr(uploads, "LARGEST_LOG", 5)
    with pytest.raises(TooLarge, match="larger than 5 bytes"):
        _awaited(held.take(1, "more.csv", _pieces(b"xx", b"x")))
    assert [each.name for each in held.files(1).iterdir()] == ["工单.csv"]
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    with pytest.raises(TooLarge, match="more than 1 files"):
        _awaited(held.take(1, "more.csv", _pieces(b"x")))
    _awaited(held.take(2, "b.csv", _pieces(b"x")))
    held.keep_only(2)
    assert not held.files(1).exists() and held.files(2).exists()
    folder, token = held.files(2).parent, held.token
    assert uploads_of(token) is held
    held.close()
    assert not folder.exists() and uploads_of(token) is None


def test_all_tabs_together_give_no_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Uploads(), Uploads()
    monkeypatch.setattr(uploads, "LARGEST_OF_ALL", 3)
    _awaited(first.take(1, "a.csv", _pieces(b"x", b"x")))
    with pytest.raises(TooLarge, match="all open pages"):
        _awaited(second.take(1, "b.csv", _pieces(b"x", b"x")))
    _awaited(first.take(1, "a.csv", _pieces(b"x")))  # in place of what it was
    _awaited(second.take(1, "b.csv", _pieces(b"x", b"x")))
    first.keep_only(None)
    _awaited(second.take(1, "b.csv", _pieces(b"x", b"x", b"x")))
    second.close()
    assert not any(path.is_relative_to(second.files(1).parent) for path in uploads._HELD)
    first.close()


def test_a_file_is_taken_from_who_knows_the_token_alone() -> None:
    held = Uploads()

    def sent(token: str, name: str) -> int:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"x", "more_body": False}

        scope = {"type": "http", "method": "PUT", "headers": [],
                 "path_params": {"token": token, "log": 1, "name": name}}  # fmt: skip
        return int(_awaited(_log(Request(scope, receive))).status_code)

    assert [sent(held.token, "a.csv"), sent("other", "a.csv"), sent(held.token, "..")] == [204, 404, 400]
    assert [each.name for each in held.files(1).iterdir()] == ["a.csv"]
    held.close()


def _told(task: Task) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    carry_out(task, lambda what, **values: found.append((what, values)))
    return found


def test_a_log_of_several_files_is_one_and_people_are_never_offered(tmp_path: Path) -> None:
    lines = gb18030().split(b"\n")
    for number, part in enumerate((lines[:7], [lines[0], *lines[7:]])):
        written(tmp_path, f"{number}.csv", b"\n".join(part))
    out, names = tmp_path / "out", ["0.csv", "1.csv"]
    found = _told(Task(False, str(tmp_path), names, {"activity": "承办人"}, Language.EN, str(out), state="环节"))
    states = {"option": "closed_state", "values": ["受理", "派单", "办结", "退回"]}
    assert ("values", states) in found and ("values", {"option": "closed_by", "values": []}) in found
    assert "张三" not in str(found)
    told = dict(found)
    assert "6 cases, 18 events" in told["measures"]["blocks"][0]["text"]
    assert {each["address"] for each in told["measures"]["figures"]} >= {"arrivals.svg", "days.svg"}
    assert told["diagnosis"]["refused"] and (out / "diagnosis.svg").exists()


def test_a_log_from_which_nothing_can_be_learned_is_refused_in_the_words_of_the_command(tmp_path: Path) -> None:
    written(tmp_path, "a.csv", gb18030())
    task = Task(True, str(tmp_path), ["a.csv"], {"closed_by": ["办结"]}, Language.EN, "", district="a-district")
    told = dict(_told(task))
    assert told["refused"]["problems"][0].startswith("a.csv: No split is fair") and "learned" not in told
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv"]


@dataclasses.dataclass(frozen=True)
class _Fitted:
    """Stands for what is learned in minutes."""

    looked: Any


class _Findings:
    """Writes a district at once."""

    def __init__(self, asked: Any, language: Language, say: Callable[[str], None]) -> None:
        say(f"learning in {language}")
        asked.out.mkdir()
        for name in ("report.html", "report.pdf", "district.yaml"):
            written(asked.out, name, b"x")
        self.fitted = _Fitted(look(asked))


@dataclasses.dataclass(frozen=True)
class _Results:
    fitted: _Fitted

    def title(self) -> str:
        return msg("fit_title", log=self.fitted.looked.log.options.path)

    def blocks(self) -> list[Any]:
        return [Notice("well"), *diagnosis_blocks(self.fitted.looked), "next"]

    def charts(self) -> list[Any]:
        return []


def test_what_was_learned_is_told_in_both_languages_and_kept_with_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitted, "FitFindings", _Findings)
    monkeypatch.setattr(results, "FitResults", _Results)
    monkeypatch.setattr(kept, "_KEPT", {})
    written(tmp_path, "a.csv", gb18030())
    found: list[Any] = []
    task = Task(True, str(tmp_path), ["a.csv"], {}, Language.EN, "", district="a-district")
    job = LogJob(task, tmp_path, found.append)
    carry_out(job.task, lambda what, **values: job._hand_on({"what": what, **values}))
    assert {"what": "line", "words": "learning in en"} in found
    assert found[-1] == {"what": "learned", "token": job.token}
    done = learned(job.token)
    assert done is not None and done.reports == ["report.pdf", "report.html"]
    assert zipfile.ZipFile(done.results / "a-district.zip").testzip() is None and (done.path / "district.yaml").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]
    assert "learned from a.csv" in done.shown["en"]["title"] and "根据 a.csv" in done.shown["zh"]["title"]
    assert [each["text"] for each in done.shown["zh"]["blocks"]] == ["well", "next"]
    job.close()
    assert done.path.exists()
    done.folder.cleanup()


def test_a_process_tells_what_it_finds_and_one_that_is_cancelled_ends(tmp_path: Path) -> None:
    written(tmp_path, "a.csv", gb18030())
    task = Task(False, str(tmp_path), ["a.csv"], {}, Language.EN, str(tmp_path / "out"))
    found: list[Any] = []
    job = LogJob(task, tmp_path, found.append)
    job.start()
    _until(lambda: bool(found))
    job.cancel()
    job.join(60)
    assert not job.is_alive() and found[-1] == {"what": "ended", "phase": "cancelled"}
    found.clear()
    wrong = LogJob(dataclasses.replace(task, options={"unit": "none such"}), tmp_path, found.append)
    wrong.start()
    wrong.join(120)
    (problem,) = [each["problems"] for each in found if each["what"] == "wrong"]
    assert "--unit: a.csv has no column 'none such'" in problem[0]
    assert found[-1] == {"what": "ended", "phase": "failed"}


def _drawn(widget: Any) -> Iterator[Any]:
    yield widget
    for each in getattr(widget, "children", ()):
        yield from _drawn(each)


@pytest.fixture
def district(monkeypatch: pytest.MonkeyPatch) -> Iterator[Learned]:
    """Keep a district as if it had been learned."""
    folder = TemporaryDirectory()
    done = Learned("token", folder, "office-district", {
        str(each): {"title": f"learned {each}", "blocks": [{"kind": "paragraph", "text": "told"}], "figures": []}
        for each in Language
    }, "en")  # fmt: skip
    done.path.mkdir(parents=True)
    for name in ("report.html", "report.docx", "district.yaml"):
        written(done.path, name, b"x")
    monkeypatch.setattr(kept, "_KEPT", {"token": done})
    yield done
    folder.cleanup()


def test_a_district_that_was_learned_is_shown_and_compared(district: Learned, render: Render) -> None:
    state = State(Link(Language.EN, "log", learned="token"))
    reading, went = Reading(state), list[bool]()
    box, context = solara.render(LogTab(state, reading, lambda: went.append(True)), handle_error=False)
    learn = next(each for each in _drawn(box) if hasattr(each, "files"))
    assert [each["file"] for each in learn.files] == ["report.docx", "report.html", "office-district.zip"]
    assert not learn.ready and not learn.in_other_language
    learn.vue_event_compare(None)
    assert went
    context.close()
    state.choice.set(Choice(learned=True))
    link = state.link.query()
    assert "on=learned" in link and parse_link(link.removeprefix("?"))[0] == state.link
    comparing = Comparing(state)
    compare = render(CompareTab(state, comparing))
    assert compare.on_learned and compare.districts == ["Chaoyang", "learned en"]
    assert f"--district {district.path}" in " ".join(arguments_of(comparing.order(), Path()))
    compare.vue_event_set_learned(False)
    assert not compare.on_learned and "--district" not in arguments_of(comparing.order(), Path())
    reading.close()


def test_a_district_that_is_no_longer_kept_is_said_to_be_gone(render: Render) -> None:
    state = State(Link(Language.EN, "log", learned="long ago"))
    reading = Reading(state)
    assert "no longer kept" in reading.trouble.value.words[0] and "learned" not in state.link.query()
    nonsense: list[tuple[Any, Any, Any]] = [(1, ["a.csv"], 3), ("x", [], 1), (1, [None], 1)]
    for each in nonsense:
        reading.take(*each)
    reading.set_split("soon")
    reading.set_option("limit", "x")
    assert reading.log.value is None and not reading.split.value and not reading.settings.value
    folder = reading.uploads.results.parent
    reading.close()
    _until(lambda: not folder.exists())
