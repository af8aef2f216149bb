"""What a district is known to show, measured in the model beside a bare queue."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.checking import collect_errors, raise_if_any
from experiments.design.plan import Plan, bases_of, make_plan
from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import Fixed
from experiments.runner.worker import Reduction
from experiments.store.opened import OpenStudy
from experiments.studies.facts.arms import Arms
from experiments.studies.facts.findings import found
from experiments.studies.facts.form import Pattern
from experiments.studies.facts.kept import Kept
from experiments.studies.facts.options import PatternOptions
from experiments.studies.facts.worlds import Worlds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]

FEWEST = 2
"""Replicates without which there is no interval."""


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept = study.model_copy(update={"series": True})
    worlds = Worlds(PatternOptions(**kept.analysis))
    bases, *_ = collect_errors(
        lambda: bases_of(kept, worlds.variants, places), lambda: raise_if_any(_problems(study, places))
    )
    plan = make_plan(kept, bases, places=places)
    return Layout(plan, lambda _: _agenda(plan, worlds), Reduction(Kept.of(bases[0].scenario), cases=True))


def _problems(study: StudyFile, places: Places) -> Iterator[str]:
    if study.parameters:
        yield f"{places('parameters')}expected none, because patterns vary only their arms. Use experiment: sweep."
    if study.outcomes:
        yield f"{places('outcomes')}expected none here, because patterns need all outcomes."
    if study.replicates.fixed is None or study.replicates.fixed < FEWEST:
        yield f"{places('replicates')}expected fixed: {FEWEST} or more, because a verdict needs an interval."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Arms are compared on the same luck."


def _agenda(plan: Plan, worlds: Worlds) -> Fixed:
    """Return all runs; the cases are kept and looked at of those alone of which something is made of them."""
    tasks = [dataclasses.replace(task, series=worlds.needs_cases(task.base)) for task in plan.tasks()]
    return Fixed(plan.points, tasks)


class PatternsResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        options = PatternOptions(**opened.study.analysis)
        runs = _Runs(opened, Worlds(options))
        self.replicates = runs.replicates
        self.findings = [
            found(pattern, runs.arms(pattern, False),
                  runs.arms(pattern, True) if options.null and pattern.checks else None)
            for pattern in options.patterns
        ]  # fmt: skip
        self.judged = [each for each in self.findings if each.checked]

    def as_json(self) -> dict[str, Any]:
        return {
            "study": str(self.opened.folder), "pairs": self.replicates,
            "patterns": [finding.as_json() for finding in self.judged],
        }  # fmt: skip

    def blocks(self) -> Iterable[Any]:
        from experiments.console import page_width
        from experiments.studies.facts.told import sentences, table

        yield table(self.judged, page_width())
        yield from sentences(self.judged, self.replicates)

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["id", "measure", "outcome", "unit", "value", "ci_low", "ci_high", "band_low", "band_high", "verdict",
                  "null_value", "null_verdict", "role", "credit"]  # fmt: skip
        rows = (
            [finding.pattern.id, each.check.measure, each.check.outcome, each.check.unit, each.value.mean,
             each.value.low, each.value.high, *each.check.band, each.verdict, each.null.mean, each.null_verdict,
             finding.pattern.role, finding.credit]
            for finding in self.judged for each in finding.checked
        )  # fmt: skip
        return {"patterns": (header, rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.facts.figures import page

        return {"patterns": partial(page, self.findings, self.replicates)}


class _Runs:
    """Runs of a study, as the arms of its patterns."""

    def __init__(self, opened: OpenStudy, worlds: Worlds) -> None:
        self._worlds = worlds
        self._kept = opened.arrays_by_run()
        self._outcomes = {name: opened.values(name)[0] for name in opened.outcomes}
        self.replicates = next(iter(self._outcomes.values())).shape[1]

    def arms(self, pattern: Pattern, null: bool) -> Arms:
        """Return the runs of a pattern's arms."""
        places = {name: self._worlds.place(pattern, name, null) for name in pattern.arms}
        return Arms(
            list(places),
            {name: self._of(place) for name, place in places.items()},
            {name: self._kept_of(place) for name, place in places.items()},
        )

    def _of(self, place: int) -> dict[str, Any]:
        return {name: np.asarray(values[place]) for name, values in self._outcomes.items()}

    def _kept_of(self, place: int) -> Sequence[Mapping[str, Any] | None]:
        return [self._kept.get((place, replicate)) for replicate in range(self.replicates)]


KIND = Kind(PatternOptions, lay_out, PatternsResults)
