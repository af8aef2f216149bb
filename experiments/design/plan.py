"""What a study runs: base scenarios, points, runs and seeds, with keys that name what decides the numbers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from experiments.design.designs import Row
from experiments.design.ensemble import WORLDS_TABLE
from experiments.design.factors import Factor
from experiments.design.reading import Places, load_each
from experiments.design.studyfile import STRIDE, StudyFile
from experiments.errors import WrongInput, raise_if_any
from model import LARGEST_SEED

if TYPE_CHECKING:
    from model import Scenario, Unknowns

REPLICATES_TOGETHER = 8
"""Points of which the model keeps the tables ready: a study of no more goes through them pair by pair."""

DECIDES_NOTHING = ("name", "title", "extends")
"""Entries of a resolved configuration that name it without deciding any number."""

Outcomes = Mapping[str, float | None]  # value by name of a run, None where undefined


@dataclasses.dataclass(frozen=True)
class Task:
    """One run: everything a worker needs to know beside the base scenarios.

    Attributes:
        key: Hash of everything that decides the numbers.
        point, base: Place in the study's design; which base scenario.
        regime: Label of the base scenario.
        replicate, seed: Which repetition of the point; its random seed.
        values (tuple of (str, value)): Settings over the base, by dotted path.
        world (tuple of (str, float)): Value of every free number by its key; empty for the district as it is written.
        series, events: Whether the run's series, and its event log, are kept.
    """

    key: str
    point: int
    regime: str
    replicate: int
    seed: int
    base: int = 0
    values: tuple[tuple[str, Any], ...] = ()
    world: tuple[tuple[str, float], ...] = ()
    series: bool = False
    events: bool = False

    @property
    def identity(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("key", "point", "regime", "replicate", "seed")}


@dataclasses.dataclass(frozen=True)
class RunResult:
    """One run, reduced to what a study keeps.

    Attributes:
        days, cases: Days and cases simulated.
        seconds: Wall time of the simulation alone.
        series: Arrays by name, as a `Reduction` returns them.
    """

    days: int
    cases: int
    seconds: float
    outcomes: Outcomes
    series: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Finished:
    """A task with its result, or with the traceback of its failure.

    Attributes:
        stored: Whether the worker has written it to the study's folder; its series then stay behind.
    """

    task: Task
    result: RunResult | None
    error: str | None
    stored: bool = False


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, as 64 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_jsonable, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _jsonable(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"The configuration contains a {type(value).__name__}, which has no canonical form")


@dataclasses.dataclass(frozen=True)
class Base:
    """A scenario of the study: label in tables, regime as typed, settings over it by dotted path."""

    label: str
    regime: str
    settings: Mapping[str, Any]
    scenario: Scenario

    @cached_property
    def resolved(self) -> dict[str, Any]:
        return self.scenario.resolved()

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {topic: digest(entries) for topic, entries in self.resolved.items() if topic not in DECIDES_NOTHING}

    def configuration(self, values: Mapping[str, Any]) -> str:
        """Return the hash of all values with some set by dotted path; no scenario is built for it."""
        changed = dict(self._digests)
        for topic in {path.partition(".")[0] for path in values}:
            entries = self.resolved.get(topic, {})
            for path, value in values.items():
                if path.partition(".")[0] == topic:
                    entries = _with(entries, path.split(".")[1:], value)
            changed[topic] = digest(entries)
        return digest(changed)


def _with(entries: Any, path: list[str], value: Any) -> Any:
    """Return a copy of nested entries with the value at a path; a list's entries are found by their `code`."""
    if not path:
        return value
    if isinstance(entries, list | tuple):
        return [_with(entry, path[1:], value) if entry.get("code") == path[0] else entry for entry in entries]
    inner = _with(entries.get(path[0], {}), path[1:], value)
    # a whole number where the configuration holds a fraction is that fraction
    if isinstance(entries.get(path[0]), float) and type(inner) is int:
        inner = float(inner)
    return {**entries, path[0]: inner}


