"""A study as its YAML file says it: what is asked, of which regimes, over which values, how often."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from experiments.design.designs import DesignSpec
from experiments.design.factors import Spread, Titles
from experiments.design.replicates import Replicates
from model import LARGEST_SEED

__all__ = ["Kept", "StudyFile", "is_path", "resolved_path"]

Kept = StrictBool | Annotated[int, Field(ge=1)]
"""Of which runs something is kept: all, none, or so many replicates of each point."""


class StudyFile(BaseModel):
    """One study: enough to run it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("", description="Name of the folder; the file's, unless given.", pattern=r"^[\w.-]*$")
    title: Titles | None = None
    question: Titles | None = Field(None, description="What the study answers.")
    experiment: str = Field(description="Which kind of question it is: the command that answers it.")
    regimes: tuple[str, ...] = Field(min_length=1, description="Base scenarios; the others are compared to the first.")
    district: str = "chaoyang"
    set: dict[str, Any] = Field({}, description="Settings over every regime, by dotted path.")
    parameters: dict[str, Spread | None] = Field({}, description="What varies, by dotted path of world or regime.")
    design: DesignSpec = DesignSpec()
    replicates: Replicates = Replicates(fixed=20)
    luck: Literal["block", "independent"] = Field(
        "block", description="block: points that are compared share their luck; independent: every run has its own."
    )
    seed: int = Field(
        1, ge=0, le=LARGEST_SEED, description="Names the luck; replicate i of the first block has seed + i."
    )
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
        """Tell whether series or events of a replicate are kept."""
        kept: bool | int = getattr(self, what)
        return kept if isinstance(kept, bool) else replicate < kept

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, from which `StudyFile(**…)` makes it again."""
        return self.model_dump(mode="json", exclude_defaults=True)


def is_path(name_or_path: str) -> bool:
    """Tell a path from a shipped name."""
    return any(mark in name_or_path for mark in ("/", "\\")) or name_or_path.endswith((".yaml", ".yml"))


def resolved_path(name_or_path: str, beside: Path) -> str:
    """Return a path as seen from any folder; a shipped name stays a name."""
    return str((beside / name_or_path).absolute()) if is_path(name_or_path) else name_or_path
