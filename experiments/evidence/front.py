"""What the first page knows before anything is run: measured over plausible worlds at full volume, kept as one file.

Two studies run it and resume when they are interrupted: presets on two seeds a world, changes of one lever or
assumption on one; and the design behind the estimate, in the first worlds. `experiments.front` reads what is kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from experiments.design.plan import Plan
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
from experiments.evidence.measuring import Arm, plan_of
from experiments.evidence.over_worlds import DISTRICT, OverWorlds
from experiments.front import REST, Estimate
from experiments.kinds import Layout
from experiments.levers import AFTER, BEFORE, LEVERS
from experiments.runner import Where
from experiments.runner.worker import Reduction
from experiments.stats.ensemble import CLOSURE, doubt, range_over
from experiments.stats.intervals import Floats
from experiments.stats.surface import Link, fit_surface, linked, quadratic_terms, unlinked
from experiments.store.files import keep_measured
from experiments.store.opened import OpenStudy
from model import OUTCOMES, Record, Scenario, load_scenario, simulate

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
    packages: int = 256
    design_worlds: int = 6


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
    laid = Laid(effort)
    known, tried = (_run(part, out, jobs) for part in (laid.known, laid.tried))
    return Measured(laid, known, tried).as_json()


def _run(part: Part, out: Path, jobs: int) -> Runs:
    from rich.console import Console

    study = part.layout.run(out, Where(jobs), Console(stderr=True))
    if study.failures():
        raise WrongInput([f"{study.folder}: {len(study.failures())} runs failed; see failures.jsonl there."])
    return Runs(part, OpenStudy(study.folder))


class Part:
    """A study laid out: its arms, each once, and how many replicates each has; world and seed go with the replicate."""

    def __init__(self, name: str, effort: Effort, wanted: Sequence[tuple[Iterable[Arm], int]]) -> None:
        self.name, self.effort = name, effort
        self.arms: dict[str, Arm] = {}
        self._most: dict[str, int] = {}
        for arms, replicates in wanted:
            for arm in arms:
                self.arms.setdefault(arm.key, arm)
                self._most[arm.key] = max(replicates, self._most.get(arm.key, 0))

    @cached_property
    def plan(self) -> Plan:
        arms, effort = list(self.arms.values()), self.effort
        worlds, regimes = effort.over.worlds(), tuple(dict.fromkeys(arm.regime for arm in arms))
        study = StudyFile(
            name=self.name, experiment="measured", regimes=regimes, set=dict(effort.over.size), series=True,
            outcomes=OUTCOMES_SHOWN, replicates=Replicates(fixed=max(self._most.values())),
            analysis={"arms": [[arm.regime, dict(arm.settings)] for arm in arms]},
        )  # fmt: skip
        return plan_of(study, arms, worlds)

    @property
    def layout(self) -> Layout:
        """What is run, world by world."""
        pairs = zip(self.plan.points, self.arms, strict=True)
        tasks = [self.plan.task(point, replicate) for point, key in pairs for replicate in range(self._most[key])]
        tasks.sort(key=lambda task: task.replicate % len(self.plan.worlds))
        return Layout(self.plan, Reduction(_of_any_scenario), tasks)


class Runs:
    """The runs of a part."""

    def __init__(self, part: Part, opened: OpenStudy) -> None:
        self.opened, self.plan = opened, part.plan
        self.points = dict(zip(part.arms, self.plan.points, strict=True))
        self._values = {outcome: opened.values(outcome) for outcome in OUTCOMES_SHOWN}

    @cached_property
    def _arrays(self) -> Mapping[tuple[int, int], Mapping[str, Any]]:
        return self.opened.arrays_by_run()

    def values(self, arm: Arm, outcome: str, seeds: int = 1) -> Floats:
        """Return an outcome of an arm, (worlds, seeds)."""
        point, worlds = self.points[arm.key], len(self.plan.worlds)
        found = self._values[outcome][point.row, point.base]
        return np.asarray([found[world : seeds * worlds : worlds] for world in range(min(worlds, len(found)))])

    def by_world(self, arm: Arm, name: str, seeds: int) -> Floats:
        """Return what was kept of an arm beside its outcomes, (kinds or streets, worlds), mean of the seeds."""
        worlds = len(self.plan.worlds)
        runs = [self._arrays[self.points[arm.key].number, each][name] for each in range(seeds * worlds)]
        means = np.asarray(runs, dtype=np.float64).reshape(seeds, worlds, -1).mean(axis=0)
        return np.asarray(means.T)


class Laid:
    """What is run: packages that are told of, and the design behind the estimate."""

    def __init__(self, effort: Effort) -> None:
        self.effort, self.worlds = effort, effort.over.worlds()
        self.presets = {name: Arm(name, {}) for name in PRESETS}
        self.levers = {name: lever_arms(name) for name in LEVERS}
        self.trials = trials()
        self.design = list(design(effort.packages))
        arms = [arm for pairs in self.levers.values() for pair in pairs.values() for arm in pair]
        arms += [arm for trial in self.trials for arm in (trial.before, trial.after)]
        self.known = Part("front", effort, [(self.presets.values(), effort.seeds * len(self.worlds)),
                                            (arms, len(self.worlds))])  # fmt: skip
        first = min(effort.design_worlds, len(self.worlds))
        self.tried = Part("front-design", effort, [((arm for _, arm in self.design), first)])


class Measured:
    """What the runs say."""

    def __init__(self, laid: Laid, known: Runs, tried: Runs) -> None:
        self.laid, self.known, self.tried = laid, known, tried

    def as_json(self) -> dict[str, Any]:
        effort = self.laid.effort
        scenario = load_scenario(BEFORE).resolved()
        tried = sorted((self._trial(each) for each in self.laid.trials), key=lambda each: each["kept"])
        turned = [each["kept"] < MOST_GONE for each in tried]
        return {
            "fingerprint": self.known.plan.fingerprint, "district": DISTRICT, "worlds": len(self.laid.worlds),
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
        known, seeds = self.known, self.laid.effort.seeds
        return {
            "outcomes": {name: plain(_mean(known.values(arm, name, seeds))) for name in OUTCOMES_SHOWN},
            "kinds": {"in_time": [plain(each) for each in known.by_world(arm, "kind_in_time", seeds)],
                      "days": [plain(each, 2) for each in known.by_world(arm, "kind_days", seeds)]},
            "streets": [plain(each) for each in known.by_world(arm, "street_in_time", seeds)],
            "first": {name: plain(known.values(arm, name)[:, 0]) for name in OUTCOMES_SHOWN},
        }  # fmt: skip

    def _luck(self, outcome: str) -> float | None:
        seeds = self.laid.effort.seeds
        before, after = (self.known.values(self.laid.presets[name], outcome, seeds) for name in (BEFORE, AFTER))
        return doubt(after - before, 0).luck_half_width

    def _lever(self, name: str) -> dict[str, Any]:
        sides: dict[str, Any] = {}
        for side, (off, on) in self.laid.levers[name].items():
            ends = range_over(self.known.values(on, HEADLINE)[:, 0] - self.known.values(off, HEADLINE)[:, 0])
            sides[side] = plain([ends.low, ends.mean, ends.high])
        off, on = self.laid.levers[name]["alone"]
        return {**sides, "beneath": list(BENEATH.get(name, ())), "people": in_departments(off) - in_departments(on)}

    def _trial(self, trial: Trying) -> dict[str, Any]:
        after, before = (
            {outcome: plain(self.known.values(arm, outcome)[:, 0]) for outcome in OUTCOMES_SHOWN}
            for arm in (trial.after, trial.before)
        )
        gains = self.known.values(trial.after, HEADLINE) - self.known.values(trial.before, HEADLINE)
        gain = self.middle(trial.after, HEADLINE) - self.middle(trial.before, HEADLINE)
        return {
            "name": trial.name, "preset": AFTER, "values": dict(trial.values), "assumed": trial.assumed,
            "outcomes": after, "before": before, "worse": int((gains <= 0.0).sum()),
            "of": int(np.isfinite(gains).sum()), "kept": round(gain / self._gain, DIGITS),
        }  # fmt: skip

    def middle(self, arm: Arm, outcome: str, seeds: int = 1) -> float:
        """Return the median over worlds, each of which speaks by the mean of its seeds."""
        return float(np.nanmedian(_mean(self.known.values(arm, outcome, seeds))))

    @cached_property
    def _gain(self) -> float:
        """The reform's gain in closure in time, of medians over worlds, on the first seed."""
        before, after = (self.middle(self.laid.presets[name], HEADLINE) for name in (BEFORE, AFTER))
        return after - before


