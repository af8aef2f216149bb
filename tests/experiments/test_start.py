"""What is checked first: that `model` is ours, that nothing is missing; and that starting loads nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("mesa", "matplotlib", "pandas", "solara", "dask", "distributed", "pyarrow", "scipy", "numba")


def python(*arguments: str, before: Path | None = None, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python on our tree, with a folder before it on the path."""
    path = os.pathsep.join(str(each) for each in (before, ROOT) if each is not None)
    return subprocess.run(
        [sys.executable, "-P", *arguments], cwd=cwd, env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["import model", "import experiments", "import experiments.cli.app"])
def test_nothing_heavy_is_loaded(code: str) -> None:
    found = python("-c", f"import sys; {code}; print([name for name in {HEAVY!r} if name in sys.modules])")
    assert found.stdout.strip() == "[]", found.stderr


def test_that_something_heavy_is_loaded_would_be_seen() -> None:
    found = python("-c", f"import sys, scipy; print([name for name in {HEAVY!r} if name in sys.modules])")
    assert found.stdout.strip() == "['scipy']"


@pytest.mark.parametrize(
    "code", ["import experiments", "from experiments import open_study", "import experiments.kinds"]
)
def test_a_model_of_ones_own_is_named_with_what_to_do(code: str, tmp_path: Path) -> None:
    own = tmp_path / "model.py"
    own.write_text("x = 1\n", encoding="utf-8")
    done = python("-c", code, before=tmp_path)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith(f"ImportError: {own}: this 'model' hides the package") and "rename the file" in last


def test_a_command_beside_a_model_of_ones_own_ends_with_code_2_and_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.py").touch()
    done = python("-m", "experiments.cli", "run", "inverted", before=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(str(tmp_path / "model.py")) and len(done.stderr.splitlines()) == 1


def test_a_folder_model_of_ones_own_is_named_as_well(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "__init__.py").touch()
    assert str(tmp_path / "model" / "__init__.py") in python("-c", "import experiments", before=tmp_path).stderr
