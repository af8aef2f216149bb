"""Where delegating powers helps and where it harms, with the threshold of a fluid limit."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from pydantic import Field

from experiments.blocks import Block, Table
from experiments.design.plan import Plan, Point
from experiments.formatting import outcome_of, title
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults
from experiments.messages import msg, pairs_text
from experiments.stats import mean_interval, to_json
from experiments.stats.threshold import Cell, Crossing, crossings, phase_diagram, threshold_line
from model import vary

STAFF, SPEED, SENT = "placement.follow_powers", "skill.generalist_speed", "sending_down.hold"
AXES = (STAFF, SPEED, SENT)
"""What the diagram spans: people who follow, how fast a street works enforcement cases, what departments send down."""

HEADER = ("outcome", *AXES, "mean", "ci_low", "ci_high")


class PhaseOptions(Options):
    """Options of a phase diagram."""

    outcomes: tuple[str, ...] = Field(
        ("closure_rate",), min_length=1, description="One diagram each; the table and the sentences are of the first."
    )


def lay_out(asked: Asked[PhaseOptions]) -> Layout:
    """Lay out the study."""
    bases, factors = asked.checked(
        asked.bases, asked.factors, problems=_problems(asked), outcomes=asked.options.outcomes
    )
    return Layout(_without_idle(asked.plan(bases, factors)))


def _problems(asked: Asked[PhaseOptions]) -> Iterator[str]:
    study, places = asked.study, asked.places
    if set(study.parameters) != set(AXES):
        yield f"{places('parameters')}expected {', '.join(AXES)}, got {', '.join(study.parameters) or 'none'}."
    if len(study.regimes) != 2:
        yield f"{places('regimes')}expected two (powers kept, and powers delegated), got {len(study.regimes)}."
    if study.design.kind != "grid":
        yield f"{places('design', 'kind')}expected grid, got {study.design.kind}."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed, got until. Cells without delegated powers serve many others."


def _without_idle(plan: Plan) -> Plan:
    """Return the plan without points that repeat others.

    Where no power is delegated, who follows and how fast a street enforces change nothing: one point for each share
    sent down serves all.
    """
    seen, kept = set[Any](), list[Point]()
    for point in plan.points:
        if point.base or point.factors[SENT] not in seen:
            kept.append(dataclasses.replace(point, number=len(kept)))
        if point.base == 0:
            seen.add(point.factors[SENT])
    return dataclasses.replace(plan, points=tuple(kept))


class PhaseResults(StudyResults[PhaseOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, PhaseOptions)
        self.delegated = float(opened.manifest["bases"][1]["resolved"]["powers"]["delegated"])
        staff, speeds, sent = ([float(value) for value in opened.factor(name)] for name in AXES)
        before = self.asked.bases()[0].scenario  # from which the limit is worked out
        lines = {each: threshold_line(vary(before, {SENT: each}), self.delegated, speeds) for each in set(sent)}
        kept = [sent.index(each) for each in sent]  # rows in which powers are kept: one for each share sent down
        self.diagrams = []
        for outcome in self.options.outcomes:
            values = opened.values(outcome)
            differences = values[:, 1] - values[kept, 0]
            cells = [Cell(*place, *dataclasses.astuple(mean_interval(row)))
                     for *place, row in zip(staff, speeds, sent, differences, strict=True)]  # fmt: skip
            pairs = int(np.isfinite(differences).sum(axis=1).min())
            diagram = phase_diagram(cells, outcome=outcome, delegated=self.delegated, pairs=pairs, lines=lines)
            self.diagrams.append(diagram)
        self.crossings = crossings(self.diagrams[0])

    def as_json(self) -> dict[str, Any]:
        first, cells = self.diagrams[0], [dict(zip(HEADER, row, strict=True)) for row in self._rows()]
        about = {"study": self.folder, "delegated": self.delegated, "outcome": first.outcome, "pairs": first.pairs}
        return {**about, "cells": cells, "crossings": to_json(self.crossings)}

    def blocks(self) -> Iterable[Block | str]:
        """Yield how many people must follow for delegation to help, and how far off the fluid threshold is."""
        diagram, found = self.diagrams[0], self.crossings
        caption = msg("phase_table", outcome=title(outcome_of(diagram.outcome)), pairs=pairs_text(diagram.pairs))
        keys = ("phase_sent", "phase_speed", "phase_sure_until", "phase_turns", "phase_sure_from", "phase_threshold")
        rows = tuple(
            (_percent(each.sent_down), f"{each.speed:.2g}",
             *map(_percent, (each.sure_until, each.turns, each.sure_from, each.threshold)))
            for each in found
        )  # fmt: skip
        yield Table(tuple(map(msg, keys)), rows, caption, msg("phase_table_caption"), words=0)
        turning = [each.turns for each in found if each.turns is not None]
        if turning:
            least, most = f"{min(turning):.0%}", f"{max(turning):.0%}"
            yield msg("phase_turning", delegated=f"{diagram.delegated:.0%}", least=least, most=most)
        if len(turning) < len(found):
            yield msg("phase_never", count=len(found) - len(turning), all=len(found))
        gaps = [each.turns - each.threshold for each in found if each.turns is not None and each.threshold is not None]
        if gaps:
            yield msg("phase_gap", least=f"{100 * min(gaps):.0f}", most=f"{100 * max(gaps):.0f}")
        yield msg("chance_only")

    def _rows(self) -> list[list[Any]]:
        return [[diagram.outcome, *cell] for diagram in self.diagrams for cell in diagram.cells]

    def tables(self) -> Mapping[str, CsvTable]:
        header = [field.name for field in dataclasses.fields(Crossing)]
        return {
            "cells": (HEADER, self._rows()),
            "crossings": (header, map(dataclasses.astuple, self.crossings)),
        }

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.sweep import phase_figure

        for diagram in self.diagrams:
            yield Chart(f"phase_{diagram.outcome}", partial(phase_figure, diagram))


def _percent(share: float | None) -> str:
    return msg("undefined") if share is None else f"{share:.0%}"


KIND = Kind(PhaseOptions, lay_out, PhaseResults, example="""\
regimes: [inverted, delegated_2020]
parameters:
  placement.follow_powers: {values: [0, 1]}
  skill.generalist_speed: {values: [0.5, 0.9]}
  sending_down.hold: {values: [0, 1]}
replicates: {fixed: 2}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
