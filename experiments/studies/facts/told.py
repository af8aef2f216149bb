"""The patterns in a table and in sentences, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.formatting import decimals, number, plus_minus, scale, unit
from experiments.messages import current_language, msg, runs_text
from experiments.studies.facts.findings import Checked, Finding

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["sentences", "table"]


@dataclass(frozen=True)
class _Shown:
    """The unit in which a check is shown; a change of a share is shown in points."""

    unit: str


def _measured(checked: Checked) -> _Shown:
    return _Shown("share" if checked.check.unit == "points" else checked.check.unit)


def _unit(checked: Checked) -> str:
    return unit(_measured(checked), difference=checked.check.unit == "points")


def _value(checked: Checked) -> str:
    shown = plus_minus(checked.value, _measured(checked), sign=checked.check.unit == "points")
    return f"{shown} {_unit(checked)}" if checked.check.unit != "1" else shown


def _band(checked: Checked) -> str:
    """Return the band in the unit that is shown."""
    band, shown = checked.check.band, _measured(checked)
    digits = max((_digits(bound, shown) for bound in band if bound is not None), default=0)
    low, high = (None if bound is None else number(bound, shown, digits) for bound in band)
    if low is None:
        return msg("patterns_at_most", high=high)
    return msg("patterns_at_least", low=low) if high is None else msg("patterns_between", low=low, high=high)


def _digits(bound: float, shown: _Shown) -> int:
    value = bound * scale(shown)
    return 0 if abs(value - round(value)) < ROUNDING else 1


ROUNDING = 1e-9
"""A hundred times a share may miss a whole number by this much."""


def table(findings: Sequence[Finding], width: int) -> Table:
    """Return all checks, pattern by pattern."""
    from rich.table import Table

    made = Table(title=msg("patterns_title"), title_justify="left", width=width, show_lines=False)
    for key in ("pattern", "measured", "value", "band", "verdict", "null", "credit"):
        made.add_column(msg(f"patterns_{key}"), overflow="fold")
    for finding in findings:
        for place, checked in enumerate(finding.checked):
            made.add_row(*_row(finding, checked, first=place == 0))
        made.add_section()
    return made


def _row(finding: Finding, checked: Checked, *, first: bool) -> list[str]:
    name = f"{finding.pattern.id} {getattr(finding.pattern.title, current_language())}" if first else ""
    return [
        name, getattr(checked.check.title, current_language()), _value(checked), _band(checked),
        msg(f"patterns_{checked.verdict}"), _null(checked), _credit(finding) if first else "",
    ]  # fmt: skip


def _null(checked: Checked) -> str:
    if checked.null.mean is None:
        return msg("patterns_unknown")
    shown = _measured(checked)
    return number(checked.null.mean, shown, decimals(checked.null, shown), sign=checked.check.unit == "points")


def _credit(finding: Finding) -> str:
    if finding.pattern.role != "evidence":
        return msg(f"patterns_{finding.pattern.role}")
    if finding.verdict != "pass" or finding.null_verdict is None:
        return msg("patterns_unknown")
    return msg("patterns_yes" if finding.credit else "patterns_evidence")


def sentences(findings: Sequence[Finding], pairs: int) -> Iterator[str]:
    """Yield how many hold, which speak for the model, and what does not hold and by how much."""
    verdicts = [finding.verdict for finding in findings]
    yield msg(
        "patterns_says_count", passed=verdicts.count("pass"), total=len(verdicts), failed=verdicts.count("fail"),
        unclear=verdicts.count("not identified"), runs=runs_text(pairs),
    )  # fmt: skip
    credit = [finding.pattern.id for finding in findings if finding.credit]
    if credit:
        yield msg("patterns_says_credit", credit=len(credit), ids=", ".join(credit))
    elif any(finding.null is not None for finding in findings):
        yield msg("patterns_says_no_credit")
    for finding in findings:
        yield from _misfits(finding)
    yield msg("patterns_says_rule")
    yield msg("dated_no_forecast")


def _misfits(finding: Finding) -> Iterator[str]:
    for checked in finding.checked:
        if checked.verdict != "pass":
            yield msg(
                f"patterns_says_{'fail' if checked.verdict == 'fail' else 'unclear'}", id=finding.pattern.id,
                measured=getattr(checked.check.title, current_language()), value=_value(checked),
                band=_band(checked),
            )  # fmt: skip
