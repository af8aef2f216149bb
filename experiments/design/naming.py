"""What tables and figures call the parameters of a study and their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.design.studyfile import Spread
from experiments.messages import MESSAGES, Language, current_language, msg

if TYPE_CHECKING:
    from model import Declared

LONGEST = 46  # characters of a declared meaning on an axis; longer ones give way to the dotted path
LISTED = 8  # parameters that a sentence names
UNNAMED = ("1", "share", "word", "switch")  # units that an axis from 0 to 1, or of words, need not name


class Names:
    """Words for the parameters of a study and their values, in the language in use."""

    def __init__(self, parameters: Mapping[str, Spread | None]) -> None:
        self._parameters = parameters

    def of(self, name: str) -> str:
        from model import INSTRUMENTS

        spread, chinese = self._parameters.get(name), current_language() is Language.ZH
        if spread is not None and spread.title is not None:
            return str(getattr(spread.title, current_language()))
        if f"factor_{name}" in MESSAGES:
            return msg(f"factor_{name}")
        known = _declared(name)
        meaning = (known.zh if chinese else known.meaning.rstrip(".")) if known else ""
        if meaning and len(meaning) <= LONGEST:
            return meaning
        instrument = next((each for each in INSTRUMENTS if each.row == name), None)
        return f"{name} {instrument.title_zh if chinese else instrument.title_en}" if instrument else name

    def listed(self, names: Sequence[str]) -> str:
        """Return what parameters are called, one after another; of many only the first ones."""
        shown = msg("list_join").join(self.of(name) for name in names[:LISTED])
        return f"{shown} …" if len(names) > LISTED else shown

    def axis(self, name: str) -> str:
        """Return the label of an axis: the parameter, and its unit where one need be named."""
        known = _declared(name)
        if known is None or known.unit in UNNAMED:
            return self.of(name)
        unit = f"unit_{known.unit}"
        return f"{self.of(name)} ({msg(unit) if unit in MESSAGES else known.unit})"

    def value(self, name: str, value: Any) -> str:
        spread = self._parameters.get(name)
        if spread is not None and str(value) in spread.names:
            return str(getattr(spread.names[str(value)], current_language()))
        return f"{value:.4g}" if isinstance(value, float) else str(value)

    def range(self, name: str, low: float | None, high: float | None, words: Sequence[str] = ()) -> str:
        """Return a range of values as people read it: ≥ 0.2, ≤ 0.5, 0.2 – 0.5, or the words let in."""
        if words:
            return msg("list_join").join(self.value(name, word) for word in words)
        if low is None:
            return f"≤ {high:.3g}"
        return f"≥ {low:.3g}" if high is None else f"{low:.3g} – {high:.3g}"


def _declared(name: str) -> Declared | None:
    from model import ConfigError, declared_at

    try:
        return declared_at(name)
    except ConfigError:
        return None


def shown_name(label: str, titles: Mapping[str, str]) -> str:
    """Return how a regime is shown: its Chinese title where Chinese is in use, else its name."""
    return titles.get("zh", label) if current_language() is Language.ZH else label


def unbracketed(title: str) -> str:
    """Return a title without a remark in brackets at its end."""
    return re.sub(r"\s*[（(][^（()）]*[)）]$", "", title) or title
