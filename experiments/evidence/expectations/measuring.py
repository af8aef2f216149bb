"""Both arms of every expectation on paired luck, and what that says about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.evidence.expectations.form import Expectation
from experiments.evidence.expectations.reading import arm
from experiments.evidence.instruments import in_processes
from experiments.stats import Interval, mean_interval, paired_difference
from model import shipped_root, simulate

__all__ = ["MEASURED", "PAIRS", "Outcomes", "changed", "found", "interval_of", "measure", "summary", "verdict"]

MEASURED = shipped_root() / "expectations.json"
PAIRS = 8
Size = dict[str, object]
Outcomes = dict[str, float | None]


def measure(
    expectations: Sequence[Expectation], pairs: int = PAIRS, size: Size | None = None, workers: int = 2
) -> dict[str, Any]:
    """Return, by id, what was asked, the outcome in both arms, and its change.

    Parameters
    ----------
    expectations : sequence of Expectation
    pairs : int
        Seeds 1 to `pairs`, the same in both arms.
    size : dict, optional
        Settings of all arms that their own lie over; none: full volume and length.
    workers : int
        Processes; with one everything runs in this process.

    Returns
    -------
    dict
        Values and intervals in the outcome's own unit: `before`, `after`, `difference`, each mean, low and high;
        the same of what tells a surprise (`moved`, by outcome), and `without` what makes it.
    """
    jobs = {_key(each, *side): (each, *side, pairs, size or {}) for each in expectations for side in _sides(each)}
    runs = dict(zip(jobs, in_processes(_run, list(jobs.values()), workers, chunk=1), strict=True))
    return {each.id: summary(each, lambda *arm: runs[_key(*arm)]) for each in expectations}


def _sides(each: Expectation) -> list[tuple[bool, bool]]:
    """Return which arms are needed: start and end, and both without what makes a surprise."""
    return [(end, without) for without in (False, True)[: 2 if each.without else 1] for end in (False, True)]


def _key(each: Expectation, end: bool, without: bool) -> str:
    """Return what tells arms apart, so that expectations that share one run it once."""
    return json.dumps([each.regime, each.settings(end, without=without)], sort_keys=True)


def _run(job: tuple[Expectation, bool, bool, int, Size]) -> list[Outcomes]:
    """Return the outcomes of an arm by seed."""
    each, end, without, pairs, size = job
    scenario = arm(each, end, size, without=without)
    return [simulate(scenario, seed).outcomes for seed in range(1, pairs + 1)]


def summary(each: Expectation, ran: Callable[[Expectation, bool, bool], Sequence[Outcomes]]) -> dict[str, Any]:
    """Return the row of an expectation.

    Parameters
    ----------
    each : Expectation
    ran : callable
        The outcomes by seed of an arm: of which expectation, whether at its end, whether without its surprise.

    Returns
    -------
    dict
        As `measure` gives it by id.
    """
    start, end = ran(each, False, False), ran(each, True, False)
    row: dict[str, Any] = {"asked": each.asked(), **_compared(start, end, each.outcome)}
    if each.moved:
        row["moved"] = {name: _compared(start, end, name) for name in each.moved}
    if each.without:
        row["without"] = _compared(ran(each, False, True), ran(each, True, True), each.outcome)
    return row


def _compared(before: Sequence[Outcomes], after: Sequence[Outcomes], outcome: str) -> dict[str, Any]:
    start, end = (np.array([run[outcome] for run in runs], dtype=np.float64) for runs in (before, after))
    difference = paired_difference(start, end)
    return {
        "pairs": difference.pairs,
        "before": _plain(mean_interval(start)),
        "after": _plain(mean_interval(end)),
        "difference": _plain(difference.interval),
    }


def _plain(interval: Interval) -> dict[str, float | None]:
    return {"mean": interval.mean, "ci_low": interval.low, "ci_high": interval.high}


def interval_of(plain: Mapping[str, float | None]) -> Interval:
    """Return an interval that was kept as plain values."""
    return Interval(plain["mean"], plain["ci_low"], plain["ci_high"])


def found() -> dict[str, Any]:
    """Return what was measured last; nothing before the first measurement."""
    read: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
    return read


def changed(expectations: Sequence[Expectation], measured: Mapping[str, Any]) -> list[str]:
    """Return the ids of those that were not measured as they are asked now."""
    return [each.id for each in expectations if measured.get(each.id, {}).get("asked") != each.asked()]


def verdict(each: Expectation, row: Mapping[str, Any]) -> str:
    """Return "as expected", "surprise" or "unclear", as the intervals of change and level say."""
    infinite = float("inf")
    ranges = {"up": (0.0, infinite), "down": (-infinite, 0.0), "none": (-(each.band or 0.0), each.band or 0.0)}
    words = [_inside(interval_of(row["difference"]), *ranges[each.expect], edges=each.expect == "none")]
    if each.reaches is not None:
        least, most = each.reaches.at_least, each.reaches.at_most
        low, high = (-infinite if least is None else least), (infinite if most is None else most)
        words.append(_inside(interval_of(row["after"]), low, high, edges=True))
    return next((msg for msg in ("surprise", "unclear") if msg in words), "as expected")


def _inside(interval: Interval, low: float, high: float, *, edges: bool) -> str:
    """Tell whether an interval lies within a range, wholly outside, or partly."""
    if interval.low is None or interval.high is None:
        return "unclear"
    if edges and low <= interval.low and interval.high <= high:
        return "as expected"
    if low < interval.low and interval.high < high:
        return "as expected"
    return "surprise" if interval.high < low or interval.low > high else "unclear"
