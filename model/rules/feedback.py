"""Residents: what they find, wait for, help with, and what comes back after a closure."""

from typing import Any

from model import portable_math


def circles(law: Any) -> float:
    """Return value × capability × support as a geometric mean: one near zero stops the others (rule 10)."""
    capability = law.party.capability + (1.0 - law.party.capability) * law.party.powers
    product = law.party.value * capability * law.party.support
    return portable_math.power(product, 1.0 / 3.0) if product > 0.0 else 0.0


def voices(law: Any, slack: float) -> float:
    """Return how far residents are heard in a street, 0–1: by hotline, meetings, media, deputies (R12).

    `slack` is the share of the communities' hours that work sent down leaves.
    """
    return law.participation.strength * slack


def involvement(law: Any, slack: float) -> float:
    """Return how far residents take part in the work of a street, 0–1: those heard whom the party network joins in."""
    return voices(law, slack) * law.effects.circles


def satisfaction(in_time: bool, reopened: bool) -> float:
    """Return the satisfaction with a case really closed: 0.5, in time 0.3 more, never reopened 0.2 more."""
    return 0.5 + (0.3 if in_time else 0.0) + (0.0 if reopened else 0.2)


def found_sooner(law: Any, habits: Any, heard: float) -> float:
    """Return how much sooner a hidden problem is found with residents and with inspection (N2)."""
    return habits.citizens.found_gain * heard + habits.citizens.inspection_gain * law.powers.inspection


def found_after(habits: Any, others: float, channels: float) -> float:
    """Return the mean days until a hidden problem is found: sooner by what `found_sooner` and all channels gain."""
    return habits.citizens.found_after / (1.0 + others + channels)


def channel_gain(strength: float, volume: float, mix: float) -> float:
    """Return how much sooner problems of a kind are found through a channel as far as it is open."""
    return strength * volume * mix


def among_finders(draw: float, others: float, channels: float) -> float:
    """Return where a found problem falls on the rates at which it could be found: channels first, then all others.

    `others` and `channels` are gains; who goes along the channels and takes away the gain of each finds the one.
    """
    return draw * (1.0 + others + channels)


def volunteers(habits: Any, involved: float) -> float:
    """Return the part of the work of closing with residents that they do themselves."""
    return habits.citizens.volunteers * involved


def comes_forward(habits: Any, standing: float, left: float) -> float:
    """Return the chance that a problem of the latent pool is reported (S10).

    `standing` is the share of the street's cases lately closed in time, of which what exceeds the usual draws
    requests; `left` the share of the pool that is left.
    """
    usual = habits.citizens.usual_standing
    better = max(0.0, standing - usual) / (1.0 - usual)
    return min(1.0, habits.citizens.feedback * better * left)


def chooses_cogovernance(habits: Any, load: float, involved: float) -> float:
    """Return the log-odds that a street closes with residents: slower, lasting, for those with hours at hand."""
    lean = habits.closing
    return lean.cogovernance + lean.cogovernance_involved * involved - lean.cogovernance_load * load


def reversal(habits: Any, specialist: float) -> float:
    """Return the chance that an enforcement closure is reversed, at a given share of specialists' skill."""
    expert, lay = habits.closing.reversal_specialist, habits.closing.reversal_generalist
    return lay + specialist * (expert - lay)


def recurs(habits: Any, kind: Any, cosmetic: bool, cogoverned: bool) -> float:
    """Return the chance that a closed case comes back as a linked repeat."""
    if cosmetic:
        return habits.citizens.complains_again
    return kind.recur_cogovernance if cogoverned else kind.recur_control


def waiting_time(draw: float, mean: float) -> float:
    """Return an exponential waiting time with the given mean (same unit as the mean)."""
    return -mean * portable_math.log(draw)


def waiting_for_others(kind: Any, draw: float) -> float:
    """Return how long a worked case waits for others than staff, in the unit of the kind's mean (lognormal)."""
    return portable_math.lognormal(kind.waiting_mean, kind.waiting_sigma, draw)


def gives_up(habits: Any, waited_days: float, draw: float) -> bool:
    """Tell whether the citizen gave up before now; −log(draw) ≥ 1 − draw spares most logarithms."""
    mean = habits.citizens.patience_days
    if (1.0 - draw) * mean > waited_days:
        return False
    return waiting_time(draw, mean) < waited_days


def severity(mean: float, spread: float, draw: float) -> float:
    """Return a case's severity in [0, 1], uniform over `spread` around its kind's mean."""
    return min(1.0, max(0.0, mean + spread * (draw - 0.5)))
