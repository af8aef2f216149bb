"""What matters most: Morris, Sobol and a second opinion, beside a dummy and the noise of chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.design.designs import Row, mapped, settings_of
from experiments.design.factors import DUMMY, LUCK, Factor, factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.store.opened import OpenStudy
from experiments.studies.indices.design import Design
from experiments.studies.indices.estimate import analyse
from experiments.studies.indices.indices import Analysis, Method
from experiments.studies.indices.samples import latin_design, morris_design, saltelli_design
from experiments.studies.indices.worlds import over_worlds
from model import one_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND", "SensitivityOptions", "design_of"]

METHODS: dict[str, Method] = {"sobol": "sobol", "morris": "morris", "lhs": "delta"}
"""By design: the method that reads it."""


class SensitivityOptions(BaseModel):
    """Options of an analysis of sensitivity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")
    of: Literal["level", "difference"] = Field(
        "level", description="difference: of the second regime from the first, on the same luck: what a reform does."
    )
    second_opinion: Literal["pawn", "delta", "none"] = Field(
        "pawn", description="A method that looks at whole distributions, beside Sobol's."
    )


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = SensitivityOptions(**study.analysis)
    bases, factors, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: factors_of(study, reference(study), places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    plan = make_plan(study, bases, factors, _rows(design_of(study), factors), places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, options: SensitivityOptions, places: Places) -> Iterator[str]:
    from model import OUTCOMES, nearest

    if study.design.kind not in METHODS:
        yield f"{places('design', 'kind')}expected {one_of(METHODS)} for sensitivity, got {study.design.kind}."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more, got none."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed, got until. Luck is an input of the design."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. The scheme decides which rows share luck."
    if options.of == "difference" and len(study.regimes) != 2:
        yield f"{places('analysis', 'of')}expected two regimes for a difference, got {len(study.regimes)}."
    if options.of == "level" and len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, or two with analysis.of: difference, got {len(study.regimes)}."
    kept = study.outcomes or tuple(OUTCOMES)
    for outcome in options.outcomes:
        if outcome not in kept:
            yield f"{places('analysis', 'outcomes')}unknown outcome '{outcome}'{nearest(outcome, list(kept))}"


def design_of(study: StudyFile) -> Design:
    """Return the design of a study, the same whenever it is asked for."""
    names, spec, seed = list(study.parameters), study.design, study.seed
    if spec.kind == "morris":
        return morris_design(names, spec.trajectories, seed, levels=spec.levels, candidates=spec.candidates)
    if spec.kind == "lhs":
        return latin_design(names, spec.points, seed)
    return saltelli_design(names, spec.blocks, seed, second_order=spec.second_order)


def _rows(design: Design, factors: Sequence[Factor]) -> list[Row]:
    values = mapped(design.shares[:, : len(factors)], factors)
    return [
        Row(number, block, {**value, DUMMY: dummy, LUCK: luck}, settings_of(factors, value))
        for number, (value, block, (dummy, luck)) in enumerate(
            zip(values, design.block.tolist(), design.shares[:, len(factors) :].tolist(), strict=True)
        )
    ]


class SensitivityResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        study = opened.study
        self.opened = opened
        self.options = SensitivityOptions(**study.analysis)
        self.names = Names(study.parameters)
        self.design = design_of(study)
        self.analyses = [self._analysis(outcome, METHODS[study.design.kind]) for outcome in self.options.outcomes]
        self.opinions = [self._opinion(outcome) for outcome in self.options.outcomes]
        self.worlds = [
            over_worlds(outcome, self._values(outcome)[1], self.design.block) for outcome in self.options.outcomes
        ]

    def _values(self, outcome: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return row numbers and values, the mean over replicates; of two regimes their paired difference."""
        values = self.opened.values(outcome)
        each = values[:, 1] - values[:, 0] if self.options.of == "difference" else values[:, 0]
        return np.arange(len(each)), each.mean(axis=1)

    def _analysis(self, outcome: str, method: Method, *, design: Design | None = None) -> Analysis:
        spec = self.opened.study.design
        second = method == "sobol" and spec.second_order
        return analyse(design or self.design, outcome, *self._values(outcome), method, second_order=second)

    def _opinion(self, outcome: str) -> Analysis | None:
        from experiments.errors import WrongInput

        if self.opened.study.design.kind != "sobol" or self.options.second_opinion == "none":
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

    def blocks(self) -> Iterable[Any]:
        from experiments.messages import msg
        from experiments.studies.indices.told import sentences, table, worlds_sentence

        for analysis in self.analyses:
            yield table(analysis, self.names)
        if self.options.of == "difference":
            yield msg("sensitivity_of_difference", before=self.opened.labels[0], after=self.opened.labels[1])
        for each in self.worlds:
            yield worlds_sentence(each, difference=self.options.of == "difference")
        for analysis, opinion in zip(self.analyses, self.opinions, strict=True):
            yield from sentences(analysis, self.names, opinion)
        yield msg("caveat")

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["outcome", "method", "parameter", "first", "first_low", "first_high", "total", "total_low",
                  "total_high", "mu_star", "mu_star_low", "mu_star_high", "sigma", "distance", "distance_low",
                  "distance_high"]  # fmt: skip
        rows = [
            [each.outcome, each.method, index.parameter,
             *(value for part in (index.first, index.total) for value in (part.mean, part.low, part.high)),
             index.mu_star.mean, index.mu_star.low, index.mu_star.high, index.sigma,
             index.distance.mean, index.distance.low, index.distance.high]
            for each in (*self.analyses, *(opinion for opinion in self.opinions if opinion is not None))
            for index in (*each.indices, each.dummy, each.luck)
        ]  # fmt: skip
        return {"indices": (header, rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.indices.convergence import convergence
        from experiments.studies.indices.figures import bars, pairs, plane, settling

        drawn: dict[str, Callable[[], Figure]] = {}
        for analysis in self.analyses:
            if not analysis.varies:
                continue
            name = analysis.outcome
            draw = plane if analysis.method == "morris" else bars
            drawn[f"{name}_{analysis.method}"] = partial(draw, analysis, self.names)
            if analysis.pairs is not None:
                drawn[f"{name}_interactions"] = partial(pairs, analysis, self.names)
            if analysis.method == "sobol":
                found = convergence(self.design, name, *self._values(name), "sobol")
                drawn[f"{name}_convergence"] = partial(settling, found, self.names)
        for opinion in self.opinions:
            if opinion is not None and opinion.varies:
                drawn[f"{opinion.outcome}_{opinion.method}"] = partial(bars, opinion, self.names)
        return drawn


KIND = Kind(SensitivityOptions, lay_out, SensitivityResults)
