"""Where delegating powers helps and where it harms, with the threshold of a fluid limit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.blocks import Block, Table
from experiments.design.designs import design_rows
from experiments.design.factors import factors_of, reference
from experiments.design.plan import Plan, Point, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import title
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg, pairs_text
from experiments.runner.agenda import agenda_of
from experiments.stats import mean_interval
from experiments.stats.threshold import Cell, Crossing, PhaseDiagram, crossings, phase_diagram, threshold_line
from experiments.store.opened import OpenStudy

STAFF, SPEED, SENT = "placement.follow_powers", "skill.generalist_speed", "sending_down.hold"
AXES = (STAFF, SPEED, SENT)
"""What the diagram spans: people who follow, how fast a street works enforcement cases, what departments send down."""

HEADER = ("outcome", STAFF, SPEED, SENT, "mean", "ci_low", "ci_high")


class PhaseOptions(BaseModel):
    """Options of a phase diagram."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcomes: tuple[str, ...] = Field(
        ("closure_rate",), min_length=1, description="One diagram each; the table and the sentences are of the first."
    )


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
        from model import vary

        self.folder = str(opened.folder)
        self.columns = {name: [float(value) for value in opened.factor(name)] for name in AXES}
        self.delegated = float(opened.manifest["bases"][1]["resolved"]["powers"]["delegated"])
        before = bases_of(opened.study)[0].scenario  # from which the limit is worked out
        self.lines = {
            sent: threshold_line(vary(before, {SENT: sent}), self.delegated, self.columns[SPEED])
            for sent in sorted(set(self.columns[SENT]))
        }
        outcomes = PhaseOptions(**opened.study.analysis).outcomes
        self.diagrams = [self._diagram(outcome, opened.values(outcome)) for outcome in outcomes]
        self.crossings = crossings(self.diagrams[0])

    def _diagram(self, outcome: str, values: NDArray[np.float64]) -> PhaseDiagram:
        """Return the diagram of an outcome by row, base and replicate: delegated minus kept."""
        first: dict[float, int] = {}
        for row, sent in enumerate(self.columns[SENT]):
            first.setdefault(sent, row)
        differences = values[:, 1] - values[[first[sent] for sent in self.columns[SENT]], 0]
        places = zip(*(self.columns[name] for name in AXES), strict=True)
        cells = [
            Cell(*place, *dataclasses.astuple(mean_interval(row)))
            for place, row in zip(places, differences, strict=True)
        ]
        pairs = int(np.isfinite(differences).sum(axis=1).min())
        return phase_diagram(cells, outcome=outcome, delegated=self.delegated, pairs=pairs, lines=self.lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.folder,
            "delegated": self.delegated,
            "outcome": self.diagrams[0].outcome,
            "pairs": self.diagrams[0].pairs,
            "cells": [dict(zip(HEADER, row, strict=True)) for row in self._rows()],
            "crossings": [dataclasses.asdict(each) for each in self.crossings],
        }

    def blocks(self) -> Iterable[Block | str]:
        yield _table(self.diagrams[0], self.crossings)
        yield from _sentences(self.diagrams[0], self.crossings)

    def _rows(self) -> list[list[Any]]:
        return [[diagram.outcome, *cell] for diagram in self.diagrams for cell in diagram.cells]

    def tables(self) -> Mapping[str, CsvTable]:
        header = [field.name for field in dataclasses.fields(Crossing)]
        return {
            "cells": (HEADER, self._rows()),
            "crossings": (header, [dataclasses.astuple(each) for each in self.crossings]),
        }

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.sweep import phase_figure

        for diagram in self.diagrams:
            yield Chart(f"phase_{diagram.outcome}", partial(phase_figure, diagram))


def _table(diagram: PhaseDiagram, found: Sequence[Crossing]) -> Table:
    """Return, by work sent down and generalist's speed, how many people must follow."""
    from model import OUTCOMES

    caption = msg("phase_table", outcome=title(OUTCOMES[diagram.outcome]), pairs=pairs_text(diagram.pairs))
    keys = ("phase_sent", "phase_speed", "phase_sure_until", "phase_turns", "phase_sure_from", "phase_threshold")
    rows = tuple(
        (
            _percent(each.sent_down),
            f"{each.speed:.2g}",
            *map(_percent, (each.sure_until, each.turns, each.sure_from, each.threshold)),
        )
        for each in found
    )
    return Table(tuple(map(msg, keys)), rows, caption, msg("phase_table_caption"), words=0)


def _percent(share: float | None) -> str:
    return msg("undefined") if share is None else f"{share:.0%}"


def _sentences(diagram: PhaseDiagram, found: Sequence[Crossing]) -> Iterator[str]:
    """Yield where delegation turns from harm to help, and how far the fluid threshold is from that."""
    turning = [each.turns for each in found if each.turns is not None]
    if turning:
        least, most = f"{min(turning):.0%}", f"{max(turning):.0%}"
        yield msg("phase_turning", delegated=f"{diagram.delegated:.0%}", least=least, most=most)
    if len(turning) < len(found):
        yield msg("phase_never", count=len(found) - len(turning), all=len(found))
    gaps = [each.turns - each.threshold for each in found if each.turns is not None and each.threshold is not None]
    if gaps:
        yield msg("phase_gap", least=f"{100 * min(gaps):.0f}", most=f"{100 * max(gaps):.0f}")
    yield msg("luck_only")


EXAMPLE = """\
regimes: [inverted, delegated_2020]
parameters:
  placement.follow_powers: {values: [0, 1]}
  skill.generalist_speed: {values: [0.5, 0.9]}
  sending_down.hold: {values: [0, 1]}
replicates: {fixed: 2}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(PhaseOptions, lay_out, PhaseResults, EXAMPLE)
