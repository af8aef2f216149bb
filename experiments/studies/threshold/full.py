"""A pool that is full: how long cases may wait in it, who has the patience, how fast tired people work.

Sections 4 and 5 of `paper/fluid_limit.md`; `values` as `Scenario.resolved()` gives them.
"""

from __future__ import annotations

import math
from typing import Any

from experiments.studies.threshold.referral import births, logistic

__all__ = ["load_felt", "patient_share", "reversed_share", "slack_days", "speed_when_full", "with_residents"]


def slack_days(values: Any, delegated: float) -> float:
    """Return the mean days that limits leave for waiting (τ), over the cases that streets keep after delegation.

    Kinds whose limit is shorter than a step have no closure rate and are left out.
    """
    cases = slack = 0.0
    for kind in values["kinds"]:
        limit = values["deadlines"][kind["deadline"]]
        if limit * values["run"]["steps_per_day"] >= 1.0:
            street = kind["duties"]["diffuse"].get("street", 0.0)
            kept = kind["enforcement"] * delegated + (1.0 - kind["enforcement"]) * street
            count = births(values, kind) * (1.0 - kind["joint"]) * kept
            cases += count
            slack += count * max(0.0, limit - kind["waiting_days"])
    return slack / cases if cases > 0.0 else 0.0


def load_felt(values: Any, days: float) -> float:
    """Return how people feel a queue of so many days (L), 0-1: in days of all of them, of whom some are absent."""
    present = (5.0 + 2.0 * values["staff"]["weekend"]) / 7.0
    return float(days * present / (days * present + values["acceptance"]["load_reference"]))


def patient_share(values: Any, days: float) -> float:
    """Return the share of citizens who have not given up after so many days."""
    return math.exp(-days / values["citizens"]["patience_days"])


def speed_when_full(values: Any, days: float) -> float:
    """Return the speed of people in full use with a queue of so many days (s): hurried, and tired throughout."""
    effort = values["effort"]
    return 1.0 + float(effort["hurry"]) * load_felt(values, days) - float(effort["fatigue"])


def with_residents(values: Any, days: float) -> float:
    """Return the work of ordinary cases, some closed with residents, over that by control alone (φ)."""
    lean = values["closing"]
    chosen = logistic(lean["cogovernance"] - lean["cogovernance_load"] * load_felt(values, days))
    return 1.0 + (float(lean["cogovernance_work"]) - 1.0) * chosen


def reversed_share(values: Any, experts: float) -> float:
    """Return the share of delegated closures that are reversed and done again (r), at a share of experts."""
    lay, expert = values["closing"]["reversal_generalist"], values["closing"]["reversal_specialist"]
    return float(lay + experts * (expert - lay))
