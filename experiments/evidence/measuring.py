"""Changes measured on the same seeds: each has two arms, which are run through the runner and compared pair by pair.

A table of measurements (the instruments, the expectations) keeps its rows in `results/measured/`. A row has two parts:
the reference world, with many seeds at full volume, and the plausible worlds, with a seed each (`worlds`). Each part
holds how it was defined when it was measured; one that is defined differently now counts as not measured.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import Row
from experiments.design.plan import Plan, bases_of, make_plan
from experiments.design.studyfile import Replicates, StudyFile
from experiments.errors import WrongInput
from experiments.evidence.checks import Check
from experiments.evidence.over_worlds import OverWorlds, Values, told
from experiments.kinds import Layout
from experiments.runner import Where
from experiments.stats import Interval, mean_interval, paired_difference
from experiments.store.files import keep_measured, read_measured
from experiments.store.opened import OpenStudy
from model import Unknowns, nearest

CHANGED = "changed"  # names all rows that are not measured as they are defined now
Part = Literal["reference", "worlds"]  # of a row: the district as it is written, and the plausible worlds
PARTS: tuple[Part, ...] = get_args(Part)
Comparison = dict[str, Any]  # pairs, and mean, low and high of before, after and difference, in the outcome's unit


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
    """Two arms, and the outcomes in which they are compared; a check is one of the first."""

    before: Arm
    after: Arm
    outcomes: Sequence[str]


@dataclass(frozen=True)
class Subject:
    """What a row of a table is about.

    Attributes:
        definition: All that decides its numbers in the reference world.
        changes: By name.
        row: Makes the row of the comparisons by change and outcome.
        check: What is claimed of the first outcome of every change.
        in_worlds: The changes as they are measured over worlds.
    """

    id: str
    definition: dict[str, Any]
    changes: Mapping[str, Change]
    row: Callable[[Mapping[str, Mapping[str, Comparison]]], dict[str, Any]]
    check: Check
    in_worlds: Mapping[str, Change]

    def changes_of(self, part: Part) -> Mapping[str, Change]:
        return self.changes if part == "reference" else self.in_worlds

    def measured(self, values_of: Callable[[Arm], Values]) -> dict[str, Any]:
        """Return its row with its definition, given the values of each arm on the same seeds."""
        found = {}
        for name, change in self.changes.items():
            before, after = values_of(change.before), values_of(change.after)
            found[name] = {outcome: _compared(before[outcome], after[outcome]) for outcome in change.outcomes}
        return {"definition": self.definition, **self.row(found)}

    def told(self, values_of: Callable[[Arm], Values], over: OverWorlds) -> dict[str, Any]:
        """Return what worlds say of it with its definition, given the values of each arm in the same worlds."""
        changes = {
            name: told(self.check, change.outcomes, values_of(change.before), values_of(change.after))
            for name, change in self.in_worlds.items()
        }
        return {"definition": self.defined(over), "size": dict(over.size), "changes": changes}

    def defined(self, over: OverWorlds) -> str | None:
        """Return the hash of all that decides what worlds say of it; None where there are none."""
        changes = {name: dataclasses.asdict(each) for name, each in self.in_worlds.items()}
        return over.definition(self.definition, changes, dataclasses.asdict(self.check))


def _compared(before: NDArray[np.float64], after: NDArray[np.float64]) -> Comparison:
    difference = paired_difference(before, after)
    intervals = {"before": mean_interval(before), "after": mean_interval(after), "difference": difference.interval}
    plain = {name: {"mean": i.mean, "ci_low": i.low, "ci_high": i.high} for name, i in intervals.items()}
    return {"pairs": difference.pairs, **plain}


def interval_of(plain: Mapping[str, Any]) -> Interval:
    """Return an interval that was kept as plain values."""
    return Interval(plain["mean"], plain["ci_low"], plain["ci_high"])


@dataclass(frozen=True)
class Measurements:
    """A table of measurements."""

    name: str  # of its file in `results/measured/` and of the study that measures it
    pairs: int  # seeds 1 to `pairs`, the same in all arms, in the reference world
    subjects: Callable[[], Sequence[Subject]]  # what its rows are about, in their order
    over: OverWorlds = dataclasses.field(default_factory=OverWorlds)

    def found(self) -> dict[str, Any]:
        """Return what was measured last: `pairs`, and `rows` by id."""
        return read_measured(self.name) or {"pairs": self.pairs, "rows": {}}

    def rows(self) -> dict[str, Any]:
        """Return by id the rows that are measured as they are defined now, without `worlds` where that is not."""
        found = self.found()["rows"]
        return {
            each.id: {name: part for name, part in found[each.id].items()
                      if name != "worlds" or self._stands(each, found, "worlds")}
            for each in self.subjects() if self._stands(each, found, "reference")
        }  # fmt: skip

    def unmeasured(self, part: Part = "reference") -> list[str]:
        """Return the ids of which a part is not measured as it is defined now."""
        found = self.found()["rows"]
        return [each.id for each in self.subjects() if not self._stands(each, found, part)]

    def _stands(self, subject: Subject, found: Mapping[str, Any], part: Part) -> bool:
        row = found.get(subject.id, {})
        if part == "reference":
            return bool(row.get("definition") == subject.definition)
        return "worlds" in row and row["worlds"]["definition"] == subject.defined(self.over)

    def renew(self, named: Sequence[str], out: Path, jobs: int, parts: Sequence[Part] = PARTS) -> None:
        """Measure parts of the rows named, what is missing where `changed` is named, or all; the rest stays as it is.

        Raises:
            WrongInput: For an id that is unknown, worlds that are not there, or where runs failed.
        """
        subjects = {each.id: each for each in self.subjects()}
        changed = list(named) == [CHANGED]
        unknown = [each for each in named if each not in subjects and not changed]
        if unknown:
            raise WrongInput([f"unknown row '{each}'{nearest(each, [*subjects, CHANGED])}" for each in unknown])
        if "worlds" in parts:
            self.over.worlds()
        for part in parts:
            wanted = [subjects[each] for each in (self.unmeasured(part) if changed else named or subjects)]
            if part == "reference":
                new = measure(self.name, wanted, self.pairs, out, jobs=jobs)
            else:
                told = measure_over_worlds(self.name, wanted, self.over, out, jobs=jobs)
                new = {id_: {"worlds": each} for id_, each in told.items()}
            self._keep(new, list(subjects))

    def _keep(self, new: Mapping[str, dict[str, Any]], order: Sequence[str]) -> None:
        """Replace parts of rows; what a new part does not have stays."""
        rows = self.found()["rows"]
        for id_, part in new.items():
            kept = {name: rows[id_][name] for name in ("worlds",) if name in rows.get(id_, {})}
            rows[id_] = {**kept, **part} if "definition" in part else {**rows.get(id_, {}), **part}
        keep_measured(self.name, {"pairs": self.pairs, "rows": {id_: rows[id_] for id_ in order if id_ in rows}})


def measure(
    name: str, subjects: Sequence[Subject], pairs: int, out: Path, size: Mapping[str, Any] | None = None, jobs: int = 2
) -> dict[str, Any]:
    """Measure subjects on the seeds 1 to `pairs` and return their rows by id.

    `size` is set over all arms, beneath their own settings; without it they have full volume and length.

    Raises:
        WrongInput: Where runs failed.
    """
    arms = _arms(subjects, "reference")
    values = _values(_plan(name, arms, pairs, size or {}), arms, out, jobs)
    return {each.id: each.measured(lambda arm: values[arm.key]) for each in subjects}


def measure_over_worlds(
    name: str, subjects: Sequence[Subject], over: OverWorlds, out: Path, jobs: int = 2
) -> dict[str, Any]:
    """Measure subjects over worlds and return what these say of each by id.

    Raises:
        WrongInput: Where there are no worlds, or runs failed.
    """
    arms, worlds = _arms(subjects, "worlds"), over.worlds()
    values = _values(_plan(f"{name}-worlds", arms, len(worlds), over.size, worlds), arms, out, jobs)
    return {each.id: each.told(lambda arm: values[arm.key], over) for each in subjects}


def _arms(subjects: Sequence[Subject], part: Part) -> list[Arm]:
    """Return the arms of subjects; those that they share are run once."""
    changes = [change for each in subjects for change in each.changes_of(part).values()]
    return list({arm.key: arm for change in changes for arm in (change.before, change.after)}.values())


def _values(plan: Plan | None, arms: Sequence[Arm], out: Path, jobs: int) -> dict[str, Values]:
    """Run a plan and return the values of each arm by its key.

    The runs are a study, a folder of `out`: repeating an interrupted measurement resumes it.
    """
    if plan is None:
        return {}
    from rich.console import Console

    study = Layout(plan).run(out, Where(jobs), Console(stderr=True))
    if study.failures():
        raise WrongInput([f"{study.folder}: {len(study.failures())} runs failed; see failures.jsonl there."])
    opened = OpenStudy(study.folder)
    found = {outcome: opened.values(outcome) for outcome in plan.outcomes}
    return {
        arm.key: {outcome: value[point.row, point.base] for outcome, value in found.items()}
        for arm, point in zip(arms, plan.points, strict=True)
    }


def _plan(
    name: str, arms: Sequence[Arm], replicates: int, size: Mapping[str, Any], worlds: Sequence[Unknowns] = ()
) -> Plan | None:
    """Lay the arms out: one row of the design each, over the regime that is its own; None where there are none."""
    if not arms:
        return None
    regimes = tuple(dict.fromkeys(arm.regime for arm in arms))
    study = StudyFile(
        name=name, experiment="measured", regimes=regimes, set=dict(size), replicates=Replicates(fixed=replicates),
        analysis={"arms": [[arm.regime, dict(arm.settings)] for arm in arms]},
    )  # fmt: skip
    return plan_of(study, arms, worlds)


def plan_of(study: StudyFile, arms: Sequence[Arm], worlds: Sequence[Unknowns]) -> Plan:
    """Return the plan of a study with a point for each arm, over the regime of that arm."""
    plan = make_plan(study, bases_of(study), rows=[], worlds=worlds)
    rows = [Row(number, 0, {}, dict(arm.settings)) for number, arm in enumerate(arms)]
    places = (study.regimes.index(arm.regime) for arm in arms)
    points = (plan.point(row.number, place, row) for row, place in zip(rows, places, strict=True))
    return dataclasses.replace(plan, points=tuple(points))
