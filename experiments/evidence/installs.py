"""What an installation costs: a fresh environment for each extra, its packages counted and its files weighed."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.errors import WrongInput
from experiments.store.files import keep_measured
from model import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
SIMULATE = ("numba", "numpy", "pydantic", "PyYAML")  # what `simulate` needs of the core's packages
ALL = "all"

_MEGABYTE = 1e6
_TOOLS = ("pip", "setuptools")  # part of every environment
_LOOK = """
import importlib.metadata as metadata, json, os, sysconfig
folder = sysconfig.get_path("purelib")
names = sorted({each.name for each in metadata.distributions(path=[folder])})
files = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
         if os.path.relpath(place, folder).split(os.sep)[0].split("-")[0] not in TOOLS)
print(json.dumps({"packages": names, "bytes": sum(map(os.path.getsize, files))}))
"""


class Installed(NamedTuple):
    """An environment: its packages, and megabytes (10⁶ bytes) of their files, byte code included; pip is left out."""

    packages: int
    megabytes: int


def keep_installs() -> None:
    """Measure `simulate` alone, the core and each extra, with the versions of `constraints.txt`, and keep the figures.

    Raises:
        WrongInput: Where there is no clone to install from, or an installation fails.
    """
    if not (ROOT / "constraints.txt").is_file():
        raise WrongInput([f"{ROOT}: expected a clone with constraints.txt, to install from."])
    wanted = {"simulate": ("--no-deps", str(ROOT))} | {
        name: (str(ROOT) if name == "core" else f"{ROOT}[{name}]",) for name in (*EXTRAS, ALL)
    }
    rows = {name: installed(*words, alone=SIMULATE if name == "simulate" else ()) for name, words in wanted.items()}
    about = {"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
    keep_measured("installs", {**about, "rows": {name: row._asdict() for name, row in rows.items()}})


def installed(*words: str, alone: Sequence[str] = ()) -> Installed:
    """Install into a fresh environment and weigh it.

    Args:
        words: Of `pip install`.
        alone: Packages that are installed beside it.

    Raises:
        WrongInput: If `pip` fails; with what it says.
    """
    with tempfile.TemporaryDirectory(prefix="whistle-install-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt")]
        for each in (words, alone):
            if each:
                _run([*pip, *each])
        seen = json.loads(_run([str(python), "-c", f"TOOLS = {_TOOLS!r}\n{_LOOK}"]))
    packages = [name for name in seen["packages"] if name not in _TOOLS]
    return Installed(len(packages), round(seen["bytes"] / _MEGABYTE))


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise WrongInput([f"{' '.join(command)}: {done.stderr.strip()}"])
    return done.stdout
