"""Letters by hand: what streets refer and get back, for departments pass it on or do not answer.

The section "Letters" of `paper/fluid_limit.md`.
"""

from __future__ import annotations

import math
from typing import Any

__all__ = ["births", "effective_weight", "logistic", "referred", "returned", "returns_for_good"]


def logistic(log_odds: float) -> float:
    """Return the chance at these log-odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


def births(values: Any, kind: Any) -> float:
    """Return the problems of a kind born a day (λ); `values` as `Scenario.resolved()` gives them."""
    requests = values["demand"]["requests_per_year"] * values["demand"]["scale"] / 365.0
    return float(requests * kind["share"] / (1.0 - kind["hidden"]))


def effective_weight(values: Any) -> float:
    """Return the streets' weight after dilution by the number of indicators (w)."""
    law = values["assessment"]
    return float(law["street_weight"] / law["indicators"] ** values["effort"]["dilution"])


def _claims(values: Any, kind: Any) -> dict[str, float]:
    """Return the claims of all units on a kind, as far as the duty list is clear."""
    clear, duties = values["duty_list"]["clarity"], kind["duties"]
    codes = {*duties["diffuse"], *duties["sharp"]}
    both = {code: (duties["diffuse"].get(code, 0.0), duties["sharp"].get(code, 0.0)) for code in sorted(codes)}
    mixed = {code: diffuse + clear * (sharp - diffuse) for code, (diffuse, sharp) in both.items()}
    return {code: claim for code, claim in mixed.items() if claim > 0.0}


def _appeal(values: Any, claim: float) -> float:
    """Return the weight of a claim in the eyes of a sender who perceives it with an error (rule 2)."""
    routing = values["routing"]
    unclear = 1.0 - routing["clarity_gain"] * values["duty_list"]["clarity"]
    seen = 1.0 - routing["data_gain"] * values["grids"]["integration"]
    return math.exp((claim - 1.0) / (routing["noise"] * unclear * seen))


def _accepts(values: Any, kind: Any, claim: float, strongest_other: float, passes: int) -> float:
    """Return the chance that an idle department accepts a letter that was passed on so often (rule 1)."""
    ready, letters = values["acceptance"], values["letters"]
    age = (letters["transit_days"] + letters["answer_within"] / 2.0) * (passes + 1)
    late = min(1.0, age / values["deadlines"][kind["deadline"]])
    stake = ready["stake"] * effective_weight(values) + values["coordination"]["raise_stake"]
    contested = ready["overlap"] * min(1.0, strongest_other / claim)
    went_wrong = ready["blame_late"] * late + (1.0 - ready["blame_late"]) * passes / (passes + 1.0)
    blame = ready["blame"] * kind["stake"] * went_wrong
    return logistic(ready["intercept"] + ready["membership"] * claim - contested + stake - blame)


def returned(values: Any, kind: Any) -> float:
    """Return the chance that one letter about an ordinary case ends on the street's desk again (q); section 2.

    Nothing comes back where units do not choose, everything where no department claims the kind.
    """
    if not values["acceptance"]["in_force"]:
        return 0.0
    claims = _claims(values, kind)
    if not claims.keys() - {"street"}:
        return 1.0
    here = _appeal(values, max(claims.pop("street", 0.0), values["routing"]["territorial_floor"]))
    appeals = {code: _appeal(values, claim) for code, claim in claims.items()}
    answers = logistic(values["acceptance"]["answering"])

    def comes_back(code: str, unasked: frozenset[str]) -> float:
        """Return the chance that a letter now with a department ends with the street; nobody is asked twice."""
        others = [claim for other, claim in claims.items() if other != code]
        passes = len(claims) - len(unasked) - 1
        accepts = _accepts(values, kind, claims[code], max(others, default=0.0), passes)
        whole = here + sum(appeals[each] for each in unasked)
        there = sum(appeals[each] * comes_back(each, unasked - {each}) for each in unasked)
        return 1.0 - answers + answers * (1.0 - accepts) * (here + there) / whole

    everyone, whole = frozenset(claims), sum(appeals.values())
    return sum(appeals[code] * comes_back(code, everyone - {code}) for code in claims) / whole


def returns_for_good(values: Any, kind: Any) -> float:
    """Return the share of an ordinary kind's cases that the street refers and has to close itself in the end.

    Each letter that comes back widens what the street is held to (territorial responsibility).
    """
    held, wider = _claims(values, kind).get("street", 0.0), values["routing"]["territorial_floor"]
    chance, letter, own = returned(values, kind), 1.0, 0.0
    while held < 1.0 and wider > 0.0:
        letter *= chance
        more = min(1.0, held + wider)
        own += letter * (more - held)
        held = more
    return own


def referred(values: Any) -> float:
    """Return the ordinary work that comes back to streets for good (R), person-days a day at their speed."""
    worse = values["citizens"]["worsening"]
    work = sum(
        births(values, kind) * kind["work_days"] * (1.0 + worse * kind["hidden"])
        * (1.0 - kind["joint"]) * (1.0 - kind["enforcement"]) * returns_for_good(values, kind)
        for kind in values["kinds"]
    )  # fmt: skip
    return float(work / values["skill"]["local_speed"])
