"""Changes measured on the same seeds: each has two arms, which are run through the runner and compared pair by pair.

A table of measurements (the instruments, the expectations) keeps its rows in `results/measured/`. A row holds how it
was defined when it was measured; one that is defined differently now counts as not measured.
"""

import dataclasses
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import Row
from experiments.design.plan import Plan, bases_of, make_plan
from experiments.design.studyfile import Replicates, StudyFile
from experiments.errors import WrongInput
from experiments.kinds import Layout
from experiments.runner import Where
from experiments.stats import Interval, mean_interval, paired_difference
from experiments.store.files import keep_measured, read_measured
from experiments.store.opened import open_study
from model import nearest

CHANGED = "changed"  # names all rows that are not measured as they are defined now
Comparison = dict[str, Any]  # pairs, and mean, low and high of before, after and difference, in the outcome's unit
Values = Mapping[str, NDArray[np.float64]]  # by outcome, its value by seed; NaN where undefined


@dataclass(frozen=True)
class Arm:
    """What is run: a shipped regime and settings over it, by dotted path."""

    regime: str
    settings: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What tells arms apart, so that changes that share one run it once."""
        return json.dumps([self.regime, self.settings], sort_keys=True)


@dataclass(frozen=True)
class Change:
    """Two arms, and the outcomes in which they are compared."""

    before: Arm
    after: Arm
    outcomes: Sequence[str]


@dataclass(frozen=True)
class Subject:
    """What a row of a table is about: all that decides its numbers, the changes by name, and how they make the row."""

    id: str
    definition: dict[str, Any]
    changes: Mapping[str, Change]
    row: Callable[[Mapping[str, Mapping[str, Comparison]]], dict[str, Any]]

    def measured(self, values_of: Callable[[Arm], Values]) -> dict[str, Any]:
        """Return its row with its definition, given the values of each arm on the same seeds."""
        found = {}
        for name, change in self.changes.items():
            before, after = values_of(change.before), values_of(change.after)
            found[name] = {outcome: _compared(before[outcome], after[outcome]) for outcome in change.outcomes}
        return {"definition": self.definition, **self.row(found)}


def _compared(before: NDArray[np.float64], after: NDArray[np.float64]) -> Comparison:
    difference = paired_difference(before, after)
    intervals = {"before": mean_interval(before), "after": mean_interval(after), "difference": difference.interval}
    plain = {name: {"mean": i.mean, "ci_low": i.low, "ci_high": i.high} for name, i in intervals.items()}
    return {"pairs": difference.pairs, **plain}


def interval_of(plain: Mapping[str, Any]) -> Interval:
    """Return an interval that was kept as plain values."""
    return Interval(plain["mean"], plain["ci_low"], plain["ci_high"])


def moves(difference: Mapping[str, Any], way: Literal["up", "down"]) -> bool | None:
    """Return whether a difference goes a way, False: the other; None where its interval does not tell."""
    return lies_within(difference, *((0.0, math.inf) if way == "up" else (-math.inf, 0.0)), edges=False)


def lies_within(plain: Mapping[str, Any], low: float, high: float, *, edges: bool = True) -> bool | None:
    """Return whether an interval lies within a range, its edges included or not, False: outside; None between."""
    least, most = plain["ci_low"], plain["ci_high"]
    if least is None or most is None:
        return None
    if (low < least and most < high) or (edges and low <= least and most <= high):
        return True
    return False if most < low or least > high else None


@dataclass(frozen=True)
class Measurements:
    """A table of measurements."""

    name: str  # of its file in `results/measured/` and of the study that measures it
    pairs: int  # seeds 1 to `pairs`, the same in all arms
    subjects: Callable[[], Sequence[Subject]]  # what its rows are about, in their order

    def found(self) -> dict[str, Any]:
        """Return what was measured last: `pairs`, and `rows` by id."""
        return read_measured(self.name) or {"pairs": self.pairs, "rows": {}}

    def rows(self) -> dict[str, Any]:
        """Return by id the rows that are measured as they are defined now."""
        definitions = {each.id: each.definition for each in self.subjects()}
        return {id_: row for id_, row in self.found()["rows"].items() if row["definition"] == definitions.get(id_)}

    def unmeasured(self) -> list[str]:
        """Return the ids that are not measured as they are defined now."""
        current = self.rows()
        return [each.id for each in self.subjects() if each.id not in current]

    def renew(self, named: Sequence[str], out: Path, jobs: int) -> None:
        """Measure the rows named, those that `changed` names, or all; the others stay as they are.

        Raises:
            WrongInput: For an id that is unknown, or where runs failed.
        """
        subjects = {each.id: each for each in self.subjects()}
        wanted = self.unmeasured() if list(named) == [CHANGED] else list(named or subjects)
        unknown = [each for each in wanted if each not in subjects]
        if unknown:
            raise WrongInput([f"unknown row '{each}'{nearest(each, [*subjects, CHANGED])}" for each in unknown])
        new = measure(self.name, [subjects[each] for each in wanted], self.pairs, out, jobs=jobs)
        rows = {**self.found()["rows"], **new}
        keep_measured(self.name, {"pairs": self.pairs, "rows": {id_: rows[id_] for id_ in subjects if id_ in rows}})


def measure(
    name: str, subjects: Sequence[Subject], pairs: int, out: Path, size: Mapping[str, Any] | None = None, jobs: int = 2
) -> dict[str, Any]:
    """Measure subjects on the seeds 1 to `pairs` and return their rows by id; arms that they share are run once.

    The runs are a study, a folder of `out`: repeating an interrupted measurement resumes it. `size` is set over all
    arms, beneath their own settings; without it they have full volume and length.

    Raises:
        WrongInput: Where runs failed.
    """
    changes = [change for each in subjects for change in each.changes.values()]
    arms = {arm.key: arm for change in changes for arm in (change.before, change.after)}
    if not arms:
        return {}
    from rich.console import Console

    plan = _plan(name, list(arms.values()), pairs, size or {})
    study = Layout(plan).run(out, Where(jobs), Console(stderr=True))
    if study.failures():
        raise WrongInput([f"{study.folder}: {len(study.failures())} runs failed; see failures.jsonl there."])
    opened = open_study(study.folder)
    found = {outcome: opened.values(outcome) for outcome in plan.outcomes}
    values = {
        key: {outcome: value[point.row, point.base] for outcome, value in found.items()}
        for key, point in zip(arms, plan.points, strict=True)
    }
    return {each.id: each.measured(lambda arm: values[arm.key]) for each in subjects}


def _plan(name: str, arms: Sequence[Arm], pairs: int, size: Mapping[str, Any]) -> Plan:
    """Lay the arms out: one row of the design each, over the regime that is its own."""
    regimes = tuple(dict.fromkeys(arm.regime for arm in arms))
    study = StudyFile(
        name=name, experiment="measured", regimes=regimes, set=dict(size), replicates=Replicates(fixed=pairs),
        analysis={"arms": [[arm.regime, dict(arm.settings)] for arm in arms]},
    )  # fmt: skip
    plan = make_plan(study, bases_of(study), rows=[])
    rows = [Row(number, 0, {}, dict(arm.settings)) for number, arm in enumerate(arms)]
    points = (plan.point(row.number, regimes.index(arm.regime), row) for row, arm in zip(rows, arms, strict=True))
    return dataclasses.replace(plan, points=tuple(points))
