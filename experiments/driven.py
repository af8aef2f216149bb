"""The model as a function of some of its numbers: what may vary within which ends, and the runs of given values."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from experiments.design.designs import WORLD
from experiments.design.ensemble import numbered_world, read_ensemble, shipped_ensemble
from experiments.design.factors import DUMMY, Factor, factors_over
from experiments.design.plan import Task
from experiments.design.reading import Places, load_all
from experiments.design.studyfile import Shape, Spread, is_path
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.runner.worker import Simulation

if TYPE_CHECKING:
    from pathlib import Path

    from model import FreeNumber, Scenario, Unknowns

__all__ = ["DUMMY", "WORLD", "Driven", "Keys", "Setting", "driven", "hint", "inputs_of"]

Keys = Iterable[str] | Mapping[str, Any] | None
"""What varies: keys, or the range of each by key; see `inputs_of`."""

SHARES = ("staff.department", "staff.street", "staff.community", "staff.city")
MOST_LISTED = 20  # names that a message lists where none is near
MOST_TOLD = 5  # problems of rows that are told, of each sort


class Setting(TypedDict, total=False):
    """What stays as it is while a tool varies the rest.

    Attributes:
        regime, district: "flattened" and "chaoyang" unless given.
        set: Settings over both, by key.
        seed, replicates: Every row runs with the seeds `seed`, `seed + 1`, …, and the mean of these runs counts.
        world: Number of a plausible world, or a value for each free number; else the district's reference world.
    """

    regime: str
    district: str
    set: Mapping[str, Any]
    seed: int
    replicates: int
    world: int | Mapping[str, float] | None


@dataclasses.dataclass(frozen=True, repr=False)
class Driven:
    """A regime in a district as a function from values by key to outcomes; safe to send to other processes.

    Attributes:
        inputs: What it takes.
        outcomes: What it returns.
        world: Values of the free numbers that are no inputs; none: as the district is written.
        decided: Inputs that are set over the regime; the others are what a world says.
    """

    inputs: tuple[Factor, ...]
    outcomes: tuple[str, ...]
    scenario: Scenario
    district: str
    seed: int
    replicates: int
    world: Unknowns
    decided: frozenset[str]

    @functools.cached_property
    def _work(self) -> Simulation:
        return Simulation((self.scenario,), self.outcomes)

    def __repr__(self) -> str:
        """Return what it is a function of, in a line."""
        return f"<{', '.join(self.outcomes)} under {self.scenario.name} by {len(self.inputs)} inputs>"

    def __call__(self, values: Mapping[str, Any], seed: int | None = None) -> dict[str, float]:
        """Return the outcomes of one row; NaN where one is undefined in any replicate.

        Args:
            values: By key; what is left out stays as regime and world have it.
            seed: Of the first replicate, where it is not the function's own.

        Raises:
            WrongInput: With every input that is unknown or out of its range.
        """
        run = self if seed is None else dataclasses.replace(self, seed=seed)
        found = [[_number(value) for value in run._work(task).outcomes.values()] for task in run._tasks([values])]
        return dict(zip(self.outcomes, np.mean(found, axis=0).tolist(), strict=True))

    def over(self, rows: Sequence[Mapping[str, Any]], *, jobs: int = 1) -> NDArray[np.float64]:
        """Return the outcomes of many rows as of a call, array (rows, outcomes), computed in so many processes.

        Raises:
            WrongInput: As of a call, for all rows at once; for runs that failed.
        """
        from experiments.runner import Where
        from experiments.runner.agenda import Agenda
        from experiments.runner.progress import stop_on_signals

        agenda = Agenda((), self._tasks(rows))
        found = np.full((len(rows), self.replicates, len(self.outcomes)), np.nan)
        failures = list[str]()
        with stop_on_signals() as stop:
            for each in itertools.chain.from_iterable(
                Where(jobs).executor(agenda.ready).execute(self._work, None, agenda, stop)
            ):
                if each.result is None:
                    failures.append(f"row {each.task.point}: {(each.error or '').strip().splitlines()[-1]}")
                else:
                    place = each.task.point, each.task.replicate
                    found[place] = [_number(value) for value in each.result.outcomes.values()]
            if stop.requested:
                raise KeyboardInterrupt
        raise_if_any(_few(failures))
        return np.asarray(found.mean(axis=1))

    def _tasks(self, rows: Sequence[Mapping[str, Any]]) -> list[Task]:
        """Return the runs of all rows, checked."""
        checked, problems = list[dict[str, Any]](), list[str]()
        for number, row in enumerate(rows):
            where = f"row {number}: " if len(rows) > 1 else ""
            try:
                checked.append(self._checked(row))
            except WrongInput as error:
                problems += [f"{where}{problem}" for problem in error.problems]
        raise_if_any(_few(problems))
        return [task for number, row in enumerate(checked) for task in self._of_row(number, row)]

    def _checked(self, row: Mapping[str, Any]) -> dict[str, Any]:
        known = {each.name: each for each in self.inputs}
        problems = [f"unknown input '{name}'{hint(str(name), known)}" for name in row if name not in known]
        values = collect_errors(
            functools.partial(raise_if_any, problems),
            *(functools.partial(_value, known[name], value) for name, value in row.items() if name in known),
        )
        return dict(zip((name for name in row if name in known), values[1:], strict=True))

    def _of_row(self, number: int, row: Mapping[str, Any]) -> Iterator[Task]:
        base = numbered_world(row[WORLD], None, self.district) if WORLD in row else self.world
        settings = {key: value for key, value in row.items() if key in self.decided}
        free = {key: value for key, value in row.items() if key not in self.decided and key not in (WORLD, DUMMY)}
        world = {**base, **free}
        for replicate in range(self.replicates):
            yield Task("", number, self.scenario.name, replicate, self.seed + replicate,
                       values=tuple(settings.items()), world=tuple(world.items()))  # fmt: skip


def hint(word: str, known: Collection[str]) -> str:
    """Return the nearest of many words, if there is any."""
    from model import nearest

    said = nearest(word, known)
    return said if said.startswith("; did") or len(known) <= MOST_LISTED else "."


def _few(problems: Sequence[str]) -> list[str]:
    more = len(problems) - MOST_TOLD
    return [*problems[:MOST_TOLD], *([f"… and {more} more."] if more > 0 else [])]


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _value(each: Factor, value: Any) -> Any:
    """Return a value as the model takes it: whole numbers are rounded."""
    from model import one_of, span

    plain = value.item() if hasattr(value, "item") else value
    if each.choices:
        if plain not in each.choices:
            raise WrongInput([f"{each.name}: expected {one_of(map(repr, each.choices))}, got {plain!r}."])
        return plain
    slack = 1e-9 * (each.high - each.low)
    if isinstance(plain, bool | str) or plain is None or not each.low - slack <= plain <= each.high + slack:
        raise WrongInput([f"{each.name}: expected {span(each.low, each.high, each.unit)}, got {plain!r}."])
    inside = min(max(float(plain), each.low), each.high)
    return round(inside) if each.whole else inside


def driven(keys: Keys = None, outcomes: str | Sequence[str] = "closure_rate", **setting: Unpack[Setting]) -> Driven:
    """Return the model as a function of some of its numbers.

    Args:
        keys: See `inputs_of`.
        outcomes: One name or several.
        setting: See `Setting`.

    Raises:
        WrongInput: With every key, range, outcome and setting that cannot be used.
    """
    names = (outcomes,) if isinstance(outcomes, str) else tuple(outcomes)
    inputs, scenario, world, _ = collect_errors(
        lambda: inputs_of(keys, **setting),
        lambda: _scenario(setting),
        lambda: _world(setting),
        lambda: raise_if_any([*_wrong_outcomes(names), *_wrong_seeds(setting)]),
    )
    free = _free()
    decided = frozenset(
        each.name for each in inputs if each.name not in (WORLD, DUMMY)
        and (each.name not in free or each.name in scenario.decided)
    )  # fmt: skip
    seeds = setting.get("seed", 1), setting.get("replicates", 1)
    return Driven(inputs, names, scenario, setting.get("district", "chaoyang"), *seeds, world, decided)


def _wrong_outcomes(names: Sequence[str]) -> Iterator[str]:
    from model import OUTCOMES

    if not names:
        yield "outcomes: expected one or more, got none."
    for name in names:
        if name not in OUTCOMES:
            yield f"outcomes: unknown outcome '{name}'{hint(name, OUTCOMES)}"


def _wrong_seeds(setting: Setting) -> Iterator[str]:
    from model import seed_problems

    yield from seed_problems(setting.get("seed", 1))
    if setting.get("replicates", 1) < 1:
        yield f"replicates: expected 1 or more, got {setting['replicates']}."


def _scenario(setting: Setting) -> Scenario:
    regime, district = setting.get("regime", "flattened"), setting.get("district", "chaoyang")
    return load_all([regime], district, setting.get("set", {}))[0]


def _world(setting: Setting) -> Unknowns:
    """Return the world that is given, or the district's reference world: a world is laid over tables as written."""
    from model import read_yaml, shipped_root

    world, district = setting.get("world"), setting.get("district", "chaoyang")
    if isinstance(world, int):
        return numbered_world(world, None, district)
    if world is not None:
        raise_if_any(f"world: unknown free number '{key}'{hint(key, _free())}" for key in world if key not in _free())
        return dict(world)
    file: Path = shipped_root() / "districts" / district / "district.yaml"
    if is_path(district):
        file = type(file)(district)
    beside = file.with_name("reference.yaml")
    return read_yaml(beside).values if file.name == "district.yaml" and beside.is_file() else {}


