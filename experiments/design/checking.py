"""Everything that is wrong with a study at once, whichever part of it finds out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput

__all__ = ["collect_errors", "outcome_problems", "raise_if_any"]


def collect_errors(*parts: Callable[[], Any]) -> list[Any]:
    """Return what each part returns.

    Raises
    ------
    WrongInput
        With the problems of all parts, each once.
    """
    results, problems = [], list[str]()
    for part in parts:
        try:
            results.append(part())
        except WrongInput as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise WrongInput(problems)
    return results


def raise_if_any(problems: Iterable[str]) -> None:
    """Raise `WrongInput` if there is any problem."""
    found = list(problems)
    if found:
        raise WrongInput(found)


def outcome_problems(study: StudyFile, places: Places, analysed: Sequence[str] = ()) -> Iterator[str]:
    """Yield what is wrong with the outcomes that a study names, and with those of `analysis.outcomes`."""
    from model import OUTCOMES, nearest

    for number, outcome in enumerate(study.outcomes):
        if outcome not in OUTCOMES:
            yield f"{places('outcomes', number)}unknown outcome '{outcome}'{nearest(outcome, list(OUTCOMES))}"
    until = study.replicates.until
    kept = study.outcomes or tuple(OUTCOMES)
    for outcome in analysed:
        if outcome not in kept:
            yield f"{places('analysis', 'outcomes')}unknown outcome '{outcome}'{nearest(outcome, list(kept))}"
    for part in ("level", "difference") if until else ():
        for outcome in getattr(until, part):
            if outcome not in kept:
                where = places("replicates", "until", part, outcome)
                yield f"{where}unknown outcome{nearest(outcome, list(kept))}"
    if until and until.difference and len(study.regimes) < 2:
        yield f"{places('replicates', 'until', 'difference')}expected two or more regimes to compare, got one."
