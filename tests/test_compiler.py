"""What is compiled is what the functions are now: edited on disk, replaced in memory or captured."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import numpy as np
import pytest

from model import portable_math
from model.compiler.reach import Reach, symbol
from model.engine.compiled import over_tables
from model.rules import accept
from tests import small_day
from tests.processes import HOME, printed

DAY = "from tests.small_day import main; main()"
RULES = "model/rules/accept.py"
EDITS = {
    "a rule": (RULES, "(backlog_days + reference)", "(backlog_days * reference)", "relative_load"),
    "a number of a module": ("model/portable_math.py", "_LN2_HIGH = 6.93", "_LN2_HIGH = 6.13", "exp"),
    "a member's value": ("model/terms.py", "    EASY = 1,", "    EASY = 7,", "queue"),
    "a helper": ("model/engine/ledger.py", "commanded + unit.home", "commanded - unit.home", "backlog_days"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that tests share, so that little is compiled twice."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _shared(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WHISTLE_CACHE", str(cache))
    yield
    assert list(cache.rglob("*.part")) == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the model and its tests."""
    for folder in ("model", "configs", "tests"):
        shutil.copytree(HOME / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a file and keep its size and times: only its content tells that it was edited."""
    text, before = path.read_text(encoding="utf-8"), path.stat()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_an_edit_on_disk_gives_other_numbers_and_its_undoing_the_old_ones(copy: Path) -> None:
    def day() -> list[str]:
        return printed(DAY, home=copy).split(" |")

    first, _ = day()
    assert first == small_day.lived_plainly()
    files = {path for path in copy.rglob("*") if path.is_file()}
    seen = {first}
    for name, (file, old, new, compiled) in EDITS.items():
        edit(copy / file, old, new)
        numbers_now, names = day()
        seen.add(numbers_now)
        assert names.split() == [compiled], name
        edit(copy / file, new, old)
    assert len(seen) == 1 + len(EDITS)
    edit(copy / RULES, "one half at the reference", "a half at the reference")
    edit(copy / RULES, "def relative_load", "# a comment\ndef unrelated() -> int:\n    return 1\n\n\ndef relative_load")
    assert day() == [first, ""]
    assert {path for path in copy.rglob("*") if path.is_file()} == files


def test_an_edited_rule_is_compiled_alone_and_with_its_callers_when_it_returns_another_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_day.program()
    with monkeypatch.context() as patch:
        patch.setattr(accept, "relative_load", squared)
        assert small_day.names(small_day.program()) == ["ease", "squared"]  # the caller names another function
    rule: Any = accept.relative_load
    with monkeypatch.context() as patch:
        patch.setattr(rule, "__code__", squared.__code__)
        assert small_day.names(small_day.program()) == ["relative_load"]
        patch.setattr(rule, "__code__", whole.__code__)
        assert small_day.names(small_day.program()) == ["ease", "relative_load"]
    assert small_day.program().functions_compiled == []


def squared(backlog_days: float, reference: float) -> float:
    return backlog_days * backlog_days / reference


def whole(backlog_days: float, reference: float) -> int:
    return int(backlog_days + reference)


def halved(unit: Any) -> float:
    return float(unit.waiting) / 2.0


PATCHES: dict[str, tuple[Any, str, Any]] = {
    "a rule": (accept, "relative_load", squared),
    "a rule by a lambda": (accept, "relative_load", lambda backlog_days, reference: backlog_days - reference),
    "a function of numbers": (portable_math, "exp", lambda x: 2.0 - x),
    "a helper of the engine": (small_day, "backlog_days", halved),
    "a number": (small_day, "REFERENCE", 6.0),
    "a number of another module": (portable_math, "_LN2_HIGH", 0.7),
    "an array": (portable_math, "_POWERS_OF_TWO", portable_math._POWERS_OF_TWO * 3.0),
    "a phase": (small_day, "queue", lambda day: None),
    "Python's own min": (portable_math, "min", lambda one, two: one * two + 1.0),
}


def obeyed(owner: Any, name: str, new: Any, compiled: Callable[[], Any]) -> None:
    """Find that what is replaced is obeyed, and the old numbers come back with what was there."""
    old, plainly = compiled(), small_day.lived_plainly()
    assert small_day.lived(old) == plainly
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, new, raising=False)
        assert not old.is_current()
        assert plainly != small_day.lived_plainly() == small_day.lived(compiled())
    assert old.is_current()
    assert small_day.lived(compiled()) == plainly


@pytest.mark.parametrize(("owner", "name", "new"), PATCHES.values(), ids=PATCHES)
def test_what_is_replaced_in_memory_is_obeyed_and_forgotten_with_it(owner: Any, name: str, new: Any) -> None:
    obeyed(owner, name, new, small_day.program)


FALLBACK = """
import sys
from model.compiler.fallback import FallbackProgram
from tests import small_day, test_compiler
print(small_day.lived(FallbackProgram(*small_day.parts())))
for patch in sys.argv[1:]:
    test_compiler.obeyed(*test_compiler.PATCHES[patch], lambda: FallbackProgram(*small_day.parts()))
"""


def test_the_fallback_has_the_same_numbers() -> None:
    assert printed(FALLBACK) == small_day.lived_plainly()


@pytest.mark.slow
def test_the_fallback_obeys_what_is_replaced_in_memory() -> None:
    printed(FALLBACK, *PATCHES)


def test_a_patched_start_with_a_cold_cache_leaves_nothing_to_a_later_process(tmp_path: Path) -> None:
    patched = "from model.rules import accept; accept.relative_load = lambda one, two: 77.5; "
    cold = str(tmp_path / "cold")
    assert printed(patched + DAY, WHISTLE_CACHE=cold).startswith("77.5 ")
    assert printed(DAY, WHISTLE_CACHE=cold).partition(" |")[0] == small_day.lived_plainly()
    assert printed(patched + DAY, WHISTLE_CACHE=cold).startswith("77.5 ")


def test_an_array_written_to_makes_what_was_compiled_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable_math, "_POWERS_OF_TWO", portable_math._POWERS_OF_TWO.copy())
    old = small_day.program()
    portable_math._POWERS_OF_TWO[:] *= 5.0
    assert not old.is_current()
    assert small_day.lived(old) != small_day.lived_plainly() == small_day.lived(small_day.program())


def scaled(by: Any) -> Any:
    def day(row: Any, _: int) -> bool:
        row.eased = row.load * by
        return True

    return day


def called(function: Any) -> Any:
    def day(row: Any, _: int) -> bool:
        row.eased = function(row.load)
        return True

    return day


def through(module: Any) -> Any:
    def day(row: Any, _: int) -> bool:
        row.eased = module.relative_load(row.load, 1.0)
        return True

    return day


def lived(function: Callable[..., bool]) -> float:
    now = small_day.row()
    over_tables(function, now, {})(now, {}, 1)
    return float(now["eased"][0])


def test_closures_are_told_apart_by_what_they_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [lived(scaled(by)) for by in (2.0, 3.0, np.float64(0.5))] == [8.0, 12.0, 2.0]
    functions = (lambda x: x + 1.0, lambda x: x + 2.0, abs)
    assert [lived(called(function)) for function in functions] == [5.0, 6.0, 4.0]
    assert lived(through(accept)) == 0.8
    monkeypatch.setattr(accept, "relative_load", squared)
    assert lived(through(accept)) == 16.0


def test_whatever_a_function_holds_is_in_its_key() -> None:
    def own(function: Any) -> bytes:
        return Reach({}).of(function).own

    pairs: list[tuple[Any, Any]] = [
        (scaled(0.0), scaled(-0.0)), (scaled(1), scaled(1.0)), (scaled(np.float32(1)), scaled(np.float64(1))),
        (scaled((1, np.arange(3000))), scaled((1, np.arange(3000) // 2999))),
        (scaled(np.zeros(1, [("a", "f8"), ("b", "f8")])[0]), scaled(np.zeros(1, [("b", "f8"), ("a", "f8")])[0])),
        (lambda x, y=1.0: y, lambda x, y=2.0: y), (lambda x, *, y=1.0: y, lambda x, *, y=2.0: y),
    ]  # fmt: skip
    for one, other in pairs:
        assert own(one) != own(other)
    assert own(scaled(2.0)) == own(scaled(2.0))
    assert symbol(scaled(2.0)) != symbol(cast(FunctionType, squared)) == "tests.test_compiler.squared"


def test_a_function_that_holds_something_else_is_stale() -> None:
    made: list[FunctionType] = [scaled(2.0), scaled(2.0), scaled(2.0), scaled(2.0)]
    reach = [Reach({}) for _ in made]
    for one, function in zip(reach, made, strict=True):
        one.of(function)
        assert one.holds()
    made[0].__code__ = called(2.0).__code__
    made[1].__defaults__ = (1,)
    made[2].__kwdefaults__ = {"_": 1}
    assert made[3].__closure__ is not None
    made[3].__closure__[0].cell_contents = 3.0
    assert [one.holds() for one in reach] == [False] * 4
