"""The runs of a search for plausible worlds: wave after wave on one seed, what lies inside confirmed on fresh ones."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.design.designs import Row
from experiments.design.patterns import Check, Pattern
from experiments.design.plan import Plan, Point
from experiments.design.worlds import ARMS, CONFIRM, DRAW, EXPLORE, HELD, STAGE, WAVE, WorldsOptions
from experiments.runner.agenda import Batches
from experiments.stats.case_patterns import PREFIX
from experiments.stats.emulator import Places
from experiments.stats.history_matching import Options, Waves
from experiments.stats.intervals import Bools, Floats
from experiments.stats.pattern_values import Run, values_of_checks
from experiments.stats.region import Band
from experiments.stats.region import Space as Cube
from experiments.store.files import replace_text
from experiments.store.store import Study
from model import free_numbers, in_world, offered_load

if TYPE_CHECKING:
    from model import FreeNumber, Scenario, Unknowns

LEVELS = ("street", "department", "community", "city")  # whose offered load the emulators are given
DROWNED = 1.1  # offered load beyond which a level closes next to nothing: nineteen of twenty points of the prior
STANDING, CLOSURE = "citizens.usual_standing", "closure_rate"
STAFF = ("staff.department", "staff.street", "staff.community")
CITY = (0.05, 0.3)  # of the staff, as `staff.city` is declared; a test compares
EMULATED = "waves.json"  # in the study's folder: what emulators said, which live only while it runs

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


def name_of(pattern: Pattern, check: Check) -> str:
    """Return a name of a check that no other check has."""
    parts = (pattern.id, check.measure, check.outcome, check.peak_of, check.start, check.end)
    return ".".join(each for each in parts if each is not None)


def bands_of(options: WorldsOptions, patterns: Iterable[Pattern]) -> list[Band]:
    """Return the band of every check, widened as the options ask, with its discrepancy."""
    found = []
    for _, check in checks_of(patterns):
        low, high = check.band
        if low is not None and high is not None:
            margin = options.widened * (high - low) / 2.0
            low, high = low - margin, high + margin
        size, reason = DISCREPANCY.get(check.outcome or check.measure, (0.0, "told, never used"))
        found.append(Band(check.outcome or check.measure, low, high, options.discrepancy * size, reason))
    return found


@dataclasses.dataclass(frozen=True)
class Space:
    """Free numbers as the unit cube, and what hangs on a point of it without a run: its offered loads.

    Attributes:
        scenario: In which loads are worked out.
        share: Of each range, around its middle on its own scale, that the cube spans.
    """

    scenario: Scenario
    share: float = 1.0

    @cached_property
    def numbers(self) -> tuple[FreeNumber, ...]:
        return free_numbers()

    def world(self, point: Floats) -> dict[str, float]:
        """Return the world at a point, array (numbers,)."""
        return {each.key: _value(each, at, self.share) for each, at in zip(self.numbers, point, strict=True)}

    def point(self, world: Unknowns) -> Floats:
        """Return the point of a world, array (numbers,)."""
        edge = (1.0 - self.share) / 2.0
        return np.array([(each.quantile(world[each.key]) - edge) / self.share for each in self.numbers])

    def not_drowned(self, features: Floats) -> Bools:
        """Tell which points load neither streets nor departments, as a whole, beyond this, array (points,)."""
        whole = features[:, [2 * LEVELS.index(each) for each in ("street", "department")]]
        return np.asarray((whole <= np.log(DROWNED)).all(axis=1))

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


def _value(number: FreeNumber, at: float, share: float) -> float:
    """Return a number's value at a place of the cube that spans a share of its range, around the middle."""
    return number.at((1.0 - share) / 2.0 + share * float(at))


