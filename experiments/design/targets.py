"""What a calibration is asked for: targets, what is held out, the method, the test by recovery; and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field, model_validator

from experiments.design.factors import Factor
from experiments.design.reading import Places, unknown_outcome
from experiments.design.studyfile import Section, StudyFile
from experiments.messages import Language, current_language
from model import OUTCOMES

if TYPE_CHECKING:
    from model import Scenario

PARTS = ("targets", "held_out")

PHASE, ROUND, DRAW = "phase", "round", "draw"
"""Columns of the design: part of the calibration, number of the round, number of the parameter set in it."""

MOVE_MONTHS = ("deadlines", "run", "dates", "durability")
"""Sections of a configuration that move months or deadlines, which all sets of a study over months must share."""

Measure = Literal["response_rate", "reported_closure_rate", "satisfaction"]
"""What official monthly figures report; each is defined as the outcome of that name, by month of report."""


class _Finite(Section):
    """Every number is finite."""

    model_config = ConfigDict(allow_inf_nan=False)


class Shape(_Finite):
    """A feature of the path of a monthly measure, with the reform against without it on the same luck."""

    shape: Literal["rise", "sign_of_rise", "share_of_rise", "ratio_of_rises"] = Field(
        description="rise: from the first month to the last; sign_of_rise: 1, 0 or -1; share_of_rise: the part of it "
        "reached at a month; ratio_of_rises: over that of another measure."
    )
    measure: Measure
    first: int | None = Field(
        None,
        ge=0,
        description="Month from which the rise counts; none: before the reform, where both runs are the same.",
    )
    last: int = Field(ge=1, description="Month up to which it counts.")
    at: int | None = Field(None, ge=0, description="share_of_rise: month at which the share is taken.")
    other: Measure | None = Field(None, description="ratio_of_rises: the measure in the denominator.")
    least: float = Field(
        0.0, ge=0, lt=1, description="share_of_rise, ratio_of_rises: rise, as a share, up to which they are undefined."
    )
    over: int = Field(1, ge=1, le=13, description="Months, an odd number, centred on each, whose mean is taken.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Shape:
        start = -1 if self.first is None else self.first
        if start >= self.last:
            raise ValueError(f"expected first before last, got {self.first} and {self.last}")
        for key, shape in (("at", "share_of_rise"), ("other", "ratio_of_rises")):
            given = getattr(self, key)
            if (given is not None) != (self.shape == shape):
                wanted, got = ("a value", "none") if given is None else ("none", given)
                raise ValueError(f"{key}: expected {wanted} with shape {self.shape}, got {got}")
        if self.at is not None and not start < self.at < self.last:
            raise ValueError(f"at: expected {start + 1} to {self.last - 1}, between first and last, got {self.at}")
        if self.other == self.measure:
            raise ValueError("other: expected another measure, got the measure itself")
        if self.over % 2 == 0:
            raise ValueError(f"over: expected an odd number, got {self.over}")
        return self


class LogSource(_Finite):
    """A real event log from which targets are measured; it stays where it is, the study keeps its hash."""

    file: str = Field(
        "", description="Path of the log, beside the study's file or from the current folder; also: `--log`."
    )
    columns: dict[str, str | float] = Field(
        {}, description="Names of columns: case, unit, time; case_start, case_end, deadline; or limit, in days."
    )
    sha256: str = Field("", description="Written by the program when the log was measured.")


class Target(_Finite):
    """An observed number that the model should meet."""

    name: str = Field(min_length=1, description="What tables call it.")
    zh: str = Field("", description="What Chinese tables call it; the name, unless given.")
    outcome: str | None = Field(None, description="The model's outcome that is compared with it.")
    over_time: Shape | None = Field(None, description="Or the shape of a path over months.")
    value: float | None = Field(
        None, description="What was observed; where a log is named, the log's measure takes its place."
    )
    log: LogSource | None = Field(None, description="Or the log from which it is measured.")
    measure: str | None = Field(
        None, description="What is measured where a log is named: handover_share, handovers_mean, ping_pong_share, …"
    )
    tolerance: float = Field(
        description="Standard deviation that is granted: error of the observation and what the model leaves out."
    )
    source: str = Field("", description="Where the value comes from.")

    @property
    def observed(self) -> float:
        """What was observed; measured, where a log was named, when the study was laid out."""
        assert self.value is not None  # a study is not laid out without
        return self.value

    @property
    def shown(self) -> str:
        return self.zh if current_language() is Language.ZH and self.zh else self.name

    @property
    def unit(self) -> str:
        """Unit of the value, as outcomes name theirs."""
        if self.outcome is not None:
            return OUTCOMES[self.outcome].unit
        return "share" if self.over_time is not None and self.over_time.shape == "rise" else "1"


class OverTime(_Finite):
    """A reform on a date, and the months over which official figures are compared."""

    reform: str = Field(description="Regime whose rules begin in all streets.")
    day: int = Field(ge=1, description="Day of the run on which it begins.")
    first_day: int = Field(ge=0, description="Day of the run on which month 0 begins.")
    months: int = Field(ge=2, le=240, description="Months watched.")
    month_days: int = Field(30, ge=7, le=31, description="Days of a month.")


class Recovery(_Finite):
    """Parameter sets drawn from the prior whose simulated outcomes are fitted as if they had been observed."""

    truths: int = Field(ge=10, le=10_000, description="Parameter sets.")
    nearest: float = Field(0.4, gt=0, le=1, description="Share of the first round's runs nearest to each that is used.")


class CalibrateOptions(_Finite):
    """Options of a calibration."""

    method: Literal["abc", "optuna"] = Field(
        "abc", description="abc: a posterior by approximate Bayesian computation; optuna: one best point and a profile."
    )
    targets: tuple[Target, ...] = Field((), description="What is fitted, one or more.")
    held_out: tuple[Target, ...] = Field((), description="What is not fitted and judges the fit.")
    log: LogSource | None = Field(
        None,
        description="The log of every target with a measure and no log of its own; without its file, values stand.",
    )
    over_time: OverTime | None = Field(None, description="Where targets are shapes over months.")
    population: int = Field(200, ge=20, le=5_000, description="Parameter sets of a round.")
    rounds: int = Field(5, ge=1, le=100, description="Rounds at most.")
    quantile: float = Field(
        0.1, gt=0, lt=1, description="abc: the quantile of a round's distances that is the next aim, until it is 1."
    )
    least_accepted: float = Field(
        0.05, ge=0, lt=1, description="abc: ends where fewer of a round's sets are nearer than the aim before."
    )
    predictive: int = Field(
        60, ge=10, le=10_000, description="Draws of the posterior that are run with new random seeds."
    )
    recovery: Recovery | None = None

    @property
    def sets(self) -> int:
        """How many parameter sets are run at most."""
        return self.population * self.rounds + self.predictive + (self.recovery.truths if self.recovery else 0)

    @property
    def all_targets(self) -> tuple[Target, ...]:
        return (*self.targets, *self.held_out)


def calibrate_problems(study: StudyFile, options: CalibrateOptions, places: Places) -> Iterator[str]:
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
        yield f"{places('luck')}expected block, got independent. The sets of a round share their random seeds."
    if options.recovery is not None and options.method != "abc":
        yield f"{places('analysis', 'recovery')}expected method abc with recovery, got {options.method}."
    for where, target in _placed(options):
        for key, problem in _target_problems(target, study, options):
            yield f"{places(*where, *([key] if key else []))}{problem}"
    seen: dict[tuple[str, object], str] = {}
    for where, target in _placed(options):
        kind = "outcome" if target.outcome is not None else "over_time"
        for key, what in (("name", target.name), (kind, target.outcome or target.over_time)):
            if (key, what) in seen:  # what is fitted must not judge the fit
                named = f"'{what}'" if isinstance(what, str) else "this shape"
                before = seen[key, what]
                yield f"{places(*where, key)}expected {named} once, fitted or held out, got it at {before} already."
            elif what is not None:
                seen[key, what] = ".".join(map(str, where))


def _placed(options: CalibrateOptions) -> Iterator[tuple[tuple[str | int, ...], Target]]:
    for part in PARTS:
        for number, target in enumerate(getattr(options, part)):
            yield ("analysis", part, number), target


def _target_problems(target: Target, study: StudyFile, options: CalibrateOptions) -> Iterator[tuple[str, str]]:
    """Yield key and words of what is wrong with a target; "" is the target itself."""
    if target.tolerance <= 0.0:
        yield "tolerance", f"expected a standard deviation above 0, got {target.tolerance:g}."
    if (target.outcome is None) == (target.over_time is None):
        yield "", "expected either outcome or over_time, got both or neither."
    elif target.outcome is not None:
        problem, known = unknown_outcome(target.outcome, study), OUTCOMES.get(target.outcome)
        if problem:
            yield "outcome", problem
        if known is not None and known.unit == "share" and target.value is not None and not 0 <= target.value <= 1:
            yield "value", f"expected 0 to 1, because '{target.outcome}' is a share, got {target.value:g}."
    elif options.over_time is None:
        yield "over_time", "expected a section analysis.over_time (reform, day, months) for a shape, got none."
    named = any(log is not None and log.file for log in (target.log, options.log))
    if target.value is None and target.measure is None:
        yield "", "expected value, or measure with a log, got neither."
    elif target.value is None and not named:
        yield "measure", ("expected a log, got none. Add value, or log.file to the target or to analysis, "
                          "or name the log with whistle calibrate --log FILE.")  # fmt: skip
    elif target.log is not None and target.measure is None:
        yield "log", "expected a measure beside the log, got none. Add measure, for example handover_share."
    elif target.measure is not None and target.over_time is not None:
        yield ("measure", "expected outcome beside measure, got over_time. Logs give no shapes over months.")


def factor_problems(factors: Sequence[Factor], options: CalibrateOptions, places: Places) -> Iterator[str]:
    """Yield parameters that cannot be calibrated."""
    for factor in factors:
        where = places("parameters", factor.name)
        if not factor.numeric:
            yield f"{where}expected numbers, got {factor.shape}. Words and bundles have no range to narrow."
        elif len(set(factor.choices)) == 1:
            yield f"{where}expected two or more values, got one."
        if factor.name in (PHASE, ROUND, DRAW):
            yield f"{where}expected another name, got '{factor.name}', which every table has as a column."
        fixed = [path for path in factor.paths() if path.split(".")[0] in MOVE_MONTHS]
        if options.over_time is not None and fixed:
            yield f"{where}expected a parameter that leaves months and deadlines as they are, got {fixed[0]}."


def lead_days(scenario: Scenario) -> int:
    """Return the days between the start of the window and the first month whose cases are all in the cohort.

    A case of the cohort is reported at most so many days after it was born.
    """
    return max(0, scenario.run.follow_up_days - scenario.run.least_follow_up_days)


def month_problems(scenario: Scenario, options: CalibrateOptions, places: Places) -> Iterator[str]:
    """Yield what is wrong with the months and the day of the reform."""
    reform, run, at = options.over_time, scenario.run, partial(places, "analysis", "over_time")
    if reform is None:
        return
    first, end = run.warm_up_days + lead_days(scenario), run.warm_up_days + run.window_days
    last = reform.first_day + reform.months * reform.month_days
    if reform.first_day < first:
        yield (f"{at('first_day')}expected {first} or later, got {reform.first_day}. Earlier cases may come from "
               "before the window.")  # fmt: skip
    if last > end:
        yield f"{at('months')}expected the last month to end by day {end}, the end of the window, got day {last}."
    if not reform.first_day <= reform.day < last:
        yield f"{at('day')}expected {reform.first_day} to {last - 1}, got {reform.day}."
    for where, target in _placed(options):
        if target.over_time is not None and target.over_time.last >= reform.months:
            wanted = f"at most {reform.months - 1}, the last month observed"
            yield f"{places(*where, 'over_time', 'last')}expected {wanted}, got {target.over_time.last}."
