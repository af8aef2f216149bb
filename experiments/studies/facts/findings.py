"""What was found: every check with its interval, held against its band, under the regime and under the bare queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from experiments.stats import Interval, mean_interval
from experiments.studies.facts.arms import Arms
from experiments.studies.facts.form import Band, Check, Pattern
from experiments.studies.facts.measures import MEASURES

__all__ = ["Checked", "Finding", "Verdict", "found", "verdict_of"]

Verdict = Literal["pass", "fail", "not identified"]

UNDEFINED = Interval(None, None, None)


@dataclass(frozen=True)
class Checked:
    """A check with what was measured.

    Attributes
    ----------
    value, null : Interval
        Mean and 95 % interval over replicates, in the measure's unit; `null` in the bare queue.
    verdict, null_verdict : str
        Whether the interval lies in the band, outside, or across an edge.
    """

    check: Check
    value: Interval
    null: Interval
    verdict: Verdict
    null_verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "measure": self.check.measure, "outcome": self.check.outcome, "unit": self.check.unit,
            "title": self.check.title.model_dump(), **_bounds(self.value), "band": list(self.check.band),
            "verdict": self.verdict, "null_value": self.null.mean, "null_verdict": self.null_verdict,
        }  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A pattern with what was found.

    Attributes
    ----------
    pattern : Pattern
    checked : sequence of Checked
    own, null : Arms
        The runs; `null` is None where the bare queue was left out or the pattern is only shown.
    """

    pattern: Pattern
    checked: Sequence[Checked]
    own: Arms
    null: Arms | None

    @property
    def verdict(self) -> Verdict:
        """Pass where every check passes, fail where one fails."""
        return _together([each.verdict for each in self.checked])

    @property
    def null_verdict(self) -> Verdict | None:
        """The same in the bare queue; None where it was left out."""
        return None if self.null is None else _together([each.null_verdict for each in self.checked])

    @property
    def credit(self) -> bool:
        """Whether it speaks for the model: it holds, was neither put in nor fitted, and a bare queue lacks it."""
        return self.verdict == "pass" and self.pattern.role == "evidence" and self.null_verdict not in (None, "pass")

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`."""
        first = self.checked[0]
        return {
            "id": self.pattern.id, **_bounds(first.value), "band": list(first.check.band), "verdict": self.verdict,
            "title": self.pattern.title.model_dump(), "role": self.pattern.role, "credit": self.credit,
            "null_verdict": self.null_verdict, "checks": [each.as_json() for each in self.checked],
        }  # fmt: skip


def found(pattern: Pattern, own: Arms, null: Arms | None) -> Finding:
    """Measure a pattern's checks and hold them against their bands."""
    return Finding(pattern, [_checked(check, own, null) for check in pattern.checks], own, null)


def _checked(check: Check, own: Arms, null: Arms | None) -> Checked:
    measure = MEASURES[check.measure].of
    value = mean_interval(measure(own, check))
    bare = UNDEFINED if null is None else mean_interval(measure(null, check))
    return Checked(check, value, bare, verdict_of(value, check.band), verdict_of(bare, check.band))


def verdict_of(value: Interval, band: Band) -> Verdict:
    """Hold an interval against a band; without an interval nothing is identified.

    A band that is open on one side is about a sign or a bound, which the interval must clear.
    """
    if value.low is None or value.high is None:
        return "not identified"
    low, high = band
    if low is not None and high is not None:
        inside, outside = low <= value.low and value.high <= high, value.high < low or value.low > high
    elif low is not None:
        inside, outside = value.low > low, value.high <= low
    else:
        assert high is not None  # the form wants a bound
        inside, outside = value.high < high, value.low >= high
    return "pass" if inside else "fail" if outside else "not identified"


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    if "fail" in verdicts:
        return "fail"
    return "pass" if all(each == "pass" for each in verdicts) else "not identified"


def _bounds(value: Interval) -> dict[str, float | None]:
    return {"value": value.mean, "ci_low": value.low, "ci_high": value.high}
