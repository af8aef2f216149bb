"""Patterns as `configs/patterns.yaml` has them: what is seen in the world, where to look in the model, what to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from experiments.design.reading import Places, read_form
from experiments.design.studyfile import Replicates, Section, StudyFile, Titles
from experiments.errors import WrongInput
from experiments.stats.arms import MEASURES, OF_OUTCOMES
from model import OUTCOMES, nearest, one_of, shipped_root

NULL = "null_queue"  # the regime in which nobody behaves: what it shows as well earns no credit

Band = tuple[float | None, float | None]
"""Lowest and highest value that passes, in the measure's unit; none: open on that side."""


class Check(Section):
    """One number that is measured and held against a band."""

    measure: str = Field(description="How it is measured: a name of `experiments.stats.arms.MEASURES`.")
    title: Titles
    unit: str = Field(description="share (shown as percent), points (a change of a share), or the unit in words.")
    band: Band = Field(description="Lowest and highest value that passes; null: open on that side.")
    outcome: str | None = Field(None, description="Outcome that is looked at, where the measure asks for one.")
    peak_of: str | None = Field(None, description="past_peak: outcome at whose peak the change begins.")
    start: str | None = Field(None, description="Arm at which a change begins; the first, unless given.")
    end: str | None = Field(None, description="Arm at which it ends; the last, unless given.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Check:
        low, high = self.band
        if low is None and high is None:
            raise ValueError("band: expected one or two bounds, got none")
        if low is not None and high is not None and low >= high:
            raise ValueError(f"band: expected the lower bound first, got {low} and {high}")
        return self


class Pattern(Section):
    """One stylised fact."""

    id: str = Field(pattern=r"^[A-Z]\d*$")
    title: Titles
    seen: Titles = Field(description="What is seen in the world, in a sentence.")
    source: Titles = Field(description="Where it is seen.")
    role: Literal["evidence", "fitted", "input", "shown"]
    regime: str = Field("inverted", description="Under which it is looked at, unless told otherwise.")
    arms: dict[str, dict[str, Any]] = Field(
        {"base": {}}, min_length=1, description="Settings by arm, by dotted path; a sweep is its arms in order."
    )
    checks: tuple[Check, ...] = Field((), description="All must hold; the first is the pattern's own value.")
    note: Titles | None = Field(None, description="What one should know before believing it.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Pattern:
        if (self.role == "shown") != (not self.checks):
            raise ValueError("checks: expected none with role shown, and one or more with other roles")
        for check in self.checks:
            for name in (check.start, check.end):
                if name is not None and name not in self.arms:
                    raise ValueError(f"checks: expected {one_of(self.arms)} as start or end, got '{name}'")
        return self

    @property
    def needs_cases(self) -> bool:
        """Whether something is made of the cases of its runs."""
        return any(check.measure not in OF_OUTCOMES for check in self.checks)


class PatternsFile(Section):
    """The whole file."""

    patterns: tuple[Pattern, ...] = Field(min_length=1)


class PatternOptions(Section):
    """Options of a study of patterns."""

    patterns: tuple[Pattern, ...] = Field(min_length=1, description="As `configs/patterns.yaml` has them.")
    regime: str | None = Field(None, description="Under which all are looked at, instead of each under its own.")
    null: bool = Field(True, description="Whether each is looked at in a bare queue as well.")

    def regime_of(self, pattern: Pattern, null: bool) -> str:
        return NULL if null else self.regime or pattern.regime


def patterns_file() -> Path:
    """Return the shipped patterns."""
    return shipped_root() / "patterns.yaml"


def read_patterns(path: Path) -> tuple[Pattern, ...]:
    """Read patterns and check every name in them; settings are checked when their scenarios are loaded.

    Raises:
        WrongInput: With every problem found.
    """
    return read_form(path, PatternsFile, _problems).patterns


def _problems(read: PatternsFile, places: Places) -> Iterator[str]:
    known = [pattern.id for pattern in read.patterns]
    names = {"measure": list(MEASURES), "outcome": list(OUTCOMES), "peak_of": list(OUTCOMES)}
    for number, pattern in enumerate(read.patterns):
        if pattern.id in known[:number]:
            yield f"{places('patterns', number, 'id')}expected {pattern.id} once, got it twice."
        for at, check in enumerate(pattern.checks):
            where = ("patterns", number, "checks", at)
            for name, allowed in names.items():
                value = getattr(check, name)
                if value is not None and value not in allowed:
                    yield f"{places(*where, name)}unknown {name} '{value}'{nearest(value, allowed)}"
            if check.measure in OF_OUTCOMES and check.outcome is None:
                yield f"{places(*where)}expected an outcome for {check.measure}, got none. Add outcome."


def chosen(patterns: Sequence[Pattern], ids: Sequence[str]) -> tuple[Pattern, ...]:
    """Return the patterns named, or all, in the order of the file.

    Raises:
        WrongInput: For ids that do not exist.
    """
    known = [pattern.id for pattern in patterns]
    unknown = [each for each in ids if each not in known]
    if unknown:
        raise WrongInput([f"unknown pattern '{each}'; expected {one_of(known)}." for each in unknown])
    return tuple(pattern for pattern in patterns if not ids or pattern.id in ids)


def patterns_study(
    options: PatternOptions, pairs: int, seed: int = 1, district: str = "chaoyang",
    settings: Mapping[str, Any] | None = None,
) -> StudyFile:  # fmt: skip
    """Return the study in which patterns are measured.

    `pairs` are the runs of each arm, all arms on the same seeds; `settings` go over every arm by dotted path.
    """
    regimes = tuple(dict.fromkeys(options.regime_of(each, null=False) for each in options.patterns))
    return StudyFile(
        name="patterns", experiment="patterns", regimes=regimes, district=district, set=dict(settings or {}),
        replicates=Replicates(fixed=pairs), seed=seed, series=True, analysis=options.model_dump(mode="json"),
    )  # fmt: skip
