"""What is kept on disk: damage is seen, a disk that refuses is no obstacle, what is unused goes first."""

from __future__ import annotations

import errno
import os
import shutil
import time
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from model.compiler.store import Store, home
from tests import small_day
from tests.processes import HOME, ended, start

DAY = "from tests.small_day import main; main()"
ALL = ["backlog_days", "ease", "exp", "live", "logistic", "queue", "relative_load", "weigh", "word_derive", "word_draw"]


def flipped(at: int) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[at] ^= 4
        path.write_bytes(bytes(content))

    return flip


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = {
    "truncated": truncated, "empty": emptied, "a folder": made_a_folder,
    "first bit": flipped(0), "a bit of the content": flipped(40), "last bit": flipped(-1),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the small day was compiled; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("whole") / "cache"
    compiled = small_day.program(folder)
    assert small_day.names(compiled) == ALL
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "cache")
    return tmp_path / "cache"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/*")}


def test_what_is_kept_is_not_compiled_again(folder: Path) -> None:
    compiled = small_day.program(folder)
    assert compiled.functions_compiled == []
    assert small_day.lived(compiled) == small_day.lived_plainly()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_dropped_and_made_again_with_the_same_numbers(
    damage: Callable[[Path], None], folder: Path
) -> None:
    before = contents(folder)
    for path in list(folder.glob("*/*")):
        damage(path)
    compiled = small_day.program(folder)
    assert small_day.names(compiled) == ALL
    assert small_day.lived(compiled) == small_day.lived_plainly()
    assert contents(folder).keys() == before.keys()
    assert small_day.program(folder).functions_compiled == []


def test_one_damaged_phase_is_put_together_from_its_functions(folder: Path) -> None:
    for path in (folder / "phases").iterdir():
        truncated(path)
    compiled = small_day.program(folder)
    assert compiled.functions_compiled == []
    assert small_day.lived(compiled) == small_day.lived_plainly()


def test_a_damaged_file_is_never_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("functions", "one", b"content")
    assert store.get("functions", "one") == b"content"
    for damage in DAMAGES.values():
        store.put("functions", "one", b"content" * 9)
        damage(tmp_path / "functions" / "one")
        assert store.get("functions", "one") is None
        assert not (tmp_path / "functions" / "one").exists()


def refusing(number: int) -> Callable[..., None]:
    def raise_if_any(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return raise_if_any


REFUSALS = {
    "a folder that is only read": ("tempfile.mkstemp", errno.EACCES),
    "a disk that is only read": ("os.fdopen", errno.EROFS),
    "a full disk": ("os.replace", errno.ENOSPC),
}


def lived_with_one_warning(folder: Path) -> str:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        compiled = small_day.program(folder)
    assert small_day.names(compiled) == ALL
    (warning,) = told
    assert warning.category is RuntimeWarning
    assert str(folder) in str(warning.message)
    assert "WHISTLE_CACHE" in str(warning.message)
    assert small_day.lived(compiled) == small_day.lived_plainly()
    return str(warning.message)


@pytest.mark.parametrize(("call", "number"), REFUSALS.values(), ids=REFUSALS)
def test_a_disk_that_refuses_is_told_once_and_changes_no_number(
    call: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(f"model.compiler.store.{call}", refusing(number))
        assert os.strerror(number) in lived_with_one_warning(tmp_path / "cache")
    assert contents(tmp_path / "cache") == {}


def test_a_file_where_the_folder_should_be_is_told_once_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    lived_with_one_warning(tmp_path / "file")
    lived_with_one_warning(tmp_path / "file" / "cache")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "no folder"


def test_two_processes_with_one_new_folder_are_both_right(tmp_path: Path) -> None:
    both = [start(DAY, WHISTLE_CACHE=str(tmp_path / "cache")) for _ in range(2)]
    results = {ended(process).partition(" |")[0] for process in both}
    assert results == {small_day.lived_plainly()}
    assert list(tmp_path.rglob("*.part")) == []
    assert small_day.program(tmp_path / "cache").functions_compiled == []


def aged(store: Store, **hours: float) -> None:
    """Put files of 100 bytes (a checksum of 16 in it) last used so many hours ago."""
    for name, ago in hours.items():
        store.put("functions", name, b"x" * 84)
        used = time.time() - 3600.0 * ago
        os.utime(store.folder / "functions" / name, (used, used))


def test_what_was_not_used_for_longest_is_removed_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    aged(store, first=9, second=8, third=7, fourth=6)
    assert store.get("functions", "first") is not None
    store.prune(250)
    assert sorted(path.name for path in (tmp_path / "functions").iterdir()) == ["first", "fourth"]
    store.prune(250)
    assert sum(path.stat().st_size for path in (tmp_path / "functions").iterdir()) == 200


def test_files_half_written_are_removed_when_whoever_wrote_them_is_gone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    aged(store, kept=100)
    for name, ago in (("old.part", 2 * 3600.0), ("new.part", 60.0)):
        (tmp_path / "functions" / name).write_bytes(b"half")
        os.utime(tmp_path / "functions" / name, (time.time() - ago,) * 2)
    store.prune()
    assert sorted(path.name for path in (tmp_path / "functions").iterdir()) == ["kept", "new.part"]


def test_a_folder_that_is_not_there_is_nothing_to_prune(tmp_path: Path) -> None:
    Store(tmp_path / "none").prune()
    assert not (tmp_path / "none").exists()


def test_nothing_compiled_is_in_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = facts["tool"]["hatch"]["build"]["targets"]["wheel"]
    shipped = [HOME / name for name in (*wheel["packages"], *wheel["force-include"])]
    monkeypatch.delenv("WHISTLE_CACHE", raising=False)
    assert not any(home().is_relative_to(folder) for folder in shipped)
    found = {path.suffix for folder in shipped for path in folder.rglob("*") if path.is_file()} - {".pyc"}
    read = {".py", ".typed", ".po", ".yaml", ".csv", ".json", ".md", ".parquet"}
    assert found <= read | {".vue", ".css", ".js", ".j2", ".typ", ".svg", ".xml", ".woff2", ".ttf", ".txt"}
