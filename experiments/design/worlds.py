"""Options of `whistle worlds`: which patterns the worlds must show, and how they are looked for."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from experiments.design.patterns import Pattern, patterns_file, read_patterns
from experiments.design.reading import Places
from experiments.design.studyfile import Section, StudyFile
from model import one_of

EXPLORE, CONFIRM, ARMS, HELD = "explore", "confirm", "arms", "held_out"  # one after the other
STAGE, WAVE, DRAW = "stage", "wave", "draw"  # columns of the design beside the free numbers


def _named(given: Any) -> Any:
    """Return patterns for what names a shipped one."""
    if not isinstance(given, list | tuple) or not any(isinstance(each, str) for each in given):
        return given
    known = {each.id: each for each in read_patterns(patterns_file())}
    unknown = [each for each in given if isinstance(each, str) and each not in known]
    if unknown:
        raise ValueError(f"expected {one_of(known)}, got '{unknown[0]}'")
    return [known[each] if isinstance(each, str) else each for each in given]


Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_named)]


class WorldsOptions(Section):
    """Options of a study of plausible worlds."""

    patterns: Patterns = Field(min_length=1, description="Which the worlds must show: shipped ones by id.")
    held_out: Patterns = Field((), description="Which are told of the worlds found, and never used.")
    wanted: int = Field(360, ge=1, le=100_000, description="Worlds inside every band at which it stops.")
    waves: int = Field(9, ge=1, le=50, description="Waves at which it stops.")
    per_wave: int = Field(300, ge=20, le=100_000, description="Worlds simulated in a wave, on one seed each.")
    prior: int = Field(2000, ge=100, le=1_000_000, description="Points by which the volume left is estimated.")
    seeds: int = Field(4, ge=2, le=100, description="Fresh seeds on whose mean a world is confirmed.")
    arm_seeds: int = Field(2, ge=1, le=100, description="Fresh seeds of patterns that compare several arms.")
    held_seeds: int = Field(1, ge=1, le=100, description="Seeds on which held-out patterns are measured.")
    widened: float = Field(0.0, ge=0.0, le=10.0, description="Share of its width by which each band is widened.")
    ranges: float = Field(1.0, gt=0.0, le=1.0, description="Share of each range, around its middle, that is searched.")
    discrepancy: float = Field(1.0, ge=0.0, le=10.0, description="Factor on the discrepancy of the model.")

    @property
    def single(self) -> list[Pattern]:
        """Matched patterns that one run shows."""
        return [each for each in self.patterns if len(each.arms) == 1]

    @property
    def several(self) -> list[Pattern]:
        """Matched patterns that compare several arms."""
        return [each for each in self.patterns if len(each.arms) > 1]

    def stage(self, name: str) -> tuple[list[Pattern], int]:
        """Return the patterns that a stage measures, and on how many seeds."""
        return {
            EXPLORE: (self.single, 1), CONFIRM: (self.single, self.seeds),
            ARMS: (self.several, self.arm_seeds), HELD: (list(self.held_out), self.held_seeds),
        }[name]  # fmt: skip


def worlds_problems(study: StudyFile, options: WorldsOptions, places: Places) -> Iterator[str]:
    """Yield what is wrong with a study of worlds."""
    if study.parameters:
        yield f"{places('parameters')}expected none, because worlds vary every free number. See show-config --ranges."
    if study.outcomes:
        yield f"{places('outcomes')}expected none here, because patterns need all outcomes."
    if study.worlds is not None or study.ensemble is not None:
        yield f"{places('worlds')}expected none here, because this study makes them."
    both = {each.id for each in options.patterns} & {each.id for each in options.held_out}
    if both:
        yield f"{places('analysis', 'held_out')}expected others than those matched, got {', '.join(sorted(both))}."
    for pattern in (*options.patterns, *options.held_out):
        if not pattern.checks:
            yield f"{places('analysis', 'patterns')}expected patterns with checks, got {pattern.id} without."
