"""The runs of a search for plausible worlds: wave after wave on one seed, what lies inside confirmed on fresh ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.design.designs import Row
from experiments.design.patterns import Check, Pattern
from experiments.design.plan import Plan, Point
from experiments.design.worlds import CONFIRM, DRAW, EXPLORE, HELD, STAGE, WAVE, WorldsOptions
from experiments.runner.agenda import Batches
from experiments.stats.case_patterns import PREFIX
from experiments.stats.history_matching import Band, Waves
from experiments.stats.intervals import Bools, Floats
from experiments.stats.pattern_values import Run, values_of_checks
from experiments.store.store import Study
from model import free_numbers, in_world, offered_load

if TYPE_CHECKING:
    from model import Scenario, Unknowns

LEVELS = ("street", "department", "community", "city")  # whose offered load the emulators are given
STANDING, CLOSURE = "citizens.usual_standing", "closure_rate"
STAFF = ("staff.department", "staff.street", "staff.community")
CITY = (0.05, 0.3)  # of the staff, as `staff.city` is declared; a test compares

DISCREPANCY = {
    "sigma_log": (0.03, "days are counted, and a kind lumps unlike cases together"),
    "kinds_in_spread": (0.05, "sixteen kinds: one more or less is 0.06"),
    "kinds_lognormal": (0.05, "sixteen kinds: one more or less is 0.06"),
    "passed_share": (0.02, "what counts as passed on differs between the four logs"),
    "ping_pong_share": (0.015, "what counts as coming back differs between the four logs"),
    "passes_dispersion": (0.1, "logs that count transfers by person show more"),
    "hazard_slope": (0.005, "few cases have many passes"),
    "top_passes": (0.02, "thirty departments: the tenth is three of them"),
    "top_excess": (0.01, "thirty departments: the tenth is three of them"),
    "quarter_fall": (0.01, "clear in three of four years of the one log"),
    "quarter_step": (0.005, "clear in three of four years of the one log"),
    "street_advantage": (0.01, "one city's figure, of official rates"),
    "kinds_streets_ahead": (0.05, "sixteen kinds: one more or less is 0.06"),
    "drawn": (0.02, "official counts, under other reforms too"),
    "rise": (0.01, "official rates, gamed and confounded: the sign alone"),
}
"""What the model may miss by though a world were right, in the unit of the check, and why; by outcome or measure."""


def checks_of(patterns: Iterable[Pattern]) -> list[tuple[Pattern, Check]]:
    """Return every check with its pattern, in their order."""
    return [(pattern, check) for pattern in patterns for check in pattern.checks]


def bands_of(options: WorldsOptions, patterns: Iterable[Pattern]) -> list[Band]:
    """Return the band of every check, widened as the options ask, with its discrepancy."""
    found = []
    for _, check in checks_of(patterns):
        low, high = check.band
        if low is not None and high is not None:
            margin = options.widened * (high - low) / 2.0
            low, high = low - margin, high + margin
        size, reason = DISCREPANCY.get(check.outcome or check.measure, (0.0, "told, never used"))
        found.append(Band(low, high, discrepancy=options.discrepancy * size, reason=reason))
    return found


@dataclasses.dataclass(frozen=True)
class Space:
    """Free numbers as the unit cube, and what hangs on a point of it without a run: its offered loads.

    Attributes:
        scenario: In which loads are worked out.
    """

    scenario: Scenario

    @cached_property
    def numbers(self) -> tuple[Any, ...]:
        return free_numbers()

    def world(self, point: Floats) -> dict[str, float]:
        """Return the world at a point, array (numbers,)."""
        return {each.key: each.at(float(at)) for each, at in zip(self.numbers, point, strict=True)}

    def point(self, world: Unknowns) -> Floats:
        """Return the point of a world, array (numbers,)."""
        return np.array([each.quantile(world[each.key]) for each in self.numbers])

    def valid(self, points: Floats) -> Bools:
        """Tell which points leave the city a share of the staff within its range, array (points,)."""
        keys = [each.key for each in self.numbers]
        held = sum(
            np.array([self.numbers[keys.index(key)].at(float(at)) for at in points[:, keys.index(key)]])
            for key in STAFF
        )
        return np.asarray((1.0 - held >= CITY[0]) & (1.0 - held <= CITY[1]))

    def features(self, points: Floats) -> Floats:
        """Return the logarithm of the offered load of each level, and of its busiest pool: (points, features)."""
        return np.array([self._features(point) for point in points]).reshape(len(points), 2 * len(LEVELS))

    def _features(self, point: Floats) -> list[float]:
        pools = offered_load(in_world(self.scenario, self.world(point)))
        found: list[float] = []
        for level in LEVELS:
            mine = [each for each in pools if each.level == level and each.hours > 0.0]
            whole = sum(each.work for each in mine) / max(sum(each.hours for each in mine), 1e-9)
            found += [whole, max((each.work / each.hours for each in mine), default=0.0)]
        return [float(np.log(max(each, 1e-3))) for each in found]


class WorldsAgenda(Batches):
    """Explores a wave, confirms what of it lies inside every band, and so on; at the end the held-out patterns.

    Every world has luck of its own. A world that is confirmed has been looked at on fresh seeds alone: what it showed
    on the seed it was found with is the best of many.
    """

    def __init__(self, plan: Plan, options: WorldsOptions, labels: Sequence[dict[str, str]], folder: Path) -> None:
        super().__init__(plan, options.waves * options.per_wave)
        self._options, self._labels = options, labels
        self._stored = Study(folder, plan.outcomes, print)
        self._space = Space(plan.bases[0].scenario)
        matched = [place for place, pattern in enumerate(options.patterns) if len(pattern.arms) == 1]
        self._explored = [options.patterns[place] for place in matched]
        self._waves = Waves(
            bands_of(options, self._explored), len(self._space.numbers), plan.study.seed, per_wave=options.per_wave,
            valid=self._space.valid, features=self._space.features,
        )  # fmt: skip
        self._rows, self._wave, self._confirmed = 0, 0, list[dict[str, float]]()
        self._batch: list[tuple[Floats, dict[str, float], list[Point]]] = []
        self._stage = EXPLORE
        self._explore()

    def _explore(self) -> None:
        self._stage, points = EXPLORE, self._waves.propose()
        self._batch = [(point, self._space.world(point), []) for point in points]
        self._want(self._explored, range(1))

    def _confirm(self, inside: Sequence[tuple[Floats, dict[str, float]]]) -> None:
        self._stage = CONFIRM
        self._batch = [(point, world, []) for point, world in inside]
        self._want(self._options.patterns, range(self._options.seeds))

    def _hold_out(self) -> None:
        self._stage = HELD
        self._batch = [(self._space.point(world), world, []) for world in self._confirmed]
        self._want(self._options.held_out, range(self._options.held_seeds))

    def _want(self, patterns: Sequence[Pattern], replicates: range) -> None:
        """Want every arm of some patterns, in the worlds of the batch, with luck of their own."""
        places = {pattern.id: place for place, pattern in enumerate((*self._options.patterns, *self._options.held_out))}
        wanted = dict.fromkeys(label for each in patterns for label in self._labels[places[each.id]].values())
        bases = [self._plan.labels.index(label) for label in wanted]
        tasks = []
        for draw, (_, world, points) in enumerate(self._batch):
            factors = {STAGE: self._stage, WAVE: self._wave, DRAW: draw, **world}
            row = Row(self._rows, self._rows, factors, {}, world)
            self._rows += 1
            for base in bases:
                points.append(self._plan.point(len(self._points), base, row))
                self._points.append(points[-1])
                tasks += [self._plan.task(points[-1], replicate) for replicate in replicates]
        self._left.extend(tasks)
        self._awaited += len(tasks)
        self.planned = max(self.planned, self._asked + len(tasks))
        self._asked += len(tasks)

    _asked = 0

    def end_batch(self) -> None:
        if self._stage == HELD:
            return
        found = self._values()
        if self._stage == EXPLORE:
            points = np.array([point for point, _, _ in self._batch])
            self._waves.learn(points, found)
            inside = [self._batch[place] for place in np.flatnonzero(self._waves.inside(found))]
            self._wave += 1
            if inside:
                self._confirm([(point, self._standing(world, points)) for point, world, points in inside])
                return
        else:
            bands = bands_of(self._options, self._options.patterns)
            for (_, world, _), values in zip(self._batch, found, strict=True):
                if all(band.holds(value) for band, value in zip(bands, values, strict=True)):
                    self._confirmed.append(world)
        if len(self._confirmed) < self._options.wanted and self._wave < self._options.waves:
            self._explore()
        elif self._confirmed and self._options.held_out:
            self._hold_out()

    def _standing(self, world: Mapping[str, float], points: Sequence[Point]) -> dict[str, float]:
        """Return a world whose citizens are used to what it closes: they cannot have been used to anything else."""
        outcomes = self._outcomes[points[0].number, 0] or {}
        closure = outcomes.get(CLOSURE) or world[STANDING]
        number = next(each for each in self._space.numbers if each.key == STANDING)
        return {**world, STANDING: min(max(float(closure), number.low), number.high)}

    def _values(self) -> Floats:
        """Return what the batch showed, mean over its seeds: (worlds, checks)."""
        patterns = self._explored if self._stage == EXPLORE else self._options.patterns
        kept = kept_arrays(self._stored.series(), [point.number for _, _, points in self._batch for point in points])
        return np.array([self._of_world(points, patterns, kept) for _, _, points in self._batch])

    def _of_world(self, points: Sequence[Point], patterns: Sequence[Pattern], kept: Kept) -> Floats:
        runs = {
            point.label: [
                None if (outcomes := self._outcomes[point.number, number]) is None
                else (outcomes, kept[point.number, number])
                for number in range(1 if self._stage == EXPLORE else self._options.seeds)
            ] for point in points
        }  # fmt: skip
        places = {pattern.id: place for place, pattern in enumerate(self._options.patterns)}
        return means_of(patterns, [self._labels[places[each.id]] for each in patterns], runs)


Kept = Mapping[tuple[int, int], Mapping[str, Any]]  # arrays by point and replicate


def kept_arrays(table: pa.Table, points: Iterable[int]) -> Kept:
    """Return what was kept of the runs of some points, by point and replicate."""
    table = table.filter(pc.is_in(table.column("point"), value_set=pa.array(points, table.column("point").type)))
    names = [name for name in table.column_names if name.startswith(PREFIX)]
    columns = {name: table.column(name).to_pylist() for name in ("point", "replicate", *names)}
    keys = list(zip(columns.pop("point"), columns.pop("replicate"), strict=True))
    return {key: {name: values[at] for name, values in columns.items()} for at, key in enumerate(keys)}


def means_of(
    patterns: Sequence[Pattern], labels: Sequence[Mapping[str, str]], runs: Mapping[str, Sequence[Run | None]]
) -> Floats:
    """Return what a world shows of each check, mean over its seeds, array (checks,); NaN where one is undefined.

    Args:
        labels: By pattern, the label of the scenario of each arm.
        runs: By label and seed.
    """
    found = [
        values_of_checks(pattern.checks, {arm: runs[label] for arm, label in of_arms.items()}).mean(axis=1)
        for pattern, of_arms in zip(patterns, labels, strict=True)
    ]
    return np.concatenate(found)