@functools.cache
def _free() -> dict[str, FreeNumber]:
    from model import free_numbers

    return {number.key: number for number in free_numbers()}


def inputs_of(keys: Keys = None, **setting: Unpack[Setting]) -> tuple[Factor, ...]:
    """Return what varies, each with its ends.

    Args:
        keys: Keys of free numbers, over their plausible ranges, and of levers, over the ranges worth trying or, for
            switches and words, all they can be. A mapping gives ranges of one's own: from key to (low, high), to a list
            of values, to a range in the words of a study's file such as {"loguniform": [1, 100]}, or to None for the
            declared one. "world" is the number of a plausible world, "dummy" an input that no rule reads. None: every
            free number that the regime leaves open, but the shares of the staff.

    Raises:
        WrongInput: With every key and range that cannot be used.
    """
    scenario, district = _scenario(setting), setting.get("district", "chaoyang")
    given = _asked(keys, scenario)
    both = [f"{key}: expected it to vary or to be set, got both." for key in given if key in setting.get("set", {})]
    return tuple(
        collect_errors(
            functools.partial(raise_if_any, both),
            *(functools.partial(_input, key, ends, scenario, district) for key, ends in given.items()),
        )[1:]
    )


def _asked(keys: Keys, scenario: Scenario) -> Mapping[str, Any]:
    """Return the range that is given for each key, None for the declared one."""
    if keys is None:
        return {key: None for key in _free() if key not in scenario.decided and key not in SHARES}
    if isinstance(keys, str):
        raise WrongInput([f"keys: expected a list of keys or a range by key, got {keys!r}."])
    return keys if isinstance(keys, Mapping) else dict.fromkeys(keys)


