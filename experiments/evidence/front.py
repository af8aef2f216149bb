"""What the first page knows before anything is run: measured over plausible worlds at full volume, kept as one file.

One study runs all of it and resumes when it is interrupted: presets on two seeds a world, changes of one lever or
assumption on one, the design behind the estimate on one in the first worlds. `experiments.front` reads what is kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.designs import Row
from experiments.design.plan import Plan, Point, Task, bases_of, make_plan
from experiments.design.studyfile import Replicates, StudyFile
from experiments.errors import WrongInput
from experiments.evidence.front_packages import (
    BENEATH,
    PRESETS,
    Trying,
    design,
    knots,
    lever_arms,
    rest_in,
    trials,
)
from experiments.evidence.measuring import Arm
from experiments.evidence.over_worlds import DISTRICT, OverWorlds
from experiments.front import REST, Estimate, median
from experiments.kinds import Layout
from experiments.levers import AFTER, BEFORE, LEVERS
from experiments.runner import Where
from experiments.runner.worker import Reduction
from experiments.stats.ensemble import CLOSURE, doubt, range_over
from experiments.stats.intervals import Floats
from experiments.stats.surface import Link, fit_surface, linked, quadratic_terms, unlinked
from experiments.store.files import keep_measured
from experiments.store.opened import OpenStudy
from model import OUTCOMES, Record, Scenario, load_scenario

if TYPE_CHECKING:
    from experiments.store.store import Study

HEADLINE = "closure_rate"
OUTCOMES_SHOWN = (
    *CLOSURE, "workload_street", "workload_department", "passes_per_case", "evasive_pass_share", "equity_gap",
    "coordination_share", "reopen_rate", "cosmetic_share", "staff_days_per_closure",
)  # fmt: skip
DIGITS = 5  # of what is kept
MOST_GONE = 0.5  # share of the gain; where less is left, the answer counts as turned


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes:
        over: The worlds; their size is full.
        seeds: Of the presets in each world.
        packages: Of the design, and the first worlds that these are run in.
        design_worlds: See `packages`.
    """

    over: OverWorlds = field(default_factory=lambda: OverWorlds(size={"demand.scale": 1.0}))
    seeds: int = 2
    packages: int = 192
    design_worlds: int = 8


def by_kind_and_street(record: Record) -> dict[str, Any]:
    """Return what is kept of a run beside its outcomes: by kind and by street."""
    due = record.histograms["due"]
    closed = record.histograms["closed_in_time"]
    return {
        "kind_in_time": record.kinds["in_time"], "kind_days": record.kinds["days_to_half"],
        "street_in_time": np.divide(closed, due, out=np.full(len(due), np.nan), where=due > 0),
    }  # fmt: skip


def _of_any_scenario(_: Scenario) -> Callable[[Record], dict[str, Any]]:
    return by_kind_and_street


def keep_front(out: Path, jobs: int, effort: Effort | None = None) -> None:
    """Measure all of it, and keep it.

    Args:
        out: Parent folder of the study.
        jobs: Processes.

    Raises:
        WrongInput: Where there are no worlds, or runs failed.
    """
    keep_measured("front", front(out, jobs, effort or Effort()))


def front(out: Path, jobs: int, effort: Effort) -> dict[str, Any]:
    """Measure all of it and return it as plain values; see `keep_front`."""
    from rich.console import Console

    laid = Laid(effort)
    study = laid.layout.run(out, Where(jobs), Console(stderr=True))
    return Measured(laid, _opened(study)).as_json()


def _opened(study: Study) -> OpenStudy:
    if study.failures():
        raise WrongInput([f"{study.folder}: {len(study.failures())} runs failed; see failures.jsonl there."])
    return OpenStudy(study.folder)


class Laid:
    """The study laid out: its arms, each once, and in which worlds, on which seeds they are run."""

    def __init__(self, effort: Effort) -> None:
        self.effort, self.worlds = effort, effort.over.worlds()
        self.presets = {name: Arm(name, {}) for name in PRESETS}
        self.levers = {name: lever_arms(name) for name in LEVERS}
        self.trials = trials()
        self.design = list(design(effort.packages))
        self._most: dict[str, int] = {}
        self.arms: dict[str, Arm] = {}
        single = [arm for pairs in self.levers.values() for pair in pairs.values() for arm in pair]
        single += [arm for trial in self.trials for arm in (trial.before, trial.after)]
        self._want(self.presets.values(), effort.seeds * len(self.worlds))
        self._want(single, len(self.worlds))
        self._want((arm for _, arm in self.design), min(effort.design_worlds, len(self.worlds)))

    def _want(self, arms: Any, replicates: int) -> None:
        for arm in arms:
            self.arms.setdefault(arm.key, arm)
            self._most[arm.key] = max(replicates, self._most.get(arm.key, 0))

    @cached_property
    def plan(self) -> Plan:
        arms, effort = list(self.arms.values()), self.effort
        regimes = tuple(dict.fromkeys(arm.regime for arm in arms))
        study = StudyFile(
            name="front", experiment="measured", regimes=regimes, set=dict(effort.over.size), outcomes=OUTCOMES_SHOWN,
            replicates=Replicates(fixed=effort.seeds * len(self.worlds)), series=True,
            analysis={"arms": [[arm.regime, dict(arm.settings)] for arm in arms]},
        )  # fmt: skip
        plan = make_plan(study, bases_of(study), rows=[], worlds=self.worlds)
        rows = [Row(number, 0, {}, dict(arm.settings)) for number, arm in enumerate(arms)]
        points = (plan.point(row.number, regimes.index(arm.regime), row) for row, arm in zip(rows, arms, strict=True))
        return dataclasses.replace(plan, points=tuple(points))

    @property
    def layout(self) -> Layout:
        """What is run, what belongs to few packages first."""
        tasks = [
            task for point, key in zip(self.plan.points, self.arms, strict=True) for task in self._tasks(point, key)
        ]
        return Layout(self.plan, Reduction(_of_any_scenario), tasks)

    def _tasks(self, point: Point, key: str) -> list[Task]:
        return [self.plan.task(point, replicate) for replicate in range(self._most[key])]


