"""What is checked first: that `model` is ours, that nothing is missing; and that starting loads nothing heavy."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from model import EXTRAS, install_command
from model.extras import CORE

ROOT = Path(__file__).parents[2]
HEAVY = ("mesa", "matplotlib", "pandas", "solara", "dask", "distributed", "pyarrow", "scipy", "numba", "docx", "lxml")


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


COMPILING = "from model.compiler import tell_progress; [tell_progress(number, 12) for number in (1, 2, 3)]"


def test_the_first_compilation_says_so_once_on_standard_error_alone() -> None:
    done = python("-c", COMPILING)
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("compiling 12 phases of the model for this machine, about 24 s (kept in /")


def test_who_asks_for_silence_has_it() -> None:
    done = python("-c", f"from model import show_progress; show_progress(None); {COMPILING}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


REFUSING = """
import sys
from importlib.machinery import PathFinder
MISSING = {missing!r}
find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name.partition(".")[0] in MISSING else find(name, *rest)
"""
"""Takes packages away, as if they were not installed."""

BEYOND_THE_CORE = {name for extra, names in EXTRAS.items() if extra != CORE for name in names}


def whistle(*words: str, cwd: Path, missing: set[str] = BEYOND_THE_CORE) -> subprocess.CompletedProcess[str]:
    """Run a command where packages are missing."""
    started = f"sys.argv = ['whistle', *{words!r}]\nfrom experiments.cli import main\nmain()"
    return python("-c", f"{REFUSING.format(missing=missing)}\n{started}", cwd=cwd)


SMALL = ("--district", "tiny", "--set", "run.warm_up_days=5", "--set", "run.window_days=20", "--quiet")


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_the_core_compares_and_reports(language: str, tmp_path: Path) -> None:
    compared = ("compare", "inverted", "flattened", "--worlds", "reference", "--pairs", "2", *SMALL)
    done = whistle(*compared, "--lang", language, "--out", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (study,) = tmp_path.glob("compare-*")
    assert (study / "report.html").is_file() and (study / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (study / "report.docx").read_bytes().startswith(b"PK")


def test_the_core_runs_and_reads_logs(tmp_path: Path) -> None:
    done = whistle("run", "flattened", *SMALL, "--events", "log.parquet", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = whistle("log", "log.parquet", "--json", cwd=tmp_path)
    assert done.returncode == 0 and json.loads(done.stdout)["cases"] > 0, done.stderr


WITH_EXTRA = ("what_matters", "screening", "robust_package", "worlds_chaoyang")
"""Shipped studies that need more than the core."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(each.stem for each in (ROOT / "configs" / "studies").glob("*_smoke.yaml")))
def test_the_core_runs_every_other_study_and_shows_its_report(name: str, tmp_path: Path) -> None:
    done = whistle("study", name, "--quiet", "--out", ".", cwd=tmp_path)
    if name.removesuffix("_smoke") in WITH_EXTRA:
        assert done.returncode == 2 and "Install: make extra-" in done.stderr
        return
    assert done.returncode in (0, 3), done.stderr
    (study,) = (each.parent for each in tmp_path.glob("*/manifest.json"))
    assert (study / "report.pdf").is_file()


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("explore",), "page"),
        (("sensitivity", "what_matters_smoke"), "studies"),
        (("search", "robust_package_smoke"), "studies"),
        (("worlds", "worlds_chaoyang_smoke"), "worlds"),
        (("compare", "--executor", "dask", "--district", "tiny", "--worlds", "reference", "--pairs", "2"), "cluster"),
    ],
)
def test_a_command_that_needs_more_says_the_one_command_that_installs_it(
    words: tuple[str, ...], extra: str, tmp_path: Path
) -> None:
    done = whistle(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(f"Install: {install_command(extra)}")
    assert "Traceback" not in done.stderr and "needs " in done.stderr


@pytest.mark.parametrize(
    ("code", "extra"),
    [("import model; model.DistrictModel", "notebook"), ("import model; model.read_log", CORE)],
)
def test_a_name_that_needs_more_says_so_as_well(code: str, extra: str) -> None:
    done = python("-c", f"{REFUSING.format(missing=BEYOND_THE_CORE | {'pyarrow'})}\n{code}")
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("model.extras.MissingExtra: ") and last.endswith(install_command(extra))


def test_the_command_is_one_of_pip_outside_a_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.extras.__file__", "/somewhere/site-packages/model/extras.py")
    assert install_command("page") == 'pip install "whistle-abm[page]"'
    assert install_command(CORE) == "pip install whistle-abm"


def declared() -> dict[str, set[str]]:
    """Return the distributions by extra, as they are written in `pyproject.toml`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = {CORE: project["dependencies"], **project["optional-dependencies"]}
    return {extra: {re.split(r"[\[<>=,; ]", each)[0].lower() for each in listed} for extra, listed in lists.items()}


def test_what_an_extra_is_said_to_bring_it_brings() -> None:
    brought, by_name = declared(), packages_distributions()
    assert {*EXTRAS, "all", "dev"} == {*brought}
    indirect = {"dask", "solara", "threadpoolctl"}  # come with distributed, solara's assets and scikit-learn
    for extra, names in EXTRAS.items():
        for name in set(names) - indirect:
            assert {each.lower() for each in by_name[name]} & brought[extra], (extra, name)
