"""The runs of a search: generation after generation in the worlds of the search, then the best in fresh ones."""

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.design.designs import WORLD, Row, design_rows, rows_in_worlds, settings_of
from experiments.design.factors import Factor
from experiments.design.objectives import PACKAGE, PHASE, SearchOptions, settings_in_world, worlds_that_judge
from experiments.design.plan import Plan, Point
from experiments.design.studyfile import DesignSpec
from experiments.runner.agenda import Batches
from experiments.runner.fitting import optuna_seed, optuna_space, quiet_optuna
from experiments.stats.pareto import pareto, spread_out

SEARCH, JUDGE = "search", "judge"

JOURNAL = "search.journal"


class Evolution:
    """Generations of packages from Optuna's NSGA-II, kept in a journal from which a killed search is resumed.

    Every package is drawn with a generator of its own, so that a search that was killed at any moment goes on to the
    very packages of an uninterrupted one.
    """

    def __init__(self, folder: Path, factors: Sequence[Factor], options: SearchOptions, seed: int) -> None:
        self._factors, self._population, self._seed = factors, options.population, seed
        path, ways = folder / JOURNAL, ["maximize" if way > 0 else "minimize" for way in options.directions]
        try:
            self._study = _study_in(path, ways)
        except Exception:  # whatever a damaged journal raises: it can be written again from the runs
            path.unlink(missing_ok=True)
            self._study = _study_in(path, ways)

    def generation(self, number: int) -> list[dict[str, Any]]:
        """Return the packages of a generation by factor, drawn now or found in the journal."""
        first = number * self._population
        return [self._package(first + place) for place in range(self._population)]

    def _package(self, number: int) -> dict[str, Any]:
        trials = self._study.get_trials(deepcopy=False)
        if number < len(trials):
            return dict(trials[number].params)
        sampler = quiet_optuna().samplers.NSGAIISampler
        self._study.sampler = sampler(population_size=self._population, seed=optuna_seed(self._seed, number))
        return dict(self._study.ask(optuna_space(self._factors)).params)

    def learn(self, number: int, values: Sequence[float] | None, excess: Mapping[str, float]) -> None:
        """Learn what a package is worth and how far it is beyond its constraints; None where a run of it failed."""
        import optuna

        trial = self._study.get_trials(deepcopy=False)[number]
        if trial.state.is_finished():
            return
        with warnings.catch_warnings():
            # a journal that was killed between a constraint and its value holds the constraint already
            warnings.simplefilter("ignore")
            for name, beyond in excess.items():
                optuna.trial.Trial(self._study, trial._trial_id).set_constraint(name, beyond)
        if values is None:
            self._study.tell(number, state=optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(number, list(values))


def _study_in(path: Path, directions: Sequence[str]) -> Any:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and (written := path.read_bytes()) and not written.endswith(b"\n"):
        # half a line that a killed process left would spoil the next one
        path.write_bytes(written[: written.rfind(b"\n") + 1])
    storage = JournalStorage(JournalFileBackend(str(path)))
    study = quiet_optuna().create_study(
        storage=storage, study_name="search", directions=directions, load_if_exists=True
    )
    study.get_trials(deepcopy=False)  # read here, so that damage shows now
    return study


def _rows_of_worlds(plan: Plan, options: SearchOptions, uncertain: Sequence[Factor]) -> list[Row]:
    """Return a row a world, numbered, those that judge last."""
    if plan.worlds:
        return rows_in_worlds(plan.study.design, (), plan.worlds, plan.study.seed)
    rows = [
        row
        for part, points in enumerate((options.worlds.count, worlds_that_judge(plan.study, options)))
        for row in design_rows(DesignSpec(kind="lhs", points=points), uncertain, plan.study.seed + part)
    ]
    return [dataclasses.replace(row, number=place) for place, row in enumerate(rows)]


class SearchAgenda(Batches):
    """Hands out a generation, waits for all of it, lets the evolution learn, and so on; at the end the judgement.

    The first base of the plan is what instruments are set over, the others are references. Worlds of the search are the
    first ones of the plan, those of the judgement the others; where it has none, they are two Latin hypercubes over
    `uncertain`. The number of a world is its block of luck as well.
    """

    def __init__(self, plan: Plan, options: SearchOptions, uncertain: Sequence[Factor], folder: Path) -> None:
        count = options.worlds.count
        super().__init__(plan, options.population * options.generations * count * plan.study.replicates.first)
        self._options, self._evolution = options, Evolution(folder, plan.factors, options, plan.study.seed)
        rows = _rows_of_worlds(plan, options, uncertain)
        self._worlds, self._fresh = rows[:count], rows[count:]
        self._generation = 0
        self._under_way: list[tuple[int, dict[str, Any], list[Point]]] = []
        self._known: list[tuple[int, dict[str, Any], list[float], float]] = []  # and worth, and excess over constraints
        self._begin()

    def _begin(self) -> None:
        first = self._generation * self._options.population
        self._under_way = [
            (number, values, self._want(0, self._worlds, SEARCH, number, values))
            for number, values in enumerate(self._evolution.generation(self._generation), first)
        ]

    def _want(
        self, base: int, worlds: Sequence[Row], phase: str, package: int, values: Mapping[str, Any]
    ) -> list[Point]:
        """Want a package, or a reference, in worlds."""
        points = []
        for number, world in enumerate(worlds, len(self.points)):
            changed = self._settings(values, world) if values else {}
            factors = {PACKAGE: package, WORLD: world.number, PHASE: phase, **values, **world.factors}
            row = Row(number, world.number, factors, {**world.settings, **changed}, world.world)
            points.append(self._plan.point(number, base, row))
        self.want_points(points)
        return points

    def _settings(self, values: Mapping[str, Any], world: Row) -> dict[str, Any]:
        factors = self._plan.factors
        if world.world is None:
            return settings_of(factors, values)
        decided = self._plan.bases[0].scenario.decided
        return settings_in_world(factors, values, self._options.instruments, world.world, decided)

    def end_batch(self) -> None:
        options = self._options
        if self._generation == options.generations:
            return
        for number, values, points in self._under_way:
            means = {name: np.array([self._mean(point, name) for point in points]) for name in options.outcomes}
            if any(np.isnan(each).any() for each in means.values()):
                self._evolution.learn(number, None, {})
                continue
            worth = [objective.worth(means[objective.outcome]) for objective in options.objectives]
            averages = {name: float(np.mean(each)) for name, each in means.items()}
            excess = options.excess(values, self._plan.factors, averages)
            self._evolution.learn(number, worth, excess)
            self._known.append((number, values, worth, max([0.0, *excess.values()])))
        self._generation += 1
        if self._generation < options.generations:
            self._begin()
        else:
            self._judge()

    def _mean(self, point: Point, name: str) -> float:
        """Return the mean of an outcome over replicates; NaN where a run failed or is undefined."""
        found = [self._outcomes[point.number, replicate] or {} for replicate in range(self._replicates)]
        return float(np.mean(np.array([each.get(name) for each in found], np.float64)))

    def _judge(self) -> None:
        """Want packages of the Pareto set, spread out over it, and the references in fresh worlds with fresh luck.

        Where no package is feasible, those nearest to it stand for it.
        """
        before = len(self.points)
        least = min((beyond for *_, beyond in self._known), default=0.0)
        feasible = [each for each in self._known if each[-1] <= least]
        unlike = list({repr(sorted(values.items())): (number, values, worth)
                       for number, values, worth, _ in feasible}.values())  # fmt: skip
        if unlike:
            worths = np.array([worth for *_, worth in unlike])
            front = np.flatnonzero(pareto(worths, self._options.directions))
            for place in sorted(spread_out(worths[front], self._options.judged)):
                number, values, _ = unlike[front[place]]
                self._want(0, self._fresh, JUDGE, number, values)
        for base in range(1, len(self._plan.bases)):
            self._want(base, self._fresh, JUDGE, -1, {})
        self.planned += (len(self.points) - before) * self._replicates
