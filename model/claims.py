"""What a claim is: a change of rules or of facts, and what should then move."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

UP: Literal[1] = 1
DOWN: Literal[-1] = -1

Side = Literal["alone", "whole"]

KINDS_OF_ROWS = (
    "RNTGE"  # reform, proposals, trade, working together, beside the article: the order in which they are shown
)


@dataclass(frozen=True)
class Claim:
    """One row of the claims: a change of rules or of facts, and what should then be seen.

    Attributes:
        row: "P1", "R1", "N4a", …
        values: The keys that are changed, by dotted path, with their values after the change; before, they have their
            defaults.
        outcome: The observable that should move, a name of `OUTCOMES`.
        direction: Where it should move: `UP` or `DOWN`.
        title_en, title_zh: What it is.
        means_en, means_zh: How it works, and so why the observable should move, in a sentence.
    """

    row: str
    values: Mapping[str, bool | float]
    outcome: str
    direction: Literal[1, -1]
    title_en: str
    title_zh: str
    means_en: str
    means_zh: str

    @property
    def topics(self) -> tuple[str, ...]:
        """The dotted keys that are changed."""
        return tuple(self.values)

    def base(self, side: Side) -> str:
        """Return the regime over which the effect is measured: alone, or within the whole reform."""
        return "inverted" if side == "alone" else "flattened"


@dataclass(frozen=True)
class Condition(Claim):
    """What is wrong before the reform (P): a fact or a habit of the district, which is gone after the change.

    Attributes:
        answered_by: Rows of the instruments that answer it; these can begin on a date.
    """

    answered_by: tuple[str, ...]


@dataclass(frozen=True)
class Instrument(Claim):
    """One row of the reform (R), of the proposals (N), of trade (T), of working together (G) or beside the article (E).

    Attributes:
        beneath: Regimes that must hold beside it, because it acts on what they create.
        by_construction: Whether the observable counts what the instrument does, so that its moving is no evidence.
        dated: Whether it acts on what begins on a date: its regime extends the one beneath, and the whole is measured
            there too, because nothing in `flattened` begins on a date.
        regime_en, regime_zh: Title of its regime, if that says more than its own.
        note: Comment in the file of its regime.
        file: Name of its regime, where its row does not give it.
        parts: Rows of the instruments that it is made of, if it only puts these together.

    Raises:
        ValueError: For another row than R, N, T, G or E with a number.
    """

    beneath: tuple[str, ...] = ()
    by_construction: bool = False
    dated: bool = False
    regime_en: str = ""
    regime_zh: str = ""
    note: str = ""
    file: str = ""
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(rf"[{KINDS_OF_ROWS}][1-9]\d?[abc]?", self.row):
            raise ValueError(f"row of an instrument: expected R, N, T, G or E and a number, got '{self.row}'.")

    @property
    def regime(self) -> str:
        """The shipped regime that turns it up alone: "n04a" for "N4a"."""
        if self.file:
            return self.file
        number = self.row[1:].rstrip("abc")
        return f"{self.row[0].lower()}{number:>02}{self.row[1:].removeprefix(number)}"

    def base(self, side: Side) -> str:
        """Return the regime over which the effect is measured; alone, that is what must hold beside it."""
        return self.beneath[0] if self.beneath and (side == "alone" or self.dated) else super().base(side)
