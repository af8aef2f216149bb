"""A fake model, in this process and in a tree of its own for processes."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import experiments
from experiments.design.plan import Plan, bases_of, make_plan
from experiments.design.studyfile import Replicates, StudyFile
from model.config.overrides import read_overrides
from model.config.yamlfile import read_yaml, to_yaml
from model.errors import ConfigError

PACKAGE = Path(experiments.__file__).parent
FAKE = Path(__file__).with_name("fake_model.py")


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Put the fake where `import model` finds it; its origin is where ours would lie; YAML is read as by ours."""
    spec = importlib.util.spec_from_file_location("model", FAKE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "model", module)
    spec.loader.exec_module(module)
    vars(module).update(ConfigError=ConfigError, read_overrides=read_overrides, read_yaml=read_yaml, to_yaml=to_yaml)
    spec.origin = str(PACKAGE.parent / "model" / "__init__.py")
    return module


@pytest.fixture
def planned(fake_model: ModuleType) -> Callable[..., Plan]:
    """Return a function that plans a comparison of the fake's regimes."""

    def plan(pairs: int = 6, seed: int = 1, **overrides: Any) -> Plan:
        settings = {f"fake.{name}": value for name, value in overrides.items()}
        study = StudyFile(
            name="compare",
            experiment="compare",
            regimes=("inverted", "flattened"),
            set=settings,
            replicates=Replicates(fixed=pairs),
            seed=seed,
            series=True,
        )
        return make_plan(study, bases_of(study))

    return plan


class Whistle:
    """The command line in processes of its own, on a tree whose model is the fake."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONWARNINGS": "error::UserWarning"}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "experiments.cli", *arguments],
            cwd=self.tree,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **options,
        )

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        with self.start(*arguments) as process:
            output, errors = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


@pytest.fixture
def whistle(tmp_path: Path) -> Whistle:
    """Build a tree with a copy of our experiments beside the fake model."""
    tree = tmp_path / "tree"
    (tree / "model").mkdir(parents=True)
    (tree / "model" / "__init__.py").write_text(FAKE.read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copytree(PACKAGE, tree / "experiments", ignore=shutil.ignore_patterns("__pycache__"))
    # drawing takes two seconds a study, which only the test of figures has to spend
    with (tree / "experiments" / "studies" / "compare.py").open("a", encoding="utf-8") as compare:
        compare.write("CompareResults.charts = lambda _: ()\n")
    return Whistle(tree)
