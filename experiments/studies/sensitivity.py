"""What matters most: Morris, Sobol and a second opinion, beside a dummy and the noise of chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.blocks import Block, Table
from experiments.design.designs import Row, latin_design, mapped, morris_design, saltelli_design, settings_of
from experiments.design.factors import DUMMY, LUCK, Factor, factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.formatting import PURE_NUMBER, SHARE, Measured, decimals, interval_text, number, title, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg, runs_text
from experiments.runner.agenda import agenda_of
from experiments.stats import Interval
from experiments.stats.sensitivity import Analysis, Index, Method, analyse, convergence
from experiments.stats.sensitivity_checks import Diagnostics, OverWorlds, diagnose, over_worlds
from experiments.stats.sensitivity_design import Design
from experiments.store.opened import OpenStudy
from model import OUTCOMES, one_of

METHODS: dict[str, Method] = {"sobol": "sobol", "morris": "morris", "lhs": "delta"}
"""By design: the method that reads it."""


class SensitivityOptions(BaseModel):
    """Options of an analysis of sensitivity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")
    of: Literal["level", "difference"] = Field(
        "level",
        description="difference: the second regime minus the first, with the same seeds: the effect of a reform.",
    )
    second_opinion: Literal["pawn", "delta", "none"] = Field(
        "pawn", description="A method that compares whole distributions, beside Sobol's."
    )


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = SensitivityOptions(**study.analysis)
    bases, factors, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: factors_of(study, reference(study), places),
        lambda: raise_if_any(outcome_problems(study, places, options.outcomes)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    plan = make_plan(study, bases, factors, _rows(design_of(study), factors), places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, options: SensitivityOptions, places: Places) -> Iterator[str]:
    if study.design.kind not in METHODS:
        yield f"{places('design', 'kind')}expected {one_of(METHODS)} for sensitivity, got {study.design.kind}."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more, got none."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed, got until. The random seed is an input of the design."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. The scheme decides which rows share a random seed."
    if options.of == "difference" and len(study.regimes) != 2:
        yield f"{places('analysis', 'of')}expected two regimes for a difference, got {len(study.regimes)}."
    if options.of == "level" and len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, or two with analysis.of: difference, got {len(study.regimes)}."


def design_of(study: StudyFile) -> Design:
    """Return the design of a study, always the same."""
    names, spec, seed = list(study.parameters), study.design, study.seed
    if spec.kind == "morris":
        return morris_design(names, spec.trajectories, seed, levels=spec.levels, candidates=spec.candidates)
    if spec.kind == "lhs":
        return latin_design(names, spec.points, seed)
    return saltelli_design(names, spec.blocks, seed, second_order=spec.second_order)


def _rows(design: Design, factors: Sequence[Factor]) -> list[Row]:
    values = mapped(design.shares[:, : len(factors)], factors)
    reserved = design.shares[:, len(factors) :].tolist()
    return [
        Row(number, block, {**value, DUMMY: dummy, LUCK: luck}, settings_of(factors, value))
        for number, (value, block, (dummy, luck)) in enumerate(
            zip(values, design.block.tolist(), reserved, strict=True)
        )
    ]


class SensitivityResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.options = SensitivityOptions(**opened.study.analysis)
        self.names = Names(opened.study.parameters)
        self.design = design_of(opened.study)
        method = METHODS[opened.study.design.kind]
        self.values = {outcome: self._values(outcome) for outcome in self.options.outcomes}
        self.analyses = [self._analysis(outcome, method) for outcome in self.values]
        self.opinions = [self._opinion(outcome) for outcome in self.values]
        self.worlds = [over_worlds(outcome, each, self.design.block) for outcome, each in self.values.items()]

    def _values(self, outcome: str) -> NDArray[np.float64]:
        """Return a value a row, the mean over replicates; of two regimes their paired difference."""
        values = self.opened.values(outcome)
        each = values[:, 1] - values[:, 0] if self.options.of == "difference" else values[:, 0]
        return np.asarray(each.mean(axis=1))

    def _analysis(self, outcome: str, method: Method) -> Analysis:
        second = method == "sobol" and self.design.second_order
        return analyse(self.design, outcome, self.values[outcome], method, second_order=second)

    def _opinion(self, outcome: str) -> Analysis | None:
        if self.design.scheme != "saltelli" or self.options.second_opinion == "none":
            return None
        try:
            return self._analysis(outcome, self.options.second_opinion)
        except WrongInput:  # too few independent rows for a second opinion, as in a smoke study
            return None

    def as_json(self) -> dict[str, Any]:
        first, *others = [
            {**analysis.as_json(), "over_worlds": worlds.as_json()}
            for analysis, worlds in zip(self.analyses, self.worlds, strict=True)
        ]
        return {
            **first,
            "study": str(self.opened.folder),
            "of": self.options.of,
            "others": others,
            "second_opinion": [each.as_json() for each in self.opinions if each is not None],
        }

    def blocks(self) -> Iterable[Block | str]:
        difference = self.options.of == "difference"
        yield from (index_table(analysis, self.names) for analysis in self.analyses)
        if difference:
            yield msg("sensitivity_of_difference", before=self.opened.labels[0], after=self.opened.labels[1])
        yield from (worlds_sentence(each, difference=difference) for each in self.worlds)
        for analysis, opinion in zip(self.analyses, self.opinions, strict=True):
            yield from sentences(analysis, self.names, opinion)
        yield msg("caveat")

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["outcome", "method", "parameter", "first", "first_low", "first_high", "total", "total_low",
                  "total_high", "mu_star", "mu_star_low", "mu_star_high", "sigma", "distance", "distance_low",
                  "distance_high"]  # fmt: skip
        rows = [
            [each.outcome, each.method, index.parameter, *astuple(index.first), *astuple(index.total),
             *astuple(index.mu_star), index.sigma, *astuple(index.distance)]
            for each in (*self.analyses, *filter(None, self.opinions))
            for index in (*each.indices, each.dummy, each.luck)
        ]  # fmt: skip
        return {"indices": (header, rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.sensitivity import bars, convergence_lines, interactions, morris_plane

        for analysis in self.analyses:
            if not analysis.varies:
                continue
            name = analysis.outcome
            draw = morris_plane if analysis.method == "morris" else bars
            yield Chart(f"{name}_{analysis.method}", partial(draw, analysis, self.names))
            if analysis.pairs is not None:
                yield Chart(f"{name}_interactions", partial(interactions, analysis, self.names))
            if analysis.method == "sobol":
                stages = convergence(self.design, name, self.values[name])
                yield Chart(f"{name}_convergence", partial(convergence_lines, stages, self.names))
        for opinion in self.opinions:
            if opinion is not None and opinion.varies:
                yield Chart(f"{opinion.outcome}_{opinion.method}", partial(bars, opinion, self.names))


def index_table(analysis: Analysis, names: Names) -> Table:
    """Return the indices of all parameters, most important first, the dummy and luck last."""
    outcome = OUTCOMES[analysis.outcome]
    heading = msg("sensitivity_table", title=title(outcome), method=_method(analysis), runs=runs_text(analysis.runs))
    note = "sensitivity_caption" if analysis.method in ("sobol", "morris") else "sensitivity_distance_caption"
    parts = {"sobol": ("total", "first"), "morris": ("mu_star", "sigma")}.get(analysis.method, ("distance",))
    own: dict[str, Measured] = {"sobol": SHARE, "morris": outcome}
    measured = own.get(analysis.method, PURE_NUMBER)
    columns = [msg(f"sensitivity_{part}", unit=unit(measured, difference=True)) for part in parts]
    header = [f"{column} (%)" if measured is SHARE else column for column in columns]
    rows = tuple(
        (names.of(index.parameter), *(_cell(index, part, measured) for part in parts)) for index in analysis.all_ranked
    )
    return Table((msg("sensitivity_parameter"), *header), rows, heading, msg(note))


def _cell(index: Index, part: str, measured: Measured) -> str:
    if part == "sigma":
        return number(index.sigma, measured, decimals(index.mu_star, measured))
    interval: Interval = getattr(index, part)
    digits = decimals(interval, measured)
    value = number(interval.mean, measured, digits)
    return value if interval.low is None else f"{value} ({interval_text(interval, measured, digits)})"


def _method(analysis: Analysis) -> str:
    return msg(f"method_{analysis.method}")


def _share(value: float | None) -> str:
    return f"{number(value, SHARE, 0)} %"


def worlds_sentence(found: OverWorlds, *, difference: bool) -> str:
    """Return how far an outcome, or its difference, goes over all worlds, and how often a difference is above 0."""
    outcome = OUTCOMES[found.outcome]
    if found.low is None or found.high is None:
        return msg("sensitivity_nowhere", title=title(outcome))
    digits = decimals(Interval(found.median, found.low, found.high), outcome)
    low, median, high = (
        number(each, outcome, digits, sign=difference) for each in (found.low, found.median, found.high)
    )
    shown = {"title": title(outcome), "low": low, "median": median, "high": high, "worlds": f"{found.worlds:,}"}
    if not difference:
        return msg("sensitivity_worlds", unit=unit(outcome), **shown)
    positive = number(found.positive.mean, SHARE, decimals(found.positive, SHARE))
    return msg("sensitivity_worlds_difference", unit=unit(outcome, difference=True), positive=positive, **shown)


def sentences(analysis: Analysis, names: Names, opinion: Analysis | None = None) -> Iterator[str]:
    """Yield what matters most, how much is luck, and what is doubtful."""
    heading = title(OUTCOMES[analysis.outcome])
    if analysis.dropped:
        count = len(analysis.dropped)
        yield msg("sensitivity_dropped", title=heading, count=count, all=analysis.groups + count)
    if not analysis.varies:
        yield msg("sensitivity_constant", title=heading)
        return
    yield _most(analysis, names, heading)
    if analysis.method == "sobol":
        share, alone = _share(analysis.luck.total.mean), _share(analysis.luck.first.mean)
        yield msg("sensitivity_noise", title=heading, share=share, alone=alone)
    found = diagnose(analysis, opinion)
    yield from _warnings(analysis, found, names, heading)
    if opinion is not None:
        methods = {"method": _method(analysis), "other": _method(opinion)}
        for more, less in found.disagreements:
            yield msg("sensitivity_disagree", title=heading, more=names.of(more), less=names.of(less), **methods)


def _most(analysis: Analysis, names: Names, heading: str) -> str:
    first, outcome = analysis.ranked[0], OUTCOMES[analysis.outcome]
    key = {"sobol": "sensitivity_most", "morris": "sensitivity_most_morris"}.get(analysis.method)
    size = number(first.mu_star.mean, outcome, decimals(first.mu_star, outcome))
    return msg(
        key or "sensitivity_most_distance",
        title=heading,
        name=names.of(first.parameter),
        first=_share(first.first.mean),
        total=_share(first.total.mean),
        size=f"{size} {unit(outcome, difference=True)}",
        method=_method(analysis),
    )


def _warnings(analysis: Analysis, found: Diagnostics, names: Names, heading: str) -> Iterator[str]:
    if found.stray_dummy:
        yield msg("sensitivity_stray_dummy", title=heading, dummy=f"{analysis.dummy.leading.mean:.3g}")
    for key in ("inert", "within_dummy", "below_luck"):
        which: tuple[str, ...] = getattr(found, key)
        if which:
            yield msg(f"sensitivity_{key}", title=heading, names=names.listed(which))
    if found.strange_sums:
        first, total = _share(found.sum_of_first), _share(found.sum_of_total)
        yield msg("sensitivity_sums", title=heading, first=first, total=total)
    elif found.interactions is not None:
        yield msg("sensitivity_interactions", title=heading, share=_share(found.interactions))
    if found.widest is not None:
        runs, now = f"{found.runs_needed:,}", f"{analysis.runs:,}"
        yield msg("sensitivity_wide", title=heading, name=names.of(found.widest), runs=runs, now=now)


EXAMPLE = """\
regimes: [inverted]
parameters: {staff.load: {uniform: [0.6, 0.9]}, acceptance.stake: {}}
design: {kind: sobol, blocks: 16}
replicates: {fixed: 1}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(SensitivityOptions, lay_out, SensitivityResults, EXAMPLE)
