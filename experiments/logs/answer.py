"""What a log says as JSON and as tables of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from experiments.logs.measuring import Measured
from experiments.stats.intervals import Interval

__all__ = ["as_json", "mapping_of", "tables_of"]


def mapping_of(found: Measured) -> dict[str, float | None]:
    """Return every measure that is one number, by name; undefined is None."""
    counts = {"cases": found.cases, "events": found.events, "units": found.units, "open_cases": found.open_cases}
    concentrated = found.spread
    return {
        **counts,
        **{name: each.mean for name, each in found.values.items()},
        "top_tenth_handovers": None if concentrated is None else concentrated.top_tenth_of_passes,
        "top_tenth_received": None if concentrated is None else concentrated.top_tenth_of_received,
        "gini": None if concentrated is None else concentrated.gini,
        "arrivals_per_day": found.arrivals.per_day.mean,
        "arrivals_dispersion": found.arrivals.dispersion.mean,
        "arrivals_dispersion_within_weekdays": found.arrivals.within_weekdays,
        "weekend_share": found.arrivals.weekend_share,
    }


def as_json(found: Measured) -> dict[str, Any]:
    """Return all measures as one object; the stable keys first."""
    numbers = mapping_of(found)
    stable = ("cases", "events", "units", "handover_share", "handovers_mean", "ping_pong_share", "days_median",
              "days_p90", "open_cases")  # fmt: skip
    return {
        **{name: numbers[name] for name in stable},
        "best_family": found.best_family,
        "sigma_log": numbers["sigma_log"],
        **{name: value for name, value in numbers.items() if name not in (*stable, "sigma_log")},
        "intervals": {name: _bounds(each) for name, each in {**found.values, **_of_arrivals(found)}.items()},
        "hazard": [
            {"handovers": each.passed_so_far, "cases": each.cases, "share": each.share.mean, **_bounds(each.share)}
            for each in found.hazard
        ],
        "families": [asdict(each) for each in found.families],
        "by_weekday": [each.mean for each in found.arrivals.by_weekday],
        "file": str(found.path),
        "format": found.format,
        "rows_are": "cases" if found.table else "events",
        "columns": dict(found.columns),
        "closed_when": found.rule,
        "notes": [each.text() for each in found.notes],
        "whistle": None if found.own is None else {"regime": found.own.regime, "seed": found.own.seed},
        "outcomes": None if found.own is None else dict(found.own.outcomes),
    }


def _of_arrivals(found: Measured) -> dict[str, Interval]:
    return {"arrivals_per_day": found.arrivals.per_day, "arrivals_dispersion": found.arrivals.dispersion}


def _bounds(interval: Interval) -> dict[str, float | None]:
    return {"ci_low": interval.low, "ci_high": interval.high}


def tables_of(found: Measured) -> dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]:
    """Return header and rows of each table of numbers, by name."""
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        "measures": (("measure", "value", "ci_low", "ci_high"), _measures(found)),
        "arrivals": (("day", "cases"), _days(found)),
    }
    if found.hazard:
        tables["hazard"] = (
            ("handovers", "cases", "share", "ci_low", "ci_high"),
            [(each.passed_so_far, each.cases, each.share.mean, each.share.low, each.share.high)
             for each in found.hazard],
        )  # fmt: skip
    if found.families:
        tables["families"] = (
            ("family", "parameter", "value", "log_likelihood", "aic"),
            [(each.name, name, value, each.log_likelihood, each.aic)
             for each in found.families for name, value in each.parameters.items()],
        )  # fmt: skip
    if found.survival is not None:
        kept = found.survival
        tables["survival"] = (("days", "share_open", "ci_low", "ci_high"),
                              _plain(np.column_stack([kept.days, kept.share, kept.low, kept.high])))  # fmt: skip
    if found.spread is not None:
        tables["concentration"] = (("share_of_units", "share_of_handovers"),
                                   _plain(np.column_stack([found.spread.x, found.spread.y])))  # fmt: skip
    return tables


def _measures(found: Measured) -> Iterable[Sequence[Any]]:
    bounds = {**found.values, **_of_arrivals(found)}
    for name, value in mapping_of(found).items():
        each = bounds.get(name, Interval(value, None, None))
        yield name, value, each.low, each.high


def _days(found: Measured) -> Iterable[Sequence[Any]]:
    days = np.arange(found.arrivals.counts.size) + found.arrivals.first
    return zip(days.astype("datetime64[D]").astype(str).tolist(), found.arrivals.counts.tolist(), strict=True)


def _plain(rows: Any) -> Iterable[Sequence[Any]]:
    """Yield rows in which what is undefined is empty."""
    return ([None if cell != cell else cell for cell in row] for row in rows.tolist())
