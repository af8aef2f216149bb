"""Which instrument does the work: Shapley values and interactions over paired seeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.design.designs import Row, settings_of
from experiments.design.factors import OFF, ON, Factor, instruments_named, switched
from experiments.design.naming import Names
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import Fixed
from experiments.store.opened import OpenStudy
from experiments.studies.attribution.answer import Attribution, attribute
from experiments.studies.attribution.scheme import MOST_EXACT, Scheme, all_subsets, random_orders

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND", "AttributeOptions"]


class AttributeOptions(BaseModel):
    """Options of an attribution."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instruments: tuple[str, ...] = Field(min_length=1, description="Rows of the claims, as [R1, R3, R8].")
    scheme: Literal["subsets", "orders"] | None = Field(
        None, description="subsets: all of them; orders: random orders of introduction; by number, unless given."
    )
    interactions: bool = Field(True, description="orders: also what pairwise interactions need, for twice the runs.")
    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    options = AttributeOptions(**study.analysis)
    bases, instruments, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: instruments_named(options.instruments, places("analysis", "instruments")),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, options, places)),
    )
    factors = [switched(each, bases[0].resolved, bases[1].resolved) for each in instruments]
    scheme = scheme_of(study)
    masks = sorted({mask for mask, _ in scheme.runs()})
    plan = make_plan(
        study, bases[:1], factors, [_row(mask, at, factors) for at, mask in enumerate(masks)], places=places
    )
    point_of = dict(zip(masks, plan.points, strict=True))
    tasks = [plan.task(point_of[mask], replicate) for mask, replicate in scheme.runs()]
    return Layout(plan, lambda _: Fixed(plan.points, tasks))


def _problems(study: StudyFile, options: AttributeOptions, places: Places) -> Iterator[str]:
    from model import OUTCOMES, nearest

    if len(study.regimes) != 2:
        yield f"{places('regimes')}expected two (without any instrument, and with all), got {len(study.regimes)}."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Subsets are compared on the same luck."
    if study.parameters:
        yield f"{places('parameters')}expected none, because an attribution varies only instruments."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more (blocks of luck, or orders of introduction)."
    if options.scheme == "subsets" and len(options.instruments) > MOST_EXACT:
        count = len(options.instruments)
        yield f"{places('analysis', 'scheme')}expected orders beyond {MOST_EXACT} instruments, got subsets of {count}."
    kept = study.outcomes or tuple(OUTCOMES)
    for outcome in options.outcomes:
        if outcome not in kept:
            yield f"{places('analysis', 'outcomes')}unknown outcome '{outcome}'{nearest(outcome, list(kept))}"


def scheme_of(study: StudyFile) -> Scheme:
    """Return which subsets of the instruments a study runs, the same whenever it is asked for."""
    options, replicates = AttributeOptions(**study.analysis), study.replicates.first
    few = len(options.instruments) <= MOST_EXACT // 2
    if (options.scheme or ("subsets" if few else "orders")) == "subsets":
        return all_subsets(options.instruments, replicates)
    return random_orders(options.instruments, replicates, study.seed, interactions=options.interactions)


def _row(mask: int, number: int, factors: Sequence[Factor]) -> Row:
    values = {factor.name: ON if mask >> place & 1 else OFF for place, factor in enumerate(factors)}
    return Row(number, 0, values, settings_of(factors, values))


class AttributeResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.options = AttributeOptions(**opened.study.analysis)
        self.scheme = scheme_of(opened.study)
        self.names = Names({})
        self.found = [self._attribution(outcome) for outcome in self.options.outcomes]

    def _attribution(self, outcome: str) -> Attribution:
        table = self.opened.table
        on = np.array([[value == ON for value in self.opened.factor(name)] for name in self.scheme.instruments])
        masks = (on.T * (1 << np.arange(len(on), dtype=np.int64))).sum(axis=1)
        points, replicates = (table.column(name).to_numpy() for name in ("point", "replicate"))
        return attribute(self.scheme, outcome, masks[points].tolist(), replicates.tolist(),
                         table.column(outcome).to_numpy())  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        first, *others = self.found
        return {
            **first.as_json(),
            "study": str(self.opened.folder),
            "runs": self.opened.table.num_rows,
            "others": [each.as_json() for each in others],
            "not_attributed": self.left_over(),
        }

    def left_over(self) -> list[str]:
        """Return keys in which the second regime differs from the first that no chosen instrument turns."""
        from experiments.store.shards import flat

        bases: tuple[Base, ...] = bases_of(self.opened.study)
        turned = {path for each in instruments_named(self.options.instruments, "") for path in each.topics}
        before, after = (flat(base.resolved) for base in bases)
        names = ("name", "title.zh", "title.en")
        return sorted(path for path in after if before.get(path) != after[path] and path not in {*turned, *names})

    def blocks(self) -> Iterable[Any]:
        from experiments.messages import msg
        from experiments.studies.attribution.told import sentences, table

        for each in self.found:
            yield table(each, self.names)
            yield from sentences(each, self.names)
        if left := self.left_over():
            yield msg("attribution_left_over", whole=self.opened.study.regimes[1], keys=", ".join(left))
        yield msg("luck_only")

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["outcome", "instrument", "shapley", "ci_low", "ci_high", "p_holm", "alone", "alone_low", "alone_high",
                  "left_out", "left_out_low", "left_out_high"]  # fmt: skip
        rows = [
            [found.outcome, each.instrument, *dataclasses.astuple(each.shapley), each.p,
             *dataclasses.astuple(each.alone), *dataclasses.astuple(each.left_out)]
            for found in self.found
            for each in found.contributions
        ]  # fmt: skip
        pairs = [
            [found.outcome, each.first, each.second, *dataclasses.astuple(each.index)]
            for found in self.found
            for each in found.interactions or ()
        ]
        second = ["outcome", "first", "second", "interaction", "ci_low", "ci_high"]
        return {"attribution": (header, rows), "interactions": (second, pairs)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.attribution.figures import pairs, sides, waterfall

        drawn: dict[str, Callable[[], Figure]] = {}
        for found in self.found:
            if found.idle:
                continue
            drawn[f"waterfall_{found.outcome}"] = partial(waterfall, found, self.names)
            drawn[f"sides_{found.outcome}"] = partial(sides, found, self.names)
            if found.interactions is not None:
                drawn[f"interactions_{found.outcome}"] = partial(pairs, found, self.names)
        return drawn


KIND = Kind(AttributeOptions, lay_out, AttributeResults)