class Measured:
    """What the runs say."""

    def __init__(self, laid: Laid, opened: OpenStudy) -> None:
        self.laid, self.opened, self.plan = laid, opened, laid.plan
        self.points = dict(zip(laid.arms, self.plan.points, strict=True))
        self._values = {outcome: opened.values(outcome) for outcome in OUTCOMES_SHOWN}

    @cached_property
    def _arrays(self) -> Mapping[tuple[int, int], Mapping[str, Any]]:
        return self.opened.arrays_by_run()

    def values(self, arm: Arm, outcome: str, seeds: int = 1) -> Floats:
        """Return an outcome of an arm, (worlds, seeds)."""
        point, worlds = self.points[arm.key], len(self.laid.worlds)
        found = self._values[outcome][point.row, point.base, : worlds * seeds]
        return np.asarray(found.reshape(seeds, worlds).T)

    def as_json(self) -> dict[str, Any]:
        effort = self.laid.effort
        scenario = load_scenario(BEFORE).resolved()
        tried = sorted((self._trial(each) for each in self.laid.trials), key=lambda each: each["kept"])
        turned = [each["kept"] < MOST_GONE for each in tried]
        return {
            "fingerprint": self.plan.fingerprint, "district": DISTRICT, "worlds": len(self.laid.worlds),
            "seeds": effort.seeds, "kinds": [each["code"] for each in scenario["kinds"]],
            "streets": [each["code"] for each in scenario["streets"]],
            "packages": {name: self._package(arm) for name, arm in self.laid.presets.items()},
            "luck": {outcome: self._luck(outcome) for outcome in OUTCOMES_SHOWN},
            "levers": {name: self._lever(name) for name in LEVERS},
            "estimate": dataclasses.asdict(Estimating(self).estimate()),
            "turns": [each for each, turns in zip(tried, turned, strict=True) if turns],
            "steady": [each for each, turns in zip(tried, turned, strict=True) if not turns],
        }  # fmt: skip

    def _package(self, arm: Arm) -> dict[str, Any]:
        seeds, worlds = self.laid.effort.seeds, len(self.laid.worlds)
        runs = [self._arrays[self.points[arm.key].number, each] for each in range(seeds * worlds)]
        means = {
            name: np.asarray([run[name] for run in runs], dtype=np.float64).reshape(seeds, worlds, -1).mean(axis=0).T
            for name in ("kind_in_time", "kind_days", "street_in_time")
        }
        return {
            "outcomes": {name: plain(_mean(self.values(arm, name, seeds))) for name in OUTCOMES_SHOWN},
            "kinds": {"in_time": [plain(each) for each in means["kind_in_time"]],
                      "days": [plain(each, 2) for each in means["kind_days"]]},
            "streets": [plain(each) for each in means["street_in_time"]],
            "first": {name: plain(self.values(arm, name)[:, 0]) for name in OUTCOMES_SHOWN},
        }  # fmt: skip

    def _luck(self, outcome: str) -> float | None:
        seeds = self.laid.effort.seeds
        before, after = (self.values(self.laid.presets[name], outcome, seeds) for name in (BEFORE, AFTER))
        return doubt(after - before, 0).luck_half_width

    def _lever(self, name: str) -> dict[str, Any]:
        sides = {}
        for side, (off, on) in self.laid.levers[name].items():
            ends = range_over(self.values(on, HEADLINE)[:, 0] - self.values(off, HEADLINE)[:, 0])
            sides[side] = plain([ends.low, ends.mean, ends.high])
        return {**sides, "beneath": list(BENEATH.get(name, ()))}

    def _trial(self, trial: Trying) -> dict[str, Any]:
        after, before = (
            {outcome: plain(self.values(arm, outcome)[:, 0]) for outcome in OUTCOMES_SHOWN}
            for arm in (trial.after, trial.before)
        )
        pairs = [pair for pair in zip(before[HEADLINE], after[HEADLINE], strict=True) if None not in pair]
        return {
            "name": trial.name, "preset": AFTER, "values": dict(trial.values), "assumed": trial.assumed,
            "outcomes": after, "before": before, "worse": sum(end <= start for start, end in pairs), "of": len(pairs),
            "kept": round((median(after[HEADLINE]) - median(before[HEADLINE])) / self._gain, DIGITS),
        }  # fmt: skip

    @cached_property
    def _gain(self) -> float:
        """The reform's gain in closure in time, of medians over worlds, on the first seed."""
        before, after = (np.nanmedian(self.values(self.laid.presets[name], HEADLINE)) for name in (BEFORE, AFTER))
        return float(after - before)


