"""The model as a function of some of its numbers, and the runs of given values."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import WORLD
from experiments.design.ensemble import numbered_world
from experiments.design.factors import DUMMY
from experiments.design.plan import Task
from experiments.design.ranges import Keys, inputs_of
from experiments.design.setting import Setting, free_by_key, scenario_of_setting, setting_problems, world_of_setting
from experiments.design.values import checked_row
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.runner import Where
from experiments.runner.progress import stop_on_signals
from experiments.runner.worker import Simulation

if TYPE_CHECKING:
    from experiments.design.factors import Factor
    from model import Scenario, Unknowns

MOST_TOLD = 5  # problems of rows that are told


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
        from experiments.runner.agenda import Agenda

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
                checked.append(checked_row(self.inputs, row))
            except WrongInput as error:
                problems += [f"{where}{problem}" for problem in error.problems]
        raise_if_any(_few(problems))
        return [task for number, row in enumerate(checked) for task in self._of_row(number, row)]

    def _of_row(self, number: int, row: Mapping[str, Any]) -> Iterator[Task]:
        base = numbered_world(row[WORLD], None, self.district) if WORLD in row else self.world
        settings = {key: value for key, value in row.items() if key in self.decided}
        free = {key: value for key, value in row.items() if key not in self.decided and key not in (WORLD, DUMMY)}
        world = {**base, **free}
        for replicate in range(self.replicates):
            yield Task("", number, self.scenario.name, replicate, self.seed + replicate,
                       values=tuple(settings.items()), world=tuple(world.items()))  # fmt: skip


def _few(problems: Sequence[str]) -> list[str]:
    more = len(problems) - MOST_TOLD
    return [*problems[:MOST_TOLD], *([f"… and {more} more."] if more > 0 else [])]


def _number(value: float | None) -> float:
    return math.nan if value is None else value


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
        lambda: scenario_of_setting(setting),
        lambda: world_of_setting(setting),
        lambda: raise_if_any(setting_problems(names, setting)),
    )
    free = free_by_key()
    decided = frozenset(
        each.name for each in inputs if each.name not in (WORLD, DUMMY)
        and (each.name not in free or each.name in scenario.decided)
    )  # fmt: skip
    seeds = setting.get("seed", 1), setting.get("replicates", 1)
    return Driven(inputs, names, scenario, setting.get("district", "chaoyang"), *seeds, world, decided)