class Estimating:
    """The surface through the design, and what is known to be off about it."""

    def __init__(self, measured: Measured) -> None:
        self.measured, self.laid = measured, measured.laid
        self.inputs = [*LEVERS, REST]
        self.knots = {**{name: knots(lever) for name, lever in LEVERS.items()}, REST: [(0.0, 0.0), (1.0, 1.0)]}
        self.terms = quadratic_terms(len(self.inputs))

    def estimate(self) -> Estimate:
        blank = Estimate(self.inputs, self.knots, self.terms, {name: rest_in(name) for name in PRESETS})
        points = np.array([blank.places(values) for values, _ in self.laid.design])
        parts = {outcome: self._fit(points, outcome) for outcome in OUTCOMES_SHOWN}
        names = ("coefficients", "reach", "weights", "link", "error", "r2")
        by_outcome: dict[str, Any] = {
            name: {outcome: part[name] for outcome, part in parts.items()} for name in names
        }  # fmt: skip
        fitted = dataclasses.replace(blank, points=[plain(each) for each in points], **by_outcome)
        fitted = dataclasses.replace(fitted, anchors=self._anchors(fitted))
        return dataclasses.replace(fitted, checked=self._checked(fitted))

    def _fit(self, points: Floats, outcome: str) -> dict[str, Any]:
        link = _link(outcome)
        targets = self._targets(outcome, link)
        surface = fit_surface(points, targets, self.terms)
        values = unlinked(targets, link)
        off = unlinked(surface.left_out, link) - values
        return {
            "link": link, "coefficients": plain(surface.coefficients),
            "reach": plain(surface.reach), "weights": plain(surface.weights), "error": _rms(off),
            "r2": round(float(1.0 - np.var(off) / np.var(values)), DIGITS),
        }  # fmt: skip

    def _targets(self, outcome: str, link: Link) -> Floats:
        """Return the mean over the design's worlds of each of its packages, on the scale of the link.

        All packages are in the same worlds under the same luck: what these add is the same for all, and anchors take it
        out again. A median over few worlds would jump from one to another.
        """
        return np.array([
            np.nanmean(linked(self.measured.tried.values(arm, outcome)[:, 0], link)) for _, arm in self.laid.design
        ])  # fmt: skip

    def _anchors(self, fitted: Estimate) -> dict[str, dict[str, float]]:
        anchors: dict[str, dict[str, float]] = {}
        for preset, arm in self.laid.presets.items():
            told = fitted.at({name: lever.value_in(preset) for name, lever in LEVERS.items()}, preset)
            known = {outcome: self.measured.middle(arm, outcome, self.laid.effort.seeds) for outcome in OUTCOMES_SHOWN}
            anchors[preset] = {
                outcome: round(float(np.diff(linked(np.array([told[outcome], known[outcome]]), link))[0]), DIGITS)
                for outcome, link in fitted.link.items()
            }
        return anchors

    def _checked(self, fitted: Estimate) -> dict[str, float]:
        """Return how far it is off where one lever was moved from a preset and that was measured in all worlds."""
        known = [(arm, fitted.at(_values(arm), arm.regime)) for arm in self._apart()]
        return {
            outcome: _rms(np.array([told[outcome] - self.measured.middle(arm, outcome) for arm, told in known]))
            for outcome in OUTCOMES_SHOWN
        }

    def _apart(self) -> list[Arm]:
        """Return what was measured in all worlds, is no preset and keeps every fact of the district."""
        presets = {arm.key for arm in self.laid.presets.values()}
        arms = [arm for pairs in self.laid.levers.values() for pair in pairs.values() for arm in pair]
        arms += [trial.after for trial in self.laid.trials if not trial.assumed]
        return list({arm.key: arm for arm in arms if arm.key not in presets}.values())