@dataclasses.dataclass(frozen=True)
class Point:
    """A row of the design under one of the bases: what replicates repeat.

    Attributes:
        number: Place among all points.
        label, base: Label and number of the base scenario.
        row, block, factors, settings, world: See `Row`; points of one row differ in their base alone.
        configuration: Hash of the resolved configuration.
    """

    number: int
    label: str
    base: int
    row: int
    block: int
    factors: Mapping[str, Any]
    settings: Mapping[str, Any]
    configuration: str
    world: Unknowns | None = None


@dataclasses.dataclass(frozen=True)
class Plan:
    """A study before it runs.

    Attributes:
        worlds: Those it is looked at in, one after the other with every replicate unless a point has its own; empty for
            the district as written.
    """

    study: StudyFile
    bases: tuple[Base, ...]
    factors: tuple[Factor, ...]
    points: tuple[Point, ...]
    outcomes: tuple[str, ...]
    fingerprint: str
    worlds: tuple[Unknowns, ...] = ()

    @cached_property
    def folder_name(self) -> str:
        """Name of the study's folder: its own and a hash of all that decides its numbers."""
        words = (*DECIDES_NOTHING, "question", "regimes", "district", "rules")
        decides = {name: value for name, value in self.study.to_dict().items() if name not in words}
        decides["parameters"] = {
            name: {key: value for key, value in (spread or {}).items() if key not in ("title", "names")}
            for name, spread in decides.get("parameters", {}).items()
        }
        bases = [[base.label, base.configuration({})] for base in self.bases]
        known = [decides, bases, self.fingerprint, *([self._digests] if self.worlds else [])]
        return f"{self.study.name}-{digest(known)[:8]}"

    @cached_property
    def _digests(self) -> list[str]:
        return [digest(dict(world)) for world in self.worlds]

    def world_of(self, point: Point, replicate: int) -> tuple[Unknowns, str] | None:
        """Return the world of a run and its hash; None for the district as it is written."""
        if point.world is not None:
            return point.world, digest(dict(point.world))
        if not self.worlds:
            return None
        place = replicate % len(self.worlds)
        return self.worlds[place], self._digests[place]

    @property
    def labels(self) -> list[str]:
        """Labels of the bases; the first is what the others are compared to."""
        return [base.label for base in self.bases]

    def point(self, number: int, base: int, row: Row) -> Point:
        configuration = self.bases[base].configuration(row.settings)
        label = self.bases[base].label
        return Point(number, label, base, row.number, row.block, row.factors, row.settings, configuration, row.world)

    def task(self, point: Point, replicate: int) -> Task:
        seed = self.study.seed + point.block * STRIDE + replicate
        if self.study.luck == "independent":
            identity = [self.study.seed, point.label, point.row, dict(point.factors), replicate]
            seed = int(digest(identity)[:15], 16)
        world = self.world_of(point, replicate)
        return Task(
            key=digest([point.configuration, seed, self.fingerprint, *([world[1]] if world else [])])[:32],
            point=point.number,
            regime=point.label,
            replicate=replicate,
            seed=seed,
            base=point.base,
            values=tuple(point.settings.items()),
            world=tuple(world[0].items()) if world else (),
            series=self.study.keeps("series", replicate),
            events=self.study.keeps("events", replicate),
        )

    def tasks(self) -> list[Task]:
        """Return the first replicates of every point, in the order in which they are run."""
        pairs = [(point, replicate) for replicate in range(self.study.replicates.first) for point in self.points]
        if len(self.points) > REPLICATES_TOGETHER:
            pairs.sort(key=lambda pair: pair[0].number)
        return [self.task(point, replicate) for point, replicate in pairs]

    def command(self, task: Task) -> str:
        base = self.bases[task.base]
        words = ["whistle", "run", base.regime, "--seed", str(task.seed), "--district", self.study.district]
        for key, value in {**base.settings, **dict(task.values)}.items():
            words += ["--set", f"{key}={json.dumps(value, ensure_ascii=False)}"]
        words += ["--rules", self.study.rules] if self.study.rules else []
        if task.world and self.worlds:
            place = self._digests.index(digest(dict(task.world)))
            words += ["--world", str(place), "--ensemble", WORLDS_TABLE]
        return shlex.join(words)


