"""Work sent down by hand: programmes come unevenly, and what departments miss by the deadline goes to streets.

The section "Work sent down" of `paper/fluid_limit.md`.
"""

from __future__ import annotations

import math
from typing import Any

from experiments.studies.threshold.referral import births, effective_weight
from model import Scenario, offered_load

__all__ = ["case_share", "missed", "programmes_of", "sent_to_streets", "shortfall"]


def case_share(values: Any) -> float:
    """Return the share of a department's hours that cases get while programmes wait (rule 3)."""
    effort, weight = values["effort"], effective_weight(values)
    pull, other = weight ** effort["elasticity"], (1.0 - weight) ** effort["elasticity"]
    return float(effort["statutory_share"] + (1.0 - effort["statutory_share"]) * pull / (pull + other))


def programmes_of(values: Any) -> dict[str, float]:
    """Return the mean programme work of each department (P), person-days a day."""
    worse, line = values["citizens"]["worsening"], values["programmes"]
    cases = sum(births(values, kind) * kind["work_days"] * (1.0 + worse * kind["hidden"]) for kind in values["kinds"])
    whole = cases * line["weight"] / (1.0 - line["weight"]) * (1.0 - line["city_part"])
    sizes = {each["code"]: each["programme_weight"] * each["staff_weight"] for each in values["departments"]}
    total = sum(sizes.values()) or 1.0
    return {code: whole * size / total for code, size in sizes.items()}


def missed(mean: float, spread: float, capacity: float) -> float:
    """Return the expected excess of a lognormal month over a capacity, in the unit of both: E(X − k)⁺."""
    if mean <= 0.0:
        return 0.0
    if spread == 0.0 or capacity <= 0.0:
        return max(0.0, mean - capacity)
    above = (math.log(mean / capacity) + spread * spread / 2.0) / spread
    return mean * _normal(above) - capacity * _normal(above - spread)


def _normal(place: float) -> float:
    return 0.5 * (1.0 + math.erf(place / math.sqrt(2.0)))


def shortfall(scenario: Scenario) -> float:
    """Return the programme work that departments miss, person-days a day.

    While cases wait programmes have what the split leaves them; where cases need less than their share, the rest too.
    """
    values = scenario.resolved()
    share, spread, planned = case_share(values), values["programmes"]["spread"], programmes_of(values)
    total = 0.0
    for pool in offered_load(scenario):
        if pool.level == "department" and planned.get(pool.code, 0.0) > 0.0:
            mean = planned[pool.code]
            free = max((1.0 - share) * pool.hours, pool.hours - (pool.work - mean))
            total += missed(mean, spread, free)
    return total


def sent_to_streets(scenario: Scenario) -> float:
    """Return the work sent down that stays in streets (U), person-days a day; the rest goes on to communities."""
    values = scenario.resolved()
    down, burden = values["sending_down"], values["burden"]
    asked = down["hold"] * (1.0 - values["assessment"]["street_weight"]) * (1.0 - burden["department"])
    passed = asked * (1.0 - burden["entry_gate"]) * (1.0 - burden["negative_list"])
    return float(shortfall(scenario) * passed * (1.0 - down["community_part"]))
