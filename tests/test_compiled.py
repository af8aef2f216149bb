"""Compiled is uncompiled, an edited file is never served from the cache, a cache that cannot be written is no obstacle.

What is run in a copy of the model: small kernels that use a rule, a helper and a kernel of another file, so that a
compilation takes a second. One slow test does the same with the whole day.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from model import fingerprint
from model.shipped import root
from model.simulation import run_tables
from tests.support import history_of, tiny

HOME = root().parent
"""The folder that holds `model` and `configs`."""

PROBE = '''
"""A kernel that reaches a rule, a number function and a kernel of other files."""

from model.engine.compiled import kernel, main_kernel
from model.engine.ledger import next_event
from model.engine.queues import take_next
from model import numbers
from model.rules import accept


@kernel
def between(load):
    return accept.relative_load(load, 5.0) + numbers.logistic(0.0)


@main_kernel
def probe(load):
    return between(load)
'''

HASHES = """
import hashlib, sys
from model.simulation import run_tables
from tests.support import history_of, tiny
for regime in sys.argv[1:]:
    tables = run_tables(tiny(regime, days=6, follow_up=6), 5, history=True)
    lines = history_of(tables)
    parts = [lines[name].tobytes() for name in lines.dtype.names]
    parts += [tables.units[name].tobytes() for name in tables.units.dtype.names]
    parts += [tables.daily.tobytes(), tables.hand_overs.tobytes(), tables.counts.tobytes()]
    print(regime, len(lines), hashlib.sha256(b"".join(parts)).hexdigest())
"""

CONTRASTED = ("inverted", "flattened", "worst_case")


def python(code: str, *arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh process that imports the model from `home`; every warning is shown."""
    return subprocess.run(
        [sys.executable, "-W", "always", "-c", code, *arguments],
        cwd=home, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )  # fmt: skip


def printed(code: str, *arguments: str, home: Path, **environment: str) -> str:
    done = python(code, *arguments, home=home, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a file and keep its size and times: only its content tells that it was edited."""
    text, before = path.read_text(encoding="utf-8"), path.stat()
    assert text.count(old) == 1
    assert len(new) == len(old)
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the model with a probe in it."""
    for folder in ("model", "configs", "tests"):
        shutil.copytree(HOME / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "model" / "engine" / "probe.py").write_text(PROBE, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def hashes() -> str:
    return printed(HASHES, *CONTRASTED, home=HOME)


def test_compiled_is_uncompiled_to_the_last_bit(hashes: str) -> None:
    assert printed(HASHES, *CONTRASTED, home=HOME, NUMBA_DISABLE_JIT="1") == hashes
    assert len({line.split()[2] for line in hashes.splitlines()}) == len(CONTRASTED)


def test_another_process_has_the_same_history(hashes: str) -> None:
    regime, lines, _ = hashes.splitlines()[0].split()
    assert len(history_of(run_tables(tiny(regime, days=6, follow_up=6), 5, history=True))) == int(lines)


RULE = ("backlog_days / (backlog_days + reference)", "backlog_days / (backlog_days * reference)")
HELPER = ("return 1.0 / (1.0 + exp(-x))", "return 1.0 / (3.0 + exp(-x))")

CALL = "from model.engine.probe import probe; print(probe(5.0))"
KEPT = "from model.engine.probe import probe; probe(5.0); print(sum(probe.stats.cache_hits.values()))"


def test_an_edited_rule_or_helper_is_never_served_from_the_cache(copy: Path) -> None:
    cache = {"WHISTLE_CACHE": str(copy / "cache")}
    assert printed(CALL, home=copy, **cache) == "1.0"
    assert printed(KEPT, home=copy, **cache) == "1"
    edit(copy / "model/rules/accept.py", *RULE)
    assert printed(CALL, home=copy, **cache) == "0.7"
    edit(copy / "model/numbers.py", *HELPER)
    assert printed(CALL, home=copy, **cache) == "0.45"
    assert len(list((copy / "cache").iterdir())) == 3


def test_a_cache_keyed_by_the_probe_file_alone_would_be_stale(copy: Path) -> None:
    """What the test above guards against: with one folder for all code, numba serves the old numbers."""
    home = copy / "model/engine/compiled.py"
    text = home.read_text(encoding="utf-8")
    start = text.index("@cache\ndef fingerprint")
    fixed = '@cache\ndef fingerprint() -> str:\n    return "fixed"\n\n\n'
    home.write_text(text[:start] + fixed + text[text.index("def _cache_home") :], encoding="utf-8")
    cache = {"WHISTLE_CACHE": str(copy / "cache")}
    assert printed(CALL, home=copy, **cache) == "1.0"
    edit(copy / "model/rules/accept.py", *RULE)
    assert printed(CALL, home=copy, **cache) == "1.0"


def test_the_fingerprint_is_that_of_the_content(copy: Path) -> None:
    ask = "from model import fingerprint; print(fingerprint())"
    (copy / "model/engine/probe.py").unlink()
    assert printed(ask, home=copy) == fingerprint()
    (copy / "model/rules/accept.py").touch()
    assert printed(ask, home=copy) == fingerprint()
    edit(copy / "model/rules/accept.py", *RULE)
    assert printed(ask, home=copy) != fingerprint()


def test_without_a_writable_cache_it_compiles_and_says_so(copy: Path) -> None:
    (copy / "file").write_text("no folder", encoding="utf-8")
    done = python(CALL, home=copy, WHISTLE_CACHE=str(copy / "file" / "cache"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1.0"
    assert "RuntimeWarning: compiling without a cache" in done.stderr
    assert "WHISTLE_CACHE" in done.stderr
    assert (copy / "file").read_text(encoding="utf-8") == "no folder"
    assert "Warning" not in python(CALL, home=copy, WHISTLE_CACHE=str(copy / "cache")).stderr


@pytest.mark.slow
def test_an_edited_rule_or_helper_changes_the_whole_day(copy: Path, hashes: str) -> None:
    """Three compilations of the day, some twenty seconds each."""
    cache = {"WHISTLE_CACHE": str(copy / "cache")}
    (copy / "model/engine/probe.py").unlink()
    seen = [printed(HASHES, *CONTRASTED, home=copy, **cache)]
    edit(copy / "model/rules/accept.py", *RULE)
    seen.append(printed(HASHES, *CONTRASTED, home=copy, **cache))
    edit(copy / "model/numbers.py", *HELPER)
    seen.append(printed(HASHES, *CONTRASTED, home=copy, **cache))
    assert seen[0] == hashes
    assert len(set(seen)) == 3
