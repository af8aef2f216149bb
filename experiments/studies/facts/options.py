"""What `whistle patterns` is asked, as the study keeps it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from experiments.studies.facts.form import Pattern

__all__ = ["NULL", "PatternOptions"]

NULL = "null_queue"
"""The regime in which nobody behaves: what it shows as well earns no credit."""


class PatternOptions(BaseModel):
    """Options of a study of patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    patterns: tuple[Pattern, ...] = Field(min_length=1, description="As `configs/patterns.yaml` has them.")
    regime: str | None = Field(None, description="Under which all are looked at, instead of each under its own.")
    null: bool = Field(True, description="Whether each is looked at in a bare queue as well.")

    def regime_of(self, pattern: Pattern, null: bool) -> str:
        """Return the regime of a pattern's arms."""
        return NULL if null else self.regime or pattern.regime
