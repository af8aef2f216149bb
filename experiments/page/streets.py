"""The map of streets of the home tab: what a package changes in each, by name."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import solara

from experiments.colours import PACKAGE, PAPER, RAMP, TINT, WORSE
from experiments.messages import Language, in_language, msg, running_text, template
from experiments.page.stage import fields_of, located
from experiments.page.view import parts, view

if TYPE_CHECKING:
    from model import Scenario

GAINS = (1.0, 5.0, 10.0, 15.0)  # requests of 100: bounds between the colours of a gain
COLOURS = (TINT, RAMP[0], RAMP[2], RAMP[3], PACKAGE)  # of less than the least bound, and of each above it
_TEXTS = ("title", "search", "map", "legend", "choose", "none", "street", "table", "note")
Shares = Sequence[float | None]  # closed in time, of the requests of each street, in the order of the district


def street_map(scenario: Scenario, before: Shares, after: Shares, language: Language) -> solara.Element:
    """Return the map of a district's streets, with how many of 100 requests were closed in time before and after."""
    with in_language(language):
        given = zip(scenario.world.streets, before, after, strict=True)
        streets = [
            {"row": row, "name": str(getattr(street.title, language)), **_told(first, then)}
            for row, (street, first, then) in enumerate(given)
        ]
        words: dict[str, Any] = {name: template(f"streets_{name}") for name in _TEXTS}
        words["columns"] = [msg(f"streets_{name}") for name in ("name", "before", "after", "change")]
        words["note"] = running_text([msg("streets_placed" if located(scenario) else "streets_plain"), words["note"]])
        return view("streets")(
            streets=streets, fields=fields_of(scenario), words=words, legend=_legend(), components=parts("spots")
        )


def _told(before: float | None, after: float | None) -> dict[str, Any]:
    """Return both values and the change as words, the colour of the change, and by what a table is sorted."""
    change = None if before is None or after is None else 100 * (after - before)
    numbers = [msg("undefined") if each is None else f"{100 * each:.0f}" for each in (before, after)]
    return {
        "before": numbers[0], "after": numbers[1], "colour": colour_of_gain(change),
        "change": msg("undefined") if change is None else f"{round(change):+d}".replace("-", "−").replace("+0", "0"),
        "order": -1000.0 if change is None else round(change, 2),
    }  # fmt: skip


def colour_of_gain(change: float | None) -> str:
    """Return the colour of a change, in requests of 100."""
    if change is None:
        return PAPER
    return WORSE if change <= -GAINS[0] else COLOURS[sum(change >= each for each in GAINS)]


def _legend() -> list[dict[str, str]]:
    low, high = f"{GAINS[0]:g}", f"{GAINS[-1]:g}"
    between = [msg("streets_gain", low=f"{a:g}", high=f"{b:g}") for a, b in itertools.pairwise(GAINS)]
    words = [msg("streets_same", bound=low), *between, msg("streets_most", low=high)]
    return [{"colour": WORSE, "words": msg("streets_worse", bound=low)},
            *({"colour": colour, "words": each} for colour, each in zip(COLOURS, words, strict=True))]  # fmt: skip