class Estimating:
    """The surface through the design, and what is known to be off about it."""

    def __init__(self, measured: Measured) -> None:
        self.measured, self.laid = measured, measured.laid
        self.inputs = [*LEVERS, REST]
        self.knots = {**{name: knots(lever) for name, lever in LEVERS.items()}, REST: [[0.0, 0.0], [1.0, 1.0]]}
        self.terms = quadratic_terms(len(self.inputs))

    def estimate(self) -> Estimate:
        blank = Estimate(self.inputs, self.knots, self.terms, {}, {}, {name: rest_in(name) for name in PRESETS}, {},
                         {}, {}, {})  # fmt: skip
        points = np.array([blank.places(values) for values, _ in self.laid.design])
        coefficients, link, error, r2 = {}, {}, {}, {}
        for outcome in OUTCOMES_SHOWN:
            link[outcome] = _link(outcome)
            values = self._medians(outcome)
            surface = fit_surface(points, linked(values, link[outcome]), self.terms)
            off = unlinked(surface.left_out, link[outcome]) - values
            coefficients[outcome] = plain(surface.coefficients)
            error[outcome], r2[outcome] = _rms(off), round(float(1.0 - np.var(off) / np.var(values)), DIGITS)
        fitted = dataclasses.replace(blank, coefficients=coefficients, link=link, error=error, r2=r2)
        fitted = dataclasses.replace(fitted, anchors=self._anchors(fitted))
        return dataclasses.replace(fitted, checked=self._checked(fitted))

    def _medians(self, outcome: str) -> Floats:
        """Return the median over the design's worlds of each of its packages."""
        count = self.laid.effort.design_worlds
        return np.array([np.nanmedian(self.measured.values(arm, outcome)[:count]) for _, arm in self.laid.design])

    def _anchors(self, fitted: Estimate) -> dict[str, dict[str, float]]:
        anchors: dict[str, dict[str, float]] = {}
        for preset, arm in self.laid.presets.items():
            told = fitted.at({name: lever.value_in(preset) for name, lever in LEVERS.items()}, preset)
            known = {outcome: _middle(self.measured, arm, outcome) for outcome in OUTCOMES_SHOWN}
            anchors[preset] = {
                outcome: round(float(linked(np.array(known[outcome]), link) - linked(np.array(told[outcome]), link)), 5)
                for outcome, link in fitted.link.items()
            }
        return anchors

    def _checked(self, fitted: Estimate) -> dict[str, float]:
        """Return how far it is off where one lever was moved from a preset and that was measured in all worlds."""
        known = [(arm, fitted.at(_values(arm), arm.regime)) for arm in self._apart()]
        return {
            outcome: _rms(np.array([told[outcome] - _middle(self.measured, arm, outcome) for arm, told in known]))
            for outcome in OUTCOMES_SHOWN
        }

    def _apart(self) -> list[Arm]:
        """Return what was measured in all worlds, is no preset and keeps every fact of the district."""
        presets = {arm.key for arm in self.laid.presets.values()}
        arms = [arm for pairs in self.laid.levers.values() for pair in pairs.values() for arm in pair]
        arms += [trial.after for trial in self.laid.trials if not trial.assumed]
        return list({arm.key: arm for arm in arms if arm.key not in presets}.values())


def _values(arm: Arm) -> dict[str, float]:
    scenario = load_scenario(arm.regime, overrides=dict(arm.settings))
    return {name: lever.value_of(scenario) for name, lever in LEVERS.items()}


def _middle(measured: Measured, arm: Arm, outcome: str) -> float:
    """Return the median over all worlds on the first seed, as the changes of a lever are measured."""
    return float(np.nanmedian(measured.values(arm, outcome)[:, 0]))


def _link(outcome: str) -> Link:
    return "logit" if OUTCOMES[outcome].unit == "share" else "identity"


def _rms(off: Floats) -> float:
    return round(float(np.sqrt(np.mean(np.square(off)))), DIGITS)


def _mean(values: Floats) -> Floats:
    """Return the mean of the seeds that are defined, by world."""
    known = np.isfinite(values)
    sums = np.where(known, values, 0.0).sum(axis=1)
    return np.divide(sums, known.sum(axis=1), out=np.full(len(sums), np.nan), where=known.any(axis=1))


def plain(values: Sequence[float | None] | Floats, digits: int = DIGITS) -> list[float | None]:
    """Return numbers as they are kept, None where undefined."""
    numbers = np.asarray(values, dtype=np.float64)
    return [round(float(each), digits) if np.isfinite(each) else None for each in numbers]
