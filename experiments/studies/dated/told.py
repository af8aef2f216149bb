"""Answers in sentences, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from experiments.formatting import plus_minus, unit
from experiments.messages import msg, runs_text
from experiments.stats import Interval
from experiments.studies.dated.bias import BiasCell, BiasMap
from experiments.studies.dated.measures import measured, name_of
from experiments.studies.dated.recovery import Recovery
from experiments.studies.dated.saturation import Saturation
from experiments.studies.dated.truth import Truth

__all__ = ["CASES", "bias_sentences", "recovery_sentences", "saturation_sentences", "truth_sentences"]


class _Cases:
    unit = "cases"


CASES = _Cases()
"""What a backlog is counted in."""


def truth_sentences(truth: Truth) -> Iterator[str]:
    """Yield what the observer finds, what is true, and where the difference comes from."""
    shown, about = _shown(truth.measure), {"unit": unit(measured(truth.measure), difference=True)}
    yield msg(
        "dated_says_estimate", measure=name_of(truth.measure), estimate=shown(truth.estimate),
        reformed=shown(truth.on_reformed), others=shown(truth.on_others), **about,
    )  # fmt: skip
    parts = {name: shown(getattr(truth, name)) for name in ("spill", "drift", "timing")}
    yield msg(f"dated_says_{_sort(truth)}", bias=shown(truth.bias), **parts, **about)
    runs = runs_text(truth.runs)
    if truth.coverage.mean is not None:
        yield msg("dated_says_coverage", coverage=100 * truth.coverage.mean, runs=runs)
    if truth.everywhere.mean is not None and truth.coverage_everywhere.mean is not None:
        share = 100 * truth.coverage_everywhere.mean
        yield msg("dated_says_everywhere", everywhere=shown(truth.everywhere), coverage=share, runs=runs, **about)
    if truth.pre_trend_rejected is not None:
        yield msg("dated_says_pre_trend", rejected=100 * truth.pre_trend_rejected, runs=runs)
    if truth.negative_weight > 0.0:
        yield msg("dated_says_weights", weight=truth.negative_weight)
    if truth.group_time.mean is not None:
        yield msg("dated_says_group_time", estimate=shown(truth.group_time), **about)
    yield msg("dated_no_forecast")


def _sort(truth: Truth) -> str:
    """Tell whether the observer clearly exaggerates the effect on the reformed, plays it down, or neither."""
    if not _clear(truth.bias) or not truth.on_reformed.mean or truth.bias.mean is None:
        return "unbiased"
    return "over" if truth.bias.mean * truth.on_reformed.mean > 0.0 else "under"


def _clear(interval: Interval) -> bool:
    return interval.low is not None and interval.high is not None and interval.low * interval.high > 0.0


def _shown(measure: str) -> Callable[[Interval], str]:
    return lambda interval: plus_minus(interval, measured(measure))


def saturation_sentences(saturation: Saturation) -> Iterator[str]:
    """Yield the effects by saturation, and what reforming the last streets does."""
    shown, kind = _shown(saturation.measure), unit(measured(saturation.measure), difference=True)
    for at in saturation.levels:
        yield msg(
            "dated_says_saturation", measure=name_of(saturation.measure), level=100 * at.level, unit=kind,
            total=shown(at.total), spill=shown(at.spill_over), overall=shown(at.overall),
        )  # fmt: skip
    if len(saturation.levels) > 1:
        before, last = saturation.levels[-2:]
        levels = {"before": 100 * before.level, "last": 100 * last.level}
        key = "dated_says_step" if _clear(last.step) else "dated_says_step_unclear"
        yield msg(key, step=shown(last.step), unit=kind, **levels)
    yield msg("dated_no_forecast")


def recovery_sentences(recoveries: Sequence[Recovery], names: Mapping[str, str]) -> Iterator[str]:
    """Yield peak, time to recover and case-days of each regime; `names` say what their labels are called."""
    for each in recoveries:
        found = each.recovered
        about = {
            "regime": names.get(each.label, each.label), "peak": plus_minus(each.peak, CASES).lstrip("+"),
            "day": each.peak_day, "case_days": plus_minus(each.case_days, CASES), "horizon": each.horizon,
        }  # fmt: skip
        if found.days is None:
            yield msg("dated_says_no_recovery", **about)
        else:
            bounds = {"low": _day(found.low), "high": _day(found.high)}
            yield msg("dated_says_recovery", days=found.days, **bounds, **about)
    if recoveries:
        rule = recoveries[0].rule
        yield msg("dated_says_rule", tolerance=100 * rule.tolerance, days=rule.days)
    yield msg("dated_no_forecast")


def _day(day: int | None) -> str:
    return msg("dated_beyond") if day is None else str(day)


def bias_sentences(found: BiasMap) -> Iterator[str]:
    """Yield where the bias is largest and smallest."""
    kind, shown = unit(measured(found.measure), difference=True), _shown(found.measure)
    known = sorted((cell for cell in found.cells if cell.bias.mean is not None), key=_size)
    if known:
        least, most = known[0], known[-1]
        yield msg(
            "dated_says_map", measure=name_of(found.measure), unit=kind,
            load=most.load, joint=100 * most.joint, bias=shown(most.bias),
            least_load=least.load, least_joint=100 * least.joint, least=shown(least.bias),
        )  # fmt: skip
    yield msg("dated_no_forecast")


def _size(cell: BiasCell) -> float:
    return abs(cell.bias.mean or 0.0)