def in_departments(arm: Arm) -> int:
    """Return how many people departments have under an arm, in the district as it is written."""
    shortest = {"run.warm_up_days": 0, "run.window_days": 1, "run.follow_up_days": 1}
    units = simulate(load_scenario(arm.regime, overrides={**arm.settings, **shortest}), 1).units
    return int(units["staff"][units["level"] == "department"].sum())


def _values(arm: Arm) -> dict[str, float]:
    scenario = load_scenario(arm.regime, overrides=dict(arm.settings))
    return {name: lever.value_of(scenario) for name, lever in LEVERS.items()}


def _link(outcome: str) -> Link:
    return "logit" if OUTCOMES[outcome].unit == "share" else "identity"


def _rms(off: Floats) -> float:
    return round(float(np.sqrt(np.mean(np.square(off)))), DIGITS)


def _mean(values: Floats) -> Floats:
    """Return the mean of the seeds that are defined, by world."""
    known = np.isfinite(values)
    sums = np.where(known, values, 0.0).sum(axis=1)
    means = np.full(len(sums), np.nan)
    np.divide(sums, known.sum(axis=1), out=means, where=known.any(axis=1))
    return means


def plain(values: Sequence[float | None] | Floats, digits: int = DIGITS) -> list[Any]:
    """Return numbers as they are kept, None where undefined."""
    numbers = np.asarray(values, dtype=np.float64)
    return [round(float(each), digits) if np.isfinite(each) else None for each in numbers]
