"""Under which conditions a regime fails or wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.design.designs import design_rows
from experiments.design.factors import factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.store.opened import OpenStudy
from experiments.studies.discovery.answer import Discovery, discover
from experiments.studies.discovery.boxes import columns_of
from experiments.studies.discovery.condition import Condition, parse_condition

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]


class DiscoverOptions(BaseModel):
    """Options of a discovery."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    condition: str = Field(description="What is sought, as 'closure_rate < 0 and passes_per_case > 0'.")
    of: Literal["level", "difference"] = Field(
        "difference",
        description="difference: of the second regime from the first in the same world with the same luck.",
    )
    keep_all: bool = Field(False, description="Keep restrictions of the box that might be luck.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = DiscoverOptions(**study.analysis)
    bases, factors, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: factors_of(study, reference(study), places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    plan = make_plan(study, bases, factors, design_rows(study.design, factors, study.seed), places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, options: DiscoverOptions, places: Places) -> Iterator[str]:
    wanted = 2 if options.of == "difference" else 1
    if len(study.regimes) != wanted:
        yield f"{places('regimes')}expected {wanted} for the {options.of}, got {len(study.regimes)}."
    if study.design.kind not in ("lhs", "random"):
        yield f"{places('design', 'kind')}expected lhs or random, which spread worlds out, got {study.design.kind}."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more, got none."
    condition = _condition(study, options)
    if isinstance(condition, str):
        yield f"{places('analysis', 'condition')}{condition}"


def _condition(study: StudyFile, options: DiscoverOptions) -> Condition | str:
    from model import OUTCOMES

    return parse_condition(options.condition, study.outcomes or tuple(OUTCOMES))


class DiscoverResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.options = DiscoverOptions(**opened.study.analysis)
        self.names = Names(opened.study.parameters)
        condition = _condition(opened.study, self.options)
        assert isinstance(condition, Condition)  # checked when it was laid out
        values = {outcome: self._values(outcome) for outcome in condition.outcomes}
        defined = np.all([np.isfinite(each) for each in values.values()], axis=0)
        sought = condition.holds(values)[defined]
        inputs = {
            name: [value for value, kept in zip(opened.factor(name), defined, strict=True) if kept]
            for name in opened.study.parameters
        }
        columns, undefined = columns_of(inputs), int((~defined).sum())
        self.found: Discovery = discover(
            self.options.condition, columns, sought, undefined, opened.study.seed, keep_all=self.options.keep_all
        )

    def _values(self, outcome: str) -> NDArray[np.float64]:
        values = self.opened.values(outcome)
        each = values[:, 1] - values[:, 0] if self.options.of == "difference" else values[:, 0]
        means: NDArray[np.float64] = each.mean(axis=1)
        return means

    def as_json(self) -> dict[str, Any]:
        return {"study": str(self.opened.folder), "of": self.options.of, **self.found.as_json()}

    def blocks(self) -> Iterable[Any]:
        from experiments.messages import msg
        from experiments.studies.discovery.told import sentences, tables

        yield from tables(self.found, self.names)
        if self.options.of == "difference":
            before, after = self.opened.labels
            yield msg("discovery_of_difference", before=before, after=after)
        yield from sentences(self.found, self.names)

    def tables(self) -> Mapping[str, CsvTable]:
        box = [
            [each.input, each.low, each.high, " ".join(each.words), each.p, each.reproduced]
            for each in self.found.restrictions
        ]
        way = [
            [place, restricted, tally.coverage, tally.density, tally.mass]
            for place, (tally, restricted) in enumerate(zip(self.found.trajectory, self.found.restricted, strict=True))
        ]
        return {
            "box": (["input", "low", "high", "words", "quasi_p", "reproduced"], box),
            "trajectory": (["step", "restricted", "coverage", "density", "mass"], way),
        }

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.discovery.figures import box_ranges, scatter, trade_off

        if self.found.trouble:
            return {}
        drawn: dict[str, Callable[[], Figure]] = {
            "trade_off": partial(trade_off, self.found, self.names),
            "box": partial(box_ranges, self.found, self.names),
        }
        if sum(not each.words for each in self.found.restrictions[:2]) == 2:
            drawn["scatter"] = partial(scatter, self.found, self.names)
        return drawn


KIND = Kind(DiscoverOptions, lay_out, DiscoverResults)
