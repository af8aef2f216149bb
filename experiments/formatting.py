"""How outcomes are shown: titles, units, and numbers a reader can take in."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from experiments.messages import MESSAGES, Language, current_language, msg
from experiments.stats import Interval
from experiments.stats.stopping import Reached

if TYPE_CHECKING:
    from model import Outcome
    from model.outcomes.outcome import Place

FEWEST_DECIMALS, MOST_DECIMALS = 1, 3  # shares, as percentages, take one decimal less than the most
WIDE = 10.0  # an interval of this half width, in the shown unit, leaves no decimal worth showing


class Measured(Protocol):
    """Anything with a unit: an outcome, or a measure of a unit."""

    @property
    def unit(self) -> str:
        """Unit in words; "share" is shown as percent."""


def outcome_of(name: str) -> Outcome:
    """Return what is declared of an outcome."""
    from model import OUTCOMES

    return OUTCOMES[name]


def shown_in(place: Place) -> list[str]:
    """Return the outcomes that are shown at a place, by name."""
    from model import OUTCOMES

    return [name for name, each in OUTCOMES.items() if place in each.shown]


def by_theme(outcomes: Iterable[str]) -> dict[str, list[str]]:
    """Return the given outcomes by key of their theme's heading, in the order in which they are declared."""
    from model import OUTCOMES

    given, groups = set(outcomes), dict[str, list[str]]()
    for name in (*OUTCOMES, *sorted(given - set(OUTCOMES))):
        if name in given:
            groups.setdefault(f"theme_{OUTCOMES[name].theme}", []).append(name)
    return groups


@dataclasses.dataclass(frozen=True)
class Quantity:
    """A quantity that is no outcome."""

    unit: str


SHARE, PURE_NUMBER = Quantity("share"), Quantity("1")


def title(outcome: Outcome, language: Language | None = None) -> str:
    """Return the outcome's title, in this language or the one that is spoken."""
    return outcome.title_zh if (language or current_language()) is Language.ZH else outcome.title_en


def means(outcome: Outcome) -> str:
    """Return what an outcome means, in the language in use."""
    return outcome.means_zh if current_language() is Language.ZH else outcome.means_en


def labelled(outcome: Outcome, *, difference: bool = False) -> str:
    """Return the outcome's title with the unit of its values, or differences."""
    return f"{title(outcome)} ({unit(outcome, difference=difference)})"


def measure_title(measure: str) -> str:
    """Return what a measure of `stats.panel.MEASURES` is called, in the language in use."""
    from model import OUTCOMES

    return title(OUTCOMES[measure]) if measure in OUTCOMES else msg(f"evaluation_{measure}")


def with_titles(text: str) -> str:
    """Return a text with the titles of outcomes in place of their names."""
    from model import OUTCOMES

    return re.sub(r"[a-z_]\w+", lambda name: title(OUTCOMES[name[0]]) if name[0] in OUTCOMES else name[0], text)


def scale(outcome: Measured) -> float:
    """Return the factor by which values are shown: shares as percentages."""
    return 100.0 if outcome.unit == "share" else 1.0


def unit(outcome: Measured, language: Language | None = None, *, difference: bool = False) -> str:
    """Return the unit in which values, or differences, are shown as a label."""
    if outcome.unit == "share":
        return msg("points" if difference else "percent", language)
    return msg(f"unit_{outcome.unit}", language) if f"unit_{outcome.unit}" in MESSAGES else outcome.unit


def decimals(interval: Interval, outcome: Measured) -> int:
    """Return the decimals that an interval allows: the first digit of its half width is the last one shown."""
    if interval.low is None or interval.high is None or interval.low == interval.high:
        return FEWEST_DECIMALS if outcome.unit == "share" else FEWEST_DECIMALS + 1
    half = scale(outcome) * (interval.high - interval.low) / 2
    fewest = 0 if half >= WIDE else FEWEST_DECIMALS
    most = MOST_DECIMALS - (outcome.unit == "share")
    return min(most, max(fewest, -math.floor(math.log10(half))))


def number(value: float | None, outcome: Measured, digits: int, *, sign: bool = False) -> str:
    """Return a value in the outcome's shown unit with so many decimals, or a dash where undefined."""
    if value is None:
        return msg("undefined")
    # adding zero turns −0.0 into 0.0
    return f"{round(value * scale(outcome), digits) + 0.0:{'+' if sign else ''},.{digits}f}"


