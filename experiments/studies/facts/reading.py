"""Reading the patterns: everything that is wrong with them at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.design.reading import Places, read_form
from experiments.errors import WrongInput
from experiments.studies.facts.form import Check, Pattern, PatternsFile
from experiments.studies.facts.measures import MEASURES
from model import OUTCOMES, nearest, one_of, shipped_root

__all__ = ["chosen", "patterns_file", "read_patterns"]


def patterns_file() -> Path:
    """Return the shipped patterns."""
    return shipped_root() / "patterns.yaml"


def read_patterns(path: Path) -> tuple[Pattern, ...]:
    """Read patterns and check every name in them; settings are checked when their scenarios are loaded.

    Raises
    ------
    WrongInput
        With every problem found.
    """
    return read_form(path, PatternsFile, _all_problems).patterns


def _all_problems(read: PatternsFile, places: Places) -> Iterator[str]:
    for number in range(len(read.patterns)):
        yield from _problems(read.patterns, number, places)


def _problems(read: Sequence[Pattern], number: int, places: Places) -> Iterator[str]:
    pattern = read[number]
    if pattern.id in [other.id for other in read[:number]]:
        yield f"{places('patterns', number, 'id')}expected {pattern.id} once, got it twice."
    for at, check in enumerate(pattern.checks):
        where = ("patterns", number, "checks", at)
        for name, value, known in _names(check):
            if value is not None and value not in known:
                yield f"{places(*where, name)}unknown {name} '{value}'{nearest(value, list(known))}"
        measure = MEASURES.get(check.measure)
        if measure is not None and measure.asks and getattr(check, measure.asks) is None:
            yield f"{places(*where)}{check.measure} needs {measure.asks}. Name one."


def _names(check: Check) -> Iterator[tuple[str, str | None, Sequence[str]]]:
    yield "measure", check.measure, list(MEASURES)
    yield "outcome", check.outcome, list(OUTCOMES)
    yield "peak_of", check.peak_of, list(OUTCOMES)


def chosen(patterns: Sequence[Pattern], ids: Sequence[str]) -> tuple[Pattern, ...]:
    """Return the patterns named, or all, in the order of the file.

    Raises
    ------
    WrongInput
        For ids that nobody wrote.
    """
    known = [pattern.id for pattern in patterns]
    unknown = [each for each in ids if each not in known]
    if unknown:
        raise WrongInput([f"unknown pattern '{each}'; expected {one_of(known)}." for each in unknown])
    return tuple(pattern for pattern in patterns if not ids or pattern.id in ids)
