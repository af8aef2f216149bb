"""What only a fresh process shows: peak memory, the start of a command, what the edit of one rule costs.

`python -m experiments.evidence.bench_processes first_run|memory …` is such a process; it prints its results as JSON.
"""

import ast
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from experiments.evidence.bench_timing import Results, over_rounds

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("model", "experiments", "configs")
_FILE, _RULE = "model/rules/accept.py", "relative_load"
_FACTOR = 0.99  # what the edited rule multiplies its value by
_KIB_A_MIB = 1024.0


class FirstRun(NamedTuple):
    """One run in a process of its own: wall seconds to its outcomes, of these to compile or load the day; outcomes."""

    seconds: float
    compile_seconds: float
    outcomes: dict[str, float | None]


def editing(regime: str, district: str, scale: float, rounds: int) -> Results:
    """Time a first run with nothing compiled, after the edit of one rule, and once more with nothing edited.

    Each round has a copy of the tree and an empty cache of its own. Seconds are from the start of the process to its
    outcomes, `compile_seconds` the part of the cold start that compiles.

    Raises:
        RuntimeError: If the edited run gives the old numbers, or the repeated one others than the edited.
    """
    seen: list[tuple[FirstRun, ...]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="whistle-bench-") as folder:
            home, cache = Path(folder).resolve() / "tree", Path(folder).resolve() / "cache"
            for name in _FOLDERS:  # byte code included: what is cold is the engine alone
                if (_ROOT / name).is_dir():  # an installed copy has its configurations inside the model
                    shutil.copytree(_ROOT / name, home / name)
            first = first_run(regime, district, scale, home, cache)
            edit_rule(home / _FILE, _RULE)
            seen.append((first, *(first_run(regime, district, scale, home, cache) for _ in range(2))))
    cold, edited, again = zip(*seen, strict=True)
    for before, after, repeated in seen:
        if after.outcomes == before.outcomes:
            raise RuntimeError(f"an edit of {_FILE} changed no outcome: old numbers were served")
        if repeated.outcomes != after.outcomes:
            raise RuntimeError("a repeated run gave other outcomes than the run before")
    starts = {"cold_seconds": cold, "edit_seconds": edited, "start_seconds": again}
    return over_rounds({
        "compile_seconds": [each.compile_seconds for each in cold],
        **{key: [each.seconds for each in runs] for key, runs in starts.items()},
        "ratio_edit_cold": [after.seconds / before.seconds for before, after in zip(cold, edited, strict=True)],
    })  # fmt: skip


def edit_rule(path: Path, rule: str) -> None:
    """Multiply what a rule returns last by a number close to 1.

    Raises:
        ValueError: If the file has no such rule.
    """
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == rule and isinstance(node.body[-1], ast.Return):
            lines, returned = text.splitlines(keepends=True), node.body[-1]
            first, last = returned.lineno - 1, returned.end_lineno
            old = "".join(lines[first:last]).strip().removeprefix("return")
            lines[first:last] = [f"{' ' * returned.col_offset}return {_FACTOR} * ({old.strip()})\n"]
            path.write_text("".join(lines), encoding="utf-8")
            return
    raise ValueError(f"{path}: no rule {rule} that ends with what it returns")


def first_run(regime: str, district: str, scale: float, home: Path, cache: Path) -> FirstRun:
    """Run the code of `home` once in a process of its own, with what `cache` holds compiled."""
    start = time.perf_counter()
    found = fresh("first_run", regime, district, str(scale), home=home, WHISTLE_CACHE=str(cache))
    seconds = time.perf_counter() - start
    if not Path(found["home"]).is_relative_to(home.resolve()):
        raise RuntimeError(f"the code of {found['home']} ran instead of that of {home}")
    return FirstRun(seconds, found["compile_seconds"], found["outcomes"])


def command_seconds(arguments: list[str], times: int) -> float:
    """Return the median wall time of a `whistle` command, process start included."""
    seen = []
    for _ in range(times):
        start = time.perf_counter()
        _python("-m", "experiments.cli", *arguments)
        seen.append(time.perf_counter() - start)
    return statistics.median(seen)


def fresh(what: str, *arguments: str, home: Path = _ROOT, **environment: str) -> Results:
    """Return what one of `MEASURES` finds in a process of its own."""
    printed = _python("-m", "experiments.evidence.bench_processes", what, *arguments, home=home, **environment)
    found: Results = json.loads(printed)
    return found


def _python(*arguments: str, home: Path = _ROOT, **environment: str) -> str:
    """Return the standard output of a Python of its own, which finds the packages of `home` wherever it is started."""
    path = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=None if home == _ROOT else home,  # Python looks into the current folder first
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    ).stdout


def _measure_first_run(regime: str, district: str, scale: str) -> Results:
    """Return the outcomes of one run, the seconds until its day is compiled or loaded, and where the code lies."""
    import model

    scenario = model.load_scenario(regime, district=district, overrides={"demand.scale": float(scale)})
    start = time.perf_counter()
    model.prepare(scenario)
    seconds = time.perf_counter() - start
    outcomes = model.simulate(scenario, 1).outcomes
    return {"compile_seconds": seconds, "outcomes": outcomes, "home": str(Path(model.__file__).resolve())}


def _measure_memory(regime: str, district: str) -> Results:
    """Return the peak of one run above the imports, in MiB, and the cases most at once in its tables (warm cache)."""
    from model import load_scenario, simulate

    before = _resident("VmRSS")
    record = simulate(load_scenario(regime, district=district), 1)
    return {
        "import_mb": before,
        "peak_mb_above_import": _resident("VmHWM") - before,
        "open_cases_peak": float(record.daily["open"].max()),
    }


def _resident(entry: str) -> float:
    """Return memory now (VmRSS) or at its peak (VmHWM), in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux the peak of getrusage would include that of the process which started this one
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return float(lines[entry].split()[0]) / _KIB_A_MIB
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _KIB_A_MIB / (_KIB_A_MIB if sys.platform == "darwin" else 1.0)


MEASURES: dict[str, Callable[..., Results]] = {"first_run": _measure_first_run, "memory": _measure_memory}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
