"""The fair window of a log and its split: where what was learned may be tested on what was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from experiments.learning.diagnosis_limits import FIRST_PART, LEARN, PERIOD_CASES, SMALL_UNITS, TYPICAL, UNIT_EVENTS
from experiments.learning.diagnosis_span import Finding, Span, date_text, finding
from experiments.messages import msg

QUARTER = 91.3125  # days
LATER_BEGIN = ("closed_too_early", "begins_empty", "begins_within", "ramp_up")
EARLIER_END = ("arrivals_stop", "ramp_down")
"""Findings behind whose span the fair window begins, and before whose span it ends."""

REFUSED = ("cut_by_closing",)  # findings with which no split is fair


def window_of(span: Span, findings: Sequence[Finding]) -> tuple[float, float]:
    """Return the fair window: the dense span without what findings say is not whole at either end."""
    begins = [each.span[1] for each in findings if each.what in LATER_BEGIN]
    ends = [each.span[0] for each in findings if each.what in EARLIER_END]
    low, high = max([span.low, *begins]), min([span.high, *ends])
    return float(np.ceil(low)), max(float(high), float(np.ceil(low)))


def split_of(window: tuple[float, float]) -> float:
    """Return the day on which the last part begins."""
    return float(np.floor(window[0] + FIRST_PART * (window[1] - window[0])))


def thin(span: Span, window: tuple[float, float]) -> Iterator[Finding]:
    """Yield findings where a quarter has too few cases to be measured, or much of the work is by units seen rarely."""
    low, high = window
    arrived = int(((span.start >= low) & (span.start < high)).sum())
    a_quarter = arrived / max((high - low) / QUARTER, 1.0)
    if a_quarter < PERIOD_CASES:
        yield finding("thin_cases", window, True, count=a_quarter, least=PERIOD_CASES)
    paths = span.paths
    unit = paths.unit[(paths.time >= low) & (paths.time < high) & (paths.unit >= 0)]
    work = np.bincount(unit, minlength=1)
    few = (work > 0) & (work < UNIT_EVENTS)
    share = float(work[few].sum() / max(unit.size, 1))
    if share >= SMALL_UNITS:
        yield finding("thin_units", window, False, share=100.0 * share, count=int(few.sum()), of=int((work > 0).sum()),
                      least=UNIT_EVENTS)  # fmt: skip


def refusal(span: Span, findings: Sequence[Finding], window: tuple[float, float], split: float) -> str | None:
    """Return why no split, or this one, is fair and what export would be; None where it is."""
    low, high = window
    named = next((each for each in findings if each.what in REFUSED), None)
    if named is not None:
        return msg(f"diagnosis_refused_{named.what}", words=named.words)
    if not low < split < high:
        return msg("diagnosis_refused_split", split=date_text(split), **{"from": date_text(low), "to": date_text(high)})
    before = int(((span.start >= low) & (span.start < split)).sum())
    after = int(((span.start >= split) & (span.start < high)).sum())
    if before < LEARN or after < PERIOD_CASES:
        return msg("diagnosis_refused_thin", before=before, after=after, learn=LEARN, least=PERIOD_CASES,
                   split=date_text(split), **{"from": date_text(low), "to": date_text(high)})  # fmt: skip
    days = span.duration(TYPICAL)
    if span.high - split < days:
        return msg("diagnosis_refused_short", days=days, left=span.high - split, split=date_text(split))
    return None
