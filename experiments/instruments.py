"""Every instrument on paired luck: turned up alone, and turned in the whole reform; the table of what was found.

`python -m experiments.instruments` measures anew (`make instruments`, some minutes) and writes
`configs/instruments.json` and `configs/INSTRUMENTS.md`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

from experiments.files import replace_text
from experiments.statistics import paired_difference
from model import INSTRUMENTS, OUTCOMES, Instrument, Scenario, load_scenario, shipped_root, simulate

__all__ = ["FILE", "PAGE", "found", "measure", "page", "sides", "verdict"]

FILE = shipped_root() / "instruments.json"
PAGE = shipped_root() / "INSTRUMENTS.md"
SETTINGS: dict[str, Any] = {}
"""Full volume: at a small scale streets have so few people that a rule about posts does nothing."""

PAIRS = 8
Sides = tuple[Scenario, Scenario]


def sides(instrument: Instrument, whole: bool, settings: dict[str, Any]) -> Sides:
    """Return the scenarios without and with an instrument.

    Parameters
    ----------
    instrument : Instrument
    whole : bool
        In the flattened district (an R is turned down there, others up), else over the district before the reform
        and what must stand beneath.
    settings : dict
        Overrides of both.
    """
    base = "flattened" if whole else (instrument.beneath or ("inverted",))[0]
    if instrument.row == "N13":
        return load_scenario("campaign", overrides=settings), load_scenario("n13", overrides=settings)
    on, off = _values(instrument, instrument.regime), _values(instrument, "inverted")
    return (
        load_scenario(base, overrides=settings | off),
        load_scenario(base, overrides=settings | on),
    )


def _values(instrument: Instrument, regime: str) -> dict[str, Any]:
    resolved = load_scenario(regime).resolved()
    return {key: resolved[key.split(".")[0]][key.split(".")[1]] for key in instrument.topics}


def measure(pairs: int = PAIRS, settings: dict[str, Any] | None = None, workers: int = 2) -> dict[str, Any]:
    """Return, by row and side ("alone", "whole"), mean and interval of the observable's and of closure's change."""
    jobs = [(row, whole, seed, settings or SETTINGS) for row in range(len(INSTRUMENTS)) for whole in (False, True)
            for seed in range(1, pairs + 1)]  # fmt: skip
    simulate(load_scenario("inverted", district="tiny"), 0)  # compiled once, before workers start
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool:
        results = dict(zip([job[:3] for job in jobs], pool.map(_run, jobs, chunksize=4), strict=True))
    return {
        instrument.row: {
            side: _summary(instrument, [results[row, whole, seed] for seed in range(1, pairs + 1)])
            for side, whole in (("alone", False), ("whole", True))
        }
        for row, instrument in enumerate(INSTRUMENTS)
    }


def _run(job: tuple[int, bool, int, dict[str, Any]]) -> list[list[float | None]]:
    row, whole, seed, settings = job
    instrument = INSTRUMENTS[row]
    names = (instrument.outcome, "closure_rate")
    return [[record.outcomes[name] for name in names]
            for record in (simulate(side, seed) for side in sides(instrument, whole, settings))]  # fmt: skip


def _summary(instrument: Instrument, results: list[list[list[float | None]]]) -> dict[str, Any]:
    values = np.array(results, dtype=np.float64)
    summary: dict[str, Any] = {}
    for at, name in enumerate(("observable", "closure")):
        found = paired_difference(values[:, 0, at], values[:, 1, at]).interval
        summary[name] = {"without": float(np.nanmean(values[:, 0, at])), "mean": found.mean, "ci_low": found.low,
                         "ci_high": found.high}  # fmt: skip
    return summary


def found() -> dict[str, Any]:
    """Return what was measured last."""
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def verdict(instrument: Instrument, change: dict[str, Any]) -> str:
    """Return "agrees", "disagrees" or "not clear": the claim's direction against the interval."""
    low, high = change["ci_low"], change["ci_high"]
    if low is None or low <= 0.0 <= high:
        return "not clear"
    return "agrees" if (low > 0.0) == (instrument.direction > 0) else "disagrees"


_HEAD = """\
# Instruments · 各项工具

Measured by `make instruments`, not edited: {pairs} pairs of years at full volume, each pair with the same problems and
the same luck; means and 95 % intervals, which show luck alone. "Alone": turned up over the district before the reform
(and over what must stand beneath it). "In the whole": the same within `flattened` (R: present against absent).
The observable is where the claim says that it should show; *closure* is the closure rate in points, whatever was
claimed. Strengths are assumptions, so signs say more than sizes. **disagrees** and **not clear** are findings.

实测表，由 `make instruments` 生成：每对模拟的问题与随机性相同；区间只反映随机性。“单独”：在改革前制度上单独启用；
“整体中”：在扁平化制度中有无该工具之差。强度为假设，方向比大小更有意义。

"""

_COLUMNS = (
    "row", "instrument · 工具", "keys: neutral → shipped", "observable · 观测指标", "claim", "alone · 单独", "",
    "in the whole · 整体中", "", "closure alone · 办结率", "closure in the whole",
)  # fmt: skip


def page() -> str:
    """Return the table as Markdown."""
    measured = found()
    head = [_HEAD.format(pairs=measured["pairs"]) + _cells(_COLUMNS), _cells(["---"] * len(_COLUMNS))]
    return "\n".join([*head, *(_line(each, measured["rows"][each.row]) for each in INSTRUMENTS), ""])


def _cells(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _line(instrument: Instrument, change: dict[str, Any]) -> str:
    on, off = _values(instrument, instrument.regime), _values(instrument, "inverted")
    if instrument.row == "N13":
        on = {"durability.in_law": 1}
    keys = "<br>".join(f"`{key}` {off[key]:.4g} → {on[key]:.4g}" for key in instrument.topics)
    beneath = f" (with {', '.join(instrument.beneath)})" if instrument.beneath else ""
    outcome = OUTCOMES[instrument.outcome]
    cells = [instrument.row, f"{instrument.title_en}{beneath} · {instrument.title_zh}", keys,
             f"{outcome.title_en} · {outcome.title_zh}", "↑" if instrument.direction > 0 else "↓"]  # fmt: skip
    for side in ("alone", "whole"):
        observable = change[side]["observable"]
        cells += [_interval(observable, outcome.unit), _marked(verdict(instrument, observable))]
    cells += [_interval(change[side]["closure"], "share") for side in ("alone", "whole")]
    return _cells(cells)


def _marked(words: str) -> str:
    return words if words == "agrees" else f"**{words}**"


def _interval(change: dict[str, Any], unit: str) -> str:
    factor, shown = (100.0, "pp") if unit == "share" else (1.0, unit)
    if change["mean"] is None or change["ci_low"] is None:
        return "–"
    mean, low, high = (factor * change[name] for name in ("mean", "ci_low", "ci_high"))
    return f"{mean:+.2f} [{low:+.2f}, {high:+.2f}] {shown}"


if __name__ == "__main__":
    replace_text(FILE, json.dumps({"pairs": PAIRS, "rows": measure()}, indent=1) + "\n")
    replace_text(PAGE, page())
