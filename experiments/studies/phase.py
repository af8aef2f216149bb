"""Where delegating powers helps and where it harms, with the threshold of a fluid limit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.design.designs import design_rows
from experiments.design.factors import factors_of, reference
from experiments.design.plan import Plan, Point, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.stats import mean_interval
from experiments.store.opened import OpenStudy
from experiments.studies.threshold.crossing import Crossing, crossings
from experiments.studies.threshold.diagram import Cell, PhaseDiagram, phase_diagram
from experiments.studies.threshold.lines import Line, threshold_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from model import Scenario

__all__ = ["AXES", "KIND"]

STAFF, SPEED, SENT = "placement.follow_powers", "skill.generalist_speed", "sending_down.hold"
AXES = (STAFF, SPEED, SENT)
"""What the diagram spans: people who follow, how fast a street works enforcement cases, what departments send down."""

POWERS = "powers.delegated"


class PhaseOptions(BaseModel):
    """Options of a phase diagram."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="A diagram each; the first is told.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = PhaseOptions(**study.analysis)
    bases, factors, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: factors_of(study, reference(study), places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    plan = make_plan(study, bases, factors, design_rows(study.design, factors, study.seed), places=places)
    sparing = _without_idle(plan)
    return Layout(sparing, lambda _: agenda_of(sparing))


def _problems(study: StudyFile, options: PhaseOptions, places: Places) -> Iterator[str]:
    from model import OUTCOMES, nearest

    if set(study.parameters) != set(AXES):
        yield f"{places('parameters')}expected {', '.join(AXES)}, got {', '.join(study.parameters) or 'none'}."
    if len(study.regimes) != 2:
        yield f"{places('regimes')}expected two (powers kept, and powers delegated), got {len(study.regimes)}."
    if study.design.kind != "grid":
        yield f"{places('design', 'kind')}expected grid, got {study.design.kind}."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed, got until. Cells without delegated powers serve many others."
    for outcome in options.outcomes:
        if outcome not in (study.outcomes or OUTCOMES):
            yield f"{places('analysis', 'outcomes')}unknown outcome '{outcome}'{nearest(outcome, list(OUTCOMES))}"


def _without_idle(plan: Plan) -> Plan:
    """Return the plan without points that repeat others.

    Where no power is delegated, who follows and how fast a street enforces change nothing: one point for each share
    sent down serves all.
    """
    seen: set[Any] = set()
    kept: list[Point] = []
    for point in plan.points:
        idle = point.base == 0 and point.factors[SENT] in seen
        if point.base == 0:
            seen.add(point.factors[SENT])
        if not idle:
            kept.append(dataclasses.replace(point, number=len(kept)))
    return dataclasses.replace(plan, points=tuple(kept))


class PhaseResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.options = PhaseOptions(**opened.study.analysis)
        self.columns = {name: [float(value) for value in opened.factor(name)] for name in AXES}
        resolved = opened.manifest["bases"][1]["resolved"]
        self.delegated = float(resolved["powers"]["delegated"])
        self.diagrams = [self._diagram(outcome) for outcome in self.options.outcomes]

    @cached_property
    def scenario(self) -> Scenario:
        """The district without the powers delegated, from which the limit is worked out."""
        return bases_of(self.opened.study)[0].scenario

    @cached_property
    def lines(self) -> dict[float, Line]:
        """The fluid threshold by what is sent down."""
        from model import vary

        return {
            sent: threshold_line(vary(self.scenario, {SENT: sent}), self.delegated, self.columns[SPEED])
            for sent in sorted(set(self.columns[SENT]))
        }

    def differences(self, outcome: str) -> NDArray[np.float64]:
        """Return delegated minus kept, rows × replicates."""
        values = self.opened.values(outcome)
        first: dict[float, int] = {}
        for row, sent in enumerate(self.columns[SENT]):
            first.setdefault(sent, row)
        kept = values[[first[sent] for sent in self.columns[SENT]], 0]
        found: NDArray[np.float64] = values[:, 1] - kept
        return found

    def _diagram(self, outcome: str) -> PhaseDiagram:
        differences = self.differences(outcome)
        cells = [
            Cell(staff, speed, sent, *dataclasses.astuple(mean_interval(row)))
            for staff, speed, sent, row in zip(*(self.columns[name] for name in AXES), differences, strict=True)
        ]
        pairs = int(np.isfinite(differences).sum(axis=1).min())
        return phase_diagram(cells, outcome=outcome, delegated=self.delegated, pairs=pairs, lines=self.lines)

    def crossings(self) -> list[Crossing]:
        """Return where the first outcome's effect turns, by panel and speed."""
        return crossings(self.diagrams[0])

    def as_json(self) -> dict[str, Any]:
        return {
            "study": str(self.opened.folder),
            "delegated": self.delegated,
            "outcome": self.diagrams[0].outcome,
            "pairs": self.diagrams[0].pairs,
            "cells": [dict(zip(_HEADER, row, strict=True)) for row in self._rows()],
            "crossings": [dataclasses.asdict(each) for each in self.crossings()],
        }

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.threshold.told import sentences, table

        yield table(self.diagrams[0], self.crossings())
        yield from sentences(self.diagrams[0], self.crossings())

    def _rows(self) -> Iterator[Sequence[Any]]:
        for diagram in self.diagrams:
            for panel in diagram.panels:
                for (speed, staff), mean in np.ndenumerate(panel.mean):
                    low, high = panel.low[speed, staff], panel.high[speed, staff]
                    numbers = [float(value) if np.isfinite(value) else None for value in (mean, low, high)]
                    at = (float(diagram.staff[staff]), float(diagram.speeds[speed]), panel.sent_down)
                    yield [diagram.outcome, *at, *numbers]

    def tables(self) -> Mapping[str, CsvTable]:
        crossing = [field.name for field in dataclasses.fields(Crossing)]
        return {
            "cells": (_HEADER, self._rows()),
            "crossings": (crossing, [dataclasses.astuple(each) for each in self.crossings()]),
        }

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.threshold.figures import phase_figure

        return {f"phase_{diagram.outcome}": partial(phase_figure, diagram) for diagram in self.diagrams}


_HEADER = ("outcome", STAFF, SPEED, SENT, "mean", "ci_low", "ci_high")

KIND = Kind(PhaseOptions, lay_out, PhaseResults)
