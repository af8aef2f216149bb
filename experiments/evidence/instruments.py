"""Every claim on paired luck: a wrong taken away, an instrument turned up, alone and in the whole reform.

`python -m experiments.evidence.instruments` measures anew (`make instruments`, half an hour) and writes
`configs/instruments.json` and `configs/INSTRUMENTS.md`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

from experiments.stats import paired_difference
from experiments.store.files import replace_text
from model import (
    CONDITIONS,
    INSTRUMENTS,
    OUTCOMES,
    Condition,
    Instrument,
    Scenario,
    load_scenario,
    shipped_root,
    simulate,
)

__all__ = [
    "CLAIMS", "FILE", "PAGE", "Claim", "cells", "found", "in_processes", "measure", "page", "shown_interval", "sides",
    "turned", "verdict",
]  # fmt: skip

FILE = shipped_root() / "instruments.json"
PAGE = shipped_root() / "INSTRUMENTS.md"
SETTINGS: dict[str, Any] = {}
"""Full volume: at a small scale streets have so few people that a rule about posts does nothing."""

PAIRS = 12
Claim = Condition | Instrument
Sides = tuple[Scenario, Scenario]
Job = TypeVar("Job")
Result = TypeVar("Result")

CLAIMS: tuple[Claim, ...] = (*CONDITIONS, *INSTRUMENTS)
"""Every row that is measured, in the order of the table."""


def sides(claim: Claim, whole: bool, settings: dict[str, Any]) -> Sides:
    """Return the scenarios before and after a claim's change.

    Parameters
    ----------
    claim : Condition or Instrument
    whole : bool
        In the flattened district (an R is turned down there, others up), else over the district before the reform
        and what must stand beneath.
    settings : dict
        Overrides of both.
    """
    if claim.row == "N13":
        return load_scenario("campaign", overrides=settings), load_scenario("n13", overrides=settings)
    beneath = claim.beneath if isinstance(claim, Instrument) else ()
    base = "flattened" if whole else (beneath or ("inverted",))[0]
    before, after = turned(claim)
    if isinstance(claim, Condition):
        before = {}
    return load_scenario(base, overrides=settings | before), load_scenario(base, overrides=settings | after)


def turned(claim: Claim) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of a claim's keys before and after: shipped and without the wrong; neutral and turned up."""
    if isinstance(claim, Condition):
        return _values([key for key, _ in claim.without], "inverted"), dict(claim.without)
    return _values(claim.topics, "inverted"), _values(claim.topics, claim.regime)


def _values(keys: Sequence[str], regime: str) -> dict[str, Any]:
    resolved = load_scenario(regime).resolved()
    return {key: resolved[key.split(".")[0]][key.split(".")[1]] for key in keys}


def measure(pairs: int = PAIRS, settings: dict[str, Any] | None = None, workers: int = 2) -> dict[str, Any]:
    """Return, by row and side ("alone", "whole"), mean and interval of the observable's and of closure's change."""
    jobs = [(row, whole, seed, settings or SETTINGS) for row in range(len(CLAIMS)) for whole in (False, True)
            for seed in range(1, pairs + 1)]  # fmt: skip
    results = dict(zip([job[:3] for job in jobs], in_processes(_run, jobs, workers, chunk=4), strict=True))
    return {
        claim.row: {
            side: _summary([results[row, whole, seed] for seed in range(1, pairs + 1)])
            for side, whole in (("alone", False), ("whole", True))
        }
        for row, claim in enumerate(CLAIMS)
    }


def in_processes(run: Callable[[Job], Result], jobs: Sequence[Job], workers: int, chunk: int) -> list[Result]:
    """Return what each job gives, in order; with one worker all run in this process.

    Parameters
    ----------
    run : callable
        Of a module, so that a process can find it.
    jobs : sequence
    workers : int
        Processes.
    chunk : int
        Jobs that a process takes at once.
    """
    if workers <= 1:
        return [run(job) for job in jobs]
    simulate(load_scenario("inverted", district="tiny"), 0)  # compiled once, before workers start
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool:
        return list(pool.map(run, jobs, chunksize=chunk))


def _run(job: tuple[int, bool, int, dict[str, Any]]) -> list[list[float | None]]:
    row, whole, seed, settings = job
    claim = CLAIMS[row]
    names = (claim.outcome, "closure_rate")
    return [[record.outcomes[name] for name in names]
            for record in (simulate(side, seed) for side in sides(claim, whole, settings))]  # fmt: skip


def _summary(results: list[list[list[float | None]]]) -> dict[str, Any]:
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


