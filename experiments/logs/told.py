"""A log in tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich import box
from rich.table import Table

from experiments.formatting import decimals, digits_of, interval_text, number, title, unit
from experiments.logs.measuring import Measured
from experiments.messages import MESSAGES, msg
from experiments.stats.families import Family
from experiments.stats.intervals import FEWEST_BOUNDED, Interval
from experiments.stats.intervals import share_interval

__all__ = ["family_text", "measure_text", "sentences", "tables"]

MEASURES = {
    "handover_share": "share", "handovers_mean": "cases", "ping_pong_share": "share", "overdispersion": "",
    "longer_by_handover": "times", "circulating_days": "days", "days_median": "days", "days_p90": "days",
    "sigma_log": "", "late_share": "share", "late_or_overdue_share": "share", "over_limit_share": "share",
}  # fmt: skip
"""Measures of the first table, each with its unit."""

NEGLIGIBLE_AIC = 2.0
"""Difference below which families do equally well (Burnham and Anderson 2002)."""


@dataclass(frozen=True)
class _Shown:
    """A unit, as `present` asks for it."""

    unit: str


def tables(found: Measured) -> Iterator[Table]:
    """Yield measures, the hazard, the families, arrivals, and the outcomes of a run of the model."""
    yield _measures(found)
    if found.hazard:
        yield _hazard(found)
    if found.families:
        yield _families(found)
    yield _arrivals(found)
    if found.own is not None:
        yield _outcomes(found)


def _table(heading: str, *columns: str) -> Table:
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(msg(name), justify="right" if place else "left", overflow="fold")
    return table


def _count(value: int | None) -> str:
    return msg("undefined") if value is None else f"{value:,}"


def _measures(found: Measured) -> Table:
    heading = msg("log_title_table" if found.table else "log_title", name=found.path.name, cases=found.cases,
                   events=found.events, units=_count(found.units))  # fmt: skip
    table = _table(heading, "log_measure", "value", "unit", "interval")
    for name, kind in MEASURES.items():
        if name not in found.values or found.values[name].mean is None:
            continue
        shown = _Shown(kind)
        digits = decimals(found.values[name], shown)
        table.add_row(
            msg(f"log_{name}", limit=found.limit or 0.0), number(found.values[name].mean, shown, digits),
            msg("percent") if kind == "share" else msg(f"log_unit_{kind}") if f"log_unit_{kind}" in MESSAGES else "",
            interval_text(found.values[name], shown, digits),
        )  # fmt: skip
    return table


def _hazard(found: Measured) -> Table:
    table = _table(msg("log_hazard_title"), "log_so_far", "log_cases", "log_share", "interval")
    share = _Shown("share")
    for each in found.hazard:
        digits = decimals(each.share, share)
        table.add_row(
            str(each.passed_so_far), f"{each.cases:,}", number(each.share.mean, share, digits),
            interval_text(each.share, share, digits),
        )  # fmt: skip
    return table


_PARAMETERS = {
    "mean_log": "log_mean_log", "sigma_log": "log_sigma", "shape": "log_shape", "scale": "log_scale",
    "mean": "log_mean",
}  # fmt: skip


def family_text(family: Family) -> str:
    """Return the parameters of a family in words."""
    return ", ".join(f"{msg(_PARAMETERS[name])} {value:.4g}" for name, value in family.parameters.items())


def _families(found: Measured) -> Table:
    table = _table(msg("log_families_title"), "log_family", "log_parameters", "log_aic")
    for each in found.families:
        table.add_row(msg(f"family_{each.name}"), family_text(each), f"{each.aic - found.families[0].aic:,.1f}")
    return table


def _arrivals(found: Measured) -> Table:
    table = _table(msg("log_arrivals_title"), "log_weekday", "log_per_day", "interval")
    plain = _Shown("")
    rows = {f"weekday_{day}": each for day, each in enumerate(found.arrivals.by_weekday)}
    for key, each in {**rows, "log_any_day": found.arrivals.per_day}.items():
        digits = decimals(each, plain)
        table.add_row(msg(key), number(each.mean, plain, digits), interval_text(each, plain, digits))
    return table


def _outcomes(found: Measured) -> Table:
    from model import OUTCOMES

    assert found.own is not None
    heading = msg("log_outcomes_title", regime=found.own.regime, seed=found.own.seed)
    table = _table(heading, "outcome", "key", "value", "unit")
    for name, value in found.own.outcomes.items():
        outcome = OUTCOMES[name]
        table.add_row(title(outcome), name, number(value, outcome, digits_of(value, outcome)), unit(outcome))
    return table


def measure_text(interval: Interval, kind: str, *, bounds: bool = True) -> str:
    """Return a measure with its interval in brackets; shares in percent."""
    shown = _Shown(kind)
    digits = decimals(interval, shown)
    value = number(interval.mean, shown, digits)
    if kind == "share":
        value = msg("log_percentage", value=value)
    if not bounds or interval.low is None or interval.high is None:
        return value
    return f"{value} ({interval_text(interval, shown, digits)})"


def sentences(found: Measured) -> Iterator[str]:
    """Yield what the tables say in words, the definitions, and what they do not say."""
    if not found.table:
        yield from _passing(found)
    yield from _days(found)
    yield from _late(found)
    yield _arrivals_said(found)
    yield msg("log_definitions", fewest=FEWEST_BOUNDED)
    if found.own is not None:
        yield msg("log_own_definitions")
    yield msg("log_warning")


def _passing(found: Measured) -> Iterator[str]:
    values = found.values
    yield msg("log_said_passing", share=measure_text(values["handover_share"], "share"),
               mean=measure_text(values["handovers_mean"], "cases"),
               back=measure_text(values["ping_pong_share"], "share"))  # fmt: skip
    if len(found.hazard) > 1:
        yield _hazard_said(found)
    if found.spread is not None and found.spread.top_tenth_of_passes is not None:
        parts = (found.spread.top_tenth_of_passes, found.spread.top_tenth_of_received)
        passes, received = (measure_text(Interval(each, None, None), "share") for each in parts)
        yield msg("log_said_concentration", units=found.spread.units, passes=passes, received=received)
    factor = values["longer_by_handover"]
    if factor.mean is not None and factor.low is not None and factor.high is not None:
        yield msg("log_said_longer", factor=f"{factor.mean:.2f}", low=f"{factor.low:.2f}", high=f"{factor.high:.2f}")
    if values["circulating_days"].mean is not None:
        yield msg("log_said_circulating", days=measure_text(values["circulating_days"], "days"))


def _hazard_said(found: Measured) -> str:
    """Say how likely another hand-over is for cases that were handed over, against the first one of all cases."""
    counts, first = found.handovers, found.hazard[0].share
    assert counts is not None
    again = share_interval(int(counts.sum() - (counts > 0).sum()), int(counts.sum()))
    trend = "unclear"
    if again.low is not None and first.high is not None and again.low > first.high:
        trend = "rising"
    if again.high is not None and first.low is not None and again.high < first.low:
        trend = "falling"
    return msg(f"log_said_hazard_{trend}", again=measure_text(again, "share"), first=measure_text(first, "share"))


def _days(found: Measured) -> Iterator[str]:
    median, p90 = (measure_text(found.values[name], "days") for name in ("days_median", "days_p90"))
    yield msg("log_said_days", median=median, p90=p90, open=found.open_cases)
    if not found.families:
        return
    best, second = found.families[:2]
    exponential = next(each for each in found.families if each.name == "exponential")
    far = exponential.aic - best.aic
    yield msg("log_said_family", best=msg(f"family_{best.name}"), second=msg(f"family_{second.name}"),
               gap=f"{second.aic - best.aic:,.1f}", exponential=msg("family_exponential"), far=f"{far:,.1f}",
               memory=msg("log_memoryless" if far < NEGLIGIBLE_AIC else "log_memory"))  # fmt: skip


def _late(found: Measured) -> Iterator[str]:
    values = found.values
    if values["late_share"].mean is not None:
        late, overdue = (measure_text(values[name], "share") for name in ("late_share", "late_or_overdue_share"))
        yield msg("log_said_late", late=late, overdue=overdue)
    if "over_limit_share" in values and values["over_limit_share"].mean is not None:
        yield msg("log_said_over_limit", share=measure_text(values["over_limit_share"], "share"), limit=found.limit)


def _arrivals_said(found: Measured) -> str:
    arrivals = found.arrivals
    within, weekend = Interval(arrivals.within_weekdays, None, None), Interval(arrivals.weekend_share, None, None)
    return msg("log_said_arrivals", per_day=measure_text(arrivals.per_day, ""), days=arrivals.counts.size,
                dispersion=measure_text(arrivals.dispersion, ""), within=measure_text(within, ""),
                weekend=measure_text(weekend, "share"))  # fmt: skip