def leaves_a_city(points: Floats, share: float = 1.0) -> Bools:
    """Tell which points of the cube leave the city a share of the staff within its range, array (points,)."""
    keys = [each.key for each in free_numbers()]
    columns = ((free_numbers()[place], points[:, place]) for place in map(keys.index, STAFF))
    held = sum(np.array([_value(number, at, share) for at in column]) for number, column in columns)
    return np.asarray((1.0 - held >= CITY[0]) & (1.0 - held <= CITY[1]))


def prior_points(count: int) -> Floats:
    """Return points of the prior, array (count, numbers), the same at every call."""
    return Cube(len(free_numbers()), valid=leaves_a_city).prior(count, np.random.default_rng(count))


World = tuple[Floats, dict[str, float]]  # its point, and the value of each free number


class WorldsAgenda(Batches):
    """Explores a wave, confirms what of it lies inside every band, and so on; at the end the held-out patterns.

    Every world has luck of its own. A world that is confirmed has been looked at on fresh seeds alone: what it showed
    on the seed it was found with is the best of many. Patterns that compare arms are looked at in confirmed worlds.
    """

    def __init__(self, plan: Plan, options: WorldsOptions, labels: Mapping[str, dict[str, str]], folder: Path) -> None:
        super().__init__(plan, options.waves * options.per_wave)
        self._options, self._labels = options, labels
        self._stored = Study(folder, plan.outcomes, print)
        self._space = Space(plan.bases[0].scenario, options.ranges)
        known = Options(
            per_wave=options.per_wave, waves=options.waves, wanted=options.wanted, fresh=options.seeds,
            prior=options.prior,
        )  # fmt: skip
        self._waves = Waves(
            bands_of(options, options.single), len(self._space.numbers), plan.study.seed, known,
            self._space.features, partial(leaves_a_city, share=options.ranges), self._space.not_drowned,
        )  # fmt: skip
        self._rows, self._asked = 0, 0
        self._closure: dict[int, float] = {}
        self._batch: list[tuple[World, list[Point]]] = []
        self._next()

    def _next(self) -> None:
        """Want what the waves propose; after the last, the patterns that compare arms."""
        if (batch := self._waves.propose()) is None:
            kept = self._waves.ensemble
            stage = ARMS if self._options.several else HELD
            self._want(stage, self._worlds(kept.worlds, kept.points), self._options.waves)
            return
        stage = EXPLORE if batch.stage == "explore" else CONFIRM
        self._want(stage, self._worlds(batch.worlds, batch.points), batch.wave)

    def _worlds(self, numbers: Places, points: Floats) -> list[World]:
        return [(point, self._used_to(number, point)) for number, point in zip(numbers.tolist(), points, strict=True)]

    def _used_to(self, number: int, point: Floats) -> dict[str, float]:
        """Return a world whose citizens are used to what it closes, where that is known: to what else could they be?"""
        world = self._space.world(point)
        if number not in self._closure:
            return world
        standing = next(each for each in self._space.numbers if each.key == STANDING)
        return {**world, STANDING: min(max(self._closure[number], standing.low), standing.high)}

    def _want(self, stage: str, worlds: Sequence[World], wave: int) -> None:
        """Want every arm of the stage's patterns in some worlds, each with luck of its own."""
        self._stage = stage
        patterns, seeds = self._options.stage(stage)
        wanted = dict.fromkeys(label for each in patterns for label in self._labels[each.id].values())
        bases = [self._plan.labels.index(label) for label in wanted]
        self._batch, tasks = [], []
        for draw, (point, world) in enumerate(worlds):
            row = Row(self._rows, self._rows, {STAGE: stage, WAVE: wave, DRAW: draw, **world}, {}, world)
            self._rows += 1
            points = [self._plan.point(len(self._points) + place, base, row) for place, base in enumerate(bases)]
            self._points.extend(points)
            self._batch.append(((point, world), points))
            tasks += [self._plan.task(each, replicate) for each in points for replicate in range(seeds)]
        self._left.extend(tasks)
        self._awaited += len(tasks)
        self._asked += len(tasks)
        self.planned = max(self.planned, self._asked)

    def end_batch(self) -> None:
        if self._stage == HELD:
            return
        found = self._values()
        if self._stage == ARMS:
            bands = bands_of(self._options, self._options.several)
            inside = inside_all(bands, found.mean(axis=1))
            worlds = [world for (world, _), held in zip(self._batch, inside, strict=True) if held]
            self._want(HELD, worlds, self._options.waves)
            return
        if self._stage == EXPLORE:
            numbers = self._waves.propose()
            assert numbers is not None  # its runs are those that ended
            for number, (_, points) in zip(numbers.worlds.tolist(), self._batch, strict=True):
                closure = (self._outcomes[points[0].number, 0] or {}).get(CLOSURE)
                self._closure |= {} if closure is None else {number: float(closure)}
        closed = len(self._waves.waves)
        self._waves.learn(np.array([point for (point, _), _ in self._batch]), found)
        if len(self._waves.waves) > closed:
            replace_text(self._stored.folder / EMULATED, json.dumps(self._emulated(), indent=1) + "\n")
        self._next()

    def _emulated(self) -> dict[str, Any]:
        """Return what the emulators of every wave leave of the prior, and how they do."""
        names = [name_of(*each) for each in checks_of(self._options.single)]
        return {
            "volume": {"points": self._options.prior, "left": [round(each.volume, 6) for each in self._waves.waves]},
            "emulators": [
                {name: check.as_json() for name, check in zip(names, each.checks, strict=True)}
                for each in self._waves.waves
            ],
        }

    def _values(self) -> Floats:
        """Return what the batch showed: (worlds, seeds, checks)."""
        patterns, seeds = self._options.stage(self._stage)
        kept = kept_arrays(self._stored.series(), [point.number for _, points in self._batch for point in points])

        def run(point: Point, number: int) -> Run | None:
            outcomes = self._outcomes[point.number, number]
            return None if outcomes is None else (outcomes, kept[point.number, number])

        runs = ({each.label: [run(each, at) for at in range(seeds)] for each in points} for _, points in self._batch)
        return np.array([values_of(patterns, self._labels, each).T for each in runs])