def bases_of(
    study: StudyFile, variants: Sequence[tuple[str, str, Mapping[str, Any]]] | None = None, places: Places | None = None
) -> tuple[Base, ...]:
    """Load the base scenarios of a study.

    Args:
        variants (sequence of (label, regime, settings), optional): Where bases differ in more than their regime; a
            label "" becomes the regime's name.
        places: For messages.

    Raises:
        WrongInput: For regimes that cannot be loaded, or two of one name.
    """
    wanted = [(label, regime, {**study.set, **settings}) for label, regime, settings in
             variants or [("", regime, {}) for regime in study.regimes]]  # fmt: skip
    try:
        scenarios = load_each([(regime, settings) for _, regime, settings in wanted], study.district, study.rules)
    except WrongInput as error:
        raise WrongInput([_placed(problem, study, places or Places()) for problem in error.problems]) from error
    raise_if_any(
        f"regime '{scenario.name}': expects: {problem}" for scenario in scenarios
        for problem in map(_unknown, scenario.expects or ()) if problem
    )  # fmt: skip
    names = [label or scenario.name for (label, _, _), scenario in zip(wanted, scenarios, strict=True)]
    labels = [name if names.count(name) == 1 else regime for name, (_, regime, _) in zip(names, wanted, strict=True)]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    raise_if_any(f"regime '{label}': expected once in a study, got it more than once." for label in twice)
    return tuple(
        Base(label, regime, settings, scenario)
        for label, (_, regime, settings), scenario in zip(labels, wanted, scenarios, strict=True)
    )


def _unknown(outcome: str) -> str:
    from model import OUTCOMES, nearest

    return "" if outcome in OUTCOMES else f"unknown outcome '{outcome}'{nearest(outcome, list(OUTCOMES))}"


def _placed(problem: str, study: StudyFile, places: Places) -> str:
    """Return a problem of a scenario with its place in the study's file, where that said it."""
    if problem.startswith("--set"):
        path = next((path for path in study.set if path in problem), None)
        return f"{places('set', path) if path else places('set')}{problem.removeprefix('--set').lstrip(': ')}"
    named = next((number for number, regime in enumerate(study.regimes) if f"'{regime}'" in problem), None)
    return problem if named is None else f"{places('regimes', named)}{problem}"


def make_plan(
    study: StudyFile,
    bases: Sequence[Base],
    factors: Sequence[Factor] = (),
    rows: Sequence[Row] | None = None,
    *,
    blocks: int | None = None,
    worlds: Sequence[Unknowns] = (),
    places: Places | None = None,
) -> Plan:
    """Lay out a study: every row of its design under every base.

    Args:
        rows: Of the design; without any, one row that changes nothing.
        blocks: Blocks of random seeds, where rows are known only as the study goes on; else those of the rows.
        worlds: See `Plan`.
        places: For messages.

    Raises:
        WrongInput: If a run would have a seed that is too large.
    """
    from model import OUTCOMES, fingerprint

    known = [Row(0, 0, {}, {})] if rows is None else rows
    last = blocks - 1 if blocks else max((row.block for row in known), default=0)
    above = last * STRIDE + study.replicates.most - 1
    if study.luck == "block" and study.seed + above > LARGEST_SEED:
        raise WrongInput([
            f"{(places or Places())('seed')}expected at most {LARGEST_SEED - above}, because this study uses seeds up "
            f"to {above} above it and the largest is {LARGEST_SEED}, got {study.seed}."
        ])  # fmt: skip
    own = [name for base in bases if base.scenario.own for name in base.scenario.own.outcomes]
    outcomes = study.outcomes or tuple(dict.fromkeys([*OUTCOMES, *own]))
    plan = Plan(study, tuple(bases), tuple(factors), (), outcomes, fingerprint(), tuple(worlds))
    wanted = [(base, row) for row in known for base in range(len(plan.bases))]
    return dataclasses.replace(
        plan, points=tuple(plan.point(number, base, row) for number, (base, row) in enumerate(wanted))
    )
