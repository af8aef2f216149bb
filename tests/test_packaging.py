"""What is shipped: whole, typed, the same bytes each time, and at work outside the tree."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from experiments.evidence.installs import SIMULATE

ROOT = Path(__file__).parents[1]
CLIENT = Path(__file__).with_name("client.py")


def ended(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of this tree on its path."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | more
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """Return what a command prints that ends well."""
    done = ended(*command, cwd=cwd, **more)
    assert done.returncode == 0, (command, done.stdout[-3000:], done.stderr[-3000:])
    return done.stdout


def tree(target: Path) -> Path:
    """Return a copy of what is packed, written now."""
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", ".venv", ".git", "site", "compare-*")
    shutil.copytree(ROOT, target, ignore=ignored)
    return target


def built(source: Path, target: Path, *kinds: str) -> dict[str, bytes]:
    """Return the content of what is built from a tree, by file."""
    run(sys.executable, "-P", "-m", "build", "--no-isolation", *kinds, "--outdir", target, source,
        cwd=source, SOURCE_DATE_EPOCH="1700000000")  # fmt: skip
    return {path.name: path.read_bytes() for path in sorted(target.iterdir())}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    room = tmp_path_factory.mktemp("wheel")
    built(ROOT, room, "--wheel")
    (found,) = room.glob("*.whl")
    return found


def test_the_wheel_has_types_words_and_configurations_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"model/py.typed", "experiments/py.typed", "experiments/messages.po", "model/shipped/base.yaml",
            "experiments/measured/installs.json", "experiments/report/report.typ",
            "experiments/report/report.styles.xml.j2", "experiments/report/report.fonts.xml"} <= names  # fmt: skip
    tops = {name.partition("/")[0] for name in names}
    assert {each for each in tops if not each.endswith(".dist-info")} == {"model", "experiments"}
    ours = {
        path.relative_to(ROOT).as_posix() for top in ("model", "experiments") for path in (ROOT / top).rglob("*.py")
    }
    assert ours <= names


@pytest.mark.slow
def test_two_builds_have_the_same_bytes_and_pass_the_index_s_check(tmp_path: Path) -> None:
    first, second = (built(tree(tmp_path / name), tmp_path / f"{name} built") for name in ("one", "two"))
    assert [name.rpartition(".")[2] for name in first] == ["whl", "gz"]
    digests = [{name: hashlib.sha256(each).hexdigest() for name, each in of.items()} for of in (first, second)]
    assert digests[0] == digests[1]
    files = sorted((tmp_path / "one built").iterdir())
    assert run(sys.executable, "-m", "twine", "check", "--strict", *files, cwd=tmp_path).count("PASSED") == 2


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Make an environment in which nothing is installed; return its Python."""
    venv.create(tmp_path / "env", with_pip=True)
    return tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def install(python: Path, *words: str | Path) -> None:
    run(python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", *words, cwd=python.parent)


@pytest.mark.slow
def test_the_core_works_from_the_wheel_in_a_fresh_environment(wheel: Path, environment: Path, tmp_path: Path) -> None:
    install(environment, wheel)
    small = ("--district", "tiny", "--quiet", "--set", "run.window_days=30")
    whistle = environment.with_name("whistle")
    assert json.loads(run(whistle, "run", "flattened", "--json", *small, cwd=tmp_path))["cases"] > 0
    compared = ("compare", "inverted", "flattened", "--worlds", "reference", "--pairs", "2", *small)
    study = Path(json.loads(run(whistle, *compared, "--json", cwd=tmp_path))["study"])
    (tmp_path / study / "report.pdf").unlink()
    run(whistle, "report", study, "--lang", "zh", cwd=tmp_path)
    assert (tmp_path / study / "report.pdf").read_bytes().startswith(b"%PDF")
    done = ended(whistle, "explore", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.endswith('Install: pip install "whistle-abm[page]"\n')


@pytest.mark.slow
def test_simulate_alone_needs_no_more_than_it_says(wheel: Path, environment: Path, tmp_path: Path) -> None:
    install(environment, "--no-deps", wheel)
    install(environment, *SIMULATE)
    code = "import model; print(model.simulate(model.load_scenario('flattened', district='tiny'), 1).days)"
    assert int(run(environment, "-c", code, cwd=tmp_path)) > 0
    listed = json.loads(run(environment, "-m", "pip", "list", "--format", "json", cwd=tmp_path))
    assert len({each["name"] for each in listed} - {"pip", "setuptools"}) <= 12
    done = ended(environment.with_name("whistle"), "run", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.endswith("Install: pip install whistle-abm\n")


@pytest.mark.slow
def test_a_client_passes_mypy_strictly_against_the_wheel_and_runs(
    wheel: Path, environment: Path, tmp_path: Path
) -> None:
    install(environment, f"{wheel}[notebook]", "mypy", "pandas-stubs")
    shutil.copy(CLIENT, tmp_path / "client.py")
    found = run(environment, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", "client.py", cwd=tmp_path)
    assert "no issues found in 1 source file" in found
    wrong = (tmp_path / "client.py").read_text("utf-8").replace("list[float | None]", "list[str]")
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    with pytest.raises(AssertionError, match="Found 1 error"):
        run(environment, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", "wrong.py", cwd=tmp_path)
    assert len(run(environment, "client.py", cwd=tmp_path).splitlines()) == 3


@pytest.mark.slow
def test_tests_run_from_the_source_distribution(tmp_path: Path) -> None:
    files = built(ROOT, tmp_path / "built", "--sdist")
    (name,) = files
    with tarfile.open(tmp_path / "built" / name) as packed:
        packed.extractall(tmp_path, filter="data")
    home = tmp_path / name.removesuffix(".tar.gz")
    chosen = ("tests/test_house.py", "tests/test_golden.py", "tests/test_documents.py", "tests/experiments/test_cli.py")
    run(sys.executable, "-P", "-m", "pytest", "-q", "-x", *chosen, cwd=home, PYTHONPATH=str(home))