def inside_all(bands: Sequence[Band], values: Floats) -> Bools:
    """Tell of each row of values (worlds, checks) whether it is inside every band."""
    held = [band.holds(values[:, place]) for place, band in enumerate(bands)]
    return np.asarray(np.all(np.reshape(held, (len(bands), len(values))), axis=0))


def emulated(folder: Path) -> dict[str, Any]:
    """Return what a study's emulators said; nothing of one that ran before they were kept, until it is resumed."""
    path = folder / EMULATED
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


Kept = Mapping[tuple[int, int], Mapping[str, Any]]  # arrays by point and replicate


def kept_arrays(table: pa.Table, points: Iterable[int]) -> Kept:
    """Return what was kept of the runs of some points, by point and replicate."""
    table = table.filter(pc.is_in(table.column("point"), value_set=pa.array(points, table.column("point").type)))
    names = [name for name in table.column_names if name.startswith(PREFIX)]
    columns = {name: table.column(name).to_pylist() for name in ("point", "replicate", *names)}
    keys = list(zip(columns.pop("point"), columns.pop("replicate"), strict=True))
    return {key: {name: values[at] for name, values in columns.items()} for at, key in enumerate(keys)}


def values_of(
    patterns: Sequence[Pattern], labels: Mapping[str, Mapping[str, str]], runs: Mapping[str, Sequence[Run | None]]
) -> Floats:
    """Return what a world shows of each check and on each seed, array (checks, seeds); NaN where it is undefined.

    Args:
        labels: Of the scenario of each arm, by pattern's id and arm.
        runs: By label and seed.
    """
    return np.concatenate([
        values_of_checks(pattern.checks, {arm: runs[label] for arm, label in labels[pattern.id].items()})
        for pattern in patterns
    ])  # fmt: skip
