"""What others' tools drive: the model as a function of some of its numbers, for SALib, EMA Workbench, Optuna and more.

None of these tools is needed to import this module. All rows of a sample run with the same random seeds, so that what
differs between them is what was varied.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import DUMMY
from experiments.design.ranges import Keys, inputs_of
from experiments.design.setting import Setting
from experiments.errors import WrongInput, raise_if_any
from experiments.runner.driven import Driven, driven
from experiments.store.emulator_data import EmulatorData, emulator_data

if TYPE_CHECKING:
    import pandas as pd
    from ema_workbench import Model
    from optuna import Trial

    from experiments.design.factors import Factor

__all__ = [
    "EmulatorData",
    "Objective",
    "driven",
    "ema_model",
    "emulator_data",
    "evaluate",
    "objective",
    "problem",
    "uncertainties",
]

Floats = NDArray[np.float64]


def problem(
    keys: Keys = None, *, by_topic: bool = False, dummy: bool = True, **setting: Unpack[Setting]
) -> dict[str, Any]:
    """Return what SALib calls a problem: num_vars, names, bounds and dists of what varies.

    Args:
        keys: See `inputs_of`; only numbers.
        by_topic: Give SALib groups, one a topic, for designs over more inputs than can be told apart.
        dummy: Add an input that no rule reads: an index that is not above its index says nothing.

    Raises:
        WrongInput: With every key and range that cannot be used.
    """
    varied = inputs_of(keys, **setting)
    raise_if_any(
        f"{each.name}: expected a range of numbers, which SALib samples, got {list(each.choices)}."
        for each in varied
        if each.choices
    )
    names = [each.name for each in varied]
    ends = [[each.low, each.high] for each in varied]
    dists = ["logunif" if each.shape == "loguniform" else "unif" for each in varied]
    if dummy and DUMMY not in names:
        names, ends, dists = [*names, DUMMY], [*ends, [0.0, 1.0]], [*dists, "unif"]
    made = {"num_vars": len(names), "names": names, "bounds": ends, "dists": dists}
    return made | ({"groups": [name.partition(".")[0] for name in names]} if by_topic else {})


def evaluate(
    samples: Floats | pd.DataFrame,
    problem: Mapping[str, Any] | None = None,
    outcomes: str | Sequence[str] = "closure_rate",
    *,
    jobs: int = 1,
    undefined: Literal["warn", "raise"] = "warn",
    **setting: Unpack[Setting],
) -> Floats:
    """Run the model once for each row of a sample.

    Args:
        samples: Array (rows, inputs) as SALib samples it, or a DataFrame whose columns are keys.
        problem: As `problem` returns it; not needed with a DataFrame.
        outcomes: One name or several.
        jobs: Processes.
        undefined: What to do where an outcome is undefined: SALib turns a single NaN into indices that are all 0.

    Returns:
        Array (rows,) for one name, (rows, outcomes) for several; NaN where an outcome is undefined.

    Raises:
        WrongInput: With everything that is wrong with keys, outcomes and rows; for a run that failed; for undefined
            outcomes where they are to raise.
    """
    ends, rows = _rows(samples, problem)
    run = driven(ends, outcomes, **setting)
    found = run.over(rows, jobs=jobs)
    if problems := list(_undefined(run.outcomes, found)):
        if undefined == "raise":
            raise WrongInput(problems)
        warnings.warn("\n".join(problems), stacklevel=2)
    return found[:, 0] if isinstance(outcomes, str) else found


def _rows(samples: Any, problem: Mapping[str, Any] | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the range of each key, and the rows by key."""
    if hasattr(samples, "columns"):
        rows = samples.to_dict("records")
        if problem is None and rows:
            return {name: _range(samples[name]) for name in samples.columns}, rows
    elif problem is not None:
        values = np.asarray(samples, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != len(problem["names"]):
            wanted = f"rows of {len(problem['names'])} values, as many as the problem has names"
            raise WrongInput([f"samples: expected {wanted}, got an array of shape {values.shape}."])
        rows = [dict(zip(problem["names"], row, strict=True)) for row in values.tolist()]
    else:
        raise WrongInput(["problem: expected what the columns of the array are, as problem() says it, got nothing."])
    if not rows or problem is None:
        raise WrongInput(["samples: expected one row or more, got none."])
    return dict(zip(problem["names"], problem["bounds"], strict=True)), rows


def _range(column: pd.Series[Any]) -> Any:
    """Return the ends of a column of numbers, all values of another."""
    ends = [column.min(), column.max()] if column.dtype.kind in "iuf" else []
    return ends if ends and ends[0] < ends[1] else column.unique().tolist()


def _undefined(outcomes: Sequence[str], found: Floats) -> Iterable[str]:
    for name, count in zip(outcomes, np.isnan(found).sum(axis=0).tolist(), strict=True):
        if count:
            yield (
                f"{name}: undefined in {count} of {len(found)} rows. SALib returns 0 for every index then, without a "
                "word: choose another outcome, more demand or narrower ranges, or leave out whole blocks of rows."
            )


@dataclasses.dataclass(frozen=True)
class Objective:
    """What Optuna calls an objective; `directions` is for `optuna.create_study`. Safe to send to other processes."""

    run: Driven
    directions: tuple[Literal["maximize", "minimize"], ...]

    def __call__(self, trial: Trial) -> float | tuple[float, ...]:
        """Run what a trial suggests; a trial whose outcome is undefined is pruned."""
        from optuna import TrialPruned

        found = self.run({each.name: _suggested(trial, each) for each in self.run.inputs})
        if missing := [name for name, value in found.items() if math.isnan(value)]:
            raise TrialPruned(f"undefined: {', '.join(missing)}")
        values = tuple(found.values())
        return values if len(values) > 1 else values[0]


def _suggested(trial: Trial, each: Factor) -> Any:
    if each.choices:
        return trial.suggest_categorical(each.name, each.choices)
    log = each.shape == "loguniform"
    if each.whole:
        return trial.suggest_int(each.name, int(each.low), int(each.high), log=log)
    return trial.suggest_float(each.name, each.low, each.high, log=log)


def objective(
    keys: Keys,
    outcomes: str | Sequence[str] = "closure_rate",
    *,
    directions: Sequence[Literal["maximize", "minimize"]] | None = None,
    **setting: Unpack[Setting],
) -> Objective:
    """Return an objective for `optuna.Study.optimize`.

    Args:
        keys: What is searched over; see `inputs_of`.
        outcomes: One or several.
        directions: As many as outcomes; by default which way is good stands with each outcome.

    Raises:
        WrongInput: With everything that is wrong; for an outcome of which neither way is good unless one is given.
    """
    from model import OUTCOMES

    run = driven(keys, outcomes, **setting)
    ways = directions or ["maximize" if OUTCOMES[name].direction > 0 else "minimize" for name in run.outcomes]
    if directions is None:
        raise_if_any(
            f"directions: expected 'maximize' or 'minimize' for {name}, which is neither good nor bad, got none."
            for name in run.outcomes
            if OUTCOMES[name].direction == 0
        )
    elif len(directions) != len(run.outcomes):
        raise WrongInput([f"directions: expected {len(run.outcomes)}, one an outcome, got {len(directions)}."])
    return Objective(run, tuple(ways))


def uncertainties(keys: Keys = None, **setting: Unpack[Setting]) -> list[Any]:
    """Return what varies as parameters of EMA Workbench, for a model of one's own; see `inputs_of` and `ema_model`."""
    import ema_workbench as ema

    return [_parameter(ema, each) for each in inputs_of(keys, **setting)]


def ema_model(
    outcomes: str | Sequence[str],
    uncertainties: Keys = None,
    levers: Keys = (),
    *,
    name: str = "whistle",
    constants: Mapping[str, Any] | None = None,
    **setting: Unpack[Setting],
) -> Model:
    """Return a `Model` of EMA Workbench, which its evaluators run, also in other processes.

    Names are keys with underscores, as EMA Workbench wants them: "acceptance_load", "kinds_all_work_days".

    Args:
        outcomes: Scalar outcomes, with the way that is good as their kind.
        uncertainties: See `inputs_of`; by default every free number over its plausible range.
        levers: Over the ranges worth trying.
        constants: Values by key that stay as they are.

    Raises:
        WrongInput: With everything that is wrong.
    """
    import ema_workbench as ema

    from model import OUTCOMES

    fixed = dict(constants or {})
    setting["set"] = {**setting.get("set", {}), **fixed}
    parts = [inputs_of(keys, **setting) for keys in (uncertainties, levers)]
    open_, set_ = ([each.name for each in part] for part in parts)
    raise_if_any(f"{key}: expected an uncertainty or a lever, got it as both." for key in open_ if key in set_)
    given = {**_by_key(uncertainties, open_), **_by_key(levers, set_)}
    run = driven(given, outcomes, **setting)
    keys = {identifier(each.name): each.name for each in run.inputs}
    made = ema.Model(name, function=_Renamed(run, keys))
    made.uncertainties, made.levers = ([_parameter(ema, each) for each in part] for part in parts)
    made.constants = [ema.Constant(identifier(key), value) for key, value in fixed.items()]
    kinds = {1: ema.ScalarOutcome.MAXIMIZE, -1: ema.ScalarOutcome.MINIMIZE, 0: ema.ScalarOutcome.INFO}
    made.outcomes = [ema.ScalarOutcome(each, kind=kinds[OUTCOMES[each].direction]) for each in run.outcomes]
    return made


def _by_key(keys: Keys, names: Sequence[str]) -> dict[str, Any]:
    return dict(keys) if isinstance(keys, Mapping) else dict.fromkeys(names)


def identifier(key: str) -> str:
    """Return a key as a Python identifier."""
    return key.replace("*", "all").replace(".", "_")


@dataclasses.dataclass(frozen=True)
class _Renamed:
    """A function of identifiers; those that are none of its inputs are constants, which are set already."""

    run: Driven
    keys: Mapping[str, str]

    def __call__(self, **named: Any) -> dict[str, float]:
        return self.run({self.keys[name]: value for name, value in named.items() if name in self.keys})


def _parameter(ema: Any, each: Factor) -> Any:
    name = identifier(each.name)
    if each.choices:
        return ema.CategoricalParameter(name, list(each.choices))
    if each.shape == "loguniform":
        from scipy.stats import loguniform

        return ema.RealParameter.from_dist(name, loguniform(each.low, each.high), pff=False)
    if each.whole:
        return ema.IntegerParameter(name, int(each.low), int(each.high))
    return ema.RealParameter(name, each.low, each.high)