def mean_text(interval: Interval, outcome: Measured, *, sign: bool = False) -> str:
    """Return a mean in as many decimals as its interval allows, or a dash where undefined."""
    return number(interval.mean, outcome, decimals(interval, outcome), sign=sign)


def level_text(interval: Interval, outcome: Measured, *, sign: bool = False) -> str:
    """Return `mean (low … high)`."""
    ends = interval_text(interval, outcome, decimals(interval, outcome), sign=sign)
    return f"{mean_text(interval, outcome, sign=sign)} ({ends})"


def interval_text(interval: Interval, outcome: Measured, digits: int, *, sign: bool = False) -> str:
    """Return `low … high`, or a dash where undefined."""
    if interval.low is None or interval.high is None:
        return msg("undefined")
    return " … ".join(number(bound, outcome, digits, sign=sign) for bound in (interval.low, interval.high))


def per_hundred(share: float) -> str:
    """Return a share as a count of a hundred; one below 1 with a decimal."""
    count = 100.0 * share
    return f"{count:.0f}" if count >= 0.95 or round(count, 1) == 0.0 else f"{count:.1f}"


def beside(before: float, now: float, least: int = 0) -> tuple[str, str]:
    """Return two numbers with equal decimals, at least so many, and as many as it takes to see that they differ."""
    digits = next((each for each in range(least, least + 2) if round(before, each) != round(now, each)), least)
    return f"{before:,.{digits}f}", f"{now:,.{digits}f}"


def share_text(share: Interval) -> str:
    """Return a share with its interval in whole percent, or a dash where undefined."""
    if share.mean is None or share.low is None or share.high is None:
        return msg("undefined")
    return f"{share.mean:.0%} ({share.low:.0%} … {share.high:.0%})"


def range_text(interval: Interval, outcome: Measured, *, sign: bool = True) -> str:
    """Return the bounds of an interval in words, or a dash where there is none."""
    if interval.low is None or interval.high is None:
        return msg("undefined")
    digits = decimals(interval, outcome)
    low, high = (number(bound, outcome, digits, sign=sign) for bound in (interval.low, interval.high))
    return msg("brief_from_to", low=low, high=high)


def over_worlds(key: str, worlds: int, **values: object) -> str:
    """Return a message in the words for what stands behind its numbers: plausible worlds, or luck in one."""
    return msg(f"{key}_worlds" if worlds else key, **values)


def bracketed(interval: Interval, outcome: Measured) -> str:
    """Return a difference with from where to where in brackets; without them where there is no interval."""
    size = mean_text(interval, outcome, sign=True)
    return size if interval.low is None else msg("brief_bracketed", size=size, interval=range_text(interval, outcome))


def share_of_worlds(share: float | None) -> str:
    """Return a share of worlds as percent; one that is not told as a dash."""
    return msg("undefined") if share is None else f"{100.0 * share:.0f} %"


def better_in(share: float | None, outcome: Outcome) -> str:
    """Return the share of worlds where an outcome is better; in brackets where higher, if neither side is."""
    return share_of_worlds(share) if outcome.direction else f"({share_of_worlds(share)})"


def plus_minus(interval: Interval, outcome: Measured, *, sign: bool = True) -> str:
    """Return a difference with half the width of its 95 % interval; without it where there is none."""
    mean = mean_text(interval, outcome, sign=sign)
    if interval.low is None or interval.high is None:
        return mean
    return f"{mean} ± {number((interval.high - interval.low) / 2, outcome, decimals(interval, outcome))}"


def digits_of(value: float | None, outcome: Measured) -> int:
    """Return the decimals of a value without an interval: three or so meaningful digits."""
    if outcome.unit == "share" or value is None:
        return FEWEST_DECIMALS
    size = abs(value)
    return 1 if size >= 100 else 2 if size >= 1 else 3


def imprecise_text(missed: Reached, row: int | None = None) -> str:
    """Return which precision was not reached, in this row of the design where it has several."""
    outcome, of = outcome_of(missed.precision.outcome), missed.precision.of
    half, asked = (
        msg("undefined") if value is None else f"{value * scale(outcome):.3g}"
        for value in (missed.half_width, missed.target)
    )
    return msg(
        "imprecise", title=title(outcome), unit=unit(outcome, difference=of == "difference"), regime=missed.regime,
        of=msg(f"imprecise_{of}"), row="" if row is None else msg("imprecise_row", row=row), half=half, asked=asked,
        replicates=missed.replicates,
    )  # fmt: skip
