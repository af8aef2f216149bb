"""One or two parameters of a study: a line with its band, or a map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from experiments.design.designs import SCHEMES, design_rows
from experiments.design.factors import Factor, factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.store.opened import OpenStudy
from experiments.studies.sweeping.answer import swept
from experiments.studies.sweeping.figures import Swept, lines
from model import one_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND", "SweepOptions"]

MAP_FROM = 6
"""Values of a second parameter from which a map says more than curves."""

SHOWN = ("closure_rate", "passes_per_case", "workload_street", "workload_department")
"""Outcomes drawn where the study names none."""


class SweepOptions(BaseModel):
    """Options of a sweep."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    x: str | None = Field(None, description="The parameter along which curves run; the first, unless given.")
    mark: Any = Field(None, description="Value of it to which the others are compared, as 0.38.")
    outcomes: tuple[str, ...] = Field((), description="Outcomes drawn; none given: closure, passing and workload.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = SweepOptions(**study.analysis)
    bases, factors, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: factors_of(study, reference(study), places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    plan = make_plan(study, bases, factors, design_rows(study.design, factors, study.seed), places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, options: SweepOptions, places: Places) -> Iterable[str]:
    from model import OUTCOMES

    if not 1 <= len(study.parameters) <= 3:
        yield f"{places('parameters')}expected one or two, and a third for panels, got {len(study.parameters)}."
    if study.design.kind in SCHEMES:
        yield f"{places('design', 'kind')}expected grid or list for a sweep, got {study.design.kind}."
    if options.x is not None and options.x not in study.parameters:
        yield f"{places('analysis', 'x')}expected {one_of(study.parameters)}, got '{options.x}'."
    kept = study.outcomes or tuple(OUTCOMES)
    for outcome in options.outcomes:
        if outcome not in kept:
            yield f"{places('analysis', 'outcomes')}expected {one_of(kept)}, got '{outcome}'."


class SweepResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        study = opened.study
        options = SweepOptions(**study.analysis)
        self.factors: tuple[Factor, ...] = factors_of(study, reference(study), Places())
        shown = options.outcomes or [name for name in SHOWN if name in opened.outcomes] or opened.outcomes[:4]
        x = options.x or self.factors[0].name
        self.sweep = swept(opened, self.factors, x, options.mark, shown)
        titles = {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
        self.swept = Swept(self.sweep, Names(study.parameters), titles)

    def as_json(self) -> dict[str, Any]:
        return self.sweep.as_json()

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.sweeping.told import sentences, tables

        yield from tables(self.swept)
        yield from sentences(self.swept)

    def tables(self) -> Mapping[str, CsvTable]:
        return {"sweep": (self.sweep.columns(), self.sweep.rows())}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.sweeping.maps import maps

        if not any(place.runs for curve in self.sweep.curves for place in curve.places):
            return {}
        second = [factor for factor in self.factors if factor.name != self.sweep.x and factor.numeric]
        if second and len(second[0].grid()) >= MAP_FROM:
            return {f"map_{name}": partial(maps, self.swept, name) for name in self.sweep.outcomes}
        figures = {"sweep": partial(lines, self.swept, "level"), "change": partial(lines, self.swept, "change")}
        if len(self.sweep.regimes) > 1:
            figures["difference"] = partial(lines, self.swept, "difference")
        return figures


KIND = Kind(SweepOptions, lay_out, SweepResults)
