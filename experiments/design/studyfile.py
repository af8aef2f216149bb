"""The form of a study's YAML file: which question, which regimes, which values, how often."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator

from experiments.errors import WrongInput
from model import LARGEST_SEED, one_of

STRIDE = 100_000  # seeds that a block of a design has to itself: a study may run each point as often as that

Shape = Literal["values", "uniform", "loguniform", "integer", "categorical", "triangular", "bundles", "between"]
SHAPES: tuple[Shape, ...] = get_args(Shape)


_FORM = ConfigDict(extra="forbid", frozen=True)
# by name: mypy would take fields for read-only otherwise, and protocols of `experiments.stats` name plain ones


class Section(BaseModel):
    """A section of a file that a user writes."""

    model_config = _FORM


class Titles(Section):
    """A few words in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Spread(Section):
    """How a parameter varies; empty: evenly over the bounds it was declared with."""

    values: tuple[Any, ...] | None = Field(None, min_length=1, description="The very values, in this order.")
    uniform: tuple[float, float] | None = Field(None, description="[low, high]")
    loguniform: tuple[float, float] | None = Field(None, description="[low, high], both above 0")
    integer: tuple[int, int] | None = Field(None, description="[low, high], whole numbers, both included")
    categorical: tuple[Any, ...] | None = Field(None, min_length=1, description="Words, each as likely.")
    triangular: tuple[float, float, float] | None = Field(None, description="[low, mode, high]")
    bundles: dict[str, dict[str, Any]] | None = Field(
        None, min_length=1, description="Settings by name that are chosen together: {name: {path: value, …}, …}"
    )
    between: tuple[dict[str, float], dict[str, float]] | None = Field(
        None, description="Two sets of settings; the parameter is the place on the line between them, from 0 to 1."
    )
    title: Titles | None = Field(None, description="What figures call it; else what it was declared to mean.")
    names: dict[str, Titles] = Field({}, description="What figures call its values, by value.")
    levels: int | None = Field(None, ge=2, le=10_000, description="In a grid: so many values, evenly from low to high.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Spread:
        given = self.shapes
        if len(given) > 1:
            raise ValueError(f"expected {one_of(SHAPES)}, got {' and '.join(given)}")
        ends = self.uniform or self.loguniform or self.integer or self.triangular
        if ends is not None and not (ends[0] < ends[-1] and list(ends) == sorted(ends)):
            raise ValueError(f"expected low before high, got {list(ends)}")
        if self.loguniform is not None and self.loguniform[0] <= 0:
            raise ValueError(f"expected low above 0, because its logarithm is taken, got {self.loguniform[0]:g}")
        if self.between is not None and set(self.between[0]) != set(self.between[1]):
            raise ValueError("expected the same keys at both ends, got different ones")
        return self

    @property
    def shapes(self) -> list[Shape]:
        return [name for name in SHAPES if getattr(self, name) is not None]


class DesignSpec(Section):
    """How the space of parameters is visited."""

    kind: Literal["grid", "list", "lhs", "sobol", "morris", "random"] = "grid"
    points: int = Field(100, ge=1, le=10_000_000, description="lhs, random: rows.")
    blocks: int = Field(64, ge=2, le=1_048_576, description="sobol: Saltelli blocks, a power of two.")
    second_order: bool = Field(False, description="sobol: second-order indices too, for twice the rows.")
    trajectories: int = Field(20, ge=2, le=10_000, description="morris: trajectories kept.")
    candidates: int | None = Field(None, ge=2, description="morris: trajectories from which the best spread is chosen.")
    levels: int = Field(4, ge=2, le=64, description="morris: levels of each parameter, an even number.")
    rows: tuple[dict[str, Any], ...] = Field((), description="list: each row by parameter.")

    @model_validator(mode="after")
    def _makes_sense(self) -> DesignSpec:
        if self.kind == "sobol" and self.blocks & (self.blocks - 1):
            below = 1 << (self.blocks.bit_length() - 1)
            raise ValueError(f"blocks: expected a power of two, such as {below} or {2 * below}, got {self.blocks}")
        if self.kind == "morris" and self.levels % 2:
            raise ValueError(f"levels: expected an even number, got {self.levels}")
        if self.kind == "morris" and self.candidates is not None and self.candidates < self.trajectories:
            least = f"at least {self.trajectories}, the number of trajectories"
            raise ValueError(f"candidates: expected {least}, got {self.candidates}")
        if self.kind == "list" and not self.rows:
            raise ValueError("rows: expected one or more, each a mapping of values by parameter, got none")
        return self


def _half_width(value: float | str) -> float | str:
    if isinstance(value, str) and not re.fullmatch(r"\d+(\.\d+)? ?%", value):
        wanted = "a number in the outcome's unit, or a share of the mean such as '5 %'"
        raise ValueError(f"expected {wanted}, got '{value}'")
    if not isinstance(value, str) and value <= 0:
        raise ValueError(f"expected a number above 0, got {value:g}")
    return value


HalfWidth = Annotated[float | str, AfterValidator(_half_width)]


class Until(Section):
    """Run until the 95 % intervals of these outcomes are narrow enough."""

    level: dict[str, HalfWidth] = Field({}, description="Half-width by outcome, of the level under each regime.")
    difference: dict[str, HalfWidth] = Field({}, description="Half-width by outcome, of the paired difference.")
    minimum: int = Field(20, ge=20, le=STRIDE, description="Replicates before the rule is applied.")
    look_ahead: int = Field(5, ge=5, le=1000, description="Further replicates for which it must go on to hold.")
    budget: int = Field(200, ge=25, le=STRIDE, description="Replicates at which it is given up.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Until:
        least = self.minimum + self.look_ahead
        if not self.level and not self.difference:
            raise ValueError("expected half-widths under level, difference or both, got none")
        if self.budget < least:
            raise ValueError(f"budget: expected at least minimum + look_ahead = {least}, got {self.budget}")
        return self


class Replicates(Section):
    """How often each point is run: a fixed number of times, or until the intervals are narrow enough."""

    fixed: int | None = Field(None, ge=1, le=STRIDE, description="So many.")
    until: Until | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Replicates:
        if (self.fixed is None) == (self.until is None):
            raise ValueError("expected either fixed or until, got both or neither")
        return self

    @property
    def most(self) -> int:
        """Replicates beyond which no point is run."""
        return self.until.budget if self.until else self.fixed or 0

    @property
    def first(self) -> int:
        """Replicates that are run before anything is decided."""
        return self.until.minimum + self.until.look_ahead if self.until else self.most


Kept = StrictBool | Annotated[int, Field(ge=1)]
"""Of which runs something is kept: all, none, or so many replicates of each point."""


class StudyFile(Section):
    """One study: enough to run it again."""

    name: str = Field("", description="Name of the folder; the file's, unless given.", pattern=r"^[\w.-]*$")
    title: Titles | None = None
    question: Titles | None = Field(None, description="What the study answers.")
    experiment: str = Field(description="Which kind of question it is: the command that answers it.")
    regimes: tuple[str, ...] = Field(min_length=1, description="Base scenarios; the others are compared to the first.")
    district: str = "chaoyang"
    rules: str | None = Field(None, description="File of own rules, from beside this file.")
    set: dict[str, Any] = Field({}, description="Settings over every regime, by dotted path.")
    parameters: dict[str, Spread | None] = Field({}, description="What varies, by dotted path of world or regime.")
    design: DesignSpec = DesignSpec()
    replicates: Replicates = Replicates(fixed=20)
    luck: Literal["block", "independent"] = Field(
        "block",
        description="block: points that are compared share their random seeds; independent: every run has its own.",
    )
    seed: int = Field(1, ge=0, le=LARGEST_SEED, description="Random seed; replicate i of the first block has seed + i.")
    worlds: Literal["reference"] | Annotated[int, Field(ge=1)] | None = Field(
        None,
        description="Plausible worlds that it is looked at in, one after the other with each replicate; reference: the "
        "district as it is written. By default 40 where the district has worlds and the question is one over worlds.",
    )
    ensemble: str | None = Field(None, description="Table of worlds; that of the district, unless given.")
    outcomes: tuple[str, ...] = Field((), description="Outcomes kept; none given: all.")
    series: Kept = Field(False, description="Keep daily series: all, none, or of so many replicates of each point.")
    events: Kept = Field(False, description="Keep event logs: all, none, or of so many replicates of each point.")
    analysis: dict[str, Any] = Field({}, description="Options of the experiment.")

    @model_validator(mode="after")
    def _regimes_once(self) -> StudyFile:
        twice = sorted({regime for regime in self.regimes if self.regimes.count(regime) > 1})
        if twice:
            raise ValueError(f"regime '{twice[0]}': expected once in a study, got it more than once")
        return self

    def keeps(self, what: Literal["series", "events"], replicate: int) -> bool:
        kept: bool | int = getattr(self, what)
        return kept if isinstance(kept, bool) else replicate < kept

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, from which `StudyFile(**…)` makes it again."""
        return self.model_dump(mode="json", exclude_defaults=True)


def is_path(name_or_path: str) -> bool:
    """Tell a path from a shipped name."""
    return any(mark in name_or_path for mark in ("/", "\\")) or name_or_path.endswith((".yaml", ".yml", ".xlsx"))


def resolved_path(name_or_path: str, beside: Path) -> str:
    """Return a path as seen from any folder; a shipped name stays a name."""
    return str((beside / name_or_path).absolute()) if is_path(name_or_path) else name_or_path


def rules_path(file: str | Path | None, beside: Path, place: str) -> str | None:
    """Return the path of a file of own rules as seen from any folder; None where none is given.

    Args:
        place: Where it was given, for the message.

    Raises:
        WrongInput: If there is no such file.
    """
    if file is None:
        return None
    path = (beside / file).absolute()
    if not path.is_file():
        raise WrongInput([f"{place}expected the path of a file of own rules, but {file} is not a file."])
    return str(path)
