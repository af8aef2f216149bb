"""What is to be said of a difference, once for every table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from experiments.studies.comparing.compare import Difference

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["Verdict", "verdict_of"]

Verdict = Literal["undefined", "equal", "few", "none", "more", "less", "better", "worse"]


def verdict_of(each: Difference, outcome: Outcome) -> Verdict:
    """Return the verdict: no values, equal in every pair, too few pairs, not clear, or clearly which way."""
    mean = each.interval.mean
    if mean is None:
        return "undefined"
    if each.equal:
        return "equal"
    if each.p_holm is None:
        return "few"
    if not each.clear:
        return "none"
    if outcome.direction == 0:
        return "more" if mean > 0 else "less"
    return "better" if mean * outcome.direction > 0 else "worse"
