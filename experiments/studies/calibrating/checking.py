"""Everything that is wrong with a calibration, each with its place in the study's file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from experiments.design.factors import Factor
from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.studies.calibrating.options import CalibrateOptions, Target

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["factor_problems", "month_problems", "problems"]

PARTS = ("targets", "held_out")


def problems(study: StudyFile, options: CalibrateOptions, places: Places) -> Iterator[str]:
    """Yield what is wrong with the frame of the study and with its targets."""
    if len(study.regimes) != 1:
        yield f"{places('regimes')}expected one (the rules that produced the data), got {len(study.regimes)}."
    if not options.targets:
        yield f"{places('analysis', 'targets')}expected one or more (name, outcome, value, tolerance), got none."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more free parameters, each with a prior, got none."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed for a calibration, got until."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. The sets of a round share their luck."
    if options.recovery is not None and options.method != "abc":
        yield f"{places('analysis', 'recovery')}expected method abc with recovery, got {options.method}."
    for part in PARTS:
        for number, target in enumerate(getattr(options, part)):
            yield from _target_problems(target, study, options, _At(places, part, number))
    yield from _twice(options, places)


class _At:
    """Where one target stands."""

    def __init__(self, places: Places, part: str, number: int) -> None:
        self._places, self._path = places, (part, number)

    def __call__(self, *keys: str) -> str:
        return self._places("analysis", *self._path, *keys)


def _target_problems(target: Target, study: StudyFile, options: CalibrateOptions, at: _At) -> Iterator[str]:
    if target.tolerance <= 0.0:
        yield f"{at('tolerance')}expected a standard deviation above 0, got {target.tolerance:g}."
    if (target.outcome is None) == (target.over_time is None):
        yield f"{at()}expected either outcome or over_time, got both or neither."
    elif target.outcome is not None:
        yield from _outcome_problems(target, study, at)
    elif options.over_time is None:
        yield f"{at('over_time')}a shape needs the section analysis.over_time (reform, day, months)."
    yield from _value_problems(target, options, at)


def _outcome_problems(target: Target, study: StudyFile, at: _At) -> Iterator[str]:
    from model import OUTCOMES, nearest

    name = str(target.outcome)
    if name not in OUTCOMES:
        yield f"{at('outcome')}unknown outcome '{name}'{nearest(name, list(OUTCOMES))}"
        return
    if study.outcomes and name not in study.outcomes:
        yield f"{at('outcome')}expected one of the outcomes kept ({', '.join(study.outcomes)}), got '{name}'."
    if target.value is not None and OUTCOMES[name].unit == "share" and not 0.0 <= target.value <= 1.0:
        yield f"{at('value')}expected 0 to 1, because '{name}' is a share, got {target.value:g}."


def _value_problems(target: Target, options: CalibrateOptions, at: _At) -> Iterator[str]:
    named = any(log is not None and log.file for log in (target.log, options.log))
    if target.value is None and target.measure is None:
        yield f"{at()}expected value, or measure with a log, got neither."
    elif target.value is None and not named:
        yield (f"{at('measure')}expected a log, got none. Add value, or log.file to the target or to analysis, "
               "or name the log with whistle calibrate --log FILE.")  # fmt: skip
    elif target.log is not None and target.measure is None:
        yield f"{at('log')}expected a measure beside the log, got none. Add measure, for example handover_share."
    elif target.measure is not None and target.over_time is not None:
        yield f"{at('measure')}expected an outcome, got a log for a shape over months."


def _twice(options: CalibrateOptions, places: Places) -> Iterator[str]:
    """Yield names, and quantities, that stand twice: what is fitted must not judge the fit."""
    seen: dict[object, str] = {}
    for part in PARTS:
        for number, target in enumerate(getattr(options, part)):
            for key, what in (("name", target.name), (part, target.outcome or target.over_time)):
                if what is None:
                    continue
                where, told = (what, type(what).__name__ if key != "name" else "name"), f"analysis.{part}.{number}"
                if where in seen:
                    named = f"'{what}'" if isinstance(what, str) else "this shape"
                    at = places("analysis", part, number, "name" if key == "name" else _kind(target))
                    yield f"{at}expected {named} once, fitted or held out, got it at {seen[where]} already."
                seen.setdefault(where, told)


def _kind(target: Target) -> str:
    return "outcome" if target.outcome is not None else "over_time"


def factor_problems(factors: Sequence[Factor], options: CalibrateOptions, places: Places) -> Iterator[str]:
    """Yield parameters that cannot be calibrated."""
    for factor in factors:
        where = places("parameters", factor.name)
        if not factor.numeric:
            yield f"{where}expected numbers, got {factor.shape}. Words and bundles have no range to narrow."
        elif len(set(factor.choices)) == 1:
            yield f"{where}expected two or more values, got one."
        fixed = [path for path in factor.paths() if path.split(".")[0] in ("deadlines", "run", "dates", "durability")]
        if options.over_time is not None and fixed:
            yield f"{where}expected parameters that move no months or deadlines beside over_time, got {fixed[0]}."


def month_problems(scenario: Scenario, options: CalibrateOptions, places: Places) -> Iterator[str]:
    """Yield what is wrong with the months and the day of the reform."""
    from experiments.studies.calibrating.monthly import lead_days

    asked = options.over_time
    if asked is None:
        return
    run = scenario.run
    first, end = run.warm_up_days + lead_days(scenario), run.warm_up_days + run.window_days
    if asked.first_day < first:
        where = places("analysis", "over_time", "first_day")
        yield f"{where}expected {first} or later, got {asked.first_day}: earlier cases may predate the window."
    last = asked.first_day + asked.months * asked.month_days
    if last > end:
        where = places("analysis", "over_time", "months")
        yield f"{where}expected an end on or before day {end}, the end of the window, got {last}."
    if not asked.first_day <= asked.day < last:
        yield f"{places('analysis', 'over_time', 'day')}expected {asked.first_day} to {last - 1}, got {asked.day}."
    for part in PARTS:
        for number, target in enumerate(getattr(options, part)):
            if target.over_time is not None and target.over_time.last >= asked.months:
                yield (f"{places('analysis', part, number, 'over_time', 'last')}expected at most "
                       f"{asked.months - 1}, the last month observed, got {target.over_time.last}.")  # fmt: skip