def _input(key: str, ends: Any, scenario: Scenario, district: str) -> Factor:
    if key == DUMMY:
        return Factor(DUMMY, "uniform", 0.0, 1.0)
    if key == WORLD:
        return _worlds(district)
    if key in SHARES:
        because = "because the shares of the staff add up to 1 and cannot vary one by one"
        raise WrongInput([f"{key}: expected another key, such as '{WORLD}', {because}, got this."])
    number = _free().get(key)
    if number is not None and ends is None:
        return Factor(key, _shape(number), number.low, number.high, whole=number.whole, unit=number.unit)
    if number is not None and ("*" in key or key.startswith("tables.")):
        return _inside(number, ends)
    try:
        return factors_over({key: _spread(key, ends, number, scenario)}, scenario, Places(), ())[0]
    except WrongInput as error:
        raise WrongInput([problem.removeprefix("parameters.") for problem in error.problems]) from error


def _worlds(district: str) -> Factor:
    path = shipped_ensemble(district)
    if path is None:
        raise WrongInput([f"{WORLD}: the district {district} has no plausible worlds; expected another key, got this."])
    return Factor(WORLD, "integer", 0.0, float(len(read_ensemble(path).worlds) - 1), whole=True)


def _shape(number: FreeNumber) -> Shape:
    if number.scale == "log":
        return "loguniform"
    return "integer" if number.whole else "uniform"


def _inside(number: FreeNumber, ends: Any) -> Factor:
    """Return a factor on a table, or its draw, within a part of its plausible range, for it has no other bounds."""
    from model import span

    low, high = ends if _is_pair(ends) else (math.nan, math.nan)
    if not number.low <= low < high <= number.high:
        allowed = span(number.low, number.high, number.unit)
        raise WrongInput([f"{number.key}: expected (low, high) within {allowed}, got {ends!r}."])
    return Factor(number.key, _shape(number), float(low), float(high), whole=number.whole, unit=number.unit)


def _is_pair(ends: Any) -> bool:
    return isinstance(ends, Sequence) and len(ends) == 2 and not any(isinstance(end, bool | str) for end in ends)


def _spread(key: str, ends: Any, number: FreeNumber | None, scenario: Scenario) -> Spread:
    """Return a range in the words of a study's file."""
    from model import ConfigError, declared_at, span

    if "*" in key:
        raise WrongInput([f"unknown free number '{key}'{hint(key, _free())}"])
    try:
        known = declared_at(key, scenario.world)
    except ConfigError as error:
        raise WrongInput([f"{key}: {problem.removeprefix('--set: ')}" for problem in error.problems]) from error
    if ends is None and known.type in (int, float) and (ends := known.tried) is None:
        within = f" within {span(*known.bounds, known.unit)}" if known.bounds else ""
        raise WrongInput([f"{key}: expected a range{within}, as {{{key!r}: (low, high)}}, because none is declared as "
                          "plausible or worth trying, got none."])  # fmt: skip
    if _is_pair(ends):
        logarithmic = number is not None and number.scale == "log" and not number.whole and ends[0] > 0
        ends = {"integer" if known.type is int else "loguniform" if logarithmic else "uniform": tuple(ends)}
    elif isinstance(ends, Sequence) and not isinstance(ends, str):
        ends = {"values": tuple(ends)}
    try:
        return Spread(**(ends or {}))
    except (ValidationError, TypeError) as error:
        told = error.errors()[0].get("ctx", {}) if isinstance(error, ValidationError) else {}
        said = told.get("error", f"expected (low, high) or values, got {ends!r}")
        raise WrongInput([f"{key}: {said}."]) from error
