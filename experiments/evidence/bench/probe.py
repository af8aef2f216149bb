"""Run in a process of its own by `fresh`: measure one thing and print it as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["first_run", "main", "memory"]

KIB_A_MB = 1024.0


def first_run(regime: str, district: str, scale: str) -> dict[str, Any]:
    """Return the outcomes of one run, the seconds until its day is compiled or loaded, and where the code lies."""
    import model

    scenario = model.load_scenario(regime, district=district, overrides={"demand.scale": float(scale)})
    start = time.perf_counter()
    model.prepare(scenario)
    seconds = time.perf_counter() - start
    record = model.simulate(scenario, 1)
    return {"compile_seconds": seconds, "outcomes": record.outcomes, "home": str(Path(model.__file__).resolve())}


def memory(regime: str, district: str) -> dict[str, float]:
    """Return the peak of one run above what the imports take, in MiB."""
    from model import load_scenario, simulate

    before = _resident("VmRSS")
    record = simulate(load_scenario(regime, district=district), 1)
    return {
        "import_mb": before,
        "peak_mb_above_import": _resident("VmHWM") - before,
        "open_cases_peak": float(record.daily["open"].max()),
    }


def _resident(entry: str) -> float:
    """Return memory now (VmRSS) or at its peak (VmHWM), in MiB.

    getrusage is the fallback for systems without /proc; on Linux its peak would include that of the
    process which started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return float(lines[entry].split()[0]) / KIB_A_MB
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / KIB_A_MB / (KIB_A_MB if sys.platform == "darwin" else 1.0)


def main() -> None:
    """Measure what the first argument names for the words that follow."""
    what, *arguments = sys.argv[1:]
    measures: dict[str, Callable[..., dict[str, Any]]] = {"first_run": first_run, "memory": memory}
    sys.stdout.write(json.dumps(measures[what](*arguments)))


if __name__ == "__main__":
    main()
