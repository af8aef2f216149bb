"""Which values of unknown parameters agree with what was observed, and which cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.checking import collect_errors, outcome_problems, raise_if_any
from experiments.design.designs import DesignSpec
from experiments.design.factors import Factor
from experiments.design.naming import Names
from experiments.design.parameters import factors_of, reference
from experiments.design.plan import Base, Plan, bases_of, make_plan
from experiments.design.reading import Places
from experiments.design.reforms import everywhere, nowhere
from experiments.design.studyfile import StudyFile
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.logs.measuring import measures
from experiments.runner.worker import SERIES, Reduction
from experiments.store.opened import OpenStudy
from experiments.store.store import Study
from experiments.studies.calibrating.agenda import CalibrateAgenda
from experiments.studies.calibrating.aims import aims_of
from experiments.studies.calibrating.answer import Calibration, calibrated, search_of
from experiments.studies.calibrating.checking import factor_problems, month_problems, problems
from experiments.studies.calibrating.logged import with_values
from experiments.studies.calibrating.monthly import Monthly, months_in
from experiments.studies.calibrating.options import CalibrateOptions
from experiments.studies.calibrating.recovered import truths_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]

LATIN = DesignSpec(kind="lhs")
"""What parameters are read for: a range needs no levels."""

WITHOUT, WITH = "without the reform", "with the reform"
"""Labels of the twins of a study over months."""


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    asked = CalibrateOptions(**study.analysis)
    bases, factors, analysis, *_ = collect_errors(
        lambda: _bases(study, asked, places),
        lambda: _factors(study, asked, places),
        lambda: with_values(study.analysis, asked, places, measures),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(problems(study, asked, places)),
    )
    raise_if_any(month_problems(bases[0].scenario, asked, places))
    options = CalibrateOptions(**analysis)
    raise_if_any(problems(study, options, places))  # values that a log gave
    kept = study.model_copy(update={"analysis": analysis, "series": options.over_time is not None})
    plan = make_plan(kept, bases, factors, [], blocks=options.sets, places=places)
    return Layout(plan, lambda folder: _agenda(plan, options, folder), _reduction(bases[0], options))


def _bases(study: StudyFile, options: CalibrateOptions, places: Places) -> tuple[Base, ...]:
    """Return the regime, or its twins without the reform and with it."""
    asked = options.over_time
    if asked is None:
        return bases_of(study, places=places)
    regime = study.regimes[0]
    twins = [(WITHOUT, regime, nowhere()), (WITH, regime, everywhere(asked.reform, asked.day))]
    return bases_of(study, twins, places)


def _factors(study: StudyFile, options: CalibrateOptions, places: Places) -> tuple[Factor, ...]:
    factors = factors_of(study.model_copy(update={"design": LATIN}), reference(study), places)
    raise_if_any(factor_problems(factors, options, places))
    return factors


def _agenda(plan: Plan, options: CalibrateOptions, folder: Path) -> CalibrateAgenda:
    search = search_of(plan.factors, options, plan.study.seed)
    truths = truths_of(plan.factors, options.recovery.truths, plan.study.seed) if options.recovery else []
    kept = Study(folder, plan.outcomes, print)
    # counts of the runs that ended stand on disk before the agenda hears of them
    return CalibrateAgenda(plan, options, search, truths, lambda: months_in(kept.series()) if options.over_time else {})


def _reduction(base: Base, options: CalibrateOptions) -> Reduction:
    if options.over_time is None:
        return SERIES
    return Reduction(Monthly.of(base.scenario, options.over_time), cases=True)


class CalibrateResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        study = opened.study
        options = CalibrateOptions(**study.analysis)
        factors = _factors(study, options, Places())
        self.names = Names(study.parameters)
        self.found: Calibration = calibrated(opened, options, factors, aims_of(options))

    def as_json(self) -> dict[str, Any]:
        return self.found.as_json()

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.calibrating.told import sentences, tables

        yield from tables(self.found, self.names)
        yield from sentences(self.found, self.names)

    def tables(self) -> Mapping[str, CsvTable]:
        return self.found.tables()

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.calibrating import figures

        return {name: partial(getattr(figures, name), self.found, self.names) for name in self.found.drawable()}


KIND = Kind(CalibrateOptions, lay_out, CalibrateResults)
