"""What a calibration is asked for: targets, what is held out, the method, the test by recovery."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["CalibrateOptions", "LogSource", "Measure", "OverTime", "Recovery", "Shape", "Target"]

_FORBID = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

Measure = Literal["response_rate", "reported_closure_rate", "satisfaction"]
"""What official monthly figures report; each is defined as the outcome of that name, by month of report."""


class Shape(BaseModel):
    """A feature of the path of a monthly measure, with the reform against without it on the same luck."""

    model_config = _FORBID

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
        if (self.at is not None) != (self.shape == "share_of_rise"):
            raise ValueError("at: expected with shape share_of_rise, and only there")
        if self.at is not None and not start < self.at < self.last:
            raise ValueError(f"at: expected {start + 1} to {self.last - 1}, between first and last, got {self.at}")
        if (self.other is not None) != (self.shape == "ratio_of_rises"):
            raise ValueError("other: expected with shape ratio_of_rises, and only there")
        if self.other == self.measure:
            raise ValueError("other: expected another measure, got the measure itself")
        if self.over % 2 == 0:
            raise ValueError(f"over: expected an odd number, got {self.over}")
        return self


class LogSource(BaseModel):
    """A real event log from which targets are measured; it stays where it is, the study keeps its hash."""

    model_config = _FORBID

    file: str = Field(
        "",
        description="Path of the log, beside the study's file or from the current folder; also: `--log`.",
    )
    columns: dict[str, str | float] = Field(
        {}, description="Names of columns: case, unit, time; case_start, case_end, deadline; or limit, in days."
    )
    sha256: str = Field("", description="Written by the program when the log was measured.")


class Target(BaseModel):
    """An observed number that the model should meet."""

    model_config = _FORBID

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


class OverTime(BaseModel):
    """A reform on a date, and the months over which official figures are compared."""

    model_config = _FORBID

    reform: str = Field(description="Regime whose rules begin in all streets.")
    day: int = Field(ge=1, description="Day of the run on which it begins.")
    first_day: int = Field(ge=0, description="Day of the run on which month 0 begins.")
    months: int = Field(ge=2, le=240, description="Months watched.")
    month_days: int = Field(30, ge=7, le=31, description="Days of a month.")


class Recovery(BaseModel):
    """Parameter sets drawn from the prior whose simulated outcomes are fitted as if they had been observed."""

    model_config = _FORBID

    truths: int = Field(ge=10, le=10_000, description="Parameter sets.")
    nearest: float = Field(0.4, gt=0, le=1, description="Share of the first round's runs nearest to each that is used.")


class CalibrateOptions(BaseModel):
    """Options of a calibration."""

    model_config = _FORBID

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
    predictive: int = Field(60, ge=10, le=10_000, description="Draws of the posterior that are run with fresh luck.")
    recovery: Recovery | None = None

    @property
    def sets(self) -> int:
        """Parameter sets that are run at most."""
        return self.population * self.rounds + self.predictive + (self.recovery.truths if self.recovery else 0)