def verdict(claim: Claim, change: dict[str, Any]) -> str:
    """Return "agrees", "disagrees" or "not clear": the claim's direction against the interval."""
    low, high = change["ci_low"], change["ci_high"]
    if low is None or low <= 0.0 <= high:
        return "not clear"
    return "agrees" if (low > 0.0) == (claim.direction > 0) else "disagrees"


_HEAD = """\
# Instruments · 各项工具

Measured by `make instruments`, not edited: {pairs} pairs of years at full volume, each pair with the same problems and
the same luck; means and 95 % intervals, which show luck alone. "Alone": turned up over the district before the reform
(and over what must stand beneath it). "In the whole": the same within `flattened` (R: present against absent).
The observable is where the claim says that it should show; *closure* is the closure rate in points, whatever was
claimed. Strengths are assumptions, so signs say more than sizes. **disagrees** and **not clear** are findings;
"agrees °" is none, for there the observable counts what the instrument does.

实测表，由 `make instruments` 生成：每对模拟的问题与随机性相同；区间只反映随机性。“单独”：在改革前制度上单独启用；
“整体中”：在扁平化制度中有无该工具之差。强度为假设，方向比大小更有意义。标°者依定义成立，不算证据。

"""

_WRONGS = """\
## What is wrong before the reform · 改革前的问题

Each wrong is taken away and nothing else; any value between is a grade. These are facts and habits of the district;
what can begin on a date are the instruments that answer them. 逐项去除，其余不变；可按日期启动的是对应工具。

"""

_REMEDIES = "\n## What the reform does, what is proposed, what stands beside it · 改革、建议与外部制度\n\n"

_COLUMNS = (
    "row", "claim · 主张", "keys: before → after", "observable · 观测指标", "expected · 预期", "alone · 单独", "",
    "in the whole · 整体中", "", "closure alone · 办结率", "closure in the whole",
)  # fmt: skip


def page() -> str:
    """Return the two tables as Markdown."""
    measured = found()
    rows = measured["rows"]
    wrongs, remedies = (_table([_line(claim, rows[claim.row]) for claim in part]) for part in (CONDITIONS, INSTRUMENTS))
    return _HEAD.format(pairs=measured["pairs"]) + _WRONGS + wrongs + _REMEDIES + remedies


def _table(lines: Sequence[str]) -> str:
    return "\n".join([cells(_COLUMNS), cells(["---"] * len(_COLUMNS)), *lines, ""])


def cells(words: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return "| " + " | ".join(words) + " |"


def _line(claim: Claim, change: dict[str, Any]) -> str:
    before, after = turned(claim)
    if claim.row == "N13":
        after = {"durability.in_law": 1}
    keys = "<br>".join(f"`{key}` {before[key]:.4g} → {after[key]:.4g}" for key in after)
    outcome = OUTCOMES[claim.outcome]
    line = [claim.row, f"{claim.title_en}{_beside(claim)} · {claim.title_zh}", keys,
            f"{outcome.title_en} · {outcome.title_zh}", "↑" if claim.direction > 0 else "↓"]  # fmt: skip
    for side in ("alone", "whole"):
        observable = change[side]["observable"]
        line += [shown_interval(observable, outcome.unit), _marked(claim, verdict(claim, observable))]
    line += [shown_interval(change[side]["closure"], "share") for side in ("alone", "whole")]
    return cells(line)


def _beside(claim: Claim) -> str:
    """Return what must stand beneath an instrument, or what answers a wrong."""
    if isinstance(claim, Condition):
        return f" (answered by {', '.join(claim.answered_by)})"
    return f" (with {', '.join(claim.beneath)})" if claim.beneath else ""


def _marked(claim: Claim, words: str) -> str:
    if words != "agrees":
        return f"**{words}**"
    return "agrees °" if isinstance(claim, Instrument) and claim.by_construction else words


def shown_interval(change: Mapping[str, Any], unit: str) -> str:
    """Return a change with its interval in the unit that is shown: shares in points."""
    factor, shown = (100.0, "pp") if unit == "share" else (1.0, unit)
    if change["mean"] is None or change["ci_low"] is None:
        return "–"
    mean, low, high = (factor * change[name] for name in ("mean", "ci_low", "ci_high"))
    return f"{mean:+.2f} [{low:+.2f}, {high:+.2f}] {shown}"


if __name__ == "__main__":
    if "--page" not in sys.argv:  # else what was measured last, in today's words
        replace_text(FILE, json.dumps({"pairs": PAIRS, "rows": measure()}, indent=1) + "\n")
    replace_text(PAGE, page())
