"""What an observer of a dated reform in some streets estimates, beside the true effect."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from experiments.design.factors import reference
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.store.opened import OpenStudy
from experiments.studies.dated.common import frame_problems, keeping, panel_reduction, panels
from experiments.studies.dated.did import FEWEST
from experiments.studies.dated.one_truth import OneTruth, Worlds, one_truth
from experiments.studies.dated.panel import PERIOD_DAYS
from experiments.studies.dated.reforms import adoption_days, everywhere, keyed_order, nowhere, somewhere
from experiments.studies.dated.truth import Truth, truth

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND", "Dated", "pilot_streets", "reform_problems"]


class Dated(BaseModel):
    """A reform that begins on a date in some streets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reform: str = Field("rules_only", description="Regime whose rules begin; people stay where they are.")
    day: int = Field(360, ge=1, description="Day of the run on which it begins.")
    share: float = Field(0.51, gt=0.0, lt=1.0, description="Share of the streets in which it begins.")
    streets_seed: int = Field(1, ge=0, description="Names the draw of these streets.")
    washout: int = Field(0, ge=0, le=12, description="Periods before the date that the difference leaves out.")
    base: int = Field(-1, ge=-12, le=-1, description="Period before the date against which others are measured.")
    measures: tuple[str, ...] = Field(("closure_rate",), min_length=1)


def pilot_streets(study: StudyFile, options: Dated) -> list[str]:
    """Return the codes of the streets in which the reform begins, drawn once."""
    codes = [street.code for street in reference(study).world.streets]
    return keyed_order(codes, options.streets_seed, "pilot")[: round(options.share * len(codes))]


def reform_problems(study: StudyFile, options: Dated, places: Places) -> Iterable[str]:
    """Yield what is wrong with a dated reform."""
    yield from frame_problems(study, places, options.measures)
    run = bases_of(study)[0].scenario.run
    first, last = run.warm_up_days + PERIOD_DAYS, run.warm_up_days + run.window_days - PERIOD_DAYS
    if not first <= options.day <= last:
        yield f"{places('analysis', 'day')}expected {first} to {last} (a period before and after), got {options.day}."
    streets, reformed = len(reference(study).world.streets), len(pilot_streets(study, options))
    if not FEWEST <= reformed <= streets - FEWEST:
        yield f"{places('analysis', 'share')}expected {FEWEST} or more streets per group, got {reformed} of {streets}."


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = keeping(study), Dated(**study.analysis)
    _, bases, *_ = collect_errors(
        lambda: raise_if_any(reform_problems(kept, options, places)),
        lambda: worlds_of(kept, options, places),
        lambda: raise_if_any(outcome_problems(kept, places)),
    )
    plan = make_plan(kept, bases, places=places)
    return Layout(plan, lambda _: agenda_of(plan), panel_reduction(bases[0].scenario, options.day))


def worlds_of(study: StudyFile, options: Dated, places: Places | None = None) -> tuple[Base, ...]:
    """Return the district without the reform, with it in the pilot streets, and with it everywhere."""
    regime, pilots = study.regimes[0], pilot_streets(study, options)
    return bases_of(
        study,
        [
            ("nowhere", regime, nowhere()),
            ("pilot", regime, somewhere(options.reform, options.day, pilots)),
            ("everywhere", regime, everywhere(options.reform, options.day)),
        ],
        places,
    )


class EventStudyResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.options = Dated(**opened.study.analysis)
        self.folder = str(opened.folder)
        found = panels(opened)
        complete = sorted(
            {replicate for point, replicate in found if all((other, replicate) in found for other in range(3))}
        )
        if len(complete) < 2:
            raise WrongInput([f"{opened.folder}: expected two or more successful replicates, got {len(complete)}."])
        pilot = worlds_of(opened.study, self.options)[1].scenario
        adoption = adoption_days(pilot, found[0, complete[0]].streets)
        worlds = [Worlds(found[0, each], found[1, each], found[2, each], adoption) for each in complete]
        self.truths: list[Truth] = [
            truth(
                measure,
                [one_truth(each, measure, base=self.options.base, washout=self.options.washout) for each in worlds],
            )
            for measure in self.options.measures
        ]

    def _one(self, worlds: Worlds, measure: str) -> OneTruth:
        return one_truth(worlds, measure, base=self.options.base, washout=self.options.washout)

    def as_json(self) -> dict[str, Any]:
        first, *others = self.truths
        return {
            "study": self.folder,
            "reform": self.options.reform,
            "day": self.options.day,
            **first.as_json(),
            "others": [each.as_json() for each in others],
        }

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.dated.told import truth_sentences

        for each in self.truths:
            yield from truth_sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["measure", "period", "estimated", "estimated_low", "estimated_high", "on_reformed", "reformed_low",
                  "reformed_high", "on_others", "others_low", "others_high"]  # fmt: skip
        rows = [
            [each.measure, period, *dataclasses.astuple(estimated), *dataclasses.astuple(reformed),
             *dataclasses.astuple(others)]
            for each in self.truths
            if each.by_period is not None
            for period, estimated, reformed, others in zip(
                each.by_period.relative, each.by_period.estimated, each.by_period.reformed, each.by_period.others,
                strict=True,
            )
        ]  # fmt: skip
        return {"by_period": (header, rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.dated.figures import events_beside_truth, forest

        drawn: dict[str, Callable[[], Figure]] = {}
        for each in self.truths:
            if each.by_period is not None:
                drawn[f"event_study_{each.measure}"] = partial(events_beside_truth, each, PERIOD_DAYS)
            drawn[f"estimates_{each.measure}"] = partial(forest, each)
        return drawn


KIND = Kind(Dated, lay_out, EventStudyResults)
