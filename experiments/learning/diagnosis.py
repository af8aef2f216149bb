"""Look at a log before a district is learned from it: how it was cut, what breaks in it, and where a split is fair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.errors import WrongInput
from experiments.learning import diagnosis_closing as closing
from experiments.learning import diagnosis_cuts as cuts
from experiments.learning import diagnosis_recording as recording
from experiments.learning.diagnosis_limits import PERIOD_CASES
from experiments.learning.diagnosis_span import Finding, Span, date_text, span_of
from experiments.learning.diagnosis_window import refusal, split_of, thin, window_of
from experiments.learning.paths import Paths
from experiments.messages import msg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DETECTORS: tuple[Callable[[Span], Iterator[Finding]], ...] = (
    cuts.cut_by_closing,
    cuts.closed_too_early,
    cuts.begins_within,
    cuts.begins_empty,
    cuts.ramps,
    cuts.gaps,
    cuts.stray_times,
    closing.unclosed,
    closing.goes_on,
    closing.batches,
    closing.automatic,
    recording.events_jump,
    recording.appearing,
    recording.reorganisation,
    recording.label_unit,
)
"""What looks at a log, in the order in which it is told."""


@dataclass(frozen=True)
class Diagnosis:
    """What was found in a log, and where a split of it is fair.

    Attributes:
        findings: Severe ones first.
        window: From when to when cases that arrive are whole, in days since 1970.
        split: When the last part begins, in days since 1970.
        refused: Why no split is fair, and what export would be; None where one is.
        reason: Why the window and the split are where they are, or why there is none, in words.
    """

    findings: tuple[Finding, ...]
    window: tuple[float, float]
    split: float
    refused: str | None
    reason: str


def diagnose(paths: Paths, *, split: float | None = None) -> Diagnosis:
    """Look at a log.

    Args:
        split: When the last part shall begin, in days since 1970; by default where the first part is its usual share of
            the fair window.

    Raises:
        WrongInput: For a log without cases.
    """
    if len(paths) == 0:
        raise WrongInput([msg("diagnosis_no_case")])
    span = span_of(paths)
    found = list[Finding]()
    if span.inside.sum() >= PERIOD_CASES and span.closed.any():
        found = list(dict.fromkeys(each for detector in DETECTORS for each in detector(span)))
    window = window_of(span, found)
    found += thin(span, window)
    found.sort(key=lambda each: not each.severe)
    day = split_of(window) if split is None else split
    refused = refusal(span, found, window, day)
    return Diagnosis(tuple(found), window, day, refused, refused or _reason(window, day, split is None))


def picture(name: str, paths: Paths, found: Diagnosis) -> Figure:
    """Return the picture of a log and of what was found in it; to be called in the style of a language."""
    from experiments.charts.log_diagnosis import LogLife, Mark, log_diagnosis

    span = span_of(paths)
    marks = [Mark(msg(f"diagnosis_title_{each.what}"), each.span, each.severe) for each in found.findings]
    window, split = (None, None) if found.refused else (found.window, found.split)
    return log_diagnosis(LogLife(name, span.start, span.end, (span.low, span.high), span.edges, window, split, marks))


def _reason(window: tuple[float, float], split: float, usual: bool) -> str:
    low, high = window
    share = 100.0 * (split - low) / max(high - low, 1e-9)
    values = {"from": date_text(low), "to": date_text(high), "split": date_text(split), "share": share}
    return msg("diagnosis_reason" if usual else "diagnosis_reason_given", **values)
